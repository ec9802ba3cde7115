"""What is handed on appears whole or not at all, and never over a log or what is kept beside one."""

from contextlib import suppress
from pathlib import Path

import pytest
from drafts import fill

from events.errors import Unwritable
from events.formats.beside import Taken, beside, folder_beside
from events.log import open_log


@pytest.fixture
def log(tmp_path: Path) -> Path:
    with open_log(tmp_path / "a.db") as made:
        fill(made, 3)
    return tmp_path / "a.db"


def everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


BESIDE_A_LOG = (
    "a.db", "a.db-lock", "a.db-wal", "a.db-shm", "a.db-journal", "a.db.kept", "a.db.kept/events.parquet",
    "a.db.kept/main/events.parquet", "link.db",
)  # fmt: skip  # one list


@pytest.mark.parametrize("name", BESIDE_A_LOG)
@pytest.mark.parametrize("write", [beside, lambda path: folder_beside(path, ("one",))])
def test_nothing_is_written_over_a_log_or_what_belongs_to_one(name, write, log):
    (log.parent / "a.db.kept" / "main").mkdir(parents=True)
    (log.parent / "link.db").symlink_to(log)
    before = everything(log.parent)
    with pytest.raises(Unwritable), write(log.parent / name) as part:
        part.write_text("mine")
    assert everything(log.parent) == before


def test_it_says_what_stands_there(log):
    with (
        pytest.raises(Unwritable, match=r"a\.db is a database, and nothing is written over one; name"),
        beside(log),
    ):
        pass
    with (
        pytest.raises(Unwritable, match=r"a\.db-wal belongs to the database a\.db; name another file\.$"),
        beside(log.with_name("a.db-wal")),
    ):
        pass


def test_names_that_only_look_like_it_are_free(tmp_path):
    (tmp_path / "b.db").write_text("no database")
    for name in ("b.db", "b.db-wal", "-lock", ".kept", "none.db-shm"):
        with beside(tmp_path / name) as part:
            part.write_text("mine")
        assert (tmp_path / name).read_text() == "mine"


def test_a_file_takes_the_place_of_the_one_before_only_once_it_is_whole(tmp_path):
    path = tmp_path / "out"
    path.write_text("old")
    with suppress(ZeroDivisionError), beside(path) as part:
        part.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "old"
    with beside(path) as part:
        part.write_text("new")
        assert path.read_text() == "old"
    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [("out", "new")]


def test_an_old_folder_stands_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "out"
    path.mkdir()
    (path / "one").write_text("old")
    with suppress(ZeroDivisionError), folder_beside(path, ("one",)) as part:
        assert (path / "one").read_text() == "old"
        (part / "one").write_text("half")
        raise ZeroDivisionError
    assert (path / "one").read_text() == "old"
    with folder_beside(path, ("one",)) as part:
        (part / "one").write_text("new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]
    assert (path / "one").read_text() == "new"


def test_a_folder_that_holds_anything_else_is_left_alone(tmp_path):
    (tmp_path / "two").write_text("mine")
    with pytest.raises(Taken), folder_beside(tmp_path, ("one",)):
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["two"]
