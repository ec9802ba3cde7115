"""Histories stored by an earlier version open, tell their events and come back from JSON Lines, with the
same digests. Those lived by the model of today live on as they did; those of another are refused with a
sentence, and `verify` says that they have changed and not that they are damaged.

How they were made, and what to do when MODEL is raised, stands in tests/fixtures/README.md.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import narrative
from narrative.engine.opening import MODEL

STORED = Path(__file__).parents[1] / "fixtures"
MODELS = tuple(sorted(folder.name.partition("-")[2] for folder in STORED.glob("model-*")))
FILES = ("loop.db", "loop.jsonl", "kinds.jsonl")
BRANCHES = {"loop": ("main", "held", "deep"), "kinds": ("main", "otherwise")}
KEPT = [(model, file) for model in MODELS for file in FILES]
BRANCHED = [(model, file, branch) for model, file in KEPT for branch in BRANCHES[Path(file).stem]]
LIVING = [case for case in BRANCHED if case[0] == MODEL]
GONE = [case for case in BRANCHED if case[0] != MODEL]

# Where a branch is forked, what it supposes there, and how far a history is lived on.
FORK = {"loop": "2025-08-01", "kinds": "2025-03-01"}
SUPPOSED: dict[str, dict[str, Any]] = {
    "loop": {"set": {"pledge_share": 0.5}, "reseed": 11},
    "kinds": {"change": {"second": {"amount": 9}}, "without": ["again"]},
}
NOT_YET: dict[str, dict[str, Any]] = {model: {"beside": None} for model in ("2", "3")}  # of headers
LATER = {"loop": "2025-10-15", "kinds": "2025-12-31"}


def folder(model: str) -> Path:
    return STORED / f"model-{model}"


def recorded(model: str, file: str, branch: str, done: str) -> str:
    """The digest that was taken down when the history was stored."""
    lines = (folder(model) / "digests.txt").read_text(encoding="utf-8").splitlines()
    found = {tuple(line.split()[:3]): line.split()[3] for line in lines}
    return found[Path(file).stem, branch, done]


def brought(model: str, file: str, room: Path) -> str:
    """A copy of a stored history as a database in `room`."""
    db = room / f"{Path(file).stem}.db"
    if file.endswith(".jsonl"):
        narrative.import_(folder(model) / file, db=db)
    else:
        shutil.copyfile(folder(model) / file, db)
    return str(db)


def digests(db: str) -> dict[str, str]:
    return {row["branch"]: row["digest"] for row in narrative.branches(db)}


@pytest.mark.parametrize(("model", "file"), KEPT)
def test_it_opens_with_the_branches_and_digests_that_were_stored(
    model: str, file: str, tmp_path: Path
) -> None:
    names = BRANCHES[Path(file).stem]
    found = digests(brought(model, file, tmp_path))
    assert found == {name: recorded(model, file, name, "stored") for name in names}


@pytest.mark.parametrize(("model", "file", "branch"), BRANCHED)
def test_its_events_can_be_told_to_the_last(model: str, file: str, branch: str, tmp_path: Path) -> None:
    db = brought(model, file, tmp_path)
    *_, last = narrative.log(f"{db}@{branch}")
    assert last["digest"] == recorded(model, file, branch, "stored")


@pytest.mark.parametrize(("model", "file"), KEPT)
def test_it_verifies_as_whole_or_as_lived_by_another_model(model: str, file: str, tmp_path: Path) -> None:
    found = narrative.verify(brought(model, file, tmp_path))
    faults = [] if model == MODEL else [("main", 1)]  # its Opening, which names the model, and no more
    assert found["verdict"] == ("changed" if faults else "whole")
    assert [(fault["branch"], fault["position"]) for fault in found["faults"]] == faults
    said = f"it was lived by model {model}, and this program is model {MODEL}"
    assert [fault["what"] for fault in found["faults"]] == [said] * len(faults)


@pytest.mark.parametrize(("model", "file", "branch"), GONE)
def test_living_on_by_another_model_is_refused(model: str, file: str, branch: str, tmp_path: Path) -> None:
    db = brought(model, file, tmp_path)
    before = digests(db)
    with pytest.raises(
        narrative.Error, match=f"was lived by model {model} and this program is model {MODEL}"
    ):
        narrative.resume(f"{db}@{branch}", until=LATER[Path(db).stem])
    with pytest.raises(
        narrative.Error, match=f"was lived by model {model} and this program is model {MODEL}"
    ):
        supposed(db, branch)
    assert digests(db) == before


@pytest.mark.parametrize(("model", "file", "branch"), LIVING)
def test_a_branch_that_supposes_nothing_is_its_parent(
    model: str, file: str, branch: str, tmp_path: Path
) -> None:
    db = brought(model, file, tmp_path)
    lived = narrative.what_if(f"{db}@{branch}", name="same", at=FORK[Path(file).stem])
    assert lived["digest"] == recorded(model, file, branch, "stored")


@pytest.mark.parametrize(("model", "file", "branch"), LIVING)
def test_a_branch_that_supposes_something_is_lived_as_it_was(
    model: str, file: str, branch: str, tmp_path: Path
) -> None:
    assert supposed(brought(model, file, tmp_path), branch) == recorded(model, file, branch, "supposed")


@pytest.mark.parametrize(("model", "file", "branch"), LIVING)
def test_it_lives_on_as_it_did(model: str, file: str, branch: str, tmp_path: Path) -> None:
    assert resumed(brought(model, file, tmp_path), branch) == recorded(model, file, branch, "resumed")


def supposed(db: str, branch: str) -> str:
    story = Path(db).stem
    return str(narrative.what_if(f"{db}@{branch}", name="other", at=FORK[story], **SUPPOSED[story])["digest"])


def resumed(db: str, branch: str) -> str:
    return str(narrative.resume(f"{db}@{branch}", until=LATER[Path(db).stem])["digest"])


@pytest.mark.parametrize(("model", "file"), [kept for kept in KEPT if kept[1].endswith(".jsonl")])
def test_exported_again_it_is_the_same_file(model: str, file: str, tmp_path: Path) -> None:
    again = tmp_path / "again.jsonl"
    narrative.export(brought(model, file, tmp_path), format="jsonl", output=again)
    assert again.read_bytes() == (folder(model) / file).read_bytes()


@pytest.mark.parametrize("model", MODELS)
def test_a_database_and_its_export_hold_the_same(model: str, tmp_path: Path) -> None:
    again = tmp_path / "again.jsonl"
    narrative.export(brought(model, "loop.db", tmp_path), format="jsonl", output=again)
    (head, *lines), (stored, *kept) = (
        path.read_text(encoding="utf-8").splitlines() for path in (again, folder(model) / "loop.jsonl")
    )
    assert lines == kept
    # what lies beside a history goes along since model 4
    assert {**json.loads(head), **NOT_YET.get(model, {})} == {**json.loads(stored), **NOT_YET.get(model, {})}
