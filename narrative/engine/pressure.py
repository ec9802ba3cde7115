"""The pressure of a trade that nobody asked for on prices, equation (26).

Shares sold press their own price by ``impact`` times the part of all shares that is sold, in ln, and every
price by its own `sector_beta` times ``sector_impact`` times the part of all listed value. Of the first,
`impact_transient` fades and the rest stays; the second fades. All is linear in shares, so that splitting
a sale changes nothing, and none is beyond what one step may be. Shares bought press the other way.

A story that gives no `sector_impact`, or 0, leaves the sector alone; without `impact_transient`, or at 1,
all pressure fades.
"""

from typing import NamedTuple

from narrative.books.readings import LARGEST, NANO
from narrative.engine.world import World

PRESSING = ("sector_impact", "impact_transient")  # beside `impact`, which a story must give


class Pressure(NamedTuple):
    """The steps of one trade, in 1e-9 ln: of the asset's price, what fades and what stays, and of the flow
    that the whole sector feels; named as the fields of a `Trade`.
    """

    impact: int
    lasting: int | None = None
    spill: int | None = None


def pressure(world: World, asset: str, shares: int, now: int, whole: int | None = None) -> Pressure:
    """The pressure of so many shares bought (below zero: sold) at the price of the moment; `whole` is the
    value of all listed shares, where it was summed already. Raises ZeroDivisionError where the company has no
    shares.
    """
    known = world.parameters
    step = _step(world.parameter("impact", asset) * shares / world.fold.sum("shares", asset))
    fading = round(step * known.get("impact_transient", 1.0))
    price = world.readings.price(asset, now)
    value = all_listed(world, now) if whole is None else whole
    spill = 0
    if price is not None and value:
        spill = _step(known.get("sector_impact", 0.0) * shares * price / value)
    return Pressure(fading, step - fading or None, spill or None)


def all_listed(world: World, now: int) -> int:
    """The value of all listed shares, in the smallest unit."""
    return sum(value or 0 for value in world.readings.values(sorted(world.listed), now).values())


def _step(ln: float) -> int:
    return max(min(round(ln / NANO), LARGEST), -LARGEST)
