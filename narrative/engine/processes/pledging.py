"""Founders and treasuries borrow against the shares they hold, and answer the lender's calls.

Equation (8): at each review, for every listed asset held, an owner may owe `pledge_ltv`, after the lender's
haircut, of what its pledged shares and those it may still pledge (`pledge_share` of its stake) are
worth. It draws `pledge_use` of the headroom, pledges as many more shares as the new debt needs, and
puts the cash into the companies it is linked to as an investor and that are not in default, or keeps
it. When the price rises the shares already pledged make room by themselves. Nobody lends again to an
owner whose shares a lender had to sell: a fall would else leave it with more to borrow on than before.

A call is answered at each close before it is due: with cash, then with more shares. What is paid and
pledged counts towards what was called; once that is covered, the call is cured.
"""

from math import ceil, floor

from events.event import OUTSIDE, Act, Draft
from events.funding_facts import Loan, Pledge
from narrative.engine.defaults import in_default
from narrative.engine.ids import named
from narrative.engine.loans import (
    Call,
    Facility,
    call_on,
    calls,
    cured,
    facilities,
    lending_rate,
    repaying,
    shares_behind,
)
from narrative.engine.margins import cure_limit, draw_limit, short
from narrative.engine.stakes import invested, private
from narrative.engine.world import World
from narrative.story.cast import Part
from narrative.story.parameters import HEARD

ACCOUNTS = ("called", "timeline")
PARAMETERS = (
    "pledge_review",
    "pledge_share",
    "pledge_ltv",
    "pledge_use",
    "haircut",
    "call_ltv",
    "lending_rate",
    *HEARD,
)
OPTIONAL = ("initial_ltv", "call_least", "swing_haircut")
DEEDS = {"Pledge": "pledger", "Cure": "borrower"}
LEAST = 0.01  # of capacity: a smaller draw is not worth its papers


def due(world: World, part: Part, now: int) -> int | None:
    """The next review, or the next close at which a call on this owner can still be answered."""
    review = world.review(now, world.days("pledge_review", part.actor))
    close = world.story.calendar.close_after(now)
    return close if any(close < end for end in _calls_due(world, part.actor)) else review


def decide(world: World, part: Part, now: int) -> list[Act]:
    """Answers to open calls, and a draw on each asset where there is headroom."""
    owner = part.actor
    open_ = {(f.lender, f.asset): f for f in facilities(world, borrower=owner)}
    acts = []
    for facility in open_.values():
        call = call_on(world, facility)
        if call is not None and now < call.due:
            acts += _answer(world, facility, call, now)
    if _calls_due(world, owner) or world.review(now - 1, world.days("pledge_review", part.actor)) != now:
        return acts
    lender = next(iter(world.linked("lends", to=owner)), None)
    if lender is None or in_default(world, owner) or world.fold.sum("forfeited", owner):
        return acts
    for asset in _held(world, owner):
        acts += _draw(world, open_.get((lender, asset), Facility(owner, lender, asset)), now)
    return acts


def pledgeable(world: World, owner: str, asset: str) -> int:
    """Shares an owner may still pledge: never more than it holds."""
    stake = world.fold.sum("stake", f"{owner}/{asset}")
    most = min(floor(world.parameter("pledge_share", owner) * stake), stake)
    return max(most - world.fold.sum("pledged", f"{owner}/{asset}"), 0)


def _draw(world: World, facility: Facility, now: int) -> list[Act]:
    owner, lender, asset = facility.borrower, facility.lender, facility.asset
    price = world.readings.price(asset, now)
    if price is None:
        return []
    limit = draw_limit(world, owner, lender, asset, now)
    free = pledgeable(world, owner, asset)
    owed = facility.to_date(now)
    capacity = limit * price * (facility.shares + free)
    amount = floor(world.parameter("pledge_use", owner) * (capacity - owed))
    if amount < max(LEAST * capacity, 1.0) or limit <= 0.0:
        return []
    loan = named("loan", owner, lender, asset, moment=now)
    drawn = Loan(
        borrower=owner,
        lender=lender,
        loan=loan,
        amount=amount,
        secured=amount,
        rate=lending_rate(world, lender),
        accrued=now,
    )
    drafts = [Draft(owner, drawn)]
    more = min(shares_behind(owed + amount, limit, price) - facility.shares, free)
    if more > 0:
        drafts.append(_pledged(facility, loan, more, within=(0,)))
    linked = [company for company in world.linked("invests", of=owner) if company != OUTSIDE]
    companies = [company for company in linked if not in_default(world, company)]
    stakes = (invested(world, owner, c, amount // len(companies), now, within=(0,)) for c in companies)
    return [(*drafts, *stakes)]


def _answer(world: World, facility: Facility, call: Call, now: int) -> list[Act]:
    """Cash as far as it reaches, then shares; nothing when the price has recovered. What covers the call,
    or brings the debt back to the limit, cures it there and then: a new shortfall is a new call.
    """
    owner, price = facility.borrower, world.readings.price(facility.asset, now)
    limit, owed = cure_limit(world, facility.lender, facility.asset, now), facility.to_date(now)
    missing = ceil(short(world, facility, price, now)) if price else 0
    if not price or limit <= 0.0 or missing <= 0:
        return []
    paid = min(missing, max(world.readings.cash(owner) or 0, 0))
    source = world.source(call.name)
    drafts = repaying(owner, facility.loans, paid, now, causes=source)
    needed = max(shares_behind(owed - paid, limit, price) - facility.shares, 0)
    more = min(needed, pledgeable(world, owner, facility.asset))
    if more > 0:
        drafts.append(_pledged(facility, facility.loans[0].name, more, causes=source))
    answered = missing if more == needed else paid + floor(limit * price * more)
    met = call.amount if answered >= min(missing, call.amount) else answered
    if drafts and met > 0:
        paying, pledging = "cash was paid" if paid else "", "more shares are pledged" if more > 0 else ""
        reason = " and ".join(filter(None, (paying, pledging)))
        drafts.append(cured(world, owner, facility, call, met, reason, tuple(range(len(drafts)))))
    return [tuple(drafts)] if drafts else []


def _pledged(
    facility: Facility,
    loan: str,
    shares: int,
    *,
    causes: tuple[int, ...] = (),
    within: tuple[int, ...] = (),
) -> Draft:
    fact = Pledge(
        pledger=facility.borrower, lender=facility.lender, asset=facility.asset, shares=shares, loan=loan
    )
    return Draft(facility.borrower, fact, causes=causes, within=within)


def _calls_due(world: World, owner: str) -> list[int]:
    """The moments at which the open margin calls on an owner fall due."""
    return [call.due for parties, call in calls(world).items() if parties[0] == owner]


def _held(world: World, owner: str) -> list[str]:
    """Assets an owner holds shares of and can sell any day: nobody lends against others."""
    stakes = (key.split("/") for key, shares in sorted(world.fold.state["stake"].items()) if shares > 0)
    return [asset for holder, asset in stakes if holder == owner and not private(world, asset)]
