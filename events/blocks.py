"""From rows as they are stored to rows that can be trusted, fast.

Every row's digest chains to the one before. Checking that chain costs more than reading the row
from disk, so every 256 positions of a tail, once complete, are also sealed as a block: one hash
over whole columns. A block whose seal holds is trusted at once; any other (the last, a part of
one, or one whose seal is missing or wrong) is checked event by event. A seal is a cache: without
it reading is slower, and nothing else. `events.integrity` never looks at seals.
"""

from array import array
from collections.abc import Iterator, Sequence
from hashlib import sha256

from events.branch import Span, cut
from events.codec import GENESIS, chain
from events.errors import RESTORE, Damaged
from events.event import Plain
from events.fields import Fact
from events.stores.protocol import POSITIONS, Name, Store, Stored, address, sealed

# Addresses, moments, numbers of names, causes, bodies and digests of some rows.
Columns = tuple[
    Sequence[int], Sequence[int], Sequence[int], Sequence[str], Sequence[bytes], Sequence[bytes]
]  # fmt: skip  # one line
SPAN = 256
_LOW = SPAN - 1


class Names:
    """The names that stored rows refer to by number: (kind@version, origin, actor), both ways."""

    def __init__(self, rows: Sequence[Name] = ()) -> None:
        self.of: dict[int, tuple[str, str, str]] = {}
        self.numbers: dict[tuple[str, str, str], int] = {}
        self.known: dict[tuple[type[Fact], str, str], tuple[int, str, str]] = {}  # number, stamp, kind
        self.fresh: list[Name] = []
        self.sound = all(row[4] == sealed(*row[:4]) for row in rows)
        for number, kind, origin, actor, _ in rows:
            self._put(number, kind, origin, actor)

    def _put(self, number: int, kind: str, origin: str, actor: str) -> None:
        self.of[number] = kind, origin, actor
        self.numbers[kind, origin, actor] = number

    def knows(self, numbers: Sequence[int]) -> bool:
        """Whether every one of these numbers has a name, and no name was changed in the store."""
        return self.sound and self.of.keys() >= set(numbers)

    def add(self, kind: str, origin: str, actor: str) -> int:
        """The number of a name met for the first time; it is stored with the next batch."""
        number = max(self.of, default=0) + 1
        self._put(number, kind, origin, actor)
        self.fresh.append((number, kind, origin, actor, sealed(number, kind, origin, actor)))
        return number


def taken_apart(rows: Sequence[Stored]) -> Columns:
    """Turn stored rows into columns."""
    return tuple(zip(*rows, strict=True)) if rows else ((), (), (), (), (), ())  # type: ignore[return-value]  # six, as a row has


def seal(columns: Columns) -> bytes:
    """One hash over a block. Raises TypeError or OverflowError for values of other types."""
    addresses, moments, names, causes, bodies, digests = columns
    # No body holds a raw line break (JSON escapes it).
    parts = (
        b"%d %d\n" % (addresses[0], len(addresses)),
        array("q", moments).tobytes(),
        array("q", names).tobytes(),
        "\n".join(causes).encode(),
        b"\n".join(bodies),
        b"".join(digests),
    )
    return sha256(b"".join(parts)).digest()


def seals(rows: Sequence[Stored]) -> tuple[list[tuple[int, bytes]], list[Stored]]:
    """Seals of the blocks that these rows of one tail complete, and the rows left over.

    The rows must begin where a block does, or where the tail does.
    """
    done: list[tuple[int, bytes]] = []
    rest = list(rows)
    while rest:
        first = rest[0][0]
        size = (first | _LOW) - first + 1
        if len(rest) < size:
            break
        done.append((first | _LOW, seal(taken_apart(rest[:size]))))
        rest = rest[size:]
    return done, rest


def block_start(own: int, position: int) -> int:
    """The first position of the block to which a position belongs, in a tail that begins at `own`."""
    return max(own, position & ~_LOW)


def blocks(store: Store, names: Names, line: Sequence[Span], start: int, stop: int) -> Iterator[list[Plain]]:
    """Yield the rows of a read-through line between two positions (both included) block by block, all
    checked. Raises Damaged.
    """
    for at, found in columns(store, names, line, start, stop):
        _, moments, numbers, causes, bodies, digests = found
        kinds, origins, actors = zip(*map(names.of.__getitem__, numbers), strict=True)
        positions = range(at, at + len(moments))
        yield list(zip(positions, moments, kinds, origins, actors, causes, bodies, digests, strict=True))


def columns(
    store: Store, names: Names, line: Sequence[Span], start: int, stop: int
) -> Iterator[tuple[int, Columns]]:
    """Yield the first position and the columns of each block of a read-through line between two positions
    (both included), all checked. Raises Damaged.
    """
    previous: bytes | None = GENESIS if start == 1 else None
    for span in cut(line, start, stop):
        at = span.first
        while at <= span.last:
            end = min(at | _LOW, span.last)
            stored = store.rows(address(span.id, at), address(span.id, end))
            whole = end & _LOW == _LOW and at == block_start(span.own, at) and len(stored) == end - at + 1
            found = taken_apart(stored)
            if not (whole and names.knows(found[2]) and _holds(store, found, address(span.id, end))):
                if previous is None:
                    previous = before(store, line, at)
                _check(store, names, stored, at, end, previous)
            yield at, found
            previous = stored[-1][5]
            at = end + 1


def _holds(store: Store, found: Columns, last: int) -> bool:
    try:
        return store.seal(last) == seal(found)
    except (TypeError, OverflowError):
        return False


def before(store: Store, line: Sequence[Span], position: int) -> bytes:
    """The digest of the event before a position of a line, in whichever tail it lies. Raises Damaged."""
    for span in cut(line, position - 1, position - 1):
        found = store.rows(address(span.id, position - 1), address(span.id, position - 1))
        if found:
            return found[0][5]
        raise damaged(store, position - 1)
    return GENESIS


def _check(
    store: Store, names: Names, stored: list[Stored], position: int, end: int, previous: bytes
) -> None:
    for row in stored:
        if not follows(names, row, position, previous):
            raise damaged(store, position)
        previous = row[5]
        position += 1
    if position <= end:
        raise damaged(store, position)


def follows(names: Names, row: Stored, position: int, previous: bytes) -> bool:
    """Whether a stored row's digest, as the event at `position`, follows from the digest before it."""
    _, moment, number, causes, body, digest = row
    try:
        kind, origin, actor = names.of[number]
        return chain(previous, position, moment, kind, origin, actor, causes, body) == digest
    except (KeyError, TypeError):
        return False


def damaged(store: Store, position: int) -> Damaged:
    return Damaged(
        f"{store.where} is damaged: what lies at position {position & POSITIONS} is not what was appended. "
        + RESTORE
    )
