"""Income: what companies take in a year, what it costs them, and how fast it grows, read off the accounts.

A year's flow is the fading account of it: each sum weighs less the older it is, and a flow that never
changed weighs exactly what it brings in a year. A story that is younger than that is made up for.
"""

from math import exp, inf, log

from events.event import OUTSIDE, Draft
from events.facts import Payment
from narrative.engine.defaults import in_default
from narrative.engine.world import World
from narrative.story.calendar import DAY, YEAR_IN_DAYS

YEAR = YEAR_IN_DAYS * DAY


# --- what comes in ------------------------------------------------------------------------------


def takings(world: World, company: str, at: int) -> float:
    """The sum that customers paid a company within a year: for use, and for what it delivered."""
    half_life = world.fold.half_lives["trailing_half_life"]
    seen = 1.0 - 2.0 ** ((world.opened - at) / half_life)  # the part of such a flow that the story is old
    a_year = world.fold.fading("takings", company, at) * YEAR * log(2.0) / half_life
    return a_year / seen if seen > 0.0 else 0.0


def use(world: World, seller: str, at: int) -> float:
    """The sum that outside customers pay a seller in a year at today's rate, in the smallest unit; of a
    seller in default, `default_custom` of them stay away.
    """
    used = world.optional("demand", seller) * (
        before(world, seller, at) + world.fold.fading("capacity", seller, at)
    )
    away = world.optional("default_custom", seller) if in_default(world, seller) else 0.0
    return min(used, most_sold(world, seller)) * (1.0 - away)


def before(world: World, company: str, at: int) -> int:
    """The capacity that a company has of which the story tells no delivery, in the smallest unit."""
    return world.story.money.smallest(world.optional("base_capacity", company) * _grown(world, company, at))


def _grown(world: World, company: str, at: int) -> float:
    """The part that a company's business of before has grown to at a moment: by `base_growth` of ln a year it
    comes to all that the story says of it when the record ends.
    """
    record, grows = world.story.record, world.optional("base_growth", company)
    return exp(-grows * max(record.until - at, 0) / YEAR) if grows and record is not None else 1.0


def most_sold(world: World, seller: str) -> float:
    """The most that outside customers pay a seller in a year, whatever it has to sell."""
    limit = world.optional("demand_limit", seller, inf)
    return limit if limit == inf else world.story.money.smallest(limit)


def growth(world: World, company: str, at: int) -> float:
    """How much more a company takes a year at today's rate than it took within a year: 1 is twice as much."""
    taken = takings(world, company, at)
    return use(world, company, at) / taken - 1.0 if taken > 0.0 else 0.0


def yearly(world: World, company: str, at: int) -> float:
    """The sum that a company is left with in a year of what it takes, after its costs and before interest."""
    taken = takings(world, company, at)
    core, costs = kept(world, company, YEAR_IN_DAYS), running(world, company, YEAR_IN_DAYS, at)
    return taken - of_sales(world, company, taken) + core - costs


# --- what it costs ------------------------------------------------------------------------------


def of_sales(world: World, seller: str, amount: float) -> int:
    """The part of a sale that its costs take: `cost_share` of it, nothing where the story gives none."""
    return round(min(max(world.optional("cost_share", seller), 0.0), 1.0) * amount)


def running(world: World, company: str, days: float, at: int) -> int:
    """The sum that a company pays in so many days whatever it sells, in the smallest unit; it grows with its
    business of before.
    """
    return _in_days(world, world.optional("running_costs", company) * _grown(world, company, at), days)


def kept(world: World, company: str, days: float) -> int:
    """The sum that a company keeps in so many days of business that is not in the story."""
    return _in_days(world, world.optional("core_income", company), days)


def _in_days(world: World, a_year: float, days: float) -> int:
    return round(world.story.money.smallest(a_year) * days / YEAR_IN_DAYS)


def host(world: World, company: str) -> str:
    """The payee of what a company's sales cost: the first that hosts it, else whoever is outside."""
    return next(iter(world.linked("hosts", to=company)), OUTSIDE)


def paid(payer: str, payee: str, amount: int, within: tuple[int, ...] = ()) -> list[Draft]:
    """Costs paid; nothing for nothing."""
    return [Draft(payer, Payment(payer=payer, payee=payee, amount=amount), within=within)] if amount else []
