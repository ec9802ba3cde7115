"""Belief by three definitions, each a span with what bounds it, and never one number.

*Announced*, not yet delivered: what told news did to a price and nothing has made good. *Above paid
results*: how far a price rose beyond what a company reported; below zero where results outran it.
*Growth not yet earned*: the part of a value that today's earnings, kept for ever, do not carry. All
are parts of a value, 1 being the whole; pure functions of sums that were told, quoted or reported.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import exp, log
from typing import NamedTuple

FIGURES = ("revenue", "operating", "net")  # reported of four quarters
RETURNS = (0.07, 0.11)  # required a year: the range of what studies assume
AFTER_TAX = 0.83  # of operating income
HALF = 0.5

Sums = Mapping[str, int | None]


class Span(NamedTuple):
    """The least and the greatest that a belief may be called, and what gives each."""

    low: float
    high: float
    by: tuple[str, str]


class Told(NamedTuple):
    """Told news of a company as far as quotes cannot tell it apart, in ln. `step`: what it moved the price
    by when it was read. `left`: the part of one of that which has not faded. `beside`: what quotes moved
    of their own within two of them. `grown`: how far paid revenue grew since, None where that is unknown.
    """

    step: float
    left: float
    beside: float
    grown: float | None

    @property
    def move(self) -> float:
        """The whole abnormal move at this news."""
        return self.step + self.beside

    @property
    def least(self) -> float:
        """The smaller of step and move (none where their signs differ), faded, less what revenue grew."""
        if self.step * self.move <= 0:
            return 0.0
        stands = min(self.step, self.move) * self.left
        if stands <= 0:
            return stands
        return 0.0 if self.grown is None else max(stands - max(self.grown, 0.0), 0.0)


def announced(told: Iterable[Told], delivered: float) -> Span:
    """The part of a value that told news made and nothing has delivered. `delivered` is, in ln, what
    deliveries turned into lasting value; the least alone is without it.

    Least and greatest change places where news was bad: what it took from a price counts at whole length
    in the one, and less where it has faded in the other.
    """
    found = tuple(told)
    ends = (
        (_part(sum(one.least for one in found) - delivered), "faded, less growth and deliveries"),
        (_part(sum(one.move for one in found)), "whole moves beside news"),
    )
    (low, least), (high, most) = sorted(ends)
    return Span(low, high, (least, most))


def above_results(opening: float, value: float, base: Sums, now: Sums) -> Span | None:
    """The part of a value by which it rose beyond reported revenue, operating and net income, whichever
    are above zero then and now; below zero where they outran it. None where none is.
    """
    found = sorted(
        (1.0 - opening * after / (before * value), name)
        for name in FIGURES
        if (before := base.get(name) or 0) > 0 and (after := now.get(name) or 0) > 0
    )
    return Span(found[0][0], found[-1][0], (found[0][1], found[-1][1])) if found and value > 0 else None


def break_even(opening: float, value: float, before: float | None, now: float | None) -> float | None:
    """The part of a reported figure's growth that must be circular (a company's own money come back) for the
    rest to have grown less than the price did: below it the rise is supported. None where price or figure
    did not rise, or where the price outran it already.
    """
    if not before or not now or before < 0 or now <= before or not 0 < opening < value:
        return None
    spare = now - before * value / opening
    return spare / (now - before) if spare > 0 else None


def growth(value: float, now: Sums) -> Span | None:
    """The part of a value that today's earnings do not carry at a required return of 7 and of 11 % a year
    (present value of growth opportunities); earnings are net income, or operating income after tax where
    that is more. All of it where nothing is earned; None where either income is unknown.
    """
    operating, net = now.get("operating"), now.get("net")
    if operating is None or net is None or value <= 0:
        return None
    earned, name = max((float(net), "net income"), (AFTER_TAX * operating, "operating income after tax"))
    low, high = (1.0 - max(earned, 0.0) / (required * value) for required in RETURNS)
    return Span(low, high, (f"{name} at 7 %", f"{name} at 11 %"))


def unearned(opening: float, top: float, base: float | None, now: float | None) -> float | None:
    """How much of a rise from the opening to a top, in ln, a reported figure did not rise with: 1 where it
    stood still, 0 where it rose as far. None where nothing rose, or the figure is not above zero.
    """
    if not base or not now or base < 0 or now < 0 or top <= opening or opening <= 0:
        return None
    return 1.0 - log(now / base) / log(top / opening)


def verdict(found: Sequence[float]) -> str | None:
    """The verdict on "expectations rose, and not output": "holds" (all above one half), "fails" (all
    below) or "undecided"; None where nothing is known.
    """
    if not found:
        return None
    if min(found) > HALF:
        return "holds"
    return "fails" if max(found) < HALF else "undecided"


def _part(ln: float) -> float:
    return 1.0 - exp(-max(ln, 0.0))
