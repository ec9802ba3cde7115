"""Dates and moments: the story's calendar on one side, whole seconds since 1970 on the other.

A moment counts seconds since 1970-01-01T00:00:00 in the proleptic Gregorian calendar and is
negative before. A story says in which calendar its dates are written and printed; days begin at
midnight in both, so only the names of days differ. There are no time zones.
"""

import re
from functools import cached_property
from typing import Annotated, Literal

from attrs import frozen

from events.errors import Wrong
from narrative.text.numbers import short

Clock = Annotated[int, "clock"]
DAY = 86_400  # seconds
YEAR_IN_DAYS = 365.25  # on average; interest is counted by years of 365 days: `narrative.engine.loans`
_EPOCH = 2_440_588  # the Julian day number of 1970-01-01 Gregorian
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip  # the months in two lines
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d))?")


class BadDate(Wrong):
    """A date, a time or a moment that cannot be read."""


@frozen
class Calendar:
    """How a story writes dates. `hour` is when a date-only entry happens and `close` when
    markets close, both in seconds since midnight. Markets sit on the first `week` days of a week, from
    Monday (7: on every day), but for the days `closed`; `exchange` names the one whose days these are.
    """

    kind: Literal["gregorian", "julian"] = "gregorian"
    hour: Clock = 9 * 3600
    close: Clock = 16 * 3600
    week: Annotated[int, "count"] = 7
    closed: tuple[Annotated[str, "day"], ...] = ()
    exchange: Annotated[str, "text"] | None = None

    def moment(self, year: int, month: int, day: int, second: int = 0) -> int:
        """The moment of that second of that day. Raises BadDate for a day that never was."""
        self._possible(year, month, day)
        late = (14 - month) // 12
        y = year + 4800 - late
        days = day + (153 * (month + 12 * late - 3) + 2) // 5 + 365 * y + y // 4
        days += -32_083 if self.kind == "julian" else -(y // 100) + y // 400 - 32_045
        return (days - _EPOCH) * DAY + second

    def date(self, moment: int) -> tuple[int, int, int]:
        """Year, month and day of a moment."""
        days = moment // DAY + _EPOCH
        if self.kind == "julian":
            century, rest = 0, days + 32_082
        else:
            shifted = days + 32_044
            century = (4 * shifted + 3) // 146_097
            rest = shifted - 146_097 * century // 4
        year = (4 * rest + 3) // 1461
        rest -= 1461 * year // 4
        month = (5 * rest + 2) // 153
        day = rest - (153 * month + 2) // 5 + 1
        return 100 * century + year - 4800 + month // 10, month + 3 - 12 * (month // 10), day

    def day(self, moment: int) -> str:
        """The date of a moment, as the story writes it: 1720-09-01."""
        return "{:04d}-{:02d}-{:02d}".format(*self.date(moment))

    def long_day(self, moment: int) -> str:
        """The date of a moment as a newspaper writes it: 1 September 1720."""
        year, month, day = self.date(moment)
        return f"{day} {MONTHS[month - 1]} {year}"

    def iso(self, moment: int) -> str:
        """A moment as the story writes it: 1720-09-01T09:00:00."""
        return f"{self.day(moment)}T{clock(moment % DAY)}"

    def weekday(self, moment: int) -> int:
        """The day of the week of a moment, 0 for Monday: the same in both calendars."""
        return (moment // DAY + 3) % 7

    def close_after(self, moment: int) -> int:
        """The first close of a session strictly after a moment."""
        close = moment - moment % DAY + self.close
        if close <= moment:
            close += DAY
        while not self.session(close):
            close += DAY
        return close

    def session(self, moment: int) -> bool:
        """Whether markets sit on the day of a moment."""
        if self.week == 7 and not self.closed:
            return True
        day = moment // DAY
        return (day + 3) % 7 < self.week and day not in self._shut

    def traded(self, moment: int) -> int:
        """The moment itself on a day of a session, else the hour at which the next such day begins."""
        if self.session(moment):
            return moment
        day = moment // DAY * DAY
        while not self.session(day):
            day += DAY
        return day + self.hour

    @cached_property
    def _shut(self) -> frozenset[int]:
        """The days on which markets are closed, counted from 1970-01-01."""
        return frozenset(self.written(day) // DAY for day in self.closed)

    def review(self, now: int, days: int, ahead: int = 0) -> int:
        """The first close strictly after now of the session on, or next after, a day whose number is
        `ahead` more than a multiple of `days`.
        """
        today = self.close_after(now) // DAY
        last = today - (today - ahead) % days
        found = self._close_on(last)
        return found if found > now else self._close_on(last + days)

    def _close_on(self, day: int) -> int:
        """The close of the session on that day, or the next after it."""
        return self.close_after(day * DAY + self.close - 1)

    def at(self, text: str) -> int:
        """The moment that `--at` means: a date is its end, an ISO time is itself."""
        return self.written(text, DAY - 1)

    def written(self, text: str, second: int | None = None) -> int:
        """The moment of an ISO time, or of a date's second (the story's hour). Raises BadDate."""
        found = re.fullmatch(rf"{_DATE.pattern}(?:[Tt ](.+))?", text.strip())
        if found is None:
            raise BadDate(
                f"{short(text)!r} is no date: write a day as 1720-09-01 or a time as 1720-09-01T16:00:00."
            )
        if found[4] is not None:
            second = seconds(found[4])
        elif second is None:
            second = self.hour
        return self.moment(int(found[1]), int(found[2]), int(found[3]), second)

    def _possible(self, year: int, month: int, day: int) -> None:
        name = f"{year:04d}-{month:02d}-{day:02d}"
        if year < 1:
            raise BadDate(f"{name} is no date: years count from 0001.")
        if not 1 <= month <= 12:
            raise BadDate(f"{name} is no date: months count from 01 to 12.")
        length = _MONTHS[month - 1] + (month == 2 and self._leap(year))
        if not 1 <= day <= length:
            raise BadDate(
                f"{name} is no date: {MONTHS[month - 1]} {year} has {length} days "
                f"in the {self.kind.capitalize()} calendar."
            )

    def _leap(self, year: int) -> bool:
        if self.kind == "julian":
            return year % 4 == 0
        return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def seconds(text: str) -> int:
    """Seconds since midnight of a clock time, 09:00 or 09:00:00. Raises BadDate."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise BadDate(f"{short(text)!r} is no time of day: write 09:00 or 16:30:00, without a time zone.")
    hours, minutes, rest = int(found[1]), int(found[2]), int(found[3] or 0)
    if hours > 23 or minutes > 59 or rest > 59:
        raise BadDate(f"{text!r} is no time of day: it runs from 00:00:00 to 23:59:59.")
    return hours * 3600 + minutes * 60 + rest


def count(text: str) -> int | None:
    """The number that plain digits write; None for anything else, as "²", which is a digit and none."""
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None


def clock(second: int) -> str:
    """A second of the day as 16:30:00."""
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
