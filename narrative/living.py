"""The verbs that live: perform a story, go on with a history, and suppose something of one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from events.errors import Wrong
from events.log import Log, open_log
from narrative.calendar import Calendar
from narrative.endowing import MODEL
from narrative.history import MAIN, Address, History, address, opened, opening_of
from narrative.run import Pen, Progress, begin, live, world_at
from narrative.stories import find_story
from narrative.timeline import read_story
from narrative.whatif import Inject, Say, requested, suppose, unused

SEED = 1


class HistoryTaken(Wrong):
    """A database already holds a history."""

    code = 3


class ChangedModel(Wrong):
    """A history was lived by another version of the processes."""

    code = 3


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
