"""Exposure: what is owed, held, ordered, promised and guaranteed, and who is hurt if one fails.

Everything is read off the accounts at one moment; the log says only between whom a loan, an order or a
promise was made. Whether somebody fails is not asked here: each actor is taken to fail in turn, and
DebtRank says what that costs the others and by which way.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import asdict, frozen

from events.event import OUTSIDE, Event
from events.facts import Order, Writedown
from events.funding_facts import Loan
from narrative.analysis.history import History
from narrative.analysis.measures.crossholdings import own_assets
from narrative.analysis.measures.deals import Deal, deals
from narrative.analysis.measures.debtrank import Distress, debtrank, path
from narrative.analysis.sectors import claims, holders_of_value, lent_shares
from narrative.books.table import RUNGS
from narrative.engine.world import World

# From what is there to what is no more than said; a guarantee is contingent, even when signed.
KINDS = {
    "loan": "paid",
    "share loan": "paid",
    "stake": "paid",
    "order": "committed",
    "promise": "announced",
    "guarantee": "announced",
}
LOW = frozenset({"loan", "share loan", "stake"})  # what is lost with whoever owes it
HIGH = LOW | {"order"}  # and what is lost at the most: goods that nobody will pay for


@frozen
class Exposure:
    """A sum, in the smallest unit, that a holder loses at most if a debtor fails: lent, held, ordered by the
    debtor, promised or guaranteed by it.
    """

    debtor: str
    holder: str
    kind: str
    rung: str
    amount: int


@frozen
class Loss:
    """A holder's loss if one actor fails, in the smallest unit, and the way by which it comes: by firm claims
    alone (`low`), and with open orders too (`high`).
    """

    actor: str
    low: int
    high: int
    path: tuple[str, ...]


@frozen
class Failing:
    """One actor taken to fail: the part of everybody's buffers that others lose (DebtRank), and whose."""

    actor: str
    low: float
    high: float
    losses: tuple[Loss, ...]


def exposures(world: World, events: Sequence[Event], at: int) -> list[Exposure]:
    """Every exposure at a moment: the pair with the largest sum first, in a pair from paid to announced."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for debtor, holder, kind, amount in (*_opened(world, events), *_held(world, at), *_said(world, events)):
        if debtor != holder:
            sums[debtor, holder, kind] += amount
    found = {key: amount for key, amount in sums.items() if amount > 0}
    largest: dict[tuple[str, str], int] = defaultdict(int)
    for (debtor, holder, _), amount in found.items():
        largest[debtor, holder] = max(largest[debtor, holder], amount)
    order = list(KINDS)
    keys = sorted(found, key=lambda key: (-largest[key[:2]], key[:2], order.index(key[2])))
    return [Exposure(*key, KINDS[key[2]], found[key]) for key in keys]


Sum = tuple[str, str, str, int]  # debtor, holder, kind, amount


def _opened(world: World, events: Iterable[Event]) -> Iterator[Sum]:
    """Open loans, orders and guarantees; debt of the opening, which no loan is of, is owed to `outside`."""
    state = world.fold.state
    rest = dict(state["debt"])
    for event in events:
        fact = event.fact
        if isinstance(fact, Loan) and fact.amount:
            owed = state["owed"].get(fact.loan, 0) if world.source(fact.loan) == (event.position,) else 0
            rest[fact.borrower] = rest.get(fact.borrower, 0) - owed
            yield fact.borrower, fact.lender, "loan", owed
        elif isinstance(fact, Order) and world.source(fact.order) == (event.position,):
            yield fact.buyer, fact.seller, "order", state["outstanding"].get(fact.order, 0)
    for borrower, amount in sorted(rest.items()):
        yield borrower, OUTSIDE, "loan", amount
    for key, amount in sorted(state["backed"].items()):
        guarantor, _, beneficiary = key.partition("/")
        yield guarantor, beneficiary, "guarantee", amount


def _held(world: World, at: int) -> Iterator[Sum]:
    """Stakes at the day's value; shares lent less the margin for them, or the margin less those."""
    for borrower, lender, owed in lent_shares(world, at):
        yield borrower, lender, "share loan", owed
        yield lender, borrower, "share loan", -owed
    for key, margin in sorted(world.fold.state["short_margin"].items()):
        borrower, lender, *_ = key.split("/")
        yield borrower, lender, "share loan", -margin
        yield lender, borrower, "share loan", margin
    for actor in world.story.actors:
        for holder, worth in holders_of_value(world, actor.id, at).items():
            yield actor.id, holder, "stake", worth


def _said(world: World, events: Sequence[Event]) -> Iterator[Sum]:
    """Sums announced, less what was taken back and what an entry that pays the promise moved since."""
    pays = {entry.id: link.id for entry in world.story.entries for link in entry.links if link.kind == "pays"}
    promised: dict[str, Deal] = {}
    for deal in deals(world.story, events):
        told = events[deal.position - 1].fact.told
        if deal.rung == RUNGS[0]:
            yield deal.payer, deal.payee, "promise", deal.amount
            if told is not None:
                promised[told.entry] = deal
        elif told is not None and (of := promised.get(pays.get(told.entry, ""))) is not None:
            yield of.payer, of.payee, "promise", -deal.amount


def worths(world: World, at: int) -> dict[str, int]:
    """The worth of each actor, in the smallest unit: its market value; of one that has none, its claims less
    its debts, of which cash is what the log moved where the opening is unknown.
    """
    own = claims(world, at)
    values = {actor.id: world.readings.value(actor.id, at) for actor in world.story.actors}
    return {
        actor: sum(each.get(actor, 0) for each in own.values()) if value is None else value
        for actor, value in values.items()
    }


def buffers_of(world: World, at: int) -> dict[str, int]:
    """All that each actor can lose before it fails, in the smallest unit: its worth, or 0 below that."""
    return {actor: max(worth, 0) for actor, worth in worths(world, at).items()}


def failing(found: Sequence[Exposure], buffers: Mapping[str, int]) -> list[Failing]:
    """Each actor that owes others anything, taken to fail alone: the dearest to others first."""
    low, high = _claims(found, LOW), _claims(found, HIGH)
    debtors = sorted({one.debtor for one in found if one.kind in HIGH and one.debtor in buffers})
    rows = []
    for debtor in debtors:
        at_least, at_most = (debtrank(each, buffers, buffers, {debtor: 1.0}) for each in (low, high))
        losses = tuple(_losses(debtor, (low, high), (at_least, at_most), buffers))
        if losses:
            rows.append(Failing(debtor, at_least.lost, at_most.lost, losses))
    return sorted(rows, key=lambda row: (-row.low, -row.high, row.actor))


Claims = dict[str, dict[str, int]]


def _claims(found: Iterable[Exposure], kinds: frozenset[str]) -> Claims:
    made: Claims = defaultdict(lambda: defaultdict(int))
    for one in found:
        if one.kind in kinds:
            made[one.holder][one.debtor] += one.amount
    return made


def _losses(
    debtor: str, ends: tuple[Claims, Claims], hit: tuple[Distress, Distress], buffers: Mapping[str, int]
) -> Iterator[Loss]:
    """The losses of all others, the largest first; last `outside`, which loses on its claims without end."""
    rows = []
    for holder in (*buffers, OUTSIDE):
        if holder == debtor:
            continue
        if holder == OUTSIDE:
            low, high = (
                round(sum(amount * one.stress.get(of, 0.0) for of, amount in each[OUTSIDE].items()))
                for each, one in zip(ends, hit, strict=True)
            )
            way = [debtor, OUTSIDE]
        else:
            low, high = (round(one.stress[holder] * buffers[holder]) for one in hit)
            way = path(hit[0] if low else hit[1], holder)
        if high:
            rows.append(Loss(holder, low, high, tuple(way)))
    return iter(sorted(rows, key=lambda row: (row.actor == OUTSIDE, -row.low, -row.high, row.actor)))


def twice(found: Sequence[Exposure], world: World, at: int) -> tuple[int, int]:
    """The value of all companies together, and the part of it that is their stakes in each other, in the
    smallest unit: worth that is counted twice.
    """
    values = {actor.id: world.readings.value(actor.id, at) for actor in world.story.actors}
    known = {name: float(value) for name, value in values.items() if value}
    parts: dict[str, dict[str, float]] = defaultdict(dict)
    for one in found:
        if one.kind == "stake" and one.holder in known and one.debtor in known:
            parts[one.holder][one.debtor] = one.amount / known[one.debtor]
    own = own_assets(parts, known)
    return round(sum(known.values())), round(sum(known.values()) - sum(own.values()))


def written_down(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Every loss that a holder has taken so far, with the events that brought it, the first cause first."""
    rows = []
    for event in events:
        fact = event.fact
        if isinstance(fact, Writedown):
            way = [event.position]
            while causes := events[way[-1] - 1].causes:
                way.append(causes[0])
            rows.append(
                {
                    "actor": fact.holder,
                    "of": fact.asset,
                    "amount": (fact.amount or 0) + (fact.credit or 0),
                    "path": way[::-1],
                }
            )
    return rows


def exposed(found: History, position: int, moment: int) -> dict[str, Any]:
    """Exposures at a moment, who is hurt if one fails, and the losses taken so far, as plain data."""
    events = list(found.log.read(found.branch, 1, position))
    world = World(events[0])
    for event in events[1:]:
        world.step(event)
    sums, buffers = exposures(world, events, moment), buffers_of(world, moment)
    whole, again = twice(sums, world, moment)
    return {
        "story": world.story.id,
        "branch": found.branch,
        "position": position,
        "moment": world.story.calendar.iso(moment),
        **world.story.money.plain,
        "exposures": [asdict(one) for one in sums],
        "buffers": {actor: buffer for actor, buffer in buffers.items() if buffer},
        "failing": [
            {
                "actor": row.actor,
                "low": row.low,
                "high": row.high,
                "losses": [{**asdict(loss), "path": list(loss.path)} for loss in row.losses],
            }
            for row in failing(sums, buffers)
        ],
        "value": whole,
        "counted_twice": again,
        "written_down": written_down(events),
    }
