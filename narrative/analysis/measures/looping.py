"""Loop gains with what the ranges of assumptions make of them: equations (13) and (14)."""

from collections.abc import Callable
from functools import partial

from attrs import evolve, frozen

from narrative.analysis.gains import downward, upward
from narrative.engine.world import World

DEFINITION = (
    "Up: the announced dollars that come round for an announced dollar, by value gained, finance and orders. "
    "Down: the part of a small fall that forced sales bring back if all that is pledged is at its call. "
    "Above 1 a loop feeds itself. Low to high as each assumption alone is moved to the ends of its range."
)
SOURCE = "mean-field gains, derived: see the equations (13) and (14) in narrative/analysis/gains.py"


@frozen
class Gain:
    """A gain with its bounds, and the assumption that moves it most (None: no assumption does)."""

    value: float
    low: float
    high: float
    most: str | None


def gains(world: World, at: int) -> dict[str, tuple[Gain | None, Gain | None]]:
    """Both gains, up and down, of every actor that has a value; None where one is unknown."""
    found = {}
    for actor in world.story.actors:
        if world.readings.value(actor.id, at) is not None:
            up = _bounded(world, partial(_upward, actor=actor.id, at=at))
            found[actor.id] = up, _bounded(world, partial(_downward, actor=actor.id))
    return found


def _upward(world: World, actor: str, at: int) -> float | None:
    return upward(world, actor, at).gain


def _downward(world: World, actor: str) -> float | None:
    return downward(world, actor).gain


def _bounded(world: World, reading: Callable[[World], float | None]) -> Gain | None:
    """A reading under the parameters in force, and the least and most of it as each is moved alone."""
    value = reading(world)
    if value is None:
        return None
    moved: dict[str, tuple[float, float]] = {}
    for parameter in world.story.parameters:
        if parameter.reads == "acting" and parameter.low < parameter.high:
            ends = [_under(world, parameter.name, end, reading) for end in (parameter.low, parameter.high)]
            known = [value, *(end for end in ends if end is not None)]
            if max(known) > min(known):
                moved[parameter.name] = min(known), max(known)
    return Gain(
        value=value,
        low=min((low for low, _ in moved.values()), default=value),
        high=max((high for _, high in moved.values()), default=value),
        most=max(moved, key=lambda name: (moved[name][1] - moved[name][0], name), default=None),
    )


def _under(world: World, name: str, value: float, reading: Callable[[World], float | None]) -> float | None:
    """A reading with one acting parameter set otherwise; the world is left as it was."""
    kept = world.timeline
    world.timeline = evolve(kept, parameters={**kept.parameters, name: value})
    try:
        return reading(world)
    finally:
        world.timeline = kept
