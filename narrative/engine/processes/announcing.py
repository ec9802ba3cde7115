"""Announcements that excite announcements: a Hawkes process thinned against addressed chance.

Equation (6): an actor speaks ``(mu + alpha * kappa * E) * (1 + b * share) * room**h`` times a day, E
being its announcements so far, fading at kappa; `share` the part of its value that is belief and
`room` the part that is not owed. Candidates are points of a Poisson stream at a declared ceiling,
the same in every branch; one is taken when its mark lies under intensity over ceiling. Readers tire
in the market, not here. What an actor has announced may reach `announce_multiple` times all the money
it ever had, what it holds and what it has paid; the news is what that adds, else words without a sum.
Where the story gives `announce_least`, that part of all that it announced before must be new, or an actor
says nothing: the same plan told again is no announcement.
"""

from collections.abc import Callable
from functools import lru_cache
from math import exp, inf, log

from events.event import OUTSIDE, Act, Draft
from events.facts import Announcement
from narrative.engine.chance import Chance
from narrative.engine.world import World
from narrative.story.calendar import DAY
from narrative.story.cast import Part
from narrative.story.parameters import HEARD

ACCOUNTS = ("excitement", "timeline")
PARAMETERS = (
    "announce_rate",
    "announce_branching",
    "announce_ceiling",
    "announce_multiple",
    "announce_belief",
    "announce_headroom",
    *HEARD,
)
OPTIONAL = ("announce_least",)
DEEDS = {"Announcement": "subject"}
NEEDS = {"debt": "announce_headroom"}
FAR = 400  # days searched at once; beyond, it is looked again when they are over


def due(world: World, part: Part, now: int) -> int | None:
    """The next candidate after now that could be taken."""
    ceiling = world.parameter("announce_ceiling", part.actor)
    if ceiling <= 0 or world.parameter("announce_rate", part.actor) <= 0:
        return None
    today, most = now // DAY, at_most(world, part.actor)
    for day in range(today, today + FAR):
        for moment, _, mark in candidates(world.chance, part.actor, ceiling, day):
            if moment > now and mark < most(moment) / ceiling:
                return moment
    return (today + FAR) * DAY


def decide(world: World, part: Part, now: int) -> list[Act]:
    """One announcement for each candidate of this moment that is taken."""
    actor = part.actor
    ceiling = world.parameter("announce_ceiling", actor)
    if not new(world, actor):
        return []
    level = intensity(world, actor, now)
    return [
        (Draft(actor, _announcement(world, actor, index, now)),)
        for moment, index, mark in candidates(world.chance, actor, ceiling, now // DAY)
        if moment == now and mark < level / ceiling
    ]


@lru_cache(maxsize=1024)  # a day is looked at when it is searched and again when it is decided upon
def candidates(chance: Chance, actor: str, rate: float, day: int) -> tuple[tuple[int, int, float], ...]:
    """The points of a Poisson stream at `rate` a day on one day: (moment, index, mark), in time order.
    A point is taken when its mark lies under the share of the ceiling that the intensity reaches.
    """
    start, draw = day * DAY, chance.uniform
    count = _poisson(rate, draw(actor, "announcing: how many", "", start))
    found = []
    for index in range(count):
        moment = start + int(DAY * draw(actor, "announcing: when", str(index), start))
        found.append((moment, index, draw(actor, "announcing: mark", str(index), moment)))
    return tuple(sorted(found))


def intensity(world: World, actor: str, at: int) -> float:
    """Announcements a day."""
    level = excited(world, actor)(at)
    if level <= 0.0:
        return 0.0
    readings = world.readings
    value = readings.value(actor, at)
    room = 1.0 if not value else min(max(1.0 - world.fold.sum("debt", actor) / value, 0.0), 1.0)
    faith = 1.0 + world.parameter("announce_belief", actor) * readings.belief_share(actor, at)
    held_back: float = room ** world.parameter("announce_headroom", actor)
    return level * faith * held_back


def at_most(world: World, actor: str) -> Callable[[int], float]:
    """Announcements a day at a moment, were the actor's value all belief and nothing owed: what may be
    known of a later one whatever happens in between, short of another announcement.
    """
    if world.parameter("announce_headroom", actor) < 0.0:
        return lambda _: inf
    level, most = excited(world, actor), 1.0 + max(world.parameter("announce_belief", actor), 0.0)
    return lambda at: level(at) * most


def excited(world: World, actor: str) -> Callable[[int], float]:
    """Announcements a day at a moment, before belief and what is owed count."""
    base = world.parameter("announce_rate", actor)
    if base <= 0:
        return lambda _: 0.0
    branching = world.parameter("announce_branching", actor)
    half_life, fading = world.parameters["excitement_half_life"], world.fold.fading
    return lambda at: hawkes(base, branching, half_life, fading("excitement", actor, at))


def hawkes(base: float, branching: float, half_life: float, excited: float) -> float:
    """Events a day: each event brings `branching` more, spread over time by the half-life in days."""
    return base + branching * log(2.0) / half_life * excited


def _poisson(mean: float, mark: float) -> int:
    """The count whose cumulative probability first exceeds the mark: more for a larger mean."""
    count, term = 0, exp(-mean)
    below = term
    while mark >= below and term > 0.0:
        count += 1
        term *= mean / count
        below += term
    return count


def _announcement(world: World, actor: str, index: int, now: int) -> Announcement:
    partners = [one for one in world.linked("supplies", to=actor) if one != OUTSIDE]
    mark = world.chance.uniform(actor, "announcing: with whom", str(index), now)
    ceiling = ambition(world, actor)
    return Announcement(
        subject=actor,
        counterparty=partners[int(mark * len(partners))] if partners else None,
        ceiling=ceiling if ceiling > 0 else None,
    )


def new(world: World, actor: str) -> bool:
    """Whether an actor has anything to say that it has not said: always, where the story does not ask."""
    least = world.optional("announce_least", actor)
    return least <= 0.0 or ambition(world, actor) > max(least * world.fold.sum("announced", actor), 0.0)


def ambition(world: World, actor: str) -> int:
    """The sum an actor may still announce, below 0 where it said more; 0 where nobody knows its cash."""
    cash = world.readings.cash(actor)
    if cash is None:
        return 0
    had = max(cash + world.fold.sum("paid", actor) + world.fold.sum("usual", actor), 0)
    whole = round(world.parameter("announce_multiple", actor) * had)
    return whole - world.fold.sum("announced", actor)
