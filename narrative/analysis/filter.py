"""Looking into a log: which of its events, in the order of positions, and the rest as it comes."""

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from time import sleep
from typing import Any

import msgspec
from attrs import evolve, field, fields, frozen

from events.codec import encode, to_event
from events.event import Event
from events.facts import KINDS
from events.fields import Fact
from events.record_facts import Opening
from events.search import Sought
from narrative.analysis.circle import parties
from narrative.analysis.history import BadAddress, History, lived_to
from narrative.books.table import SUMS
from narrative.story.calendar import Calendar
from narrative.story.provenance import RANKS, rank

POLL = 0.3  # seconds between two looks at a log that is being written
# Kinds in which a sum can only stand as the words of the day gave it.
_SUMLESS = frozenset(name for name, kind in KINDS.items() if not {f.name for f in fields(kind)} & {*SUMS})


@frozen(kw_only=True)
class Filter:
    """Conditions on events, which must all hold. `names` are conditions by names, of which an event must meet
    one each; `least` is in smallest units. Positions and moments of both ends are included; None is open.
    `narrative.analysis.flags.filtered` makes one of what was given.
    """

    names: Mapping[str, frozenset[str]] = field(factory=dict)
    least: int | None = None
    text: str = ""
    first: int = 1
    last: int | None = None
    since: int | None = None
    until: int | None = None

    @property
    def everything(self) -> bool:
        """True where there is no condition but a span."""
        return not (self.names or self.text or self.least is not None)

    def keeps(self, event: Event) -> bool:
        """True where an event meets every condition."""
        return self._in_span(event) and (self.everything or self._meets(event))

    def _in_span(self, event: Event) -> bool:
        return (
            self.first <= event.position
            and (self.last is None or event.position <= self.last)
            and (self.since is None or event.moment >= self.since)
            and (self.until is None or event.moment <= self.until)
        )

    def _meets(self, event: Event) -> bool:
        return (
            all(not names.isdisjoint(NAMED[what](event)) for what, names in self.names.items())
            and (self.least is None or (sum_of(event.fact) or 0) >= self.least)
            and (not self.text or _plain(self.text) in _plain("\n".join(texts(event.fact))))
        )

    def sought(self) -> Sought:
        """The conditions that a store can test without decoding events: it finds these, and perhaps more."""
        held = ((what, self.names.get(what, frozenset[str]())) for what in _HELD)
        # A rank is read off the words of a source, and stands nowhere itself.
        holding = [names for what, names in held if len(names) == 1 and (what, *names) not in _DERIVED]
        return Sought(
            kinds=self.names.get("kind"),
            origins=self.names.get("origin"),
            actors=self.names.get("actor"),
            holding=tuple(msgspec.json.encode(min(names)) for names in holding),
            words=_words(self.text),
            least=self.least or 0,
            told=_SUMLESS if self.least else (),
        )


def _plain(text: str) -> bytes:
    return text.encode().lower()  # of bytes: A to Z alone, as the store does


def _words(text: str) -> tuple[str, ...]:
    """The longest part of a text that is stored as it is written."""
    written = "".join(letter if letter.isprintable() and letter not in '"\\' else "\n" for letter in text)
    longest = max(written.split("\n"), key=len)
    return (longest,) if longest else ()


def others(event: Event) -> set[str]:
    """Everyone an event names but the one who acts."""
    fact = event.fact
    named = {*parties(fact), getattr(fact, "asset", None), *(fact.told.participants if fact.told else ())}
    return {name for name in named if name} - {event.actor}


# What of an event a condition by names looks at; an event meets it where one of these is among the names.
NAMED: dict[str, Callable[[Event], Collection[str | None]]] = {
    "kind": lambda event: (event.kind,),
    "origin": lambda event: (event.origin,),
    "actor": lambda event: (event.actor,),
    "counterparty": others,
    "party": lambda event: {event.actor, *others(event)},
    "narrative": lambda event: (event.fact.told.narrative,) if event.fact.told else (),
    "confidence": lambda event: (event.fact.told.confidence, rank_of(event)) if event.fact.told else (),
}
# Those whose names stand in the stored bytes of every event that meets them.
_HELD = ("counterparty", "narrative", "confidence")
_DERIVED = {("confidence", name) for name in RANKS}


def rank_of(event: Event) -> str | None:
    """The rank of the source of a told event; None of one that nobody told."""
    return None if event.fact.told is None else rank(event.fact.told.source)


def sum_of(fact: Fact) -> int | None:
    """The sum of money in a fact: what is firm, else a ceiling, else as the words of the day gave it."""
    return standing(fact)[0]


def standing(fact: Fact) -> tuple[int | None, str]:
    """The sum in a fact, or None, and how it stands: firm, stated, ceiling, or a status it was told with."""
    for name in SUMS:
        found: int | None = getattr(fact, name, None)
        if found and name != "ceiling":
            return found, "firm"
        if found:
            return found, fact.told.status if fact.told and fact.told.status != "firm" else "ceiling"
    return (fact.told.stated, "stated") if fact.told else (None, "")


def texts(fact: object) -> Iterator[str]:
    """Every text in a fact, but for the whole story that an Opening carries."""
    plain = plain_fact(fact) if isinstance(fact, Fact) else fact
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, Mapping):
        for name, value in plain.items():
            if not (name == "text" and isinstance(fact, Opening)):
                yield from texts(value)
    elif isinstance(plain, list):
        for value in plain:
            yield from texts(value)


def plain_fact(fact: Fact) -> dict[str, Any]:
    """A fact as JSON has it: lists, no tuples."""
    plain: dict[str, Any] = msgspec.json.decode(encode(fact))
    return plain


def plain_event(event: Event, calendar: Calendar) -> dict[str, Any]:
    """An event as a line of plain data."""
    return {
        "position": event.position,
        "moment": calendar.iso(event.moment),
        "kind": event.kind,
        "origin": event.origin,
        "actor": event.actor,
        "causes": list(event.causes),
        "fact": plain_fact(event.fact),
        "digest": event.digest.hex(),
        "rank": rank_of(event),
    }


# --- looking ------------------------------------------------------------------------------------


def looked(history: History, wanted: Filter) -> Iterator[Event]:
    """Yield the events of a history that a filter keeps and that are there now, in order. Raises Damaged at
    the end where any that it passed over is damaged, and might have been one.
    """
    log, branch = history.log, history.branch
    first, last = wanted.first, wanted.last
    if wanted.since is not None:
        first = max(first, log.position_at(branch, wanted.since - 1) + 1)
    if wanted.until is not None:
        end = log.position_at(branch, wanted.until)
        last = end if last is None else min(last, end)
    if wanted.everything:
        yield from filter(wanted.keeps, log.read(branch, first, last))
        return
    yield from filter(
        wanted.keeps, map(to_event, log.find(branch, wanted.sought(), first, last, passed=True))
    )


def pages(history: History, wanted: Filter, *, follow: bool = False) -> Iterator[Iterator[Event]]:
    """The events of a history that a filter keeps: at once, and with `follow` whenever there are more. Raises
    BadAddress where the history is removed or replaced while it is followed.
    """
    seen, file = wanted.first - 1, _file(history)
    while True:
        head = history.log.head(history.branch)
        if head.position > seen:
            ahead = _narrowed(wanted, seen + 1, head.position)
            yield looked(history, ahead)
            seen = head.position
        ended = wanted.last is not None and seen >= wanted.last
        past = wanted.until is not None and lived_to(history) > wanted.until
        if not follow or ended or past:
            return
        sleep(POLL)
        if _file(history) != file:
            raise BadAddress(f"{history.path} was removed or replaced while it was followed; look again.")


def _file(history: History) -> tuple[int, int] | None:
    """Device and number of the file that a history's path names now; None where there is none."""
    try:
        found = Path(history.path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _narrowed(wanted: Filter, first: int, last: int) -> Filter:
    return evolve(wanted, first=first, last=last if wanted.last is None else min(last, wanted.last))
