"""The setting of a history, fixed by its Opening: the story, who plays in it, what it opens with."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from attrs import frozen

from events.errors import BadFact
from narrative.books.table import TABLE
from narrative.story.calendar import DAY
from narrative.story.cast import Part, parts
from narrative.story.model import Entry, Story
from narrative.story.parameters import LEFT_OUT
from narrative.story.rules import LONGEST_LIFE


@frozen(eq=False)
class Setting:
    """All that an Opening fixes for the whole history: every world of the history holds this one value."""

    story: Story
    parameters: Mapping[str, float]
    entries: Mapping[str, Entry]
    parts: tuple[Part, ...]
    readers: Mapping[str, tuple[Part, ...]]  # by kind
    listed: frozenset[str]
    known: frozenset[tuple[str, str]]
    half_lives: Mapping[str, float]
    linked: dict[tuple[str, str | None, str | None], tuple[str, ...]]  # what was asked of the story's links


@lru_cache(maxsize=4)  # every branch of a history begins with the same Opening
def setting(text: str, cast: str) -> Setting:
    """The setting of a story as its Opening carries it, played by a cast."""
    story = Story.load(text)
    parameters = {p.name: p.value for p in story.parameters}
    cast_ = parts(story, cast)
    return Setting(
        story=story,
        parameters=parameters,
        entries={entry.id: entry for entry in story.entries},
        parts=cast_,
        readers=_readers(cast_),
        listed=frozenset(a.id for a in story.actors if a.listed),
        known=frozenset(
            (actor.id, balance.account)
            for actor in story.actors
            for balance in actor.opening
            if balance.opened(cast) is not None
        ),
        half_lives=half_lives(parameters),
        linked={},
    )


def half_lives(parameters: Mapping[str, float]) -> dict[str, float]:
    """Seconds for each half-life that a fading account names; the story gives days. Raises BadFact for one
    that is missing or no length of time, as a story that nobody checked may have it.
    """
    names = [account.half_life for account in TABLE.accounts if account.half_life]
    given = LEFT_OUT | dict(parameters)
    for name in names:
        if not 0 < given.get(name, 0) <= LONGEST_LIFE:
            raise BadFact(f"The story in this log has no {name}, or one that is no half-life.")
    return {name: given[name] * DAY for name in names}


def _readers(parts: Sequence[Part]) -> dict[str, tuple[Part, ...]]:
    kinds = sorted({kind for part in parts for kind in part.reads})
    return {kind: tuple(part for part in parts if kind in part.reads) for kind in kinds}
