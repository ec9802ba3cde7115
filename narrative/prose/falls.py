"""Falls of all listed companies together: by their closes on record, and in the model."""

from collections.abc import Iterator, Sequence

from attrs import frozen

from events.event import Event
from events.market_facts import Quote
from narrative.analysis.record import every_close
from narrative.analysis.replay import along
from narrative.books.table import TABLE
from narrative.engine.world import World
from narrative.story.calendar import DAY

SAMPLES = 400  # moments between events at which the listed companies' value is looked at
DEEP = 0.15  # of the sum of last closes, the least fall from high to low that divides a recorded history
PRICED = {
    "value",
    "belief_fast",
    "belief_slow",
    "flow",
    "sector_flow",
    "lasting",
    "mark",
    "surprise",
    "liquidity",
    "shares",
    "diluted",
}


@frozen
class Fall:
    """A fall of all listed companies together: from its top to its bottom, as a part of one,
    what they were worth at the bottom, and whether that is `on_record`.
    """

    top: int
    bottom: int
    size: float
    lowest: int
    recorded: bool = False


def falls_of(events: Sequence[Event], until: int) -> list[Fall]:
    """The falls that divide a history: of one whose prices are on record each of at least DEEP, and else, or
    where there is none, the largest.
    """
    deep = [] if any(event.origin == "supposed" for event in events) else recorded_falls(events, until)
    largest = None if deep else largest_fall(events, until)
    return deep or ([largest] if largest is not None else [])


def recorded_falls(events: Sequence[Event], until: int) -> list[Fall]:
    """The falls of the sum of all companies' last closes, in order, of at least DEEP from high to low.

    One ends where the sum has made good a fall of that size from its low, or passes its high. A company
    counts from its opening or its first close on: listing late it adds to the sum.
    """
    closes = _opened(events[0])
    found: list[tuple[tuple[int, int], tuple[int, int]]] = []
    top = bottom = (sum(closes.values()), events[0].moment)
    for at, total in _totals(events, closes, until):
        deep = bottom[0] <= (1 - DEEP) * top[0]
        if total > top[0] or (deep and total * (1 - DEEP) >= bottom[0]):
            found += [(top, bottom)] if deep else []
            top = bottom = total, at
        elif total < bottom[0]:
            bottom = total, at
    if top[0] and bottom[0] <= (1 - DEEP) * top[0]:
        found.append((top, bottom))
    # Their worth at the low is what all screens say of that moment, with the few that nobody quotes: a second
    # after the closes, when values stand at them.
    lows = [together(world, at) for at, world in along(events, [low[1] + 1 for _, low in found])]
    return [
        Fall(high[1], low[1], 1 - low[0] / high[0], lowest, recorded=True)
        for (high, low), lowest in zip(found, lows, strict=True)
    ]


def _opened(opening: Event) -> dict[str, int]:
    """The worth of quoted companies when the history opens, by id."""
    story = World(opening).story
    quoted = {quote.asset for quote in story.quotes}
    return {
        actor.id: balance.amount
        for actor in story.actors
        for balance in actor.opening
        if actor.id in quoted and actor.listed and balance.account == "value" and balance.amount
    }


def _totals(events: Sequence[Event], closes: dict[str, int], until: int) -> Iterator[tuple[int, int]]:
    """The sum of all last closes after each moment that has any, up to one; `closes` is kept up to date."""
    moment = None
    for asset, position, value in every_close(events):
        at = events[position - 1].moment
        if at > until:
            break
        if moment not in (None, at):
            yield moment, sum(closes.values())
        closes[asset], moment = value, at
    if moment is not None:
        yield moment, sum(closes.values())


def largest_fall(events: Sequence[Event], until: int) -> Fall | None:
    """The largest fall of the listed companies' summed value, from highest to lowest."""
    top = bottom = peak_at = events[0].moment
    peak, size, lowest = 0, 0.0, 0
    for moment, world in along(events, looked_at(events, until)):
        total = together(world, moment)
        if total > peak:
            peak, peak_at = total, moment
        elif peak and 1 - total / peak > size:
            size, top, bottom, lowest = 1 - total / peak, peak_at, moment, total
    return Fall(top, bottom, size, lowest, on_record(events, top, bottom)) if size >= 0.005 else None


def on_record(events: Sequence[Event], since: int, until: int) -> bool:
    """Whether what companies were worth in a span rests on closes on record: some stand in its last week,
    and nothing is supposed, which would move prices away from them.
    """
    late = max(since, until - 7 * DAY)
    quoted = any(isinstance(event.fact, Quote) and late <= event.moment <= until for event in events)
    return quoted and all(event.origin != "supposed" for event in events)


def looked_at(events: Sequence[Event], until: int) -> list[int]:
    """When the listed companies' value can be highest or lowest: on each event that moves a price, the
    second before it, and now and then between, since belief fades.
    """
    start = events[0].moment
    step = max((until - start) // SAMPLES, 1)
    pricing = {kind for kind in {event.kind for event in events} if PRICED & TABLE.touched(kind)}
    moved = {event.moment for event in events if event.kind in pricing}
    before = {moment - 1 for moment in moved if moment > start}
    return sorted({*range(start, until + 1, step), until, *moved, *before})


def together(world: World, at: int) -> int:
    """The summed value of the listed companies in the model, in smallest units."""
    return sum(world.readings.value(actor, at) or 0 for actor in world.listed)
