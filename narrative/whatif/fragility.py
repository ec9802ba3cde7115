"""When does it break: the least size of each kind of shock at which a history collapses, seed by seed.

From one cut many tails are lived. Those of one seed share their chance, so that the least size is found by
halving; over seeds it is a distribution. What breaks nothing within its range says what stood in the way.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from statistics import median
from typing import Any

from attrs import asdict, frozen

from events.errors import Wrong
from narrative.analysis.collapse import of
from narrative.analysis.history import History, story_of
from narrative.story.calendar import DAY
from narrative.story.model import Story
from narrative.whatif.crew import ALONE, Failed, Hands, Told
from narrative.whatif.critical import Share, basin, least, monotone, quantile, share_at, wilson
from narrative.whatif.dials import Dial, dial, own, usual
from narrative.whatif.fork import as_it_stands
from narrative.whatif.request import BadSupposition
from narrative.whatif.tails import Cut, Tail, cut, supposed, tail, world_of

LOOKED = 5  # seeds of which it is looked on a grid whether a larger shock ever breaks less
CURVE = 20  # sizes at which the distribution is given
QUANTILES = (0.05, 0.5, 0.95)
UNDONE = 90 * DAY  # after so long a fall of prices is taken back, where it is looked whether all comes back
NEARLY = 0.9  # of the value without a shock: so much is as good as back
CALM, SURE = 0.05, 0.95  # at most so many break by themselves, and at least so many at some size


class Undefined(Wrong):
    """A history of which it cannot be said when it breaks."""


@frozen(kw_only=True)
class Broken:
    """One seed under one kind of shock: the least size that breaks it, None where none does, 0 where it
    breaks by itself; and by what. `fall` is the deepest fall after the cut of what listed actors are worth
    together, at that size or at the largest, and `nearest` who then lost the largest part of its value.
    """

    size: float | None
    by: str | None
    fall: float
    nearest: str | None
    own: float = 0.0
    monotone: bool | None = None
    back: bool | None = None


def cut_at(found: History, at: int) -> Cut:
    """A history cut at a moment, for tails up to the end of its story. Raises Undefined where its story does
    not say in figures what collapses it, or where it has collapsed by then.
    """
    story = story_of(found)
    if story.collapses is None:
        raise Undefined(
            f"{story.id} does not say in figures what breaks it. Give [collapse] of its replay.toml `fall` "
            "and `within`, or `default`."
        )
    before = cut(found, at, story.until, since=as_it_stands(found, story, at).since)
    judged = tail(before).verdict
    if judged is not None and judged.at is not None and judged.at <= at:
        day = story.calendar.day(judged.at)
        raise Undefined(
            f"{found.branch} has collapsed on {day} already, by {judged.by}. Ask of a day before."
        )
    return before


def fragilities(
    found: History,
    moments: Sequence[int],
    *,
    shocks: Sequence[str],
    seeds: int,
    hands: Hands = ALONE,
    told: Told | None = None,
) -> dict[str, Any]:
    """How large a shock breaks a history at each of some moments, as plain data: the answer of the verb.
    `told` is called with how many seeds are done, and of how many. Raises Undefined, NobodyLived, and
    BadSupposition for a shock that was asked for and cannot be.
    """
    count = seeded(seeds)
    cuts = [cut_at(found, at) for at in moments]
    possible = [_possible(before, shocks) for before in cuts]
    answers: list[dict[str, Any]] = []
    for before, (dials, refused) in zip(cuts, possible, strict=True):
        earlier = len(answers) * seeds
        tell = None if told is None else partial(_told_of_all, told, earlier, len(cuts) * seeds)
        rows, failed = hands.by_seed(shaken, [Job(before, dials, seed) for seed in count], tell)
        answers.append(_answer(found, before.at, dials, refused, rows) | _named(failed, found, before.at))
    return {
        **answers[0],
        "map": _mapped(answers),
        "failed": [one for answer in answers for one in answer["failed"]],
    }


def _told_of_all(told: Told, earlier: int, whole: int, done: int, _: int) -> None:
    told(earlier + done, whole)


def _named(failed: Sequence[Failed], found: History, at: int) -> dict[str, Any]:
    iso = story_of(found).calendar.iso(at)
    return {"failed": [{"at": iso, **asdict(one)} for one in failed]}


def seeded(count: int) -> range:
    """The seeds of so many tails. Raises Undefined for none."""
    if count < 1:
        raise Undefined(f"{count} seeds say nothing. Ask for 1 or more; an interval takes 20 or more.")
    return range(1, count + 1)


def _answer(
    found: History,
    at: int,
    dials: Sequence[Dial],
    refused: Mapping[str, str],
    rows: Sequence["Shaken"],
) -> dict[str, Any]:
    story = story_of(found)
    alone = wilson(sum(row.alone for row in rows), len(rows))
    fall = story.collapses.fall if story.collapses is not None else None
    return {
        "story": story.id,
        "branch": found.branch,
        "at": story.calendar.iso(at),
        "until": story.calendar.iso(story.until),
        "definition": story.collapse,
        "seeds": len(rows),
        "unshocked": asdict(alone),
        "shocks": [_told(one, [row.kinds[i] for row in rows], alone, fall) for i, one in enumerate(dials)],
        "refused": refused,
    }


def _possible(before: Cut, shocks: Sequence[str]) -> tuple[tuple[Dial, ...], dict[str, str]]:
    """The dials that can be turned in a story, and why each other one of the usual cannot."""
    found, refused, story = [], {}, story_at(before)
    for kind in shocks or usual(story):
        one = dial(kind, story)
        try:
            supposed(before, one.request(one.most))
        except BadSupposition as bad:
            if shocks:
                raise
            refused[kind] = f"{bad.faults[0].what}. {bad.faults[0].meant}".partition('" ')[2].strip()
        else:
            found.append(one)
    return tuple(found), refused


# --- one seed -------------------------------------------------------------------------------------


@frozen
class Job:
    """One seed of a cut history, to be shaken by each of some dials."""

    before: Cut
    dials: tuple[Dial, ...]
    seed: int


@frozen
class Shaken:
    """Whether a seed collapses by itself (`alone`), and how it breaks under each kind of shock."""

    alone: bool
    kinds: Sequence[Broken]


def shaken(job: Job) -> Shaken:
    """How a seed breaks. Raises what living raises."""
    before, dials, seed = job.before, job.dials, job.seed
    calm = tail(before, seed=seed)
    if broke(calm):
        fall, nearest = drop(calm), hurt(before, calm)
        by = calm.verdict.by if calm.verdict is not None else None
        return Shaken(True, [Broken(size=0.0, by=by, fall=fall, nearest=nearest)] * len(dials))
    return Shaken(False, [_broken(before, one, seed, calm) for one in dials])


def _broken(before: Cut, one: Dial, seed: int, calm: Tail) -> Broken:
    lived: dict[float, Tail] = {}

    def breaks(size: float) -> bool:
        if size not in lived:
            lived[size] = tail(before, supposed(before, one.request(round(size, 9))), seed)
        return broke(lived[size])

    size = least(breaks, one.most, one.step)
    told = next(v for k, v in lived.items() if abs(k - (one.most if size is None else size)) < one.step / 2)
    looked = seed <= LOOKED and bool(one.unit)
    return Broken(
        size=size,
        own=0.0 if size is None else own(one, size, story_at(before), _worth(before)),
        back=_back(before, one, size, seed, calm) if looked and one.priced and size is not None else None,
        by=told.verdict.by if size is not None and told.verdict is not None else None,
        fall=drop(told),
        nearest=hurt(before, told),
        monotone=monotone(breaks, one.most, one.step) if looked else None,
    )


def _back(before: Cut, one: Dial, size: float, seed: int, calm: Tail) -> bool | None:
    """Whether a history comes back when the fall of prices that broke it is taken back: at the end it is
    worth what it would have been, but for a tenth, and nobody has failed. None where too little time is left.
    """
    later, story = before.at + UNDONE, story_at(before)
    if later + UNDONE > before.until:
        return None
    found = tail(before, supposed(before, one.undone(size, story.calendar.day(later))), seed)
    return found.total[-1] >= NEARLY * calm.total[-1] and not found.sums["defaults"]


def _worth(before: Cut) -> dict[str, int]:
    """Values at a cut of the listed actors that collapse is about, in smallest units."""
    world, names = world_of(before), of(story_at(before))
    listed_ = [a.id for a in world.story.actors if a.listed and a.id in names]
    return {name: world.readings.value(name, before.at) or 0 for name in listed_}


def broke(found: Tail) -> bool:
    """Whether a tail collapses."""
    return found.verdict is not None and found.verdict.at is not None


def drop(found: Tail) -> float:
    """The deepest fall after the cut of what listed actors are worth together, as a part of one."""
    top, deepest = 0, 0.0
    for total in found.total:
        top = max(top, total)
        deepest = max(deepest, 1.0 - total / top if top else 0.0)
    return deepest


def hurt(before: Cut, found: Tail) -> str | None:
    """The actor that lost most of its own highest value by the end, of those that collapse is about."""
    lost = {
        name: 1.0 - (found.end[name] or 0) / peak
        for name in sorted(of(story_at(before)))
        if (peak := found.peak.get(name))
    }
    return max(lost, key=lambda name: lost[name], default=None)


def story_at(before: Cut) -> Story:
    """The story of a cut history."""
    return world_of(before).story


# --- over seeds -----------------------------------------------------------------------------------


def _told(one: Dial, rows: Sequence[Broken], alone: Share, fall: float | None) -> dict[str, Any]:
    """One kind of shock over all seeds, as plain data."""
    sizes = [row.size for row in rows]
    looked = [row.monotone for row in rows if row.monotone is not None]
    near = [row.nearest for row in rows if row.size is None and row.nearest]
    back = [row.back for row in rows if row.back is not None]
    by_own = [row for row in rows if row.by == "fall" and row.own >= 0.5 * (fall or 1.0)]
    beyond = wilson(sum(row.size is not None and row not in by_own for row in rows), len(rows))
    return {
        "kind": one.kind,
        "unit": one.unit,
        "most": one.most,
        "plausible": one.plausible,
        "sizes": sizes,
        "broke": sum(size is not None for size in sizes),
        "by_default": sum(row.by == "default" for row in rows),
        "by_own_size": len(by_own),
        "beyond": asdict(beyond),
        "own": median(row.own for row in rows if row.size is not None) if by_own else None,
        "quantiles": [{"part": part, **asdict(quantile(sizes, part))} for part in QUANTILES],
        "curve": [{"size": size, **asdict(share_at(sizes, size))} for size in _grid(one)],
        "at_plausible": asdict(share_at(sizes, one.plausible)),
        "basin": asdict(basin(sizes, one.plausible)),
        "looked": len(looked),
        "not_monotone": sum(not row for row in looked),
        "fall": median(row.fall for row in rows if row.size is None) if None in sizes else None,
        "fall_needed": fall,
        "nearest": max(near, key=near.count, default=None),
        "looked_back": len(back),
        "stayed_broken": sum(not one for one in back),
        "metastable": alone.value <= CALM and beyond.value >= SURE,
    }


def _grid(one: Dial) -> Iterable[float]:
    if not one.unit:
        return (one.most,)
    return (round(one.most * i / CURVE, 9) for i in range(1, CURVE + 1))


def _mapped(answers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The map of dates and shocks, a row each: the median least size, and the part that breaks at what is
    plausible.
    """
    return [
        {
            "at": answer["at"],
            "kind": shock["kind"],
            "unit": shock["unit"],
            "median": shock["quantiles"][1]["value"],
            "at_plausible": shock["at_plausible"]["value"],
        }
        for answer in answers
        for shock in answer["shocks"]
    ]
