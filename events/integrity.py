"""Looking for damage: every row of a file against its digest, one at a time.

Trusts nothing that reading trusts: no seal, no order, no count. A fault says where, and whether
bytes were changed or rows and structure are lost.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal

from attrs import frozen

from events.blocks import Names, follows
from events.branch import Tip, cut, tips
from events.codec import GENESIS
from events.errors import Wrong
from events.stores.protocol import BITS, FIRST, LAST, POSITIONS, Store, Stored, address, sealed

STEP = 1000  # rows looked at together
MOST = 100  # faults told of one branch; a file worse than that needs its backup


@frozen
class Fault:
    """One thing that is not as it was appended. Position 0 means the branch, or the file, itself."""

    branch: str
    position: int
    what: str
    verdict: Literal["changed", "damaged"] = "changed"


def verify(store: Store) -> tuple[Fault, ...]:
    """Every fault of a log: of its list of branches, then branch by branch, then of its structure."""
    try:
        state = store.state()
    except Wrong as error:
        return (Fault("", 0, str(error), "damaged"),)
    found, broken = tips(state)
    names = Names(state.names)
    faults = [Fault(*fault) for fault in broken]
    for tip in found.values():
        faults += islice(_tail(store, names, tip), MOST)
    faults += [
        Fault("", 0, f"the row that says what name {row[0]} is was changed")
        for row in state.names
        if row[4] != sealed(*row[:4])
    ]
    faults += islice(_strays(store, list(found.values())), MOST)
    return (*faults, *_structure(store))


def _tail(store: Store, names: Names, tip: Tip) -> Iterator[Fault]:
    branch, number, end = tip.row.name, tip.row.id, tip.stored.position
    expected = tip.row.position + 1
    previous = _digest_at(store, tip, tip.row.position)
    for at, row in _rows(store, number, expected, end):
        if at > expected:
            yield _missing(branch, expected, at - 1)
            previous = None
        expected = at + 1
        if isinstance(row, Wrong):
            yield Fault(branch, at, str(row), "damaged")
            previous = None
            continue
        if previous is not None and not follows(names, row, at, previous):
            yield Fault(branch, at, "this event is not the one that was appended")
        previous = row[5] if isinstance(row[5], bytes) else None
    if expected <= end:
        yield _missing(branch, expected, end)
    elif previous is not None and previous != tip.stored.digest:
        yield Fault(branch, end, "the branch does not end with the event it ended with")


def _missing(branch: str, first: int, last: int) -> Fault:
    what = f"the events up to {last} are missing" if last > first else "this event is missing"
    return Fault(branch, first, what, "damaged")


def _rows(store: Store, branch: int, first: int, last: int) -> Iterator[tuple[int, Stored | Wrong]]:
    for start in range(first, last + 1, STEP):
        end = min(start + STEP - 1, last)
        try:
            rows = store.rows(address(branch, start), address(branch, end))
        except Wrong:
            yield from _one_by_one(store, branch, start, end)
            continue
        for row in rows:
            if isinstance(row[0], int):
                yield row[0] & POSITIONS, row


def _one_by_one(store: Store, branch: int, first: int, last: int) -> Iterator[tuple[int, Stored | Wrong]]:
    for position in range(first, last + 1):
        try:
            for row in store.rows(address(branch, position), address(branch, position)):
                yield position, row
        except Wrong as error:
            yield position, error


def _digest_at(store: Store, tip: Tip, position: int) -> bytes | None:
    if position == 0:
        return GENESIS
    for span in cut(tip.line, position, position):
        try:
            for row in store.rows(address(span.id, position), address(span.id, position)):
                return row[5]
        except Wrong:
            pass
    return None  # told of the branch that holds it


def _strays(store: Store, found: Sequence[Tip]) -> Iterator[Fault]:
    """Rows that lie between the tails, where no branch would read them."""
    names = {tip.row.id: tip.row.name for tip in found}
    ends = [FIRST, *(address(tip.row.id, tip.stored.position + 1) for tip in found)]
    starts = [*(address(tip.row.id, tip.row.position + 1) for tip in found), LAST]
    for end, start in zip(ends, starts, strict=True):
        try:
            at = store.after(end)
        except Wrong:
            continue  # its structure is told of below
        if at is not None and (at < start or start == LAST):
            yield Fault(
                names.get(at >> BITS, ""), at & POSITIONS, "an event lies where no branch reaches", "damaged"
            )


def _structure(store: Store) -> Iterator[Fault]:
    try:
        lines = store.check()
    except Wrong as error:
        lines = (str(error),)
    for text in lines[:MOST]:
        yield Fault("", 0, text, "damaged")
