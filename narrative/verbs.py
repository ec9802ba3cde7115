"""The verbs: what the command, the page and a Python program can do, under one name each.

Each returns plain data, the same that `--json` prints. HISTORY is a story's name or a database file,
with `@branch` if not main; a story's name stands for ``./<name>.db``, performed first if absent.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec

from events.codec import schema as fact_schema
from events.errors import Wrong
from narrative.compare import compared, differing
from narrative.gains import table as gains
from narrative.handing import export, history, import_, query
from narrative.history import address, place, span, story_of
from narrative.inspecting import log, note, show, why
from narrative.living import ChangedModel, HistoryTaken, performed, present, resume, run, what_if
from narrative.loop import in_cash, in_order, table, turns
from narrative.page.make import page
from narrative.plot import plot
from narrative.prepared import prepared
from narrative.run import world_at
from narrative.stories import find_story, list_stories, new_story
from narrative.story.check import check_story
from narrative.story.published import story_schemas
from narrative.tell import tell
from narrative.timeline import read_story
from narrative.verify import verified_file

__all__ = [
    "ChangedModel",
    "HistoryTaken",
    "backup",
    "branches",
    "check",
    "compare",
    "diff",
    "export",
    "history",
    "import_",
    "log",
    "loop",
    "new",
    "note",
    "page",
    "performed",
    "plot",
    "query",
    "replay",
    "resume",
    "run",
    "schema",
    "show",
    "stories",
    "tell",
    "verify",
    "what_if",
    "why",
]


def stories() -> list[dict[str, Any]]:
    """Every story that can be run by name."""
    found = []
    for name in list_stories():
        folder = find_story(name)
        story = read_story(folder)
        found.append(
            {
                "story": story.id,
                "title": story.title,
                "question": story.question,
                "from": story.calendar.day(story.start),
                "until": story.calendar.day(story.until),
                "entries": len(story.entries),
                "what_ifs": prepared(folder),
            }
        )
    return found


def check(story: str) -> dict[str, Any]:
    """Every fault of a story's files, as `file:line: what`; none for a good one."""
    folder = find_story(story)
    faults = check_story(folder)
    entries = None if faults else len(read_story(folder).entries)
    return {"story": folder.name, "entries": entries, "faults": [str(fault) for fault in faults]}


def new(path: str | Path) -> dict[str, Any]:
    """A small story of one's own to start from, which passes `check`."""
    return {"story": Path(path).name, "files": [str(file) for file in new_story(Path(path))]}


def branches(history: str) -> list[dict[str, Any]]:
    """Every branch of a history's database."""
    with performed(history) as found:
        calendar = story_of(found).calendar
        rows = []
        for branch in found.log.branches():
            head = found.log.head(branch.name)
            rows.append(
                {
                    "branch": branch.name,
                    "parent": branch.parent,
                    "fork_position": branch.position if branch.parent else None,
                    "question": branch.question,
                    "events": head.position,
                    "until": calendar.iso(head.lived) if head.lived is not None else None,
                    "digest": head.digest.hex(),
                }
            )
        return rows


def verify(history: str) -> dict[str, Any]:
    """Whether the bytes are those that were appended, living again gives the same, and both folds agree."""
    return verified_file(present(address(history)))


def backup(history: str, path: str | Path) -> dict[str, Any]:
    """A copy of a history's database, whole even while it is being written."""
    with performed(history) as found:
        found.log.backup(Path(path))
        return {"db": found.path, "backup": str(path), "branches": len(found.log.branches())}


def schema() -> dict[str, Any]:
    """JSON Schema of every kind of fact, and of the files of a story."""
    return {"facts": msgspec.json.decode(msgspec.json.encode(fact_schema())), **story_schemas()}


def replay(history: str, *, at: str | None = None) -> dict[str, Any]:
    """A history folded to one moment: what actors were worth, owed and believed then."""
    from narrative.picture import picture  # noqa: PLC0415  # reads what was observed, to be looked at alone

    with performed(history) as found:
        calendar = story_of(found).calendar
        position, moment = place(found, at, calendar)
        return picture(found, position, moment)


def diff(history: str, other: str) -> dict[str, Any]:
    """Where two histories part, what each has for itself, and the readings that differ."""
    with performed(history) as one, performed(other) as two:
        return {"A": history, "B": other, **differing(one, two)}


def compare(histories: Sequence[str], *, every: str = "1d") -> dict[str, Any]:
    """Two or more histories on one time axis: readings, gaps and the first divergence."""
    if len(histories) < 2:
        raise Wrong("compare takes two histories or more; `narrative branches` lists a file's.")
    with ExitStack() as stack:
        found = [stack.enter_context(performed(history)) for history in histories]
        return compared(found, every=span(every))


def loop(history: str, *, at: str | None = None) -> dict[str, Any]:
    """The turns of the story's circle by rung and origin, with missing steps, and the loop gains."""
    with performed(history) as found:
        story = story_of(found)
        position, moment = place(found, at, story.calendar)
        events = list(found.log.read(found.branch, 1, position))
        turned = turns(story, events)
        return {
            "story": story.id,
            "branch": found.branch,
            "position": position,
            "moment": story.calendar.iso(moment),
            "currency": story.money.currency,
            "digits": story.money.digits,
            "circle": [{"step": step.step, "text": step.text} for step in story.circle],
            "turns": table(story, turned),
            "gains": gains(world_at(found.log, found.branch, position), moment),
            "whole": sum(not turn.missing for turn in turned),
            "in_order": sum(map(in_order, turned)),
            "in_cash": sum(map(in_cash, turned)),
        }
