"""Every screen of a branch of recorded prices says which end of what news does not explain it is."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import narrative
from narrative.cli import main

ENDS = {
    "main": None,
    "calm": "what news does not explain is kept",
    "other": "nothing of each asset's own is kept",
}


@pytest.fixture(scope="module", autouse=True)
def _here(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("ends"))
        narrative.run("ai-2025", db="ai.db", until="2025-12-31")
        narrative.what_if("ai.db", name="calm", from_="no-oracle-contract")
        narrative.what_if("ai.db", name="other", from_="no-oracle-contract", set={"residual_own": 0})
        yield


@pytest.mark.parametrize("branch", ENDS)
def test_screens_and_words_of_a_branch_say_which_end_it_is(branch):
    name, end = f"ai.db@{branch}", ENDS[branch]
    said = f"Of recorded prices in this branch {end}."
    assert narrative.replay(name).end == end
    assert (said in narrative.tell(name).text) == (end is not None)
    screen = " ".join(CliRunner().invoke(main, ["replay", name]).stdout.split())
    assert (said in screen) == (end is not None)
    made = narrative.plot(name, "valuation", output="x.svg", actors="oracle", every="1mo")
    assert (f"({end})" in made.caption) == (end is not None)


def test_lists_of_branches_and_the_page_say_it():
    assert {row.branch: row.end for row in narrative.branches("ai.db")} == ENDS
    lines = CliRunner().invoke(main, ["branches", "ai.db"]).stdout.splitlines()
    assert [line.strip() for line in lines if line.strip() in ENDS.values()] == [ENDS["calm"], ENDS["other"]]
    page = Path(narrative.page("ai.db", output="ends.html").page).read_text(encoding="utf-8")
    carried = json.loads(re.search(r'id="data">(.*?)</script>', page)[1])
    assert [branch["end"] for branch in carried["branches"]] == list(ENDS.values())
    told = narrative.tell("ai.db@calm", "ai.db@other").text
    assert all(f"in this branch {end}." in told for end in ENDS.values() if end)


def test_a_story_without_prices_has_no_ends():
    narrative.run("loop", db="loop.db", until="2025-02-01")
    narrative.what_if("loop.db", name="same", at="2025-01-15")
    assert [row.end for row in narrative.branches("loop.db")] == [None, None]
