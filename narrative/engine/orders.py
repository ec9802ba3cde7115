"""Who ordered from whom, and when an order ships first: read off its name and the accounts, or the record."""

from events.facts import Order
from narrative.engine.ids import parts_of
from narrative.engine.world import DAY, World


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


def _told(world: World) -> dict[str, tuple[Order, int]]:
    return {e.fact.order: (e.fact, e.moment) for e in world.timeline if isinstance(e.fact, Order)}
