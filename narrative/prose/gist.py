"""The gist of an event in a few words, for a line of a log, a tree or a page."""

from typing import Any

from events.codec import to_event
from events.event import Event
from events.facts import Note
from events.market_facts import Repricing
from events.record_facts import Result, Supposition
from events.search import Sought
from narrative.analysis.history import History, story_of
from narrative.books.readings import beyond
from narrative.books.table import TABLE
from narrative.prose.moving import left_of_calls
from narrative.prose.sentences import Speech, lessened, step_of
from narrative.text.words import clean

CALLING = {row.kind for row in TABLE.postings if row.account == "called"}


def speech_of(history: History) -> Speech:
    """The words for the events of one history: those of its story, and what is left of its margin calls."""
    rows = history.log.find(history.branch, Sought(kinds=CALLING))
    return Speech(story_of(history), left_of_calls(map(to_event, rows)))


def gist(event: Event, speech: Speech) -> str:
    """The headline it was told in, or what its kind says."""
    fact = event.fact
    if isinstance(fact, Repricing):
        far = ", beyond what (7) was fitted on" if beyond(fact) else ""
        name = clean(fact.asset)
        asset = speech.whose(fact.asset, event.moment, name) if step_of(fact) else name
        return speech.short(event, asset=asset) + far
    if fact.told is not None and not isinstance(fact, Result) and not lessened(event):
        return clean(fact.told.headline)
    if isinstance(fact, Note):
        return clean(fact.text)
    if isinstance(fact, Supposition):
        return speech.supposed(event)
    return speech.plain(event)


def brief(event: Event, speech: Speech) -> dict[str, Any]:
    """An event in a line, as plain data."""
    return {
        "position": event.position,
        "moment": speech.story.calendar.iso(event.moment),
        "kind": event.kind,
        "origin": event.origin,
        "actor": event.actor,
        "gist": gist(event, speech),
    }
