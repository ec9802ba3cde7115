"""Plans whose time is over, beside what was reported spent over it."""

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from events.event import Event
from events.facts import Announcement, Lapse
from narrative.engine.world import World
from narrative.story.calendar import DAY

QUARTER = 365.25 / 4  # days


@frozen
class Spent:
    """Capital spending reported in quarters of a period: its sum (None where one of them lacks it, or none
    is reported), of how many quarters, and how many the period has.
    """

    capex: int | None
    quarters: int
    of: int


def past_plans(world: World, events: Sequence[Event], moment: int) -> list[dict[str, Any]]:
    """The announcements whose time is over, the largest first, as plain data. `spent` is known by that
    moment, of plans of one's own that say from when to when they run: a plan with another party is no
    capital spending of either.
    """
    rows = []
    for event in events:
        fact = event.fact
        if not isinstance(fact, Lapse):
            continue
        plan = next(c for c in (events[cause - 1] for cause in event.causes) if c.fact.told is not None)
        assert isinstance(plan.fact, Announcement)
        found = None if plan.fact.counterparty else spent(world, plan.fact, moment)
        rows.append(
            {
                "position": event.position,
                "actor": fact.subject,
                "entry": fact.of,
                "headline": plan.fact.told.headline if plan.fact.told else "",
                "ceiling": fact.ceiling,
                "since": None if plan.fact.since is None else world.story.calendar.day(plan.fact.since),
                "until": world.story.calendar.day(event.moment),
                "spent": found.capex if found else None,
                "quarters": found.quarters if found else None,
                "quarters_of": found.of if found else None,
            }
        )
    return sorted(rows, key=lambda row: (-row["ceiling"], row["position"]))


def spent(world: World, plan: Announcement, moment: int) -> Spent | None:
    """The capital spending that its subject reported by a moment of the quarters that a plan speaks of, those
    that lie in it by more than half; None where the plan does not say from when to when.
    """
    if plan.since is None or plan.until is None:
        return None
    whole = max(round((plan.until - plan.since) / DAY / QUARTER), 1)
    half = round(QUARTER / 2 * DAY)
    sums = [
        one.capex
        for one in world.story.results
        if one.company == plan.subject
        and one.moment <= moment
        and plan.since + half <= one.period <= plan.until + half
    ]
    known = [capex for capex in sums if capex is not None]
    return Spent(sum(known) if known and len(known) == len(sums) else None, len(sums), whole)
