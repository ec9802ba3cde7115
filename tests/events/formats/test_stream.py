"""Tables poured into files while they are made: all of it arrives, and a failure on either side is told."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from events.formats.stream import Jug, pour

SCHEMA = {"n": pl.Int64()}
PARTS = 500


def parts(made: list[int], fail_at: int = PARTS) -> Iterator[dict[str, pl.DataFrame]]:
    for number in range(PARTS):
        if number == fail_at:
            raise ZeroDivisionError
        made.append(number)
        yield {"one": pl.DataFrame({"n": [number, number]}), "two": pl.DataFrame({"n": [-number]})}


def jugs(where: Path) -> dict[str, Jug]:
    one, two = where / "one", where / "two"
    return {
        "one": Jug(SCHEMA, lambda lazy: lazy.sink_parquet(one)),
        "two": Jug(SCHEMA, lambda lazy: lazy.sink_csv(two)),
    }


def test_every_part_arrives_in_its_file_in_order(tmp_path):
    pour(parts([]), jugs(tmp_path))
    assert pl.read_parquet(tmp_path / "one")["n"].to_list() == [n for n in range(PARTS) for _ in "ab"]
    assert pl.read_csv(tmp_path / "two")["n"].to_list() == [-n for n in range(PARTS)]


@pytest.mark.parametrize("at", [0, 1, 20])
def test_what_failed_while_parts_were_made_is_raised(at, tmp_path):
    with pytest.raises(ZeroDivisionError):
        pour(parts([], at), jugs(tmp_path))


def test_what_failed_in_a_writer_is_raised_and_nothing_more_is_made(tmp_path):
    def fail(_: pl.LazyFrame) -> None:
        raise OSError(28, "No space left on device")

    made: list[int] = []
    with pytest.raises(OSError, match="No space left"):
        pour(parts(made), jugs(tmp_path) | {"two": Jug(SCHEMA, fail)})
    assert len(made) < PARTS


def test_what_fails_at_the_very_end_is_raised_too(tmp_path):
    def fail(lazy: pl.LazyFrame) -> None:
        lazy.collect()
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        pour(parts([]), jugs(tmp_path) | {"two": Jug(SCHEMA, fail)})
