"""Circularity: how much of what named parties pay, owe or promise each other goes round among them.

``rho = Circ / sum F`` with Circ the maximum circulation. It says how much of the traffic *could* be the
same money going round, for it leaves nobody richer or poorer; not that the money was the same.
"""

from collections.abc import Sequence

from attrs import frozen

from events.event import Event
from narrative.analysis.measures.circulation import Flows, circulating, returned
from narrative.analysis.measures.deals import (
    FINANCE,
    RUNGS,
    Rung,
    Sums,
    deals,
    flows,
    parties,
    reached,
)
from narrative.analysis.measures.rewiring import DRAWS, by_chance, by_scattering
from narrative.analysis.measures.rings import Ring, rings, tied
from narrative.story.model import Story

DEFINITION = (
    "The largest part of what named parties pay each other (purchases, stakes, loans of those who buy or "
    "sell) that leaves each of them with as much as before, over all of it: what could be the same money "
    "going round. Repayments, shares that change hands, authorities and everyone outside are left out. "
    "Where everybody pays as much as it gets, all goes round by any rewiring too: chance is a yardstick "
    "only for parties whose totals differ."
)
SOURCE = (
    "maximum-circularity flow decomposition (Homs-Dones, MacKay, Sansom and Zhou 2025, arXiv:2506.12546); "
    "conservative compression (D'Errico and Roukny 2021)"
)

ALIKE = 0.02  # of what goes round: what differs by less goes round as far


@frozen
class Turnover:
    """One party's part: what it received and paid, the most of its receipts that its own outlays could have
    paid (`returned`), its sales, and the most of them that its own stakes and loans could have paid
    (`self_financed`). In the smallest unit.
    """

    actor: str
    received: int
    paid: int
    returned: int
    sales: int
    self_financed: int


@frozen
class Chanced:
    """The share that goes round in random rewirings with the same totals: the middle, and the points below
    which 5 % and 95 % of them lie. `above` says that the share is beyond the last.
    """

    low: float
    middle: float
    high: float
    draws: int
    above: bool


@frozen
class Level:
    """The circulation of what stands on a rung or further: `gross` is all of it, `circulating` what goes
    round of it, both in the smallest unit. `chance` is None where nothing goes round that way or any other.
    """

    rung: Rung
    gross: int
    circulating: int
    chance: Chanced | None
    actors: tuple[Turnover, ...]
    rings: tuple[Ring, ...]

    @property
    def share(self) -> float | None:
        """The part of one that goes round; None of nothing."""
        return self.circulating / self.gross if self.gross else None


@frozen
class Point:
    """The circulation on each rung at one moment, from the opening on; sums in the smallest unit."""

    moment: int
    gross: dict[Rung, int]
    circulating: dict[Rung, int]


def circularity(story: Story, events: Sequence[Event]) -> tuple[Level, ...]:
    """The circulation on every rung of a history's events, whole from its opening."""
    found = deals(story, events)
    ties = tied(story, events, found)
    return tuple(_level(rung, reached(found, rung), ties) for rung in RUNGS)


def over_time(story: Story, events: Sequence[Event], moments: Sequence[int]) -> tuple[Point, ...]:
    """The circulation on every rung as it stood at each moment."""
    found = deals(story, events)
    once: dict[tuple[int, Rung], tuple[int, int]] = {}  # most moments bring no deal
    points = []
    for moment in moments:
        known = [deal for deal in found if deal.moment <= moment]
        gross, round_ = dict[Rung, int](), dict[Rung, int]()
        for rung in RUNGS:
            if (len(known), rung) not in once:
                total = flows(reached(known, rung))
                once[len(known), rung] = sum(total.values()), circulating(total)
            gross[rung], round_[rung] = once[len(known), rung]
        points.append(Point(moment, gross, round_))
    return tuple(points)


def _level(rung: Rung, sums: Sums, ties: frozenset[tuple[tuple[str, str], tuple[str, str]]]) -> Level:
    total = flows(sums)
    gross, round_ = sum(total.values()), circulating(total)
    return Level(
        rung=rung,
        gross=gross,
        circulating=round_,
        chance=_chanced(total, gross, round_),
        actors=_turnovers(sums),
        rings=tuple(rings(total, ties)),
    )


def _chanced(total: Flows, gross: int, round_: int) -> Chanced | None:
    if not gross:
        return None
    drawn = by_chance(total)
    if not drawn[-1] and not round_:
        return None
    low, middle, high = (_point(drawn, percent) / gross for percent in (5, 50, 95))
    return Chanced(low, middle, high, DRAWS, round_ / gross > high)


def _point(drawn: Sequence[int], percent: int) -> int:
    return drawn[(DRAWS + 1) * percent // 100 - 1]


def beyond_chance(story: Story, sums: Sums) -> tuple[float, float] | None:
    """The share of some sums that goes round, and the point below which 95 % of what would by chance lies: of
    rewirings with the same totals; where nineteen in twenty of those go round as far as this, since totals
    alone make a circle, of payments to anybody. None of nothing.
    """
    total = flows(sums)
    gross, round_ = sum(total.values()), circulating(total)
    if not gross:
        return None
    drawn = by_chance(total)
    if _point(drawn, 5) >= round_ * (1 - ALIKE):
        drawn = by_scattering(total, parties(story))
    return round_ / gross, _point(drawn, 95) / gross


def self_financed(sums: Sums) -> float | None:
    """The part of all sales that sellers' own stakes and loans could have paid; None of no sales."""
    found = _turnovers(sums)
    whole = sum(one.sales for one in found)
    return sum(one.self_financed for one in found) / whole if whole else None


def _turnovers(sums: Sums) -> tuple[Turnover, ...]:
    """Every party that receives anything, the largest returned sum first."""
    total = flows(sums)
    sales, finance = flows(sums, "purchase"), flows(sums, *FINANCE)
    found = [
        Turnover(
            actor=actor,
            received=sum(amount for (_, payee), amount in total.items() if payee == actor),
            paid=sum(amount for (payer, _), amount in total.items() if payer == actor),
            returned=returned(total, actor),
            sales=sum(amount for (_, payee), amount in sales.items() if payee == actor),
            self_financed=returned(total, actor, out=finance, back=sales),
        )
        for actor in sorted({payee for _, payee in total})
    ]
    return tuple(sorted(found, key=lambda one: (-one.returned, -one.received, one.actor)))
