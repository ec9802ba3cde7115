"""How a chart was asked for: its span, its step, the day on which every line is 100, its scale."""

from collections.abc import Sequence
from typing import TypedDict

from attrs import frozen

from events.errors import Wrong
from narrative.analysis.every import Every
from narrative.analysis.every import every as step_of
from narrative.story.calendar import DAY
from narrative.story.model import Story

POINTS = 240  # on each line, where no step is said
MOST = 2_000  # points on a line, where a step is said
Points = Sequence[tuple[int, float | None]]


class BadChart(Wrong):
    """A chart that cannot be drawn: no such reading or actor, or nothing known to draw."""


class Wishes(TypedDict, total=False):
    """The keywords by which a chart is asked for; `Asked` has them with what stands for each."""

    every: str | None
    since: str | None
    until: str | None
    index: str | None
    log: bool
    together: bool


@frozen(kw_only=True)
class Asked:
    """A chart as its reader asks for it: a step between points, a span of days, the day on which every line
    is 100 (None: values as they are), equal factors equally high, several actors in one picture.
    """

    every: str | None = None
    since: str | None = None
    until: str | None = None
    index: str | None = None
    log: bool = False
    together: bool = False


@frozen
class Window:
    """The span of a chart in seconds, its ends included, the moments at which lines have points, and the
    moment at which they are 100. `base` may lie outside of the span, and is one of the moments.
    """

    since: int
    until: int
    moments: tuple[int, ...]
    base: int | None = None

    def within(self, points: Points) -> tuple[tuple[int, float | None], ...]:
        """The points that lie in the span."""
        return tuple(point for point in points if self.since <= point[0] <= self.until)

    def rebased(self, points: Points, whose: str) -> Points:
        """Points as parts of a hundred of the last one known by the base; as they are without a base.
        Raises BadChart where none is known by then. `whose` names them.
        """
        if self.base is None:
            return points
        known = [value for at, value in points if at <= self.base and value]
        if not known:
            raise BadChart(f"{whose} has no value yet on the day that is to be 100; name a later day.")
        return [(at, None if value is None else 100 * value / known[-1]) for at, value in points]


def window(asked: Asked, story: Story, lived: int) -> Window:
    """The window of a chart of a history lived up to a moment. Raises BadChart, BadDate, BadSpan."""
    calendar = story.calendar
    since = story.start if asked.since is None else max(calendar.written(asked.since, 0), story.start)
    until = lived if asked.until is None else min(calendar.at(asked.until), lived)
    if since >= until:
        raise BadChart(
            f"No time lies between {asked.since or calendar.day(since)} and "
            f"{asked.until or calendar.day(until)}; the history goes from {calendar.day(story.start)} "
            f"to {calendar.day(lived)}, so name two days in it with --since and --until."
        )
    step = Every(max((until - since) // POINTS, 1)) if asked.every is None else step_of(asked.every)
    points = (until - since) // (step.seconds or step.months * 28 * DAY)
    if points > MOST:
        raise BadChart(
            f"Every {asked.every} is {points:,} points on a line, of which at most {MOST:,} are drawn; say "
            f"--every {-(-(until - since) // (MOST * DAY))}d or more."
        )
    moments = step.moments(since, until, calendar)
    if asked.index is None:
        return Window(since, until, tuple(moments))
    base = calendar.at(asked.index)
    if not story.start <= base <= lived + DAY:
        raise BadChart(
            f"{asked.index} lies outside the history; --index takes a day from "
            f"{calendar.day(story.start)} to {calendar.day(lived)}."
        )
    base = min(base, lived)
    return Window(since, until, tuple(sorted({*moments, base})), base)
