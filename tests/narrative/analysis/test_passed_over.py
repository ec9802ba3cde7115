"""What a damage made look like something else is told by whoever looked past it."""

import sqlite3
from pathlib import Path

import pytest

import narrative
from events.errors import Damaged


@pytest.fixture
def damaged(tmp_path: Path) -> str:
    """A history of which one order bears the name of another kind, as a flipped bit would have it."""
    path = tmp_path / "loop.db"
    narrative.run("loop", db=path, until="2025-06-30")
    db = sqlite3.connect(path)
    (order,) = db.execute("SELECT id FROM names WHERE kind LIKE 'Order@%' LIMIT 1").fetchone()
    (loan,) = db.execute("SELECT id FROM names WHERE kind LIKE 'Repricing@%' LIMIT 1").fetchone()
    db.execute(
        "UPDATE events SET name = ? WHERE id = (SELECT min(id) FROM events WHERE name = ?)", (loan, order)
    )
    db.commit()
    db.close()
    return str(path)


def test_a_filter_says_what_damage_it_passed(damaged: str) -> None:
    found = narrative.log(damaged, kind="Order")
    told = []
    with pytest.raises(Damaged, match="is not what was appended"):
        told.extend(event.position for event in found)  # what it found is given all the same
    assert narrative.verify(damaged).verdict == "damaged"


def test_so_does_a_figure_whose_parts_were_looked_for(damaged: str) -> None:
    with pytest.raises(Damaged, match="is not what was appended"):
        narrative.why(damaged, "cloud", "valuation")
