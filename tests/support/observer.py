"""A process that looks at everything, every seven hours, and does nothing."""

from events.event import Act
from narrative.engine.world import World
from narrative.story.cast import Part

ACCOUNTS = ("timeline",)
HOUR = 3_600


def due(world: World, part: Part, now: int) -> int | None:
    return now - now % (7 * HOUR) + 7 * HOUR


def decide(world: World, part: Part, now: int) -> list[Act]:
    world.readings.value(part.actor, now)
    world.dump()
    for other in world.parts:
        world.letters(other.name, now)
    return []
