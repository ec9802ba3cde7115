"""Exposures before and after a shock, and who lost how much by it, by which way.

The shock is lived on from a cut beside the same history without it, on the same chance: what an actor is
worth less in the one than in the other, it lost by the shock. The way runs from what was supposed to the
gravest thing that befell the actor: a default, else a forced sale, else a call, else the step that took most
off its price or off that of what it holds, by the causes that events name and by prices
(`narrative.analysis.pricing`). A private company is marked at rounds, which name no price as their cause: of
its loss the round alone is told, or the one that is not made.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from attrs import asdict, frozen

from events.errors import Wrong
from events.event import Event, Row
from events.facts import Writedown
from events.funding_facts import Default, Liquidation, MarginCall
from events.search import Sought
from narrative.analysis.attribution import figure, once, searches
from narrative.analysis.exposure import KINDS, Exposure, exposures, worths
from narrative.analysis.history import History, story_of
from narrative.analysis.pricing import RARE, movers
from narrative.analysis.sectors import holders_of_value
from narrative.engine.world import World
from narrative.weighing.many import Asking, armed
from narrative.weighing.tails import Cut, tail, world_of
from narrative.whatif.shocks import EXAMPLES

# From the gravest down; each of somebody, by a field of it.
GRAVE: tuple[tuple[type, str], ...] = (
    (Default, "debtor"),
    (Liquidation, "borrower"),
    (MarginCall, "borrower"),
)


@frozen
class Hurt:
    """An actor's worth, in the smallest unit, at the cut (`before`), and then without and with the shock: its
    value, or of one without a value what it holds less what it owes; None where its cash or its value is
    unknown. `lost` is what it is worth less with the shock; `way` has the events, what was supposed first.
    Where no cause leads there from the shock (`tied`), it has its end alone; where that is nothing that came,
    `missed` is the last round that is made without the shock and not with it.
    """

    actor: str
    before: int | None
    without: int | None
    after: int | None
    lost: int
    way: tuple[Event, ...]
    tied: bool
    missed: Event | None


@frozen
class Lived:
    """A history lived on from a cut: its world at the end, and its events whole from the opening."""

    world: World
    events: Sequence[Event]
    at: int


def check_shaken(shocks: str | Sequence[str], until: str | None) -> None:
    """Raises Wrong for a day to live on to without a shock."""
    if until is not None and not shocks:
        example = EXAMPLES["market"]
        raise Wrong(f'until is {until}, and nothing is lived on without a shock: add one, as "{example}".')


def shaken(found: History, asking: Asking, until: str | None) -> dict[str, Any]:
    """Exposures and worths as a shock changes them, as plain data, but for the events of ways.
    Raises BadSupposition, BadDate, and BadEnsemble for a cut that was not lived to.
    """
    before, arms = armed(found, asking, {}, {}, until)
    asked = arms[-1].supposed  # nothing, where the shock reaches nobody
    shared = list(found.log.read(found.branch, 1, before.position))
    calm, hit = (
        _lived(before, shared, tail(before, what, keep=True).log) for what in (arms[0].supposed, asked)
    )
    calendar = story_of(found).calendar
    then = Lived(world_of(before), shared, before.at)
    return {
        "question": asked.question,
        "at": calendar.iso(before.at),
        "position": before.position,
        "until": calendar.iso(before.until),
        "pairs": list(_pairs(then, calm, hit)),
        "losses": [asdict(one, recurse=False) for one in hurt(found, before, then, calm, hit)],
    }


def _lived(before: Cut, shared: Sequence[Event], events: Sequence[Event]) -> Lived:
    world = world_of(before).copy()
    for event in events:
        world.step(event)
    return Lived(world, [*shared, *events], before.until)


def _pairs(*lived: Lived) -> Iterator[dict[str, Any]]:
    """Each exposure at the cut, and then without and with the shock: the pair with the largest sum first."""
    sums = [{_key(one): one.amount for one in exposures(each.world, each.events, each.at)} for each in lived]
    largest: dict[tuple[str, str], int] = {}
    for debtor, holder, kind in {key for each in sums for key in each}:
        most = max(each.get((debtor, holder, kind), 0) for each in sums)
        largest[debtor, holder] = max(largest.get((debtor, holder), 0), most)
    order = list(KINDS)
    keys = sorted(
        {key for each in sums for key in each},
        key=lambda key: (-largest[key[:2]], key[:2], order.index(key[2])),
    )
    for key in keys:
        debtor, holder, kind = key
        amounts = zip(("before", "without", "after"), (each.get(key, 0) for each in sums), strict=True)
        yield {"debtor": debtor, "holder": holder, "kind": kind, "rung": KINDS[kind], **dict(amounts)}


def _key(one: Exposure) -> tuple[str, str, str]:
    return one.debtor, one.holder, one.kind


# --- who lost what ------------------------------------------------------------------------------


def hurt(found: History, before: Cut, then: Lived, calm: Lived, hit: Lived) -> list[Hurt]:
    """Every actor whose worth the shock moves, who lost most first."""
    ways = Ways(found, before, calm, hit)
    worth = [worths(each.world, each.at) for each in (then, calm, hit)]
    rows = []
    for actor in worth[-1]:
        lost = worth[1][actor] - worth[2][actor]
        if lost:
            was, without, after = (
                sums[actor] if _known(each, actor) else None
                for each, sums in zip((then, calm, hit), worth, strict=True)
            )
            way = ways.to(actor) if lost > 0 else ()
            tied = bool(way) and way[0].origin == "supposed"
            missed = ways.missed(actor) if lost > 0 and not way else None
            rows.append(Hurt(actor, was, without, after, lost, way, tied, missed))
    return sorted(rows, key=lambda row: (-row.lost, row.actor))


def _known(lived: Lived, actor: str) -> bool:
    readings = lived.world.readings
    return readings.value(actor, lived.at) is not None or readings.cash(actor) is not None


class Ways:
    """The events of a history lived on with a shock, by what brought them about; none from before it, which
    no shock moved.
    """

    def __init__(self, found: History, before: Cut, calm: Lived, hit: Lived) -> None:
        self._found, self._cut, self._calm, self._hit = found, before, calm, hit
        self._tail = {event.position: event for event in hit.events[before.position :]}
        self._movers = dict(self._moved())
        same = {_seen(event) for event in calm.events[before.position :]}
        self._own = [event for event in self._tail.values() if _seen(event) not in same]
        met = {_seen(event) for event in self._tail.values()}
        self._never = [event for event in calm.events[before.position :] if _seen(event) not in met]

    def _moved(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Of each call and loss, the movers of the price that it answers."""
        world, waiting = world_of(self._cut).copy(), list[Event]()
        for event in self._tail.values():
            if waiting and waiting[-1].moment < event.moment:
                for one in waiting:
                    world.step(one)
                waiting = []
            if event.kind in RARE and event.origin == "modelled":
                yield event.position, movers(event, world, partial(self._rows, until=event.moment))
            waiting.append(event)

    def _rows(self, wanted: Sought, until: int) -> Iterable[Row | Event]:
        """A search of the events before a moment."""
        shared = self._found.log.find(self._found.branch, wanted, 1, self._cut.position)
        kinds = wanted.kinds or ()
        return chain(shared, (one for one in self._tail.values() if one.kind in kinds and one.moment < until))

    def to(self, actor: str) -> tuple[Event, ...]:
        """The way from what was supposed to the gravest thing that befell an actor; that alone where no cause
        leads there.
        """
        end = self._gravest(actor) or self._step(actor)
        return () if end is None else self._back(end)

    def missed(self, actor: str) -> Event | None:
        """The last round of a private company that is made without the shock and not with it."""
        private = self._hit.world.readings.registered(actor)
        rounds = [event for event in self._never if private and _marked(event, actor)]
        return rounds[-1] if rounds else None

    def _gravest(self, actor: str) -> Event | None:
        for kind, whose in GRAVE:
            for event in self._own:
                if isinstance(event.fact, kind) and getattr(event.fact, whose) == actor:
                    return event
        return None

    def _step(self, actor: str) -> Event | None:
        """The event that took most off an actor's value; of one without a value its dearest loss, else what
        took most off the value of that of its stakes which lost most.
        """
        if self._hit.world.readings.value(actor, self._hit.at) is not None:
            return self._fall(actor)
        losses = [e for e in self._own if isinstance(e.fact, Writedown) and e.fact.holder == actor]
        if losses:
            return max(losses, key=_written)
        held = [_stakes(each, actor) for each in (self._calm, self._hit)]
        gone = {asset: worth - held[1].get(asset, 0) for asset, worth in held[0].items()}
        asset = max(sorted(gone), key=lambda one: gone[one], default=None)
        return self._fall(asset) if asset is not None and gone[asset] > 0 else None

    def _fall(self, asset: str) -> Event | None:
        """The event of the shock's own that took most off the price of an asset, or off its register."""
        world, at = self._hit.world, self._hit.at
        own = {event.position: event for event in self._own}
        if world.readings.registered(asset):
            # Of none below what it stood at, the last: it is below what it would have been.
            falls = {place: max(fall, 0) for place, fall in self._rounds(asset) if place in own}
            return own[max(falls, key=lambda place: (falls[place], place))] if falls else None
        ahead = searches(world, asset, "valuation", at)
        rows = once(self._rows(each.sought, at + 1) for each in ahead)
        steps = {
            part.row.position: part.ln
            for part in figure(world, rows, asset, "valuation", at).parts
            if part.row.position in own and part.ln and part.ln < 0
        }
        return own[min(steps, key=lambda place: (steps[place], place))] if steps else None

    def _rounds(self, asset: str) -> Iterator[tuple[int, int]]:
        """Each position at which a register was set, and by how much lower than it stood."""
        stood = world_of(self._cut).readings.value(asset, self._cut.at) or 0
        for event in self._tail.values():
            post_money = _marked(event, asset)
            if post_money:
                yield event.position, stood - post_money
                stood = post_money

    def _back(self, end: Event) -> tuple[Event, ...]:
        """The shortest way back to what was supposed; where none leads there, its end alone."""
        led: dict[int, int | None] = {end.position: None}
        row = [end.position]
        place = end.position
        while row:
            shock = next((each for each in row if self._tail[each].origin == "supposed"), None)
            if shock is not None:
                place = shock
                break
            ahead = []
            for each in row:
                for cause in (*self._tail[each].causes, *self._movers.get(each, ())):
                    if cause in self._tail and cause not in led:
                        led[cause] = each
                        ahead.append(cause)
            row = ahead
        way: list[Event] = []
        here: int | None = place
        while here is not None:
            way.append(self._tail[here])
            here = led[here]
        return tuple(way)


def _seen(event: Event) -> tuple[object, ...]:
    """An event as it is known from another life of the same history: by no position."""
    return event.moment, event.kind, event.actor, event.fact


def _marked(event: Event, company: str) -> int | None:
    """The value that an event sets in a company's register; None where it sets none."""
    of = (getattr(event.fact, name, None) for name in ("asset", "company"))
    return getattr(event.fact, "post_money", None) if company in of else None


def _written(event: Event) -> int:
    fact = event.fact
    assert isinstance(fact, Writedown)
    return (fact.amount or 0) + (fact.credit or 0)


def _stakes(lived: Lived, holder: str) -> dict[str, int]:
    companies = (actor.id for actor in lived.world.story.actors if actor.id != holder)
    worth = {one: holders_of_value(lived.world, one, lived.at).get(holder, 0) for one in companies}
    return {company: sum_ for company, sum_ in worth.items() if sum_}
