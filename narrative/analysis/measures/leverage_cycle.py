"""Geanakoplos' leverage cycle: a price with borrowing against the asset and without, and on bad news.

Buyers h lie evenly between 0 and 1, each with one unit of money and of an asset that pays 1 or `payoff`, and
h takes good news to have the chance h. Nobody lends more on the asset than it is surely worth when the loan
is due. Prices are parts of the good payoff; a buyer is the marginal one, above whom everybody buys.
"""

from collections.abc import Callable
from math import log, sqrt

from attrs import frozen

PAYOFF = 0.2  # the paper's own
MOST = 0.99  # beyond, the price before and after differ by less than a float can tell
HALVINGS = 200  # more than a float has digits


@frozen
class Priced:
    """The marginal buyer, the price, and the leverage of buyers: the price over what one puts down of it."""

    buyer: float
    price: float
    leverage: float


@frozen
class Cycle:
    """Three periods, in which the asset pays less only where news is bad twice: the marginal buyer and the
    price before any news and after the first that is bad, and what the buyer of before takes the asset to be
    worth then and then.
    """

    before: Priced
    after: Priced
    valued_before: float
    valued_after: float

    @property
    def fall(self) -> float:
        """The part of the price that goes on bad news."""
        return 1.0 - self.after.price / self.before.price

    @property
    def news(self) -> float:
        """The part of his own valuation that goes on bad news for the marginal buyer of before."""
        return 1.0 - self.valued_after / self.valued_before

    @property
    def amplification(self) -> float:
        """How often the news is felt in the price, in ln as histories are read."""
        return log(self.before.price / self.after.price) / log(self.valued_before / self.valued_after)


def alone(payoff: float) -> Priced:
    """Two periods without borrowing: the money of all buyers pays for what the others sell,
    ``1 - h = h p`` with ``p = h + (1 - h) payoff``.
    """
    return _two_periods(payoff, 0.0)


def leveraged(payoff: float) -> Priced:
    """Two periods with borrowing: buyers own all of it and owe `payoff` on each,
    ``1 - h + payoff = h p`` with ``p = h + (1 - h) payoff``.
    """
    return _two_periods(payoff, payoff)


def _two_periods(payoff: float, lent: float) -> Priced:
    """The root in 0 to 1 of ``(1 - payoff) h^2 + (1 + payoff) h - (1 + lent) = 0``."""
    square, single = 1.0 - payoff, 1.0 + payoff
    buyer = (sqrt(single * single + 4.0 * square * (1.0 + lent)) - single) / (2.0 * square)
    return _priced(buyer, payoff + square * buyer, lent)


def _priced(buyer: float, price: float, lent: float) -> Priced:
    return Priced(buyer, price, price / (price - lent))


def cycle(payoff: float) -> Cycle:
    """Three periods with borrowing. Of what holds in them all but one equation follow from the buyer after
    bad news, b; it is sought where the buyer before, a, is as well off in the asset, bought on credit, as in
    money kept for a purchase on credit after bad news.

    ``p1 = b + (1 - b) payoff``; all buyers of before are wiped out, and those from b to a own the asset by
    what they have and borrow: ``b p1 = a - b + a payoff``; before, ``a p0 = 1 - a + p1``. Buyer a gains by a
    unit of money ``a (1 - p1) / (p0 - p1)`` in the asset and ``a + (1 - a) a / b`` kept.
    """

    def before(after: float) -> float:
        return after * (1.0 + payoff + (1.0 - payoff) * after) / (1.0 + payoff)

    def gap(after: float) -> float:
        bought = (1.0 - payoff) * after * (1.0 - after)  # times (1 + payoff) (1 - a), as all the rest is
        first = before(after)
        return bought - (1.0 + payoff) * (1.0 - first) * (1.0 + (1.0 - first) / after)

    second = root(gap, 0.0, root(lambda after: before(after) - 1.0, 0.0, 1.0))
    first = before(second)
    low = payoff + (1.0 - payoff) * second
    high = (1.0 - first + low) / first
    return Cycle(
        before=_priced(first, high, low),
        after=_priced(second, low, payoff),
        valued_before=1.0 - (1.0 - first) ** 2 * (1.0 - payoff),
        valued_after=payoff + (1.0 - payoff) * first,
    )


def root(gap: Callable[[float], float], low: float, high: float) -> float:
    """The place between two ends, below zero at the low one and above at the high one, at which a gap closes,
    by halves until no float lies between.
    """
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        low, high = (middle, high) if gap(middle) < 0.0 else (low, middle)
    return (low + high) / 2.0
