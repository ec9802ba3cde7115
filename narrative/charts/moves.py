"""The told moves that a chart of values names: the largest steps that news gave a drawn company."""

from collections.abc import Mapping, Sequence
from math import expm1

from attrs import frozen

from events.event import Event
from events.market_facts import Repricing
from narrative.analysis.replay import repricings
from narrative.analysis.score import moved_at
from narrative.books.readings import NANO
from narrative.story.calendar import Calendar
from narrative.story.model import Story
from narrative.text.numbers import change
from narrative.text.words import clean

NAMED = 3  # moves on a chart


@frozen
class Move:
    """News that moved a company: whose, when, by how much the model read it and prices moved (parts of one,
    None where no price is on record), and what was told, by whom.
    """

    asset: str
    name: str
    moment: int
    step: float
    moved: float | None
    headline: str
    source: str

    def words(self, calendar: Calendar) -> str:
        """The move in a line, for the foot of a chart."""
        moved = "no price on record"
        if self.moved is not None:
            moved = f"price {change(self.moved)} to the next close"
        when = calendar.long_day(self.moment)
        return f"{self.name}, {when}: news read as {change(self.step)}, {moved}. {self.headline}"


def largest_moves(
    events: Sequence[Event],
    story: Story,
    names: Mapping[str, str],
    spans: Mapping[str, tuple[int, int]],
) -> tuple[Move, ...]:
    """The largest told moves of the actors named by id, each within its span (ends included), in order of
    time. `events` are a history's of that story.
    """
    told = {event.position: event for event in events if event.fact.told is not None}
    found: list[Move] = []
    prices = moved_at(events)
    for event, step in repricings(events, story):
        assert isinstance(event.fact, Repricing)
        cause = told.get(event.causes[0]) if event.causes else None
        asset = event.fact.asset
        if asset not in names or cause is None or cause.fact.told is None:
            continue
        since, until = spans[asset]
        if not since <= event.moment <= until:
            continue
        said = cause.fact.told
        moved = prices.get((asset, said.entry))
        size = expm1(step * NANO), None if moved is None else expm1(moved)
        words = clean(said.headline), clean(said.source)
        found.append(Move(asset, names[asset], event.moment, *size, *words))
        if len(found) == NAMED:
            break
    return tuple(sorted(found, key=lambda move: (move.moment, move.asset)))
