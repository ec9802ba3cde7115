"""A story run by other numbers than its own: each says in the Opening that it was set, and from what."""

from collections.abc import Mapping
from math import isfinite

from attrs import evolve

from events.errors import Wrong
from narrative.story.faults import did_you_mean
from narrative.story.model import Parameter, Story

SET = "set when the history was run"


class BadSetting(Wrong):
    """A parameter that a story cannot be run by."""


def assumed(story: Story, given: Mapping[str, object]) -> Story:
    """A story with these numbers for its parameters, an actor's own as ``name.actor``; readings can be set
    too, as nothing was read yet. Raises BadSetting for an unknown name, or a number out of range.
    """
    known = {one.name: one for one in story.parameters}
    actors = [actor.id for actor in story.actors]
    for name, written in given.items():
        base, dot, actor = name.partition(".")
        one = known.get(name) or known.get(base)
        if one is None:
            raise BadSetting(f"{name} is no parameter of {story.id}. {did_you_mean(base, known)}".rstrip())
        if dot and actor not in actors:
            raise BadSetting(f"{actor} is no actor of {story.id}. {did_you_mean(actor, actors)}".rstrip())
        known[name] = _set(one, name, _number(name, written))
    return evolve(story, parameters=tuple(known.values()))


def as_assumed(story: Story, then: Story) -> Story:
    """A story with the numbers that were set when a history of it was run."""
    given = {one.name: one for one in then.parameters if one.source == SET}
    known = {one.name: one for one in story.parameters} | given
    return evolve(story, parameters=tuple(known.values()))


def _number(name: str, written: object) -> float:
    try:
        found = float(str(written))
    except ValueError:
        found = float("nan")
    if isinstance(written, bool) or not isfinite(found):
        raise BadSetting(f"{name} takes a number, as {name}=0.5, and {written!r} is none.")
    return found


def _set(one: Parameter, name: str, value: float) -> Parameter:
    if not one.low <= value <= one.high:
        raise BadSetting(
            f"{name} = {value:g} is outside {one.low:g} to {one.high:g}. Stay within the range that the "
            "story gives it, or widen the range there."
        )
    was = f"it was {one.value:g} ({one.source})"
    return evolve(one, name=name, value=value, source=SET, confidence="assumption", fitted=(), note=was)
