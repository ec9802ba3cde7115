"""Whether a history collapses, as its story defines it: a reading at each close, never a decision."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from attrs import frozen

from events.event import Event
from events.funding_facts import Default
from narrative.analysis.replay import along
from narrative.engine.world import World
from narrative.story.calendar import DAY
from narrative.story.model import Story


@frozen(kw_only=True)
class Fall:
    """A fall of the value that actors have together, in the smallest unit, from one close to a later one."""

    high: int
    high_at: int
    low: int
    low_at: int

    @property
    def part(self) -> float:
        """The part of the higher value that is lost."""
        return 1.0 - self.low / self.high


@frozen(kw_only=True)
class Verdict:
    """How a history stands to its story's definition of collapse, up to a moment.

    `at` is when it first held, None where it never did; `by` is "fall" or "default". `deepest` is the
    greatest fall within the days that the definition gives; `defaulted` those meant who are in default,
    in the order in which they fell.
    """

    at: int | None
    by: str | None
    deepest: Fall | None
    defaulted: tuple[str, ...]


def collapse(events: Sequence[Event], until: int) -> Verdict | None:
    """The verdict over a history's events, from its opening to a moment. None where its story does not
    define collapse in figures.
    """
    story = World(events[0]).story
    meant = story.collapses
    if meant is None:
        return None
    lost = [(e.moment, e.fact.debtor) for e in events if isinstance(e.fact, Default) and e.moment <= until]
    found = totals(events, of(story), until) if meant.fall is not None else ()
    return judged(story, found, lost)


def judged(story: Story, found: Iterable[tuple[int, int]], lost: Iterable[tuple[int, str]]) -> Verdict | None:
    """The verdict over values at closes and over defaults (moment, debtor), in their order; None where the
    story does not define collapse in figures.
    """
    meant = story.collapses
    if meant is None:
        return None
    names = of(story)
    lost = [(moment, debtor) for moment, debtor in lost if debtor in names]
    deepest, first = None, None
    if meant.fall is not None and meant.within is not None:
        deepest, first = falls(found, meant.fall, meant.within)
    when = [(moment, "fall") for moment in ([first] if first is not None else [])]
    when += [(moment, "default") for moment, _ in lost[:1] if meant.default]
    at, by = min(when, default=(None, None))
    return Verdict(at=at, by=by, deepest=deepest, defaulted=tuple(dict.fromkeys(name for _, name in lost)))


def of(story: Story) -> frozenset[str]:
    """The actors that a story's definition of collapse means."""
    named = set(story.collapses.of if story.collapses is not None else ())
    return frozenset(actor.id for actor in story.actors if named & {actor.id, *actor.roles})


def totals(events: Iterable[Event], names: frozenset[str], until: int) -> Iterator[tuple[int, int]]:
    """The value that the listed ones of some actors have together at each close of a history, from its
    opening on to a moment.
    """
    coming = iter(events)
    opening = next(coming)
    story = World(opening).story
    listed = [actor.id for actor in story.actors if actor.id in names and actor.listed]
    closes = range(story.calendar.close_after(opening.moment), until + 1, DAY)
    for close, world in along(chain([opening], coming), closes):
        values = (world.readings.value(name, close) for name in listed)
        yield close, sum(value for value in values if value is not None)


def falls(found: Iterable[tuple[int, int]], part: float, days: int) -> tuple[Fall | None, int | None]:
    """The deepest fall within so many days among values at closes, and the first close at which one of that
    part was reached.
    """
    highs: deque[tuple[int, int]] = deque()  # closes of the last days, each lower than those before it
    deepest, first = None, None
    for close, total in found:
        while highs and highs[-1][1] <= total:
            highs.pop()
        highs.append((close, total))
        while highs[0][0] < close - days * DAY:
            highs.popleft()
        high_at, high = highs[0]
        if high > 0 and (deepest is None or total * deepest.high < deepest.low * high):
            deepest = Fall(high=high, high_at=high_at, low=total, low_at=close)
        if first is None and high > 0 and total <= (1.0 - part) * high:
            first = close
    return deepest, first


def plain(verdict: Verdict | None, story: Story) -> dict[str, Any] | None:
    """A verdict as plain data: its definition in words, and moments as the story writes them."""
    if verdict is None:
        return None
    calendar, fall = story.calendar, verdict.deepest
    return {
        "definition": story.collapse,
        "collapsed": verdict.at is not None,
        "at": None if verdict.at is None else calendar.iso(verdict.at),
        "by": verdict.by,
        "fall": None if fall is None else round(fall.part, 9),
        "fall_from": None if fall is None else calendar.day(fall.high_at),
        "fall_to": None if fall is None else calendar.day(fall.low_at),
        "defaulted": list(verdict.defaulted),
    }
