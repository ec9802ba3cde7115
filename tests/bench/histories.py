"""A made-up mania for the benches: eight kinds in turn, three postings an event, all four folds."""

from collections.abc import Iterator

from events.books.accounts import Account, Posting, Table
from events.codec import GENESIS, chain, encode, kind_of
from events.event import Event, Row
from events.facts import Announcement, Delivery, Order, Payment, Sale, Trade
from events.fields import Fact
from events.market_facts import Repricing

DAY = 86_400
HALF_LIVES = {"fast": 25.0 * DAY, "slow": 250.0 * DAY, "impact": 0.5 * DAY}
COMPANIES = tuple(f"company-{number}" for number in range(40))

TABLE = Table(
    (
        Account("cash"),
        Account("paid"),
        Account("revenue"),
        Account("stake"),
        Account("announced"),
        Account("backlog"),
        Account("delivered"),
        Account("outstanding", open=True),
        Account("due", fold="last", within="outstanding"),
        Account("belief_fast", fold="fading", half_life="fast"),
        Account("belief_slow", fold="fading", half_life="slow"),
        Account("flow", fold="fading", half_life="impact"),
        Account("mark", fold="last"),
        Account("peak", fold="extreme"),
    ),
    (
        Posting("Announcement", "announced", ("subject",), 1, "ceiling"),
        Posting("Order", "backlog", ("seller",), 1, "amount"),
        Posting("Order", "outstanding", ("order",), 1, "amount"),
        Posting("Order", "due", ("order",), 0, "due"),
        Posting("Delivery", "backlog", ("seller",), -1, "amount"),
        Posting("Delivery", "delivered", ("seller",), 1, "amount"),
        Posting("Delivery", "outstanding", ("order",), -1, "amount"),
        Posting("Payment", "cash", ("payer",), -1, "amount"),
        Posting("Payment", "cash", ("payee",), 1, "amount"),
        Posting("Payment", "paid", ("payer",), 1, "amount"),
        Posting("Sale", "cash", ("=outside",), -1, "amount"),
        Posting("Sale", "cash", ("seller",), 1, "amount"),
        Posting("Sale", "revenue", ("seller",), 1, "amount"),
        Posting("Trade", "cash", ("buyer",), -1, "amount"),
        Posting("Trade", "cash", ("seller",), 1, "amount"),
        Posting("Trade", "stake", ("seller", "asset"), -1, "shares"),
        Posting("Trade", "stake", ("buyer", "asset"), 1, "shares"),
        Posting("Trade", "flow", ("asset",), 1, "impact"),
        Posting("Repricing", "belief_fast", ("asset",), 1, "fast"),
        Posting("Repricing", "belief_slow", ("asset",), 1, "slow"),
        Posting("Repricing", "mark", ("asset",), 0, "log_mark"),
        Posting("Repricing", "peak", ("asset",), 0, "log_mark"),
    ),
)


def facts(count: int) -> Iterator[tuple[int, str, Fact]]:
    """(moment, actor, fact) of each event; the same ones every time. Some fifty orders stay open."""
    chance, moment = 1, 0
    unmet: list[Order] = []
    for index in range(count):
        chance = (chance * 6364136223846793005 + 1442695040888963407) % 2**64
        draw = chance >> 33
        moment += 1 + draw % 600
        if index % 8 == 2 and len(unmet) > 50:
            met = unmet.pop(draw % len(unmet))
            fact: Fact = Delivery(seller=met.seller, buyer=met.buyer, order=met.order, amount=met.amount)
        elif index % 8 in {1, 2}:
            fact = _order(draw, moment)
            unmet.append(fact)
        else:
            fact = _other(index % 8, draw)
        yield moment, COMPANIES[draw % 40], fact


def _order(draw: int, moment: int) -> Order:
    buyer, seller = COMPANIES[draw % 40], COMPANIES[draw // 40 % 40]
    order = f"{buyer}-order-{seller}-{moment}"
    return Order(
        buyer=buyer, seller=seller, order=order, amount=1 + (draw >> 5) % 10**9, due=moment + 30 * DAY
    )


def _other(turn: int, draw: int) -> Fact:
    one, other, amount = COMPANIES[draw % 40], COMPANIES[draw // 40 % 40], 1 + (draw >> 5) % 10**9
    if turn == 0:
        return Announcement(subject=one, counterparty=other, ceiling=amount)
    if turn == 3:
        return Payment(payer=one, payee=other, amount=amount)
    if turn == 4:
        return Sale(seller=one, amount=amount)
    if turn == 5:
        asset, shares, impact = COMPANIES[(draw >> 9) % 40], amount % 1000, amount % 10**6 - 500_000
        return Trade(seller=one, buyer=other, asset=asset, shares=shares, amount=amount, impact=impact)
    fast, slow, mark = amount % 10**7 - 4 * 10**6, amount % 10**6, amount if turn == 6 else None
    drivers = {"news": amount, "value": 7 * amount, "tone": 500_000, "strength": 1_000_000, "tired": 12_345}
    return Repricing(asset=one, fast=fast, slow=slow, log_mark=mark, **drivers)


def events(count: int) -> Iterator[Event]:
    """The events in memory, without digests."""
    for position, (moment, actor, fact) in enumerate(facts(count), 1):
        yield Event(position, moment, type(fact).__name__, "modelled", actor, (), fact, b"")


def rows(count: int) -> Iterator[Row]:
    """The events as stored rows, chained."""
    digest = GENESIS
    for position, (moment, actor, fact) in enumerate(facts(count), 1):
        causes = str(position - 1) if position > 1 else ""
        body, stamp = encode(fact), kind_of(fact)
        digest = chain(digest, position, moment, stamp, "modelled", actor, causes, body)
        yield Row(position, moment, stamp, "modelled", actor, causes, body, digest)
