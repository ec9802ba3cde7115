"""Who writes a file notices that it was moved, deleted or replaced meanwhile, and nothing of it is lost."""

import shutil
from pathlib import Path

import pytest
from support.drafts import append

from events.errors import Unwritable
from events.log import open_log

GONE = "was moved, deleted or replaced while it was being written here"


def moved(path: Path) -> Path:
    path.rename(path.with_name("elsewhere.db"))
    return path.with_name("elsewhere.db")


def replaced(path: Path) -> Path:
    shutil.copy(path, path.with_name("another.db"))
    elsewhere = moved(path)
    path.with_name("another.db").rename(path)
    return elsewhere


@pytest.mark.parametrize("away", [moved, replaced])
def test_what_is_appended_after_is_refused_and_what_was_before_comes_back(tmp_path: Path, away) -> None:
    path = tmp_path / "x.db"
    log = open_log(path)
    for number in range(1, 6):
        append(log, "main", number, f"n{number}")
    log.flush()
    elsewhere = away(path)
    with pytest.raises(Unwritable, match=GONE):  # noqa: PT012  # whichever of the two comes to write
        append(log, "main", 6, "lost")
        log.flush()
    with pytest.raises(Unwritable, match=GONE):
        log.close()
    elsewhere.replace(path)
    with open_log(path) as again:
        assert again.head("main").position == 5
        append(again, "main", 6, "written")
    with open_log(path, read_only=True, create=False) as again:
        assert (again.head("main").position, again.verify()) == (6, ())


def test_a_file_that_was_deleted_after_its_last_word_is_no_success(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    log = open_log(path)
    append(log, "main", 1, "n1")
    log.flush()
    path.unlink()
    with pytest.raises(Unwritable, match=GONE):
        log.close()


def test_who_reads_alone_is_not_concerned(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with open_log(path) as log:
        append(log, "main", 1, "n1")
    with open_log(path, read_only=True, create=False) as log:
        path.rename(tmp_path / "y.db")
        assert log.head("main").position == 1
