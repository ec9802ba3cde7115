"""Verdicts on claims, from numbers alone. Nothing here is written by hand: other numbers, other verdicts.

Both verdicts are of one threshold, so that a narrower interval within another never says the opposite: more
seeds decide what was undecided, and turn nothing over. An effect that might be nothing speaks against a claim
only where it is surely small; where it is merely unsure, that is said.
"""

from collections.abc import Sequence

from attrs import field, frozen

HOLDS, FAILS, UNDECIDED, UNTESTED = "holds", "fails", "undecided", "untested"
REFUTED = "refuted as worded"


@frozen(kw_only=True)
class Bound:
    """A figure bounded by one thing: `over` chance (its mean, 95 %), ranges of assumptions (95 % of further
    draws) or whatever else is named, at one `end` of what news leaves open; `of` so many seeds, draws, cases.
    """

    over: str
    end: str
    of: int
    value: float
    low: float
    high: float


@frozen
class Estimate:
    """A figure with the interval that holds all its bounds."""

    value: float
    low: float
    high: float
    bounds: tuple[Bound, ...] = field(default=(), eq=False)


def joined(bounds: Sequence[Bound]) -> Estimate | None:
    """The first bound's value, and the interval that holds every bound; None of none."""
    if not bounds:
        return None
    low, high = min(one.low for one in bounds), max(one.high for one in bounds)
    return Estimate(bounds[0].value, low, high, tuple(bounds))


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


def alike(one: Estimate | None, other: Estimate | None, reach: float) -> str:
    """The verdict on "they are the same but for so much", of two figures that know nothing of each other."""
    if one is None or other is None:
        return UNTESTED
    low, high = one.low - other.high, one.high - other.low
    if -reach < low and high < reach:
        return HOLDS
    return FAILS if low >= reach or high <= -reach else UNDECIDED


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
