"""Names of actors and readings as people write them, and the nearest to a name that nobody bears."""

from collections.abc import Iterable, Sequence

from events.codec import nearest
from events.errors import Wrong
from narrative.analysis.replay import reading_names
from narrative.story.model import Story
from narrative.text.numbers import short

MANY = 12  # names that are listed where none is near
SHORT = {"value": "valuation", "ltv": "loan_to_value"}


class UnknownName(Wrong):
    """A kind, an actor or another name that this history does not have."""


class UnknownReading(Wrong):
    """A reading that no actor has."""


def actor_named(story: Story, text: str, besides: Iterable[str] = ()) -> str:
    """The actor that an id or a name means, in either case; `besides` may be meant too."""
    names = {name.lower(): name for name in besides}
    names |= {actor.name.lower(): actor.id for actor in story.actors}
    names |= {actor.id.lower(): actor.id for actor in story.actors}
    word = text.strip().lower()
    found = names.get(word)
    alike = [actor.id for actor in story.actors if actor.name.lower() == word and actor.id.lower() != word]
    if len(alike) > 1 and found in alike:
        raise UnknownName(f'"{short(text)}" is the name of {", ".join(alike)}. Say which by its id.')
    if found is None:
        near = nearest(text.strip().lower(), names)
        raise _unknown("actor", text, names[near] if near else None, sorted(set(names.values())))
    return found


def reading_named(text: str, besides: Sequence[str] = ()) -> str:
    """The reading that a word means: belief-share and ltv too. Raises UnknownReading with the nearest."""
    word = text.strip().lower().replace("-", "_").replace(" ", "_")
    word = SHORT.get(word, word)
    known = (*reading_names(), *besides)
    if word == "observed":
        raise UnknownReading("What was observed is not made of postings; the story's observed.toml has it.")
    if word not in known:
        near = nearest(word, known)
        hint = f'Did you mean "{near}"?' if near else f"There are: {', '.join(known)}."
        raise UnknownReading(f'"{short(text)}" is no reading of an actor. {hint}')
    return word


def unknown(what: str, name: str, known: Iterable[str]) -> UnknownName:
    """Return the error for a name that is none of `known`, with the nearest of them."""
    ordered = sorted(known)
    lower = {word.lower(): word for word in ordered}
    return _unknown(what, name, lower.get(nearest(name.lower(), lower) or ""), ordered)


def _unknown(what: str, name: str, near: str | None, known: Sequence[str]) -> UnknownName:
    many = f"{', '.join(known[:MANY])}{' and others' if len(known) > MANY else ''}"
    hint = f'Did you mean "{near}"?' if near else f"There are: {many}."
    return UnknownName(f'"{short(name)}" is no {what} of this history. {hint}')
