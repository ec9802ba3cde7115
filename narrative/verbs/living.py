"""The verbs that live: perform a story, go on with a history, and suppose something of one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from events.branch import MAIN
from events.errors import Wrong
from events.fields import LIMIT
from events.log import Log, open_log
from narrative.analysis.history import (
    Address,
    BadAddress,
    History,
    address,
    begun,
    lived_to,
    opening_of,
)
from narrative.engine.opening import MODEL
from narrative.engine.player import player_of
from narrative.engine.run import Pen, Progress, begin, live, world_at
from narrative.story.calendar import BadDate
from narrative.story.library import find_story
from narrative.story.model import Story
from narrative.story.reader import read_story
from narrative.whatif.fork import Inject, Say, requested, suppose, unused

SEED = 1


class HistoryTaken(Wrong):
    """A database already holds a history."""

    code = 3


class BadSeed(Wrong):
    """A seed that no history can keep."""


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
    say: Say | None = None,
) -> dict[str, Any]:
    """Perform a story into a new history. Raises HistoryTaken where `db` holds one already.

    Of what it gives, `events` is how many the history holds, `appended` how many of them are new and
    `moments` in how many moments they were appended; the opening counts in all three. `say` is told
    in a sentence what may surprise.
    """
    told = read_story(find_story(story))
    path = Path(f"{told.id}.db") if db is None else Path(db)
    cast = cast or told.cast.default
    end = told.until if until is None else told.calendar.at(until)
    if end < told.start:
        opening = told.calendar.iso(told.start)
        raise BadDate(f"{until} lies before the story opens at {opening}, so there is nothing to live.")
    _could_begin(told, seed, cast, end)
    with open_log(path) as log:
        if log.head(MAIN).position:
            raise HistoryTaken(
                f"{path} holds a history already. `narrative resume {path}` completes it; "
                "`--db` names another file."
            )
        world = begin(log, MAIN, told, seed=seed, cast=cast, until=end)
        _warn(say, told, cast, end)
        pen = live(log, MAIN, world, end, progress=progress)
        return _lived(log, MAIN, path, pen, before=0)


def _could_begin(told: Story, seed: int, cast: str, end: int) -> None:
    """Begin in memory, so that what cannot begin, or nobody can play, leaves no file behind."""
    if not -LIMIT <= seed <= LIMIT:
        raise BadSeed(f"{seed} is too large for a seed; give a whole number from 0 to {LIMIT}.")
    with open_log(None) as log:
        world = begin(log, MAIN, told, seed=seed, cast=cast, until=end)
        for part in world.parts:
            player_of(part)


def _warn(say: Say | None, told: Story, cast: str, end: int) -> None:
    if say is not None and end > told.until and cast != "full":
        day = told.calendar.day(told.until)
        say(f"Nothing is told after {day}, where the story ends; only the full cast acts beyond it.")


def resume(
    history: str, *, until: str | None = None, progress: Progress | None = None, say: Say | None = None
) -> dict[str, Any]:
    """Live a history on: to where its run was meant to end, or to `until`. Gives what `run` gives."""
    with opened(address(history), read_only=False) as found:
        _same_model(found)
        head = found.log.head(found.branch)
        world = world_at(found.log, found.branch)
        calendar = world.story.calendar
        end = head.target if until is None else calendar.at(until)
        end = world.story.until if end is None else end
        if until is not None:
            if end < lived_to(found):
                raise BadDate(
                    f"{until} lies before {calendar.iso(lived_to(found))}, to which {found.branch} was "
                    "lived already. Name a later moment, or fork at that one with `narrative what-if`."
                )
            found.log.aim(found.branch, end)
        _warn(say, world.story, world.opening.cast, end)
        pen = live(found.log, found.branch, world, end, progress=progress, since=head.lived)
        return _lived(found.log, found.branch, Path(found.path), pen, before=head.position)


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
        found.log.hold()  # who cannot write promises nothing
        unused(name, [branch.name for branch in found.log.branches()])
        _same_model(found)
        flags: dict[str, Any] = {"at": at, "without": without, "keep": keep, "change": change, "set": set}
        flags |= {"reseed": reseed, "question": question}
        asked = requested(found, where.story, from_, inject, flags)
        return suppose(found, name, asked, until=until, progress=progress, say=say)


def _lived(log: Log, branch: str, path: Path, pen: Pen, *, before: int) -> dict[str, Any]:
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


def exists(where: Address) -> None:
    """Raises BadAddress where there is no database."""
    if not where.path.exists():
        raise BadAddress(f"{where.path} does not exist. `narrative stories` lists what can be run.")


@contextmanager
def opened(where: Address, *, read_only: bool = True) -> Iterator[History]:
    """The open history at an address. Raises BadAddress where there is none."""
    exists(where)
    with open_log(where.path, create=False, read_only=read_only) as log:
        begun(log, where)
        yield History(log, where.branch, str(where.path))


@contextmanager
def performed(history: str, *, read_only: bool = True) -> Iterator[History]:
    """The open history; a story's name is performed first where its database is absent."""
    where = present(address(history))
    with opened(where, read_only=read_only) as found:
        yield found


def present(where: Address) -> Address:
    """The same address, performed first where a name stands for a database that is absent."""
    if where.story is not None and not where.path.exists():
        run(where.story, db=where.path)
    return where
