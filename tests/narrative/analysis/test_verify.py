"""Verifying: what is wrong with a history is told apart by what it is."""

from itertools import pairwise

import pytest
from attrs import evolve
from support.asking import ask
from support.lives import lived
from support.tiny import ten_days

from events.books import frames, journal
from events.log import Log
from narrative.analysis import verify
from narrative.analysis.verify import verified
from narrative.books.table import TABLE
from narrative.story.catalogue import find_story
from narrative.story.reader import read_story


def test_a_history_that_was_lived_here_is_whole() -> None:
    log = lived(ten_days())
    assert verified(log) == {
        "verdict": "whole", "position": log.head().position, "branch": "main", "faults": [],
        "events": log.head().position, "branches": 1, "snapshots": 0,
    }  # fmt: skip  # one row


def test_columns_that_come_to_other_accounts_are_told(monkeypatch) -> None:
    # The columns are posted by a table that lacks what a round brings the one who raises it.
    lacking = [row for row in TABLE.postings if (row.kind, row.account, row.sign) != ("Funding", "cash", 1)]
    assert len(lacking) == len(TABLE.postings) - 1
    whole = frames.postings
    short = evolve(TABLE, postings=tuple(lacking))
    monkeypatch.setattr(
        frames, "postings", lambda blocks, named, _, columns: whole(blocks, named, short, columns)
    )
    log = lived(ten_days())
    found = verified(log)
    assert (found["verdict"], found["position"]) == ("miscounted", log.head().position)
    assert "both folds disagree on cash" in found["faults"][0]["what"]


def test_what_fades_is_compared_to_a_billionth(monkeypatch) -> None:
    state = journal.Journal.state
    for part, verdict in ((1e-12, "whole"), (1e-6, "miscounted")):

        def off(self, position, part=part):
            found = state(self, position)
            return found | {
                "belief_slow": {
                    key: (value * (1 + part), at) for key, (value, at) in found["belief_slow"].items()
                }
            }

        monkeypatch.setattr(journal.Journal, "state", off)
        assert verified(lived(ten_days()))["verdict"] == verdict


def test_a_sum_that_cancels_is_compared_to_what_was_summed() -> None:
    # Beliefs of 1e7 nano ln, told and undone, come to -0.04 on that day: the folds differ by 1e-8, which is a
    # part of 1e-15 of what was summed.
    story = read_story(find_story("loop"))
    assert verified(lived(story, seed=39, until=story.calendar.at("2026-02-06")))["verdict"] == "whole"


def branched() -> Log:
    """Ten days, three branches off different days, and one off a branch."""
    log = lived(ten_days())
    ask(log, "one", reseed=2, at=f"#{end_of_moment(log, 2)}")
    ask(log, "two", reseed=3, at=f"#{end_of_moment(log, 3)}")
    ask(log, "three", of="one", reseed=4, at=f"#{end_of_moment(log, 4)}")
    return log


def end_of_moment(log: Log, moments: int) -> int:
    """The last position of the first so many moments of a history."""
    ends = [one.position for one, after in pairwise(log.read()) if one.moment != after.moment]
    return ends[moments]


@pytest.mark.parametrize("together", [verify.TOGETHER, 1])
def test_branches_are_folded_together_and_each_by_its_own_events(monkeypatch, together: int) -> None:
    log = branched()
    monkeypatch.setattr(verify, "TOGETHER", together)
    assert (verified(log)["verdict"], verified(log)["branches"]) == ("whole", 4)
    # Columns that leave out the last event of "two" alone, by its place behind those before it.
    whole = frames.postings
    heads = {one.name: log.head(one.name).position for one in log.branches()}
    assert list(heads) == ["main", "one", "two", "three"]
    counted: list[int] = []

    def short(blocks, named, table, columns):
        found = whole(blocks, named, table, columns)
        counted.append(found["position"].max())
        last = sum(heads[name] for name in ("main", "one", "two")) if together > 1 else heads["two"]
        return found.filter(found["position"] != last) if together > 1 or len(counted) == 3 else found

    monkeypatch.setattr(frames, "postings", short)
    found = verified(log)
    assert (found["verdict"], found["branch"], found["position"]) == ("miscounted", "two", heads["two"])


def test_what_a_branch_reads_through_its_parent_is_compared_once(monkeypatch) -> None:
    log, compared, rows = branched(), set(), Log.rows

    def noted(self, name, start=1, stop=None):
        if stop is None:
            compared.add((name, start))
        return rows(self, name, start, stop)

    monkeypatch.setattr(Log, "rows", noted)
    assert verified(log)["verdict"] == "whole"
    assert compared == {(one.name, one.position + 1) for one in log.branches()}
