"""A folder of Parquet files that are one table in parts, which polars, DuckDB and pandas read as one.

Each file says of which table it is and carries a digest of what the whole was asked, so that one that was
cut short is gone on with, and no other is mixed in. A part that another user wrote, or that was altered
since, is lived again. No more than a part is ever held.
"""

from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import polars as pl
from attrs import frozen

from events.errors import Wrong
from events.files import Taken, beside, unled, unwritable
from events.secret import mine

ASKED, TABLE = "narrative", "table"  # in a file's metadata: what was asked, and of which table it is
SEAL, UNSEALED = "seal", b"0" * 64  # and the seal of who wrote it, for which room is left where it is packed
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

    def begin(self, parts: int) -> None:
        """Make the folder for so many parts, or go on with it. Raises Mixed where it holds anything else,
        Unwritable.
        """
        if self.path.exists() and not self.path.is_dir():
            raise Mixed(
                f"{self.path} is a file, and a folder of parts was to be written there. Name another."
            )
        try:
            self.path.mkdir(exist_ok=True)
            there = sorted(one for one in self.path.iterdir() if not one.name.startswith("."))
        except OSError as error:
            raise unwritable(self.path, error.strerror or str(error)) from None
        wanted = {self._file(number).name for number in range(parts)}
        for file in there:
            if file.name not in wanted or not self._mine(file):
                raise Mixed(
                    f"{file} is not of what is asked here, so nothing was written. Name another folder."
                )

    def read(self, number: int) -> pl.DataFrame | None:
        """A part; None where it was not written, or by somebody else."""
        found = self._own(number)
        return None if found is None else pl.read_parquet(BytesIO(found))

    def has(self, number: int) -> bool:
        """Whether a part was written, and by this user's own programs."""
        return self._own(number) is not None

    def packed(self, frame: pl.DataFrame) -> bytes:
        """A part as the bytes of its file, for `put`: made where the rows are, and light to send."""
        packed = BytesIO()
        metadata = {ASKED: self.asked, TABLE: self.table, SEAL: UNSEALED.decode()}
        frame.write_parquet(packed, metadata=metadata)
        return packed.getvalue()

    def put(self, number: int, packed: bytes) -> None:
        """Write a part, which appears whole or not at all, under this user's seal. Raises Unwritable."""
        head, _, tail = packed.rpartition(UNSEALED)
        with beside(unled(self._file(number))) as file:
            file.write_bytes(head + self._seal(packed) + tail)

    def _own(self, number: int) -> bytes | None:
        """The bytes of a part that this user's own programs wrote; None for any other. Whoever hands on a
        folder could have written any figures into it.
        """
        file = self._file(number)
        try:
            found = file.read_bytes() if self._mine(file) else b""
            seal = pl.read_parquet_metadata(BytesIO(found)).get(SEAL, "").encode() if found else b""
        except OSError:
            return None
        head, _, tail = found.rpartition(seal or UNSEALED)
        return found if seal == self._seal(head + UNSEALED + tail) else None

    def _seal(self, packed: bytes) -> bytes:
        return mine(self.table, self.asked, sha256(packed).digest()).hex().encode()

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
    """The table that a folder holds in parts, by name and not yet read; None where it holds none. Raises
    Mixed where not all of them are parts of one.
    """
    try:
        parts = sorted(path.glob(PARTS))
    except OSError:  # a name that is too long for one
        return None
    found = marked(parts[0]) if parts else None
    if found is None:
        return None
    for part in parts:
        if part.is_symlink() or marked(part) != found:
            raise Mixed(
                f"{part} is no part of what {parts[0].name} is part of, so nothing was read. Ask a folder "
                "that one command wrote and nobody added to."
            )
    return found[0], pl.scan_parquet(parts, glob=False)
