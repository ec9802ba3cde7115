"""The cutting of chapters: at the circle's turns, at what broke, and at falls of the listed companies.

Where closes are on record each fall of at least a stated part of their sum divides the history; elsewhere
the largest of the model does.
"""

from collections.abc import Sequence

from attrs import evolve, frozen

from events.event import Event
from events.funding_facts import Default, Liquidation, MarginCall
from narrative.analysis.circle import Turn, turns, whole
from narrative.prose.falls import DEEP, Fall
from narrative.story.calendar import DAY, MONTHS
from narrative.story.model import Story
from narrative.text.words import aside

LEAST = 0.04  # of the whole span, the least that makes a chapter
FALL, AFTER = "The fall", "After the fall"
TURNS = 4  # chapters that turns may open
_ORDINALS = ("first", "second", "third", "fourth")
# What breaks a history, the first of them that comes, and what it is called.
BROKEN = {MarginCall: "margin call", Liquidation: "forced sale", Default: "default"}


@frozen
class Cut:
    """A moment at which a chapter begins, the title it gives, why it is cut there, and its fall."""

    moment: int
    title: str
    why: str
    fall: Fall | None = None


def whole_turns(story: Story, events: Sequence[Event]) -> list[Turn]:
    """The turns of the circle of which every step was taken and tied to one before it."""
    return [turn for turn in turns(story, events) if whole(turn)]


def steps_of(story: Story, events: Sequence[Event]) -> dict[int, str]:
    """Asides by position of event: which step of which whole turn of the circle the event is."""
    found: dict[int, str] = {}
    for i, turn in enumerate(whole_turns(story, events)[:TURNS]):
        for taken in turn.taken:
            said = f"step {taken.step} of the {_ORDINALS[i]} whole turn of the circle"
            found.setdefault(taken.event.position, aside(said))
    return found


def cuts(
    story: Story,
    events: Sequence[Event],
    falls: Sequence[Fall],
    until: int,
    largest: str = "their largest fall",
) -> list[Cut]:
    """The chapters of a history, in order; the first begins with it. What would leave a chapter too
    short is not cut: a break goes before a fall, a deeper fall before another, and a fall before a turn.
    `largest`: what a fall is called that is not on record.
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
    for fall in sorted(falls, key=lambda one: -one.size):
        when = f" of {_months(story, fall)}" if len(falls) > 1 else ""
        called = f"a fall of at least {DEEP * 100:.0f} % by closes on record" if fall.recorded else largest
        highest = f"where the listed companies together stand highest before {called}"
        wanted.append(Cut(fall.top, f"{FALL}{when}", highest, fall))
        lowest = f"the day after the listed companies together stand lowest in {called}"
        wanted.append(Cut(fall.bottom + DAY, f"{AFTER}{when}", lowest))
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
    if any(cut.fall for cut in kept):
        short = "the day after they stand lowest"
        kept = [evolve(cut, why=short) if cut.title.startswith(AFTER) else cut for cut in kept]
    kept.sort(key=lambda cut: cut.moment)
    ends = [*(cut.moment for cut in kept), until][1:]
    kept = [evolve(cut, title=_titled(cut, end)) for cut, end in zip(kept, ends, strict=False)]
    opening = "The first turn" if begun and begun[0] - start < least else "The build-up"
    return [Cut(start, opening, ""), *kept]


def _titled(cut: Cut, end: int) -> str:
    """The title of a chapter that ends at a moment: one that goes on after its fall is of more than that."""
    goes_on = cut.fall is not None and end > cut.fall.bottom + DAY
    return f"{cut.title} and after" if goes_on else cut.title


def _months(story: Story, fall: Fall) -> str:
    """The months from the top of a fall to its bottom: January to April 2025."""
    (first, begun, _), (last, ended, _) = (story.calendar.date(at) for at in (fall.top, fall.bottom))
    until = f"{MONTHS[ended - 1]} {last}"
    if (first, begun) == (last, ended):
        return until
    return f"{MONTHS[begun - 1]}{f' {first}' if first != last else ''} to {until}"
