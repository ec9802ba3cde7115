"""The cutting of chapters: at the circle's turns, at what broke, and at the largest fall."""

from collections.abc import Sequence

from attrs import evolve, frozen

from events.event import Event
from events.funding_facts import Default, Liquidation, MarginCall
from events.market_facts import Quote
from narrative.analysis.circle import Turn, turns
from narrative.analysis.replay import along
from narrative.books.table import TABLE
from narrative.engine.world import World
from narrative.story.calendar import DAY
from narrative.story.model import Story
from narrative.text.words import aside

SAMPLES = 400  # moments between events at which the listed companies' value is looked at
LEAST = 0.04  # of the whole span, the least that makes a chapter
FALL, AFTER = "The fall", "After the fall"
TURNS = 4  # chapters that turns may open
_ORDINALS = ("first", "second", "third", "fourth")
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
}
# What breaks a history, the first of them that comes, and what it is called.
BROKEN = {MarginCall: "margin call", Liquidation: "forced sale", Default: "default"}


@frozen
class Cut:
    """A moment at which a chapter begins, the title it gives, and why it is cut there."""

    moment: int
    title: str
    why: str


def whole_turns(story: Story, events: Sequence[Event]) -> list[Turn]:
    """The turns of the circle of which every step was taken."""
    return [turn for turn in turns(story, events) if not turn.missing]


def steps_of(story: Story, events: Sequence[Event]) -> dict[int, str]:
    """Asides by position of event: which step of which whole turn of the circle the event is."""
    found: dict[int, str] = {}
    for i, turn in enumerate(whole_turns(story, events)[:TURNS]):
        for taken in turn.taken:
            said = f"step {taken.step} of the {_ORDINALS[i]} whole turn of the circle"
            said += ", out of order" if taken.bond == "earlier" else ""
            found.setdefault(taken.event.position, aside(said))
    return found


@frozen
class Fall:
    """The largest fall of all listed companies together: from its top to its bottom, as a part of one,
    what they were worth at the bottom, and whether that is `on_record`.
    """

    top: int
    bottom: int
    size: float
    lowest: int
    recorded: bool = False


def cuts(
    story: Story, events: Sequence[Event], fall: Fall | None, until: int, largest: str = "their largest fall"
) -> list[Cut]:
    """The chapters of a history, in order; the first begins with it. What would leave a chapter too
    short is not cut: a break goes before a fall, and a fall before a turn. `largest`: what the
    fall is called.
    """
    start = events[0].moment
    least = max(round((until - start) * LEAST), 1)
    begun = sorted({turn.taken[0].event.moment for turn in whole_turns(story, events)})[:TURNS]
    wanted: list[Cut] = []
    for kind, called in BROKEN.items():
        first = next((event for event in events if isinstance(event.fact, kind)), None)
        if first is not None:
            wanted.append(Cut(first.moment, "The break", f"where the first {called} comes"))
            break
    if fall is not None:
        highest = f"where the listed companies together stand highest before {largest}"
        wanted.append(Cut(fall.top, FALL, highest))
        wanted.append(Cut(fall.bottom + DAY, AFTER, "the day after they stand lowest"))
    wanted += [
        Cut(
            moment,
            f"The {_ORDINALS[i]} turn",
            "where a turn of the circle begins of which every step is taken",
        )
        for i, moment in enumerate(begun)
    ]
    kept: list[Cut] = []
    for cut in (evolve(one, moment=one.moment - one.moment % DAY) for one in wanted):
        edges = [start, until, *(other.moment for other in kept)]
        if all(abs(cut.moment - edge) >= least for edge in edges):
            kept.append(cut)
    if not any(cut.title == FALL for cut in kept):
        alone = f"the day after the listed companies together stand lowest in {largest}"
        kept = [evolve(cut, why=alone) if cut.title == AFTER else cut for cut in kept]
    kept.sort(key=lambda cut: cut.moment)
    opening = "The first turn" if begun and begun[0] - start < least else "The build-up"
    return [Cut(start, opening, ""), *kept]


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
