"""Stylised facts of prices, read off a lived history: statistics of the value of all listed shares.

Returns are changes in ln of the listed total from the close of a session to the next. Each statistic is None
where a history holds too little to say. Nothing here decides, and none is a test of truth: a model may have a
fact of markets for a reason of its own.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import log
from statistics import fmean, median

from events.event import Event
from events.market_facts import Repricing
from narrative.analysis.replay import along
from narrative.books.readings import LARGEST, NANO
from narrative.engine.processes.market import are_words
from narrative.engine.world import World
from narrative.story.calendar import DAY

TURN = 0.05  # ln by which the total must come back for a high or a low to count as one
WINDOW = 30 * DAY
LAGS = 20
LATER = 60 * DAY


def index(events: Sequence[Event], until: int) -> list[tuple[int, float]]:
    """Moment and ln of the listed total at each close of a session, from the opening to a moment."""
    world = World(events[0])
    close, closes = world.story.calendar.close_after(events[0].moment), []
    while close <= until:
        closes.append(close)
        close = world.story.calendar.close_after(close)
    found = []
    for moment, world in along(events, closes):
        total = sum(world.readings.value(one, moment) or 0 for one in sorted(world.listed))
        if total > 0:
            found.append((moment, log(total)))
    return found


def returns(levels: Sequence[tuple[int, float]]) -> list[float]:
    """Changes in ln from each close to the next."""
    return [after - before for (_, before), (_, after) in pairwise(levels)]


def skewness(values: Sequence[float]) -> float | None:
    """The third standardised moment."""
    middle = fmean(values) if values else 0.0
    spread = fmean([(value - middle) ** 2 for value in values]) if values else 0.0
    return fmean([(value - middle) ** 3 for value in values]) / spread**1.5 if spread > 0.0 else None


def autocorrelation(values: Sequence[float], lag: int) -> float | None:
    """The correlation of values with those so many later."""
    if len(values) <= lag:
        return None
    middle = fmean(values)
    whole = sum((value - middle) ** 2 for value in values)
    shifted = zip(values, values[lag:], strict=False)
    return sum((a - middle) * (b - middle) for a, b in shifted) / whole if whole > 0.0 else None


def clustering(values: Sequence[float]) -> float | None:
    """The mean autocorrelation of the sizes of values, lags 1 to 20."""
    sizes = [abs(value) for value in values]
    found = [autocorrelation(sizes, lag) for lag in range(1, LAGS + 1)]
    return None if None in found else fmean([one for one in found if one is not None])


def swings(levels: Sequence[tuple[int, float]]) -> tuple[list[int], list[int]]:
    """Seconds from each low to the next high, and from each high to the next low: a turn counts once the
    total has come back by `TURN` from it.
    """
    rises: list[int] = []
    falls: list[int] = []
    if not levels:
        return rises, falls
    low = high = last = levels[0]
    up: bool | None = None
    for point in levels:
        low, high = min(low, point, key=_level), max(high, point, key=_level)
        if up is not False and point[1] < high[1] - TURN:
            if up:
                rises.append(high[0] - last[0])
            up, last, low = False, high, point
        elif up is not True and point[1] > low[1] + TURN:
            if up is False:
                falls.append(low[0] - last[0])
            up, last, high = True, low, point
    return rises, falls


def _level(point: tuple[int, float]) -> float:
    return point[1]


def slow_and_fast(swung: Iterable[tuple[list[int], list[int]]]) -> float | None:
    """The median rise over the median fall, in time, of swings of several histories."""
    pairs = list(swung)
    rises = [one for found, _ in pairs for one in found]
    falls = [one for _, found in pairs for one in found]
    return median(rises) / median(falls) if rises and falls else None


def tail(values: Sequence[float], part: float = 0.05) -> float | None:
    """Hill's exponent of the largest losses: the smaller, the fatter the tail."""
    losses = sorted((-value for value in values if value < 0.0), reverse=True)
    count = int(part * len(values))
    if not 10 <= count < len(losses):
        return None
    excess = fmean([log(loss / losses[count]) for loss in losses[:count]])
    return 1.0 / excess if excess > 0.0 else None


def dispersion(events: Iterable[Event], since: int, until: int) -> float | None:
    """Fano's factor of announcements: the variance of their counts in windows of 30 days over the mean."""
    counts = [0] * ((until - since) // WINDOW)
    for event in events:
        place = (event.moment - since) // WINDOW
        if event.kind == "Announcement" and 0 <= place < len(counts):
            counts[place] += 1
    middle = fmean(counts) if counts else 0.0
    return fmean([(count - middle) ** 2 for count in counts]) / middle if middle > 0.0 else None


def tiring(events: Sequence[Event]) -> list[tuple[float, float]]:
    """How tired readers were, and ln of the step that news moved over what (7) gives for its size, tone and
    strength, of each repricing that is not cut to the largest step.
    """
    known, found = World(events[0]).parameters, []
    at = {event.position: event for event in events}
    for event in events:
        fact = event.fact
        if not isinstance(fact, Repricing) or not (fact.tone and fact.strength and fact.attributed):
            continue
        size = known["silent_step"]
        if fact.news and fact.value:
            part = fact.news / fact.value
            summed = known["impulse_coefficient"] * part ** known["impulse_exponent"]
            size = max(size, summed) if are_words(at[event.causes[0]]) else summed
        if abs(fact.attributed) < LARGEST:
            drive = abs(fact.tone) * fact.strength * 1e-12 * size
            found.append(((fact.tired or 0) * 1e-6, log(abs(fact.attributed) * NANO / drive)))
    return found


def slope(points: Sequence[tuple[float, float]]) -> float | None:
    """The slope of a straight line through points, by least squares."""
    if len(points) < 3:
        return None
    x, y = fmean([one for one, _ in points]), fmean([one for _, one in points])
    spread = sum((one - x) ** 2 for one, _ in points)
    return sum((a - x) * (b - y) for a, b in points) / spread if spread > 0.0 else None


def reversal(events: Sequence[Event], levels: Sequence[tuple[int, float]]) -> list[tuple[float, float]]:
    """Of each session with news: the move of the total to its close, and that of the 60 days after."""
    news, later = {event.moment // DAY for event in events if event.kind == "Repricing"}, dict(levels)
    found = []
    for (_, before), (moment, after) in pairwise(levels):
        ahead = (later.get(moment + LATER + days * DAY) for days in range(5))
        then = next((level for level in ahead if level is not None), None)
        if then is not None and moment // DAY in news:
            found.append((after - before, then - after))
    return found
