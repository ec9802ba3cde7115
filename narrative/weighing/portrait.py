"""A portrait of one whole history, from its opening to its end: the figures by which claims are judged that
are read off its events and not off sums.
"""

from collections.abc import Iterator, Sequence
from math import expm1

from events.event import OUTSIDE, Event
from events.facts import Issue
from narrative.analysis.measures.circularity import beyond_chance, self_financed
from narrative.analysis.measures.deals import deals, reached
from narrative.engine.world import World
from narrative.weighing.critical import wilson
from narrative.weighing.tails import Cut, Tail, world_of

IMPACT = "impact"  # the parameter by which sales move prices


def portrait(before: Cut, found: Tail) -> dict[str, float]:
    """The portrait of a tail that was cut at the opening and keeps its events; see `pictured`."""
    world = world_of(before).copy()
    for event in found.log:
        world.step(event)
    closes = list(zip(found.closes, found.total, strict=True))
    return pictured(world, (before.opening, *found.log), closes, before.until)


def pictured(
    world: World, events: Sequence[Event], closes: Sequence[tuple[int, int]], end: int
) -> dict[str, float]:
    """Figures of a history, parts of one; one that cannot be known is absent. `closes` are the value of all
    listed actors at each close.

    `circle` is what goes round of all that is paid, `chance` the point below which 95 % of what would by
    chance lies, `beyond` their difference; `self_financed` the part of sales that sellers' own stakes and
    loans could have paid; `late_shares` the part of deals paid in shares that came after half of the rise,
    less the part of time that did, with its 95 % interval as a part of so many `share_deals`; `realised` what
    large stakes would bring of their mark, each sold at once; `belief` the part of all value that goes if the
    story goes.
    """
    return {
        **_circle(world, events),
        **dict(_late(events, closes, end)),
        **dict(realised(world, end, world.parameters.get(IMPACT))),
        **dict(_belief(world, end)),
    }


def _circle(world: World, events: Sequence[Event]) -> dict[str, float]:
    sums = reached(deals(world.story, events), "paid")
    found, financed = beyond_chance(world.story, sums), self_financed(sums)
    row = {} if financed is None else {"self_financed": financed}
    if found is not None:
        share, chance = found
        row |= {"circle": share, "chance": chance, "beyond": share - chance}
    return row


def _late(
    events: Sequence[Event], closes: Sequence[tuple[int, int]], end: int
) -> Iterator[tuple[str, float]]:
    moments = [e.moment for e in events if isinstance(e.fact, Issue) and e.fact.holder != OUTSIDE]
    if not moments or not closes:
        return
    half = (closes[0][1] + max(total for _, total in closes)) / 2
    risen = next((close for close, total in closes if total >= half), end)
    found = wilson(sum(moment >= risen for moment in moments), len(moments))
    time = (end - risen) / (end - events[0].moment)
    yield from (("late_shares", found.value - time), ("late_least", found.low - time))
    yield from (("late_most", found.high - time), ("share_deals", float(len(moments))))


def realised(world: World, end: int, impact: float | None) -> Iterator[tuple[str, float]]:
    """By impact alone: (1 - exp(-x)) / x of x = impact times the part of all shares that is sold."""
    blocks: list[tuple[float, float]] = []
    for key, shares in sorted(world.fold.state["stake"].items()):
        holder, _, asset = key.partition("/")
        price, value = world.readings.price(asset, end), world.readings.value(asset, end)
        if holder != OUTSIDE and shares > 0 and price is not None and value:
            mark = float(price * shares)
            blocks.append((mark, min(mark / value, 1.0)))
    whole = sum(mark for mark, _ in blocks)
    if impact is not None and whole:
        yield "realised", sum(mark * sold(impact * part) for mark, part in blocks) / whole


def sold(times: float) -> float:
    """The part of a mark that a block brings which moves the price by so much in ln, in equal parts."""
    return -expm1(-times) / times if times else 1.0


def _belief(world: World, end: int) -> Iterator[tuple[str, float]]:
    listed = [actor.id for actor in world.story.actors if actor.listed]
    worth = {name: value for name in listed if (value := world.readings.value(name, end))}
    if whole := sum(worth.values()):
        yield "belief", sum(world.readings.belief_share(name, end) * worth[name] for name in worth) / whole
