"""Chance in prices: what moves a share at a close and is no news, drawn at an address.

Of each listed share a step of `noise_daily` (s.d. a session, in ln) is drawn at each close, on its own. It is
a Trade of nobody with nobody: no cash and no share moves, and the step stays and fades as pressure of trades
does (`impact_transient`). The record has a chance of its own: where prices are quoted, nothing is drawn
before it ends. ``noise_daily = 0`` is the switch.
"""

from statistics import NormalDist

from events.event import OUTSIDE, Act, Draft
from events.facts import Trade
from narrative.books.readings import LARGEST, NANO
from narrative.engine.world import World
from narrative.story.cast import Part

ACCOUNTS = ()
PARAMETERS = ("noise_daily",)
OPTIONAL = ("impact_transient",)
LEAST = 2.0**-54  # a draw of 0 has no normal quantile


def due(world: World, part: Part, now: int) -> int | None:  # noqa: ARG001  # plays for everybody
    """The next close beyond the record; never where nothing is drawn."""
    if not any(world.parameter("noise_daily", asset) for asset in world.listed):
        return None
    story = world.story
    ended = story.record.until if story.quotes and story.record is not None else now
    return story.calendar.close_after(max(now, ended))


def decide(world: World, part: Part, now: int) -> list[Act]:
    """One step a share."""
    acts: list[Act] = []
    for asset in sorted(world.listed):
        spread = world.parameter("noise_daily", asset)
        if not spread or world.readings.registered(asset):
            continue
        mark = max(world.chance.uniform("market", "noise: a step", asset, now), LEAST)
        step = max(min(round(spread * NormalDist().inv_cdf(mark) / NANO), LARGEST), -LARGEST)
        fading = round(step * world.parameters.get("impact_transient", 1.0))
        fact = Trade(seller=OUTSIDE, buyer=OUTSIDE, asset=asset, impact=fading, lasting=step - fading or None)
        acts.append((Draft(part.actor, fact),))
    return acts
