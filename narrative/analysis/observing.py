"""Observations beside a history: as they travelled with it, else as its story's folder has them."""

from collections.abc import Iterable

from attrs import evolve

from events.codec import to_event
from events.event import Event
from events.search import Sought
from narrative.analysis.history import History, story_of
from narrative.analysis.record import SHARED, shares_by
from narrative.story.model import Story
from narrative.story.observed import NAME as OBSERVED
from narrative.story.observed import (
    Observation,
    Observed,
    observed_beside,
    observed_within,
)
from narrative.story.observed import observed_text as carried

__all__ = ["OBSERVED", "carried", "observed_of", "observed_rows"]


def observed_of(history: History) -> Observed:
    """The observations beside a history. A price counts as a market value too, times the shares that the
    history knows of its company on that day; where it knows none, it stays a price.
    """
    observed = observed_rows(history)
    if not any(row.kind == "price" for row in observed.rows):
        return observed
    rows = history.log.find(history.branch, Sought(kinds=SHARED))
    return evolve(observed, rows=tuple(valued(observed.rows, map(to_event, rows), story_of(history))))


def observed_rows(history: History) -> Observed:
    """The observations beside a history, as they were written."""
    story, text = story_of(history), history.log.attached(OBSERVED)
    return observed_beside(story) if text is None else observed_within(text, story)


def valued(rows: Iterable[Observation], events: Iterable[Event], story: Story) -> Iterable[Observation]:
    """The observations in date order; a price times its company's shares on that day is a market value,
    where none was observed at that moment.
    """
    rows, shares, coming = tuple(rows), dict[str, int](), iter(events)
    stated = {(row.moment, row.actor) for row in rows if row.kind == "market_value"}
    ahead = next(coming, None)
    for row in rows:
        while ahead is not None and ahead.moment <= row.moment:
            for asset, count in shares_by(ahead):
                shares[asset] = shares.get(asset, 0) + count
            ahead = next(coming, None)
        known = shares.get(row.actor, 0)
        if row.kind == "price" and known > 0 and (row.moment, row.actor) not in stated:
            value = row.value * known * 10**story.money.digits
            yield evolve(row, kind="market_value", value=value)
        else:
            yield row
