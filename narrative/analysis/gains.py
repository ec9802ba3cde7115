"""Loop gains: how much of a rise or a fall comes back, equations (13) and (14), for any world.

Both are mean-field readings of one asset under the parameters in force, whoever plays: upward, what
one more announced dollar brings in announced dollars through market value, collateral and funding;
downward, what a small fall of the price brings by forced sales. Above 1 a loop feeds itself. None
stands where an input is unknown.
"""

from math import exp, inf, sinh
from typing import Any

from attrs import frozen

from narrative.analysis.circle import in_cash, in_order, turns, whole
from narrative.analysis.circle import table as turned
from narrative.analysis.history import History
from narrative.analysis.replay import along
from narrative.books.readings import LARGEST, NANO
from narrative.engine.world import World


@frozen
class Upward:
    """One turn up: market value gained by an announced dollar, finance that a dollar of it brings, and
    dollars committed for a dollar of finance.
    """

    gained: float | None
    financed: float | None
    committed: float | None

    @property
    def gain(self) -> float | None:
        """``G_up = m_A * xi * k_lev`` (13)."""
        if self.committed == 0.0:
            return 0.0
        if self.gained is None or self.financed is None or self.committed is None:
            return None
        return self.gained * self.financed * self.committed


@frozen
class Downward:
    """One round down: the part of all shares that is pledged, and what it brings back of a fall."""

    pledged: float | None
    gain: float | None

    @property
    def amplification(self) -> float | None:
        """How often a small fall is felt in the end."""
        return None if self.gain is None else amplification(self.gain)


def fire_sale_gain(multiplier: float, pledged: float, call: float) -> float:
    """``g = lambda f m / (1 - m)`` (14)."""
    if not pledged:
        return 0.0
    return multiplier * pledged * call / (1.0 - call) if call < 1.0 else inf


def amplification(gain: float) -> float:
    """``1 / (1 - g)``; without bound from 1 on."""
    return 1.0 / (1.0 - gain) if gain < 1.0 else inf


def upward(world: World, asset: str, at: int) -> Upward:
    """One turn up for one company: what an announced dollar brings round, factor by factor."""
    return Upward(
        gained=cap_gained(world, asset, at),
        financed=finance_gained(world, asset),
        committed=_parameter(world, "order_leverage", asset),
    )


def downward(world: World, asset: str) -> Downward:
    """One round down of an asset: what forced sales of everything pledged would bring back of a small fall,
    all of it being at the call.
    """
    shares, multiplier = world.fold.sum("shares", asset), _parameter(world, "impact", asset)
    if not shares:
        return Downward(None, None)
    pledged, gain = 0.0, 0.0
    unknown = multiplier is None
    for key, count in sorted(world.fold.state["pledged"].items()):
        owner, _, pledge = key.partition("/")
        if pledge == asset and count:
            pledged += count / shares
            call = called_at(world, owner)
            unknown = unknown or call is None
            gain += fire_sale_gain(multiplier or 0.0, count / shares, call or 0.0)
    return Downward(pledged, None if unknown else gain)


def table(world: World, at: int) -> dict[str, dict[str, float | bool | None]]:
    """Both gains of every actor that has a value, as plain data; an amplification without bound is
    None and `runaway`.
    """
    found: dict[str, dict[str, float | bool | None]] = {}
    for actor in world.story.actors:
        if world.readings.value(actor.id, at) is not None:
            up, down = upward(world, actor.id, at), downward(world, actor.id)
            times = down.amplification
            found[actor.id] = {
                "gained": up.gained,
                "financed": up.financed,
                "committed": up.committed,
                "up": up.gain,
                "pledged": down.pledged,
                "down": down.gain,
                "amplification": None if times == inf else times,
                "runaway": times == inf,
            }
    return found


def looped(found: History, position: int, moment: int) -> dict[str, Any]:
    """Both gains at a moment, and every turn of the story's circle up to a position, as plain data."""
    events = list(found.log.read(found.branch, 1, position))
    ((_, world),) = along(events, [moment])
    story, taken = world.story, turns(world.story, events)
    return {
        "story": story.id,
        "branch": found.branch,
        "position": position,
        "moment": story.calendar.iso(moment),
        **story.money.plain,
        "circle": [{"step": step.step, "text": step.text} for step in story.circle],
        "turns": turned(story, taken),
        "gains": table(world, moment),
        "whole": sum(map(whole, taken)),
        "in_order": sum(map(in_order, taken)),
        "in_cash": sum(map(in_cash, taken)),
    }


def cap_gained(world: World, asset: str, at: int) -> float | None:
    """Market value gained by each dollar of a process's next announcement (7), taken to be of the sum
    that the company commits for the funds it has: ``k_lev * (cash + raised)``.
    """
    value, cash = world.readings.value(asset, at), world.readings.cash(asset)
    names = ("impulse_coefficient", "impulse_exponent", "fatigue_rate")
    factor, power, tiring = (world.parameters.get(name) for name in names)
    leverage = _parameter(world, "order_leverage", asset)
    if not value or cash is None or factor is None or power is None or tiring is None or leverage is None:
        return None
    sum_ = leverage * (cash + world.fold.sum("raised", asset))
    if sum_ <= 0.0:
        return None
    tired = exp(-tiring * world.fold.fading("fatigue", asset, at))
    least = world.parameters.get("silent_step", 0.0)  # naming a sum never moves less
    size = max(factor * (sum_ / value) ** power, least) * tired
    size = min(world.parameters.get("modelled_strength", 1.0) * size, LARGEST * NANO)
    return value * (_as_taken(world, size) - 1.0) / sum_


def _as_taken(world: World, size: float) -> float:
    """The factor, on average, by which words of this size in ln multiply a value, as the market takes them:
    evenly within `words_spread` of `words_tone`, ``exp(kT) sinh(kS) / kS``.
    """
    middle = exp(size * world.parameters.get("words_tone", 1.0))
    spread = size * world.parameters.get("words_spread", 0.0)
    return middle * sinh(spread) / spread if spread else middle


def finance_gained(world: World, asset: str) -> float | None:
    """New finance that a dollar of market value makes room for: the company's own debt and rounds, and
    its owners' pledges.
    """
    parts = [_parameter(world, "debt_share", asset), _rounds(world, asset)]
    shares = world.fold.sum("shares", asset)
    for key, stake in sorted(world.fold.state["stake"].items()):
        owner, _, held = key.partition("/")
        lenders = world.linked("lends", to=owner)
        if held == asset and stake > 0 and lenders and shares:
            parts.append(_pledges(world, owner, lenders[0], stake / shares))
    return None if None in parts else sum(part for part in parts if part is not None)


def _rounds(world: World, asset: str) -> float | None:
    """The finance that a private company's round takes in for a dollar gained in its implied value."""
    if asset in world.listed:
        return 0.0
    part, premium = _parameter(world, "fund_round", asset), _parameter(world, "fund_premium", asset)
    return None if part is None or premium is None or part >= 1.0 else premium * part / (1.0 - part)


def _pledges(world: World, owner: str, lender: str, held: float) -> float | None:
    names = ("pledge_use", "pledge_ltv", "pledge_share")
    found = [*(_parameter(world, name, owner) for name in names), _parameter(world, "haircut", lender)]
    use, limit, part, haircut = found
    if use is None or limit is None or part is None or haircut is None:
        return None
    return use * limit * (1.0 - haircut) * part * held


def called_at(world: World, owner: str) -> float | None:
    """The loan-to-value above which an owner's lender calls; None where the story does not say."""
    lender = next(iter(world.linked("lends", to=owner)), owner)
    call, haircut = _parameter(world, "call_ltv", lender), _parameter(world, "haircut", lender)
    return None if call is None or haircut is None else call * (1.0 - haircut)


def _parameter(world: World, name: str, actor: str) -> float | None:
    """A parameter in force, where the story has it."""
    own = world.parameters.get(f"{name}.{actor}")
    return world.parameters.get(name) if own is None else own


def sir_final_size(reproduction: float) -> float:
    """The part of all listeners that a story reaches in the end: ``z = 1 - exp(-R0 z)``. Nothing shows it
    yet; it stands for the published number that it is held to, 0.796812 at R0 = 2.
    """
    if reproduction <= 1.0:
        return 0.0
    low, high = 1.0 - 1.0 / reproduction, 1.0  # the gap 1 - exp(-R0 z) - z is positive below, negative above
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if 1.0 - exp(-reproduction * middle) > middle else (low, middle)
    return low
