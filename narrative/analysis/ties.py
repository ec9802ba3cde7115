"""Ties between events: the causes that count as such, whoever drew them.

A process gives the causes of its acts. An entry of the record rests on others by links, each drawn by its
source or by the story's author alone; the author's draw no tie.
"""

from collections.abc import Iterable, Mapping, Sequence

from events.event import Event
from narrative.story.model import Story

Drawn = Mapping[str, frozenset[str]]


def drawn(story: Story) -> Drawn:
    """By entry, the entries to which its own source ties it."""
    return {
        entry.id: frozenset(link.id for link in entry.links if link.basis == "source")
        for entry in story.entries
    }


def tying(event: Event, events: Sequence[Event], by: Drawn) -> Iterable[int]:
    """Positions of the causes of an event that tie it, of a history whole from its opening: all of them, or
    of a told event those whose link a source draws.
    """
    if event.fact.told is None:
        return event.causes
    linked = by.get(event.fact.told.entry, frozenset())
    told = ((cause, events[cause - 1].fact.told) for cause in event.causes)
    return [cause for cause, of in told if of is not None and of.entry in linked]
