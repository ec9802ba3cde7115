"""Customers outside the story pay for the use of what was delivered.

At each review an actor earns ``demand`` a year for each unit of its capacity, up to `demand_limit` a
year; capacity fades over its economic life. Use is what turns belief into lasting value: the sale
moves ``lasting_conversion * sale / value`` of ln from the fading parts of belief to the lasting part,
never more than is believed. The price does not move in that moment: it only stops fading so far.
"""

from events.event import Act, Draft
from events.facts import Sale
from events.market_facts import Repricing
from narrative.books.readings import NANO
from narrative.engine.world import World
from narrative.story.calendar import YEAR_IN_DAYS
from narrative.story.cast import Part

ACCOUNTS = ("capacity", "timeline")
PARAMETERS = ("earn_review", "demand", "demand_limit", "lasting_conversion")
DEEDS = {"Sale": "seller"}


def due(world: World, part: Part, now: int) -> int | None:
    """The next review, for an actor to whom anything was delivered."""
    if part.actor not in world.fold.state["capacity"]:
        return None
    return world.review(now, world.days("earn_review", part.actor))


def decide(world: World, part: Part, now: int) -> list[Act]:
    """A sale, and the belief that it makes lasting."""
    seller = part.actor
    amount = earned(world, seller, world.days("earn_review", part.actor), now)
    if not amount:
        return []
    sale = Draft(seller, Sale(seller=seller, amount=amount))
    made = conversion(world, seller, amount, now)
    return [(sale, Draft("market", made, within=(0,))) if made is not None else (sale,)]


def earned(world: World, seller: str, days: int, at: int) -> int:
    """The sum that outside customers pay a seller for so many days of use, in the smallest unit."""
    use = world.parameter("demand", seller) * world.fold.fading("capacity", seller, at)
    limit = world.story.money.smallest(world.parameter("demand_limit", seller))
    return round(min(use, limit) * days / YEAR_IN_DAYS)


def conversion(world: World, asset: str, amount: int, at: int) -> Repricing | None:
    """The belief in an asset that a sale makes lasting; None where there is none to convert."""
    value = world.readings.value(asset, at)
    fast = world.fold.fading("belief_fast", asset, at)
    slow = world.fold.fading("belief_slow", asset, at)
    believed = min(max(fast, 0.0) + max(slow, 0.0), fast + slow)
    if not value or believed <= 0.0:
        return None
    step = min(world.parameter("lasting_conversion", asset) * amount / value / NANO, believed)
    of_fast = round(step * max(fast, 0.0) / (max(fast, 0.0) + max(slow, 0.0)))
    of_slow = round(step) - of_fast
    if not of_fast and not of_slow:
        return None
    return Repricing(
        asset=asset, fast=-of_fast, slow=-of_slow, lasting=of_fast + of_slow, news=amount, value=value
    )
