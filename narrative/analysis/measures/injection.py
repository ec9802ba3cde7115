"""Injection: whether words work like money put into markets, and how much of it they would stand for.

A rise of ``ln P`` by g on news is what a purchase of ``g MC / lambda`` would have made, with lambda the
multiplier of flows. No money is made by it: cash is conserved at every position. The weaker question is
whether more is raised after a rise than at other times.
"""

from collections.abc import Sequence
from math import expm1

from attrs import frozen

from events.event import Event
from events.facts import Investment
from events.funding_facts import Funding, Loan
from events.market_facts import Repricing
from narrative.books.readings import NANO, whole_step
from narrative.story.calendar import DAY
from narrative.story.model import Parameter, Story

DEFINITION = (
    "Value gained on news, and the purchases that would have lifted prices as much, over the range of the "
    "multiplier of flows; the sums raised by the same companies within 60 days of a rise, by unit of value "
    "gained, and by day within such days and outside them. An announcement moves no cash: this is what it "
    "would take, not what was put in. Whether a rise brings the money is told by paired branches alone."
)
SOURCE = "inelastic markets: Gabaix and Koijen 2021 (NBER 28967); Li and Lin 2022"
AFTER = 60 * DAY
SINGLE, LOW, HIGH = 1.0, 0.5, 3.0  # the multiplier of a single share, where the story gives none


@frozen
class Injected:
    """One company: its rises on news in ln, together (`risen`) and in value; the purchases that would have
    made them, by the multiplier's middle, high and low; what it raised in all, and within 60 days of a rise;
    and how many days lie within and outside. Money in smallest units.
    """

    asset: str
    rises: int
    risen: float
    gained: int
    purchases: int
    purchases_low: int
    purchases_high: int
    raised: int
    raised_after: int
    days_after: int
    days_otherwise: int

    @property
    def raised_by_gained(self) -> float | None:
        """The sum raised within 60 days of a rise by unit of value gained; None where nothing was gained."""
        return self.raised_after / self.gained if self.gained else None


def injection(story: Story, events: Sequence[Event], at: int) -> tuple[Injected, ...]:
    """Every company that rose on news by a moment, the most gained first."""
    rises: dict[str, list[tuple[int, float, int]]] = {}
    raised: dict[str, list[tuple[int, int]]] = {}
    for event in events:
        fact = event.fact
        if isinstance(fact, Repricing) and fact.value and (step := whole_step(fact)) > 0:
            rises.setdefault(fact.asset, []).append((event.moment, step * NANO, fact.value))
        elif isinstance(fact, (Investment, Funding)) and fact.amount:
            raised.setdefault(fact.company, []).append((event.moment, fact.amount))
        elif isinstance(fact, Loan) and fact.amount:
            raised.setdefault(fact.borrower, []).append((event.moment, fact.amount))
    found = [
        _injected(story, asset, each, raised.get(asset, []), events[0].moment, at)
        for asset, each in rises.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.gained, one.asset)))


def _injected(
    story: Story,
    asset: str,
    rises: Sequence[tuple[int, float, int]],
    raised: Sequence[tuple[int, int]],
    start: int,
    at: int,
) -> Injected:
    middle, low, high = multiplier(story)
    flow = sum(step * value for _, step, value in rises)
    days = {day for moment, _, _ in rises for day in range(moment // DAY, (moment + AFTER) // DAY + 1)}
    within = {day for day in days if day <= at // DAY}
    return Injected(
        asset=asset,
        rises=len(rises),
        risen=sum(step for _, step, _ in rises),
        gained=round(sum(value * expm1(step) for _, step, value in rises)),
        purchases=round(flow / middle),
        purchases_low=round(flow / high),
        purchases_high=round(flow / low),
        raised=sum(amount for _, amount in raised),
        raised_after=sum(amount for moment, amount in raised if moment // DAY in within),
        days_after=len(within),
        days_otherwise=at // DAY - start // DAY + 1 - len(within),
    )


def multiplier(story: Story) -> tuple[float, float, float]:
    """The multiplier of flows of a single share with both ends of its range: the story's `impact`, or the
    published one.
    """
    found: Parameter | None = next((one for one in story.parameters if one.name == "impact"), None)
    return (SINGLE, LOW, HIGH) if found is None else (found.value, found.low, found.high)
