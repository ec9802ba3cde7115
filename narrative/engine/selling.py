"""Sales of shares that somebody has to make, at the price of the day, to whoever is outside."""

from collections.abc import Iterable, Iterator, Mapping
from math import ceil

from events.event import OUTSIDE
from events.facts import Trade
from narrative.engine.pressure import pressure
from narrative.engine.stakes import cost_of, private
from narrative.engine.world import World


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


def sales(world: World, holder: str, needed: int, now: int, tied: Mapping[str, int]) -> Iterator[Trade]:
    """Listed shares that somebody holds of others, less those that are `tied`, sold until they bring what is
    needed or are gone, in the order of the alphabet.
    """
    for key, stake in sorted(world.fold.state["stake"].items()):
        owner, _, asset = key.partition("/")
        if owner != holder or asset == holder or needed <= 0 or private(world, asset):
            continue
        price = world.readings.price(asset, now)
        shares = min(ceil(needed / price), stake - tied.get(asset, 0)) if price else 0
        if shares > 0:
            brings = round(shares * (price or 0.0))
            yield sale(world, holder, asset, shares, brings, now)
            needed -= brings


def brought(trades: Iterable[Trade]) -> int:
    """The sum that sales bring, in the smallest unit."""
    return sum(one.amount or 0 for one in trades)
