"""An ensemble as Parquet: a folder with a file a part, which polars, DuckDB and pandas read as one table.

A row is a member, an arm, a measure and, for what changes by the day, a moment. Each file also carries what
the whole ensemble was asked, so that one that was cut short is gone on with and no other is mixed in.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import polars as pl
from attrs import frozen

from events.errors import Wrong
from events.files import Taken, beside, unwritable
from narrative.whatif.ensemble import Arm, Member, Outcome, Work

SCHEMA: dict[str, pl.DataType] = {
    "seed": pl.Int64(),
    "draw": pl.Int64(),
    "arm": pl.String(),
    "measure": pl.String(),
    "of": pl.String(),
    "moment": pl.Datetime("ms"),
    "value": pl.Float64(),
}
KEY = "narrative"  # of what was asked, in a file's metadata
TOTAL = "total"  # the measure that is given by the day


class Mixed(Taken):
    """A folder that holds another ensemble, or something else."""


@frozen
class Parts:
    """The folder of an ensemble, and the digest of what it was asked."""

    path: Path
    asked: str

    def kept(self, part: Work) -> list[Outcome] | None:
        """Outcomes of a part as they were written; None where they were not, or one of its members failed."""
        file = self._file(part)
        if not file.is_file() or pl.read_parquet_metadata(file).get(KEY) != self.asked:
            return None
        frame = pl.read_parquet(file)
        days = frame.filter(pl.col("moment").is_not_null())
        alone = frame.filter(pl.col("moment").is_null())
        total = days.partition_by("seed", "draw", "arm", as_dict=True)
        found = []
        for key, rows in alone.partition_by("seed", "draw", "arm", as_dict=True).items():
            measures = {(name, of): value for name, of, value in rows.select("measure", "of", "value").rows()}
            member = next(one for one in part.members if (one.seed, one.draw) == key[:2])
            closes = total[key]["moment"].dt.epoch("s").to_list() if key in total else []
            values = total[key]["value"].cast(pl.Int64).to_list() if key in total else []
            found.append(
                Outcome(
                    member=member,
                    arm=str(key[2]),
                    measures=measures,
                    closes=tuple(closes),
                    total=tuple(values),
                    events=int(measures["events", None] or 0),
                )
            )
        return found if len(found) == len(part.members) * len(part.arms) else None

    def write(self, part: Work, outcomes: Sequence[Outcome]) -> None:
        """Write a part, which appears whole or not at all. Raises Unwritable."""
        frame = pl.DataFrame([row for one in outcomes for row in _rows(one)], schema=SCHEMA, orient="row")
        with beside(self._file(part)) as file:
            frame.write_parquet(file, metadata={KEY: self.asked})

    def _file(self, part: Work) -> Path:
        return self.path / f"part-{part.number:05}.parquet"


def _rows(one: Outcome) -> Iterator[tuple[object, ...]]:
    if one.failed is not None:
        return
    who = (one.member.seed, one.member.draw, one.arm)
    for (name, of), value in one.measures.items():
        yield (*who, name, of, None, value)
    for close, value in zip(one.closes, one.total, strict=True):
        yield (*who, TOTAL, None, close * 1000, float(value))


def parts_at(path: Path, works: Sequence[Work]) -> Parts:
    """The folder at a path for an ensemble's parts: made, or gone on with. Raises Mixed where it holds
    anything else, Unwritable.
    """
    asked = _asked(works)
    if path.exists() and not path.is_dir():
        raise Mixed(f"{path} is a file, and a folder of parts was to be written there. Name another.")
    try:
        path.mkdir(exist_ok=True)
        there = sorted(one for one in path.iterdir() if not one.name.startswith("."))
    except OSError as error:
        raise unwritable(path, error.strerror or str(error)) from None
    for file in there:
        if not _is_of(file, asked):
            raise Mixed(f"{file} is of another ensemble, or of none, so nothing was written. Name another.")
    return Parts(path, asked)


def _is_of(file: Path, asked: str) -> bool:
    try:
        return file.is_file() and pl.read_parquet_metadata(file).get(KEY) == asked
    except (pl.exceptions.PolarsError, OSError, Wrong):
        return False


def _asked(works: Sequence[Work]) -> str:
    """A digest of all that an ensemble was asked."""
    cut, arms = works[0].cut, works[0].arms
    whole = [f"{cut.digest.hex()} {cut.at} {cut.until} {len(works)}", *map(_arm, arms)]
    whole += [_member(one) for work in works for one in work.members]
    return sha256("\n".join(whole).encode()).hexdigest()


def _arm(arm: Arm) -> str:
    return f"{arm.name} {arm.supposed.dump()}"


def _member(member: Member) -> str:
    return f"{member.seed} {member.draw} {sorted(member.set.items())}"
