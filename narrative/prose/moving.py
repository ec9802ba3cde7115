"""The sums that events move on the four rungs, read off their postings."""

from collections import Counter
from collections.abc import Iterable

from attrs import frozen

from events.books.accounts import posted
from events.event import Event
from events.fields import Fact
from narrative.books.table import RUNGS, TABLE


@frozen
class Moved:
    """The sums a rung took in (`up`) and gave back (`down`), in smallest units; `origins` splits `up`."""

    rung: str
    up: int
    down: int
    origins: tuple[tuple[str, int], ...] = ()


def moved(events: Iterable[Event]) -> list[Moved]:
    """The sums each rung took in and gave back, never set off against one another; a row a rung, in order."""
    up: Counter[tuple[str, str]] = Counter()
    down: Counter[str] = Counter()
    for event in events:
        for rung, amount in on_rungs(event.fact):
            if amount > 0:
                up[rung, event.origin] += amount
            else:
                down[rung] -= amount
    found = []
    for rung in RUNGS:
        origins = tuple(sorted((origin, amount) for (on, origin), amount in up.items() if on == rung))
        found.append(Moved(rung, sum(amount for _, amount in origins), down[rung], origins))
    return found


def left_of_calls(events: Iterable[Event]) -> dict[bytes, int]:
    """The sum left of a margin call after each event that meets but a part of it, by digest of the event."""
    called: Counter[str] = Counter()
    left: dict[bytes, int] = {}
    for event in events:
        for account, call, amount in posted(TABLE.rows(event.kind), event.fact):
            if account == "called":
                called[call] += amount
                if amount < 0 < called[call]:
                    left[event.digest] = called[call]
    return left


def on_rungs(fact: Fact) -> list[tuple[str, int]]:
    """Each rung that a fact posts to, and what it posts there."""
    rows = posted(TABLE.rows(type(fact).__name__), fact)
    return [(account, amount) for account, _, amount in rows if account in RUNGS and amount]
