"""Finding a history: a story's name or a database file, with `@branch` if not main."""

from pathlib import Path

from attrs import frozen

from events.branch import MAIN
from events.errors import NotALog, Wrong
from events.facts import Opening
from events.log import Log
from narrative.story.calendar import DAY, BadDate, Calendar, count
from narrative.story.model import Story
from narrative.text.numbers import short

_SPANS = {"h": 3600, "d": DAY, "w": 7 * DAY}


class BadAddress(Wrong):
    """A history that is not where it was said to be."""


class BadPosition(Wrong):
    """No position of a history."""


class BadSpan(Wrong):
    """A length that is none, or two ends in the wrong order."""


@frozen
class Address:
    """Where a history is: the database and the branch. `story` is set where a name stood for it."""

    path: Path
    branch: str
    story: str | None


@frozen
class History:
    """An open history."""

    log: Log
    branch: str
    path: str


def address(text: str) -> Address:
    """Read `HISTORY`: ``ai-2025``, ``ai-2025@calm``, ``some/where.db@calm``."""
    folder, slash, last = text.rpartition("/")  # no branch has a "/" in its name, a folder may have an "@"
    name, at, branch = last.partition("@")
    name = f"{folder}{slash}{name}"
    if not name:
        raise BadAddress(f'"{text}" names no history; give a story or a database file.')
    if at and not branch:
        raise BadAddress(f'"{text}" names no branch after "@"; write {name}@{MAIN}, or {name} alone.')
    path = Path(name)
    if path.suffix == ".db" or path.is_file():
        return Address(path, branch or MAIN, None)
    story = path.name if path.is_dir() else name
    return Address(Path(f"{story}.db"), branch or MAIN, name)


def begun(log: Log, where: Address) -> None:
    """Raises UnknownBranch for a branch that is not there, NotALog where nothing was appended."""
    if log.head(where.branch).position == 0:
        raise NotALog(f"{where.path} holds no events yet. `narrative run` begins a history there.")


def story_of(history: History) -> Story:
    """The story that a history tells, as it stood when the history was opened."""
    return Story.load(opening_of(history).text)


def lived_to(history: History) -> int:
    """The moment up to which a history has been lived."""
    head = history.log.head(history.branch)
    return max(moment for moment in (head.lived, head.moment) if moment is not None)


def opening_of(history: History) -> Opening:
    """The Opening of a history."""
    fact = history.log.opening(history.branch).fact
    if not isinstance(fact, Opening):
        raise NotALog(f"{history.path} does not begin with an Opening, so it is no history of ours.")
    return fact


def position_of(history: History, at: int | str, *, ahead: bool = False) -> int:
    """The position that `250`, `#250` or a number means; `ahead` takes one that is still to come.

    Raises BadPosition.
    """
    text = str(at)
    number, end = count(text.removeprefix("#")), history.log.head(history.branch).position
    if number is None or number < 1 or (number > end and not ahead):
        year = f" A year is written as {text}-01-01." if number is not None and len(text) == 4 else ""
        raise BadPosition(f'"{short(text)}" is not a position of this history; it has #1 to #{end}.{year}')
    return number


def place(history: History, at: str | None, calendar: Calendar) -> tuple[int, int]:
    """The (position, moment) that `--at` means: the end of what was lived where it is absent."""
    head = history.log.head(history.branch)
    end = max(head.moment or 0, head.lived if head.lived is not None else head.moment or 0)
    if at is None:
        return head.position, end
    if at.startswith("#"):
        number = position_of(history, at)
        event = history.log.event(history.branch, number)
        return event.position, event.moment
    moment = calendar.at(at)
    first = history.log.opening(history.branch)
    if moment < first.moment:
        raise BadDate(f"{at} lies before the history opens on {calendar.iso(first.moment)}.")
    if moment > end:
        if calendar.day(moment) == calendar.day(end):
            moment = end
        else:
            raise BadDate(
                f"{at} lies after {calendar.iso(end)}, to which this history was lived; "
                f"`narrative resume {history.path} --until {calendar.day(moment)}` lives it on."
            )
    return history.log.position_at(history.branch, moment), moment


def span(text: str) -> int:
    """The seconds of a length of time: 12h, 1d, 2w. Raises BadSpan."""
    number, unit = count(text[:-1]), text[-1:]
    if not number or unit not in _SPANS:
        raise BadSpan(f'"{short(text)}" is no span; write a number and h, d or w, as in 1d or 12h.')
    return number * _SPANS[unit]
