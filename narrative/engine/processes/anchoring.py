"""Anchoring: at each quote, what the news does not explain of the price becomes a part of it.

The parts are those of the reference reading, which stand in the Opening: they are looked up, and
neither solved nor remembered here, so that every branch, cut and resume posts the same, whatever
happened to prices. ``residual_own`` and ``residual_sector`` say how much of them a branch keeps: with
1 what the model does not explain is a shock common to all branches, with 0 what came later belonged
to what was taken away. In the reference reading itself, which has no reference yet, they are solved.
"""

from events.event import Act, Draft
from narrative.engine.residuals import fact, reference, solve
from narrative.engine.world import World
from narrative.story.cast import Part

ACCOUNTS = ("unread",)
PARAMETERS = ("residual_own", "residual_sector")
READING = ("market_beta", "sector_beta", "sector_weight_in")  # of the reference, which no branch changes


def due(world: World, part: Part, now: int) -> int | None:
    """The next moment at which a quote is read."""
    return world.next_letter(part.name, now)


def decide(world: World, part: Part, now: int) -> list[Act]:
    """One residual an asset quoted; an index has none."""
    quotes = world.letters(part.name, now)
    if world.story.reference:
        known = reference(world.setting)
        gaps = {event.actor: known[now, event.actor] for event in quotes if (now, event.actor) in known}
    else:
        gaps = {gap.asset: gap for gap in solve(world, quotes, now)}
    acts: list[Act] = []
    for event in quotes:
        gap = gaps.get(event.actor)
        if gap is not None:
            own = world.parameter("residual_own", gap.asset)
            sector = world.parameter("residual_sector", gap.asset)
            acts.append((Draft(part.actor, fact(gap, own, sector), causes=(event.position,)),))
    return acts
