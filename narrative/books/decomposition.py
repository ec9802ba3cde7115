"""A value taken apart by what moved it: parts in whole 1e-9 ln that add up to its logarithm exactly."""

from math import log
from typing import NamedTuple

from narrative.books.readings import NANO, Readings

# In the order of attribution: what is told comes first, and what nothing explains comes last.
PARTS = ("opening", "told", "faded", "flow", "policy", "liquidity", "market", "sector", "own", "issued")


class Decomposed(NamedTuple):
    """The parts of ln(value) of a listed company, in whole 1e-9 ln.

    `opening`: its value when the story opens. `told`: what words and deeds moved it by when they were
    read, of which `faded` has gone since (below zero). `flow`: trades still in the price, of its own shares
    and of the sector's, and what they moved for good. `policy`:
    surprises of the central bank. `liquidity`: money added to markets. `market`, `sector`, `own`: what
    the news does not explain of its quotes. `issued`: new shares, at their price,
    less what those given for nothing take off it.
    """

    opening: int
    told: int
    faded: int
    flow: int
    policy: int
    liquidity: int
    market: int
    sector: int
    own: int
    issued: int

    @property
    def whole(self) -> int:
        """The sum of the parts: ln(value) in 1e-9."""
        return sum(self)


def decomposed(readings: Readings, asset: str, at: int) -> Decomposed | None:
    """The parts of a company's value at a moment; None where it has no opening value or no shares.

    What rounding to whole 1e-9 ln leaves stands in `faded`, the one part that no posting is of.
    """
    fold = readings.fold
    opening, floated = fold.last("value", asset), fold.last("floated", asset)
    if asset not in readings.listed or not opening:
        return None
    shares = fold.sum("shares", asset)
    if floated and shares <= 0:
        return None
    told = fold.sum("attributed", asset)
    pressed = readings.flow(asset, at) + readings.sector_flow(asset, at)
    flow = _nano(pressed) + fold.sum("flow_lasting", asset)
    policy, liquidity = _nano(readings.policy()), _nano(readings.liquidity(at))
    issued = _nano(log(shares / floated)) if floated else 0
    diluted = fold.sum("diluted", asset)
    steady = (fold.sum(f"{part}_part", asset) for part in ("market", "sector", "own"))
    market, sector, own = steady
    base = _nano(log(opening))
    moved = told + flow + policy + liquidity + market + sector + own
    whole = _nano(log(opening) + readings.log_price(asset, at) + issued * NANO)
    faded = whole - base - moved - diluted - issued
    return Decomposed(base, told, faded, flow, policy, liquidity, market, sector, own, issued + diluted)


def _nano(number: float) -> int:
    return round(number / NANO)
