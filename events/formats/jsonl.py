"""JSON Lines: a log as text, and nothing of it lost. What is read back has the same digests.

The first line says what the file is and lists its branches, parents before children, with where
each was forked and how it ends. Every further line is one event of a branch's own tail, in order,
with the stored bytes of its fact as they are: a digest is taken over those.
"""

from collections.abc import Sequence
from itertools import chain
from typing import BinaryIO

import msgspec

from events.codec import GENESIS, causes_of
from events.log import Log

FORM, VERSION = "narrative-engine log", 1


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


class Header(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first line. `kinds` are those that occur in the log, each with the newest version it has there;
    `beside` are the texts that are kept beside it, by name, which no digest covers.
    """

    form: str
    version: int
    kinds: dict[str, int]
    branches: tuple[Part, ...]
    beside: dict[str, str] = {}  # of a struct, which copies it


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


def _part(log: Log, name: str, parent: str | None, position: int, question: str, end: int) -> Part:
    head = log.head(name)
    if end == head.position:
        return Part(name, parent, position, question, end, head.digest.hex(), head.lived, head.target)
    if end == 0:  # its child begins at the very beginning
        return Part(name, parent, position, question, 0, GENESIS.hex(), None, head.target)
    last = log.event(name, end)  # cut where its child was forked
    return Part(name, parent, position, question, end, last.digest.hex(), last.moment, head.target)


def write(log: Log, parts: Sequence[Part], file: BinaryIO) -> int:
    """Write those branches of a log; gives how many events were written."""
    kinds: dict[str, int] = {}
    for stamp, _, _ in sorted(log.named().values()):
        kind, _, number = stamp.partition("@")
        kinds[kind] = max(kinds.get(kind, 0), int(number))
    header = Header(FORM, VERSION, kinds, tuple(parts), dict(log.texts()))
    file.write(msgspec.json.encode(header) + b"\n")
    encoder, count = msgspec.json.Encoder(), 0
    for part in parts:
        rows = chain.from_iterable(log.plain(part.name, part.position + 1, part.events))
        for position, moment, kind, origin, actor, causes, body, digest in rows:
            reasons = causes_of(position, causes)
            line = Line(
                part.name, position, moment, kind, origin, actor, reasons, msgspec.Raw(body), digest.hex()
            )
            file.write(encoder.encode(line) + b"\n")
            count += 1
    return count
