"""Trend followers buy at closes what has risen of late, sell what no longer does, and sell short what falls.

A price's trend is how far its fast fading mean lies above its slow one. Of each listed share a follower wants
``trading_size`` of its capital, times the share's part of all listed value, times its trend over
``trading_scale``, -1 to 1, and of one below nothing `short_size` of that, by so much less as the price lies
below its slow mean; a review moves ``trading_pace`` of
the way, and to nothing before beyond it. It deleverages on losses: all that it wants is cut by what its
holdings and what it owes lost it of late, as a part of its capital, over `trading_stop`, and at that loss it
wants nothing. It holds shares for cash, and never sells what it neither holds nor borrowed: how it borrows,
and when it must buy back, is `narrative.engine.shorts`'.

Each order is one Trade, whose pressure is `narrative.engine.pressure`'s, linear in shares and so the same
however it is sliced. It is filled at the middle of the step that it makes, so that going in and out again
wins nothing. A story that casts nobody as trading, or a `trading_size` of 0, has none of it; who follows
trends no longer, or is in default, buys back at the next close all that it owes.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from math import exp, floor
from typing import NamedTuple

from attrs import evolve

from events.event import OUTSIDE, Act, Draft
from events.facts import Trade
from events.funding_facts import ShareReturn
from narrative.books.readings import NANO, PRICE
from narrative.engine.defaults import DEFAULTED, in_default, missed
from narrative.engine.pressure import PRESSING, Pressure, pressure
from narrative.engine.settlement import moves
from narrative.engine.shorts import (
    NONE,
    SHORT,
    Bought,
    Short,
    affordable,
    borrowing,
    called,
    lendable,
    returning,
    shorts,
)
from narrative.engine.world import World
from narrative.story.cast import Part

ACCOUNTS = ("borrowed",)
PARAMETERS = ("trading_size", "trading_scale", "trading_pace", "trading_stop", "trading_least", "impact")
OPTIONAL = (*PRESSING, *SHORT)
DEEDS = {"Trade": "buyer", "ShareLoan": "borrower", "ShareReturn": "borrower"}
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
    """One follower at one close: the value of all listed shares then, what it holds and owes of each, and its
    capital.
    """

    world: World
    trader: str
    whole: int
    held: Mapping[str, int]
    owed: Mapping[str, Short]
    capital: float
    now: int


def due(world: World, part: Part, now: int) -> int | None:
    """The next close; never while the size is 0 and nothing is owed."""
    if not world.parameter("trading_size", part.actor) and not shorts(world, part.actor):
        return None
    return world.story.calendar.close_after(now)


def decide(world: World, part: Part, now: int) -> list[Act]:
    """One act a share that is further from what is wanted than is worth its fees, or whose margin is too
    little.
    """
    trader = part.actor
    # All followers of a close see the same world, so what they see of it is read once.
    shares, whole = world.cached(SEEN, now, lambda: _listed(world, now))
    cash, owed = world.readings.cash(trader), shorts(world, trader)
    defaulted = in_default(world, trader)
    if cash is None or not (shares or owed) or (defaulted and not owed):
        return []
    cash = max(cash, 0)
    held = {asset: max(world.fold.sum("stake", f"{trader}/{asset}"), 0) for asset in shares}
    capital = cash + sum(held[asset] * share.price for asset, share in shares.items())
    if owed:
        shares = shares | _unlisted(world, owed.keys() - shares.keys(), now)
        owed = {asset: short for asset, short in owed.items() if asset in shares}
        capital += sum(short.margin - short.shares * shares[asset].price for asset, short in owed.items())
    desk = Desk(world, trader, whole, held, owed, capital, now)
    bare = all(short.margin <= short.shares * shares[asset].price for asset, short in owed.items())
    lost = bare and (defaulted or (capital <= 0.0 and not any(held.values())))
    if owed and (lost or defaulted or not world.parameter("trading_size", trader)):
        return _closed_out(desk, shares, 0 if defaulted else cash, lost=lost)
    return _followed(desk, shares, cash)


def _followed(desk: Desk, shares: Mapping[str, Share], cash: int) -> list[Act]:
    """The acts that bring a follower nearer to what it wants, as far as its cash reaches."""
    world, trader, held, owed = desk.world, desk.trader, desk.held, desk.owed
    wanted = _wanted(desk, shares)
    least = world.story.money.smallest(world.parameter("trading_least", trader))
    pace = world.parameter("trading_pace", trader) if desk.capital > 0.0 else 1.0
    acts: list[Act] = []
    for asset, share in shares.items():
        has, short = held.get(asset, 0), owed.get(asset, NONE)
        step = pace * (wanted[asset] - (has - short.shares) * share.price)
        count = floor(step / share.price) if abs(step) >= least else 0
        lacking, back = called(world, trader, short, share.price) if short.shares else (0, 0)
        if not count and not back:
            continue
        if short.shares and max(count, back) > 0:
            act = _bought_back(desk, asset, share.price, max(count, back), cash, lacking=lacking)
        elif count < 0 and not has:
            act = _sold_short(desk, asset, share.price, -count, cash)
        else:
            free = max(world.fold.sum("stake", f"{OUTSIDE}/{asset}"), 0)
            fact = _order(desk, asset, share.price, min(max(count, -has), free), cash)
            act = (Draft(trader, fact),) if fact is not None else ()
        if act:
            cash -= _outlay(act, trader)
            acts.append(act)
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


def _unlisted(world: World, assets: AbstractSet[str], now: int) -> dict[str, Share]:
    """Shares that nobody buys to hold, as of who is in default, as who owes them sees them."""
    prices = {asset: world.readings.price(asset, now) for asset in sorted(assets)}
    return {asset: Share(price, 0, 0.0, 0.0) for asset, price in prices.items() if price}


def _wanted(desk: Desk, shares: Mapping[str, Share]) -> dict[str, float]:
    """The value that a follower wants to hold of each share, in the smallest unit; below zero to owe."""
    world, trader, whole, held, owed, capital, _ = desk
    lost = sum(
        held[asset] * share.price * max(-share.above, 0.0)
        for asset, share in shares.items()
        if held.get(asset)
    )
    lost += sum(
        short.shares * shares[asset].price * max(shares[asset].above, 0.0) for asset, short in owed.items()
    )
    stop = world.parameter("trading_stop", trader)
    nerve = max(1.0 - lost / (stop * capital), 0.0) if capital > 0.0 else 0.0
    most = world.parameter("trading_size", trader) * nerve * capital
    scale = world.parameter("trading_scale", trader)
    down = world.optional("short_size", trader)
    return {
        asset: most * share.outstanding * share.price / whole * _signal(share, scale, down)
        if share.outstanding
        else 0.0
        for asset, share in shares.items()
    }


def _signal(share: Share, scale: float, down: float) -> float:
    """The part that a follower wants of what it may hold, 0 to 1; of a falling trend, below zero, the part of
    that which it may owe, by so much less as the price lies below its slow mean: else a fall that its own
    sales make would make it sell the more shares, without end.
    """
    trend = share.trend / scale
    if trend > 0.0:
        return min(trend, 1.0)
    return max(trend, -1.0) * down * exp(min(share.trend + share.above, 0.0))


def trend(world: World, asset: str, now: int) -> float:
    """How far the fast fading mean of a price lies above the slow one, in ln."""
    return world.readings.above("slow", asset, now) - world.readings.above("fast", asset, now)


def _order(desk: Desk, asset: str, price: float, shares: int, cash: int) -> Trade | None:
    """An order filled, of as many shares as the cash pays for; None where that is none."""
    world, trader, whole, now = desk.world, desk.trader, desk.whole, desk.now
    if not shares:
        return None
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


def _sold_short(desk: Desk, asset: str, price: float, count: int, cash: int) -> Act:
    """So many shares borrowed and sold, as far as they are to be had and the cash is there for their margin;
    an empty act for none.
    """
    world, trader, short = desk.world, desk.trader, desk.owed.get(asset, NONE)
    most = affordable(world, trader, short, price, cash, desk.now)
    count = min(count, lendable(world, asset), most)
    sale = _order(desk, asset, price, -count, cash)
    if sale is None:
        return ()
    loan = borrowing(world, trader, asset, short, count, price, desk.now)
    return Draft(trader, loan), Draft(trader, sale, within=(0,))


def _bought_back(
    desk: Desk, asset: str, price: float, count: int, cash: int, *, lacking: int = 0, lost: bool = False
) -> Act:
    """So many shares that are owed, bought and given back, as far as margin and cash pay for them; where all
    is `lost`, the rest is owed no longer. An empty act for none.
    """
    world, trader, short = desk.world, desk.trader, desk.owed[asset]
    free = max(world.fold.sum("stake", f"{OUTSIDE}/{asset}"), 0)
    trade = _order(desk, asset, price, min(count, short.shares, free), cash + short.margin)
    shares, cost = ((trade.shares or 0), (trade.amount or 0)) if trade is not None else (0, 0)
    bought = Bought(shares, cost, cash, short.shares - shares if lost and free >= short.shares else 0)
    if trade is None and not bought.waived:
        return ()
    back = returning(world, trader, asset, short, bought, price, desk.now)
    back = evolve(back, called=lacking or None)
    if trade is None:
        return (Draft(trader, back),)
    if bought.cost <= cash:
        return Draft(trader, trade), Draft(trader, back, within=(0,))
    # The margin pays: it comes free before, so that no purse is below nothing in between.
    paying = evolve(back, shares=None, worth=None, waived=None)
    back = evolve(back, margin=None, fee=None, called=None)
    return Draft(trader, paying), Draft(trader, trade, within=(0,)), Draft(trader, back, within=(1,))


def _closed_out(desk: Desk, shares: Mapping[str, Share], cash: int, *, lost: bool) -> list[Act]:
    """All that a follower owes is bought back; where it has nothing left, it owes the rest no longer."""
    acts: list[Act] = []
    unpaid = 0.0
    for asset, short in desk.owed.items():
        price = shares[asset].price
        act = _bought_back(desk, asset, price, short.shares, cash, lost=lost)
        if act:
            cash -= _outlay(act, desk.trader)
            unpaid += sum(price * (one.waived or 0) - (one.fee or 0) for one in _returns(act) if lost)
            acts.append(act)
    failed = missed(desk.world, desk.trader, OUTSIDE, round(unpaid), desk.now)
    return [*acts, (Draft(desk.trader, failed),)] if failed is not None else acts


def _returns(act: Act) -> list[ShareReturn]:
    return [draft.fact for draft in act if isinstance(draft.fact, ShareReturn)]


def _outlay(act: Act, trader: str) -> int:
    """The cash that an act takes of a purse, less what it puts in; none where it puts in more."""
    out, into = moves(act).get(("cash", trader), (0, 0))
    return max(out - into, 0)


def _paid(world: World, asset: str, price: float, shares: int, press: Pressure) -> int:
    """The sum for which shares change hands, at the middle of the step that their trade makes."""
    own = press.impact + (press.lasting or 0)
    step = NANO * (own + world.readings.sector_beta(asset) * (press.spill or 0))
    return round(abs(shares) * price * exp(step / 2.0))
