"""When does it break, over seeds: the least sizes of shocks as a distribution, the map of dates and shocks,
and the link whose loss costs most. What breaks nothing within its range says what stood in the way.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from attrs import asdict, field, frozen
from attrs.converters import optional

from narrative.analysis.effects import level
from narrative.analysis.every import every
from narrative.analysis.history import History, lived_to, story_of
from narrative.story.model import Story, thresholds_of
from narrative.weighing.crew import ALONE, Failed, Hands, Told
from narrative.weighing.critical import Share, basin, quantile, share_at, wilson
from narrative.weighing.dials import Dial, dial, usual
from narrative.weighing.ensemble import Member
from narrative.weighing.fragility import (
    Broken,
    Fallen,
    Job,
    Shaken,
    Undefined,
    cut_at,
    seeded,
    shaken,
    story_at,
)
from narrative.weighing.paired import BASE
from narrative.weighing.severed import severed
from narrative.weighing.tails import Cut, supposed
from narrative.whatif.request import BadSupposition

if TYPE_CHECKING:
    from narrative.weighing.shakings import Kept

COSTS = ("total", "others", "excess")  # of a broken link
CURVE = 20  # sizes at which the distribution is given
QUANTILES = (0.05, 0.5, 0.95)


@frozen(kw_only=True)
class Breaking:
    """A request: kinds of `shocks` without a size (the usual ones of the story if there are none) over so
    many seeds. `links` asks for the cost of each link too, `output` is a folder for what each seed does, and
    `picture` a file for the map.
    """

    shocks: Sequence[str] = ()
    seeds: int = 20
    links: bool = False
    output: Path | None = field(default=None, converter=optional(Path))
    picture: Path | None = field(default=None, converter=optional(Path))


def dates(found: History, at: Sequence[int], step: str | None) -> list[int]:
    """The moments to cut a history at: those that are said, and with a step every one that ends after the
    first of them, or in the story, and before what was lived does. Raises Undefined for none, and BadSpan.
    """
    if step is not None:
        story = story_of(found)
        last = min(lived_to(found), story.until)
        first = at[0] if at else story.start
        at = sorted(
            {*at, *(one for one in every(step).ends(first, last, story.calendar)[:-1] if one > first)}
        )
    if not at:
        raise Undefined(
            "Nothing says when it is to be broken. Give a date (--at), or how far apart dates of a map are "
            "(--map 3mo) within what was lived."
        )
    return list(at)


def fragilities(
    found: History,
    moments: Sequence[int],
    asked: Breaking,
    hands: Hands = ALONE,
    told: Told | None = None,
) -> dict[str, Any]:
    """How large a shock breaks a history at each of some moments, as plain data: the answer of the verb.
    `told` is called with how many seeds are done, and of how many. Raises Undefined, NobodyLived, and
    BadSupposition for a shock that was asked for and cannot be.
    """
    count = seeded(asked.seeds)
    cuts, fallen = _cuts(found, moments)
    possible = [_possible(before, asked.shocks) for before in cuts]
    pairs = zip(cuts, possible, strict=True)
    lots = [Job(before, dials, seed) for before, (dials, _) in pairs for seed in count]
    kept = _kept(lots, asked.output)
    answers: list[dict[str, Any]] = []
    for place, (before, (dials, refused)) in enumerate(zip(cuts, possible, strict=True)):
        first, whole = place * asked.seeds, len(lots) + asked.links * asked.seeds
        tell = None if told is None else partial(_tell, told, first, whole)
        jobs = dict(enumerate(lots[first : first + asked.seeds], first))
        rows, failed = _shaken(jobs, hands, kept, tell)
        answers.append(_answer(found, before.at, dials, refused, rows) | _named(failed, found, before.at))
    tell = None if told is None else partial(_tell, told, len(lots), len(lots) + asked.seeds)
    return {
        **answers[0],
        "links": _links(cuts[0], count, hands, tell) if asked.links else [],
        "map": _mapped(answers),
        "fallen": fallen,
        "failed": [one for answer in answers for one in answer["failed"]],
        "output": None if asked.output is None else str(asked.output),
    }


def _cuts(found: History, moments: Sequence[int]) -> tuple[list[Cut], list[str]]:
    """The cuts at some moments, and at which of them, but for the first, the history has collapsed."""
    cuts, fallen = [cut_at(found, moments[0])], []
    for at in moments[1:]:
        try:
            cuts.append(cut_at(found, at))
        except Fallen:
            fallen.append(story_of(found).calendar.iso(at))
    return cuts, fallen


def _tell(told: Told, earlier: int, whole: int, done: int, _: int) -> None:
    told(earlier + done, whole)


def _kept(jobs: Sequence[Job], output: Path | None) -> "Kept | None":
    if output is None:
        return None
    from narrative.weighing.shakings import kept  # noqa: PLC0415  # polars, which nothing else here needs

    return kept(output, jobs)


def _shaken(
    jobs: Mapping[int, Job], hands: Hands, kept: "Kept | None", told: Told | None
) -> tuple[list[Shaken], list[Failed]]:
    """How each seed breaks, in their order: as it was kept, or lived and then kept; and which failed."""
    there = {} if kept is None else {n: row for n in jobs if (row := kept.read(n)) is not None}
    numbers = [number for number in jobs if number not in there]

    def put(place: int, row: Shaken) -> None:
        there[numbers[place]] = row
        if kept is not None:
            kept.put(numbers[place], jobs[numbers[place]], row)

    failed: list[Failed] = []
    if numbers:
        _, failed = hands.by_seed(shaken, [jobs[number] for number in numbers], told, put)
    return [there[number] for number in jobs if number in there], failed


def _links(before: Cut, seeds: Sequence[int], hands: Hands, told: Told | None) -> list[dict[str, Any]]:
    """Each link of a story broken just after a cut, the costliest first: what it costs of all that is listed,
    and what it costs others more than falls of its two ends alone.
    """
    arms = severed(before, [Member(seed=seed) for seed in seeds], hands=hands, told=told)
    found = [
        {"link": name, **{cost: _mean([row[cost] for row in rows]) for cost in COSTS}}
        for name, rows in arms.rows.items()
        if name != BASE
    ]
    return sorted(found, key=lambda one: -one["total"]["value"])


def _mean(values: Sequence[float]) -> dict[str, float | None]:
    found = level(values)
    return {"value": found.mean, "low": found.low, "high": found.high}


def _named(failed: Sequence[Failed], found: History, at: int) -> dict[str, Any]:
    iso = story_of(found).calendar.iso(at)
    return {"failed": [{"at": iso, **asdict(one)} for one in failed]}


def _answer(
    found: History,
    at: int,
    dials: Sequence[Dial],
    refused: Mapping[str, str],
    rows: Sequence[Shaken],
) -> dict[str, Any]:
    story = story_of(found)
    alone = wilson(sum(row.alone for row in rows), len(rows))
    return {
        "story": story.id,
        "branch": found.branch,
        "at": story.calendar.iso(at),
        "until": story.calendar.iso(story.until),
        "definition": story.collapse,
        "seeds": len(rows),
        "unshocked": asdict(alone),
        "shocks": [_told(one, [row.kinds[i] for row in rows], alone, story) for i, one in enumerate(dials)],
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


def _told(one: Dial, rows: Sequence[Broken], alone: Share, story: Story) -> dict[str, Any]:
    """One kind of shock over all seeds, as plain data."""
    bounds, fall = thresholds_of(story), story.collapses.fall if story.collapses is not None else None
    sizes = [row.size for row in rows]
    looked = [row.monotone for row in rows if row.monotone is not None]
    near = [row.nearest for row in rows if row.size is None and row.nearest]
    back = [row for row in rows if row.back is not None and row.size is not None]
    ways = [{"up": row.size, "down": row.remains} for row in back]
    gaps = [(row.size or 0.0) - (row.remains or 0.0) for row in back]
    by_own = [row for row in rows if row.by == "fall" and row.own >= 0.5 * (fall or 1.0)]
    beyond = wilson(sum(row.size is not None and row not in by_own for row in rows), len(rows))
    return {
        "kind": one.kind,
        "unit": one.unit,
        "most": one.most,
        "plausible": one.plausible,
        "stated": one.stated,
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
        "stayed_broken": sum(not row.back for row in back),
        "ways": ways,
        "gap": median(gaps) if gaps else None,
        "metastable": alone.value <= bounds.calm and beyond.value >= bounds.sure,
    }


def _grid(one: Dial) -> Iterable[float]:
    if not one.unit:
        return (one.most,)
    return (round(one.most * i / CURVE, 9) for i in range(1, CURVE + 1))


def _mapped(answers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The map of dates and shocks, a row each: the median least size, whether most that break do so by the
    shock's own size, how far others fall, and the part that breaks at what is plausible.
    """
    return [
        {
            "at": answer["at"],
            "kind": shock["kind"],
            "unit": shock["unit"],
            "plausible": shock["plausible"],
            "median": shock["quantiles"][1]["value"],
            "at_plausible": shock["at_plausible"]["value"],
            "own": 2 * shock["by_own_size"] > shock["broke"],
            "fall": shock["fall"],
        }
        for answer in answers
        for shock in answer["shocks"]
    ]
