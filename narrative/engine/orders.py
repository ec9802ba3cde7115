"""Orders: buyer and seller, when an order ships first and how much at a time, read off its name and the
accounts, or the record.
"""

from events.facts import Order
from narrative.engine.ids import parts_of
from narrative.engine.world import World
from narrative.story.calendar import DAY


def placed(world: World, order: str) -> tuple[tuple[str, ...], int | None]:
    """Buyer and seller of an order, empty where nobody knows, and when it ships first, as last said. A
    told order without a due moment waits `told_lead` days, where the story assumes that.
    """
    parties, start = parts_of(order, "order"), world.fold.last("due", order)
    if parties is not None:
        return parties, start
    told = world.cached((), "told orders", lambda: _told(world))
    if order not in told:
        return (), start
    fact, moment = told[order]
    lead = world.parameters.get("told_lead")
    if start is None and lead is not None:
        start = moment + round(lead * DAY)
    return (fact.buyer, fact.seller), start


def ordered(world: World, order: str) -> int:
    """The sum an order was placed for; what is outstanding of it where the accounts do not say."""
    return world.fold.last("ordered", order) or world.fold.sum("outstanding", order)


def instalment(world: World, order: str, seller: str) -> int:
    """The sum that a seller ships of an order at each of its reviews: an even part of it, rounded up."""
    return -(-ordered(world, order) // world.days("supply_instalments", seller))


def _told(world: World) -> dict[str, tuple[Order, int]]:
    return {e.fact.order: (e.fact, e.moment) for e in world.timeline.entries if isinstance(e.fact, Order)}
