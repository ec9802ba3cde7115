"""Leverage: how much of what is pledged is borrowed, over time, and whether a fall is beyond what news makes.

What is read off the books stands beside the leverage cycle of Geanakoplos: bad news lowers the price by more
than anybody's valuation, since who had bought on credit is wiped out and less is lent anew.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from attrs import frozen

from events.event import Event
from narrative.analysis.replay import along
from narrative.books.decomposition import decomposed
from narrative.books.readings import NANO
from narrative.engine.margins import draw_limit
from narrative.engine.world import World

DEFINITION = (
    "Of each who pledges, the loan-to-value of what it pledged, and leverage: what is pledged over what of "
    "it is not owed; the same of what may be borrowed anew. Of each asset, the deepest fall from close to "
    "close while shares of it are pledged, how much of it is news that came on the way, how much trades, and "
    "how much nothing explains of quotes; and, where that news took 1 % or more, how many times as deep the "
    "fall is, in ln, without the unexplained and with it. Beside it stands the benchmark: buyers of unlike "
    "hope, of whom nobody is lent more than is surely paid back. That pledging made a fall deeper is told by "
    "paired branches alone."
)
SOURCE = (
    "Geanakoplos, The leverage cycle (NBER Macroeconomics Annual 2009); the reading of falls is the author's"
)
LEAST = 0.01  # in ln: of less news no fall is a multiple that says anything


@frozen
class Pledged:
    """Collateral and the debt on it, in smallest units, and the loan-to-value at which more would be lent;
    None is unknown.
    """

    collateral: int
    owed: int | None
    lent_anew: float | None

    @property
    def loan_to_value(self) -> float | None:
        """The part of the collateral that is owed."""
        return self.owed / self.collateral if self.owed is not None and self.collateral else None

    @property
    def leverage(self) -> float | None:
        """Collateral over what is left of it after debt; None where nothing is, or debt is unknown."""
        return leverage(self.loan_to_value)

    @property
    def leverage_anew(self) -> float | None:
        """The leverage at which more would be lent."""
        return leverage(self.lent_anew)


def leverage(loan_to_value: float | None) -> float | None:
    """``1 / (1 - LTV)``; None from 1 on, where nothing is left to hold against the debt."""
    return 1.0 / (1.0 - loan_to_value) if loan_to_value is not None and loan_to_value < 1.0 else None


@frozen
class Fallen:
    """The deepest fall of an asset while its shares were pledged, in ln: from which moment to which, the part
    of news in between, that of trades and that which nothing explains of quotes, and what all who pledged it
    had pledged and owed at both ends.
    """

    asset: str
    since: int
    until: int
    fall: float
    news: float
    trades: float
    unexplained: float
    before: Pledged
    after: Pledged

    @property
    def amplification(self) -> tuple[float, float] | None:
        """The fall as a multiple of that of news, without what nothing explains and with it, the less first;
        None where news fell by too little.
        """
        if self.news < LEAST:
            return None
        low, high = sorted((self.fall - self.unexplained, self.fall))
        return low / self.news, high / self.news


class Close(NamedTuple):
    """An asset at a close, in ln since the opening, and all that is pledged by those who pledge it."""

    moment: int
    price: float
    told: float
    flow: float
    unexplained: float
    pledged: Pledged


def over_time(events: Sequence[Event], moments: Iterable[int]) -> list[tuple[int, dict[str, Pledged]]]:
    """Every owner that pledges, at each moment."""
    return [(moment, standing(world, moment)) for moment, world in along(events, moments)]


def falls(events: Sequence[Event], until: int) -> list[Fallen]:
    """The deepest fall of each pledged asset that ever fell, up to a moment, the deepest first."""
    closes: dict[str, list[Close]] = {}
    for moment, world in along(events, _closes(events[0], until)):
        owners = standing(world, moment)
        for asset in sorted({asset for owner in owners for asset in world.readings.pledges(owner)}):
            parts = decomposed(world.readings, asset, moment)
            if parts is not None:
                those = [of for owner, of in owners.items() if asset in world.readings.pledges(owner)]
                closes.setdefault(asset, []).append(
                    Close(
                        moment=moment,
                        price=world.readings.log_price(asset, moment),
                        told=parts.told * NANO,
                        flow=parts.flow * NANO,
                        unexplained=(parts.market + parts.sector + parts.own) * NANO,
                        pledged=together(those),
                    )
                )
    found = [deepest(asset, each) for asset, each in closes.items()]
    return sorted((one for one in found if one is not None), key=lambda one: (-one.fall, one.asset))


def _closes(opening: Event, until: int) -> list[int]:
    calendar, found = World(opening).story.calendar, list[int]()
    close = calendar.close_after(opening.moment)
    while close <= until:
        found.append(close)
        close = calendar.close_after(close)
    return found


def deepest(asset: str, closes: Sequence[Close]) -> Fallen | None:
    """The largest way down from any close to a later one; None where it only rises."""
    top, ends = closes[0], (closes[0], closes[0])
    for close in closes:
        top = max(top, close, key=_price)
        if top.price - close.price > ends[0].price - ends[1].price:
            ends = top, close
    high, low = ends
    if high is low:
        return None
    return Fallen(
        asset=asset,
        since=high.moment,
        until=low.moment,
        fall=high.price - low.price,
        news=high.told - low.told,
        trades=high.flow - low.flow,
        unexplained=high.unexplained - low.unexplained,
        before=high.pledged,
        after=low.pledged,
    )


def _price(close: Close) -> float:
    return close.price


def standing(world: World, at: int) -> dict[str, Pledged]:
    """Every owner with shares pledged whose price is known."""
    owners = sorted({key.partition("/")[0] for key, shares in world.fold.state["pledged"].items() if shares})
    found = {owner: _pledged(world, owner, at) for owner in owners}
    return {owner: of for owner, of in found.items() if of is not None}


def _pledged(world: World, owner: str, at: int) -> Pledged | None:
    readings = world.readings
    collateral = readings.collateral(owner, at)
    if not collateral:
        return None
    known = readings.loan_to_value(owner, at) is not None
    owed = world.fold.sum("margin_debt", owner) if known else None
    lender = next(iter(world.linked("lends", to=owner)), None)
    if lender is None or not _termed(world, owner, lender):
        return Pledged(collateral, owed, None)
    anew = sum(
        draw_limit(world, owner, lender, asset, at) * shares * (readings.price(asset, at) or 0.0)
        for asset, shares in readings.pledges(owner).items()
    )
    return Pledged(collateral, owed, anew / collateral)


def _termed(world: World, owner: str, lender: str) -> bool:
    """True where the story says what is lent on shares."""
    return world.optional("pledge_ltv", owner, -1.0) >= 0.0 and world.optional("haircut", lender, -1.0) >= 0.0


def together(those: Sequence[Pledged]) -> Pledged:
    """Several owners as one; unknown where it is of any."""
    collateral = sum(one.collateral for one in those)
    owed = [one.owed for one in those if one.owed is not None]
    anew = [one.lent_anew * one.collateral for one in those if one.lent_anew is not None]
    return Pledged(
        collateral,
        sum(owed) if len(owed) == len(those) else None,
        sum(anew) / collateral if len(anew) == len(those) else None,
    )
