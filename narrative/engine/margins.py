"""Margins: how much a lender lends on shares, when it calls, and to what a call is to be cured.

The lender's review and every screen ask here, so that they never disagree about a call. A margin widens with
realised swings: each ln by which a price lies above or below its own fast fading mean, whatever moved it,
takes `swing_haircut` off what its shares count for, beside the lender's own `haircut`. A call is cured to
`initial_ltv`, where the story gives it, and else to the level at which it came; for less than `call_least`
nobody is called.
"""

from math import log

from narrative.engine.loans import Facility, facilities
from narrative.engine.world import World

LEAST = 0.1  # of a value is counted, however wildly a price swings


def swung(world: World, asset: str, at: int) -> float:
    """How far a price has swung of late, in ln: how far it lies from its fast fading mean, whatever moved it,
    news, trades, chance or what a quote showed.
    """
    return abs(world.readings.above("fast", asset, at))


def counted(world: World, lender: str, asset: str, at: int) -> float:
    """The part of a market value that a lender counts, after its haircuts."""
    own = 1.0 - world.parameter("haircut", lender)
    return own * max(1.0 - world.optional("swing_haircut", asset) * swung(world, asset, at), LEAST)


def draw_limit(world: World, owner: str, lender: str, asset: str, at: int) -> float:
    """Loan to market value up to which a lender lends anew: what the owner may owe, after the haircuts."""
    return world.parameter("pledge_ltv", owner) * counted(world, lender, asset, at)


def call_limit(world: World, lender: str, asset: str, at: int) -> float:
    """Loan to market value above which a lender calls: its call threshold after its haircuts."""
    return world.parameter("call_ltv", lender) * counted(world, lender, asset, at)


def least_limit(world: World, lender: str, asset: str, since: int) -> float:
    """The limit is nowhere lower from a moment on while nothing is appended: a swing only fades."""
    return call_limit(world, lender, asset, since)


def cure_limit(world: World, lender: str, asset: str, at: int) -> float:
    """Loan to market value to which a call is to be cured, never above the one that is called."""
    call = world.parameter("call_ltv", lender)
    return min(world.optional("initial_ltv", lender, call), call) * counted(world, lender, asset, at)


def short(world: World, facility: Facility, price: float, at: int) -> float:
    """The sum by which the debt of a facility is beyond what it would be cured to; 0 where it is not called:
    where it keeps within its limit, or would be called for less than the least sum.
    """
    worth = facility.shares * price
    allowed = call_limit(world, facility.lender, facility.asset, at) * worth
    if facility.at_most(at) <= allowed or (owed := facility.to_date(at)) <= allowed:
        return 0.0
    beyond = owed - cure_limit(world, facility.lender, facility.asset, at) * worth
    least = world.story.money.smallest(world.optional("call_least", facility.lender))
    return beyond if beyond >= least else 0.0


def distance(loan_to_value: float, call: float) -> float:
    """How far the log price may fall before a call: ln(m / LTV)."""
    return log(call / loan_to_value)


def nearest(world: World, owner: str, at: int) -> tuple[float, float] | None:
    """Loan to value and limit of the facility of an owner that is nearest its call; None for none."""
    found = []
    for facility in facilities(world, borrower=owner):
        price, owed = world.readings.price(facility.asset, at), facility.to_date(at)
        if min(world.optional(name, facility.lender, -1.0) for name in ("call_ltv", "haircut")) < 0.0:
            continue  # the story says nothing of calls
        limit = call_limit(world, facility.lender, facility.asset, at)
        if price and facility.shares and owed and limit > 0.0:
            found.append((owed / (facility.shares * price), limit))
    return min(found, key=lambda pair: distance(*pair), default=None)
