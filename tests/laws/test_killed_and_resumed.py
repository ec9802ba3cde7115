"""Killing a run and resuming it is the same as never killing it."""

import os
import sys
from pathlib import Path

import pytest
from support.killing import Command, ends, survivors, undisturbed

from events.log import open_log

TESTS = Path(__file__).parents[1]


def appending(events: int) -> Command:
    return lambda database: [sys.executable, "-m", "support.appending", str(database), str(events)]


def nothing_durable_is_lost(database: Path, printed: str) -> None:
    lines = printed.split("\n")[:-1]
    if lines:
        with open_log(database, create=False, read_only=True) as log:
            assert log.head("main").position >= int(lines[-1])
            assert log.verify() == ()


@pytest.mark.parametrize("events", [2_400, pytest.param(6_000, marks=pytest.mark.slow)])
def test_a_log_killed_at_twenty_instants_is_the_log_that_was_never_killed(events, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TESTS.parent), str(TESTS)]))
    pace = undisturbed(appending(events), tmp_path / "whole.db")
    killed = survivors(appending(events), tmp_path, pace, kills=20, seed=2, check=nothing_durable_is_lost)
    whole = ends(tmp_path / "whole.db")
    assert whole["main"][0] == events
    assert len(whole) == 6
    for database in killed:
        assert ends(database) == whole
