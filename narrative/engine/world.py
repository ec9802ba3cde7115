"""The world a process sees: everything in it is folded from the log, and nothing else is.

It holds the accounts and what is read off them, the timeline as it was amended, and the letters: the
facts that somebody has still to read, each stamped with the moment at which its reader will.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from copy import copy
from typing import Any, TypeVar, cast

import msgspec
from attrs import evolve

from events.books.accounts import Fold
from events.errors import Damaged
from events.event import Event
from events.fields import Fact
from events.funding_facts import Default
from events.record_facts import Opening, Supposition
from narrative.books.readings import Readings
from narrative.books.table import HOLDING, TABLE
from narrative.engine.chance import Chance, fraction
from narrative.engine.mailbox import Mailbox
from narrative.engine.memo import Memo
from narrative.engine.setting import setting
from narrative.engine.timeline import Timeline
from narrative.story.supposition import Supposed

SHAPE = 2  # of what `dump` writes: a snapshot of another shape is no use

T = TypeVar("T")

# Relations in which who stands first is paid by the other: of the rest, the first gives its money.
SERVED = frozenset({"supplies", "hosts", "leases", "advises"})


class World:
    """The fold of one history up to one position.

    Only `run` and `replay` step it; to a process it is read-only. What changes in it has a `copy` of
    its own, and what has none is a value.
    """

    def __init__(self, opening: Event) -> None:
        fact = opening.fact
        if not isinstance(fact, Opening):
            raise Damaged(f"A history begins with an Opening, and #{opening.position} is a {opening.kind}.")
        self.setting = given = setting(fact.text, fact.cast)
        self.opening, self.story, self.parts = fact, given.story, given.parts
        self.listed, self.known = given.listed, given.known
        self.timeline = Timeline(
            entries=given.story.entries,
            named=given.entries,
            parameters=given.parameters,
            chance=Chance(fact.seed),
        )
        self.fold = Fold(TABLE, given.half_lives)
        self.memo = Memo()
        self.mailbox = Mailbox(given.parts, given.readers, given.story.calendar)
        self.told: dict[str, int] = {}  # entry -> position of the event that told it
        self.broke: dict[str, int] = {}  # debtor -> position of its last Default
        self._opened: dict[str, int] = {}  # open order, loan or call -> position of what opened it
        self.position = 0
        self.moment = self.opened = opening.moment
        self._read_anew()
        self.step(opening)

    def _read_anew(self) -> None:
        """The readings of these accounts under these parameters: to be made whenever either is another."""
        self.readings = Readings(self.fold, self.timeline.parameters, self.listed, self.known)

    def post(self, fact: Fact, moment: int) -> None:
        """Post a fact about to be appended. Raises Overflow, after which this world is no use."""
        kind = type(fact).__name__
        self.memo.spoil(kind, fact)
        self.fold.post(kind, fact, moment)

    def step(self, event: Event, *, posted: bool = False) -> None:
        """Take in the next event; its fact may have been posted already."""
        fact, moment = event.fact, event.moment
        if not posted:
            self.post(fact, moment)
        if moment != self.moment:
            self.mailbox.drop(moment)
        self.mailbox.send(event)
        if isinstance(fact, Supposition):
            self._suppose(fact, event.position)
        if fact.opens is not None:
            self._opened[getattr(fact, fact.opens)] = event.position
        if isinstance(fact, Default):
            self.broke[fact.debtor] = event.position
        if fact.told is not None:
            self.told[fact.told.entry] = event.position
        self.position, self.moment = event.position, moment

    def _suppose(self, fact: Supposition, position: int) -> None:
        self.memo.forget()
        self.timeline = self.timeline.under(Supposed.load(fact.text), position)
        self._read_anew()

    # --- what a process asks --------------------------------------------------------------------------

    @property
    def parameters(self) -> Mapping[str, float]:
        """The parameters in force by name, an actor's own as ``name.actor``."""
        return self.timeline.parameters

    @property
    def chance(self) -> Chance:
        """The draws of the seed in force."""
        return self.timeline.chance

    def parameter(self, name: str, actor: str) -> float:
        """An acting parameter in force: an actor's own (``name.actor``) or everyone's."""
        known = self.timeline.parameters
        own = known.get(f"{name}.{actor}")
        return known[name] if own is None else own

    def optional(self, name: str, actor: str, otherwise: float = 0.0) -> float:
        """An acting parameter that a story may leave out, which is what `otherwise` says it then is."""
        known = self.timeline.parameters
        return known.get(f"{name}.{actor}", known.get(name, otherwise))

    def days(self, name: str, actor: str) -> int:
        """An acting parameter in force as whole days, at least one: how often an actor's reviews are."""
        return max(round(self.parameter(name, actor)), 1)

    def review(self, now: int, days: int) -> int:
        """The next close strictly after now on every so many days: `Calendar.review`."""
        return self.story.calendar.review(now, max(days, 1))

    def sitting(self, now: int, days: int, actor: str) -> int:
        """The next review after now of an actor's board: each `days` days, on days of its own as far as
        `board_spread` of that period reaches (0: everyone on one day; 1: any day of it).
        """
        put_off = int(self.optional("board_spread", actor) * fraction(actor) * days)
        return self.story.calendar.review(now, max(days, 1), put_off)

    def letters(self, reader: str, at: int) -> list[Event]:
        """The facts that this reader reads at this very moment, in the order of the log."""
        return self.mailbox.letters(reader, at)

    def next_letter(self, reader: str, now: int, wanted: Callable[[Event], bool] | None = None) -> int | None:
        """The next moment after now at which this reader has something to read, or something wanted."""
        return self.mailbox.next_letter(reader, now, wanted)

    def cached(self, reads: tuple[str, ...], key: Hashable, make: Callable[[], T]) -> T:
        """Return `make()`, called once while none of these accounts is posted to: `Memo.cached`."""
        return self.memo.cached(reads, key, make)

    def each(self, account: str, make: Callable[[str], T]) -> list[T]:
        """Return `make(name)` for each open thing of an account, called once while it is not posted to."""
        return self.memo.each(account, self.fold.state[account], make)

    def source(self, name: str) -> tuple[int, ...]:
        """Position of the event that opened an order, loan or call, to be named as a cause; empty
        once it is closed.
        """
        place = self._opened.get(name)
        state = self.fold.state
        held = any(name in state[account] for account in HOLDING.values())
        return (place,) if held and place is not None else ()

    def linked(self, kind: str, *, of: str | None = None, to: str | None = None) -> tuple[str, ...]:
        """The actors at the other end of an actor's standing relations of a kind, in the story's order, but
        for those that a supposition turned off.
        """
        found = self.setting.linked.get((kind, of, to))
        if found is None:
            found = self.setting.linked[kind, of, to] = tuple(
                link.to if of is not None else link.from_
                for link in self.story.links
                if link.kind == kind and of in (None, link.from_) and to in (None, link.to)
            )
        off = self.timeline.off
        if not off:
            return found
        here = of if of is not None else to
        away = (of is not None) != (kind in SERVED)  # whether money goes from here to there
        return tuple(one for one in found if ((here, one) if away else (one, here)) not in off)

    # --- another, where this one stands --------------------------------------------------------------

    def copy(self) -> "World":
        """A world of its own that stands where this one does, with what was read off each open thing."""
        other = copy(self)
        vars(other).update({name: own.copy() for name, own in vars(self).items() if hasattr(own, "copy")})
        other.readings = evolve(self.readings, fold=other.fold)
        return other

    def dump(self) -> bytes:
        """All that cannot be read off the Opening, for a snapshot."""
        self._opened = {name: place for name, place in self._opened.items() if self.source(name)}
        plain = {
            "moment": self.moment,
            "accounts": self.fold.dump(),
            "unread": self.mailbox.dump(),
            "told": self.told,
            "broke": self.broke,
            "opened": self._opened,
            "suppositions": self.timeline.suppositions,
        }
        return msgspec.json.encode(plain)

    def restore(self, position: int, data: bytes, events: Mapping[int, Event]) -> None:
        """Become the world that `dump` described at a position. `events` holds those it needs."""
        plain = msgspec.json.decode(data)
        self.fold = Fold.load(TABLE, self.fold.half_lives, plain["accounts"])
        self.memo.forget()
        self._read_anew()
        for place in plain["suppositions"]:
            self._suppose(cast(Supposition, events[place].fact), place)
        self.mailbox.restore(plain["unread"], events)
        self.told, self.broke, self._opened = plain["told"], plain["broke"], plain["opened"]
        self.position, self.moment = position, plain["moment"]


def needed(data: bytes) -> list[int]:
    """Positions of the events that a dump refers to."""
    plain: dict[str, Any] = msgspec.json.decode(data)
    return sorted({*(place for _, _, place in plain["unread"]), *plain["suppositions"]})


def unfold(events: Iterable[Event]) -> Iterator[World]:
    """The world after each event; the same object every time, stepped."""
    stream = iter(events)
    world = World(next(stream))
    yield world
    for event in stream:
        world.step(event)
        yield world
