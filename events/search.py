"""Looking for some events of a log without reading all of it.

The store says which rows may be those sought; each is then checked against the digest before it.
Other rows are checked only if that is asked for: one that is damaged so that it no longer looks like
what is sought is passed over else, and reported by `Log.verify` and plain reading.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from attrs import frozen

from events.blocks import SPAN, Names, before, damaged, follows
from events.branch import Span, cut
from events.codec import is_today
from events.errors import Damaged
from events.event import Row
from events.stores.protocol import POSITIONS, Found, Store, Wanted, address

FEW, MANY = 2_048, 65_536  # positions looked through at a time: few at first, so that the first come soon
LOOKERS = 2  # windows looked through at once, while what was found before is checked

Window = tuple[int, int]  # the first and the last position of what is looked through


@frozen(kw_only=True)
class Sought:
    """Conditions on an event, all of which must hold; None or nothing is no condition.

    A search returns a superset: rows are compared as text, and may be of an older shape. Callers must
    test the decoded event.

    kinds, origins, actors: the event has one of these.
    holding: the stored fact (JSON) has each of these bytes.
    words: the stored fact has each of these words, A to Z in either case.
    least: the fact's amount or ceiling, or a number where it has neither, is at least this.
    told: facts of these kinds come with who told them.
    causes: one of the event's causes is among these positions.
    """

    kinds: Collection[str] | None = None
    origins: Collection[str] | None = None
    actors: Collection[str] | None = None
    holding: tuple[bytes, ...] = ()
    words: tuple[str, ...] = ()
    least: int = 0
    told: Collection[str] = ()
    causes: frozenset[int] = frozenset()


Check = Callable[[int, int], None]  # raises Damaged for the rows between two positions


def found(
    store: Store,
    names: Names,
    line: Sequence[Span],
    within: Window,
    sought: Sought,
    check: Check | None = None,
) -> Iterator[Row]:
    """Yield the rows of a read-through line between two positions (both included) that may be those
    sought, each checked. Raises Damaged, and with a `check` of the others for those too, at the end: it is
    made of each window while the store looks through the next ones.
    """
    fault: Damaged | None = None
    for window, rows in _found(store, names, line, within, sought):
        yield from _checked(store, names, line, rows)
        try:
            if check is not None:
                check(*window)
        except Damaged as error:
            fault = fault or error
    if fault is not None:
        raise fault


def _found(
    store: Store, names: Names, line: Sequence[Span], within: Window, sought: Sought
) -> Iterator[tuple[Window, Sequence[Found]]]:
    """Yield each window, in order, with what the store found in it."""
    wanted = _wanted(names, sought)
    ahead: deque[tuple[Window, Future[list[Found]]]] = deque()
    with ThreadPoolExecutor(LOOKERS) as lookers:
        for number, (branch, first, last) in enumerate(_windows(line, *within)):
            if wanted.names == ():
                yield (first, last), ()
                continue
            looking = lookers.submit(store.find, address(branch, first), address(branch, last), wanted)
            ahead.append(((first, last), looking))
            while len(ahead) > min(number, LOOKERS):  # the first alone, so that it comes soon
                window, looking = ahead.popleft()
                yield window, looking.result()
        for window, looking in ahead:
            yield window, looking.result()


def _windows(line: Sequence[Span], start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """Yield the branch, the first and the last position of each window to be looked through, in order. They
    end where sealed blocks do.
    """
    size = FEW
    for span in cut(line, start, stop):
        at = span.first
        while at <= span.last:
            end = min((at + size - 1) | (SPAN - 1), span.last)
            yield span.id, at, end
            at, size = end + 1, min(2 * size, MANY)


def _checked(store: Store, names: Names, line: Sequence[Span], found: Sequence[Found]) -> Iterator[Row]:
    for stored, previous in found:
        position = stored[0] & POSITIONS
        digest = before(store, line, position) if previous is None else previous
        if not follows(names, stored, position, digest):
            raise damaged(store, position)
        _, moment, number, causes, body, digest = stored
        yield Row(position, moment, *names.of[number], causes, body, digest)


def _wanted(names: Names, sought: Sought) -> Wanted:
    if not names.sound:  # a name may stand for another than the one that was stored
        return Wanted(causes=sought.causes)
    numbers = tuple(number for number, name in sorted(names.of.items()) if _is_sought(name, sought))
    today = all(is_today(names.of[number][0]) for number in numbers)
    every = sought.kinds is None and sought.origins is None and sought.actors is None
    return Wanted(
        names=None if every else numbers,
        holding=sought.holding if today else (),
        words=sought.words if today else (),
        least=sought.least if today else 0,
        told=tuple(n for n in numbers if names.of[n][0].partition("@")[0] in sought.told) if today else (),
        causes=sought.causes,
    )


def _is_sought(name: tuple[str, str, str], sought: Sought) -> bool:
    stamp, origin, actor = name
    return (
        (sought.kinds is None or stamp.partition("@")[0] in sought.kinds)
        and (sought.origins is None or origin in sought.origins)
        and (sought.actors is None or actor in sought.actors)
    )
