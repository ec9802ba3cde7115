"""Why something happened: the tree of an event's causes, or of what it led to.

An event is told where the fewest steps lead to it, with what lies beyond; wherever else it is met
it is told again without. Causes come before what they cause, so a tree ends.
"""

from collections.abc import Callable, Iterable, Sequence

from attrs import frozen

from events.codec import to_event
from events.event import Event
from events.log import Log
from events.search import Sought

DEPTH = 8  # steps shown unless more are asked for


@frozen
class Link:
    """One line of a tree: an event, so many steps from the root. `again` where it is told elsewhere in
    it, `more` where the tree was cut and so many events hang on it.
    """

    position: int
    depth: int
    again: bool = False
    more: int = 0


Next = Callable[[Sequence[int]], dict[int, tuple[int, ...]]]  # positions -> what hangs on each


def tree(position: int, following: Next, depth: int | None = None) -> tuple[Link, ...]:
    """The tree that grows from a position, in the order in which it is printed."""
    hanging: dict[int, tuple[int, ...]] = {}
    own: dict[int, list[int]] = {}  # what is told in full under an event
    seen, row, level = {position}, [position], 0
    while row:
        hanging |= following(row)
        ahead: list[int] = []
        for each in row if depth is None or level < depth else ():
            own[each] = [one for one in dict.fromkeys(hanging[each]) if one not in seen]
            seen.update(own[each])
            ahead += own[each]
        row, level = ahead, level + 1
    return tuple(_printed(position, hanging, own))


def _printed(root: int, hanging: dict[int, tuple[int, ...]], own: dict[int, list[int]]) -> Iterable[Link]:
    ahead = [(root, 0, False)]
    while ahead:
        each, depth, again = ahead.pop()
        cut = not again and each not in own
        yield Link(each, depth, again, len(set(hanging[each])) if cut else 0)
        if not again and not cut:
            told = set(own[each])
            below = [(one, depth + 1, one not in told) for one in dict.fromkeys(hanging[each])]
            ahead += reversed(below)


# --- in a log -----------------------------------------------------------------------------------


class Trail:
    """The events of a branch by position, each read once and only when it is asked for."""

    def __init__(self, log: Log, branch: str, end: int) -> None:
        self._log, self._branch, self._end = log, branch, end
        self._read: dict[int, Event] = {}

    def __getitem__(self, position: int) -> Event:
        if position not in self._read:
            self._read[position] = self._log.event(self._branch, position)
        return self._read[position]

    def causes(self, positions: Sequence[int]) -> dict[int, tuple[int, ...]]:
        """The positions of the causes of each of these events."""
        return {each: self[each].causes for each in positions}

    def effects(self, positions: Sequence[int]) -> dict[int, tuple[int, ...]]:
        """The positions of the events that name each of these as a cause."""
        found: dict[int, list[int]] = {each: [] for each in positions}
        sought = Sought(causes=frozenset(positions))
        for row in self._log.find(self._branch, sought, min(positions) + 1, self._end):
            event = self._read.setdefault(row.position, to_event(row))
            for cause in event.causes:
                if cause in found:
                    found[cause].append(event.position)
        return {each: tuple(followers) for each, followers in found.items()}
