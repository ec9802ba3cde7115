"""The store of a log: the one Protocol of the house, and the rows that cross it.

A store keeps rows and knows nothing of facts. It promises three things: a batch is written whole
or not at all; what `write` returned from is on disk; rows come back in the order of their
addresses. Everything else (positions, digests, read-through, trust) is `events.log`'s.

An address is a branch's number and a position in one integer, so that a history is one range of
one integer key and needs no second index.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from attrs import frozen

from events.codec import GENESIS
from events.fields import LIMIT

BITS = 40
POSITIONS = (1 << BITS) - 1
NUMBERS = (1 << 62 - BITS) - 1  # of branches
NAMES = 1 << 22
FIRST, LAST = -(1 << 63), (1 << 63) - 1  # that SQLite takes for an address

# One event as stored: address, moment, number of its name, causes, body, digest.
Stored = tuple[int, int, int, str, bytes, bytes]
# What a name's number stands for: number, kind@version, origin, actor, seal.
Name = tuple[int, str, str, str, bytes]
# A remembered fold: branch, position, what made it, chain digest there, data, check.
Snapshot = tuple[int, int, str, bytes, bytes, bytes]


def address(branch: int, position: int) -> int:
    """The address of the event at a position of a branch's own tail."""
    return branch << BITS | position


def sealed(*values: object) -> bytes:
    """A checksum of plain values, which tells 5 from "5" and None from "None"."""
    return sha256(ascii(values).encode()).digest()


def could_name(row: Name) -> bool:
    """Whether the row of a name has values that one may have, were they written or not."""
    number, kind, origin, actor, _ = row
    return (
        _are(int, number)
        and _are(str, kind, origin, actor)
        and 0 < number <= NAMES
        and kind.rpartition("@")[2].isdecimal()
    )


def _are(kind: type, *values: object) -> bool:
    """Whether values are of a type: SQLite keeps any in any column, and whoever forges one can seal it."""
    return all(type(value) is kind for value in values)


def _said(value: int | None) -> tuple[int, ...]:
    return () if value is None else (value,)


@frozen
class BranchRow:
    """A branch as stored. `parent` is a branch's number, None for the first."""

    id: int
    name: str
    parent: int | None
    position: int
    question: str
    seal: bytes

    def whole(self) -> bool:
        """Whether the row holds the values that were written, by its seal."""
        return (
            _are(int, self.id, self.position, *_said(self.parent))
            and _are(str, self.name, self.question)
            and 0 < self.id <= NUMBERS
            and 0 <= self.position <= POSITIONS
            and self.seal == sealed(self.id, self.name, self.parent, self.position, self.question)
        )


@frozen
class HeadRow:
    """How far a branch reaches, and how far it has been and shall be lived."""

    branch: int
    position: int
    digest: bytes
    lived: int | None
    target: int | None
    seal: bytes

    def whole(self) -> bool:
        """Whether the row holds the values that were written, by its seal."""
        moments = (*_said(self.lived), *_said(self.target))
        return (
            _are(int, self.branch, self.position, *moments)
            and 0 <= self.position <= POSITIONS
            and all(-LIMIT <= moment <= LIMIT for moment in moments)
            and _are(bytes, self.digest)
            and len(self.digest) == len(GENESIS)
            and self.seal == sealed(self.branch, self.position, self.digest, self.lived, self.target)
        )


def branch_row(number: int, name: str, parent: int | None, position: int, question: str) -> BranchRow:
    return BranchRow(
        number, name, parent, position, question, sealed(number, name, parent, position, question)
    )


def head_row(branch: int, position: int, digest: bytes, lived: int | None, target: int | None) -> HeadRow:
    return HeadRow(branch, position, digest, lived, target, sealed(branch, position, digest, lived, target))


@frozen
class State:
    """Everything of a log but its events and snapshots."""

    branches: tuple[BranchRow, ...] = ()
    heads: tuple[HeadRow, ...] = ()
    names: tuple[Name, ...] = ()


@frozen(kw_only=True)
class Batch:
    """Rows that are written together. `heads` pairs the head expected to lie there (None for a new
    branch) with the one to put in its place; `seals` are of whole blocks, by last address.
    """

    names: Sequence[Name] = ()
    branches: Sequence[BranchRow] = ()
    heads: Sequence[tuple[HeadRow | None, HeadRow]] = ()
    events: Sequence[Stored] = ()
    seals: Sequence[tuple[int, bytes]] = ()


# How a fact that nobody told is stored; within a text its quotes would be escaped.
UNTOLD = b'"told":null'


@frozen(kw_only=True)
class Wanted:
    """Conditions on rows to find: a row must meet every one that is given. `names` are numbers of names;
    `holding` are bytes of the fact, `words` its words with A to Z in either case; it begins with an
    amount or a ceiling of `least` or more, or else holds a number of as many digits; somebody told it,
    where its name is among `told`; one of its causes is among `causes`.
    """

    names: tuple[int, ...] | None = None
    holding: tuple[bytes, ...] = ()
    words: tuple[str, ...] = ()
    least: int = 0
    told: tuple[int, ...] = ()
    causes: frozenset[int] = frozenset()


# A row that was looked for, and the digest that the row before it in its tail has, if there is one.
Found = tuple[Stored, bytes | None]


class Store(Protocol):
    """The place a log is kept in, as the log needs it. Failures are subclasses of `Wrong`."""

    where: str

    def hold(self) -> None:
        """Become the one writer until closed. Raises Locked or Unwritable."""

    def changed(self) -> bool:
        """Whether somebody else has written since the last call; true at the first."""

    def still(self) -> AbstractContextManager[None]:
        """Within, `state`, `rows`, `after` and `check` are as of one instant, whoever writes meanwhile."""

    def state(self) -> State:
        """Branches, heads and names, all as of one instant."""

    def write(self, batch: Batch) -> None:
        """Write all of it, or nothing; durable on return, and harmless when repeated.

        Raises WrongPosition when a head is not the one expected.
        """

    def rows(self, first: int, last: int) -> list[Stored]:
        """The rows at those addresses, both included, in order."""

    def find(self, first: int, last: int, wanted: Wanted) -> list[Found]:
        """Of the rows at those addresses, both included, those that are wanted, in order. Threads may ask."""

    def after(self, first: int) -> int | None:
        """The first address in use at or after that one."""

    def seal(self, last: int) -> bytes | None:
        """The seal of the block that ends at that address."""

    def remember(self, snapshots: Sequence[Snapshot]) -> None:
        """Keep these, each in place of one of the same branch, position and maker."""

    def snapshot(self, branch: int, position: int, of: str) -> Snapshot | None:
        """The latest of a branch's own tail at or before that position."""

    def forget(self) -> None:
        """Drop every snapshot."""

    def sign(self, branch: int, program: str, model: str) -> None:
        """Keep which version of a program and of its model began a branch, beside the branch."""

    def signed(self, branch: int) -> tuple[str, str] | None:
        """The version of the program and of the model that began a branch, where that was kept."""

    def attach(self, name: str, text: str) -> None:
        """Keep a text beside the log, in place of one of that name."""

    def attached(self) -> Mapping[str, str]:
        """The texts that were kept beside the log, by name. Raises Damaged."""

    def check(self) -> tuple[str, ...]:
        """The faults of the store's own structure, a sentence each; empty for none."""

    def backup(self, path: Path) -> None:
        """Copy all of it to a new file, which appears there complete or not at all."""

    def close(self) -> None:
        """Let go of the file and of the lock."""
