"""Where chapters are cut: by the circle's turns, by what broke, and by the largest fall."""

from collections.abc import Sequence

from attrs import evolve, frozen

from events.event import Event
from narrative.calendar import DAY
from narrative.history import History
from narrative.loop import Turn, turns
from narrative.replay import walk
from narrative.scenario import Story

SAMPLES = 400  # moments at which the listed companies' value is looked at
LEAST = 0.04  # of the whole span, the least that makes a chapter
TURNS = 4  # chapters that turns may open
_ORDINALS = ("first", "second", "third", "fourth")
BROKEN = ("MarginCall", "Liquidation", "Default")


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
    """What is said of each event that a whole turn took: which step of which turn it is."""
    found: dict[int, str] = {}
    for i, turn in enumerate(whole_turns(story, events)[:TURNS]):
        for taken in turn.taken:
            said = f"This is step {taken.step} of the {_ORDINALS[i]} whole turn of the circle."
            found.setdefault(taken.event.position, said)
    return found


@frozen
class Fall:
    """The largest fall of all listed companies together: from its top to its bottom, as a part of one."""

    top: int
    bottom: int
    size: float


def cuts(story: Story, events: Sequence[Event], fall: Fall | None, until: int) -> list[Cut]:
    """The chapters of a history, in order; the first begins with it. What would leave a chapter too
    short is not cut: a break goes before a fall, and a fall before a turn.
    """
    start = events[0].moment
    least = max(round((until - start) * LEAST), 1)
    begun = sorted({turn.taken[0].event.moment for turn in whole_turns(story, events)})[:TURNS]
    wanted: list[Cut] = []
    for kind in BROKEN:
        first = next((event for event in events if event.kind == kind), None)
        if first is not None:
            wanted.append(Cut(first.moment, "The break", f"the first {_BREAKS[kind]} comes"))
            break
    if fall is not None:
        wanted.append(
            Cut(fall.top, "The fall", "the listed companies together stand highest before their largest fall")
        )
        wanted.append(Cut(fall.bottom, "After the fall", "they stand lowest after it"))
    wanted += [
        Cut(moment, f"The {_ORDINALS[i]} turn", "a turn of the circle begins of which every step is taken")
        for i, moment in enumerate(begun)
    ]
    kept: list[Cut] = []
    for cut in (evolve(one, moment=one.moment - one.moment % DAY) for one in wanted):
        edges = [start, until, *(other.moment for other in kept)]
        if all(abs(cut.moment - edge) >= least for edge in edges):
            kept.append(cut)
    kept.sort(key=lambda cut: cut.moment)
    opening = "The first turn" if begun and begun[0] - start < least else "The build-up"
    return [Cut(start, opening, ""), *kept]


_BREAKS = {"MarginCall": "margin call", "Liquidation": "forced sale", "Default": "default"}


def largest_fall(history: History, start: int, until: int) -> Fall | None:
    """The largest fall of the listed companies' summed value, from highest to lowest."""
    step = max((until - start) // SAMPLES, 1)
    top = bottom = peak_at = start
    peak = size = 0.0
    for moment, world in walk(history.log, history.branch, range(start, until + 1, step)):
        total = sum(world.readings.value(actor, moment) or 0 for actor in world.listed)
        if total > peak:
            peak, peak_at = total, moment
        elif peak and 1 - total / peak > size:
            size, top, bottom = 1 - total / peak, peak_at, moment
    return Fall(top, bottom, size) if size >= 0.005 else None
