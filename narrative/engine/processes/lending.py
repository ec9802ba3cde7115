"""Lenders look at what stands behind their loans at each close, and call, sell or collect; at a loan with
nothing behind it, when it asks for something.

Equation (10): a facility whose debt is above `call_ltv`, after the haircuts, of what its shares are
worth is called, and cured to `initial_ltv`, by `narrative.engine.margins`. The borrower has `cure_days` to
pay or pledge what was called, or the price to recover: the call is then cured. Else the lender sells
``s = (D - m K) / (1 - m)`` of the shares, m what it is cured to, a round at each close until the debt is back
within the limit or gone, since each sale moves the price, and those of the sector
(`narrative.engine.pressure`). It sells no more than the borrower holds, whatever was pledged; of a stake
that nobody knows, what is pledged to it. When the last of them is sold and debt is left, the borrower pays
with its cash and sells what else it holds of listed companies; where that is not enough it is in default.

Interest is added each quarter. Where shares stand behind a loan it adds to the debt; elsewhere it is
paid if the borrower holds the cash, and where it does not, added to the debt too, or with `interest_grace`
asked for at each close for so many days, after which the borrower is in default. Loans are collected when
due. Nobody whom the record knows alive is found in default.

While a call may still be answered the lender leaves the facility alone and only the borrower acts on
it; from its due moment on, only the lender does. So the two never pay the same debt twice.
"""

from collections.abc import Mapping
from math import ceil

from events.event import Act, Draft
from events.facts import Trade
from events.funding_facts import Liquidation, MarginCall
from narrative.books.readings import PRICE
from narrative.engine.defaults import DEFAULTED, defaulted, in_court, in_default, missed, spared
from narrative.engine.ids import named
from narrative.engine.loans import (
    OWED,
    SECURED,
    Call,
    Facility,
    Owing,
    accruing,
    call_on,
    calls,
    cured,
    facilities,
    in_hand,
    loans,
    open_loans,
    releasing,
    repaying,
    uncounted,
)
from narrative.engine.margins import cure_limit, least_limit, short
from narrative.engine.pressure import PRESSING
from narrative.engine.selling import brought, sale, sales
from narrative.engine.world import World
from narrative.story.calendar import DAY
from narrative.story.cast import Part
from narrative.story.parameters import HEARD

ACCOUNTS = (*SECURED, "called", *DEFAULTED, *PRICE, "trend_fast")
PARAMETERS = ("call_ltv", "cure_days", "haircut", "impact", *HEARD)
# `opening_*`: of what is owed from before (`narrative.engine.opening`).
OPTIONAL = (
    *PRESSING,
    "interest_grace",
    "initial_ltv",
    "call_least",
    "swing_haircut",
    "opening_rate",
    "opening_term",
)
DEEDS = {
    "MarginCall": "lender",
    "Cure": "lender",
    "Liquidation": "lender",
    "Release": "lender",
    "Interest": "lender",
    "Repayment": "lender",
}
NEEDS = {"cash": None}
OPEN = (*OWED, *DEFAULTED)
# Why a call is over.
PAID, WITHIN, SOLD = "nothing is owed any more", "the debt is within its limit", "what was pledged is sold"
FAR = 4_000  # closes looked at where nothing is asked before; beyond, it is looked again when they are over


def due(world: World, part: Part, now: int) -> int | None:
    """The first close at which a loan asks for something, or what stands behind one no longer covers it
    if nothing happens before.
    """
    lender = part.actor
    if _lapsed(world, lender):
        return world.story.calendar.close_after(now)
    asked = [world.cached(OPEN, "unsecured", lambda: _unsecured(world)).get(lender)]
    asked += [_watched(world, facility, now) for facility in facilities(world, lender=lender)]
    first = min([moment for moment in asked if moment is not None], default=None)
    return None if first is None else world.story.calendar.close_after(max(now, first - 1))


def _unsecured(world: World) -> dict[str, int]:
    """By lender the first moment at which a loan with nothing behind it asks for something."""
    lost = defaulted(world)
    first: dict[str, int] = {}
    for loan in open_loans(world):
        if loan.asset is None and loan.asked is not None and loan.borrower not in lost:
            first[loan.lender] = min(first.get(loan.lender, loan.asked), loan.asked)
    return first


def _watched(world: World, facility: Facility, now: int) -> int | None:
    """The moment at which a facility is next looked at, `now` while a call is open; None for never."""
    if not facility.loans:
        return now
    until = None if in_default(world, facility.borrower) else facility.asked
    if not facility.shares or world.readings.price(facility.asset, now) is None:
        return until
    if call_on(world, facility) is not None:
        return now
    breach = _breach(world, facility, now, until)
    return until if breach is None else breach


def _breach(world: World, facility: Facility, now: int, until: int | None) -> int | None:
    """The first close after now, up to a moment or ever, at which a facility is above its limit if
    nothing happens before: spans over which it cannot be are left out, others halved.
    """
    first = world.story.calendar.close_after(now)
    if until is None and _covered(world, facility, first, None):
        return None
    spans = [(0, FAR if until is None else max((until - first) // DAY, 0))]
    while spans:
        low, high = spans.pop()
        start, end = first + low * DAY, first + high * DAY
        if low == high:
            if not world.story.calendar.session(start):
                continue
            price = world.readings.price(facility.asset, start)
            if price is not None and short(world, facility, price, start):
                return start
        elif not _covered(world, facility, start, end):
            middle = (low + high) // 2
            spans += [(middle + 1, high), (low, middle)]
    return first + FAR * DAY if until is None else None


def _covered(world: World, facility: Facility, since: int, until: int | None) -> bool:
    """True where a facility is sure to keep within its limit from `since` to `until`, or for ever (None)."""
    price = world.readings.least_price(facility.asset, since, until)
    if price is None or (until is None and any(loan.rate for loan in facility.loans)):
        return False
    owed = max(facility.at_most(since), facility.at_most(since if until is None else until))
    return owed <= least_limit(world, facility.lender, facility.asset, since) * facility.shares * price


def decide(world: World, part: Part, now: int) -> list[Act]:
    """The lender's acts on its facilities, on loans with nothing behind them, and on calls that lapsed."""
    lender = part.actor
    acts = [
        act
        for facility in facilities(world, lender=lender)
        if not in_court(world, facility.borrower)
        for act in _review(world, facility, now)
    ]
    for loan in loans(world, lender=lender):
        if loan.asset is None:
            acts += service(world, lender, loan, now)
    return acts + [_cured(world, facility, call, PAID) for facility, call in _lapsed(world, lender)]


def _lapsed(world: World, lender: str) -> list[tuple[Facility, Call]]:
    """Calls on what is no longer owed and has no shares behind it."""
    if not calls(world):
        return []
    standing = {(facility.borrower, lender, facility.asset) for facility in facilities(world, lender=lender)}
    return [
        (Facility(borrower, bank, asset), call)
        for (borrower, bank, asset), call in calls(world).items()
        if bank == lender and (borrower, bank, asset) not in standing
    ]


def _serviced(world: World, facility: Facility, now: int) -> list[Act]:
    if facility.asked is None or facility.asked > now:
        return []
    return [act for loan in facility.loans for act in service(world, facility.lender, loan, now)]


def _review(world: World, facility: Facility, now: int) -> list[Act]:
    call = call_on(world, facility)
    if not facility.loans:
        over = _cured(world, facility, call, PAID) if call is not None else ()
        return [(*over, *releasing(facility.lender, facility, facility.shares))]
    price = world.readings.price(facility.asset, now)
    if price is None or not facility.shares:
        return _serviced(world, facility, now)
    beyond = short(world, facility, price, now)
    if beyond:
        if call is None:
            return [_called(world, facility, price, beyond, now)]
        return [_sold(world, facility, call, price, now)] if now >= call.due else []
    if call is not None:
        return [_cured(world, facility, call, WITHIN)]
    return _serviced(world, facility, now)


def _called(world: World, facility: Facility, price: float, beyond: float, now: int) -> Act:
    borrower, lender, asset = facility.borrower, facility.lender, facility.asset
    oldest = facility.loans[0]
    fact = MarginCall(
        lender=lender,
        borrower=borrower,
        loan=oldest.name,
        call=named("call", borrower, lender, asset, moment=now),
        amount=max(ceil(beyond), 1),
        owed=facility.to_date(now),
        worth=round(facility.shares * price),
        due=now + round(world.parameter("cure_days", lender) * DAY),
    )
    causes = sorted({position for loan in facility.loans for position in loan.source})
    return (Draft(lender, fact, causes=tuple(causes)),)


def _free(world: World, borrower: str, needed: int, now: int, gone: Mapping[str, int]) -> list[Trade]:
    """Sales of what a borrower holds and pledged to nobody, before it is in default for what is needed."""
    if missed(world, borrower, None, needed, now) is None:
        return []
    return list(sales(world, borrower, needed, now, world.readings.pledges(borrower), gone))


def _cured(world: World, facility: Facility, call: Call, reason: str) -> Act:
    return (cured(world, facility.lender, facility, call, call.amount, reason),)


# --- forced sales -------------------------------------------------------------------------------


def forced_sale(owed: float, value: float, limit: float) -> float:
    """How much of `value` to sell so that the rest owed is `limit` of the rest held (10)."""
    if owed >= value or limit >= 1.0:
        return value
    return max((owed - limit * value) / (1.0 - limit), 0.0)


def _sold(world: World, facility: Facility, call: Call, price: float, now: int) -> Act:
    """One round: shares come free and are sold, and what they bring pays the debt."""
    borrower, lender, asset = facility.borrower, facility.lender, facility.asset
    owed, held = facility.to_date(now), in_hand(world, facility)
    selling = forced_sale(owed, held * price, cure_limit(world, lender, asset, now))
    shares = min(ceil(selling / price), held) if price > 0.0 else held
    proceeds, last = round(shares * price), shares == held
    at_hand = max(world.readings.cash(borrower) or 0, 0) if last else 0
    beside = _free(world, borrower, owed - proceeds - at_hand, now, {asset: shares}) if last else []
    paid = min(owed, proceeds + at_hand + brought(beside))
    sold = Liquidation(
        lender=lender,
        borrower=borrower,
        loan=facility.loans[0].name,
        call=call.name,
        asset=asset,
        shares=shares,
        amount=proceeds,
        uncounted=uncounted(world, facility),
    )
    trade = sale(world, borrower, asset, shares, proceeds, now)
    drafts = [
        Draft(lender, sold, causes=world.source(call.name)),
        *releasing(lender, facility, facility.shares if last else shares, within=(0,)),
        *(Draft(lender, one, within=(0,)) for one in (trade, *beside)),
        *repaying(lender, facility.loans, paid, now, within=(0,)),
    ]
    if paid == owed:
        drafts.append(cured(world, lender, facility, call, call.amount, SOLD, within=(0,)))
    elif last and (lost := missed(world, borrower, lender, owed - paid, now)) is not None:
        drafts.append(Draft(lender, lost, within=(0,)))
    return tuple(drafts)


# --- interest and maturity ----------------------------------------------------------------------


def service(world: World, actor: str, loan: Owing, now: int) -> list[Act]:
    """The acts for what one loan asks: all of it at its end, interest each quarter. Nothing is asked of a
    borrower in default, and nothing paid from a purse that nobody knows.
    """
    if loan.asked is None or loan.asked > now or in_default(world, loan.borrower):
        return []
    if loan.due is not None and now >= loan.due:
        return _collected(world, actor, loan, now)
    return _paid(world, actor, loan, now) if loan.interest(now) else []


def _paid(world: World, actor: str, loan: Owing, now: int) -> list[Act]:
    """Interest paid, or added to the debt, or for so long as it may still be paid neither."""
    coupon, cash = loan.interest(now), world.readings.cash(loan.borrower)
    if loan.asset is not None or cash is None:
        return [tuple(accruing(actor, loan, now))]
    if cash >= coupon:
        return [tuple(repaying(actor, (loan,), coupon, now))]
    grace = round(world.optional("interest_grace", loan.lender) * DAY)
    if grace <= 0 or spared(world, loan.borrower, now):
        return [tuple(accruing(actor, loan, now))]
    return _missed(world, actor, loan, coupon, now) if now >= (loan.asked or now) + grace else []


def _collected(world: World, actor: str, loan: Owing, now: int) -> list[Act]:
    cash, owed = world.readings.cash(loan.borrower), loan.to_date(now)
    if cash is None:
        return []
    if cash >= owed:
        return [tuple(repaying(actor, (loan,), owed, now))]
    return _missed(world, actor, loan, owed, now)


def _missed(world: World, actor: str, loan: Owing, amount: int, now: int) -> list[Act]:
    """A borrower sells what it holds, as far as it must, and pays; where that is not enough, it defaults."""
    cash = max(world.readings.cash(loan.borrower) or 0, 0)
    beside = _free(world, loan.borrower, amount - cash, now, {})
    drafts = [Draft(actor, one, causes=loan.source) for one in beside]
    if cash + brought(beside) >= amount:
        return [(*drafts, *repaying(actor, (loan,), amount, now))]
    fact = missed(world, loan.borrower, loan.lender, amount, now)
    return [] if fact is None else [(*drafts, Draft(actor, fact, causes=loan.source))]
