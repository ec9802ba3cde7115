"""What a damage made look like something else is told by whoever looked past it."""

import sqlite3
from pathlib import Path

import pytest

import narrative
from events.errors import Damaged


def misnamed(path: Path, kind: str, actor: str, like: str) -> None:
    """Let the first event of a kind that names an actor bear another kind's name, as a flipped bit would."""
    db = sqlite3.connect(path)
    (other,) = db.execute("SELECT id FROM names WHERE kind LIKE ? LIMIT 1", (f"{like}@%",)).fetchone()
    (first,) = db.execute(
        "SELECT min(e.id) FROM events e JOIN names n ON e.name = n.id WHERE n.kind LIKE ? AND instr(fact, ?)",
        (f"{kind}@%", f'"{actor}"'.encode()),
    ).fetchone()
    db.execute("UPDATE events SET name = ? WHERE id = ?", (other, first))
    db.commit()
    db.close()


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A history long enough that its end is read off a snapshot: nobody reads the first events again."""
    path = tmp_path / "loop.db"
    narrative.run("loop", db=path, until="2027-06-30")
    return path


def test_a_filter_says_what_damage_it_passed(history: Path) -> None:
    misnamed(history, "Order", "cloud", "Repricing")
    found = narrative.log(str(history), kind="Order")
    told: list[int] = []
    with pytest.raises(Damaged, match="is not what was appended"):
        told.extend(event.position for event in found)  # what it found is given all the same
    assert told
    assert narrative.verify(str(history)).verdict == "damaged"


@pytest.mark.parametrize(
    ("kind", "actor", "reading"),
    [
        ("Repricing", "chips", "valuation"),
        ("Repricing", "chips", "belief_share"),
        ("Sale", "cloud", "cash"),
        ("Endowment", "cloud", "valuation"),
        ("Pledge", "founder", "collateral"),
    ],
)
def test_so_does_a_figure_of_which_a_part_is_hidden(
    history: Path, kind: str, actor: str, reading: str
) -> None:
    narrative.why(str(history), actor, reading)
    misnamed(history, kind, actor, "Announcement")
    with pytest.raises(Damaged, match="is not what was appended"):
        narrative.why(str(history), actor, reading)
