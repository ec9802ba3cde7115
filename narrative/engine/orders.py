"""Orders: buyer and seller, when an order ships first and how much at a time, read off its name and the
accounts, or the record.
"""

from events.facts import Cancellation, Order
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


def promised_by(world: World, buyer: str) -> list[str]:
    """The open orders of a buyer, the latest due first; those due at no known moment last."""
    open_ = [order for order in world.fold.state["outstanding"] if placed(world, order)[0][:1] == (buyer,)]
    return sorted(open_, key=lambda order: (-(placed(world, order)[1] or 0), order))


def cut(world: World, order: str, amount: int) -> Cancellation:
    """An amount, or all that is left, of an order given up by its buyer: of an order that goes on, each of
    the instalments left is smaller by as much.
    """
    buyer, seller = placed(world, order)[0]
    outstanding, whole = world.fold.sum("outstanding", order), ordered(world, order)
    less = min(amount, outstanding)
    left = whole - whole * less // outstanding if less < outstanding else None
    return Cancellation(buyer=buyer, seller=seller, order=order, amount=less, ordered=left)


def _told(world: World) -> dict[str, tuple[Order, int]]:
    return {e.fact.order: (e.fact, e.moment) for e in world.timeline.entries if isinstance(e.fact, Order)}
