"""The verbs that live: perform a story, go on with a history, and suppose something of one."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from attrs import evolve

from events.branch import MAIN
from events.files import Taken, new_beside, unled
from events.log import Log, open_log
from narrative.analysis.history import (
    Address,
    BadAddress,
    History,
    address,
    begun,
    check_model,
    check_spoken,
    end_asked,
    story_of,
)
from narrative.analysis.observing import OBSERVED, carried
from narrative.analysis.verify import check_lived
from narrative.engine.attempt import (
    Say,
    anchored,
    check_begins,
    check_empty,
    check_plays,
    end_of,
    outcome,
    warn,
)
from narrative.engine.begin import begin
from narrative.engine.opening import MODEL
from narrative.engine.run import Progress, live, world_at
from narrative.engine.world import World
from narrative.story.assumed import as_assumed, assumed
from narrative.story.catalogue import UnknownStory, find_story, list_stories
from narrative.story.declared import trusting
from narrative.story.faults import StoryFaults
from narrative.story.model import Story
from narrative.story.reader import read_story
from narrative.text.version import program
from narrative.verbs.answers.base import answered
from narrative.verbs.answers.ensembles import Ensemble
from narrative.verbs.answers.living import Forked, Lived
from narrative.weighing.crew import Crew
from narrative.weighing.ensemble import check_seeds
from narrative.weighing.many import Wanted, by_seeds, ensembled
from narrative.whatif.both import OWN, at_both
from narrative.whatif.fork import Inject, requested, unused
from narrative.whatif.request import Request

SEED = 1


class Stale(UserWarning):
    """A story has changed since the history that its name stands for was performed."""


def run(  # noqa: PLR0913  # one argument a flag
    story: str,
    *,
    db: str | Path | None = None,
    seed: int = SEED,
    until: str | None = None,
    cast: str | None = None,
    quotes: str | None = None,
    set: Mapping[str, Any] | None = None,  # noqa: A002  # as the flag and the file name it
    trust: bool = False,
    progress: Progress | None = None,
    say: Say | None = None,
) -> Lived:
    """Perform a story, given by name or folder, into a new history in `db` (``./<story>.db`` if absent).

    `until` is a date (its end) or an ISO time, the story's end if absent; `cast` is none, market or full;
    `quotes` is "none", or the last date (its end) whose quotes are told, all if absent: what is not told is
    not in the history either; `set` gives numbers by parameter, which the Opening then says were set;
    `trust` lets processes of somebody's own run, which are code with your rights; `progress` is called after
    each moment with the moment (seconds since 1970), events so far and the moment to be reached; `say` is
    told in a sentence what may surprise.

    Gives how far it was lived, counts of events and moments, and the digest. Raises UnknownStory,
    StoryFaults, BadSetting, Untrusted, BadDate, BadSeed, BadCast, HistoryTaken where `db` holds a history
    already, and Unwritable.
    """
    with trusting(trust):
        folder = find_story(story)
        told = assumed(anchored(read_story(folder), quotes, say), set or {})
        observed = carried(folder, told)  # what cannot be shown begins no history
        path = unled(Path(f"{told.id}.db")) if db is None else Path(db)
        check_spoken(str(path))
        cast, end = cast or told.cast.default, end_of(told, until)
        check_begins(told, seed, cast, end)
        with open_log(path) as log:
            check_empty(log, path)
            world = _begun(log, told, observed, seed, cast, end)
            warn(say, told, cast, end)
            pen = live(log, MAIN, world, end, progress=progress)
            return answered(Lived, outcome(log, MAIN, path, pen))


def _begun(log: Log, told: Story, observed: str, seed: int, cast: str, end: int) -> World:
    """The world at the opening of a new history, signed, with what was observed beside it."""
    world = begin(log, MAIN, told, seed=seed, cast=cast, until=end)
    log.sign(MAIN, program(), MODEL)
    log.attach(OBSERVED, observed)
    return world


def resume(
    history: str,
    *,
    until: str | None = None,
    trust: bool = False,
    progress: Progress | None = None,
    say: Say | None = None,
) -> Lived:
    """Live a history on: to where its run was meant to end, or to `until`, a date (its end) or an ISO time.

    Gives what `run` gives, and takes `trust` as it does. Raises BadDate for a moment that was lived already,
    ChangedModel where another version of the processes lived it, Untrusted, Locked, Unwritable, and what
    opening a history raises (BadAddress, UnknownBranch, NotALog, Damaged).
    """
    with trusting(trust), opened(address(history), read_only=False) as found:
        _livable(found)
        log, branch, head = found.log, found.branch, found.log.head(found.branch)
        world = world_at(log, branch)
        end = end_asked(found, until, world.story.calendar)
        if until is not None and end is not None:
            log.aim(branch, end)
        end = world.story.until if end is None else end
        warn(say, world.story, world.opening.cast, end)
        pen = live(log, branch, world, end, progress=progress, since=head.lived)
        return answered(Lived, outcome(log, branch, found.path, pen, head.position))


def what_if(  # noqa: PLR0913  # one argument a flag
    history: str,
    *,
    name: str,
    at: int | str | None = None,
    from_: str | Path | None = None,
    inject: Inject = (),
    without: str | Sequence[str] = (),
    keep: str | Sequence[str] = (),
    change: Mapping[str, Mapping[str, Any]] | None = None,
    set: Mapping[str, Any] | None = None,  # noqa: A002  # as the flag and the file name it
    reseed: int | None = None,
    shock: str | Sequence[str] = (),
    until: str | None = None,
    question: str = "",
    ends: bool = False,
    dry_run: bool = False,
    seeds: int | None = None,
    trust: bool = False,
    progress: Progress | None = None,
    say: Say | None = None,
) -> Forked:
    """Fork a history, suppose, and live on as its branch `name`.

    `from_` is a what-ifs file or one prepared in the story; `inject` are files of entries, or entries as
    tables; `without` and `keep` are ids of entries; `change` gives fields by entry, `set` numbers by
    parameter; `shock` are shocks as people say them, as "market -30% 2025-11-03" (docs/stories.md lists
    all). `say` is told in a sentence what will be done before anything is lived. Of recorded prices a branch
    keeps what news does not explain; `ends` lives the other end too, as ``<name>-own-0``, where nothing of
    each asset's own is kept from the fork on. With `dry_run` no branch is made: the answer is that of one
    which ends where it begins, and its `supposes` is the what-ifs file that asks the same. With `seeds` the
    branch and its parent are lived from the fork by seeds 1 to N too, and `chance` says what the supposition
    does beside chance. `trust` is as in `run`.

    Gives the branch with counts of events after the fork by origin, and why entries were withheld; of
    recorded prices also which end it is, and the values it moves. Raises BadSupposition, OneEnd, BranchTaken,
    BadName, ChangedModel, Untrusted, NotBetweenMoments, BadDate, Locked, Unwritable, and what opening a
    history raises (BadAddress, UnknownBranch, NotALog, Damaged).
    """
    unused(name, (MAIN,), question)
    check_seeds(1 if seeds is None else seeds)
    flags: dict[str, Any] = {"at": f"#{at}" if isinstance(at, int) else at, "without": without, "keep": keep}
    flags |= {"change": change, "set": set, "reseed": reseed, "question": question, "shock": shock}
    with trusting(trust), performed(history, read_only=False) as found:
        _holdable(found, name)
        story = address(history).story
        asked, other = requested(found, story, from_, inject, flags), None
        if ends:
            other = requested(found, story, from_, inject, flags | {"set": {**(set or {}), OWN: 0.0}})
        told = at_both(found, name, asked, other, until=until, progress=progress, say=say, dry=dry_run)
        told |= by_seeds(found, name, None if dry_run else seeds, Crew(trust=trust), progress)
        return answered(Forked, told)


def ensemble(  # noqa: PLR0913  # one argument a flag
    history: str,
    *,
    seeds: int,
    at: int | str | None = None,
    from_: str | Path | None = None,
    shock: str | Sequence[str] = (),
    set: Mapping[str, Any] | None = None,  # noqa: A002  # as the flag and the file name it
    over: str | Sequence[str] = (),
    until: str | None = None,
    output: str | Path | None = None,
    events: str | Path | None = None,
    keep: int | None = None,
    name: str | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    trust: bool = False,
    progress: Progress | None = None,
) -> Ensemble:
    """Live a history on from one cut by seeds 1 to N, each as the history has it and once as supposed: what
    the supposition does, and how surely.

    `at` is where it is cut, before the first entry touched if absent; `from_` and `shock` are as in
    `what_if`; `set` gives a number by parameter, or several, of which each combination is an arm. `over`
    draws parameters over ranges too: "ranges" for all that are declared, or names, or "NAME=LOW..HIGH".
    `output` is a folder for Parquet files, which another call with the same arguments goes on with; `events`
    another for the events of all members. `keep` makes of that seed the branch `name`. Lived by as many
    processes as `workers` says, by any `executor` of concurrent.futures, or by the Dask cluster at the
    address `scheduler`; what comes out is the same. `progress` is called with the tails done, their events,
    and all that there are.

    Gives levels and effects with 95 % intervals, over chance and over chance and ranges, and who failed.
    Raises BadEnsemble, BadRange, BadSupposition, Unreachable, Mixed where `output` holds something else,
    Unwritable, Untrusted, and what opening a history raises.
    """
    flags: dict[str, Any] = {"at": f"#{at}" if isinstance(at, int) else at, "shock": shock, "set": set or {}}
    crew = Crew(workers=workers, executor=executor, scheduler=scheduler, trust=trust)
    wanted = Wanted(seeds=seeds, set=set or {}, over=over, until=until, keep=keep, name=name,
                    output=output, events=events)  # fmt: skip  # one request
    with trusting(trust), performed(history, read_only=keep is None) as found:
        _livable(found)
        story = address(history).story

        def asking(more: Mapping[str, Any]) -> Request:
            return requested(found, story, from_, (), {**flags, **more})

        return answered(Ensemble, ensembled(found, asking, wanted, crew, progress))


def _holdable(found: History, name: str) -> None:
    """Raises what a history may that nobody may write, live on, or make a branch of that name of."""
    _livable(found)  # before anything is written: to hold a log marks its file
    found.log.hold()  # who cannot write promises nothing
    unused(name, [branch.name for branch in found.log.branches()])


def _livable(found: History) -> None:
    """Raises ChangedModel or Untrusted for a history that this program may not live on."""
    check_model(found)
    check_plays(World(found.log.opening(found.branch)))
    check_lived(found)


# --- the doors that every verb opens a history by -------------------------------------------------


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
    where = address(history)
    stood = where.path.exists()
    with opened(present(where), read_only=read_only) as found:
        if stood and where.story is not None and _has_changed(where.story, found):
            warnings.warn(
                f"{where.story} has changed since {where.path} was performed; what is shown is as it was. "
                f"`narrative run {where.story} --db NEW.db` performs it anew.",
                Stale,
                stacklevel=4,
            )
        yield found


def beside(history: str, others: Sequence[str]) -> list[str]:
    """The names of histories beside the first: a branch of its database may be named alone, as calm or @calm.
    A story or a file of that name goes before it, which @calm never is.
    """
    if not any(map(_alone, others)):
        return list(others)
    where = address(history)
    with performed(history) as found:
        known = {branch.name for branch in found.log.branches()}
    return [
        f"{where.story or where.path}@{other.removeprefix('@')}"
        if other.startswith("@") or (_alone(other) and other in known)
        else other
        for other in others
    ]


def _alone(name: str) -> bool:
    """Whether a name may be that of a branch alone."""
    if name.startswith("@") and len(name) > 1:
        return True
    if not name or "/" in name or "@" in name or Path(name).exists() or Path(f"{name}.db").exists():
        return False
    with suppress(UnknownStory):
        find_story(name)
        return False
    return True


def _has_changed(name: str, found: History) -> bool:
    """Whether a story's files tell another story now than a history of it opened with; quotes may be fewer
    there, as `run` was asked. Of a story that ships they are not read while they are older than the history.
    """
    try:
        folder = find_story(name)
        if name in list_stories() and not Path(name).is_dir():
            newest = max(file.stat().st_mtime for file in folder.iterdir())
            if newest <= Path(found.path).stat().st_mtime:
                return False
        now = read_story(folder)
        observed = carried(folder, now)
    except (UnknownStory, StoryFaults):
        return False
    then = story_of(found)
    now = as_assumed(now, then)
    kept = now.quotes[: len(then.quotes)] == then.quotes
    same = kept and evolve(now, quotes=then.quotes, reference=then.reference) == then
    return not same or found.log.attached(OBSERVED) not in (None, observed)


def present(where: Address) -> Address:
    """The address, performed first where a name stands for a database that is absent: beside its place, so
    that nobody is shown it half lived, and who performs it at the same time finds one of the two.
    """
    if where.story is not None and not where.path.exists():
        with suppress(Taken), new_beside(where.path) as part:
            run(where.story, db=part)
    return where
