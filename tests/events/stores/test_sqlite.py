"""Files that are not logs, places that cannot be written, locks of others."""

import fcntl
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.drafts import append, fill, told

from events.errors import Locked, NotALog, Unwritable, WrongPosition
from events.log import open_log
from events.stores import sqlite
from events.stores.lock import Lock
from events.stores.protocol import Batch
from events.stores.sqlite import SqliteStore

TESTS = Path(__file__).parents[2]
ROOT = TESTS.parent


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.05)


def refused(path: Path) -> str:
    """The one sentence in which opening a file fails, created or not; the file stays as it was."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(NotALog) as caught:
        open_log(path)
    with pytest.raises(NotALog):
        open_log(path, read_only=True)
    assert before is None or path.read_bytes() == before
    return str(caught.value)


def test_a_text_file_is_no_log_and_is_left_alone(tmp_path):
    path = tmp_path / "notes.db"
    path.write_text("to do: " * 1000)
    assert "not an event log" in refused(path)


def test_another_programs_database_is_no_log_and_is_left_alone(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE events (id INTEGER PRIMARY KEY)")
    db.close()
    assert "another program" in refused(path)


def test_a_log_of_a_newer_schema_names_both(tmp_path):
    path = tmp_path / "log.db"
    open_log(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version=2")
    db.close()
    said = refused(path)
    assert "schema 2" in said
    assert "schema 1" in said


def test_a_directory_is_no_log(tmp_path):
    refused(tmp_path)


def test_an_empty_file_becomes_a_log_where_one_may_be_made(tmp_path):
    path = tmp_path / "log.db"
    path.touch()
    with pytest.raises(NotALog, match="empty"):
        open_log(path, create=False)
    with pytest.raises(NotALog, match="empty"):
        open_log(path, read_only=True)
    with open_log(path) as log:
        fill(log, 1)
        assert len(told(log, "main")) == 1


def test_a_directory_that_is_not_there_is_said(tmp_path):
    with pytest.raises(Unwritable):
        open_log(tmp_path / "nowhere" / "log.db")


def test_odd_file_names_are_names(tmp_path):
    for name in ("a b.db", "100%.db", "what?.db", "a#b.db", ":memory:", "ä.db"):
        with open_log(tmp_path / name) as log:
            fill(log, 1)
        with open_log(tmp_path / name, create=False) as log:
            assert len(told(log, "main")) == 1
    assert len(list(tmp_path.iterdir())) == 6


# --- what may not be written --------------------------------------------------------------------

AS_NOBODY = """
import os, sys
sys.path[:0] = [{root!r}, {tests!r}]
from pathlib import Path
from support.drafts import append, told
from events.errors import Unwritable
from events.log import open_log
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
path = Path({path!r})
for read_only in (True, False):
    with open_log(path, create=False, read_only=read_only) as log:
        assert len(told(log, "main")) == 3
        try:
            append(log, "main", 99, "x")
        except Unwritable as error:
            print(error)
        else:
            raise SystemExit("it was written")
"""


@pytest.fixture
def shared() -> Iterator[Path]:
    """A directory that every user may enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
        Path(name).chmod(0o755)


@pytest.mark.parametrize("directory", [0o555, 0o777])
def test_a_log_that_may_only_be_read_is_read_and_says_why_it_is_not_written(shared, directory):
    path = shared / "log.db"
    with open_log(path) as log:
        fill(log, 3)
    path.chmod(0o444)
    shared.chmod(directory)
    script = AS_NOBODY.format(root=str(ROOT), tests=str(TESTS), path=str(path))
    child = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    if "PermissionError" in child.stderr or "ModuleNotFoundError" in child.stderr:
        pytest.skip("nobody cannot read this checkout")
    assert child.returncode == 0, child.stderr
    lines = child.stdout.splitlines()
    assert len(lines) == 2
    assert "opened for reading only" in lines[0]
    assert "read-only file" in lines[1]


def test_a_connection_that_cannot_write_is_our_error(tmp_path):
    with open_log(tmp_path / "log.db") as log:
        fill(log, 1)
        log.flush()
        log._store._db.execute("PRAGMA query_only=ON")
        append(log, "main", 50, "kept")
        with pytest.raises(Unwritable, match="narrative resume"):
            log.flush()
        log._store._db.execute("PRAGMA query_only=OFF")
    with open_log(tmp_path / "log.db") as log:
        assert told(log, "main") == [(10, "n1"), (50, "kept")]


# --- others' locks ------------------------------------------------------------------------------


def test_a_writer_that_never_asked_for_our_lock_is_waited_for_and_then_named(tmp_path):
    path = tmp_path / "log.db"
    with open_log(path) as log:
        fill(log, 1)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Locked):
            log.flush()
        other.execute("ROLLBACK")
        other.close()
    with open_log(path) as log:
        assert len(told(log, "main")) == 1


def test_a_program_that_keeps_everybody_out_is_named(tmp_path):
    path = tmp_path / "log.db"
    open_log(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Locked), open_log(path) as log:
        log.head("main")
    other.close()
    with open_log(path) as log:
        assert log.head("main").position == 0


def test_a_writer_that_moved_the_log_behind_our_lock_is_noticed(tmp_path):
    path = tmp_path / "log.db"
    log = open_log(path)
    fill(log, 1)
    log.flush()
    append(log, "main", 50, "ours")
    with sqlite3.connect(path) as other:
        other.execute("UPDATE heads SET position = 7, seal = zeroblob(32)")
    other.close()
    with pytest.raises(WrongPosition):
        log.flush()
    with pytest.raises(WrongPosition):
        log.close()


def test_a_log_reached_by_two_names_has_one_lock(tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "link.db").symlink_to(tmp_path / "log.db")
    with open_log(tmp_path / "log.db") as log, open_log(tmp_path / "other" / "link.db") as linked:
        fill(log, 1)
        with pytest.raises(Locked):
            fill(linked, 1)


def test_a_writer_waits_at_the_lock_file_that_lies_there_not_at_one_removed(tmp_path, monkeypatch):
    first, second = Lock(tmp_path / "log.db"), Lock(tmp_path / "log.db")
    first.take()
    taking = fcntl.flock

    def when_the_first_has_just_gone(file: int, how: int) -> None:
        first.drop()
        monkeypatch.setattr(fcntl, "flock", taking)
        taking(file, how)

    monkeypatch.setattr(fcntl, "flock", when_the_first_has_just_gone)
    second.take()
    third = Lock(tmp_path / "log.db")
    with pytest.raises(Locked):
        third.take()
    second.drop()


def test_the_lock_of_a_killed_writer_is_nobodys(tmp_path):
    path = tmp_path / "log.db"
    script = (
        f"import os, sys; sys.path[:0] = [{str(ROOT)!r}, {str(TESTS)!r}]\n"
        "from support.drafts import fill; from events.log import open_log\n"
        f"log = open_log({str(path)!r}); fill(log, 1); log.flush(); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    assert (tmp_path / "log.db-lock").exists()
    with open_log(path) as log:
        append(log, "main", 50, "after")
        assert len(told(log, "main")) == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["log.db"]


def test_an_interrupt_between_a_commit_and_its_being_noted_writes_once(tmp_path, monkeypatch):
    with open_log(tmp_path / "log.db") as log:
        fill(log, 3)
        write = log._store.write

        def then_interrupt(batch: Batch) -> None:
            write(batch)
            monkeypatch.setattr(log._store, "write", write)
            raise KeyboardInterrupt

        monkeypatch.setattr(log._store, "write", then_interrupt)
        with pytest.raises(KeyboardInterrupt):
            log.flush()
        log.flush()
        append(log, "main", 99, "on")
    with open_log(tmp_path / "log.db") as log:
        assert len(told(log, "main")) == 4
        assert log.verify() == ()


@pytest.mark.parametrize("target", ["nowhere/copy.db", "log.db/copy.db", "x" * 300 + ".db"])
def test_a_backup_to_where_nothing_can_be_written_names_that_place_and_leaves_nothing(tmp_path, target):
    with open_log(tmp_path / "log.db") as log:
        fill(log, 10)
        with pytest.raises(Unwritable) as refused:
            log.backup(tmp_path / target)
    assert str(refused.value).startswith(f"{tmp_path / target} c")  # cannot, or could not, be written
    assert "resume" not in str(refused.value)
    assert [p.name for p in tmp_path.iterdir()] == ["log.db"]


def test_a_backup_that_is_broken_off_leaves_nothing(tmp_path, monkeypatch):
    def stopped(_self, part):
        part.write_text("half")
        part.with_name(part.name + "-journal").write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setattr(SqliteStore, "_copy", stopped)
    with open_log(tmp_path / "log.db") as log:
        fill(log, 10)
        with pytest.raises(KeyboardInterrupt):
            log.backup(tmp_path / "copy.db")
    assert [p.name for p in tmp_path.iterdir()] == ["log.db"]


def test_a_log_can_be_held_before_anything_is_written(tmp_path):
    with open_log(tmp_path / "log.db") as one, open_log(tmp_path / "log.db") as two:
        one.hold()
        with pytest.raises(Locked):
            two.hold()
