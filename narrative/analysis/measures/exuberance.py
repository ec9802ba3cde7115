"""Exuberance: whether a price has grown faster and faster, as against a random walk.

``BSADF_r2 = sup over r1 of ADF(r1, r2)`` and ``GSADF = sup over r2 of BSADF_r2``, the augmented Dickey-Fuller
statistic without lags of every window that is long enough. It is held against random walks drawn by
address, so that the same series is always judged alike. The statistic flags collapses and recoveries
too: only where the price rose is an episode one of exuberance.
"""

from collections.abc import Sequence
from functools import cache
from itertools import accumulate, pairwise
from math import inf, log, sqrt
from statistics import NormalDist

from attrs import frozen

from narrative.engine.chance import Chance

DEFINITION = (
    "The largest Dickey-Fuller statistic of any window of the log price at the end of each week (of every "
    "few weeks where they are more than 160), up to the end of the record where there is one (GSADF), beside "
    "that of random walks; an episode is dated where the statistic up to then (BSADF) lies above 95 % of "
    "theirs for at least ln(T) observations, and counts as exuberance where the price rose. "
    "Fundamentals are not taken out: what grows faster and faster need not be unfounded."
)
SOURCE = "Phillips, Shi and Yu 2015, International Economic Review 56(4)"
DRAWS = 199
MOST = 160  # observations: the draws take the square of it
LEAST = 30  # fewer make windows in which anything looks like a trend
_CHANCE = Chance(0)


@frozen
class Episode:
    """Observations, counted from 0, from the first to the last of which the statistic was above 95 %."""

    first: int
    last: int
    rising: bool


@frozen
class Exuberance:
    """A series' GSADF, the points below which 90, 95 and 99 % of random walks lie, how often at least as much
    comes by chance, the smallest window, and the episodes.
    """

    observations: int
    window: int
    gsadf: float
    critical: tuple[float, float, float]
    by_chance: float
    episodes: tuple[Episode, ...]


def window(observations: int) -> int:
    """The smallest window of a series: 0.01 + 1.8 / sqrt(T) of it."""
    return int((0.01 + 1.8 / sqrt(observations)) * observations)


def bsadf(series: Sequence[float], least: int) -> list[float]:
    """BSADF of each observation from the first that ends a window of so many; -inf where none has a
    statistic, as in a window that does not move.
    """
    middle = sum(series) / len(series)
    level = [value - middle for value in series]
    moves = [after - before for before, after in pairwise(level)]
    before = level[:-1]

    def sums(values: list[float]) -> list[float]:
        return [0.0, *accumulate(values)]

    x, d = sums(before), sums(moves)
    xx, dd = sums([a * a for a in before]), sums([b * b for b in moves])
    xd = sums([a * b for a, b in zip(before, moves, strict=True)])
    found = []
    for end in range(least - 1, len(moves) + 1):
        best = -inf
        for start in range(end - least + 2):
            n = end - start
            sx, sd = x[end] - x[start], d[end] - d[start]
            cxx = xx[end] - xx[start] - sx * sx / n
            cxd = xd[end] - xd[start] - sx * sd / n
            if cxx <= _NOTHING:
                continue
            left = dd[end] - dd[start] - sd * sd / n - cxd * cxd / cxx
            if left > _NOTHING:
                best = max(best, cxd * sqrt((n - 2) / (left * cxx)))
        found.append(best)
    return found


_NOTHING = 1e-15  # of squared ln: what rounding leaves of windows that do not move


def exuberance(series: Sequence[float]) -> Exuberance | None:
    """The exuberance of a series of log prices; None where it is shorter than LEAST or never moves."""
    if len(series) < LEAST:
        return None
    least = window(len(series))
    found = bsadf(series, least)
    if max(found) == -inf:
        return None
    walks = _walks(len(series), least)
    tops = sorted(map(max, walks))
    line = [sorted(column)[_place(95)] for column in zip(*walks, strict=True)]
    return Exuberance(
        observations=len(series),
        window=least,
        gsadf=max(found),
        critical=(tops[_place(90)], tops[_place(95)], tops[_place(99)]),
        by_chance=(1 + sum(top >= max(found) for top in tops)) / (1 + DRAWS),
        episodes=tuple(_episodes(series, found, line, least)),
    )


def _place(percent: int) -> int:
    return (DRAWS + 1) * percent // 100 - 1


@cache
def _walks(observations: int, least: int) -> tuple[tuple[float, ...], ...]:
    """BSADF of DRAWS random walks of so many observations, with the small drift of the published null."""
    normal = NormalDist()
    found = []
    for draw in range(DRAWS):
        drawn = (_CHANCE.uniform("exuberance", "walk", f"{i}", draw) for i in range(observations))
        walk = accumulate(normal.inv_cdf(max(one, 2.0**-53)) + 1 / observations for one in drawn)
        found.append(tuple(bsadf(list(walk), least)))
    return tuple(found)


def _episodes(
    series: Sequence[float], found: Sequence[float], line: Sequence[float], least: int
) -> list[Episode]:
    """Runs above the line of at least ln(T) observations; `found` and `line` begin with a window's end."""
    above = [one > other for one, other in zip(found, line, strict=True)]
    runs: list[Episode] = []
    start = None
    for i, high in enumerate([*above, False]):
        if high and start is None:
            start = i
        if not high and start is not None:
            if i - start >= log(len(series)):
                first, last = start + least - 1, i + least - 2
                runs.append(Episode(first, last, max(series[first : last + 1]) > series[first - least + 1]))
            start = None
    return runs
