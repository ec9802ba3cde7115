"""JSON Lines: a log as text, and nothing of it lost. What is read back has the same digests.

The first line says what the file is and lists its branches, parents before children, with where
each was forked and how it ends. Every further line is one event of a branch's own tail, in order,
with the stored bytes of its fact as they are: a digest is taken over those.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec
from attrs import define, field, frozen

from events.codec import GENESIS, chain, decode, nearest
from events.errors import BadFact, UnknownKind, Wrong
from events.event import ORIGINS, Row
from events.fact import LIMIT
from events.facts import KINDS
from events.log import Log

FORM, VERSION = "narrative-engine log", 1
MOST = 1_000  # faults that are told
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A branch as it is handed on: forked off `parent` after `position`, it reads `events` in all."""

    name: str
    parent: str | None
    position: int
    question: str
    events: int
    digest: str
    lived: int | None
    target: int | None


class Header(msgspec.Struct, frozen=True):
    """The first line. `kinds` are those that occur in the log, with the newest version each may have."""

    form: str
    version: int
    kinds: dict[str, int]
    branches: tuple[Part, ...]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One event. `moment` is in seconds since 1970; `kind` bears its version, as in Order@1."""

    branch: str
    position: int
    moment: int
    kind: str
    origin: str
    actor: str
    causes: tuple[int, ...]
    fact: msgspec.Raw
    digest: str


class BadFile(Wrong):
    """A file that is no whole export; its text has a line for each fault."""


@frozen
class Found:
    """An event read back: the branch whose tail it is of, and its row."""

    branch: str
    row: Row


# --- writing --------------------------------------------------------------------------------------


def lineage(log: Log, branch: str | None) -> tuple[Part, ...]:
    """Every branch of a log; or one, with its parents up to where they are read through."""
    known = {one.name: one for one in log.branches()}
    ends = {name: log.head(name).position for name in known} if branch is None else {}
    if branch is not None:
        ends[branch] = log.head(branch).position
        child = known[branch]
        while child.parent is not None:
            parent = known[child.parent]
            ends[parent.name] = max(child.position, parent.position)
            child = parent
    return tuple(_part(log, one.name, one.parent, one.position, one.question, ends[one.name])
                 for one in known.values() if one.name in ends)  # fmt: skip  # one call


def _part(log: Log, name: str, parent: str | None, position: int, question: str, end: int) -> Part:  # noqa: PLR0917  # a row
    head = log.head(name)
    if end == head.position:
        return Part(name, parent, position, question, end, head.digest.hex(), head.lived, head.target)
    row = next(iter(log.rows(name, end, end)))  # cut where its child was forked
    return Part(name, parent, position, question, end, row[7].hex(), row[1], head.target)


def write(log: Log, parts: Sequence[Part], file: BinaryIO) -> int:
    """Write those branches of a log; gives how many events were written."""
    kinds = {kind: KINDS[kind].version for kind in sorted({kind for kind, _, _ in log.met()})}
    file.write(msgspec.json.encode(Header(FORM, VERSION, kinds, tuple(parts))) + b"\n")
    encoder, count = msgspec.json.Encoder(), 0
    for part in parts:
        for position, moment, kind, origin, actor, causes, body, digest in log.rows(
            part.name, part.position + 1, part.events
        ):
            reasons = tuple(map(int, causes.split(","))) if causes else ()
            line = Line(
                part.name, position, moment, kind, origin, actor, reasons, msgspec.Raw(body), digest.hex()
            )
            file.write(encoder.encode(line) + b"\n")
            count += 1
    return count


# --- reading --------------------------------------------------------------------------------------


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
        first = file.readline()
        try:
            header = msgspec.json.decode(first, type=Header)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self.fault(1, "this is not the first line of an exported history; `narrative export` writes such a file")
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
        for index, part in enumerate(header.branches):
            if not _NAME.fullmatch(part.name) or part.name in known:
                self.fault(1, f"{part.name!a} cannot name another branch")
            elif (part.parent is None) != (index == 0) or (index == 0 and part.name != "main"):
                self.fault(1, f"the branch {part.name} has the parent {part.parent}; main alone has none, and is first")
            elif part.parent is not None and part.parent not in known:
                self.fault(1, f"the branch {part.name} stands before its parent {part.parent!a}")
            elif not 0 <= part.position <= part.events or (part.parent and part.position > known[part.parent].events):
                self.fault(1, f"the branch {part.name} is forked after {part.position} and ends at {part.events}, "
                              "which cannot be")  # fmt: skip  # one sentence
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
        for last, text in enumerate(file, 2):
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
        except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
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
            self.fault(number, f"{place} stands here, after {line.branch}@{end}: a line is doubled or out of its place")
            return None
        if line.position > end + 1:
            self.fault(number, f"{place} stands where {line.branch}@{end + 1} belongs: lines are missing or out of their place")
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
        """What no event of ours would say."""
        kind, _, version = line.kind.partition("@")
        if self.header and version not in map(str, range(1, self.header.kinds.get(kind, 0) + 1)):
            return f"is of {line.kind!a}, which the first line does not promise: two exports are mixed"
        if line.origin not in ORIGINS:
            return f"has the origin {line.origin!a}, which is none of {', '.join(ORIGINS)}"
        if not line.actor or not line.actor.isprintable():
            return f"has the actor {line.actor!a}, which names nobody"
        if not moment <= line.moment <= LIMIT:
            return f"happens at {line.moment}, before the event it follows"
        if not all(1 <= cause < line.position for cause in line.causes):
            return f"names the causes {list(line.causes)}, and an event is caused by earlier ones"
        try:
            decode(line.kind, bytes(line.fact))
        except (BadFact, UnknownKind) as error:
            return f"cannot be read: {_short(error)}"
        return ""

    def _check_ends(self, last: int) -> None:
        for part in self.header.branches if self.header else ():
            end, _, digest = self._ends.get(part.name, (part.position, 0, b""))
            if end != part.events:
                self.fault(last, f"the file ends with {part.name}@{end}, and its first line promises {part.name}@{part.events}")
            elif digest and digest.hex() != part.digest:
                self.fault(last, f"{part.name} ends with another digest than the first line says")


def _owner(parts: Mapping[str, Part], part: Part) -> str:
    """The branch in whose own tail the event lies that a branch is forked after."""
    above = parts[part.parent or "main"]
    while above.parent is not None and part.position <= above.position:
        above = parts[above.parent]
    return above.name


def row_of(line: Line) -> Row:
    """The row that is stored of an event."""
    causes = ",".join(map(str, line.causes))
    return (
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
