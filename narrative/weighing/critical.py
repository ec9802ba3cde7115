"""The least size at which something breaks: sought by halving, and told as a distribution over seeds.

Nothing here knows of histories. A seed's answers are all drawn with the same chance, so that breaking is a
step in the size wherever a larger shock is never the milder one; whether it is, is looked at on a grid.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from math import ceil, floor, log, sqrt

from attrs import frozen

HALVINGS = 12
FINE = 5  # halvings on the way down, each of which takes two tails
GRID = 8  # sizes at which it is looked whether a larger shock ever breaks less
Z = 1.959964  # standard deviations that hold 95 % of a normal distribution
NONE_OF = 3.0  # nothing in N: the true part is below 3/N, surely to 95 % (ln 20 is 2.996)


@frozen
class Share:
    """A part of all seeds with its 95 % interval."""

    value: float
    low: float
    high: float


@frozen
class Quantile:
    """A quantile of least sizes with its 95 % interval; None lies beyond the largest size that was tried."""

    value: float | None
    low: float | None
    high: float | None


def least(breaks: Callable[[float], bool], most: float, step: float) -> float | None:
    """The least size up to `most` that breaks, to within a step or so many halvings; None where even the
    largest does not. `breaks` is asked of multiples of a step, and nothing breaks at 0.
    """
    low, high = 0, floor(most / step + 1e-9)
    if not breaks(high * step):
        return None
    for _ in range(HALVINGS):
        if high - low <= 1:
            break
        middle = (low + high) // 2
        low, high = (low, middle) if breaks(middle * step) else (middle, high)
    return round(high * step, 9)


def remains(back: Callable[[float], bool], size: float, step: float) -> float | None:
    """The largest size down to which a shock must be taken back for all to come back, to within a step or a
    thirty-second of it; None where that does not even come of taking all of it back.
    """
    if not back(0.0):
        return None
    low, high = 0, round(size / step)
    for _ in range(FINE):
        if high - low <= 1:
            break
        middle = (low + high) // 2
        low, high = (middle, high) if back(round(middle * step, 9)) else (low, middle)
    return round(low * step, 9)


def monotone(breaks: Callable[[float], bool], most: float, step: float) -> bool:
    """Whether no size of a coarse grid breaks while a larger one does not."""
    whole = floor(most / step + 1e-9)
    sizes = sorted({max(1, whole * i // GRID) for i in range(1, GRID + 1)})
    found = [breaks(size * step) for size in sizes]
    return found == sorted(found)


def share_at(sizes: Sequence[float | None], size: float) -> Share:
    """The part of seeds that break at a size, with the band of Dvoretzky, Kiefer and Wolfowitz, which holds
    at all sizes at once.
    """
    part = bisect_right(_known(sizes), size) / len(sizes)
    reach = dkw(len(sizes))
    return Share(part, max(part - reach, 0.0), min(part + reach, 1.0))


def dkw(count: int) -> float:
    """How far a distribution of so many draws may lie from the true one, surely to 95 %."""
    return sqrt(log(2 / 0.05) / (2 * count))


def quantile(sizes: Sequence[float | None], part: float) -> Quantile:
    """The size at which so large a part of seeds breaks; its interval is that of order statistics, by the
    normal approximation of the binomial.
    """
    known, count = _known(sizes), len(sizes)
    reach = Z * sqrt(count * part * (1.0 - part))
    ranks = (ceil(part * count), floor(part * count - reach), ceil(part * count + reach) + 1)
    value, low, high = (
        known[place - 1] if place <= len(known) else None for place in (max(rank, 1) for rank in ranks)
    )
    return Quantile(value, low if ranks[1] >= 1 else 0.0, high)


def wilson(count: int, of: int) -> Share:
    """So many of all as a part, with the interval of Wilson; of none the upper end is 3/N."""
    part, low, high = _spanned(count, of)
    return Share(part, low, min(NONE_OF / of, 1.0) if count == 0 else high)


def apart(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The 95 % interval of how much more often something happens in the second of each pair, both 0 or 1,
    from the intervals of Wilson by Newcombe (1998, Statistics in Medicine 17, 2635, method 10). It stays
    within -1 and 1, and is no point where all pairs differ alike.
    """
    of = len(pairs)
    both, first, second = (pairs.count(one) for one in ((1.0, 1.0), (1.0, 0.0), (0.0, 1.0)))
    neither = of - both - first - second
    rows = (both + first) * (second + neither) * (both + second) * (first + neither)
    less = both * neither - first * second
    like = max(less - of / 2, 0.0) if less > 0 else float(less)  # his correction for few pairs
    bond = like / sqrt(rows) if rows else 0.0
    (one, low, high), (other, least, most) = _spanned(both + second, of), _spanned(both + first, of)
    below = _both(one - low, most - other, bond)
    return one - other - below, one - other + _both(high - one, other - least, bond)


def _spanned(count: int, of: int) -> tuple[float, float, float]:
    """A part of all with both ends of its interval of Wilson, with none of the rule of three."""
    part, square = count / of, Z * Z
    middle = (part + square / (2 * of)) / (1 + square / of)
    reach = Z * sqrt(part * (1 - part) / of + square / (4 * of * of)) / (1 + square / of)
    return part, max(middle - reach, 0.0) if count else 0.0, min(middle + reach, 1.0)


def _both(one: float, other: float, bond: float) -> float:
    return sqrt(max(one * one - 2 * bond * one * other + other * other, 0.0))


def basin(sizes: Sequence[float | None], plausible: float) -> Share:
    """The part of shocks, of sizes all alike likely up to the plausible one, that break nothing: the mean
    over seeds of how far each stands. It holds where breaking is a step in the size.
    """
    stands = [min(plausible if size is None else size, plausible) / plausible for size in sizes]
    middle = sum(stands) / len(stands)
    spread = sqrt(sum((one - middle) ** 2 for one in stands) / max(len(stands) - 1, 1))
    reach = Z * spread / sqrt(len(stands))
    return Share(middle, max(middle - reach, 0.0), min(middle + reach, 1.0))


def _known(sizes: Sequence[float | None]) -> list[float]:
    return sorted(size for size in sizes if size is not None)
