"""Which program began a branch stands beside it: outside the chain, and in files of before not at all."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import narrative
from events.errors import Damaged, Locked, Unwritable
from events.log import Log, open_log
from narrative.engine.opening import MODEL


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    narrative.new("mine")
    narrative.run("mine")
    return tmp_path


def test_a_run_and_a_fork_say_who_began_them(here: Path) -> None:
    narrative.what_if("mine.db", name="calm", at="2025-06-01")
    with open_log("mine.db", read_only=True) as log:
        assert log.signed("main") == log.signed("calm") == (narrative.__version__, MODEL)
    narrative.backup("mine.db", "copy.db")
    with open_log("copy.db", read_only=True) as log:
        assert log.signed("calm") == (narrative.__version__, MODEL)


def without(*, dropped: str) -> None:
    with closing(sqlite3.connect("mine.db")) as db, db:
        db.execute(dropped)


def test_a_file_of_before_opens_verifies_and_is_written(here: Path) -> None:
    before = narrative.branches("mine.db")
    without(dropped="DROP TABLE makers")
    with open_log("mine.db", read_only=True) as log:
        assert log.signed("main") is None
        assert log.verify() == ()
    assert narrative.branches("mine.db") == before
    assert narrative.verify("mine.db").verdict == "whole"
    narrative.what_if("mine.db", name="calm", at="2025-06-01")
    with open_log("mine.db", read_only=True) as log:
        assert (log.signed("main"), log.signed("calm")) == (None, (narrative.__version__, MODEL))
    assert narrative.verify("mine.db").verdict == "whole"


def test_what_is_signed_is_no_part_of_the_digest(here: Path) -> None:
    digest = narrative.branches("mine.db")[0].digest
    without(dropped="UPDATE makers SET program = '99'")
    assert narrative.branches("mine.db")[0].digest == digest
    assert narrative.verify("mine.db").verdict == "whole"


EITHER = pytest.mark.parametrize("opened", [lambda path: open_log(None), open_log], ids=["memory", "sqlite"])


@EITHER
def test_a_store_keeps_what_is_signed(opened: Callable[[Path], Log], tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as log:
        assert log.signed("main") is None
        log.sign("main", "1.0", "3")
        log.sign("main", "1.1", "3")
        assert log.signed("main") == ("1.1", "3")


def test_who_cannot_write_cannot_sign(here: Path) -> None:
    with open_log("mine.db", read_only=True) as log, pytest.raises((Unwritable, Locked)):
        log.sign("main", "1", "2")


def test_another_models_history_names_the_version_that_lived_it(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("narrative.analysis.history.MODEL", "another")
    with pytest.raises(narrative.Error, match=rf"that lived it \(version {narrative.__version__}\)"):
        narrative.resume("mine.db", until="2026-01-31")


@EITHER
def test_a_store_keeps_what_is_attached(opened: Callable[[Path], Log], tmp_path: Path) -> None:
    with opened(tmp_path / "log.db") as log:
        assert log.attached("a.toml") is None
        log.attach("a.toml", "x = 1")
        log.attach("a.toml", "")
        assert (log.attached("a.toml"), log.attached("b.toml")) == ("", None)


def test_what_is_attached_and_altered_is_an_error_and_found(tmp_path: Path) -> None:
    with open_log(tmp_path / "log.db") as log:
        log.attach("a.toml", "x = 1")
    with closing(sqlite3.connect(tmp_path / "log.db")) as db:
        db.execute("UPDATE attached SET text = 'x = 2'")
        db.commit()
    with open_log(tmp_path / "log.db", read_only=True) as log:
        with pytest.raises(Damaged, match=r"'a\.toml', which is attached to the log, is not as"):
            log.attached("a.toml")
        assert "attached" in log.verify()[0].what
