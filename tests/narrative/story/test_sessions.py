"""The days on which markets sit. Those of New York are from its printed list of holidays, 2024 to 2026."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from support.credit import BANK, CLOSE, LENDER, credit, drawn, spent
from support.credit import Life as Lived
from support.faulty_story import R, faults
from support.tiny import DAY

from narrative.engine.processes.lending import due
from narrative.story.calendar import Calendar
from narrative.story.catalogue import find_story
from narrative.story.model import Story
from narrative.story.reader import read_story

FIVE = Calendar(week=5, closed=("2025-01-01", "2025-01-20"))
AI = read_story(find_story("ai-2025"))


def closes(calendar: Calendar, since: str, count: int) -> list[str]:
    now, found = calendar.written(since, DAY - 1), []
    for _ in range(count):
        now = calendar.close_after(now)
        assert now % DAY == calendar.close
        found.append(calendar.day(now))
    return found


def test_closes_leave_out_weekends_and_holidays() -> None:
    """1 January 2025 was a Wednesday, the 20th a Monday on which New York did not sit."""
    assert closes(FIVE, "2024-12-30", 4) == ["2024-12-31", "2025-01-02", "2025-01-03", "2025-01-06"]
    assert closes(FIVE, "2025-01-16", 3) == ["2025-01-17", "2025-01-21", "2025-01-22"]
    assert closes(Calendar(week=6), "2025-01-02", 3) == ["2025-01-03", "2025-01-04", "2025-01-06"]
    assert closes(Calendar(), "2025-01-03", 2) == ["2025-01-04", "2025-01-05"]


def test_days_closed_are_those_of_the_storys_own_calendar() -> None:
    """1 September 1720 of the Julian calendar was the 12th of the other, and a Thursday."""
    old = Calendar("julian", week=6, closed=("1720-09-01",))
    assert not old.session(old.written("1720-09-01"))
    assert Calendar(week=6, closed=("1720-09-01",)).session(old.written("1720-09-01"))
    assert closes(old, "1720-08-31", 3) == ["1720-09-02", "1720-09-03", "1720-09-05"]


def test_new_york_sits_as_its_exchange_says() -> None:
    """250 sessions in 2025: 261 weekdays less ten holidays and a day of mourning."""
    day, sat = date(2025, 1, 1), 0
    while day < date(2026, 1, 1):
        sat += AI.calendar.session(AI.calendar.written(day.isoformat()))
        day += timedelta(days=1)
    assert sat == 250
    assert closes(AI.calendar, "2025-07-03", 1) == ["2025-07-07"]
    assert closes(AI.calendar, "2025-01-08", 1) == ["2025-01-10"]  # the mourning for a president


def test_an_exchange_calendar_says_the_same() -> None:
    theirs = pytest.importorskip("exchange_calendars").get_calendar("XNYS", start="2024-01-01")
    first, last = date(2024, 8, 1), date(2027, 11, 25)
    for ahead in range((last - first).days + 1):
        day = (first + timedelta(days=ahead)).isoformat()
        assert AI.calendar.session(AI.calendar.written(day)) == bool(theirs.is_session(day)), day


def test_the_loop_has_a_week_of_five_days() -> None:
    assert read_story(find_story("loop")).calendar.week == 5


# --- reviews ----------------------------------------------------------------------------------------


@given(now=st.integers(-(10**9), 2 * 10**9), days=st.integers(1, 90), ahead=st.integers(0, 89))
def test_with_every_day_a_session_reviews_are_on_every_so_manieth_day(
    now: int, days: int, ahead: int
) -> None:
    found = Calendar().review(now, days, ahead)
    assert now < found <= now + days * DAY
    assert found % DAY == CLOSE
    assert (found // DAY - ahead) % days == 0


@given(now=st.integers(0, 2 * 10**9), days=st.integers(1, 90), ahead=st.integers(0, 89))
def test_a_review_is_a_session_and_is_the_next_from_any_moment_before_it(
    now: int, days: int, ahead: int
) -> None:
    found = FIVE.review(now, days, ahead)
    assert now < found <= now + (days + 4) * DAY
    assert FIVE.session(found)
    assert FIVE.review(found - 1, days, ahead) == found
    assert FIVE.review((now + found) // 2, days, ahead) == found


def test_a_review_on_a_closed_day_is_held_on_the_next_session() -> None:
    """Day 20,090 is 2 January 2025, a multiple of 7, 35 and 41; day 20,108, a multiple of 457, the 20th."""
    assert FIVE.day(FIVE.review(FIVE.written("2025-01-02", 0), 41)) == "2025-01-02"
    assert FIVE.day(FIVE.review(FIVE.written("2025-01-17", DAY - 1), 457)) == "2025-01-21"


# --- who looks at closes ---------------------------------------------------------------------------


def test_a_breach_on_a_saturday_is_seen_on_monday() -> None:
    """Day 2 of 1970 was a Saturday. What was owed grew beyond its limit on it, and nothing else happens."""

    def seen(week: int) -> int | None:
        plain: Story = credit((LENDER,), call_ltv=0.35)
        story = evolve(plain, calendar=evolve(plain.calendar, week=week))
        owed = 2_187_499_000_000  # of 2,187,500,000,000 that its shares bear
        life = Lived(story).told(1, *drawn(owed, 625_000_000, rate=30), spent(owed))
        return due(life.world, BANK, 1 * DAY + CLOSE)

    assert (seen(7), seen(5)) == (2 * DAY + CLOSE, 4 * DAY + CLOSE)


# --- what a file may say ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("week = 4", "markets sit on 4 days a week. It is 5, 6 or 7."),
        ('closed = ["2025-02-30"]', "2025-02-30 is no date: February 2025 has 28 days"),
        ("closed = [2025-01-01T09:00:00]", "closed is the time 2025-01-01 09:00:00"),
        ('closed = ["soon"]', "as 2025-12-25"),
    ],
)
def test_days_that_cannot_be_told_are_faults(tmp_path: Path, said: str, words: str) -> None:
    _, found = faults(tmp_path, (R, 'close = "16:00"', f'close = "16:00"\n{said}'))
    assert any(words in str(fault) for fault in found), found
