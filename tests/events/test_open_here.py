"""What is open here is not lost by a second look at it, by another name, folder or process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.drafts import append, fill, told

from events.errors import Linked, Locked, Unwritable
from events.files import beside, folder_beside, read_whole
from events.log import open_log
from events.search import Sought
from events.stores import lock
from events.stores.lock import Lock

ROOT = Path(__file__).parents[2]
READER = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); from events.log import open_log; "
    "open_log(sys.argv[1], create=False, read_only=True).close()"
)


def read_and_leave(path: Path) -> None:
    """Another process reads, and is the last to close as far as it can know."""
    subprocess.run([sys.executable, "-c", READER, str(path)], check=True)


def over(path: Path) -> None:
    with beside(path):
        pass


@pytest.mark.parametrize("look", [over, read_whole])
def test_a_look_at_a_file_that_is_written_here_does_not_cost_its_journal(tmp_path: Path, look) -> None:
    """POSIX locks are a process's: to open and close the file again drops those of SQLite, and the next
    reader takes itself for the only one and deletes the journal that the writer goes on writing to.
    """
    path = tmp_path / "x.db"
    with open_log(path) as log:
        fill(log, 3)
        log.flush()
        with pytest.raises((Unwritable, OSError), match="database"):
            look(path)
        read_and_leave(path)
        append(log, "main", 1000, "durable")
        log.flush()
        assert (tmp_path / "x.db-wal").exists()
        with open_log(path, create=False, read_only=True) as reader:
            assert told(reader, "main")[-1] == (1000, "durable")


def test_what_was_let_go_of_is_a_file_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with open_log(path) as log:
        fill(log, 3)
    assert read_whole(path).startswith(b"SQLite format 3")


def test_another_folder_to_stand_in_is_no_other_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that was opened by a relative path stays the one that was opened."""
    other = tmp_path / "other"
    other.mkdir()
    for folder, words in ((tmp_path, "mine"), (other, "somebody else's")):
        with open_log(folder / "x.db") as log:
            append(log, "main", 10, words)
    before = (other / "x.db").read_bytes()
    monkeypatch.chdir(tmp_path)
    with open_log("x.db", create=False) as log:
        monkeypatch.chdir(other)
        assert [row.body for row in log.find("main", Sought())] == [row.body for row in log.rows("main")]
        append(log, "main", 20, "more")
    assert (other / "x.db").read_bytes() == before
    with open_log(tmp_path / "x.db", create=False) as log:
        assert told(log, "main") == [(10, "mine"), (20, "more")]


def test_a_file_that_is_mounted_by_itself_is_read_and_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two names of one file have two locks and two journals; a mount is a name that the file does not count.
    The line is as proc(5) has it, a space in the path written as its octal number.
    """
    path = tmp_path / "a b.db"
    with open_log(path) as log:
        fill(log, 2)
    place = os.fsencode(path).replace(b" ", rb"\040")
    mounts = tmp_path / "mounts"
    mounts.write_bytes(b"36 35 98:0 /mnt1 " + place + b" rw,noatime master:1 - ext3 /dev/root rw\n")
    monkeypatch.setattr(lock, "_MOUNTS", mounts)
    with open_log(path, create=False, read_only=True) as log:
        assert log.head().position == 2
    with open_log(path, create=False) as log, pytest.raises(Linked, match="is mounted here as one file"):
        log.hold()
    monkeypatch.undo()
    with open_log(path, create=False) as log:
        append(log, "main", 100, "by its one name")


def test_none_is_begun_where_somebody_holds_the_name(tmp_path: Path) -> None:
    """As `restore` does while what stood there is set aside."""
    held = Lock(tmp_path / "x.db")
    held.take()
    with pytest.raises(Locked):
        open_log(tmp_path / "x.db")
    assert not (tmp_path / "x.db").exists()
    held.drop()
    open_log(tmp_path / "x.db").close()
    assert (tmp_path / "x.db").exists()
    assert not (tmp_path / "x.db-lock").exists()


def test_a_history_called_as_an_exported_table_is_not_written_over(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with open_log(out / "events.csv") as log:
        fill(log, 2)
    before = (out / "events.csv").read_bytes()
    with pytest.raises(Unwritable, match="is a database"), folder_beside(out, ("events.csv",)) as part:
        (part / "events.csv").write_text("position")
    assert (out / "events.csv").read_bytes() == before
