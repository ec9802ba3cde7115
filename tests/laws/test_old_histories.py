"""Histories stored by an earlier version open, verify, branch and live on, with the same digests.

How they were made, and what to do when MODEL is raised, stands in tests/fixtures/README.md.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest

import narrative

STORED = Path(__file__).parents[1] / "fixtures" / "model-2"
FILES = ("loop.db", "loop.jsonl", "kinds.jsonl")
BRANCHES = {"loop": ("main", "held", "deep"), "kinds": ("main", "otherwise")}
BRANCHED = [(file, branch) for file in FILES for branch in BRANCHES[Path(file).stem]]

# Where a branch is forked, what it supposes there, and how far a history is lived on.
FORK = {"loop": "2025-08-01", "kinds": "2025-03-01"}
SUPPOSED: dict[str, dict[str, Any]] = {
    "loop": {"set": {"pledge_share": 0.5}, "reseed": 11},
    "kinds": {"change": {"second": {"amount": 9}}, "without": ["again"]},
}
LATER = {"loop": "2025-10-15", "kinds": "2025-12-31"}


def recorded(file: str, branch: str, done: str) -> str:
    """The digest that was taken down when the history was stored."""
    lines = (STORED / "digests.txt").read_text(encoding="utf-8").splitlines()
    found = {tuple(line.split()[:3]): line.split()[3] for line in lines}
    return found[Path(file).stem, branch, done]


def brought(file: str, room: Path) -> str:
    """A copy of a stored history as a database in `room`."""
    db = room / f"{Path(file).stem}.db"
    if file.endswith(".jsonl"):
        narrative.import_(STORED / file, db=db)
    else:
        shutil.copyfile(STORED / file, db)
    return str(db)


def digests(db: str) -> dict[str, str]:
    return {row["branch"]: row["digest"] for row in narrative.branches(db)}


@pytest.mark.parametrize("file", FILES)
def test_it_opens_with_the_branches_and_digests_that_were_stored(file: str, tmp_path: Path) -> None:
    names = BRANCHES[Path(file).stem]
    assert digests(brought(file, tmp_path)) == {name: recorded(file, name, "stored") for name in names}


@pytest.mark.parametrize(("file", "branch"), BRANCHED)
def test_its_events_can_be_told_to_the_last(file: str, branch: str, tmp_path: Path) -> None:
    db = brought(file, tmp_path)
    *_, last = narrative.log(f"{db}@{branch}")
    assert last["digest"] == recorded(file, branch, "stored")


@pytest.mark.parametrize("file", FILES)
def test_it_verifies_as_whole(file: str, tmp_path: Path) -> None:
    found = narrative.verify(brought(file, tmp_path))
    assert (found["verdict"], found["faults"]) == ("whole", [])


@pytest.mark.parametrize(("file", "branch"), BRANCHED)
def test_a_branch_that_supposes_nothing_is_its_parent(file: str, branch: str, tmp_path: Path) -> None:
    db = brought(file, tmp_path)
    lived = narrative.what_if(f"{db}@{branch}", name="same", at=FORK[Path(file).stem])
    assert lived["digest"] == recorded(file, branch, "stored")


@pytest.mark.parametrize(("file", "branch"), BRANCHED)
def test_a_branch_that_supposes_something_is_lived_as_it_was(file: str, branch: str, tmp_path: Path) -> None:
    assert supposed(brought(file, tmp_path), branch) == recorded(file, branch, "supposed")


@pytest.mark.parametrize(("file", "branch"), BRANCHED)
def test_it_lives_on_as_it_did(file: str, branch: str, tmp_path: Path) -> None:
    assert resumed(brought(file, tmp_path), branch) == recorded(file, branch, "resumed")


def supposed(db: str, branch: str) -> str:
    story = Path(db).stem
    return str(narrative.what_if(f"{db}@{branch}", name="other", at=FORK[story], **SUPPOSED[story])["digest"])


def resumed(db: str, branch: str) -> str:
    return str(narrative.resume(f"{db}@{branch}", until=LATER[Path(db).stem])["digest"])


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith(".jsonl")])
def test_exported_again_it_is_the_same_file(file: str, tmp_path: Path) -> None:
    again = tmp_path / "again.jsonl"
    narrative.export(brought(file, tmp_path), format="jsonl", output=again)
    assert again.read_bytes() == (STORED / file).read_bytes()


def test_a_database_and_its_export_hold_the_same(tmp_path: Path) -> None:
    again = tmp_path / "again.jsonl"
    narrative.export(brought("loop.db", tmp_path), format="jsonl", output=again)
    assert again.read_bytes() == (STORED / "loop.jsonl").read_bytes()
