"""Members of one lot, each kept as a table of what was measured of its arms (`narrative.weighing.spared`)."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import polars as pl
from attrs import frozen

from events.cache import Kept, Unkept

Rows = Mapping[str, Mapping[str, float]]  # what is measured, by arm
SCHEMA = {"arm": pl.String(), "measure": pl.String(), "value": pl.Float64()}


@frozen
class Lot:
    """The members of one lot, by their place in it; `asked` is a digest of all that was asked of the lot."""

    kept: Kept
    name: str
    asked: str

    def read(self, place: int, member: object) -> Rows | None:
        """The rows of a member by arm; None where they are not kept."""
        file = self.kept.find(f"{self.name}-{place:05}", (self.asked, member))
        return None if file is None else _read(file)

    def put(self, place: int, member: object, rows: Rows) -> None:
        """Keep the rows of a member, where anything can be kept."""
        self.kept.keep(f"{self.name}-{place:05}", (self.asked, member), partial(_write, rows))


def _write(rows: Rows, path: Path) -> None:
    flat = [(arm, name, row.get(name, 0.0)) for arm, row in rows.items() for name in (row or ("",))]
    try:
        pl.DataFrame(flat, schema=SCHEMA, orient="row").write_parquet(path)
    except pl.exceptions.PolarsError as error:  # the disk is full
        raise Unkept(str(error)) from None


def _read(path: Path) -> Rows | None:
    """The rows in a file by arm, an empty one too; None where somebody else is done and cleared it away."""
    try:
        flat = pl.read_parquet(path).rows()
    except (OSError, pl.exceptions.PolarsError):
        return None
    found: dict[str, dict[str, float]] = {}
    for arm, name, value in flat:
        found.setdefault(arm, {}).update({name: value} if name else {})
    return found
