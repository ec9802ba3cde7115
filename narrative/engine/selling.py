"""Sales of shares that somebody has to make, to whoever is outside.

Whoever sells what it has at once walks its own price down, by equation (26): of shares n, each taking k of
the price in ln, the first goes at the price P of the moment and the last at ``P exp(-k n)``, so that all
bring ``P (1 - exp(-k n)) / k``. Beyond the largest step of a price (`LARGEST`) the rest goes at that price.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import ceil, exp, expm1, log1p

from events.event import OUTSIDE
from events.facts import Trade
from narrative.books.readings import LARGEST, NANO
from narrative.engine.pressure import pressure
from narrative.engine.stakes import cost_of, private
from narrative.engine.world import World

DEEPEST = LARGEST * NANO  # in ln


def sale(world: World, seller: str, asset: str, shares: int, amount: int, now: int) -> Trade:
    """A sale of so many shares for an amount, with what it takes of prices."""
    return Trade(
        seller=seller,
        buyer=OUTSIDE,
        asset=asset,
        shares=shares,
        amount=amount,
        cost=cost_of(world, seller, asset, shares),
        **pressure(world, asset, -shares, now)._asdict(),
    )


def sales(
    world: World, holder: str, needed: int, now: int, tied: Mapping[str, int], gone: Mapping[str, int]
) -> Iterator[Trade]:
    """Listed shares that somebody holds of others, less those that are `tied`, sold until they bring what is
    needed or are gone, in the order of the alphabet; from where the sale of those that are `gone` already at
    this moment left their prices.
    """
    for key, stake in sorted(world.fold.state["stake"].items()):
        owner, _, asset = key.partition("/")
        if owner != holder or asset == holder or needed <= 0 or private(world, asset):
            continue
        price = world.readings.price(asset, now)
        takes = world.parameter("impact", asset) / world.fold.sum("shares", asset)
        price = (price or 0.0) * exp(-min(takes * gone.get(asset, 0), DEEPEST))
        shares = min(to_bring(needed, price, takes), stake - tied.get(asset, 0)) if price else 0
        if shares > 0:
            brings = round(bring(shares, price, takes))
            yield sale(world, holder, asset, shares, brings, now)
            needed -= brings


def bring(shares: int, price: float, takes: float) -> float:
    """The sum of shares that are sold at once, from a price on, where each takes so much of it in ln."""
    if not takes:
        return shares * price
    walked = min(takes * shares, DEEPEST)
    return price * (-expm1(-walked) / takes + (shares - walked / takes) * exp(-DEEPEST))


def to_bring(needed: int, price: float, takes: float) -> int:
    """The least shares that bring a sum, sold at once."""
    if not takes:
        return ceil(needed / price)
    walked = -expm1(-DEEPEST) * price / takes
    if needed > walked:
        return ceil(DEEPEST / takes + (needed - walked) / (price * exp(-DEEPEST)))
    return ceil(-log1p(-needed * takes / price) / takes)


def brought(trades: Iterable[Trade]) -> int:
    """The sum that sales bring, in the smallest unit."""
    return sum(one.amount or 0 for one in trades)
