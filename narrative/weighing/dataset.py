"""An ensemble as Parquet: what came of its members, and their events, each a folder with a file a part.

A row of `members` is a member, an arm, a measure and, for what changes by the day, a moment; a row of
`events` is an event that a member lived after the cut.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import polars as pl
from attrs import evolve, frozen

from events.codec import encode
from narrative.analysis.folder import Folder, Schema
from narrative.weighing.ensemble import Arm, Member, Outcome, Work, lived

MEMBERS: Schema = {
    "seed": pl.Int64(), "draw": pl.Int64(), "arm": pl.String(), "measure": pl.String(), "of": pl.String(),
    "moment": pl.Datetime("ms"), "value": pl.Float64(),
}  # fmt: skip  # a table
EVENTS: Schema = {
    "seed": pl.Int64(), "draw": pl.Int64(), "arm": pl.String(), "position": pl.Int64(),
    "moment": pl.Datetime("ms"), "kind": pl.String(), "origin": pl.String(), "actor": pl.String(),
    "fact": pl.String(),
}  # fmt: skip  # a table
TOTAL = "total"  # the measure that is given by the day


@frozen
class Lived:
    """A part of an ensemble as it was lived: what came of its members, and the files that it makes."""

    outcomes: list[Outcome]
    files: tuple[tuple[Folder, bytes], ...]

    def put(self, part: Work) -> None:
        """Write its files. Raises Unwritable."""
        for folder, packed in self.files:
            folder.put(part.number, packed)


@frozen
class Dataset:
    """The folders for what came of an ensemble's members and, if they are kept, for their events."""

    members: Folder
    events: Folder | None

    def live(self, part: Work) -> Lived:
        """Live a part and pack its files, where it is lived: those are light to send, and events are not."""
        found = lived(part, log=self.events is not None)
        rows = pl.DataFrame([row for one in found for row in _rows(one)], schema=MEMBERS, orient="row")
        files = [(self.members, self.members.packed(rows))]
        if self.events is not None:  # before what says that the part is done
            told = pl.DataFrame([row for one in found for row in _told(one)], schema=EVENTS, orient="row")
            files.insert(0, (self.events, self.events.packed(told)))
        return Lived([evolve(one, closes=(), total=(), log=()) for one in found], tuple(files))

    def kept(self, part: Work) -> list[Outcome] | None:
        """Outcomes of a part that was written, but by the day; None where it was not, or a member failed."""
        frame = self.members.read(part.number)
        if frame is None or (self.events is not None and not self.events.has(part.number)):
            return None
        found = []
        alone = frame.filter(pl.col("moment").is_null())
        for key, rows in alone.partition_by("seed", "draw", "arm", as_dict=True).items():
            measures = {(name, of): value for name, of, value in rows.select("measure", "of", "value").rows()}
            member = next(one for one in part.members if (one.seed, one.draw) == key[:2])
            events = int(measures["events", None] or 0)
            found.append(Outcome(member=member, arm=str(key[2]), measures=measures, events=events))
        return found if len(found) == len(part.members) * len(part.arms) else None


def dataset(works: Sequence[Work], members: Path, events: Path | None = None) -> Dataset:
    """The folders of an ensemble: made, or gone on with. Raises Mixed where one holds anything else,
    Unwritable.
    """
    asked = _asked(works)
    found = Dataset(
        Folder(members, "members", asked), None if events is None else Folder(events, "events", asked)
    )
    for folder in (found.members, found.events):
        if folder is not None:
            folder.begin(len(works))
    return found


def _rows(one: Outcome) -> Iterator[tuple[object, ...]]:
    if one.failed is not None:
        return
    who = (one.member.seed, one.member.draw, one.arm)
    for (name, of), value in one.measures.items():
        yield (*who, name, of, None, value)
    for close, value in zip(one.closes, one.total, strict=True):
        yield (*who, TOTAL, None, close * 1000, float(value))


def _told(one: Outcome) -> Iterator[tuple[object, ...]]:
    """The events of an outcome; a fact is its canonical JSON."""
    who = (one.member.seed, one.member.draw, one.arm)
    for event in one.log:
        place = (event.position, event.moment * 1000, event.kind, event.origin, event.actor)
        yield (*who, *place, encode(event.fact).decode())


def _asked(works: Sequence[Work]) -> str:
    """A digest of all that an ensemble was asked."""
    cut, arms = works[0].cut, works[0].arms
    whole = [f"{cut.digest.hex()} {cut.at} {cut.until} {len(works)}", *map(_arm, arms)]
    whole += [_member(one) for work in works for one in work.members]
    return sha256("\n".join(whole).encode()).hexdigest()


def _arm(arm: Arm) -> str:
    of = f" {sorted(arm.parts.items())}" if arm.parts else ""
    return f"{arm.name} {arm.supposed.dump()}{of}"


def _member(member: Member) -> str:
    return f"{member.seed} {member.draw} {sorted(member.set.items())}"
