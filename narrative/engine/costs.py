"""What companies pay for what they sell, and what they pay whether they sell or not."""

from events.event import OUTSIDE, Draft
from events.facts import Payment
from narrative.engine.world import World
from narrative.story.calendar import YEAR_IN_DAYS


def of_sales(world: World, seller: str, amount: int) -> int:
    """The part of a sale that its costs take: `cost_share` of it, nothing where the story gives none."""
    return round(min(max(world.optional("cost_share", seller), 0.0), 1.0) * amount)


def running(world: World, company: str, days: float) -> int:
    """The sum that a company pays in so many days whatever it sells, in the smallest unit."""
    return _yearly(world, "running_costs", company, days)


def kept(world: World, company: str, days: float) -> int:
    """The sum that a company keeps in so many days of business that is not in the story."""
    return _yearly(world, "core_income", company, days)


def _yearly(world: World, name: str, company: str, days: float) -> int:
    return round(world.story.money.smallest(world.optional(name, company)) * days / YEAR_IN_DAYS)


def host(world: World, company: str) -> str:
    """Who is paid for what a company's sales cost: the first that hosts it, else whoever is outside."""
    return next(iter(world.linked("hosts", to=company)), OUTSIDE)


def paid(payer: str, payee: str, amount: int, within: tuple[int, ...] = ()) -> list[Draft]:
    """Costs paid; nothing for nothing."""
    return [Draft(payer, Payment(payer=payer, payee=payee, amount=amount), within=within)] if amount else []
