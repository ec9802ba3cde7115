"""What is kept is a cache: believed only if it is what was written, of this very history."""

import resource
from pathlib import Path

import polars as pl
import pytest

from events.cache import Kept, Unkept

FRAME = pl.DataFrame({"position": [1, 2, 3]})


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept.of(tmp_path / "a.db", "main", b"\x01" * 32)


def test_what_was_kept_is_found_and_of_no_other_history_or_form(kept, tmp_path):
    assert kept.find("events", "form") is None
    path = kept.keep("events", "form", FRAME.write_parquet)
    assert path is not None
    assert kept.find("events", "form") == path
    assert pl.read_parquet(path).equals(FRAME)
    assert kept.find("events", "another form") is None
    assert kept.find("postings", "form") is None
    assert Kept.of(tmp_path / "a.db", "main", b"\x02" * 32).find("events", "form") is None
    assert Kept.of(tmp_path / "a.db", "calm", b"\x01" * 32).find("events", "form") is None


def test_a_file_with_one_byte_changed_is_not_believed(kept):
    path = kept.keep("events", "form", FRAME.write_parquet)
    genuine = path.read_bytes()
    for at in range(0, len(genuine), 7):
        path.write_bytes(genuine[:at] + bytes([genuine[at] ^ 1]) + genuine[at + 1 :])
        assert kept.find("events", "form") is None
    path.write_bytes(genuine[:-1])
    assert kept.find("events", "form") is None
    path.write_bytes(genuine)
    assert kept.find("events", "form") == path


def test_a_table_kept_anew_takes_the_place_of_the_old(kept, tmp_path):
    kept.keep("events", "form", FRAME.write_parquet)
    later = Kept.of(tmp_path / "a.db", "main", b"\x02" * 32)
    path = later.keep("events", "form", FRAME.write_parquet)
    assert list(later.folder.iterdir()) == [path]


def test_where_nothing_can_be_kept_nothing_is_left(kept, tmp_path):
    (tmp_path / "a.db.kept").write_text("a file, where the folder would be")
    assert kept.keep("events", "form", FRAME.write_parquet) is None
    assert kept.find("events", "form") is None


def test_a_table_that_cannot_be_written_is_not_kept(kept):
    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise Unkept("the disk is full.")

    assert kept.keep("events", "form", fail) is None
    assert list(kept.folder.iterdir()) == []


def test_a_full_disk_leaves_nothing_behind(kept):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        assert kept.keep("events", "form", lambda path: path.write_bytes(bytes(5_000))) is None
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(kept.folder.iterdir()) == []


def test_a_file_that_goes_away_hides_no_other(kept):
    path = kept.keep("events", "form", FRAME.write_parquet)
    (kept.folder / "events-0.parquet").symlink_to(kept.folder / "gone")
    (kept.folder / "events-1.parquet").mkdir()
    assert kept.find("events", "form") == path
    assert kept.find("events", "another") is None


def test_what_is_kept_appears_whole(kept):
    """It is renamed into its place, and never written there."""
    written: list[int] = []

    def write(path: Path) -> None:
        FRAME.write_parquet(path)
        written.append(path.stat().st_ino)

    assert [kept.keep("events", "form", write).stat().st_ino] == written


@pytest.mark.parametrize("link", ["a.db.kept", "a.db.kept/main"])
def test_nothing_is_kept_where_a_link_leads(kept, tmp_path, link):
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "events-0.parquet").write_text("somebody's")
    (tmp_path / link).parent.mkdir(exist_ok=True)
    (tmp_path / link).symlink_to(tmp_path / "away")
    assert kept.keep("events", "form", FRAME.write_parquet) is None
    kept.drop("events")
    assert [path.name for path in (tmp_path / "away").iterdir()] == ["events-0.parquet"]


def test_what_is_dropped_takes_nothing_else_along(kept):
    kept.keep("claims-a-00001", "form", FRAME.write_parquet)
    kept.keep("claims-b-00001", "form", FRAME.write_parquet)
    path = kept.keep("events", "form", FRAME.write_parquet)
    kept.drop("claims")
    assert list(kept.folder.iterdir()) == [path]
    kept.drop("events")
    assert not kept.folder.parent.exists()
