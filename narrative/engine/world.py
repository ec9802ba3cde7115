"""The world a process sees: everything in it is folded from the log, and nothing else is.

It holds the accounts, the readings, the amended timeline, the parameters and seed in force, and the
facts that somebody has still to read, each stamped with the moment at which its reader will.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from copy import copy
from functools import lru_cache
from typing import Any, TypeVar, cast

import msgspec
from attrs import frozen

from events.books.accounts import Fold
from events.errors import Damaged
from events.event import Event
from events.facts import KINDS, Opening, Supposition
from events.fields import Fact
from narrative.books.readings import Readings
from narrative.books.table import HOLDING, TABLE
from narrative.engine.chance import Chance
from narrative.engine.setting import setting
from narrative.story.supposition import Supposed, amended

DAY = 86_400

# By kind, the open things that it posts to: the account that holds them, and the field with the name.
NAMES = {
    kind: tuple(
        sorted(
            {
                (account.within or account.name, row.key[0])
                for row in TABLE.rows(kind)
                for account in (TABLE.account(row.account),)
                if account.within or account.open
            }
        )
    )
    for kind in KINDS
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
        self.setting = given = setting(fact.text, fact.cast)
        self.opening, self.story, self.parts = fact, given.story, given.parts
        self.listed, self.known = given.listed, given.known
        self.seed, self.chance = fact.seed, Chance(fact.seed)
        self.parameters = given.parameters
        self.timeline, self.entries = given.story.entries, given.entries
        self.withheld: dict[str, str] = {}  # entry -> why it is not told
        self.supposed: set[str] = set()  # entries told otherwise than the record has them
        self._suppositions: list[int] = []
        self._read: dict[tuple[str, ...], dict[Hashable, Any]] = {}
        self._spoils: dict[str, list[dict[Hashable, Any]]] = {kind: [] for kind in KINDS}
        self._each: dict[str, dict[str, Any]] = {
            account.name: {} for account in TABLE.accounts if account.open
        }
        self.fold = Fold(TABLE, given.half_lives)
        self.readings = Readings(self.fold, self.parameters, self.listed, self.known)
        self._unread: dict[str, deque[Unread]] = {part.name: deque() for part in self.parts if part.reads}
        self.told: dict[str, int] = {}  # entry -> position of the event that told it
        self._opened: dict[str, int] = {}  # open order, loan or call -> position of what opened it
        self.position = 0
        self.moment = self.opened = opening.moment
        self.step(opening)

    @property
    def unread(self) -> list[Unread]:
        """The facts on their way, a reader after the other, each reader's in the order of the log."""
        return [unread for waiting in self._unread.values() for unread in waiting]

    def post(self, fact: Fact, moment: int) -> None:
        """Post a fact about to be appended. Raises Overflow, after which this world is no use."""
        kind = type(fact).__name__
        for read in self._spoils[kind]:
            read.clear()
        for account, field in NAMES[kind]:
            self._each[account].pop(getattr(fact, field), None)
        self.fold.post(kind, fact, moment)

    def step(self, event: Event, *, posted: bool = False) -> None:
        """Take in the next event; its fact may have been posted already."""
        fact, kind, moment = event.fact, event.kind, event.moment
        if not posted:
            self.post(fact, moment)
        if moment != self.moment:
            for waiting in self._unread.values():
                while waiting and waiting[0].at < moment:
                    waiting.popleft()
        for part in self.setting.readers.get(kind, ()):
            self._unread[part.name].append(Unread(part.name, moment + part.latency, event))
        if isinstance(fact, Supposition):
            self._suppositions.append(event.position)
            self._suppose(Supposed.load(fact.text))
        if fact.opens is not None:
            self._opened[getattr(fact, fact.opens)] = event.position
        if fact.told is not None:
            self.told[fact.told.entry] = event.position
        self.position, self.moment = event.position, moment

    def cached(self, reads: tuple[str, ...], key: Hashable, make: Callable[[], T]) -> T:
        """What `make` reads off these accounts and the timeline: read once for as long as none of
        them is posted to.
        """
        read = self._read.get(reads)
        if read is None:
            read = self._read[reads] = {}
            for kind in spoiling(reads):
                self._spoils[kind].append(read)
        if key not in read:
            read[key] = make()
        found: T = read[key]
        return found

    def each(self, account: str, make: Callable[[str], T]) -> list[T]:
        """What `make` reads off each open thing of an account and the timeline, by name: read once for
        as long as nothing is posted to that thing.
        """
        known, found = self._each[account], []
        for name in self.fold.state[account]:
            one = known.get(name)
            if one is None:
                one = known[name] = make(name)
            found.append(one)
        return found

    def _forget(self) -> None:
        for read in self._read.values():
            read.clear()
        for known in self._each.values():
            known.clear()

    def _suppose(self, supposed: Supposed) -> None:
        self._forget()
        self.timeline = amended(self.timeline, supposed)
        self.entries = {entry.id: entry for entry in self.timeline}
        self.withheld = {**self.withheld, **supposed.without}
        self.supposed |= {entry.id for entry in (*supposed.inject, *supposed.change)}
        self.parameters = {**self.parameters, **supposed.set}
        self.readings = Readings(self.fold, self.parameters, self.listed, self.known)
        if supposed.reseed is not None:
            self.seed, self.chance = supposed.reseed, Chance(supposed.reseed)

    def letters(self, reader: str, at: int) -> list[Event]:
        """The facts that this reader reads at this very moment, in the order of the log."""
        return [unread.event for unread in self._unread.get(reader, ()) if unread.at == at]

    def next_letter(self, reader: str, now: int, wanted: Callable[[Event], bool] | None = None) -> int | None:
        """The next moment after now at which this reader has something to read, or something wanted."""
        for unread in self._unread.get(reader, ()):  # they are read in the order in which they wait
            if unread.at > now and (wanted is None or wanted(unread.event)):
                return unread.at
        return None

    def source(self, name: str) -> tuple[int, ...]:
        """Position of the event that opened an order, loan or call, to be named as a cause; empty
        once it is closed.
        """
        place = self._opened.get(name)
        state = self.fold.state
        held = any(name in state[account] for account in HOLDING.values())
        return (place,) if held and place is not None else ()

    def parameter(self, name: str, actor: str) -> float:
        """An acting parameter in force: an actor's own (``name.actor``) or everyone's."""
        own = self.parameters.get(f"{name}.{actor}")
        return self.parameters[name] if own is None else own

    def linked(self, kind: str, *, of: str | None = None, to: str | None = None) -> tuple[str, ...]:
        """The actors at the other end of an actor's standing relations of a kind, in the story's order."""
        found = self.setting.linked.get((kind, of, to))
        if found is None:
            found = self.setting.linked[kind, of, to] = tuple(
                link.to if of is not None else link.from_
                for link in self.story.links
                if link.kind == kind and of in (None, link.from_) and to in (None, link.to)
            )
        return found

    def review(self, now: int, days: int) -> int:
        """The next close strictly after now on a day whose number is a multiple of `days`."""
        close = self.story.calendar.close_after(now)
        ahead = -(close // DAY) % max(days, 1)
        return close + ahead * DAY

    # --- another, where this one stands --------------------------------------------------------------

    def copy(self) -> "World":
        """A world of its own that stands where this one does, with what was read off each open thing."""
        other, fold = copy(self), self.fold.copy()
        vars(other).update(
            supposed=set(self.supposed),
            fold=fold,
            readings=Readings(fold, self.parameters, self.listed, self.known),
            told=dict(self.told),
            _suppositions=list(self._suppositions),
            _read={},
            _spoils={kind: [] for kind in KINDS},
            _each={account: dict(known) for account, known in self._each.items()},
            _unread={reader: deque(waiting) for reader, waiting in self._unread.items()},
            _opened=dict(self._opened),
        )
        return other

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
        self._forget()
        plain = msgspec.json.decode(data)
        self.fold = Fold.load(TABLE, self.fold.half_lives, plain["accounts"])
        self.readings = Readings(self.fold, self.parameters, self.listed, self.known)
        for place in plain["suppositions"]:
            self._suppositions.append(place)
            self._suppose(Supposed.load(cast(Supposition, events[place].fact).text))
        for waiting in self._unread.values():
            waiting.clear()
        for reader, at, place in plain["unread"]:
            self._unread[reader].append(Unread(reader, at, events[place]))
        self.told, self._opened = plain["told"], plain["opened"]
        self.position, self.moment = position, plain["moment"]


def needed(data: bytes) -> list[int]:
    """Positions of the events that a dump refers to."""
    plain: dict[str, Any] = msgspec.json.decode(data)
    return sorted({*(place for _, _, place in plain["unread"]), *plain["suppositions"]})


@lru_cache
def spoiling(reads: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds that post to one of these accounts."""
    return tuple(kind for kind in KINDS if not TABLE.touched(kind).isdisjoint(reads))


def unfold(events: Iterable[Event]) -> Iterator[World]:
    """The world after each event; the same object every time, stepped."""
    stream = iter(events)
    world = World(next(stream))
    yield world
    for event in stream:
        world.step(event)
        yield world
