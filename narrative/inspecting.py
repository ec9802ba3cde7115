"""The verbs that look into a history event by event: log, show, why, note."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from events.errors import Wrong
from events.event import Event
from narrative.history import History, opening_of, place
from narrative.living import performed
from narrative.looking import Asked, Names, asked, pages, plain_event, unknown
from narrative.noting import READER, noted
from narrative.prose.sentences import Speech
from narrative.scenario import Story
from narrative.showing import explained, position_of, shown, traced
from narrative.tracing import DEPTH
from narrative.views import Why


def log(  # noqa: PLR0913  # one argument a flag
    history: str,
    *,
    since: int | str | None = None,
    until: int | str | None = None,
    kind: Names = (),
    family: Names = (),
    origin: Names = (),
    actor: Names = (),
    counterparty: Names = (),
    narrative: Names = (),
    confidence: Names = (),
    least: int | str | None = None,
    text: str = "",
    follow: bool = False,
) -> Iterator[dict[str, Any]]:
    """The events of a branch that meet every condition, each as a line of plain data.

    `since` and `until` are positions or dates, both included; `least` is a sum, as 1bn, or a number
    of smallest units; `text` stands in what was told. `follow` waits for more, for ever.
    """
    given = {
        "since": since, "until": until, "kind": kind, "family": family, "origin": origin, "actor": actor,
        "counterparty": counterparty, "narrative": narrative, "confidence": confidence, "least": least,
        "text": text,
    }  # fmt: skip  # one list
    with events(history, follow=follow, **given) as (story, _, found):
        for page in found:
            for event in page:
                yield plain_event(event, story.calendar)


@contextmanager
def events(
    history: str, *, follow: bool = False, **given: Any
) -> Iterator[tuple[Story, Asked, Iterator[Iterator[Event]]]]:
    """The story, what is asked of its log, and the events that meet it: those there now, then more."""
    with performed(history) as found:
        story = Story.load(opening_of(found).text)
        wanted = asked(found, **given)
        yield story, wanted, pages(found, wanted, follow=follow)


def show(history: str, position: int | str) -> dict[str, Any]:
    """One event whole: its fact and source, what it rests on, what rests on it, what it posted, and
    each account that it touched before and after.
    """
    with performed(history) as found:
        return shown(found, position_of(found, position), _speech(found))


def why(
    history: str,
    what: int | str,
    reading: str | None = None,
    *,
    at: str | None = None,
    effects: bool = False,
    depth: int | None = DEPTH,
    most: int | None = None,
) -> Why:
    """Why an event happened (`what` is a position), or why an actor's reading is what it is.

    Of an event the tree of its causes, or of its effects, up to a depth. Of a reading the postings
    that make it up, largest first; their sum and the residual are the total. Beyond `most` of them
    the others are summed up.
    """
    with performed(history) as found:
        speech = _speech(found)
        if reading is None:
            _no_actor(what, speech.story)
            return Why(traced(found, position_of(found, what), speech, effects=effects, depth=depth))
        if effects:
            raise Wrong("Only an event has effects; give a position, as in `why HISTORY 250 --effects`.")
        actors = {actor.id for actor in speech.story.actors}
        if what not in actors:
            raise unknown("actor", str(what), actors)
        where = place(found, at, speech.story.calendar)
        return Why(explained(found, where, str(what), reading, speech, most))


def note(
    history: str, text: str, *, at: str | None = None, about: int | str | None = None, author: str = READER
) -> dict[str, Any]:
    """Append a Note to the end of a branch: about an event, about the history as it stood at a moment,
    or about all of it. It changes nothing else.
    """
    with performed(history, read_only=False) as found:
        if at is not None and about is not None:
            raise Wrong("A note is about an event or about a moment; give --about or --at, not both.")
        position = None if about is None else position_of(found, about)
        calendar = Story.load(opening_of(found).text).calendar
        if at is not None:
            position = place(found, at, calendar)[0]
        return plain_event(noted(found, text, author=author, about=position), calendar)


def _speech(found: History) -> Speech:
    return Speech(Story.load(opening_of(found).text))


def _no_actor(what: int | str, story: Story) -> None:
    if any(actor.id == what for actor in story.actors):
        raise Wrong(f"Which reading of {what}? Add one, as in `why HISTORY {what} valuation`.")
