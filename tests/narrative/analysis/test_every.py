"""Steps of time: hours to weeks by seconds, months and quarters by the story's calendar."""

import pytest

from narrative.analysis.every import DAILY, Every, every
from narrative.analysis.history import BadSpan
from narrative.story.calendar import DAY, Calendar

GREGORIAN, JULIAN = Calendar(), Calendar(kind="julian")


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("12h", Every(43_200)), ("1d", DAILY), ("2w", Every(14 * DAY)),
        ("1mo", Every(0, 1)), ("1q", Every(0, 3)), ("2q", Every(0, 6)),
    ],
)  # fmt: skip  # a table
def test_a_step_is_read(text: str, step: Every) -> None:
    assert every(text) == step


@pytest.mark.parametrize(
    "text", ["", "d", "0d", "1m", "1 d", "-1d", "1.5d", "1mo2", "1y", "²d", "10001mo", "1D"]
)
def test_what_is_no_step_is_refused(text: str) -> None:
    with pytest.raises(BadSpan, match="write a number and h, d, w, mo or q, as in 12h, 1d or 1mo"):
        every(text)


def test_steps_of_seconds_are_counted_from_the_first_moment() -> None:
    assert every("1w").moments(10, 15 * DAY, GREGORIAN) == [10, 7 * DAY + 10, 14 * DAY + 10, 15 * DAY]
    assert every("1d").ends(0, 2 * DAY + 5, GREGORIAN) == [DAY - 1, 2 * DAY - 1, 2 * DAY + 5]


@pytest.mark.parametrize("calendar", [GREGORIAN, JULIAN])
def test_months_end_as_the_calendar_says(calendar: Calendar) -> None:
    since, until = calendar.written("1900-01-17"), calendar.written("1900-05-02")
    days = [calendar.iso(moment) for moment in every("1mo").ends(since, until, calendar)]
    february = "29" if calendar is JULIAN else "28"  # 1900 is a leap year in one of them
    assert days == [
        "1900-01-31T23:59:59", f"1900-02-{february}T23:59:59", "1900-03-31T23:59:59",
        "1900-04-30T23:59:59", calendar.iso(until),
    ]  # fmt: skip  # one list
    assert every("1mo").moments(since, until, calendar) == [since, *every("1mo").ends(since, until, calendar)]


def test_quarters_are_those_of_the_year_and_three_months() -> None:
    since, until = GREGORIAN.written("2024-11-05"), GREGORIAN.written("2025-07-01")
    ends = every("1q").ends(since, until, GREGORIAN)
    assert [GREGORIAN.day(end) for end in ends] == ["2024-12-31", "2025-03-31", "2025-06-30", "2025-07-01"]
    assert every("3mo").ends(since, until, GREGORIAN) == ends


def test_a_last_second_of_a_month_is_no_step_after_itself() -> None:
    end = GREGORIAN.at("2025-01-31")
    assert every("1mo").moments(end, GREGORIAN.at("2025-02-28"), GREGORIAN) == [
        end, GREGORIAN.at("2025-02-28"),
    ]  # fmt: skip  # one list
