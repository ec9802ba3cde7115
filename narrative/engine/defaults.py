"""Default: who is in it, and whom a record that knows it alive keeps out of it.

An actor is in default from a `Default` of its own until an `Emergence`.
"""

from narrative.engine.world import World

DEFAULTED = ("defaulted", "emerged")  # the accounts that say who is in default


def in_default(world: World, actor: str) -> bool:
    """Whether an actor is in default as things stand."""
    since = world.fold.last("defaulted", actor)
    if since is None:
        return False
    until = world.fold.last("emerged", actor)
    return until is None or until < since


def defaulted(world: World) -> tuple[str, ...]:
    """All who are in default, in the order of the alphabet."""
    return world.cached(DEFAULTED, "defaulted", lambda: _defaulted(world))


def _defaulted(world: World) -> tuple[str, ...]:
    return tuple(sorted(who for who in world.fold.state["defaulted"] if in_default(world, who)))
