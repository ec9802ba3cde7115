"""Stylised facts of prices, read off a lived history: statistics of an index of all listed shares.

The index is weighted by value and chained: from a close to the next it moves as the shares do that were there
at both, each by its price. So new shares and new listings are no returns, as they are none of any index. Each
statistic is None where a history holds too little to say. Nothing here decides, and none is a test of truth:
a model may have a fact of markets for a reason of its own.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import exp, log
from statistics import fmean, median, variance
from typing import NamedTuple

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


class Close(NamedTuple):
    """The close of a session: by listed company its price in ln, and its value in smallest units."""

    moment: int
    prices: Mapping[str, float]
    values: Mapping[str, int]


def sessions(events: Sequence[Event], until: int) -> list[Close]:
    """Each close of a session, from the opening to a moment."""
    world = World(events[0])
    close, closes = world.story.calendar.close_after(events[0].moment), []
    while close <= until:
        closes.append(close)
        close = world.story.calendar.close_after(close)
    found = []
    for moment, world in along(events, closes):
        valued = [(one, world.readings.value(one, moment) or 0) for one in sorted(world.listed)]
        values = {one: value for one, value in valued if value > 0}
        prices = {one: world.readings.log_price(one, moment) for one in values}
        found.append(Close(moment, prices, values))
    return found


def index(closes: Sequence[Close]) -> list[tuple[int, float]]:
    """Moment and ln of the index at each close, from the first on which anything is listed: there it is the
    value of all of it.
    """
    known = [close for close in closes if close.values]
    if not known:
        return []
    levels = [(known[0].moment, log(sum(known[0].values.values())))]
    for before, after in pairwise(known):
        both = [one for one in before.values if one in after.prices]
        held = sum(before.values[one] for one in both)
        worth = sum(before.values[one] * exp(after.prices[one] - before.prices[one]) for one in both)
        levels.append((after.moment, levels[-1][1] + (log(worth / held) if held else 0.0)))
    return levels


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
    found = _of_sizes(values)
    return None if found is None else fmean(found)


def decay(values: Sequence[float]) -> float | None:
    """By how much the autocorrelation of the sizes of values is less at lags 11 to 20 than at 1 to 10: above
    zero where it fades.
    """
    found = _of_sizes(values)
    return None if found is None else fmean(found[: LAGS // 2]) - fmean(found[LAGS // 2 :])


def _of_sizes(values: Sequence[float]) -> list[float] | None:
    sizes = [abs(value) for value in values]
    found = [autocorrelation(sizes, lag) for lag in range(1, LAGS + 1)]
    known = [one for one in found if one is not None]
    return known if len(known) == LAGS else None


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
    """Fano's factor of announcements: the variance of their counts in windows of 30 days over the mean, the
    variance being the unbiased one, since a year has a dozen windows.
    """
    counts = [0] * ((until - since) // WINDOW)
    for event in events:
        place = (event.moment - since) // WINDOW
        if event.kind == "Announcement" and 0 <= place < len(counts):
            counts[place] += 1
    middle = fmean(counts) if counts else 0.0
    return variance(counts) / middle if middle > 0.0 and len(counts) > 1 else None


def tiring(events: Sequence[Event]) -> list[tuple[float, float]]:
    """Of each deal that tires its readers, and moves less than the largest step: the number of it among those
    of its company, and ln of the step that it moved over what (7) gives for its size, tone and strength.
    """
    known, found, told = World(events[0]).parameters, [], Counter[str]()
    at = {event.position: event for event in events}
    for event in events:
        fact = event.fact
        if not isinstance(fact, Repricing) or not (fact.tone and fact.strength and fact.fatigue):
            continue
        told[fact.asset] += 1
        size = known["silent_step"]
        if fact.news and fact.value:
            part = fact.news / fact.value
            summed = known["impulse_coefficient"] * part ** known["impulse_exponent"]
            size = max(size, summed) if are_words(at[event.causes[0]]) else summed
        if fact.attributed and abs(fact.attributed) < LARGEST:
            drive = abs(fact.tone) * fact.strength * 1e-12 * size
            found.append((float(told[fact.asset]), log(abs(fact.attributed) * NANO / drive)))
    return found


def slope(points: Sequence[tuple[float, float]]) -> float | None:
    """The slope of a straight line through points, by least squares."""
    if len(points) < 3:
        return None
    x, y = fmean([one for one, _ in points]), fmean([one for _, one in points])
    spread = sum((one - x) ** 2 for one, _ in points)
    return sum((a - x) * (b - y) for a, b in points) / spread if spread > 0.0 else None


def reversal(events: Sequence[Event], closes: Sequence[Close]) -> list[tuple[float, float]]:
    """Of each company and session in which news lifted it: by how much its price rose to the close, and how
    it moved in the 60 days after, in ln and beyond what it did on average over the whole history, in a
    session and in 60 days (the mean-adjusted returns of event studies, Brown and Warner 1985).
    """
    moments = [close.moment for close in closes]
    lifted: dict[str, set[int]] = {}
    for event in events:
        if isinstance(fact := event.fact, Repricing) and (fact.attributed or 0) > 0:
            lifted.setdefault(fact.asset, set()).add(bisect_left(moments, event.moment))
    ahead = [bisect_left(moments, moment + LATER) for moment in moments]
    found = []
    for asset, places in sorted(lifted.items()):
        prices = [close.prices.get(asset) for close in closes]
        moves = _moves(prices, [(place - 1, place) for place in range(1, len(prices))])
        later = _moves(prices, list(enumerate(ahead)))
        usual, after = fmean(moves.values() or [0.0]), fmean(later.values() or [0.0])
        found += [
            (moves[place - 1] - usual, later[place] - after)
            for place in sorted(places)
            if place - 1 in moves and place in later and moves[place - 1] > usual
        ]
    return found


def _moves(prices: Sequence[float | None], spans: Iterable[tuple[int, int]]) -> dict[int, float]:
    """The moves of a price over spans, by the first place of each, where it is known at both ends."""
    ends = ((first, prices[first], prices[last]) for first, last in spans if last < len(prices))
    return {first: b - a for first, a, b in ends if a is not None and b is not None}


def lost(points: Sequence[tuple[float, float]]) -> float | None:
    """The part of gains that went again: all that was lost later over all that was gained."""
    gained = sum(gain for gain, _ in points)
    return -sum(later for _, later in points) / gained if gained > 0.0 else None
