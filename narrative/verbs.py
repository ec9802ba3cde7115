"""The verbs: what the command, the page and a Python program can do, under one name each.

Each returns plain data, the same that `--json` prints. HISTORY is a story's name or a database file,
with `@branch` if not main; a story's name stands for ``./<name>.db``, performed first if absent.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec

from events.codec import encode
from events.codec import schema as fact_schema
from events.errors import Wrong
from events.fact import Fact
from events.log import Log, open_log
from narrative.calendar import DAY, Calendar
from narrative.check import check_story
from narrative.compare import compared, differing
from narrative.endowing import MODEL
from narrative.history import MAIN, Address, History, address, opened, opening_of, place
from narrative.loop import in_cash, in_order, table, turns
from narrative.prepared import prepared
from narrative.published import story_schemas
from narrative.run import Pen, Progress, begin, live, world_at
from narrative.scenario import Story
from narrative.stories import find_story, list_stories, new_story
from narrative.timeline import read_story
from narrative.verify import verified
from narrative.whatif import Inject, Say, requested, suppose, unused

SEED = 1


class HistoryTaken(Wrong):
    """A database already holds a history."""

    code = 3


class ChangedModel(Wrong):
    """A history was lived by another version of the processes."""

    code = 3


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


def run(
    story: str,
    *,
    db: str | Path | None = None,
    seed: int = SEED,
    until: str | None = None,
    cast: str | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Perform a story into a new history. Raises HistoryTaken where `db` holds one already."""
    told = read_story(find_story(story))
    path = Path(f"{told.id}.db") if db is None else Path(db)
    end = told.until if until is None else told.calendar.at(until)
    with open_log(path) as log:
        if log.head(MAIN).position:
            raise HistoryTaken(
                f"{path} holds a history already. `narrative resume {path}` completes it; "
                "`--db` names another file."
            )
        world = begin(log, MAIN, told, seed=seed, cast=cast or told.cast.default, until=end)
        pen = live(log, MAIN, world, end, progress=progress)
        return _lived(log, MAIN, path, told.calendar, pen)


def resume(history: str, *, until: str | None = None, progress: Progress | None = None) -> dict[str, Any]:
    """Live a history on: to where its run was meant to end, or to `until`."""
    with opened(address(history), read_only=False) as found:
        _same_model(found)
        head = found.log.head(found.branch)
        world = world_at(found.log, found.branch)
        calendar = world.story.calendar
        end = head.target if until is None else calendar.at(until)
        end = world.story.until if end is None else end
        if until is not None:
            found.log.aim(found.branch, end)
        pen = live(found.log, found.branch, world, end, progress=progress, since=head.lived)
        return _lived(found.log, found.branch, Path(found.path), calendar, pen)


def _same_model(found: History) -> None:
    model = opening_of(found).model
    if model != MODEL:
        raise ChangedModel(
            f"{found.path} was lived by model {model} and this program is model {MODEL}; living on "
            "would mix the two. Run the story anew, or install the version that lived it."
        )


def what_if(  # noqa: PLR0913  # one argument a flag
    history: str,
    *,
    name: str,
    at: str | None = None,
    from_: str | Path | None = None,
    inject: Inject = (),
    without: str | Sequence[str] = (),
    keep: str | Sequence[str] = (),
    change: Mapping[str, Mapping[str, Any]] | None = None,
    set: Mapping[str, Any] | None = None,  # noqa: A002  # as the flag and the file name it
    reseed: int | None = None,
    until: str | None = None,
    question: str = "",
    progress: Progress | None = None,
    say: Say | None = None,
) -> dict[str, Any]:
    """Fork a history, suppose, and live on: its branch `name`, with how many events after the fork
    are recorded and how many lived. Raises BadSupposition, BranchTaken, ChangedModel.

    `from_` is a what-ifs file or one prepared in the story; `inject` are files of entries, or entries
    as tables; `say` is told in a sentence what will be done before anything is lived.
    """
    unused(name, (MAIN,), question)
    where = address(history)
    with performed(history, read_only=False) as found:
        unused(name, [branch.name for branch in found.log.branches()])
        _same_model(found)
        flags: dict[str, Any] = {"at": at, "without": without, "keep": keep, "change": change, "set": set}
        flags |= {"reseed": reseed, "question": question}
        asked = requested(found, where.story, from_, inject, flags)
        return suppose(found, name, asked, until=until, progress=progress, say=say)


def _lived(log: Log, branch: str, path: Path, calendar: Calendar, pen: Pen) -> dict[str, Any]:
    head = log.head(branch)
    return {
        "branch": branch,
        "events": head.position,
        "appended": pen.events,
        "moments": pen.moments,
        "from": calendar.iso(pen.world.opened),
        "until": calendar.iso(head.lived if head.lived is not None else pen.world.moment),
        "digest": head.digest.hex(),
        "db": str(path),
    }


@contextmanager
def performed(history: str, *, read_only: bool = True) -> Iterator[History]:
    """The open history; a story's name is performed first where its database is absent."""
    where = _performed(address(history))
    with opened(where, read_only=read_only) as found:
        yield found


def _performed(where: Address) -> Address:
    if where.story is not None and not where.path.exists():
        run(where.story, db=where.path)
    return where


def log(history: str, *, since: int = 1, until: int | None = None) -> Iterator[dict[str, Any]]:
    """Every event of a branch as a line of plain data, from position `since` on."""
    with performed(history) as found:
        calendar = Story.load(opening_of(found).text).calendar
        for event in found.log.read(found.branch, since, until):
            yield {
                "position": event.position,
                "moment": calendar.iso(event.moment),
                "kind": event.kind,
                "origin": event.origin,
                "actor": event.actor,
                "causes": list(event.causes),
                "fact": _plain(event.fact),
                "digest": event.digest.hex(),
            }


def _plain(fact: Fact) -> dict[str, Any]:
    """A fact as JSON has it: lists, no tuples."""
    plain: dict[str, Any] = msgspec.json.decode(encode(fact))
    return plain


def branches(history: str) -> list[dict[str, Any]]:
    """Every branch of a history's database."""
    with performed(history) as found:
        calendar = Story.load(opening_of(found).text).calendar
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
    """Whether the bytes are those that were appended, and whether living again gives the same."""
    with performed(history) as found:
        return verified(found.log)


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
    from narrative.picture import picture  # noqa: PLC0415  # reads observed.toml, for looking only

    with performed(history) as found:
        calendar = Story.load(opening_of(found).text).calendar
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
        return compared(found, every=_span(every))


def loop(history: str, *, at: str | None = None) -> dict[str, Any]:
    """The turns of the story's circle by rung and origin, with missing steps, and the loop gains."""
    with performed(history) as found:
        story = Story.load(opening_of(found).text)
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
            "whole": sum(not turn.missing for turn in turned),
            "in_order": sum(map(in_order, turned)),
            "in_cash": sum(map(in_cash, turned)),
        }


_SPANS = {"h": 3600, "d": DAY, "w": 7 * DAY}


def _span(text: str) -> int:
    number, unit = text[:-1], text[-1:]
    if not number.isdigit() or int(number) < 1 or unit not in _SPANS:
        raise Wrong(f'"{text}" is no span; write a number and h, d or w, as in 1d or 12h.')
    return int(number) * _SPANS[unit]
