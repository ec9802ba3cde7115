"""Facts on their way to those who read them, each stamped with the moment at which it will be read."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import frozen

from events.event import Event
from events.fields import Fact
from narrative.story.calendar import Calendar
from narrative.story.cast import Part


@frozen
class Unread:
    """A fact on its way to a reader: `at` is the moment it will be read."""

    reader: str
    at: int
    event: Event


def known_from(fact: Fact, moment: int) -> int:
    """The moment from which a fact that happened at a moment could be known."""
    known = fact.told.known if fact.told is not None else None
    return moment if known is None else max(moment, known)


def read_at(part: Part, known: int, calendar: Calendar) -> int:
    """The moment at which a part reads what was known from a moment on: at its own latency after it. A market
    that is closed on that day reads when it next opens.
    """
    at = known + part.latency
    return calendar.traded(at) if part.process == "market" else at


class Mailbox:
    """The letters of each reader, by its name, in the order in which it will read them."""

    def __init__(
        self, parts: Sequence[Part], readers: Mapping[str, tuple[Part, ...]], calendar: Calendar
    ) -> None:
        self._readers = readers  # by kind of fact
        self._calendar = calendar
        self._waiting: dict[str, deque[Unread]] = {part.name: deque() for part in parts if part.reads}

    @property
    def unread(self) -> list[Unread]:
        """The facts on their way, a reader after the other, each reader's in the order of the log."""
        return [unread for waiting in self._waiting.values() for unread in waiting]

    def send(self, event: Event) -> None:
        """Put an event on its way to all who read its kind: `read_at`."""
        known = known_from(event.fact, event.moment)
        for part in self._readers.get(event.kind, ()):
            waiting, at = self._waiting[part.name], read_at(part, known, self._calendar)
            place = len(waiting)
            # what became known late is read after what came since
            while place and waiting[place - 1].at > at:
                place -= 1
            waiting.insert(place, Unread(part.name, at, event))

    def drop(self, before: int) -> None:
        """Forget what was to be read before a moment."""
        for waiting in self._waiting.values():
            while waiting and waiting[0].at < before:
                waiting.popleft()

    def letters(self, reader: str, at: int) -> list[Event]:
        """The facts that this reader reads at this very moment, in the order of the log."""
        return [unread.event for unread in self._waiting.get(reader, ()) if unread.at == at]

    def next_letter(self, reader: str, now: int, wanted: Callable[[Event], bool] | None = None) -> int | None:
        """The next moment after now at which this reader has something to read, or something wanted."""
        for unread in self._waiting.get(reader, ()):  # they are read in the order in which they wait
            if unread.at > now and (wanted is None or wanted(unread.event)):
                return unread.at
        return None

    def copy(self) -> "Mailbox":
        """A mailbox with the same letters, which takes in and drops its own from here on."""
        other = Mailbox((), self._readers, self._calendar)
        other._waiting = {reader: deque(waiting) for reader, waiting in self._waiting.items()}
        return other

    def dump(self) -> list[tuple[str, int, int]]:
        """Reader, moment and position of each letter, for a snapshot."""
        return [(unread.reader, unread.at, unread.event.position) for unread in self.unread]

    def restore(self, dumped: Iterable[tuple[str, int, int]], events: Mapping[int, Event]) -> None:
        """Hold the letters that `dump` listed, and no others. `events` has them by position."""
        for waiting in self._waiting.values():
            waiting.clear()
        for reader, at, position in dumped:
            self._waiting[reader].append(Unread(reader, at, events[position]))
