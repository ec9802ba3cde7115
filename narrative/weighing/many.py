"""From what is asked of a history to an ensemble of it: the cut, the arms, and all that is then lived."""

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import product
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen
from attrs.converters import optional

from events.record_facts import Supposition
from narrative.analysis.history import History, check_model, lived_to, opening_of, story_of
from narrative.engine.run import Progress
from narrative.story.cast import parts
from narrative.story.supposition import Supposed
from narrative.weighing.crew import Crew, Hands, Lost, hired
from narrative.weighing.draws import ranged
from narrative.weighing.ensemble import (
    BASE,
    MONEY,
    Arm,
    BadEnsemble,
    Outcome,
    Work,
    divided,
    lived,
    lost,
    members,
)
from narrative.weighing.tails import Cut, cut, world_of
from narrative.weighing.tally import Tally
from narrative.whatif.fork import as_it_stands, suppose, tail_end, tried, unused, weighed
from narrative.whatif.request import Request

if TYPE_CHECKING:
    from narrative.weighing.dataset import Dataset, Lived

SUPPOSED = "supposed"  # the one arm beside the base
Asking = Callable[[Mapping[str, Any]], Request]  # a request of these flags, beside all else that was asked
Grid = Mapping[str, Sequence[float]]  # the values of each parameter that takes several


@frozen(kw_only=True)
class Wanted:
    """A request for an ensemble, beside its supposition: `set` has the parameters of which several values
    may be given, `over` the ranges; `keep` is the seed that becomes the branch `name`; `output` and `events`
    are folders for what comes of the members, and for their events.
    """

    seeds: int
    set: Mapping[str, Any]
    over: str | Sequence[str] = ()
    until: str | None = None
    keep: int | None = None
    name: str | None = None
    output: Path | None = field(default=None, converter=optional(Path))
    events: Path | None = field(default=None, converter=optional(Path))

    @property
    def grid(self) -> dict[str, list[float]]:
        """The parameters with several values. Raises BadEnsemble for what is no number."""
        several = {name: _several(value) for name, value in self.set.items()}
        return {name: [_number(name, one) for one in values] for name, values in several.items() if values}

    @property
    def ranges(self) -> list[str]:
        """The ranges as they are named."""
        given = [self.over] if isinstance(self.over, str) else self.over
        return [name for text in given for name in text.split(",") if name]


def _several(value: object) -> list[object]:
    """The values of a parameter that was given several; else none."""
    if isinstance(value, str):
        return list(value.split(",")) if "," in value else []
    return list(value) if isinstance(value, Sequence) else []


def _number(name: str, value: object) -> float:
    try:
        found = float(str(value))
    except ValueError:
        raise BadEnsemble(f"{name} takes numbers, as {name}=0.1,0.2, and {value!r} is none.") from None
    if not isfinite(found):
        raise BadEnsemble(f"{name} takes numbers, and {value} is not one that could be lived by.")
    return found


def ensembled(
    found: History,
    asking: Asking,
    wanted: Wanted,
    crew: Crew,
    progress: Progress | None,
) -> dict[str, Any]:
    """An ensemble of an open history as plain data, with the branch that a member is made where one is kept.
    Raises BadEnsemble, BadRange, and what supposing and living raise.
    """
    grid = wanted.grid
    plain = {name: value for name, value in wanted.set.items() if name not in grid}
    before, arms = armed(found, lambda more: asking({"set": plain, **more}), plain, grid, wanted.until)
    _check_kept(found, wanted, arms)
    if wanted.events is not None and wanted.output is None:
        raise BadEnsemble("Events are kept beside what came of their members: say where that goes too (-o).")
    told = weighed_by_seeds(
        found,
        before,
        arms,
        seeds=wanted.seeds,
        over=wanted.ranges,
        crew=crew,
        folders=[one for one in (wanted.output, wanted.events) if one is not None],
        progress=progress,
    )
    if wanted.keep is not None and wanted.name is not None:
        more = {"at": told["at"], "reseed": wanted.keep, "set": plain}
        suppose(found, wanted.name, asking(more), until=told["until"])
    return {**told, "kept": wanted.name}


def _check_kept(found: History, wanted: Wanted, arms: Sequence[Arm]) -> None:
    """Raises BadEnsemble where no member, or no single one, would be kept, and what a name may raise."""
    if wanted.keep is None and wanted.name is None:
        return
    if wanted.keep is None or wanted.name is None:
        raise BadEnsemble("To keep a member, say which and what to call the branch: --keep 7 --name NAME.")
    if not 1 <= wanted.keep <= wanted.seeds:
        raise BadEnsemble(f"Seed {wanted.keep} is none of this ensemble, which has 1 to {wanted.seeds}.")
    if len(arms) > 2:
        raise BadEnsemble("To keep a member, ask for one arm: give each parameter a single value.")
    unused(wanted.name, [branch.name for branch in found.log.branches()])


def armed(
    found: History, asking: Asking, plain: Mapping[str, Any], grid: Grid, until: str | None
) -> tuple[Cut, tuple[Arm, ...]]:
    """The cut that a request makes in a history, and its arms: what is asked, once for every combination of
    values in the grid, beside the base. Raises BadSupposition, and BadEnsemble for a cut not lived to yet.
    """
    story = story_of(found)
    asked, _, planned = weighed(found, asking({}))
    tried(found, asked, planned)
    if planned.at > lived_to(found):
        at, end = map(story.calendar.iso, (planned.at, lived_to(found)))
        raise BadEnsemble(
            f"The cut at {at} lies after {end}, to which this history was lived. Live it on with `narrative "
            "resume`, or cut it earlier."
        )
    arms = [Arm(name=BASE, supposed=Supposed())]
    if not grid and not planned.supposed.nothing:
        arms.append(Arm(name=SUPPOSED, supposed=evolve(planned.supposed, reseed=None), parts=asked.parts))
    for values in product(*grid.values()) if grid else ():
        chosen = dict(zip(grid, values, strict=True))
        flags = {"at": story.calendar.iso(planned.at), "set": {**plain, **chosen}}
        spelt, _, what = weighed(found, asking(flags))
        name = ", ".join(f"{name}={value:g}" for name, value in chosen.items())
        arms.append(Arm(name=name, supposed=evolve(what.supposed, reseed=None), parts=spelt.parts))
    since = as_it_stands(found, story, planned.at).since
    return cut(found, planned.at, tail_end(found, planned, until, story), since), tuple(arms)


def forked_off(found: History, name: str) -> tuple[Cut, tuple[Arm, ...]]:
    """The cut at which a branch was forked off a history, and what it supposes beside the base. Raises
    BadEnsemble where it was forked off another, or supposes nothing that could be paired.
    """
    log = found.log
    row = next(one for one in log.branches() if one.name == name)
    if row.parent != found.branch:
        whose = "main" if row.parent is None else row.parent
        raise BadEnsemble(
            f"{name} was not forked off {found.branch}, so its seeds make no pairs. Compare it with {whose}."
        )
    first = next(iter(log.read(name, row.position + 1, row.position + 1)), None)
    if first is None or not isinstance(first.fact, Supposition):
        raise BadEnsemble(f"{name} supposes nothing, so every pair of it would be twice the same.")
    what = evolve(Supposed.load(first.fact.text), reseed=None)
    if what.nothing:
        raise BadEnsemble(f"{name} supposes another chance and nothing else, which is what seeds are.")
    since = as_it_stands(found, story_of(found), first.moment).since
    ends = [lived_to(History(log, one, found.path)) for one in (found.branch, name)]
    arms = (Arm(name=BASE, supposed=Supposed()), Arm(name=SUPPOSED, supposed=what))
    return cut(found, first.moment, min(ends), since), arms


def by_seeds(
    found: History, branch: str, seeds: int | None, crew: Crew, progress: Progress | None = None
) -> dict[str, Any]:
    """Effects of a branch beside chance, as the `chance` of an answer; nothing where no seeds are asked for.
    Raises BadEnsemble.
    """
    if seeds is None:
        return {}
    told = weighed_by_seeds(found, *forked_off(found, branch), seeds=seeds, crew=crew, progress=progress)
    kept = {
        name: told[name]
        for name in ("seeds", "until", "money", "private", "currency", "digits", "effects", "failed")
    }
    return {"chance": kept}


def paired(
    histories: Sequence[History], seeds: int | None, crew: Crew, progress: Progress | None
) -> dict[str, Any]:
    """Effects of the second of two histories beside chance, as `by_seeds`. Raises BadEnsemble where they are
    not two of one database, of which one was forked off the other.
    """
    if seeds is None:
        return {}
    first, *others = histories
    if len(others) != 1 or others[0].path != first.path:
        raise BadEnsemble(
            "Seeds make pairs of two histories in one database: name a branch beside what it was forked off."
        )
    check_model(first)
    return by_seeds(first, others[0].branch, seeds, crew, progress)


def weighed_by_seeds(
    found: History,
    before: Cut,
    arms: Sequence[Arm],
    *,
    seeds: int,
    over: Collection[str] = (),
    crew: Crew,
    folders: Sequence[Path] = (),
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Live an ensemble, and what it says as plain data. With `folders`, the first for what comes of members
    and the second for their events, its parts are written as they are done, and those that are there already
    are not lived again.
    """
    story = story_of(found)
    playing = {part.process for part in parts(story, opening_of(found).cast)}
    ranges = ranged(story, playing, over) if over else {}
    crowd = members(seeds, ranges)
    works = divided(before, arms, crowd)
    tally = Tally(arms=arms, members=crowd)
    with hired(crew) as hands:
        _live(works, tally, hands, _to(works, folders), progress)
    calendar, said = story.calendar, tally.plain()
    valued = {one["of"] for one in said["levels"]}
    registered = world_of(before).readings.registered
    return {
        **story.money.plain,
        "story": story.id,
        "branch": found.branch,
        "position": before.position,
        "at": calendar.iso(before.at),
        "until": calendar.iso(before.until),
        "seeds": seeds,
        "arms": [{"arm": arm.name, "question": arm.supposed.question} for arm in arms],
        "over": [{"parameter": name, "low": low, "high": high} for name, (low, high) in ranges.items()],
        "money": list(MONEY),
        "private": [one.id for one in story.actors if one.id in valued and registered(one.id)],
        **said,
        "output": str(folders[0]) if folders else None,
    }


def _to(works: Sequence[Work], folders: Sequence[Path]) -> "Dataset | None":
    """The folders that the parts of an ensemble are written to, if any. Raises Mixed, Unwritable."""
    if not folders:
        return None
    from narrative.weighing.dataset import dataset  # noqa: PLC0415  # polars, which no other ensemble needs

    return dataset(works, *folders)


def _live(
    works: Sequence[Work], tally: Tally, hands: Hands, to: "Dataset | None", progress: Progress | None
) -> None:
    whole = sum(len(work.members) * len(work.arms) for work in works)

    def tick() -> None:
        if progress is not None:
            progress(tally.done, tally.events, whole)

    def done(place: int, found: list[Outcome] | Lost) -> None:
        tally.take(lost(left[place], found.said) if isinstance(found, Lost) else found)
        tick()

    def put(place: int, found: "Lived | Lost") -> None:
        if not isinstance(found, Lost):
            found.put(left[place])
        done(place, found if isinstance(found, Lost) else found.outcomes)

    left = []
    for work in works:
        there = None if to is None else to.kept(work)
        left += [work] if there is None else []
        tally.take(there or ())
    tick()
    if to is None:
        hands.work(lived, left, done, tick)
    else:
        hands.work(to.live, left, put, tick)
