"""The parts of a chronicle: sentences with their origin, paragraphs, chapters, and notes."""

from collections.abc import Iterable
from typing import Any

import attrs
from attrs import field, frozen

from events.event import Event
from narrative.text.words import capital, clean

MANY = 3  # sources that are noted one by one; more stand together in one note


@frozen
class Sentence:
    """One or more sentences of one origin, the notes they rest on, and the positions they tell of.
    Without an origin they are about the telling itself.
    """

    text: str
    origin: str = ""
    notes: tuple[int, ...] = field(default=())
    positions: tuple[int, ...] = field(default=())


@frozen
class Paragraph:
    """The sentences on a day: `date` in ISO, `day` in words; both are empty for a longer span."""

    sentences: tuple[Sentence, ...]
    day: str = ""
    date: str = ""


@frozen
class Chapter:
    """A span of the history under a title."""

    title: str
    since: str
    until: str
    lead: tuple[Sentence, ...]
    paragraphs: tuple[Paragraph, ...]


@frozen
class Source:
    """A source that a note names, its address if it has one, and how sure it is."""

    source: str
    url: str | None
    confidence: str


@frozen
class Note:
    """A footnote: one source, or the several of a sentence that counts many events."""

    number: int
    sources: tuple[Source, ...]


def sure(confidence: str) -> str:
    """How sure a source is: high confidence, an assumption."""
    return "an assumption" if confidence == "assumption" else f"{confidence} confidence"


class Notes:
    """The footnotes of one text, numbered as they come; equal sources share one."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Source, ...], int] = {}

    def of(self, events: Iterable[Event]) -> tuple[int, ...]:
        """The numbers of the notes that some events rest on, each once."""
        return tuple(self._number((source,)) for source in _sources(events))

    def together(self, events: Iterable[Event]) -> tuple[int, ...]:
        """The numbers of the notes that some events rest on; more than MANY sources share one note."""
        sources = tuple(_sources(events))
        return (self._number(sources),) if len(sources) > MANY else tuple(self._number((s,)) for s in sources)

    def on(self, source: Source) -> tuple[int, ...]:
        """The number of the note of a source that no single event names."""
        return (self._number((source,)),)

    def _number(self, sources: tuple[Source, ...]) -> int:
        return self._numbers.setdefault(sources, len(self._numbers) + 1)

    def rows(self) -> list[Note]:
        """Every note, in order."""
        return [Note(number, sources) for sources, number in self._numbers.items()]


def as_met(sentences: Iterable[dict[str, Any]], notes: Notes) -> list[dict[str, Any]]:
    """The notes as plain data, numbered in the order in which a reader of these sentences, plain data
    too, meets them: a text may be written in another order. The sentences are given the new numbers.
    """
    numbers: dict[int, int] = {}
    for one in sentences:
        one["notes"] = tuple(numbers.setdefault(number, len(numbers) + 1) for number in one["notes"])
    rows = {numbers[note.number]: note for note in notes.rows()}
    return [attrs.asdict(attrs.evolve(rows[number], number=number)) for number in sorted(rows)]


def _sources(events: Iterable[Event]) -> list[Source]:
    told = (event.fact.told for event in events)
    return list(
        dict.fromkeys(Source(capital(clean(t.source)), t.url, t.confidence) for t in told if t is not None)
    )
