"""Snapshots: memory that nobody can notice, whether it is there, gone or damaged."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.drafts import append, fill, told

from events.log import Log, open_log


@pytest.fixture(params=["memory", "sqlite"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    with open_log(None if request.param == "memory" else tmp_path / "log.db") as opened:
        yield opened


def test_the_latest_fold_at_or_before_a_position_is_recalled(log):
    fill(log, 30)
    log.remember("main", 10, b"ten", "model")
    log.remember("main", 20, b"twenty", "model")
    log.remember("main", 25, b"another model's", "other")
    assert log.recall("main", 9, "model") is None
    assert log.recall("main", 19, "model") == (10, b"ten")
    assert log.recall("main", 30, "model") == (20, b"twenty")
    assert log.recall("main", 30, "other") == (25, b"another model's")


def test_a_fork_recalls_its_parents_folds_up_to_the_cut_and_not_beyond(log):
    fill(log, 30)
    log.remember("main", 10, b"before", "model")
    log.remember("main", 20, b"after", "model")
    log.fork("b", "main", 15)
    append(log, "b", 9999, "own")
    log.remember("b", 16, b"own", "model")
    log.remember("b", 12, b"of the shared part", "model")
    assert log.recall("b", 15, "model") == (12, b"of the shared part")
    assert log.recall("b", 30, "model") == (16, b"own")
    assert log.recall("main", 19, "model") == (12, b"of the shared part")
    assert log.recall("main", 30, "model") == (20, b"after")


def test_forgotten_snapshots_are_gone_and_nothing_else_is(log):
    fill(log, 30)
    log.remember("main", 10, b"ten", "model")
    log.forget()
    assert log.recall("main", 30, "model") is None
    assert len(told(log, "main")) == 30
    assert log.verify() == ()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE snapshots SET data = 'other' WHERE position = 20",
        "UPDATE snapshots SET position = 21 WHERE position = 20",
        "UPDATE snapshots SET digest = zeroblob(32) WHERE position = 20",
        "UPDATE snapshots SET seal = zeroblob(32) WHERE position = 20",
        "UPDATE snapshots SET branch = 2 WHERE position = 20",
        "UPDATE snapshots SET made_of = 'other' WHERE position = 20",
        "DELETE FROM snapshots WHERE position = 20",
    ],
)
def test_a_damaged_snapshot_is_passed_over(tmp_path, change):
    with open_log(tmp_path / "log.db") as log:
        fill(log, 30)
        log.remember("main", 10, b"ten", "model")
        log.remember("main", 20, b"twenty", "model")
        log.flush()
        log._store._db.execute(change)
        assert log.recall("main", 30, "model") == (10, b"ten")
        assert log.recall("main", 30, "other") is None
        assert log.verify() == ()


def test_a_log_without_its_table_of_snapshots_is_whole(tmp_path):
    with open_log(tmp_path / "log.db") as log:
        fill(log, 3)
        log.flush()
        log._store._db.execute("DROP TABLE snapshots")
        assert log.recall("main", 3, "model") is None
        log.remember("main", 3, b"three", "model")
        append(log, "main", 500, "on")
    with open_log(tmp_path / "log.db") as log:
        assert len(told(log, "main")) == 4


def test_a_fold_of_another_history_is_passed_over(tmp_path):
    with open_log(tmp_path / "one.db") as one, open_log(tmp_path / "two.db") as two:
        for log, text in ((one, "this way"), (two, "that way")):
            append(log, "main", 1, text)
            fill(log, 30)
        one.remember("main", 20, b"of one", "model")
        one.flush()
        two._store.remember([one._store.snapshot(1, 20, "model")])
        two.flush()
        assert one.recall("main", 30, "model") == (20, b"of one")
        assert two.recall("main", 30, "model") is None
