"""diff, compare and loop on the 2025 record, as commands."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from narrative.cli import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: str) -> str:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_2025_record_closes_no_turn_in_cash(folder: Path) -> None:
    found = json.loads(call("loop", "ai-2025", "--json"))
    assert found["in_cash"] == 0
    assert len(found["turns"]) > 5
    oracle = next(
        t
        for t in found["turns"]
        if t["steps"][0]["parties"] == ["openai", "oracle"] and t["steps"][0]["amount"]
    )
    chips = next(step for step in oracle["steps"] if step["step"] == 3)
    assert chips["bond"] == "earlier"  # the chip order of May came before the contract of September


def test_a_turn_says_how_far_it_came(folder: Path) -> None:
    for name in ("loop", "ai-2025"):
        text = call("loop", name, "--all")
        for turn in json.loads(call("loop", name, "--json"))["turns"]:
            lacking = len(turn["missing"])
            loose = sum(step["bond"] in ("party", "earlier") for step in turn["steps"])
            said = (
                f"unfinished, {lacking} of its steps missing"
                if lacking
                else "closed in cash"
                if turn["in_cash"]
                else "whole, not closed in cash"
                if turn["whole"]
                else f"every step taken, {loose} of them only by the same party"
            )
            assert f"turn {turn['turn']}: {said}\n" in text


def test_loop_says_what_is_missing_in_words(folder: Path) -> None:
    text = call("loop", "ai-2025")
    assert "○ missing:" in text
    assert "0 closed in cash" in text


def test_steps_are_said_to_be_matched_by_kind_and_parties_wherever_their_words_stand(folder: Path) -> None:
    """A round at 70.9 bn after 150 takes the step by which the lab raises money at a higher value."""
    said = "steps are matched by kind and parties; what words say of values is untested"
    text = call("loop", "loop")
    assert "The lab raises money at a higher value" in text
    assert "at a value of $70.9 bn" in text
    assert said in text
    assert said.removeprefix("steps are ") in call("replay", "loop")
    call("page", "loop", "-o", "loop.html")
    for form in ("md", "html"):
        call("tell", "loop", "-o", f"tale.{form}")
    for name in ("loop.html", "tale.md", "tale.html"):
        assert f"{said.capitalize()}." in Path(name).read_text(encoding="utf-8")


def test_turns_of_one_step_are_counted_and_shown_when_asked_for(folder: Path) -> None:
    whole = json.loads(call("loop", "ai-2025", "--json"))["turns"]
    broken = [turn["turn"] for turn in whole if len(turn["steps"]) == 1]
    assert 0 < len(broken) < len(whole)
    brief, full = call("loop", "ai-2025"), call("loop", "ai-2025", "--all")
    assert f"{len(broken)} more turn" in brief
    for turn in whole:
        heading = f"\nturn {turn['turn']}: "
        assert heading in full
        assert (heading in brief) is (turn["turn"] not in broken)
    assert brief.splitlines()[-1] == full.splitlines()[-1]


def test_a_history_differs_from_itself_in_nothing(folder: Path) -> None:
    found = json.loads(call("diff", "ai-2025", "ai-2025.db", "--json"))
    assert found["first"] == {"A": None, "B": None}
    assert found["readings"] == []


def test_runs_of_two_casts_part_at_the_opening(folder: Path) -> None:
    call("run", "ai-2025", "--cast", "none", "--db", "bare.db")
    text = call("diff", "ai-2025", "bare.db")
    assert "only in A: 1 Opening" in text  # the cast stands in the Opening
    assert text.splitlines()[2] == "they part at the opening"
    beside = call("compare", "ai-2025", "bare.db", "--every", "90d")
    assert beside.splitlines()[2] == "they part at the opening, side by side from 2024-08-01 on"
    found = json.loads(call("compare", "ai-2025", "bare.db", "--every", "7d", "--json"))
    assert {row["reading"] for row in found["rows"]} <= {
        "valuation",
        "belief",
        "belief_share",
        "collateral",
        "loan_to_value",
    }


def test_one_history_is_nothing_to_compare(folder: Path) -> None:
    done = CliRunner().invoke(main, ["compare", "ai-2025"])
    assert done.exit_code == 2
    assert "two histories or more" in done.stderr


def test_a_span_that_is_none_is_refused(folder: Path) -> None:
    done = CliRunner().invoke(main, ["compare", "ai-2025", "ai-2025", "--every", "often"])
    assert done.exit_code == 2
    assert "as in 12h, 1d or 1mo" in done.stderr


def test_two_stories_are_refused_in_a_sentence(folder: Path) -> None:
    for verb in ("diff", "compare"):
        done = CliRunner().invoke(main, [verb, "loop", "ai-2025"])
        assert done.exit_code == 2
        assert done.stderr.strip() == (
            "NotComparable: loop.db@main tells loop and ai-2025.db@main tells ai-2025; only histories of one "
            "story can be compared."
        )
