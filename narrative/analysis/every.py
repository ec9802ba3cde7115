"""How far apart moments stand: 12h, 1d, 2w, or calendar months and quarters, 1mo and 1q."""

import re
from collections.abc import Iterator

from attrs import frozen

from narrative.analysis.history import BadSpan
from narrative.story.calendar import DAY, Calendar, count
from narrative.text.numbers import short

_SECONDS = {"h": 3600, "d": DAY, "w": 7 * DAY}
_MONTHS = {"mo": 1, "q": 3}
MOST = 10_000  # months or quarters in a step


@frozen
class Every:
    """A step of so many seconds, or of so many calendar months where `seconds` is 0.

    Steps of months end with the last second of a month of the story's calendar, counted from January of
    year 0, so that 1q ends with March, June, September and December, and 3mo is the same.
    """

    seconds: int
    months: int = 0

    def moments(self, since: int, until: int, calendar: Calendar) -> list[int]:
        """`since`, every step after it, and `until`."""
        if self.months:
            return [since, *(end for end in self._months(since, calendar, until) if end > since), until]
        return [*range(since, until, self.seconds), until]

    def ends(self, since: int, until: int, calendar: Calendar) -> list[int]:
        """The last second of every step from `since` on, and `until`."""
        if self.months:
            return [*self._months(since, calendar, until), until]
        return [*range(since + self.seconds - 1, until, self.seconds), until]

    def _months(self, since: int, calendar: Calendar, until: int) -> Iterator[int]:
        """The last second of every step of months that ends before `until`."""
        year, month, _ = calendar.date(since)
        begun = (12 * year + month - 1) // self.months
        while True:
            begun += 1
            year, month = divmod(begun * self.months, 12)
            end = calendar.moment(year, month + 1, 1) - 1
            if end >= until:
                return
            yield end


DAILY = Every(DAY)


def every(text: str) -> Every:
    """The step that a text means: 12h, 1d, 2w, 1mo, 1q. Raises BadSpan."""
    found = re.fullmatch(r"([0-9]+)(mo|[hdwq])", text)
    number = count(found[1]) if found else None
    if found is None or not number or (found[2] in _MONTHS and number > MOST):
        raise BadSpan(
            f'"{short(text)}" is no span; write a number and h, d, w, mo or q, as in 12h, 1d or 1mo.'
        )
    return Every(number * _SECONDS.get(found[2], 0), number * _MONTHS.get(found[2], 0))
