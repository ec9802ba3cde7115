"""Two branches that part by hand."""

from attrs import evolve
from lives import lived
from tiny import DAY, ten_days

from events.event import Draft
from events.facts import Announcement, Outcome
from narrative.compare import compared, differing, parting
from narrative.history import History
from narrative.run import live, world_at


def two(fact=None):
    story = ten_days()
    log = lived(story)
    position = log.position_at("main", 4 * DAY)
    log.fork("other", "main", position)
    if fact is not None:
        log.append("other", position, 4 * DAY, [(Draft("story", fact, "supposed"),)])
    live(log, "other", world_at(log, "other"), story.until)
    return History(log, "main", "tiny.db"), History(log, "other", "tiny.db"), position


def test_a_branch_that_supposes_nothing_parts_nowhere() -> None:
    one, other, _ = two()
    assert parting(one, other).position == one.log.head("main").position
    found = differing(one, other)
    assert found["first"] == {"A": None, "B": None}
    assert found["readings"] == []


def test_the_first_event_that_differs_is_found() -> None:
    one, other, position = two(Outcome(subject="lab"))
    found = differing(one, other)
    assert found["common"] == position
    assert found["first"]["A"]["kind"] == "Funding"
    assert found["first"]["B"]["kind"] == "Outcome"
    assert found["only"] == {"A": {}, "B": {"Outcome": 1}}
    assert found["readings"] == []


def test_readings_that_differ_are_listed_with_both_values() -> None:
    one, other, _ = two(Announcement(subject="lab", ceiling=77))
    (row,) = differing(one, other)["readings"]
    assert row == {"actor": "lab", "reading": "announced", "A": 0, "B": 77}


def test_compare_gives_the_widest_gap_and_the_day_they_part() -> None:
    one, other, _ = two(Announcement(subject="lab", ceiling=77))
    found = compared([one, other])
    (row,) = found["rows"]
    assert (row["actor"], row["reading"], row["end"], row["gap"]) == ("lab", "announced", [0, 77], 77)
    assert row["parted_on"] == "1970-01-05"
    assert len(row["series"][0]) == len(found["moments"])


def test_histories_of_one_story_with_other_entries_can_be_compared() -> None:
    story = ten_days()
    one = History(lived(story), "main", "a.db")
    other = History(lived(evolve(story, entries=story.entries[:1])), "main", "b.db")
    assert differing(one, other)["common"] == 0
