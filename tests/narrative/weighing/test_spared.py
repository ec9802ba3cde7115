"""Claims and doubts that were stopped, or killed, go on there, and say what they would have said."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest
from attrs import frozen

import narrative
from events.cache import Kept
from narrative.weighing import doubt, paired
from narrative.weighing.lots import Lot

DONE = 3  # members after which somebody stops


@frozen(kw_only=True)
class Case:
    """A verb that is asked something, the module that lives its tails, and how many members in how many arms;
    and what else could be asked with as many.
    """

    verb: Callable[..., Any]
    asked: Mapping[str, Any]
    living: ModuleType
    members: int
    arms: int
    other: Mapping[str, Any]


CASES = (
    Case(
        verb=narrative.claims,
        asked={"only": "collateral", "seeds": 4, "draws": 2, "workers": 1},
        living=paired, members=10, arms=2, other={"only": "worse"},
    ),
    Case(
        verb=narrative.doubt,
        asked={"at": "2025-12-10", "seeds": 2, "over": "announce_rate", "workers": 1},
        living=doubt, members=6, arms=1, other={"measure": "peak"},
    ),
)  # fmt: skip  # a table
EACH = pytest.mark.parametrize("case", CASES, ids=["claims", "doubt"])


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("spared") / "loop.db"
    narrative.run("loop", db=path)
    return str(path)


@pytest.fixture
def lived(monkeypatch: pytest.MonkeyPatch, case: Case) -> list[int | None]:
    """The seed of each tail that is lived."""
    found: list[int | None] = []
    live = case.living.tail

    def tail(cut: Any, what: Any = None, seed: int | None = None, **more: Any) -> Any:
        found.append(seed)
        return live(cut, what, seed, **more)

    monkeypatch.setattr(case.living, "tail", tail)
    return found


def beside(db: str) -> Path:
    return Path(f"{db}.kept")


def stop(done: int, _: int) -> None:
    if done >= DONE:
        raise KeyboardInterrupt


@EACH
def test_who_was_stopped_goes_on_and_lives_nothing_twice(
    db: str, case: Case, lived: list[int | None]
) -> None:
    whole = case.verb(db, **case.asked)
    # once the answer is there nothing is kept for it
    assert (len(lived), beside(db).exists()) == (case.members * case.arms, False)
    with pytest.raises(KeyboardInterrupt):
        case.verb(db, **case.asked, progress=stop)
    lived.clear()
    seen: list[int] = []
    assert case.verb(db, **case.asked, progress=lambda done, _: seen.append(done)) == whole
    assert (len(lived), seen[0]) == ((case.members - DONE) * case.arms, DONE)
    assert not beside(db).exists()


@EACH
def test_who_was_killed_goes_on_in_another_program(db: str, case: Case, lived: list[int | None]) -> None:
    code = (
        "import os, signal, narrative\n"
        "def progress(done, _):\n"
        f"    done < {DONE} or os.kill(os.getpid(), signal.SIGKILL)\n"
        f"narrative.{case.verb.__name__}({db!r}, **{case.asked!r}, progress=progress)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONHASHSEED": "7"},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip  # one call
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    told = case.verb(db, **case.asked)
    assert len(lived) == (case.members - DONE) * case.arms
    lived.clear()
    assert (case.verb(db, **case.asked), len(lived)) == (told, case.members * case.arms)


@EACH
@pytest.mark.parametrize("changed", ["model", "asked", "bytes"])
def test_what_is_another_now_is_lived_again(
    db: str, case: Case, lived: list[int | None], changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KeyboardInterrupt):
        case.verb(db, **case.asked, progress=stop)
    lived.clear()
    if changed == "model":
        monkeypatch.setattr("narrative.analysis.verdicts.MODEL", "another")
    elif changed == "bytes":
        for file in beside(db).rglob("*.parquet"):
            file.write_bytes(file.read_bytes()[:-1])
    case.verb(db, **{**case.asked, **(case.other if changed == "asked" else {})})
    assert len(lived) == case.members * case.arms
    assert not beside(db).exists()


@EACH
def test_where_nothing_can_be_kept_it_is_lived_all_the_same(
    db: str, case: Case, lived: list[int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise pl.exceptions.ComputeError("No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    case.verb(db, **case.asked)
    assert (len(lived), beside(db).exists()) == (case.members * case.arms, False)


def test_a_member_comes_back_as_it_was_an_arm_of_which_nothing_is_known_too(tmp_path: Path) -> None:
    lot = Lot(Kept.of(tmp_path / "loop.db", "main", b"digest"), "claims", "asked")
    rows = {"": {"peak": 1.5, "fall": 0.25}, "link a->b": {}}
    lot.put(3, "member", rows)
    assert lot.read(3, "member") == rows
    assert lot.read(4, "member") is lot.read(3, "another") is None
