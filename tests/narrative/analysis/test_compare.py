"""Two branches that part by hand."""

import pytest
from attrs import evolve
from support.anchored import anchored
from support.lives import lived
from support.tiny import DAY, ten_days, told

from events.event import Draft
from events.facts import Announcement
from events.record_facts import Outcome
from narrative.analysis.compare import NotComparable, check_alike, compared, differing, parting
from narrative.analysis.history import History
from narrative.analysis.record import follows_closes
from narrative.engine.run import live, world_at
from narrative.story.calendar import Calendar
from narrative.story.model import Unit


def two(fact=None):
    story = ten_days()
    log = lived(story)
    position = log.position_at("main", 4 * DAY)
    log.fork("other", "main", position)
    if fact is not None:
        log.append("other", position, 4 * DAY, [(Draft("story", fact, "supposed"),)])
    live(log, "other", world_at(log, "other"), story.until)
    return History(log, "main", "tiny.db"), History(log, "other", "tiny.db"), position


def beside(histories):
    return compared(histories, [list(one.log.read(one.branch)) for one in histories])


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
    found = beside([one, other])
    (row,) = found["rows"]
    assert (row["actor"], row["reading"], row["end"], row["gap"]) == ("lab", "announced", [0, 77], 77)
    assert row["parted_on"] == "1970-01-05"
    assert len(row["series"][0]) == len(found["moments"])


def test_histories_of_one_story_with_other_entries_can_be_compared() -> None:
    story = ten_days()
    one = History(lived(story), "main", "a.db")
    other = History(lived(evolve(story, entries=story.entries[:1])), "main", "b.db")
    found = differing(one, other)
    assert (found["common"], found["moment"]) == (0, None)


def apart(**more: object) -> tuple[History, History]:
    """Two histories opened apart: one of ten days, one of the same story with something changed in it."""
    story = ten_days()
    return History(lived(story), "main", "a.db"), History(lived(evolve(story, **more)), "main", "b.db")


def test_histories_that_share_nothing_are_compared_from_the_later_opening_to_the_earlier_end() -> None:
    later = evolve(ten_days(), start=2 * DAY, until=40 * DAY, entries=ten_days().entries[1:])
    for histories in (
        [History(lived(ten_days()), "main", "a.db"), History(lived(later), "main", "b.db")],
        [History(lived(later), "main", "b.db"), History(lived(ten_days()), "main", "a.db")],
    ):
        found = beside(histories)
        assert found["common"] == 0
        assert (found["since"], found["until"]) == ("1970-01-03T00:00:00", "1970-02-10T00:00:00")
        assert len(found["moments"]) == 39  # day 2 to day 40, both of them
        assert differing(*histories)["at"] == "1970-02-10T00:00:00"


def test_histories_that_share_an_opening_are_compared_to_the_earlier_end() -> None:
    story = ten_days()
    log = lived(story)
    log.fork("short", "main", log.position_at("main", 4 * DAY))
    live(log, "short", world_at(log, "short"), 20 * DAY)
    short, whole = History(log, "short", "tiny.db"), History(log, "main", "tiny.db")
    for pair in ((short, whole), (whole, short)):
        assert beside(pair)["until"] == differing(*pair)["at"] == "1970-01-21T00:00:00"


def test_histories_of_two_stories_are_not_compared() -> None:
    one, other = apart(id="huge")
    for asked in (lambda: beside([one, other]), lambda: differing(one, other)):
        with pytest.raises(NotComparable, match=r"^a\.db@main tells tiny and b\.db@main tells huge; "):
            asked()


@pytest.mark.parametrize("money", [Unit(currency="GBP"), Unit(currency="USD", digits=0)])
def test_sums_in_two_units_are_not_compared(money: Unit) -> None:
    one, other = apart(money=money)
    unit = f"in {money.currency} of {money.digits} decimals"
    for asked in (lambda: beside([one, one, other]), lambda: differing(one, other)):
        with pytest.raises(NotComparable, match=f"counts in USD of 2 decimals .* {unit} by"):
            asked()


def test_histories_that_never_lived_at_one_time_are_not_compared() -> None:
    late = evolve(ten_days(), start=20 * DAY, entries=())
    one, other = (
        History(lived(ten_days(), until=3 * DAY), "main", "a.db"),
        History(lived(late), "main", "b.db"),
    )
    with pytest.raises(NotComparable, match=r"a\.db@main ends on 1970-01-04.*before b\.db@main opens on"):
        beside([other, one])


def test_actors_that_one_of_two_histories_lacks_are_left_out() -> None:
    one, other = apart(actors=ten_days().actors[:3])
    assert {row["actor"] for row in beside([one, other])["rows"]} == set()
    assert differing(one, other)["readings"] == []


def test_a_story_that_was_edited_is_told_to_be_where_all_its_actors_are_needed() -> None:
    one, other = apart(actors=ten_days().actors[:3])
    assert check_alike([one, other]).id == "tiny"
    gone = ten_days().actors[3].id
    for pair in ([one, other], [other, one]):
        with pytest.raises(NotComparable, match=f"^tiny was edited between .*: one has {gone} and the other"):
            check_alike(pair, cast=True)
    shorter = apart(circle=ten_days().circle[1:])
    with pytest.raises(NotComparable, match="one has a step of the circle and the other has not"):
        check_alike(shorter, cast=True)


def test_histories_by_two_calendars_are_not_compared() -> None:
    one, other = apart(calendar=Calendar(kind="julian"))
    with pytest.raises(NotComparable, match=r"by the gregorian calendar and .* by the julian calendar"):
        check_alike([one, other])


def test_the_history_whose_prices_are_the_record_says_to_which_day():
    log_ = lived(anchored())
    at = log_.position_at("main", 3 * DAY)
    log_.fork("if", "main", at)
    supposed = Draft("story", Announcement(subject="cloud", ceiling=1, told=told("if")), "supposed")
    log_.append("if", at, 3 * DAY + 1, [(supposed,)])
    live(log_, "if", world_at(log_, "if"), 20 * DAY)
    found = beside([History(log_, "main", "x.db"), History(log_, "if", "x.db")])
    assert found["recorded"] == ["1970-01-10", None]
    assert follows_closes(log_.read("main"))
    assert not follows_closes(lived(anchored(), cast="full").read("main"))  # others act on prices there
    assert "recorded" not in beside([History(lived(ten_days()), "main", "y.db")] * 2)
