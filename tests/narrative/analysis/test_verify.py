"""Verifying: what is wrong with a history is told apart by what it is."""

from attrs import evolve
from support.lives import lived
from support.tiny import ten_days

from events.books import frames, journal
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
