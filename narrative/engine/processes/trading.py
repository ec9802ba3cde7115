"""Trend followers buy at closes what has risen of late, and sell what no longer does.

A price's trend is how far its fast fading mean lies above its slow one. Of each listed share a follower wants
``trading_size`` of its capital, times the share's part of all listed value, times its trend over
``trading_scale``, 0 to 1; a review moves ``trading_pace`` of the way. It deleverages on losses: all that it
wants is cut by what its holdings lost of late, as a part of its capital, over `trading_stop`, and at that
loss it wants nothing. It holds shares for cash: it never borrows, and never sells what it does not hold.

Each order is one Trade, whose pressure is `narrative.engine.pressure`'s, linear in shares and so the same
however it is sliced. It is filled at the middle of the step that it makes, so that going in and out again
wins nothing. A story that casts nobody as trading, or a `trading_size` of 0, has none of it.
"""

from collections.abc import Mapping
from math import exp, floor
from typing import NamedTuple

from events.event import OUTSIDE, Act, Draft
from events.facts import Trade
from narrative.books.readings import NANO, PRICE
from narrative.engine.defaults import DEFAULTED, in_default
from narrative.engine.pressure import PRESSING, Pressure, pressure
from narrative.engine.world import World
from narrative.story.cast import Part

ACCOUNTS = ()
PARAMETERS = ("trading_size", "trading_scale", "trading_pace", "trading_stop", "trading_least", "impact")
OPTIONAL = PRESSING
DEEDS = {"Trade": "buyer"}
NEEDS = {"cash": "trading_size"}
SEEN = (*PRICE, "trend_fast", "trend_slow", *DEFAULTED)  # the accounts that what followers see is read off


class Share(NamedTuple):
    """One listed share as every follower sees it: its price, how many there are, how far its price lies above
    its fast fading mean, and its trend.
    """

    price: float
    outstanding: int
    above: float
    trend: float


class Desk(NamedTuple):
    """One follower at one close: the value of all listed shares then, and how many it holds of each."""

    world: World
    trader: str
    whole: int
    held: Mapping[str, int]
    now: int


def due(world: World, part: Part, now: int) -> int | None:
    """The next close; never while the size is 0."""
    return world.story.calendar.close_after(now) if world.parameter("trading_size", part.actor) else None


def decide(world: World, part: Part, now: int) -> list[Act]:
    """One trade a share that is further from what is wanted than is worth its fees."""
    trader = part.actor
    # All followers of a close see the same world, so what they see of it is read once.
    shares, whole = world.cached(SEEN, now, lambda: _listed(world, now))
    cash = world.readings.cash(trader)
    if cash is None or not shares or in_default(world, trader):
        return []
    cash = max(cash, 0)
    held = {asset: max(world.fold.sum("stake", f"{trader}/{asset}"), 0) for asset in shares}
    capital = cash + sum(held[asset] * share.price for asset, share in shares.items())
    desk = Desk(world, trader, whole, held, now)
    wanted = _wanted(desk, shares, capital)
    least = world.story.money.smallest(world.parameter("trading_least", trader))
    acts: list[Act] = []
    for asset, share in shares.items():
        step = world.parameter("trading_pace", trader) * (wanted[asset] - held[asset] * share.price)
        if abs(step) < least:
            continue
        free = max(world.fold.sum("stake", f"{OUTSIDE}/{asset}"), 0)
        count = min(max(floor(step / share.price), -held[asset]), free)
        fact = _order(desk, asset, share.price, count, cash) if count else None
        if fact is not None:
            cash -= (fact.amount or 0) if fact.buyer == trader else 0
            acts.append((Draft(trader, fact),))
    return acts


def _listed(world: World, now: int) -> tuple[dict[str, Share], int]:
    """The listed shares that can be bought, by name, and what all that are listed are worth together."""
    found, readings = {}, world.readings
    values = readings.values(sorted(world.listed), now)
    for asset, value in values.items():
        price = readings.a_share(asset, value)
        if price and not readings.registered(asset) and not in_default(world, asset):
            above = readings.above("fast", asset, now)
            found[asset] = Share(price, world.fold.sum("shares", asset), above, trend(world, asset, now))
    return found, sum(value or 0 for value in values.values())


def _wanted(desk: Desk, shares: Mapping[str, Share], capital: float) -> dict[str, float]:
    """The value that a follower wants to hold of each share, in the smallest unit."""
    world, trader, whole, held, _ = desk
    lost = sum(
        held[asset] * share.price * max(-share.above, 0.0) for asset, share in shares.items() if held[asset]
    )
    stop = world.parameter("trading_stop", trader)
    nerve = max(1.0 - lost / (stop * capital), 0.0) if capital > 0.0 else 0.0
    most = world.parameter("trading_size", trader) * nerve * capital
    scale = world.parameter("trading_scale", trader)
    return {
        asset: most * share.outstanding * share.price / whole * min(max(share.trend / scale, 0.0), 1.0)
        for asset, share in shares.items()
    }


def trend(world: World, asset: str, now: int) -> float:
    """How far the fast fading mean of a price lies above the slow one, in ln."""
    return world.readings.above("slow", asset, now) - world.readings.above("fast", asset, now)


def _order(desk: Desk, asset: str, price: float, shares: int, cash: int) -> Trade | None:
    """An order filled, of as many shares as the cash pays for; None where that is none."""
    world, trader, whole, _, now = desk
    press = pressure(world, asset, shares, now, whole)
    amount = _paid(world, asset, price, shares, press)
    if shares > 0 and amount > cash:
        shares = floor(shares * cash / amount)
        press = pressure(world, asset, shares, now, whole)
        amount = min(_paid(world, asset, price, shares, press), cash)
    if not shares:
        return None
    seller, buyer = (OUTSIDE, trader) if shares > 0 else (trader, OUTSIDE)
    moved = press._asdict()
    return Trade(seller=seller, buyer=buyer, asset=asset, shares=abs(shares), amount=amount, **moved)


def _paid(world: World, asset: str, price: float, shares: int, press: Pressure) -> int:
    """The sum for which shares change hands, at the middle of the step that their trade makes."""
    own = press.impact + (press.lasting or 0)
    step = NANO * (own + world.readings.sector_beta(asset) * (press.spill or 0))
    return round(abs(shares) * price * exp(step / 2.0))
