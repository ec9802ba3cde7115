"""A person's note at the end of a branch: it posts nothing, and nobody acts on it.

It is written once the moment up to which the branch was lived has closed, and shares it; what it is
about stands among its causes. Why so: docs/decisions/0007-notes-of-readers.md.
"""

from events.errors import BadFact, Wrong
from events.event import OUTSIDE, Draft, Event
from events.facts import Note
from narrative.analysis.history import History, lived_to, place, position_of, story_of
from narrative.story.model import Story

READER = "reader"  # who writes where nobody is named


def noted(history: History, text: str, *, author: str = READER, about: int | None = None) -> Event:
    """Append a note, of an event or of all that was lived. Raises BadFact, Locked, Unwritable."""
    log, branch = history.log, history.branch
    _refuse_actors(author, story_of(history))
    draft = Draft(author, _note(text, author), "supposed", causes=() if about is None else (about,))
    end = log.head(branch).position
    (event,) = log.append(branch, end, lived_to(history), [(draft,)])
    log.flush()
    return event


def position_about(history: History, at: int | str | None, event: int | str | None) -> int | None:
    """The position that a note is about: of an event, or of the history as it stood at a moment; None of all.

    Raises Wrong where both are given, BadDate, BadPosition.
    """
    if at is not None and event is not None:
        raise Wrong("A note is about an event or about a moment; give --about or --at, not both.")
    if at is not None:
        return place(history, at, story_of(history).calendar)[0]
    return None if event is None else position_of(history, event)


def _refuse_actors(author: str, story: Story) -> None:
    """Nobody notes in the name of whoever acts in the story."""
    taken = {OUTSIDE, *(role.process for role in story.cast.role)}
    taken |= {name for actor in story.actors for name in (actor.id, actor.name)}
    if author.strip().casefold() in {name.casefold() for name in taken}:
        raise BadFact(f'"{author}" acts in this story, so no note can be by it; name the reader who notes.')


def _note(text: str, author: str) -> Note:
    words = text.strip()
    try:
        words.encode()
    except UnicodeEncodeError:
        raise BadFact(f"{words!a} is not UTF-8 text, so it cannot be kept as a note.") from None
    if not words:
        raise BadFact("A note needs words; write them between quotes.")
    return Note(author=author, text=words)


def is_readers(event: Event) -> bool:
    """Whether an event is a note that a person added to what had been lived."""
    return isinstance(event.fact, Note) and event.origin == "supposed" and event.fact.told is None
