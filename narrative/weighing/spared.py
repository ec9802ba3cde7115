"""Members of an answer in the making, kept beside their history as they come: who was stopped, or killed,
goes on there, and lives none of them twice.

They are a cache (`events.cache`), each believed only under all that was asked of it, and go once the answer
is there, so that whoever asks again lives it again.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from attrs import frozen

from events.cache import Kept, Unkept
from narrative.analysis.history import History
from narrative.analysis.verdicts import seal

Row = Mapping[str, float]  # what is measured of one arm


@frozen
class Lot:
    """The members of one lot, by their place in it; `asked` is a digest of all that was asked of the lot."""

    kept: Kept
    name: str
    asked: str

    def read(self, place: int, member: object) -> dict[str, Row] | None:
        """The rows of a member by arm; None where they are not kept."""
        file = self.kept.find(f"{self.name}-{place:05}", (self.asked, member))
        return None if file is None else _read(file)

    def put(self, place: int, member: object, rows: Mapping[str, Row]) -> None:
        """Keep the rows of a member, where anything can be kept."""
        self.kept.keep(f"{self.name}-{place:05}", (self.asked, member), partial(_write, rows))


@frozen
class Spared:
    """The place beside a history for the members of the answers of a verb, and the seal of the history."""

    kept: Kept
    verb: str
    sealed: Mapping[str, str]

    def lot(self, live: "partial[dict[str, Row]]") -> Lot:
        """The lot of members that are lived by a function of all that was asked."""
        whole = f"{sorted(self.sealed.items())} {live.func.__module__}.{live.func.__qualname__} {live.args!r}"
        asked = sha256(whole.encode()).hexdigest()
        return Lot(self.kept, f"{self.verb}-{asked[:12]}", asked)


class Sparing(Protocol):
    """Hands that look among spared members before they live one."""

    spared: Spared | None


@contextmanager
def sparing(found: History, verb: str, hands: Sparing) -> Iterator[None]:
    """Have what comes of members kept beside a history until the answer of a verb is there."""
    head = found.log.head(found.branch)
    spared = Spared(Kept.of(Path(found.path), found.branch, head.digest), verb, seal(found))
    hands.spared = spared
    yield
    spared.kept.drop(verb)


def _write(rows: Mapping[str, Row], path: Path) -> None:
    import polars as pl  # noqa: PLC0415  # no screen needs it, and it is slow to come

    schema = {"arm": pl.String(), "measure": pl.String(), "value": pl.Float64()}
    flat = [(arm, name, row.get(name, 0.0)) for arm, row in rows.items() for name in (row or ("",))]
    try:
        pl.DataFrame(flat, schema=schema, orient="row").write_parquet(path)
    except pl.exceptions.PolarsError as error:  # the disk is full
        raise Unkept(str(error)) from None


def _read(path: Path) -> dict[str, Row] | None:
    """The rows in a file by arm, an empty one too; None where somebody else is done and cleared it away."""
    import polars as pl  # noqa: PLC0415  # no screen needs it, and it is slow to come

    try:
        flat = pl.read_parquet(path).rows()
    except (OSError, pl.exceptions.PolarsError):
        return None
    found: dict[str, dict[str, float]] = {}
    for arm, name, value in flat:
        found.setdefault(arm, {}).update({name: value} if name else {})
    return {**found}
