"""The level of listed prices in this history beside the record: what private companies are priced against."""

from narrative.engine.world import World
from narrative.story.rounds import last_round


def listed_values(world: World, at: int) -> tuple[int, int]:
    """The value of all listed companies at a moment, and on record, in the smallest unit: each of whom both
    are known.
    """
    values = world.readings.values(sorted(world.listed), at)
    known = [(value, recorded(world, asset, at)) for asset, value in values.items() if value is not None]
    pairs = [(value, then) for value, then in known if then]
    return sum(value for value, _ in pairs), sum(then for _, then in pairs)


def level(world: World, at: int) -> float:
    """How high listed prices stand beside the record: 1 as on record, or where nothing is listed."""
    now, then = listed_values(world, at)
    return now / then if then else 1.0


def recorded(world: World, actor: str, at: int) -> int | None:
    """The value of an actor on record just before a moment: a quoted one's at its last quote, another's at
    its last told round, or what it opened with; None where nothing says it.
    """
    quoted = world.readings.quoted(actor)
    if quoted is not None:
        return quoted
    return last_round(world.story.entries, world.story.actors, actor, at)
