"""A name that cannot be trusted widens every search: what two of them find is counted once all the same."""

import sqlite3
from pathlib import Path

import narrative


def test_a_figure_of_a_file_with_a_damaged_name_is_the_figure(tmp_path: Path) -> None:
    db = tmp_path / "loop.db"
    narrative.run("loop", db=db, until="2025-06-30")
    before = narrative.why(str(db), "cloud", "valuation")
    stored = sqlite3.connect(db)
    stored.execute("UPDATE names SET seal = zeroblob(32) WHERE id = (SELECT max(id) FROM names)")
    stored.commit()
    stored.close()
    assert narrative.why(str(db), "cloud", "valuation") == before
    assert before.parts
    found = narrative.verify(str(db))
    assert found.verdict == "damaged"
    assert "the row that says what name" in found.faults[0].what
