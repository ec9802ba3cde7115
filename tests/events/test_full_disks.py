"""Disks that fill up: nothing committed is lost, and what was not is completed later."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from support.drafts import append, fill, told

from events import writing
from events.errors import Unwritable
from events.log import open_log

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent


def test_a_database_that_may_not_grow_loses_nothing_and_is_completed_later(tmp_path):
    path = tmp_path / "log.db"
    log = open_log(path)
    fill(log, 50)
    log.flush()
    pages = log._store._db.execute("PRAGMA page_count").fetchone()[0]
    log._store._db.execute(f"PRAGMA max_page_count={pages + 2}")

    def live() -> None:
        for number in range(51, 2000):
            append(log, "main", number * 10, f"n{number}")

    with pytest.raises(Unwritable, match="narrative resume"):
        live()
    with pytest.raises(Unwritable):
        log.close()
    with open_log(path) as log:
        kept = log.head("main").position
        assert 50 <= kept < 1999
        assert log.verify() == ()
        for number in range(kept + 1, 301):
            append(log, "main", number * 10, f"n{number}")
        assert told(log, "main") == [(n * 10, f"n{n}") for n in range(1, 301)]


def test_a_batch_that_did_not_fit_is_written_once_there_is_room(tmp_path):
    with open_log(tmp_path / "log.db") as log:
        fill(log, 50)
        log.flush()
        pages = log._store._db.execute("PRAGMA page_count").fetchone()[0]
        log._store._db.execute(f"PRAGMA max_page_count={pages}")
        append(log, "main", 5000, "x" * 10_000)
        with pytest.raises(Unwritable):
            log.flush()
        log._store._db.execute(f"PRAGMA max_page_count={pages + 100}")
        log.flush()
        assert len(told(log, "main")) == 51
        assert log.verify() == ()


def test_a_batch_that_the_disk_refuses_goes_out_again_with_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "SECONDS", 1e9)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with open_log(tmp_path / "log.db") as log, open_log(None) as never_full:
        fill(log, 50)
        log.flush()
        resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / "log.db-wal").stat().st_size, hard))
        try:
            for number in range(51, 150):
                append(log, "main", number * 10, f"n{number}")
            for number in (150, 151):  # the hundredth sends the batch; it is in the log for all that
                with pytest.raises(Unwritable):
                    append(log, "main", number * 10, f"n{number}")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        append(log, "main", 1520, "n152")
        log.flush()
        fill(never_full, 152)
        assert log.head("main") == never_full.head("main")
        assert [row[:7] for row in log.rows("main")] == [row[:7] for row in never_full.rows("main")]
        assert log.verify() == ()


def test_a_backup_that_does_not_fit_leaves_nothing_behind(tmp_path):
    with open_log(tmp_path / "log.db") as log:
        fill(log, 300)
        log.flush()
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
        try:
            with pytest.raises(Unwritable, match=r"copy\.db"):
                log.backup(tmp_path / "copy.db")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["log.db"]


FILLING = """
import sys
sys.path[:0] = [{root!r}, {tests!r}]
import resource
from support.drafts import append
from events import writing
from events.errors import Unwritable
from events.log import open_log
log = open_log({path!r})
log.head("main")
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY))
try:
    with log:
        for number in range(log.head("main").position + 1, 3001):
            append(log, "main", number * 10, f"n{{number}}")
except Unwritable as error:
    print(error)
"""


@pytest.mark.parametrize("limit", [20_000, 100_000, 250_000])
def test_a_disk_that_fills_up_mid_run_loses_nothing_that_was_committed(tmp_path, limit):
    path = tmp_path / "log.db"
    script = FILLING.format(root=str(ROOT), tests=str(TESTS), path=str(path), limit=limit)
    child = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    assert "could not be written" in child.stdout
    with open_log(path) as log:
        assert log.verify() == ()
        kept = log.head("main").position
        assert kept < 3000
    # What holds no events yet cannot be resumed.
    assert ("narrative resume" in child.stdout) == (kept > 0)
    assert ("run the story again" in child.stdout) == (kept == 0)
    script = script.replace(f"({limit}, ", f"({resource.RLIM_INFINITY}, ")
    assert subprocess.run([sys.executable, "-c", script], check=True, capture_output=True).stdout == b""
    with open_log(path) as log, open_log(None) as never_full:
        fill(never_full, 3000)
        assert log.head("main").digest == never_full.head("main").digest
