"""A measure over many seeds: its mean and its spread, alone and as the difference of pairs."""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist, mean, stdev

from attrs import frozen

NEVER = 3.0  # divided by how many tried: what never happened may still happen as often, with 95 %


@frozen(kw_only=True)
class Level:
    """The mean of a measure over members, with its 95 % interval, and the values between which 95 % of them
    lie. `low` and `high` are None where one member alone says nothing of chance.
    """

    mean: float
    low: float | None
    high: float | None
    least: float
    most: float
    members: int


@frozen(kw_only=True)
class Effect:
    """The mean difference of pairs with its 95 % interval, and the differences between which 95 % of pairs
    lie. `base` is the mean of the first of each pair, `same` how many pairs do not differ at all.
    """

    base: float
    difference: float
    low: float | None
    high: float | None
    least: float
    most: float
    pairs: int
    same: int

    @property
    def inside(self) -> bool:
        """Whether the effect is inside chance: its interval holds nothing, or there is none."""
        return self.low is None or self.high is None or self.low <= 0.0 <= self.high


def level(values: Sequence[float], *, counted: bool = False) -> Level:
    """The level of a measure over members. Of what is `counted` and never happened, the interval reaches to
    3/N (the rule of three).
    """
    middle, reach = mean(values), _reach(values)
    low, high = (None, None) if reach is None else (middle - reach, middle + reach)
    if counted and not any(values):
        low, high = 0.0, NEVER / len(values)
    least, most = _between(values)
    return Level(mean=middle, low=low, high=high, least=least, most=most, members=len(values))


def effect(pairs: Sequence[tuple[float, float]]) -> Effect:
    """The effect over pairs of values, without and with what is supposed."""
    gaps = [other - base for base, other in pairs]
    found = level(gaps)
    return Effect(
        base=mean(base for base, _ in pairs),
        difference=found.mean,
        low=found.low,
        high=found.high,
        least=found.least,
        most=found.most,
        pairs=len(gaps),
        same=gaps.count(0.0),
    )


def ratio(pairs: Sequence[tuple[float, float]]) -> Level | None:
    """The mean of parts over the mean of their wholes, of pairs (part, whole), with its interval by the
    residuals ``part - ratio * whole`` (Cochran 1977, Sampling Techniques, section 6.4). None where the mean
    whole is nothing, or its own interval holds that: parts of it say nothing then.
    """
    whole = level([one for _, one in pairs])
    if not whole.mean or (
        whole.low is not None and whole.high is not None and whole.low <= 0.0 <= whole.high
    ):
        return None
    found = mean(part for part, _ in pairs) / whole.mean
    residuals = [(part - found * one) / whole.mean for part, one in pairs]
    return level([found + one for one in residuals])


def _reach(values: Sequence[float]) -> float | None:
    """Half the 95 % interval of a mean; None for one value."""
    if len(values) < 2:
        return None
    return student(len(values) - 1) * stdev(values) / sqrt(len(values))


def student(freedom: int) -> float:
    """The 97.5 % point of Student's t: exact for one and two degrees of freedom, from there on within 0.2 %
    by the expansion of Cornish and Fisher (Abramowitz and Stegun 26.7.5).
    """
    if freedom == 1:
        return 12.706204736432095
    if freedom == 2:
        return 4.302652729911275
    z, n = NormalDist().inv_cdf(0.975), float(freedom)
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * n**4)
    )


def _between(values: Sequence[float]) -> tuple[float, float]:
    """The 2.5 % and 97.5 % quantiles, between neighbours where they fall between two."""
    ordered = sorted(values)
    return _quantile(ordered, 0.025), _quantile(ordered, 0.975)


def _quantile(ordered: Sequence[float], part: float) -> float:
    place = part * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
