"""Observations travel with the database, are shown with their day, and are never said to be none unlooked."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.faulty_story import OBSERVED, written

import narrative
from narrative.cli import main
from narrative.story.faults import StoryFaults


def _more(kind: str, value: float) -> str:
    return f"""
[[observation]]
date = 2025-01-20
actor = "chipmaker"
kind = "{kind}"
value = {value}
unit = "USD bn"
source = "a paper"
confidence = "low"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    return written(tmp_path)


def _screen(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    capsys.readouterr()
    with pytest.raises(SystemExit) as stop:
        main(list(argv))
    assert stop.value.code in (0, None)
    return capsys.readouterr().out


def test_json_lines_carry_what_was_observed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrative.run(str(folder), db="x.db")
    narrative.export("x.db", format="jsonl", output=tmp_path / "x.jsonl")
    (tmp_path / "elsewhere").mkdir()
    shutil.rmtree(folder)
    monkeypatch.chdir(tmp_path / "elsewhere")
    narrative.import_(tmp_path / "x.jsonl", db="y.db")
    told = narrative.replay("y.db", at="2025-02-10").actors["chipmaker"]
    assert (told.observed, told.observed_on) == (52_000_000_000_000, "2025-02-03")
    narrative.export("y.db", format="jsonl", output="y.jsonl")
    assert Path("y.jsonl").read_bytes() == (tmp_path / "x.jsonl").read_bytes()


def test_what_json_lines_carry_is_held_to_the_rules_of_check(folder: Path, tmp_path: Path) -> None:
    narrative.run(str(folder), db="x.db")
    narrative.export("x.db", format="jsonl", output=tmp_path / "x.jsonl")
    whole = (tmp_path / "x.jsonl").read_text()
    assert whole.count('kind = \\"market_value\\"') > 0
    (tmp_path / "x.jsonl").write_text(whole.replace('kind = \\"market_value\\"', 'kind = \\"mood\\"', 1))
    with pytest.raises(StoryFaults, match=r'observed.toml:\d+: .* kind is "mood"'):
        narrative.import_(tmp_path / "x.jsonl", db="y.db")
    assert not Path("y.db").exists()


def test_a_database_that_lies_elsewhere_has_its_observations(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    narrative.run(str(folder), db="x.db")
    (tmp_path / "elsewhere").mkdir()
    narrative.backup("x.db", tmp_path / "elsewhere" / "y.db")
    shutil.rmtree(folder)
    monkeypatch.chdir(tmp_path / "elsewhere")
    told = narrative.replay("y.db", at="2025-02-10")
    assert told.observed_missing is None
    chipmaker = told.actors["chipmaker"]
    assert (chipmaker.observed, chipmaker.observed_on, chipmaker.observed_age) == (
        52_000_000_000_000,
        "2025-02-03",
        7,
    )
    assert "2025-02-03, 7 days before" in _screen(capsys, "replay", "y.db", "--at", "2025-02-10")
    assert len(narrative.query("y.db", "select * from observed")) == 1


def test_what_is_not_found_is_not_said_to_be_none(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    narrative.run(str(folder), db="y.db")
    with closing(sqlite3.connect("y.db")) as db, db:
        db.execute("DROP TABLE attached")  # as older versions wrote it
    assert narrative.replay("y.db").observed_missing is None  # the story lies here
    shutil.rmtree(folder)
    missing = "observed.toml not found: there is no story demo here, and none came along"
    assert narrative.replay("y.db").observed_missing == missing
    for argv in (("replay", "y.db"), ("why", "y.db", "chipmaker", "valuation"), ("tell", "y.db")):
        out = " ".join(_screen(capsys, *argv).split())
        assert "not found" in out, argv
        assert "no observation" not in out, argv
    with pytest.warns(UserWarning, match=missing):
        assert len(narrative.query("y.db", "select * from observed")) == 0
    narrative.page("y.db", output="y.html")
    assert missing in Path("y.html").read_text(encoding="utf-8")
    alt = narrative.plot("y.db", "valuation", output="y.svg")
    assert alt.observed == 0
    assert "not found" in Path("y.svg").read_text(encoding="utf-8")


def test_none_at_all_is_none_wherever_the_database_lies(folder: Path, tmp_path: Path) -> None:
    (folder / "observed.toml").unlink()
    narrative.run(str(folder), db="x.db")
    shutil.rmtree(folder)
    assert narrative.replay("x.db").observed_missing is None


def test_figures_that_came_since_are_warned_of(folder: Path) -> None:
    narrative.replay("demo")
    with (folder / "observed.toml").open("a", encoding="utf-8") as file:
        file.write(_more("index", 5000))
    with pytest.warns(UserWarning, match="demo has changed since"):
        narrative.replay("demo")


def test_a_file_that_could_not_be_shown_begins_no_history(folder: Path, tmp_path: Path) -> None:
    (folder / "observed.toml").write_text(OBSERVED + "\nvalue = [", "utf-8")
    with pytest.raises(narrative.Error, match=r"observed\.toml"):
        narrative.run(str(folder), db="x.db")
    assert not (tmp_path / "x.db").exists()


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        ("net_worth", 393, "a maker of chips, net worth"),
        ("index", 5321.5, "5,321.5"),
        ("yield_pct", 4.25, "4.25 %"),
        ("spread_bp", 310, "310 bp"),
        ("peak_to_trough_pct", -17, "-17 %"),
    ],
)
def test_every_kind_of_observation_is_shown_with_its_day(
    folder: Path, kind: str, value: float, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "observed.toml").open("a", encoding="utf-8") as file:
        file.write(_more(kind, value))
    narrative.run(str(folder), db="x.db")
    (seen,) = narrative.replay("x.db", at="2025-02-10").seen
    assert (seen.kind, seen.on, seen.age) == (kind, "2025-01-20", 21)
    out = _screen(capsys, "replay", "x.db", "--at", "2025-02-10")
    assert says.lower() in out.lower()
    assert "2025-01-20, 21 days before" in out


def test_a_value_too_old_to_judge_is_still_said_with_its_age(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    narrative.run(str(folder), db="x.db", until="2025-06-30", cast="full")
    told = narrative.replay("x.db", at="2025-03-30")
    assert told.actors["chipmaker"].observed is None  # 55 days
    assert [(row.kind, row.amount, row.age) for row in told.seen] == [
        ("market_value", 52_000_000_000_000, 55)
    ]


def test_a_price_is_a_market_value_by_the_shares_of_its_day(folder: Path) -> None:
    told = """[[observation]]
date = 2025-02-03
actor = "chipmaker"
kind = "price"
value = 12.5
unit = "USD"
source = "a paper"
confidence = "low"
"""
    (folder / "observed.toml").write_text(told)
    narrative.run(str(folder), db="none.db")
    unknown = narrative.replay("none.db", at="2025-02-10")
    assert unknown.actors["chipmaker"].observed is None
    assert [(row.kind, row.value) for row in unknown.seen] == [("price", 12.5)]
    held = (folder / "replay.toml").read_text()
    shares = """
[[actor.opening]]
account = "shares"
number = 4_000_000_000
date = 2024-12-31
source = "an example, not a fact"
confidence = "assumption"
"""
    before = "\n[[link]]                     # how"
    assert before in held
    (folder / "replay.toml").write_text(held.replace(before, shares + before))
    narrative.run(str(folder), db="x.db")
    assert (
        narrative.replay("x.db", at="2025-02-10").actors["chipmaker"].observed == 5_000_000_000_000
    )  # 4 bn shares at 12.50
