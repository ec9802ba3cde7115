"""Dates in two calendars; the expected days are from printed tables, or Python's own calendar."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrative.story.calendar import DAY, BadDate, Calendar, seconds

GREGORIAN = Calendar()
JULIAN = Calendar("julian")


def test_the_epoch_is_moment_nought() -> None:
    assert GREGORIAN.moment(1970, 1, 1) == 0
    assert GREGORIAN.iso(0) == "1970-01-01T00:00:00"


def test_moments_before_1970_are_negative() -> None:
    assert GREGORIAN.moment(1969, 12, 31) == -86_400
    assert GREGORIAN.iso(-1) == "1969-12-31T23:59:59"


@pytest.mark.parametrize(
    ("old_style", "new_style"),
    [
        ((1720, 9, 1), (1720, 9, 12)),  # the South Sea year: eleven days
        ((1582, 10, 5), (1582, 10, 15)),  # the first day of the new calendar: ten
        ((1699, 12, 31), (1700, 1, 10)),
        ((1700, 2, 29), (1700, 3, 11)),  # the day that only the old calendar had
        ((1917, 10, 25), (1917, 11, 7)),  # October in November: thirteen
    ],
)
def test_old_and_new_style_name_the_same_day(
    old_style: tuple[int, int, int], new_style: tuple[int, int, int]
) -> None:
    moment = JULIAN.moment(*old_style)
    assert moment == GREGORIAN.moment(*new_style)
    assert JULIAN.date(moment) == old_style
    assert GREGORIAN.date(moment) == new_style


@given(st.dates())
def test_the_gregorian_calendar_is_pythons(day: date) -> None:
    moment = GREGORIAN.moment(day.year, day.month, day.day)
    assert moment == datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    assert GREGORIAN.date(moment) == (day.year, day.month, day.day)


@given(st.integers(min_value=-60_000_000_000, max_value=200_000_000_000))
def test_every_moment_prints_and_reads_back_in_both_calendars(moment: int) -> None:
    assert GREGORIAN.at(GREGORIAN.iso(moment)) == moment
    assert JULIAN.at(JULIAN.iso(moment)) == moment


def test_leap_days_of_1700_and_1900_are_julian_only_and_that_of_2000_is_both() -> None:
    for year in (1700, 1900):
        assert JULIAN.moment(year, 3, 1) - JULIAN.moment(year, 2, 28) == 2 * DAY
        assert GREGORIAN.moment(year, 3, 1) - GREGORIAN.moment(year, 2, 28) == DAY
        with pytest.raises(BadDate, match=f"February {year} has 28 days in the Gregorian calendar"):
            GREGORIAN.moment(year, 2, 29)
    assert GREGORIAN.moment(2000, 2, 29) + DAY == GREGORIAN.moment(2000, 3, 1)
    assert JULIAN.moment(2000, 2, 29) + DAY == JULIAN.moment(2000, 3, 1)


@pytest.mark.parametrize("text", ["2025-13-01", "2025-00-01", "2025-04-31", "2025-02-29", "0000-01-01"])
def test_days_that_never_were_are_refused(text: str) -> None:
    with pytest.raises(BadDate, match=f"{text} is no date"):
        GREGORIAN.written(text)


@pytest.mark.parametrize("text", ["", "yesterday", "2025", "2025-1-1", "01/02/2025", "2025-01-01T10:00Z"])
def test_what_is_no_date_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadDate, match=r"write .*\d\d:\d\d|1720-09-01"):
        GREGORIAN.at(text)


def test_a_date_given_to_at_means_its_end_and_a_time_means_itself() -> None:
    assert GREGORIAN.at("1970-01-01") == 86_399
    assert GREGORIAN.at("1970-01-01T00:00:10") == 10
    assert GREGORIAN.at("1970-01-01 01:30") == 5_400


def test_a_date_only_entry_happens_at_the_storys_hour() -> None:
    assert GREGORIAN.written("1970-01-01") == 9 * 3600
    assert Calendar(hour=seconds("10:15")).written("1970-01-01") == 36_900
    assert JULIAN.written("1720-09-01") == GREGORIAN.moment(1720, 9, 12, 9 * 3600)


def test_the_next_close_is_strictly_later() -> None:
    close = 16 * 3600
    assert GREGORIAN.close_after(0) == close
    assert GREGORIAN.close_after(close - 1) == close
    assert GREGORIAN.close_after(close) == close + DAY
    assert GREGORIAN.close_after(-1) == close


@pytest.mark.parametrize("text", ["24:00", "12:60", "9:00", "noon", "09:00+01:00", "12:00:60"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(BadDate, match="is no time of day"):
        seconds(text)
