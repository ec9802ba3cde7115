"""The verbs that look into a history event by event: log, show, why, note."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from attrs import frozen

from events.errors import Wrong
from events.event import Event
from narrative.flags import Names, asked
from narrative.history import History, opening_of, place, position_of
from narrative.living import performed
from narrative.looking import Asked, pages, plain_event
from narrative.naming import UnknownName, actor_named, reading_named
from narrative.noting import READER, noted
from narrative.prose.sentences import Speech
from narrative.scenario import Story
from narrative.showing import explained, shown, traced
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
    party: Names = (),
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
        "counterparty": counterparty, "party": party, "narrative": narrative, "confidence": confidence,
        "least": least, "text": text,
    }  # fmt: skip  # one list
    with events(history, follow=follow, **given) as found:
        for page in found.pages:
            for event in page:
                yield plain_event(event, found.story.calendar)


@frozen
class Looked:
    """The story of a history, what is asked of its log, and the events that meet it: those of the
    `count` there now, then more.
    """

    story: Story
    asked: Asked
    pages: Iterator[Iterator[Event]]
    count: int


@contextmanager
def events(history: str, *, follow: bool = False, **given: Any) -> Iterator[Looked]:
    """The events of a branch that meet every condition."""
    with performed(history) as found:
        wanted = asked(found, ahead=follow, **given)
        story, end = Story.load(opening_of(found).text), found.log.head(found.branch).position
        yield Looked(story, wanted, pages(found, wanted, follow=follow), end)


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
    depth: int | None = None,
    most: int | None = None,
    every: bool = False,
) -> Why:
    """Why an event happened (`what` is a position), or why an actor's reading is what it is.

    Of an event the tree of its causes, or of its effects, 8 steps deep, or `depth`, or `every` one. Of
    a reading the postings that make it up, largest first; their sum and the residual are the total.
    Beyond `most` of them the others are summed up; without it every one is listed.
    """
    if every and (depth, most) != (None, None):
        raise Wrong("Every part, or so many of them: leave --all away, or the number.")
    _fits(reading, at=at, effects=effects, depth=depth, most=most)
    with performed(history) as found:
        speech = _speech(found)
        if reading is None:
            _no_actor(what, speech.story)
            steps = None if every else depth or DEPTH
            return Why(traced(found, position_of(found, what), speech, effects=effects, depth=steps))
        actor, named = actor_named(speech.story, str(what)), reading_named(reading)
        where = place(found, at, speech.story.calendar)
        return Why(explained(found, where, actor, named, speech, None if every else most))


def _fits(
    reading: str | None,
    *,
    at: str | None,
    effects: bool,
    depth: int | None,
    most: int | None,
) -> None:
    """Raises Wrong for what belongs to an event where a reading is asked for, or the other way."""
    if reading is None and (at is not None or most is not None):
        flag, why = ("--at", "its own moment") if at is not None else ("most", "a tree, which --depth cuts")
        raise Wrong(f"{flag} belongs to a reading; an event has {why}.")
    if reading is not None and effects:
        raise Wrong("Only an event has effects; give a position, as in `why HISTORY 250 --effects`.")
    if reading is not None and depth is not None:
        raise Wrong("--depth belongs to an event; leave --depth away; --all lists every part.")
    for name, number in (("depth", depth), ("most", most)):
        if number is not None and number < 1:
            raise Wrong(f"{name} is {number}; ask for 1 at least, or leave it away.")


def note(
    history: str, text: str, *, at: str | None = None, about: int | str | None = None, author: str = READER
) -> dict[str, Any]:
    """Append a Note to the end of a branch: about an event, about the history as it stood at a moment,
    or about all of it. It changes nothing else.

    Gives the event as a line of `log`: position, moment, kind, origin, actor, causes, fact, digest. Raises
    BadFact for words that no note can bear, BadDate, Locked where another process writes, Unwritable.
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
    with suppress(UnknownName):
        name = actor_named(story, str(what))
        raise Wrong(f"Which reading of {name}? Add one, as in `why HISTORY {name} valuation`.")
