"""That a moment was lived is on disk with its events, wherever the writer dies: nothing lags behind them."""

from pathlib import Path

import pytest
from support.lives import lived, named

import narrative
from events.formats import jsonl
from events.log import Log, open_log
from events.stores.protocol import head_row
from events.writing import Writer
from narrative.analysis.verify import verified

LOOP = named("loop")
UNTIL = LOOP.start + 40 * 86_400


class Died(Exception):
    """The power went."""


def lived_until_batch(path: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Live a story into a file, a batch a moment, and die when so many were written."""
    send, sent = Writer._send, []

    def dying(writer: Writer, tips: tuple) -> None:
        send(writer, tips)
        sent.append(tips)
        if len(sent) == number:
            raise Died

    with monkeypatch.context() as patched:
        patched.setattr(Writer, "_send", dying)
        patched.setattr("events.writing.MOMENTS", 1)
        log = open_log(path)
        with pytest.raises(Died):
            lived(LOOP, log=log, until=UNTIL, cast="full")
        patched.setattr(Writer, "flush", lambda _: None)  # what waited is gone with the process
        log.close()


@pytest.mark.parametrize("number", [3, 4, 5, 8, 9])
def test_after_a_death_at_any_batch_it_is_whole_and_comes_back(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "k.db"
    lived_until_batch(path, number, monkeypatch)
    with open_log(path, create=False) as log:
        (stored,) = log._store.state().heads
        assert stored.lived == log.head().moment
        assert verified(log)["verdict"] == "whole"
    narrative.export(str(path), format="jsonl", output=tmp_path / "e.jsonl")
    back = narrative.import_(tmp_path / "e.jsonl", db=tmp_path / "back.db")
    assert back.digests == {"main": narrative.branches(str(path))[0].digest}


def behind(log: Log) -> None:
    """Set what the log says was lived one second before its last moment, as versions of before left it."""
    before = log._store.state().heads[0]
    moment = log.head().moment or 0
    after = head_row(1, before.position, before.digest, moment - 1, before.target)
    with log._store._transaction():
        log._store._move(before, after)


def test_a_log_of_before_whose_note_lags_is_whole_and_comes_back_too(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with open_log(path) as log:
        lived(LOOP, log=log, until=UNTIL, cast="full")
        behind(log)
    with open_log(path, create=False) as log:
        assert log.head().lived == log.head().moment
        assert verified(log)["verdict"] == "whole"
        assert [part.lived for part in jsonl.lineage(log, None)] == [log.head().moment]
