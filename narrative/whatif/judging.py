"""Verdicts on claims, from numbers alone. Nothing here is written by hand: other numbers, other verdicts.

An effect that might be nothing speaks against a claim only where it is surely small; where it is merely
unsure, that is said.
"""

from collections.abc import Sequence
from math import inf, sqrt
from statistics import mean, stdev

from attrs import frozen

HOLDS, FAILS, UNDECIDED, UNTESTED = "holds", "fails", "undecided", "untested"
REFUTED = "refuted as worded"
MATTERS = 0.02  # of what there is without the switch: an effect surely below it is none
Z = 1.959964


@frozen
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


def averaged(values: Sequence[float]) -> Estimate:
    """The mean of values over seeds with its interval; of a single one the interval is all there is."""
    middle = mean(values)
    reach = Z * stdev(values) / sqrt(len(values)) if len(values) > 1 else inf
    return Estimate(middle, middle - reach, middle + reach)


def both(*found: Estimate) -> Estimate:
    """The interval that holds several, as of both ends of a residual; the first one's value."""
    return Estimate(found[0].value, min(one.low for one in found), max(one.high for one in found))


def rises(effect: Estimate | None) -> str:
    """The verdict on "it adds something", of an effect as a part of what there is without it."""
    if effect is None:
        return UNTESTED
    if effect.low > 0.0:
        return HOLDS
    return FAILS if effect.high < MATTERS else UNDECIDED


def over(found: Estimate | None, bound: float) -> str:
    """The verdict on "it is more than so much"."""
    if found is None:
        return UNTESTED
    if found.low > bound:
        return HOLDS
    return FAILS if found.high <= bound else UNDECIDED


def under(found: Estimate | None, bound: float) -> str:
    """The verdict on "it is less than so much"."""
    return over(None if found is None else Estimate(-found.value, -found.high, -found.low), -bound)


def all_of(*verdicts: str) -> str:
    """The verdict on several claims at once: one that fails fails all."""
    for one in (FAILS, UNTESTED, UNDECIDED):
        if one in verdicts:
            return one
    return HOLDS


def any_of(verdicts: Sequence[str]) -> str:
    """The verdict on at least one of several claims; what was not tested says nothing."""
    known = [one for one in verdicts if one != UNTESTED]
    if not known:
        return UNTESTED
    if HOLDS in known:
        return HOLDS
    return UNDECIDED if UNDECIDED in known else FAILS
