"""A folder of parts: only what this user wrote is gone on with, and only parts of one table are read."""

import os
from pathlib import Path

import polars as pl
import pytest

import narrative
from events.errors import Wrong
from narrative.analysis.folder import ASKED, SEAL, TABLE, Folder, Mixed, scanned

SCHEMA = {"a": pl.Int64()}


def frame(*values: int) -> pl.DataFrame:
    return pl.DataFrame({"a": list(values)}, schema=SCHEMA)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    found = Folder(tmp_path / "parts", "members", "asked")
    found.begin(2)
    found.put(0, found.packed(frame(1, 2)))
    return found


def test_a_part_that_was_written_here_is_read_and_any_reader_reads_it(folder: Folder) -> None:
    found = folder.read(0)
    assert found is not None
    assert found["a"].to_list() == [1, 2]
    assert pl.read_parquet(folder.path)["a"].to_list() == [1, 2]
    assert folder.read(1) is None


def test_a_part_that_somebody_else_wrote_or_altered_is_not(folder: Folder) -> None:
    file = folder.path / "part-00000.parquet"
    whole = file.read_bytes()
    seal = pl.read_parquet_metadata(file)[SEAL]
    for byte in range(0, len(whole), 7):
        file.write_bytes(whole[:byte] + bytes([whole[byte] ^ 1]) + whole[byte + 1 :])
        assert not folder.has(0), byte
    file.write_bytes(folder.packed(frame(9)))  # without a seal
    assert folder.read(0) is None
    for said in (seal, "0" * 64, ""):
        frame(9).write_parquet(file, metadata={ASKED: "asked", TABLE: "members", SEAL: said})
        assert folder.read(0) is None
    file.write_bytes(whole)
    assert folder.has(0)


def test_a_part_beyond_those_asked_is_refused(folder: Folder) -> None:
    (folder.path / "part-00002.parquet").write_bytes((folder.path / "part-00000.parquet").read_bytes())
    with pytest.raises(Mixed, match=r"part-00002\.parquet is not of what is asked here"):
        folder.begin(2)


def test_a_part_is_written_to_no_link(folder: Folder, tmp_path: Path) -> None:
    (folder.path / "part-00001.parquet").symlink_to(tmp_path / "away")
    with pytest.raises(Wrong, match="is a link"):
        folder.put(1, folder.packed(frame(3)))
    assert not (tmp_path / "away").exists()


@pytest.mark.parametrize("other", ["another table", "no mark", "a link", "a pipe"])
def test_what_is_no_part_of_the_table_is_not_read_with_it(folder: Folder, other: str, tmp_path: Path) -> None:
    file = folder.path / "part-00001.parquet"
    if other == "another table":
        frame(7).write_parquet(file, metadata={ASKED: "asked", TABLE: "events"})
    elif other == "no mark":
        frame(7).write_parquet(file)
    elif other == "a link":
        frame(7).write_parquet(tmp_path / "own.parquet", metadata={ASKED: "asked", TABLE: "members"})
        file.symlink_to(tmp_path / "own.parquet")
    else:
        os.mkfifo(file)
    with pytest.raises(Mixed, match=r"part-00001\.parquet is no part of what"):
        scanned(folder.path)


def test_the_name_of_a_folder_is_no_pattern(tmp_path: Path) -> None:
    """`a[b]` is the folder of that name, and not `ab`."""
    for name, value in (("a[b]", 1), ("ab", 666)):
        made = Folder(tmp_path / name, "members", "asked")
        made.begin(1)
        made.put(0, made.packed(frame(value)))
    rows = narrative.query(str(tmp_path / "a[b]"), "SELECT a FROM members")
    assert list(rows) == [{"a": 1}]
