"""Finding a history: a story's name or a database file, with `@branch` if not main."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from events.branch import MAIN
from events.errors import NotALog, Wrong
from events.log import Log
from events.record_facts import Opening
from narrative.engine.opening import MODEL
from narrative.engine.world import World
from narrative.story.calendar import BadDate, Calendar, count
from narrative.story.held import broken, lacking, unfit
from narrative.story.model import Story
from narrative.story.observed import NAME as OBSERVED
from narrative.story.observed import observed_within
from narrative.text.numbers import short

FAULTS = 20  # of a stranger's story that are told


class BadAddress(Wrong):
    """A history that is not where it was said to be."""


class BadPosition(Wrong):
    """No position of a history."""


class BadSpan(Wrong):
    """A length that is none, or two ends in the wrong order."""


class ChangedModel(Wrong):
    """A history was lived by another version of the processes."""

    code = 3


@frozen
class Address:
    """The place of a history: its database and branch, which was `named` or is main. `story` is set where a
    name stood for the place.
    """

    path: Path
    branch: str
    story: str | None
    named: bool = False


@frozen
class History:
    """An open history."""

    log: Log
    branch: str
    path: str


def address(text: str) -> Address:
    """Read `HISTORY`: ``ai-2025``, ``ai-2025@calm``, ``some/where.db@calm``."""
    check_spoken(text)
    folder, slash, last = text.rpartition("/")  # no branch has a "/" or an "@" in its name, a folder may
    name, at, branch = last.rpartition("@")
    if not at or Path(text).is_file() or (Path(text) / "replay.toml").is_file():
        name, at, branch = last, "", ""
    name = f"{folder}{slash}{name}"
    if not name:
        raise BadAddress(f'"{text}" names no history; give a story or a database file.')
    if at and not branch:
        raise BadAddress(f'"{text}" names no branch after "@"; write {name}@{MAIN}, or {name} alone.')
    path = Path(name)
    if path.suffix == ".db" or path.is_file():
        return Address(path, branch or MAIN, None, bool(branch))
    story = path.resolve().name if path.is_dir() else name
    return Address(Path(f"{story}.db"), branch or MAIN, name, bool(branch))


def check_spoken(text: str) -> None:
    """Raises BadAddress for a name that is no UTF-8 text, which no database has and no answer could give."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise BadAddress(f"{text!a} is no UTF-8 text, so no history has that name. Rename it.")


def begun(log: Log, where: Address) -> None:
    """Raises UnknownBranch for a branch that is not there, NotALog where nothing was appended, or what opens
    it is a story that no history could be shown with.
    """
    if log.head(where.branch).position == 0:
        raise NotALog(f"{where.path} holds no events yet. `narrative run` begins a history there.")
    fact = log.opening(where.branch).fact
    if isinstance(fact, Opening):
        _held(str(where.path), unfit(Story.load(fact.text)))


def _held(where: str, faults: Iterator[str]) -> None:
    found = list(islice(faults, FAULTS))
    if found:
        raise NotALog(
            f"The story that opens {where} breaks the rules that `check` holds a story to: "
            f"{'; '.join(found)}. No version of this program wrote it so; ask whoever gave it to you."
        )


def story_of(history: History) -> Story:
    """The story that a history tells, as it stood when the history was opened."""
    return Story.load(opening_of(history).text)


def lived_to(history: History) -> int:
    """The moment up to which a history has been lived."""
    head = history.log.head(history.branch)
    return max(moment for moment in (head.lived, head.moment) if moment is not None)


def meant(history: History) -> int | None:
    """The moment up to which a history was meant to be lived, where it was cut short before; else None."""
    target = history.log.head(history.branch).target
    return target if target is not None and target > lived_to(history) else None


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


def means_position(at: int | str) -> bool:
    """True for a position, as 250, `250` or `#250`; False for a date."""
    return isinstance(at, int) or at.startswith("#") or count(at) is not None


def place(history: History, at: int | str | None, calendar: Calendar) -> tuple[int, int]:
    """The (position, moment) that `--at` means: the end of what was lived where it is absent."""
    head = history.log.head(history.branch)
    end = max(head.moment or 0, head.lived if head.lived is not None else head.moment or 0)
    if at is None:
        return head.position, end
    if isinstance(at, int) or means_position(at):
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


def check_model(history: History) -> None:
    """Raises ChangedModel for a history that other processes have lived."""
    model = opening_of(history).model
    if model != MODEL:
        signed = history.log.signed(MAIN)
        version = f" (version {signed[0]})" if signed else ""
        raise ChangedModel(
            f"{history.path} was lived by model {model} and this program is model {MODEL}; living on "
            f"would mix the two. Run the story anew, or install the version that lived it{version}."
        )


def check_opened(log: Log) -> None:
    """Raises NotALog or BadFact for a log that no story opens, or one that breaks the rules of `check`, and
    StoryFaults for observations beside it that do.
    """
    for opening in log.read(MAIN, 1, 1):
        if isinstance(opening.fact, Opening):
            story = Story.load(opening.fact.text)
            _held("the file", broken(story))
            if opening.fact.model == MODEL:  # what lived it asks for it
                _held("the file", lacking(story))
            observed = log.attached(OBSERVED)
            if observed is not None:
                observed_within(observed, story)
        World(opening)
        return
    raise NotALog(f"The file holds no events of {MAIN}, so no story opens it; export the history again.")


def end_asked(history: History, until: str | None, calendar: Calendar) -> int | None:
    """The moment to which a history is to be lived on: the one it was aimed at unless another is asked, and
    None where it has none. Raises BadDate for one before what was lived.
    """
    if until is None:
        return history.log.head(history.branch).target
    end = calendar.at(until)
    if end < lived_to(history):
        raise BadDate(
            f"{until} lies before {calendar.iso(lived_to(history))}, to which {history.branch} was "
            "lived already. Name a later moment, or fork at that one with `narrative what-if`."
        )
    return end


def branches_of(history: History) -> list[dict[str, Any]]:
    """Every branch of a history's database, the oldest first, as plain data."""
    calendar, log = story_of(history).calendar, history.log
    rows = []
    for branch in log.branches():
        head, end = log.head(branch.name), meant(evolve(history, branch=branch.name))
        rows.append(
            {
                "branch": branch.name,
                "parent": branch.parent,
                "fork_position": branch.position if branch.parent else None,
                "question": branch.question,
                "events": head.position,
                "until": calendar.iso(head.lived) if head.lived is not None else None,
                "meant": None if end is None else calendar.iso(end),
                "digest": head.digest.hex(),
            }
        )
    return rows
