"""Checks before a story is performed, with nothing written yet, and the outcome of living it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import evolve

from events.errors import Wrong
from events.fields import LIMIT
from events.log import Log, open_log
from narrative.engine.begin import begin
from narrative.engine.player import player_of
from narrative.engine.run import Pen
from narrative.engine.world import World
from narrative.story.calendar import BadDate
from narrative.story.model import CASTS, Story
from narrative.text.numbers import short

MAIN = "main"
UNANCHORED = "none"  # no quotes at all
Say = Callable[[str], None]


class HistoryTaken(Wrong):
    """A database already holds a history."""

    code = 3


class BadSeed(Wrong):
    """A seed that no history can keep."""


class BadCast(Wrong):
    """A cast that there is not."""


def end_of(story: Story, until: str | None) -> int:
    """The moment to which a story is to be lived. Raises BadDate for one before it opens."""
    end = story.until if until is None else story.calendar.at(until)
    if end < story.start:
        opening = story.calendar.iso(story.start)
        raise BadDate(f"{until} lies before the story opens at {opening}, so there is nothing to live.")
    return end


def anchored(story: Story, quotes: str | None, say: Say | None) -> Story:
    """The story with its quotes up to `quotes`, a date (its end) or an ISO time: all where it is absent, and
    none where it is "none". Says from when on prices are the model's alone. Raises BadDate.
    """
    if quotes is None:
        return story
    last = None if quotes == UNANCHORED else story.calendar.at(quotes)
    kept = tuple(quote for quote in story.quotes if last is not None and quote.moment <= last)
    if say is not None and len(kept) < len(story.quotes):
        since = f"after {story.calendar.day(kept[-1].moment)}" if kept else "from the opening on"
        say(f"Prices are the model's alone {since}: later quotes of {story.id} are not told.")
    return evolve(story, quotes=kept)


def check_begins(story: Story, seed: int, cast: str, end: int) -> None:
    """Begin in memory, so that what cannot begin, or nobody can play, leaves no file behind."""
    if cast not in CASTS:
        raise BadCast(f'"{short(cast)}" is no cast; it is one of {", ".join(CASTS)}.')
    if not -LIMIT <= seed <= LIMIT:
        raise BadSeed(f"{seed} is too large for a seed; give a whole number from 0 to {LIMIT}.")
    with open_log(None) as log:
        check_plays(begin(log, MAIN, story, seed=seed, cast=cast, until=end))


def check_plays(world: World) -> None:
    """Raises UnknownProcess, BadProcess or Untrusted where somebody in a history cannot play here."""
    for part in world.parts:
        player_of(part)


def check_empty(log: Log, path: Path) -> None:
    """Raises HistoryTaken for a log that holds a history."""
    if log.head(MAIN).position:
        raise HistoryTaken(
            f"{path} holds a history already. `narrative resume {path}` completes it; "
            "`--db` names another file."
        )


def warn(say: Say | None, story: Story, cast: str, end: int) -> None:
    """Say that only the full cast acts beyond the end of a story, where another cast is to live there."""
    if say is not None and end > story.until and cast != "full":
        day = story.calendar.day(story.until)
        say(f"Nothing is told after {day}, where the story ends; only the full cast acts beyond it.")


def outcome(log: Log, branch: str, path: str | Path, pen: Pen, before: int = 0) -> dict[str, Any]:
    """How far a branch was lived, as plain data; `before` is how many events it held beforehand."""
    head, calendar = log.head(branch), pen.world.story.calendar
    return {
        "branch": branch,
        "events": head.position,
        "appended": head.position - before,
        "moments": pen.moments + (before == 0),  # the opening is appended before the pen is taken up
        "from": calendar.iso(pen.world.opened),
        "until": calendar.iso(head.lived if head.lived is not None else pen.world.moment),
        "digest": head.digest.hex(),
        "db": str(path),
    }
