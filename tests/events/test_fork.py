"""A branch that begins with a moment of its own is made with it at one stroke, or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.drafts import append, fill, say, told

from events.errors import Unwritable
from events.log import Log, open_log


@pytest.fixture(params=["memory", "sqlite"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    with open_log(None if request.param == "memory" else tmp_path / "log.db") as opened:
        yield opened


def test_a_branch_begins_with_its_first_moment_and_its_target(log):
    fill(log, 3)
    log.fork("b", "main", 2, first=(20, [say("otherwise")]), target=90)
    assert told(log, "b") == [(10, "n1"), (20, "n2"), (20, "otherwise")]
    head = log.head("b")
    assert (head.position, head.moment, head.lived, head.target) == (3, 20, None, 90)
    append(log, "b", 25, "after")
    assert told(log, "b")[-1] == (25, "after")
    assert told(log, "main") == [(10, "n1"), (20, "n2"), (30, "n3")]
    assert log.verify() == ()


def test_its_digest_is_that_of_forking_and_then_appending(log):
    fill(log, 2)
    log.fork("b", "main", 2, first=(20, [say("otherwise")]))
    log.fork("c", "main", 2)
    append(log, "c", 20, "otherwise")
    assert log.head("b").digest == log.head("c").digest


def test_blocks_are_sealed_across_such_a_beginning(log):
    fill(log, 254)
    log.fork("b", "main", 254, first=(2540, [say("otherwise")]))
    for number in range(256, 520):
        append(log, "b", number * 10, f"n{number}")
    assert [row.position for row in log.rows("b")] == list(range(1, 520))
    assert log.verify() == ()


def test_when_it_cannot_be_written_there_is_no_branch(tmp_path, monkeypatch):
    path = tmp_path / "log.db"
    with open_log(path) as log:
        fill(log, 2)
        log.flush()

        def full(batch):
            raise Unwritable("the disk is full.")

        with monkeypatch.context() as patch:
            patch.setattr(log._store, "write", full)
            with pytest.raises(Unwritable):
                log.fork("b", "main", 2, first=(20, [say("otherwise")]))
        assert [branch.name for branch in log.branches()] == ["main"]
        log.fork("b", "main", 2, first=(20, [say("otherwise")]))
    with open_log(path) as log:
        assert told(log, "b") == [(10, "n1"), (20, "n2"), (20, "otherwise")]
        assert log.verify() == ()
