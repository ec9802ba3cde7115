"""Histories beside each other: branches named alone, what-ifs that change nothing, gaps worth telling."""

from pathlib import Path

import pytest
from msgspec.structs import replace

import narrative
from narrative.cli import main
from narrative.cli.drawn import compare_lines


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    narrative.new("mine")
    narrative.run("mine")
    return tmp_path


def test_a_branch_may_be_named_alone_beside_its_history(here: Path) -> None:
    narrative.what_if("mine", name="calm", without="plan")
    whole = narrative.compare(["mine", "mine@calm"])
    for other in ("calm", "@calm"):
        assert narrative.compare(["mine", other]) == whole
        assert narrative.diff("mine.db", other).B == "mine.db@calm"
        assert narrative.tell("mine", other)["text"] == narrative.tell("mine", "mine@calm")["text"]
    assert narrative.page("mine", "calm", output="a.html") == narrative.page(
        "mine", "mine@calm", output="a.html"
    )
    assert narrative.plot(["mine", "calm"], "valuation", output="a.svg").histories[1] == "mine@calm"
    with pytest.raises(narrative.Error, match='"storm" is no story'):
        narrative.compare(["mine", "storm"])
    with pytest.raises(narrative.Error, match="storm"):
        narrative.compare(["mine", "@storm"])


def test_a_story_of_that_name_goes_before_a_branch(here: Path) -> None:
    narrative.what_if("mine", name="loop", without="plan")
    with pytest.raises(narrative.Error, match=r"tells mine and loop\.db@main tells loop"):
        narrative.diff("mine", "loop")
    assert narrative.diff("mine", "@loop").B == "mine@loop"


@pytest.mark.parametrize(
    ("asked", "because"),
    [
        ({}, "it supposes nothing"),
        ({"set": {"board_spread": 3}}, "nobody who plays in this history reads board_spread"),
        (
            {"reseed": 5, "at": "2025-01-10"},
            "what it supposes reaches no event and no reading up to 2025-12-31",
        ),
    ],
)
def test_a_what_if_that_changes_nothing_says_so_and_why(
    here: Path, asked: dict[str, object], because: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if "set" in asked:
        with (here / "mine" / "replay.toml").open("a") as file:
            file.write(
                """\n[[parameter]]\nname = "board_spread"\nvalue = 1\nlow = 1\nhigh = 9\n"""
                """unit = "days"\nreads = "acting"\n"""
                """source = "an example"\nconfidence = "assumption"\n"""
            )
        (here / "mine.db").unlink()
        narrative.run("mine", cast="market")
    told = narrative.what_if("mine", name="same", **({"at": "2025-06-30"} | asked))  # type: ignore[arg-type]  # a table
    assert told.unmoved == because
    assert narrative.compare(["mine", "same"]).unmoved == [because]
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["compare", "mine", "same"])
    assert f"Nothing in mine.db@same differs from mine.db@main: {because}." in capsys.readouterr().out


def test_an_entry_told_otherwise_that_moves_nothing_else_says_so(here: Path) -> None:
    told = narrative.what_if("mine", name="worded", change={"plan": {"headline": "Said in other words"}})
    because = "what it supposes reaches no event and no reading up to 2025-12-31"
    assert told.unmoved == because
    assert narrative.compare(["mine", "worded"]).unmoved == [because]


def test_a_what_if_that_changes_something_says_no_such_thing(here: Path) -> None:
    assert narrative.what_if("mine", name="calm", without="plan").unmoved is None
    assert narrative.compare(["mine", "calm"]).unmoved == [None]


def test_cents_do_not_stand_beside_billions_as_if_they_were_as_much(here: Path) -> None:
    narrative.what_if("mine", name="calm", without="plan")
    found = narrative.compare(["mine", "calm"])
    rows = [row for row in found.rows if row.reading == "valuation"]
    (row,) = [row for row in rows if row.actor == "chipmaker"]
    day = [moment[:10] for moment in found.moments].index(row.gap_on or "")
    base, value = (line[day] for line in row.series)
    assert base
    assert value is not None
    assert row.gap_part == pytest.approx(abs(value - base) / base)
    # Six cents of $500 bn, and six cents beside nothing, are counted; a gap of 2 % is told.
    cents = [replace(row, gap=6, gap_part=6 / base), replace(row, actor="lab", gap=6, gap_part=None)]
    lines = list(compare_lines(replace(found, rows=[replace(row, gap_part=0.02), *cents])))
    assert sum("widest gap" in line for line in lines) == 1
    assert "(2 %)" in "\n".join(lines)
    assert lines[-1] == "  2 more readings differ by less than 0.5 %: --json has them"
