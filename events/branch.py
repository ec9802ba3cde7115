"""Branches: a branch is a parent, a position and a tail.

Reading a branch reads its parent up to the position, and then its own tail. Nothing is copied, so
a fork costs the same at the first event as at the ten-millionth, and what either side appends
later lies where the other never looks.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from attrs import define, field, frozen

from events.codec import GENESIS, nearest
from events.errors import BadName, UnknownBranch
from events.stores.protocol import (
    Batch,
    BranchRow,
    HeadRow,
    State,
    Stored,
    branch_row,
    could_name,
    head_row,
)

MAIN = "main"
_OPEN = 1 << 62  # a tail has no last position yet
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@frozen
class Branch:
    """A branch: forked off `parent` (None for main) after `position`, to ask `question`."""

    name: str
    parent: str | None
    position: int
    question: str


@frozen
class Head:
    """The end of a branch. `moment` is its last event's (None when it has none); `lived` and
    `target` are moments up to which it has been, and is meant to be, lived.
    """

    position: int
    moment: int | None
    digest: bytes
    lived: int | None
    target: int | None


@frozen
class Span:
    """Positions `first` to `last` are in the tail of branch `id`, whose own tail begins at `own`."""

    id: int
    own: int
    first: int
    last: int


@define
class Tip:
    """The end of a branch while a log is open: what is stored, and the rows still to be."""

    row: BranchRow
    stored: HeadRow
    line: tuple[Span, ...]
    position: int
    digest: bytes
    lived: int | None
    target: int | None
    moment: int | None = None
    looked: bool = False  # whether `moment` has been read
    pending: list[Stored] = field(factory=list)

    def new(self) -> bool:
        """Whether the branch is a fork with no events of its own yet."""
        return self.row.parent is not None and self.position == self.row.position

    def head(self) -> HeadRow:
        """The head as it stands now, to be stored with the pending rows."""
        return head_row(self.row.id, self.position, self.digest, self.lived, self.target)


def first_batch() -> Batch:
    """The batch that begins an empty log: the branch main, with no events."""
    return Batch(
        branches=(branch_row(1, MAIN, None, 0, ""),), heads=((None, head_row(1, 0, GENESIS, None, None)),)
    )


def check_words(name: str, question: str) -> None:
    """Raises BadName for a name that could not be written after `@` on a command line, or for a
    question that is no text, or would command a terminal.
    """
    try:
        question.encode()
    except UnicodeEncodeError:
        raise BadName(f"The question of {name!a}, {question!a}, is not UTF-8 text.") from None
    if any(unicodedata.category(letter) == "Cc" and letter not in "\t\n" for letter in question):
        raise BadName(f"The question of {name!a}, {question!a}, has control characters; leave them out.")
    if not _NAME.fullmatch(name):
        raise BadName(
            f'"{name}" cannot name a branch; use letters, digits, ".", "-", "_", as in "no-deal.2".'
        )


def line(parent: Sequence[Span], row: BranchRow) -> tuple[Span, ...]:
    """The spans that a branch reads through: its parent's up to the fork, and its own tail."""
    own = row.position + 1
    return (*cut(parent, 1, row.position), Span(row.id, own, own, _OPEN))


def cut(spans: Sequence[Span], start: int, stop: int) -> list[Span]:
    """The parts of the spans that lie between two positions, both included."""
    return [
        Span(span.id, span.own, max(span.first, start), min(span.last, stop))
        for span in spans
        if span.first <= stop and span.last >= start
    ]


def tips(state: State) -> tuple[dict[str, Tip], list[tuple[str, int, str]]]:
    """The branches of a log by name, and the faults (branch, position, what) found in their rows."""
    faults: list[tuple[str, int, str]] = []
    heads = {head.branch: head for head in state.heads if head.whole()}
    lines: dict[int | None, tuple[Span, ...]] = {None: ()}
    ends: dict[int | None, int] = {}
    found: dict[str, Tip] = {}
    for row in state.branches:
        head = heads.pop(row.id, None)
        if row.whole() and not _NAME.fullmatch(row.name):  # its tables are kept in a folder of that name
            faults.append((repr(row.name), 0, "this cannot name a branch"))
        elif not row.whole() or not _follows(row, ends):
            faults.append((str(row.name), 0, "the row that says what this branch is was changed"))
        elif head is None or head.position < row.position:
            faults.append((row.name, row.position, "the row that says where it ends was changed or lost"))
        else:
            ends[row.id] = head.position
            lines[row.id] = spans = line(lines[row.parent], row)
            found[row.name] = Tip(row, head, spans, head.position, head.digest, head.lived, head.target)
    if heads or len(state.heads) > len(state.branches):
        faults.append(("", 0, "a branch was deleted, and its end was left behind"))
    if not found and not faults:
        faults.append(("", 0, "the list of branches is empty"))
    faults += [("", 0, f"{row[0]!a} is given for a name") for row in state.names if not could_name(row)]
    return found, faults


def _follows(row: BranchRow, ends: Mapping[int | None, int]) -> bool:
    """Whether a branch begins with nothing, as the first alone does, or within one that is there."""
    return row.position <= ends.get(row.parent, -1) if ends else row.parent is None and not row.position


def unknown(name: str, names: Sequence[str]) -> UnknownBranch:
    near = nearest(name, names)
    hint = f' Did you mean "{near}"?' if near else f" There are: {', '.join(names)}."
    return UnknownBranch(f'There is no branch "{name}".{hint}')
