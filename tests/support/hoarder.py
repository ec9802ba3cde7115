"""A process that asks its story for a parameter and orders in its own name, as a user may write one."""

from events.event import Act, Draft
from events.facts import Order
from narrative.engine.ids import named
from narrative.engine.world import World
from narrative.story.cast import Part
from narrative.story.parameters import HEARD

ACCOUNTS = ("cash",)
PARAMETERS = ("hoard_share", *HEARD)  # the market hears of its orders
DEEDS = {"Order": "buyer"}
NEEDS = {"cash": None}


def due(world: World, part: Part, now: int) -> int | None:
    """Once a month."""
    return world.review(now, 30)


def decide(world: World, part: Part, now: int) -> list[Act]:
    """An order of a share of its cash."""
    cash = world.readings.cash(part.actor) or 0
    amount = round(world.parameter("hoard_share", part.actor) * cash)
    order = named("order", part.actor, "chipmaker", moment=now)
    fact = Order(buyer=part.actor, seller="chipmaker", order=order, amount=amount)
    return [(Draft(part.actor, fact),)] if amount > 0 else []
