"""A digest that was kept elsewhere shows what no file can: its end cut off, or all of it made anew."""

import sqlite3
from pathlib import Path

import pytest

import narrative
from events.codec import GENESIS, chain
from events.stores.protocol import POSITIONS, head_row


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "loop.db"
    narrative.run("loop", db=path, until="2025-02-15")
    narrative.note(str(path), "the first note")
    narrative.note(str(path), "the second")
    return path


def tampered(path: Path, how: str) -> None:
    """Cut the last event off, or write a note anew, with each checksum worked out again."""
    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT id FROM events ORDER BY id").fetchall()
        if how == "cut":
            db.execute("DELETE FROM events WHERE id = ?", rows[-1])
        else:
            (fact,) = db.execute("SELECT fact FROM events WHERE id = ?", rows[-2]).fetchone()
            fact = fact.replace(b"the first note", b"another words!")
            db.execute("UPDATE events SET fact = ? WHERE id = ?", (fact, rows[-2][0]))
        names = {row[0]: row[1:] for row in db.execute("SELECT id, kind, origin, actor FROM names")}
        end = GENESIS
        for place, moment, name, causes, fact in db.execute(
            "SELECT id, moment, name, causes, fact FROM events ORDER BY id"
        ).fetchall():
            end = chain(end, place & POSITIONS, moment, *names[name], causes, fact)
            db.execute("UPDATE events SET digest = ? WHERE id = ?", (end, place))
        position = db.execute("SELECT max(id) FROM events").fetchone()[0] & POSITIONS
        lived, target = db.execute("SELECT lived, target FROM heads").fetchone()
        seal = head_row(1, position, end, lived, target).seal
        db.execute("UPDATE heads SET position = ?, digest = ?, seal = ?", (position, end, seal))
        db.execute("DELETE FROM seals")
    db.close()


@pytest.mark.parametrize("how", ["cut", "rewritten"])
def test_what_verifies_as_whole_is_not_the_history_of_the_digest(path: Path, how: str) -> None:
    digest = narrative.branches(str(path))[0].digest
    assert narrative.verify(str(path), against=digest).verdict == "whole"
    tampered(path, how)
    assert narrative.verify(str(path)).verdict == "whole"  # which no file can show by itself
    found = narrative.verify(str(path), against=digest)
    assert found.verdict == "other"
    assert found.against is None
    assert "its end was cut off, or another history stands here" in found.faults[0].what


def test_an_earlier_digest_is_met_where_it_was(path: Path) -> None:
    lived = narrative.branches(str(path))[0]
    narrative.resume(str(path), until="2025-03-15")
    found = narrative.verify(str(path), against=lived.digest.upper())
    assert (found.verdict, found.against) == ("whole", lived.events)
    assert found.digest != lived.digest


def test_what_is_no_digest_is_refused(path: Path) -> None:
    with pytest.raises(narrative.Error, match="is no digest"):
        narrative.verify(str(path), against="abc")
