"""A history that is being written is verified, exported and copied as of one instant."""

import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest
from support.drafts import append

import narrative
from events import integrity
from events.errors import Locked, Unwritable
from events.log import open_log


def test_what_is_appended_meanwhile_is_not_seen(tmp_path: Path) -> None:
    with open_log(tmp_path / "a.db") as writer:
        append(writer, "main", 10, "one")
        writer.flush()
        with open_log(tmp_path / "a.db", create=False, read_only=True) as reader, reader.still():
            assert reader.head().position == 1
            append(writer, "main", 20, "two")
            writer.fork("w", "main", 1)
            writer.flush()
            assert reader.head().position == 1
            assert [branch.name for branch in reader.branches()] == ["main"]
            assert reader.verify() == ()
        with open_log(tmp_path / "a.db", create=False, read_only=True) as reader:
            assert reader.head().position == 2


def test_verify_of_a_history_under_way_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the list of branches and the look for strays another batch arrives."""
    path = tmp_path / "loop.db"
    narrative.run("loop", db=path, until="2025-01-20")
    strays = integrity._strays

    def meanwhile(store, found):
        narrative.resume(str(path), until="2025-02-20")
        return strays(store, found)

    monkeypatch.setattr(integrity, "_strays", meanwhile)
    assert narrative.verify(str(path)).verdict == "whole"


def test_a_file_of_two_names_is_read_and_not_written(tmp_path: Path) -> None:
    narrative.run("loop", db=tmp_path / "a.db", until="2025-01-20")
    (tmp_path / "b.db").hardlink_to(tmp_path / "a.db")
    for name in ("a.db", "b.db"):
        assert narrative.replay(str(tmp_path / name)).events
        for write in (
            lambda path: narrative.note(path, "from one name"),
            lambda path: narrative.resume(path, until="2025-03-01"),
            lambda path: narrative.what_if(path, name="w", reseed=2, at="2025-01-10"),
        ):
            with pytest.raises(Unwritable, match="one of 2 names of one file"):
                write(str(tmp_path / name))
    narrative.backup(str(tmp_path / "a.db"), tmp_path / "c.db")
    narrative.note(str(tmp_path / "c.db"), "to a copy of its own")
    (tmp_path / "b.db").unlink()
    narrative.note(str(tmp_path / "a.db"), "by its one name")


# Holds the byte of a journal's index by which SQLite keeps others out while it makes that index anew.
AT_THE_DOOR = """
import fcntl, sys, time
file = open(sys.argv[1], "r+b")
fcntl.lockf(file, fcntl.LOCK_EX, 8, 120)
print("there", flush=True)
time.sleep(600)
"""


def test_a_reader_waits_for_who_is_stopped_at_the_door_and_not_for_long(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with open_log(path) as log:
        append(log, "main", 10, "one")
    (tmp_path / "a.db-shm").write_bytes(bytes(32768))
    words = [sys.executable, "-c", AT_THE_DOOR, str(path) + "-shm"]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as door:
        try:
            assert door.stdout is not None
            assert door.stdout.readline() == b"there\n"
            begun = monotonic()
            with pytest.raises(Locked, match="locked by another program"):
                open_log(path, create=False, read_only=True)
            assert 1 < monotonic() - begun < 30
        finally:
            door.kill()
    with open_log(path, create=False, read_only=True) as log:
        assert log.head().position == 1
