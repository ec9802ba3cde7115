"""Shares sold short: borrowed and sold, with cash left as margin for them, and bought back.

Who sells short borrows the shares first, from whoever is outside, which lends `short_supply` of what it
holds. It leaves with the lender all that they are worth and `short_initial` of that besides, as Regulation T
asks (12 CFR 220.12(c): 150 % of the market value), out of cash that it has before the sale. What the price
gains since then uses the margin up: once it is less than what the shares are worth and `short_maintenance` of
that (FINRA Rule 4210: 30 %), the margin is called, and so many shares are bought back at once that what is
left of it is enough again: ``((1 + m) n P - M) / (m P)`` of n shares at P with M left for them. What stands
in the margin pays for shares bought back; what is beyond the initial margin for the rest comes free then. A
fee of `short_fee` basis points a year of what the shares are worth is due whenever more are borrowed or some
given back; what a company pays its holders meanwhile the lender goes without. Who has nothing left gives back
what it can pay for, and owes the rest no longer: its lender's loss. For who is in default the margin alone
pays.

A story that gives no `short_size`, or 0, has nobody sell short.
"""

from math import ceil, floor
from typing import NamedTuple

from events.event import OUTSIDE
from events.funding_facts import ShareLoan, ShareReturn
from narrative.engine.loans import interest
from narrative.engine.world import World

SHORT = ("short_size", "short_supply", "short_initial", "short_maintenance", "short_fee")
INITIAL, MAINTENANCE = 0.5, 0.3  # where a story does not say: Regulation T, and FINRA Rule 4210
SUPPLY = 0.2  # likewise, and assumed


class Short(NamedTuple):
    """Shares that somebody owes, the cash that it left for them, and when its fee was last paid."""

    shares: int = 0
    margin: int = 0
    since: int | None = None


NONE = Short()


def shorts(world: World, borrower: str) -> dict[str, Short]:
    """The shares that somebody owes, by asset, in the order of the alphabet."""
    borrowed = world.fold.state["borrowed"]
    if not borrowed:
        return {}
    own = f"{borrower}/{OUTSIDE}/"
    return {
        key.removeprefix(own): Short(
            borrowed[key], world.fold.sum("short_margin", key), world.fold.last("borrowed_since", key)
        )
        for key in sorted(borrowed)
        if key.startswith(own)
    }


def lendable(world: World, asset: str) -> int:
    """Shares of an asset that are still to be borrowed from whoever is outside."""
    of = f"/{OUTSIDE}/{asset}"
    lent = sum(world.fold.sum("borrowed", key) for key in world.fold.state["borrowed"] if key.endswith(of))
    supply = world.optional("short_supply", asset, SUPPLY)
    return max(floor(supply * world.fold.sum("stake", f"{OUTSIDE}/{asset}")) - lent, 0)


def asked(world: World, borrower: str, shares: int, price: float) -> int:
    """The margin to be left for so many shares when they are sold, in the smallest unit."""
    return ceil((1.0 + world.optional("short_initial", borrower, INITIAL)) * shares * price)


def affordable(world: World, borrower: str, short: Short, price: float, cash: int, now: int) -> int:
    """Shares more for whose margin, and the fee for those that are owed, so much cash is enough."""
    part = 1.0 + world.optional("short_initial", borrower, INITIAL)
    free = cash + short.margin - fee(world, borrower, short, price, now)
    return max(floor(free / (part * price)) - short.shares, 0)


def called(world: World, borrower: str, short: Short, price: float) -> tuple[int, int]:
    """The sum by which a margin falls short, in the smallest unit, and how many shares are bought back for
    that; (0, 0) where it is enough.
    """
    part = max(world.optional("short_maintenance", borrower, MAINTENANCE), 0.0)
    lacking = ceil((1.0 + part) * short.shares * price) - short.margin
    if lacking <= 0:
        return 0, 0
    cushion = part * price
    return lacking, min(ceil(lacking / cushion), short.shares) if cushion else short.shares


def fee(world: World, borrower: str, short: Short, price: float, now: int) -> int:
    """The fee for borrowed shares since it was last paid, in the smallest unit."""
    if short.since is None:
        return 0
    rate = max(round(world.optional("short_fee", borrower)), 0)
    return interest(round(short.shares * price), rate, now - short.since)


def borrowing(
    world: World, borrower: str, asset: str, short: Short, shares: int, price: float, now: int
) -> ShareLoan:
    """So many shares are borrowed to be sold, and the margin for all that are owed then is left."""
    margin = max(asked(world, borrower, short.shares + shares, price) - short.margin, 0)
    return ShareLoan(
        borrower=borrower,
        lender=OUTSIDE,
        asset=asset,
        shares=shares,
        margin=margin or None,
        fee=fee(world, borrower, short, price, now) or None,
        worth=round(shares * price),
        accrued=now,
    )


class Bought(NamedTuple):
    """Shares bought to be given back, what they cost, the cash that their buyer has beside its margin, and
    the shares that it will owe no longer, having nothing left: then all its cash goes to the lender.
    """

    shares: int
    cost: int
    cash: int
    waived: int = 0


def returning(
    world: World, borrower: str, asset: str, short: Short, bought: Bought, price: float, now: int
) -> ShareReturn:
    """So many shares are given back, and of the margin as much as pays for them and the fee, or as is beyond
    what is asked for the rest.
    """
    left = short.shares - bought.shares - bought.waived
    had = max(bought.cash + short.margin - bought.cost, 0)
    due = had if bought.waived else min(fee(world, borrower, short, price, now), had)
    beyond = short.margin - asked(world, borrower, left, price)
    margin = min(max(beyond, bought.cost + due), short.margin) if left else short.margin
    return ShareReturn(
        borrower=borrower,
        lender=OUTSIDE,
        asset=asset,
        shares=bought.shares or None,
        margin=margin or None,
        fee=due or None,
        worth=round(bought.shares * price) or None,
        accrued=now,
        waived=bought.waived or None,
    )
