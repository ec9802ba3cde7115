"""The two ends of a branch of recorded prices, and how much of what news does not explain it keeps.

What the model does not explain of recorded prices is, at one end, a shock that came whatever else did: a
branch keeps it. At the other it belonged to what was taken away: nothing of each asset's own is kept from
the fork on. Which is nearer is not known, so neither figure stands alone.
"""

from math import log
from typing import Any

from events.branch import MAIN
from narrative.analysis.history import History, lived_to
from narrative.engine.run import world_at
from narrative.engine.world import World
from narrative.text.words import residual

KEEPS = ("residual_own", "residual_sector")


def kept(world: World) -> dict[str, float] | None:
    """How much of the residuals a history keeps, by parameter; None where no price of it is recorded."""
    if not world.story.quotes or not any(part.process == "anchoring" for part in world.parts):
        return None
    names = [name for name in sorted(world.parameters) if name.partition(".")[0] in KEEPS]
    return {name: world.parameters[name] for name in names}


def kept_by(history: History) -> dict[str, float] | None:
    """How much of the residuals a history keeps at its end."""
    return kept(world_at(history.log, history.branch))


def end_shown(branch: str, world: World) -> str | None:
    """The end of what news does not explain that a branch of recorded prices is, in words; None of main."""
    found = kept(world) if branch != MAIN else None
    return residual(found) if found else None


def ends(parent: History, branch: History, *others: History) -> list[dict[str, Any]]:
    """The value of each actor that a branch moves, in its parent, in it and in others, at the earliest of
    their ends; what the branch moves most comes first. None is unknown.
    """
    histories = (parent, branch, *others)
    moment = min(map(lived_to, histories))
    worlds = [world_at(h.log, h.branch, h.log.position_at(h.branch, moment)) for h in histories]
    found: list[tuple[float, dict[str, Any]]] = []
    for actor in worlds[0].story.actors:
        first, *reached = (world.readings.value(actor.id, moment) for world in worlds)
        if first and reached[0] and reached[0] != first:
            row = {"actor": actor.id, "at": worlds[0].story.calendar.iso(moment), "parent": first}
            found.append((abs(log(reached[0] / first)), {**row, "reached": reached}))
    return [row for _, row in sorted(found, key=lambda pair: (-pair[0], pair[1]["actor"]))]
