"""A folder of Parquet files that are one table in parts, which polars, DuckDB and pandas read as one.

Each file says of which table it is and carries a digest of what the whole was asked, so that one that was
cut short is gone on with, and no other is mixed in. No more than a part is ever held.
"""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import polars as pl
from attrs import frozen

from events.errors import Wrong
from events.files import Taken, beside, unwritable

ASKED, TABLE = "narrative", "table"  # in a file's metadata: what was asked, and of which table it is
PARTS = "part-*.parquet"
Schema = Mapping[str, pl.DataType]


class Mixed(Taken):
    """A folder that holds another table, or something else."""


@frozen
class Folder:
    """A folder for the parts of a `table`, and the digest of what it was asked."""

    path: Path
    table: str
    asked: str

    def begin(self) -> None:
        """Make the folder, or go on with it. Raises Mixed where it holds anything else, Unwritable."""
        if self.path.exists() and not self.path.is_dir():
            raise Mixed(
                f"{self.path} is a file, and a folder of parts was to be written there. Name another."
            )
        try:
            self.path.mkdir(exist_ok=True)
            there = sorted(one for one in self.path.iterdir() if not one.name.startswith("."))
        except OSError as error:
            raise unwritable(self.path, error.strerror or str(error)) from None
        for file in there:
            if not self._mine(file):
                raise Mixed(
                    f"{file} is not of what is asked here, so nothing was written. Name another folder."
                )

    def read(self, number: int) -> pl.DataFrame | None:
        """A part; None where it was not written."""
        file = self._file(number)
        return pl.read_parquet(file) if self._mine(file) else None

    def has(self, number: int) -> bool:
        """Whether a part was written."""
        return self._mine(self._file(number))

    def packed(self, frame: pl.DataFrame) -> bytes:
        """A part as the bytes of its file, for `put`: made where the rows are, and light to send."""
        packed = BytesIO()
        frame.write_parquet(packed, metadata={ASKED: self.asked, TABLE: self.table})
        return packed.getvalue()

    def put(self, number: int, packed: bytes) -> None:
        """Write a part, which appears whole or not at all. Raises Unwritable."""
        with beside(self._file(number)) as file:
            file.write_bytes(packed)

    def _mine(self, file: Path) -> bool:
        return marked(file) == (self.table, self.asked)

    def _file(self, number: int) -> Path:
        return self.path / f"part-{number:05}.parquet"


def marked(file: Path) -> tuple[str, str] | None:
    """The table that a file is a part of, and what it was asked; None for any other file."""
    try:
        found = pl.read_parquet_metadata(file) if file.is_file() else {}
    except (pl.exceptions.PolarsError, OSError, Wrong):
        return None
    return (found[TABLE], found[ASKED]) if found.keys() >= {TABLE, ASKED} else None


def scanned(path: Path) -> tuple[str, pl.LazyFrame] | None:
    """The table that a folder holds in parts, by name and not yet read; None where it holds none."""
    try:
        first = min(path.glob(PARTS), default=None)
    except OSError:  # a name that is too long for one
        return None
    found = None if first is None else marked(first)
    return None if found is None else (found[0], pl.scan_parquet(path / PARTS))
