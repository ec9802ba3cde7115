"""The score of a story: told steps beside the moves of its record, and beside what was observed of markets
that the record does not hold.

Both are one step ahead and nothing is fitted. Of what was observed, a case is an actor between two observed
values (or prices) round an entry, or an observed return that names its entries; the market's part of such a
move is not known.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from math import log1p
from pathlib import Path
from typing import Any

from events.event import Event
from events.market_facts import Quote, Repricing, Residual, Split
from narrative.analysis.score import (
    DRAWS,
    Case,
    Levels,
    NoRecord,
    Pair,
    case_of,
    cases,
    estimates,
    market_lived,
)
from narrative.books.readings import whole_step
from narrative.story.calendar import DAY
from narrative.story.model import Story
from narrative.story.observed import Observed, read_observed

LEVELS = ("market_value", "price")  # kinds of which a move is the change from one to the next
RETURNS = ("return_pct", "one_day_return_pct")


def scored_beside(folder: Path, story: Story) -> dict[str, Any]:
    """The score of a story in a folder, with what was observed beside it. Raises NoRecord and StoryFaults."""
    return scored(story, read_observed(folder, story))


def scored(story: Story, observed: Observed) -> dict[str, Any]:
    """The score of a story's told entries against its quotes and against observations, as plain data. Raises
    NoRecord for a story that has neither.
    """
    until = story.record.until if story.record is not None and story.quotes else None
    last = max((row.moment for row in observed.rows), default=story.start)
    events = market_lived(story, max(until or story.start, min(last, story.until)))
    quoted = cases(events) if until is not None else []
    seen = [*cases(_unquoted(events), _levels(observed)), *_returned(events, observed)]
    if until is None and not seen:
        raise NoRecord(
            f"{story.id} has no quotes, and nothing observed round what is told in it, so that nothing can "
            "be held against a price; `narrative import` takes quotes in with --quotes."
        )
    fitted = {name for parameter in story.parameters for name in parameter.fitted}
    found = [case for case in quoted if fitted.isdisjoint(case.entries)]
    adjusted = [Pair(case.step, case.move - case.market, case.amount) for case in found]
    return {
        "story": story.id,
        "until": None if until is None else story.calendar.iso(until),
        "draws": DRAWS,
        **_side(story, quoted, fitted),
        "adjusted": estimates(adjusted, _days(found)),
        "observed": _side(story, seen, fitted) if seen else None,
    }


def _side(story: Story, every: Sequence[Case], fitted: Collection[str]) -> dict[str, Any]:
    """Cases counted, less those of entries that a parameter was fitted on, their scores, and each of them,
    the largest miss first.
    """
    found = [case for case in every if not any(name in fitted for name in case.entries)]
    return {
        "cases": len(found),
        "fitted": len(every) - len(found),
        "entries": len({name for case in found for name in case.entries}),
        "assets": len({case.asset for case in found}),
        "days": len(set(_days(found))),
        "raw": estimates([Pair(case.step, case.move, case.amount) for case in found], _days(found)),
        "reactions": [_reaction(case, story) for case in sorted(found, key=_miss)],
    }


def _days(found: Sequence[Case]) -> list[int]:
    return [case.moment // DAY for case in found]


def _miss(case: Case) -> tuple[float, int, str]:
    """Sorts the largest miss first."""
    return -abs(case.move - case.market - case.step), case.moment, case.asset


def _reaction(case: Case, story: Story) -> dict[str, Any]:
    return {
        "asset": case.asset,
        "entries": list(case.entries),
        "headline": case.headline,
        "since": story.calendar.iso(case.since),
        "moment": story.calendar.iso(case.moment),
        "step": case.step,
        "move": case.move,
        "market": case.market,
        "amount": case.amount,
        "miss": case.move - case.market - case.step,
    }


# --- what was observed ----------------------------------------------------------------------------


def _unquoted(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if not isinstance(event.fact, Quote | Residual | Split)]


def _levels(observed: Observed) -> Levels:
    """Observed values by actor, or prices of whom they are more."""
    found: dict[str, dict[str, list[tuple[int, float]]]] = defaultdict(lambda: defaultdict(list))
    for row in observed.rows:
        if row.kind in LEVELS and row.value > 0.0:
            found[row.actor][row.kind].append((row.moment, row.value))
    return {actor: max(kinds.values(), key=len) for actor, kinds in found.items()}


def _returned(events: Sequence[Event], observed: Observed) -> Iterator[Case]:
    """A case for each observed return of an actor that the entries it names reprice."""
    told = {event.position: (event, event.fact.told) for event in events if event.fact.told is not None}
    steps: dict[tuple[str, str], list[tuple[Event, Repricing]]] = defaultdict(list)
    for event in events:
        fact = event.fact
        if isinstance(fact, Repricing) and event.causes and event.causes[0] in told and whole_step(fact):
            entry, words = told[event.causes[0]]
            steps[fact.asset, words.entry].append((entry, fact))
    for row in observed.rows:
        found = [one for name in row.entries for one in steps[row.actor, name]]
        if row.kind in RETURNS and found and row.value > -100.0:
            yield case_of(row.actor, found, found[0][0].moment, row.moment, log1p(row.value / 100.0))
