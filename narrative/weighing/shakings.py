"""How seeds break, as Parquet: a folder with a file a seed and date, a row a kind of shock."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import polars as pl
from attrs import asdict, frozen

from narrative.analysis.folder import Folder, Schema
from narrative.story.calendar import Calendar
from narrative.weighing.fragility import Broken, Job, Shaken, story_at

SHAKEN: Schema = {
    "at": pl.String(), "seed": pl.Int64(), "alone": pl.Boolean(), "kind": pl.String(), "unit": pl.String(),
    "size": pl.Float64(), "by": pl.String(), "fall": pl.Float64(), "nearest": pl.String(),
    "own": pl.Float64(), "monotone": pl.Boolean(), "back": pl.Boolean(), "remains": pl.Float64(),
}  # fmt: skip  # a table
BROKEN = ("size", "by", "fall", "nearest", "own", "monotone", "back", "remains")


@frozen
class Kept:
    """A folder for how each seed breaks at each date."""

    folder: Folder
    calendar: Calendar

    def read(self, number: int) -> Shaken | None:
        """How a seed breaks, as it was kept; None where it was not."""
        frame = self.folder.read(number)
        if frame is None:
            return None
        return Shaken(bool(frame["alone"].any()), [Broken(**row) for row in frame.select(BROKEN).to_dicts()])

    def put(self, number: int, job: Job, found: Shaken) -> None:
        """Keep how a seed breaks. Raises Unwritable."""
        who = {"at": self.calendar.iso(job.before.at), "seed": job.seed, "alone": found.alone}
        rows = [
            {**who, "kind": dial.kind, "unit": dial.unit, **asdict(one)}
            for dial, one in zip(job.dials, found.kinds, strict=True)
        ]
        self.folder.put(number, self.folder.packed(pl.DataFrame(rows, schema=SHAKEN)))


def kept(path: Path, jobs: Sequence[Job]) -> Kept:
    """The folder at a path for how seeds break: made, or gone on with. Raises Mixed where it holds anything
    else, Unwritable.
    """
    cuts = [f"{job.before.digest.hex()} {job.before.at} {job.before.until}" for job in jobs]
    asked = [f"{cut} {job.seed} {job.dials}" for cut, job in zip(cuts, jobs, strict=True)]
    folder = Folder(path, "shaken", sha256("\n".join(asked).encode()).hexdigest())
    folder.begin(len(jobs))
    return Kept(folder, story_at(jobs[0].before).calendar)
