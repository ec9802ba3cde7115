"""Facts to append where it does not matter what they say, and what a log holds in plain lists."""

from events.event import Act, Draft
from events.facts import Note
from events.log import Log

Plain = tuple[int, str]  # moment, text


def note(text: str, **place: tuple[int, ...]) -> Draft:
    return Draft("anyone", Note(author="anyone", text=text), **place)


def say(*texts: str) -> Act:
    return tuple(note(text) for text in texts)


def append(log: Log, branch: str, moment: int, *texts: str) -> None:
    """One moment of one act, after whatever lies there."""
    log.append(branch, log.head(branch).position, moment, [say(*texts)])


def fill(log: Log, events: int, branch: str = "main") -> None:
    """Moments 10, 20, 30, … of one event each."""
    for number in range(1, events + 1):
        append(log, branch, number * 10, f"n{number}")


def told(log: Log, branch: str, start: int = 1, stop: int | None = None) -> list[Plain]:
    return [(event.moment, event.fact.text) for event in log.read(branch, start, stop)]  # type: ignore[attr-defined]  # all are notes
