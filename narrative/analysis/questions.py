"""Checks that a question can be asked of a history: which arguments go together, and which do not."""

from contextlib import suppress

from events.errors import Wrong
from narrative.analysis.resolve import UnknownName, actor_named
from narrative.story.model import Story


def check_why(
    reading: str | None,
    *,
    at: int | str | None,
    effects: bool,
    depth: int | None,
    most: int | None,
    every: bool,
) -> None:
    """Raises Wrong for what belongs to an event where a reading is asked for, or the other way."""
    if every and (depth, most) != (None, None):
        raise Wrong("Every part, or so many of them: leave --all away, or the number.")
    if reading is None and (at is not None or most is not None):
        flag, why = ("--at", "its own moment") if at is not None else ("most", "a tree, which --depth cuts")
        raise Wrong(f"{flag} belongs to a reading; an event has {why}.")
    if reading is not None and effects:
        raise Wrong("Only an event has effects; give a position, as in `why HISTORY 250 --effects`.")
    if reading is not None and depth is not None:
        raise Wrong("--depth belongs to an event; leave --depth away; --all lists every part.")
    for name, number in (("depth", depth), ("most", most)):
        if number is not None and number < 1:
            raise Wrong(f"{name} is {number}; ask for 1 at least, or leave it away.")


def check_event(what: int | str, story: Story) -> None:
    """Raises Wrong for an actor of whom no reading is asked."""
    with suppress(UnknownName):
        name = actor_named(story, str(what))
        raise Wrong(f"Which reading of {name}? Add one, as in `why HISTORY {name} valuation`.")
