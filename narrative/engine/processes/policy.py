"""A central bank answers falls of the market, and takes its answers back once the market stands again.

Told `PolicyRate`s are its path. Where it plays, beyond them, it meets every `policy_review` days. With the
listed total d below its slow fading mean, in ln, it cuts `STEP` basis points with the chance ``1 -
exp(-policy_reaction * d)``, equation (12); with the total as far above, and the rate below the one last told
(or that of the opening), it raises as much by the same chance, and no further. Where the story gives a
`policy_neutral` rate, that is the one it returns to: from above it steps down at a meeting with the chance
`policy_pace`, whatever the market does. `policy_surprise` is the part of a step that nobody expected. Easing
adds `policy_liquidity` standard deviations of liquidity a step, and tightening drains them. The level of the
rate acts through what lenders ask (`lending_rate`), liquidity through prices and the budget of whoever is
outside. ``policy_reaction = 0`` and ``policy_pace = 0`` are the switches.
"""

from math import exp, inf

from events.event import Act, Draft
from events.market_facts import Liquidity, PolicyRate
from narrative.books.readings import NANO
from narrative.engine.world import World
from narrative.story.cast import Part

ACCOUNTS = ()
PARAMETERS = ("policy_reaction", "policy_review", "policy_surprise", "policy_liquidity")
OPTIONAL = ("policy_neutral", "policy_pace")
DEEDS = {"PolicyRate": "bank", "Liquidity": "bank"}
STEP = 25  # basis points
NOWHERE = inf  # the neutral rate of a bank that has none


def due(world: World, part: Part, now: int) -> int | None:
    """The next meeting; never where the bank has no rate, or does not react."""
    acts = world.parameter("policy_reaction", part.actor) or world.optional("policy_pace", part.actor)
    if not acts or part.actor not in world.fold.state["rate"]:
        return None
    return world.review(now, world.days("policy_review", part.actor))


def decide(world: World, part: Part, now: int) -> list[Act]:
    """A step of the rate and the liquidity that goes with it, or nothing."""
    bank = part.actor
    rate, away, usual = world.fold.last("rate", bank) or 0, above_mean(world, now), _usual(world, bank, now)
    step = -min(STEP, max(rate, 0)) if away < 0.0 else min(STEP, max(usual - rate, 0))
    chance = 1.0 - exp(-world.parameter("policy_reaction", bank) * abs(away))
    pace = world.optional("policy_pace", bank)
    returns = world.optional("policy_neutral", bank, NOWHERE) != NOWHERE
    if returns and rate > usual and (away >= 0.0 or pace > chance):
        step, chance = -min(STEP, rate - usual), pace
    if not step or world.chance.uniform(bank, "policy: a step", "rate", now) >= chance:
        return []
    surprise = round(world.parameter("policy_surprise", bank) * step)
    impulse = round(-world.parameter("policy_liquidity", bank) * step / STEP / NANO)
    acts: Act = (Draft(bank, PolicyRate(bank=bank, rate=rate + step, surprise=surprise)),)
    if impulse:
        acts += (Draft(bank, Liquidity(bank=bank, impulse=impulse), within=(0,)),)
    return [acts]


def above_mean(world: World, now: int) -> float:
    """How far the listed total lies above its slow fading mean, in ln: each share by its part of it."""
    total = weighed = 0.0
    for asset in sorted(world.listed):
        value = world.readings.value(asset, now)
        if value and not world.readings.registered(asset):
            total += value
            weighed += value * world.readings.above("slow", asset, now)
    return weighed / total if total else 0.0


def _usual(world: World, bank: str, now: int) -> int:
    """The rate that a bank returns to: the neutral one, else that last told, else that of the opening."""
    neutral = world.optional("policy_neutral", bank, NOWHERE)
    if neutral != NOWHERE:
        return round(neutral)
    told = [
        entry.fact.rate
        for entry in world.timeline.entries
        if isinstance(entry.fact, PolicyRate) and entry.fact.bank == bank and entry.moment <= now
    ]
    if told:
        return told[-1]
    actor = next(actor for actor in world.story.actors if actor.id == bank)
    opened = (b.posted for b in actor.opening if b.account == "rate" and b.posted is not None)
    return next(opened, 0)
