"""Both ends of a branch of recorded prices: what news leaves open is kept, or belonged to what is gone."""

from math import exp
from math import log as ln
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from support.anchored import CLOSE, anchored
from support.lives import lived
from support.tiny import DAY

import narrative
from events.errors import BranchTaken
from events.log import Log
from narrative.analysis.ends import kept_by
from narrative.analysis.history import History
from narrative.cli import main
from narrative.cli.forked import forked_lines
from narrative.engine.run import world_at
from narrative.text.words import residual
from narrative.whatif.both import OWN, OneEnd, at_both
from narrative.whatif.fork import requested

END = 9 * DAY + CLOSE + 1


def both(log: Log, name: str, **asked: object) -> dict:
    found = History(log, "main", "a log")
    other = {**asked, "set": {**asked.get("set", {}), OWN: 0.0}}
    return at_both(found, name, *(requested(found, None, None, (), flags) for flags in (asked, other)))


def value(log: Log, branch: str) -> int:
    world = world_at(log, branch)
    return world.readings.value("cloud", world.moment)


def test_both_ends_of_going_without_words():
    log = lived(anchored(), until=END)
    told = both(log, "calm", without=["words"])
    assert (told["other_end"], told["residual"]) == (
        "calm-own-0",
        {"residual_own": 1.0, "residual_sector": 1.0},
    )
    assert kept_by(History(log, "calm-own-0", "a log"))["residual_own"] == 0.0
    assert [row["actor"] for row in told["ends"]] == ["lab", "cloud"]  # the lab was worth less
    first = told["ends"][1]
    assert first["parent"] == pytest.approx(90_000 * 10**9, rel=1e-9)
    assert first["reached"] == [value(log, "calm"), value(log, "calm-own-0")]
    # Kept: the record times what the words had done to it. By the ninth day some of it had faded.
    step, waited = 0.05, 7 * DAY + CLOSE + 1 - 10 * 3600
    fast, slow = (2.0 ** (-waited / (days * DAY)) for days in (25, 250))
    gone = step * (0.25 + 0.75 * (0.6 * fast + 0.4 * slow))
    assert first["reached"][0] == pytest.approx(90_000 * 10**9 * exp(-gone), rel=1e-8)
    # Not kept: what the first day's quote left, and after it the market and policy alone.
    market = 1.5 * (ln(9_000 / 10_000) - 0.005)
    assert first["reached"][1] == pytest.approx(100_000 * 10**9 * exp(market + 0.005), rel=1e-8)


def test_a_value_that_the_branch_leaves_alone_is_no_headline():
    told = both(lived(anchored(), until=END), "calm", without=["words"])
    assert {row["actor"] for row in told["ends"]} == {"cloud", "lab"}


def test_what_is_one_end_already_has_no_other():
    log = lived(anchored(), until=END)
    with pytest.raises(OneEnd, match="sets residual_own itself"):
        both(log, "other", without=["words"], set={"residual_own": 0.5})
    assert [branch.name for branch in log.branches()] == ["main"]


def test_a_name_that_is_taken_is_said_before_anything_is_lived():
    log = lived(anchored(), until=END)
    log.fork("calm-own-0", "main", log.head("main").position)
    with pytest.raises(BranchTaken):
        both(log, "calm", without=["words"])
    assert [branch.name for branch in log.branches()] == ["main", "calm-own-0"]


def test_words_for_each_end():
    assert residual({"residual_own": 1.0, "residual_sector": 1.0}) == "what news does not explain is kept"
    assert residual({"residual_own": 0.0, "residual_sector": 1.0}) == "nothing of each asset's own is kept"
    assert (
        residual({"residual_own": 1.0, "residual_own.oracle": 0.0, "residual_sector": 0.5})
        == "of what news does not explain 0 of own of oracle, 0.5 of sector is kept"
    )


# --- as commands ----------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: str) -> str:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_every_headline_says_which_end_it_is(here: Path):
    narrative.run("ai-2025", until="2025-10-30")
    calm = ("what-if", "ai-2025", "--from", "no-oracle-contract", "--name")
    one = call(*calm, "one")
    assert "\nmoved most by 2025-10-30:\n  oracle: $730 bn in main, $" in one
    assert "In one what news does not explain is kept. The other end is the same with --name one-own-0" in one
    two = call(*calm, "calm", "--ends")
    assert " in calm, $" in two
    assert " in calm-own-0\n" in two
    assert "In calm what news does not explain is kept; in calm-own-0 nothing of each asset's own is" in two
    other = call(*calm, "one-own-0", "--set", "residual_own=0")
    assert other.rstrip().endswith("In one-own-0 nothing of each asset's own is kept.")
    assert narrative.replay("ai-2025@one-own-0").digest == narrative.replay("ai-2025@calm-own-0").digest
    heads = call("compare", "ai-2025", "ai-2025@calm", "ai-2025@calm-own-0", "--every", "1mo").splitlines()[
        :3
    ]
    assert heads == [
        "A ai-2025.db@main",
        "B ai-2025.db@calm (what news does not explain is kept)",
        "C ai-2025.db@calm-own-0 (nothing of each asset's own is kept)",
    ]
    assert "\nB ai-2025@calm (what news does not explain is kept)\n" in call(
        "diff", "ai-2025", "ai-2025@calm"
    )
    found = narrative.compare(["ai-2025", "ai-2025@calm-own-0"], every="1q")
    assert [kept["residual_own"] for kept in found.residuals] == [1.0, 0.0]


def test_a_history_without_recorded_prices_has_one_end_and_answers_as_before(here: Path):
    narrative.run("loop", until="2025-02-10")
    done = CliRunner().invoke(main, ["what-if", "loop", "--name", "a", "--set", "call_ltv=0.5", "--ends"])
    assert done.exit_code == 2
    assert done.stderr.startswith("OneEnd: No price of this history is recorded")
    assert [row.branch for row in narrative.branches("loop")] == ["main"]
    told = narrative.what_if("loop", name="a", set={"call_ltv": 0.5}, at="2025-02-01")
    assert not {"residual", "other_end", "ends", "currency", "digits"} & set(told)
    assert "residuals" not in narrative.diff("loop", "loop@a")
    assert "residuals" not in narrative.compare(["loop", "loop@a"])


def test_what_reads_the_same_is_not_told_as_moved(here: Path):
    narrative.run("ai-2025", until="2025-10-30")
    told = narrative.what_if("ai-2025", name="one", from_="no-oracle-contract")
    most, *_ = told.ends
    slight = replace(most, actor="amd", reached=[most.parent + 1])
    said = "\n".join(forked_lines(replace(told, ends=[most, slight])))
    assert "  oracle: " in said
    assert "  amd: " not in said
