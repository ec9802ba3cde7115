"""Reading back what `events.formats.jsonl` wrote, and finding everything that is wrong with it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec
from attrs import define, field, frozen

from events.branch import MAIN, check_words
from events.codec import GENESIS, chain, decode, nearest
from events.errors import BadFact, BadName, UnknownKind, Wrong
from events.event import ORIGINS, Row
from events.fields import LIMIT
from events.formats.jsonl import FORM, VERSION, Header, Line, Part

MOST = 1_000  # faults that are told
LONGEST = 1 << 27  # bytes of a line with its end: the Opening holds a story whole


class BadFile(Wrong):
    """A file that is no whole export; its text has a line for each fault."""


@frozen
class Found:
    """An event read back: the branch whose tail it is of, and its row."""

    branch: str
    row: Row


@define
class Reader:
    """Reads a file once, and notes every fault with its line. `header` is there after `begin`."""

    path: Path
    faults: list[str] = field(factory=list)
    count: int = 0
    header: Header | None = None
    _ends: dict[str, tuple[int, int, bytes]] = field(factory=dict)  # where each branch stands so far
    _forks: dict[tuple[str, int], tuple[int, bytes]] = field(factory=dict)  # what children begin after

    def fault(self, line: int, what: str) -> None:
        """Note what is wrong with a line; of a file that is nothing but faults, not every one is kept."""
        self.count += 1
        if self.count <= MOST:
            self.faults.append(f"{self.path}:{line}: {what}.")

    def told(self) -> str:
        """Every fault, a line each."""
        more = [f"… and {self.count - MOST} more faults."] if self.count > MOST else []
        return "\n".join([*self.faults, *more])

    def begin(self, file: BinaryIO) -> bool:
        """Read the first line. Where it is none of ours, nothing more can be said."""
        first = file.readline(LONGEST + 1)
        if len(first) > LONGEST:
            self.fault(1, _too_long())
            return False
        try:
            header = msgspec.json.decode(first, type=Header)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self.fault(
                1, "this is not the first line of an exported history; `narrative export` writes such a file"
            )
            return False
        if header.form != FORM or header.version != VERSION:
            self.fault(1, f"the file is of the form {header.form!a} {header.version}, and this program reads "
                          f"{FORM!r} {VERSION}")  # fmt: skip  # one sentence
            return False
        self.header = header
        self._check_branches(header)
        return not self.faults

    def _check_branches(self, header: Header) -> None:
        known: dict[str, Part] = {}
        for part in header.branches:
            what = _unlikely(part, known)
            if what:
                self.fault(1, f"the branch {part.name!a} {what}")
            known[part.name] = part
        if not header.branches:
            self.fault(1, "no branches are listed")
        for part in header.branches[1:] if not self.faults else ():
            self._forks[_owner(known, part), part.position] = (-LIMIT, GENESIS)

    def events(self, file: BinaryIO) -> Iterator[Found]:
        """Every event that can be read. When they are spent, `faults` holds all that is wrong."""
        if self.header is None:
            return
        parts = {part.name: part for part in self.header.branches}
        self._begin(self.header.branches[0], parts)
        last = 1
        for last, text in enumerate(iter(lambda: file.readline(LONGEST + 1), b""), 2):
            if len(text) > LONGEST:
                self.fault(last, _too_long())
                break
            line = self._line(last, text)
            if line is not None and line.branch not in parts:
                near = nearest(line.branch, parts)
                hint = f", perhaps {near}" if near else ""
                self.fault(last, f"{line.branch!a} is no branch of this file{hint}")
            elif line is not None:
                found = self._found(last, line, parts)
                if found is not None:
                    yield found
        self._check_ends(last)

    def _line(self, number: int, text: bytes) -> Line | None:
        try:
            line = msgspec.json.decode(text, type=Line)
            bytes.fromhex(line.digest)
        except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError) as error:
            if b'"form"' in text[:20]:
                self.fault(number, "another export begins here; a file holds one")
            elif not text.endswith(b"\n"):
                self.fault(number, "the file breaks off within this line")
            else:
                self.fault(number, f"this line is no event ({_short(error)})")
            return None
        return line

    def _begin(self, part: Part, parts: Mapping[str, Part]) -> None:
        """Set a branch to where its own tail begins."""
        if part.parent is None:
            self._ends[part.name] = (0, -LIMIT, GENESIS)
        else:
            moment, digest = self._forks[_owner(parts, part), part.position]
            self._ends[part.name] = (part.position, moment, digest)

    def _found(self, number: int, line: Line, parts: Mapping[str, Part]) -> Found | None:
        if line.branch not in self._ends:
            self._begin(parts[line.branch], parts)
        end, moment, digest = self._ends[line.branch]
        place = f"{line.branch}@{line.position}"
        if line.position <= end:
            self.fault(
                number,
                f"{place} stands here, after {line.branch}@{end}: a line is doubled or out of its place",
            )
            return None
        if line.position > end + 1:
            self.fault(
                number,
                f"{place} stands where {line.branch}@{end + 1} belongs: lines are missing or out of place",
            )
        elif chained(line, digest) != bytes.fromhex(line.digest):
            self.fault(number, f"{place} does not follow from what is before it: something in it was changed")
        what = self._wrong(line, moment)
        if what:
            self.fault(number, f"{place} {what}")
        found = bytes.fromhex(line.digest)
        self._ends[line.branch] = (line.position, line.moment, found)
        if (line.branch, line.position) in self._forks:
            self._forks[line.branch, line.position] = (line.moment, found)
        return Found(line.branch, row_of(line))

    def _wrong(self, line: Line, moment: int) -> str:
        """The fault, in words, of a line that no event of ours would write; empty for none."""
        kind, _, version = line.kind.partition("@")
        if self.header and version not in map(str, range(1, self.header.kinds.get(kind, 0) + 1)):
            return f"is of {line.kind!a}, which the first line does not promise: two exports are mixed"
        if line.origin not in ORIGINS:
            return f"has the origin {line.origin!a}, which is none of {', '.join(ORIGINS)}"
        if not line.actor or not line.actor.isprintable():
            return f"has the actor {line.actor!a}, which names nobody"
        if not moment <= line.moment <= LIMIT:
            late = line.moment > LIMIT
            return f"happens at {line.moment}, {'beyond all time' if late else 'before the event it follows'}"
        if not all(1 <= cause < line.position for cause in line.causes):
            return f"names the causes {list(line.causes)}, and an event is caused by earlier ones"
        return _unreadable(line)

    def _check_ends(self, last: int) -> None:
        parts = {part.name: part for part in self.header.branches} if self.header else {}
        for part in parts.values():
            if part.name not in self._ends:  # it has no events of its own
                self._begin(part, parts)
            end, moment, digest = self._ends[part.name]
            if end != part.events:
                self.fault(
                    last,
                    f"the file ends with {part.name}@{end}, and its first line promises {part.events}",
                )
            elif digest.hex() != part.digest:
                self.fault(last, f"{part.name} ends with another digest than the first line says")
            for what, at in (("was lived up to", part.lived), ("is meant to be lived up to", part.target)):
                if at is not None and not moment <= at <= LIMIT:
                    self.fault(
                        1, f"{part.name} {what} {at}, which is before its last event or beyond all time"
                    )


def _too_long() -> str:
    return f"this line has more than {LONGEST >> 20} MB; what follows was not read"


def _unlikely(part: Part, known: Mapping[str, Part]) -> str:
    """The fault, in words, of a branch that cannot follow the branches before it; empty for none."""
    try:
        check_words(part.name, part.question)
    except BadName as error:
        return f"cannot be: {_short(error)}"
    if part.name in known:
        return "stands there twice"
    if part.parent is None:
        return "" if not known and part.name == MAIN else "has no parent; main alone has none, and is first"
    if part.parent not in known:
        return f"stands before its parent {part.parent!a}"
    if not 0 <= part.position <= min(part.events, known[part.parent].events):
        return f"is forked after {part.position} and ends at {part.events}, which cannot be"
    return ""


def _unreadable(line: Line) -> str:
    try:
        decode(line.kind, bytes(line.fact))
    except (BadFact, UnknownKind) as error:
        return f"cannot be read: {_short(error)}"
    return ""


def _owner(parts: Mapping[str, Part], part: Part) -> str:
    """The branch in whose own tail the event lies that a branch is forked after."""
    above = parts[part.parent or MAIN]
    while above.parent is not None and part.position <= above.position:
        above = parts[above.parent]
    return above.name


def row_of(line: Line) -> Row:
    """The row that is stored of an event."""
    causes = ",".join(map(str, line.causes))
    return Row(
        line.position, line.moment, line.kind, line.origin, line.actor, causes, bytes(line.fact),
        bytes.fromhex(line.digest),
    )  # fmt: skip  # one row


def chained(line: Line, previous: bytes) -> bytes:
    """The digest that an event must have after another."""
    position, moment, kind, origin, actor, causes, body, _ = row_of(line)
    try:
        return chain(previous, position, moment, kind, origin, actor, causes, body)
    except UnicodeEncodeError:
        return b""


def _short(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
