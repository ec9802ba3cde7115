"""The plain store: lists and dicts, for tests and for histories nobody needs to keep."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from operator import itemgetter
from pathlib import Path

from events.errors import BranchTaken, Unwritable, WrongPosition
from events.stores.protocol import (
    BITS,
    UNTOLD,
    Batch,
    BranchRow,
    Found,
    HeadRow,
    Name,
    Snapshot,
    State,
    Stored,
    Wanted,
)

_address = itemgetter(0)
_AMOUNT = re.compile(rb'{"(?:amount|ceiling)":([1-9][0-9]*)')
_LOWER = bytes(range(256)).lower()  # A to Z alone


def _test(wanted: Wanted) -> Callable[[Stored], bool]:
    names = None if wanted.names is None else frozenset(wanted.names)
    words = [word.encode().translate(_LOWER) for word in wanted.words]
    number = re.compile(b":[0-9]{%d}" % len(str(wanted.least)))
    told = frozenset(wanted.told)
    causes = {str(cause) for cause in wanted.causes}

    def reaches(fact: bytes) -> bool:
        amount = _AMOUNT.match(fact)
        return number.search(fact) is not None if amount is None else int(amount[1]) >= wanted.least

    def holds(row: Stored) -> bool:
        fact = row[4].translate(_LOWER) if words else row[4]
        return (
            (names is None or row[2] in names)
            and (row[2] not in told or UNTOLD not in row[4])
            and all(part in row[4] for part in wanted.holding)
            and all(word in fact for word in words)
            and (not wanted.least or reaches(row[4]))
            and (not causes or not causes.isdisjoint(row[3].split(",")))
        )

    return holds


class MemoryStore:
    """A log that lives as long as this object."""

    where = "memory"

    def __init__(self, first: Batch) -> None:
        self._seen = False
        self._names: list[Name] = []
        self._branches: list[BranchRow] = []
        self._heads: dict[int, HeadRow] = {}
        self._tails: dict[int, list[Stored]] = {}
        self._seals: dict[int, bytes] = {}
        self._snapshots: dict[tuple[int, str], dict[int, Snapshot]] = {}
        self._makers: dict[int, tuple[str, str]] = {}
        self._attached: dict[str, str] = {}
        self.write(first)

    def hold(self) -> None:
        pass

    def changed(self) -> bool:
        seen, self._seen = self._seen, True
        return not seen

    def still(self) -> AbstractContextManager[None]:
        return nullcontext()  # nobody else has it

    def state(self) -> State:
        return State(tuple(self._branches), tuple(self._heads.values()), tuple(self._names))

    def write(self, batch: Batch) -> None:
        if all(self._heads.get(after.branch) == after for _, after in batch.heads) and batch.heads:
            return
        for before, after in batch.heads:
            if self._heads.get(after.branch) != before:
                raise WrongPosition("Another writer has moved this log. Read again and decide again.")
        for row in batch.branches:
            if any(other.name == row.name for other in self._branches):
                raise BranchTaken(f"There is a branch {row.name} already. Choose another name.")
        self._names.extend(batch.names)
        for row in batch.branches:
            self._branches.append(row)
            self._tails[row.id] = []
        for event in batch.events:
            self._tails[event[0] >> BITS].append(event)
        self._seals.update(batch.seals)
        self._heads.update((after.branch, after) for _, after in batch.heads)

    def rows(self, first: int, last: int) -> list[Stored]:
        tail = self._tails.get(first >> BITS, [])
        return tail[bisect_left(tail, first, key=_address) : bisect_right(tail, last, key=_address)]

    def find(self, first: int, last: int, wanted: Wanted) -> list[Found]:
        tail = self._tails.get(first >> BITS, [])
        start = bisect_left(tail, first, key=_address)
        rows = enumerate(self.rows(first, last), start)
        is_wanted = _test(wanted)
        return [(row, tail[i - 1][5] if i else None) for i, row in rows if is_wanted(row)]

    def after(self, first: int) -> int | None:
        for number in sorted(self._tails):
            tail = self._tails[number]
            if tail and tail[-1][0] >= first:
                return tail[bisect_left(tail, first, key=_address)][0]
        return None

    def seal(self, last: int) -> bytes | None:
        return self._seals.get(last)

    def remember(self, snapshots: Sequence[Snapshot]) -> None:
        for snapshot in snapshots:
            branch, position, of = snapshot[:3]
            self._snapshots.setdefault((branch, of), {})[position] = snapshot

    def snapshot(self, branch: int, position: int, of: str) -> Snapshot | None:
        kept = self._snapshots.get((branch, of), {})
        at = max((p for p in kept if p <= position), default=None)
        return None if at is None else kept[at]

    def sign(self, branch: int, program: str, model: str) -> None:
        self._makers[branch] = program, model

    def signed(self, branch: int) -> tuple[str, str] | None:
        return self._makers.get(branch)

    def attach(self, name: str, text: str) -> None:
        self._attached[name] = text

    def attached(self) -> Mapping[str, str]:
        return self._attached

    def forget(self) -> None:
        self._snapshots.clear()

    def check(self) -> tuple[str, ...]:
        return ()

    def backup(self, path: Path) -> None:
        raise Unwritable(f"A log in memory cannot be copied to {path}; open one in a file and live it there.")

    def close(self) -> None:
        pass
