"""Killing a run and resuming it is the same as never killing it."""

import os
import sys
from pathlib import Path

from support.killing import ends, survivors, undisturbed

from events.log import open_log

TESTS = Path(__file__).parents[1]


def appending(database: Path) -> list[str]:
    return [sys.executable, "-m", "support.appending", str(database), "6000"]


def nothing_durable_is_lost(database: Path, printed: str) -> None:
    lines = printed.split("\n")[:-1]
    if lines:
        with open_log(database, create=False, read_only=True) as log:
            assert log.head("main").position >= int(lines[-1])
            assert log.verify() == ()


def test_a_log_killed_at_twenty_instants_is_the_log_that_was_never_killed(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TESTS.parent), str(TESTS)]))
    pace = undisturbed(appending, tmp_path / "whole.db")
    killed = survivors(appending, tmp_path, pace, kills=20, seed=2, check=nothing_durable_is_lost)
    whole = ends(tmp_path / "whole.db")
    assert whole["main"][0] == 6000
    assert len(whole) == 6
    for database in killed:
        assert ends(database) == whole
