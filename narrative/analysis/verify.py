"""Verifying: the bytes are those that were appended, living again gives the same history, and both
folds give the same accounts.

Four verdicts. `damaged`: the digest chain is broken, with the first position where it is. `changed`:
the chain is whole, but these processes, living the same Opening, append something else: the model
has changed since. `miscounted`: event by event and as columns the accounts come to something else, or a
remembered world is another than its events make, which is a fault of this program. `whole`: none of these.

Held against a digest that was kept elsewhere there is a fifth, `other`: no event of the branch has it. Only
that shows a history whose end was cut off, or which was written anew as a whole.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, groupby
from typing import Any

import msgspec
from attrs import frozen

from events.books.accounts import State
from events.branch import MAIN, Branch
from events.codec import to_event
from events.errors import RESTORE, Damaged, Wrong
from events.event import Draft, Event
from events.log import Log, open_log
from events.record_facts import Opening, Supposition
from events.search import Sought
from narrative.analysis.history import ChangedModel, History
from narrative.analysis.notes import is_readers
from narrative.books.table import TABLE
from narrative.engine.begin import begin
from narrative.engine.opening import MODEL
from narrative.engine.run import fingerprint, live, world_at
from narrative.engine.world import World
from narrative.story.held import lacking
from narrative.story.model import Story
from narrative.text.numbers import short

TOGETHER = 65_536  # events of branches that are folded together
NEAR = 1e-11  # of the amounts without their signs; the columns promise a tenth of it
_DIGEST = re.compile("[0-9a-fA-F]{64}")


class BadDigest(Wrong):
    """A text that was to be held against a history and is no digest."""


def verified(log: Log) -> dict[str, Any]:
    """The verdict on a whole log, with the first position that is wrong."""
    return damage(log) or relived(log)


def damage(log: Log) -> dict[str, Any] | None:
    """The verdict "damaged" with every fault in the bytes of a log; None where there is none."""
    faults = [_fault(f.branch, f.position, f.what) for f in log.verify()]
    return _verdict("damaged", faults) if faults else None


def unreadable(error: Damaged) -> dict[str, Any]:
    """The verdict on a database too damaged to be opened: its position is None."""
    return _verdict("damaged", [_fault("", None, str(error))])


def relived(log: Log) -> dict[str, Any]:
    """The verdict on every branch of a log whose bytes are whole: lived again, and folded twice."""
    snapshots = 0
    waiting: list[_Folded] = []
    opening = log.opening(MAIN).fact
    for what in lacking(Story.load(opening.text)) if isinstance(opening, Opening) else ():
        return _verdict("changed", [_fault(MAIN, 1, f"its story cannot be lived again: {what}")])
    with open_log(None) as again:
        for branch in log.branches():
            world = _live_again(log, again, branch)
            position = _first_difference(log, again, branch)
            if position is not None:
                what = _otherwise(log, branch.name, position)
                return _verdict("changed", [_fault(branch.name, position, what)])
            if world is not None:
                waiting.append(_Folded(branch.name, world.position, world.fold.state, world.fold.half_lives))
            if sum(one.position for one in waiting) > TOGETHER:
                wrong = _miscounted(log, waiting)
                if wrong is not None:
                    return wrong
                waiting = []
            known = _remembered(log, again, branch) if world is not None else []
            snapshots += len(known)
            if None in known:
                what = "the world that is remembered there is another than its events make"
                return _verdict("miscounted", [_fault(branch.name, log.head(branch.name).position, what)])
        return _miscounted(log, waiting) or {
            "verdict": "whole", "position": log.head(MAIN).position, "branch": MAIN, "faults": [],
            "events": sum(log.head(one.name).position - one.position for one in log.branches()),
            "branches": len(log.branches()), "snapshots": snapshots,
        }  # fmt: skip  # one answer


def _otherwise(log: Log, branch: str, position: int) -> str:
    """Why the processes of today append another event: another model lived it, or their code has changed."""
    opening = log.opening(branch).fact
    if isinstance(opening, Opening) and opening.model != MODEL:
        return f"it was lived by model {opening.model}, and this program is model {MODEL}"
    return f"these processes append another event at {branch}@{position}"


def held_against(log: Log, branch: str, digest: str) -> int | None:
    """The position of the event of a branch that has a digest; None for none. Raises BadDigest for what is
    not 64 hexadecimal digits.
    """
    if not _DIGEST.fullmatch(digest):
        raise BadDigest(
            f'"{short(digest)}" is no digest: `narrative run` and `branches` give one, of 64 digits.'
        )
    sought = bytes.fromhex(digest)
    for at, block in log.columns(branch):
        if sought in block[5]:
            return at + block[5].index(sought)
    return None


def other(log: Log, branch: str) -> dict[str, Any]:
    """The verdict on a branch of which no event has the digest that was kept of it."""
    end = log.head(branch).position
    what = "no event of this branch has that digest: its end was cut off, or another history stands here"
    return _verdict("other", [_fault(branch, end, what)])


def check_lived(history: History) -> None:
    """Raises ChangedModel for a branch, or a parent of it, that processes of a user's own lived and would now
    live otherwise. Ours are known by the number of their model, which says so without living.
    """
    log = history.log
    known = {branch.name: branch for branch in log.branches()}
    lineage = [known[history.branch]]
    while (parent := lineage[-1].parent) is not None:
        lineage.append(known[parent])
    own = {part.process for part in world_at(log, history.branch).parts if "." in part.process}
    with open_log(None) as again:
        for one in reversed(lineage) if own else ():
            _live_again(log, again, one)
            position = _first_difference(log, again, one)
            if position is not None:
                raise ChangedModel(
                    f"{', '.join(sorted(own))} would append another event at {one.name}@{position} of "
                    f"{history.path}: changed since, it would mix two rules in one history. Run the story "
                    "anew, or put back the process that lived it."
                )


def _verdict(verdict: str, faults: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "verdict": verdict, "position": faults[0]["position"], "branch": faults[0]["branch"], "faults": faults
    }  # fmt: skip  # one row


def _fault(branch: str, position: int | None, what: str) -> dict[str, Any]:
    return {"branch": branch, "position": position, "what": what.removesuffix(RESTORE).rstrip(". ")}


def _live_again(log: Log, again: Log, branch: Branch) -> World | None:
    """The world of a branch performed anew in memory, from its Opening or from its fork and supposition."""
    name = branch.name
    head = log.head(name)
    lived = head.lived if head.lived is not None else head.moment or 0
    if branch.parent is None:
        fact = log.opening(name).fact
        if not isinstance(fact, Opening):
            return None
        world = begin(again, name, Story.load(fact.text), seed=fact.seed, cast=fact.cast, until=lived)
    else:
        if again.head(branch.parent).position < branch.position:
            return None
        again.fork(name, branch.parent, branch.position)
        world = world_at(again, name)
        supposed = list(log.read(name, branch.position + 1, branch.position + 1))
        if supposed and isinstance(supposed[0].fact, Supposition):
            _append(again, name, world, supposed[0])
    for note in _notes(log, name, world.position + 1):
        live(again, name, world, note.moment)
        if world.position + 1 == note.position:  # else it is a process's own, or the history another
            _append(again, name, world, note)
    live(again, name, world, lived)
    return world


@frozen
class _Folded:
    """A branch as it was folded event by event: its name, where it ends, its accounts, and how they fade."""

    name: str
    position: int
    state: State
    half_lives: Mapping[str, float]


def _miscounted(log: Log, waiting: Sequence[_Folded]) -> dict[str, Any] | None:
    """The verdict on the first branch whose accounts the columns come to otherwise; None for none."""
    for _, alike in groupby(waiting, key=lambda one: one.half_lives):
        lived = list(alike)
        for one, wrong in zip(lived, _accounts_apart(log, lived), strict=True):
            if wrong:
                what = f"both folds disagree on {', '.join(wrong)}"
                return _verdict("miscounted", [_fault(one.name, one.position, what)])
    return None


def _accounts_apart(log: Log, lived: Sequence[_Folded]) -> list[list[str]]:
    """The accounts of each branch that its columns come to otherwise. Branches that fade alike are folded
    together, one behind the other, each with keys of its own: a fold of columns takes long to begin.
    """
    import polars as pl  # noqa: PLC0415  # slow to come

    from events.books.frames import postings  # noqa: PLC0415  # a third of a second
    from events.books.journal import FOLDED, gross, journal  # noqa: PLC0415  # brings polars

    ends = list(accumulate(one.position for one in lived))
    blocks = (
        (end - one.position + at, columns)
        for one, end in zip(lived, ends, strict=True)
        for at, columns in log.columns(one.name)
    )
    posted = postings(blocks, log.named(), TABLE, FOLDED)
    place = pl.Series(ends).search_sorted(posted["position"]).cast(pl.String)
    posted = posted.with_columns(key=place + "/" + posted["key"])
    columns = _by_branch(journal(TABLE, posted, lived[0].half_lives).state(ends[-1]), len(lived))
    # What was summed is no less than what it came to, and is asked for where that does not say enough.
    apart = [
        [name for name in one.state if not _same(one.state[name], found[name], found[name])]
        for one, found in zip(lived, columns, strict=True)
    ]
    if not any(apart):
        return apart
    gone = journal(TABLE, gross(TABLE, posted), lived[0].half_lives).state(ends[-1])
    summed = _by_branch(gone, len(lived))
    return [
        [name for name in names if not _same(one.state[name], found[name], whole[name])]
        for one, names, found, whole in zip(lived, apart, columns, summed, strict=True)
    ]


def _by_branch(state: State, branches: int) -> list[State]:
    """The accounts of several branches, whose keys begin with their places, each by itself."""
    found: list[dict[str, dict[str, Any]]] = [{name: {} for name in state} for _ in range(branches)]
    for name, values in state.items():
        for key, value in values.items():
            place, _, own = key.partition("/")
            found[int(place)][name][own] = value
    return found


def _remembered(log: Log, again: Log, branch: Branch) -> list[int | None]:
    """The positions of a branch's own tail at which its world is remembered, None for one that is another
    than the world that was lived again.
    """
    found: list[int | None] = []
    at = log.head(branch.name).position
    while (kept := log.recall(branch.name, at, fingerprint())) is not None and kept[0] > branch.position:
        position, data = kept
        lived = world_at(again, branch.name, position).dump()
        found.append(position if msgspec.json.decode(lived) == msgspec.json.decode(data) else None)
        at = position - 1
    return found


def _same(one: dict[str, Any], other: dict[str, Any], summed: dict[str, Any]) -> bool:
    """True where two folds of an account agree: exactly, or where it fades to a part of what was `summed`,
    since a sum that cancels keeps the rounding of its terms.
    """
    return one.keys() == other.keys() and all(
        value == other[key]
        or (
            isinstance(value, tuple)
            and key in summed
            and value[1] == other[key][1]
            and abs(value[0] - other[key][0]) <= NEAR * abs(summed[key][0])
        )
        for key, value in one.items()
    )


def _notes(log: Log, name: str, start: int) -> Iterator[Event]:
    """The notes that readers added to a branch after it was lived, from a position on."""
    sought = Sought(kinds={"Note"}, origins={"supposed"})
    return filter(is_readers, map(to_event, log.find(name, sought, start)))


def _append(again: Log, name: str, world: World, event: Event) -> None:
    draft = Draft(event.actor, event.fact, event.origin, causes=event.causes)
    for appended in again.append(name, event.position - 1, event.moment, [(draft,)]):
        world.step(appended)


def _first_difference(log: Log, again: Log, branch: Branch) -> int | None:
    """The first position of a branch's own at which two logs' digests differ, or one ends; None where they
    agree. What it reads through its parent was the parent's to hold.
    """
    name, start = branch.name, branch.position + 1
    rows = zip(log.rows(name, start), again.rows(name, start), strict=False)
    for ours, theirs in rows:
        if ours.digest != theirs.digest:
            return ours.position
    ends = log.head(name).position, again.head(name).position
    return None if ends[0] == ends[1] else min(ends) + 1
