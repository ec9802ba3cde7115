"""The world a process sees: everything in it is folded from the log, and nothing else is.

It holds the accounts, the readings, the amended timeline, the parameters and seed in force, and the
facts that somebody has still to read, each stamped with the moment at which its reader will.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

import msgspec
from attrs import frozen

from events.accounts import Fold
from events.errors import Damaged
from events.event import Event
from events.fact import Fact
from events.facts import Opening, Supposition
from narrative.books import TABLE
from narrative.cast import Part, parts
from narrative.chance import Chance
from narrative.readings import Readings
from narrative.scenario import Story
from narrative.suppose.supposing import Supposed, amended

DAY = 86_400
# Kinds that open something, the field that names it and the open sum that holds it.
OPENERS = {
    "Order": ("order", "outstanding"),
    "Loan": ("loan", "owed"),
    "MarginCall": ("call", "called"),
}

SHAPE = 1  # of what `dump` writes: a snapshot of another shape is no use

T = TypeVar("T")


@frozen
class Unread:
    """A fact on its way to a reader: `at` is the moment it will be read."""

    reader: str
    at: int
    event: Event


class World:
    """The fold of one history up to one position.

    Only `run` and `replay` step it; to a process it is read-only.
    """

    def __init__(self, opening: Event) -> None:
        fact = opening.fact
        if not isinstance(fact, Opening):
            raise Damaged(f"A history begins with an Opening, and #{opening.position} is a {opening.kind}.")
        self.opening = fact
        self.story = Story.load(fact.text)
        self.seed = fact.seed
        self.chance = Chance(fact.seed)
        self.parameters: Mapping[str, float] = {p.name: p.value for p in self.story.parameters}
        self.timeline = self.story.entries
        self.entries = {entry.id: entry for entry in self.timeline}
        self.withheld: dict[str, str] = {}  # entry -> why it is not told
        self.supposed: set[str] = set()  # entries told otherwise than the record has them
        self._suppositions: list[int] = []
        self._read: dict[Hashable, object] = {}
        self.parts = parts(self.story, fact.cast)
        self.listed = frozenset(a.id for a in self.story.actors if a.listed)
        self.known = frozenset(
            (actor.id, balance.account)
            for actor in self.story.actors
            for balance in actor.opening
            if balance.opened(fact.cast) is not None
        )
        self.fold = Fold(TABLE, half_lives(self.parameters))
        self.unread: list[Unread] = []
        self.told: dict[str, int] = {}  # entry -> position of the event that told it
        self._opened: dict[str, int] = {}  # open order, loan or call -> position of what opened it
        self.position = 0
        self.moment = self.opened = opening.moment
        self._readers = _readers(self.parts)
        self.step(opening)

    @property
    def readings(self) -> Readings:
        """The readings under the Opening's reading parameters."""
        return Readings(self.fold, self.parameters, self.listed, self.known)

    def post(self, fact: Fact, moment: int) -> None:
        """Post a fact about to be appended. Raises Overflow, after which this world is no use."""
        self._read.clear()
        self.fold.post(type(fact).__name__, fact, moment)

    def step(self, event: Event, *, posted: bool = False) -> None:
        """Take in the next event; its fact may have been posted already."""
        if not posted:
            self.post(event.fact, event.moment)
        if event.moment != self.moment:
            self.unread = [unread for unread in self.unread if unread.at >= event.moment]
        for part in self._readers.get(event.kind, ()):
            self.unread.append(Unread(part.name, event.moment + part.latency, event))
        if isinstance(event.fact, Supposition):
            self._suppositions.append(event.position)
            self._suppose(Supposed.load(event.fact.text))
        opener = OPENERS.get(event.kind)
        if opener is not None:
            self._opened[getattr(event.fact, opener[0])] = event.position
        if event.fact.told is not None:
            self.told[event.fact.told.entry] = event.position
        self.position, self.moment = event.position, event.moment

    def cached(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` reads off this world: read once for as long as nothing is appended."""
        if key not in self._read:
            self._read[key] = make()
        return cast(T, self._read[key])

    def _suppose(self, supposed: Supposed) -> None:
        self.timeline = amended(self.timeline, supposed)
        self.entries = {entry.id: entry for entry in self.timeline}
        self.withheld = {**self.withheld, **supposed.without}
        self.supposed |= {entry.id for entry in (*supposed.inject, *supposed.change)}
        self.parameters = {**self.parameters, **supposed.set}
        if supposed.reseed is not None:
            self.seed, self.chance = supposed.reseed, Chance(supposed.reseed)

    def letters(self, reader: str, at: int) -> list[Event]:
        """The facts that this reader reads at this very moment, in the order of the log."""
        return [unread.event for unread in self.unread if unread.reader == reader and unread.at == at]

    def next_letter(self, reader: str, now: int) -> int | None:
        """The next moment after now at which this reader has something to read."""
        return min((u.at for u in self.unread if u.reader == reader and u.at > now), default=None)

    def source(self, name: str) -> tuple[int, ...]:
        """Position of the event that opened an order, loan or call, to be named as a cause; empty
        once it is closed.
        """
        held = any(name in self.fold.state[account] for _, account in OPENERS.values())
        return (self._opened[name],) if held and name in self._opened else ()

    def parameter(self, name: str, actor: str) -> float:
        """An acting parameter in force: an actor's own (``name.actor``) or everyone's."""
        own = self.parameters.get(f"{name}.{actor}")
        return self.parameters[name] if own is None else own

    def linked(self, kind: str, *, of: str | None = None, to: str | None = None) -> tuple[str, ...]:
        """The actors at the other end of an actor's standing relations of a kind, in the story's order."""
        return tuple(
            link.to if of is not None else link.from_
            for link in self.story.links
            if link.kind == kind and of in (None, link.from_) and to in (None, link.to)
        )

    def review(self, now: int, days: int) -> int:
        """The next close strictly after now on a day whose number is a multiple of `days`."""
        close = self.story.calendar.close_after(now)
        ahead = -(close // DAY) % max(days, 1)
        return close + ahead * DAY

    # --- snapshots ------------------------------------------------------------------------------

    def dump(self) -> bytes:
        """All that cannot be read off the Opening, for a snapshot."""
        unread = [(u.reader, u.at, u.event.position) for u in self.unread]
        self._opened = {name: place for name, place in self._opened.items() if self.source(name)}
        plain = {
            "moment": self.moment,
            "accounts": self.fold.dump(),
            "unread": unread,
            "told": self.told,
            "opened": self._opened,
            "suppositions": self._suppositions,
        }
        return msgspec.json.encode(plain)

    def restore(self, position: int, data: bytes, events: Mapping[int, Event]) -> None:
        """Become the world that `dump` described at a position. `events` holds those it needs."""
        self._read.clear()
        plain = msgspec.json.decode(data)
        self.fold = Fold.load(TABLE, self.fold.half_lives, plain["accounts"])
        for place in plain["suppositions"]:
            self._suppositions.append(place)
            self._suppose(Supposed.load(cast(Supposition, events[place].fact).text))
        self.unread = [Unread(reader, at, events[place]) for reader, at, place in plain["unread"]]
        self.told, self._opened = plain["told"], plain["opened"]
        self.position, self.moment = position, plain["moment"]


def needed(data: bytes) -> list[int]:
    """Positions of the events that a dump refers to."""
    plain: dict[str, Any] = msgspec.json.decode(data)
    return sorted({*(place for _, _, place in plain["unread"]), *plain["suppositions"]})


def half_lives(parameters: Mapping[str, float]) -> dict[str, float]:
    """Seconds for each half-life that a fading account names; the story gives days."""
    names = [account.half_life for account in TABLE.accounts if account.half_life]
    return {name: parameters[name] * DAY for name in names}


def _readers(parts: Sequence[Part]) -> dict[str, tuple[Part, ...]]:
    kinds = sorted({kind for part in parts for kind in part.reads})
    return {kind: tuple(part for part in parts if kind in part.reads) for kind in kinds}


def unfold(events: Iterable[Event]) -> Iterator[World]:
    """The world after each event; the same object every time, stepped."""
    stream = iter(events)
    world = World(next(stream))
    yield world
    for event in stream:
        world.step(event)
        yield world
