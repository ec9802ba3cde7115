"""When one seed breaks: the least size of each kind of shock at which it collapses.

From one cut many tails are lived. Those of one seed share their chance, so that the least size is found by
halving.
"""

from collections.abc import Sequence

from attrs import evolve, frozen

from events.errors import Wrong
from narrative.analysis.collapse import of
from narrative.analysis.history import History, story_of
from narrative.story.calendar import DAY
from narrative.story.model import Story
from narrative.story.supposition import Supposed
from narrative.weighing.critical import least, monotone, remains
from narrative.weighing.dials import Dial, own
from narrative.weighing.tails import Cut, Tail, cut, supposed, tail, world_of
from narrative.whatif.fork import as_it_stands

LOOKED = 5  # seeds of which it is looked on a grid whether a larger shock ever breaks less
SOON = 10 * DAY  # after a cut, which most collapses take no longer than
UNDONE = 90 * DAY  # after so long a fall of prices is taken back, where it is looked whether all comes back
NEARLY = 0.9  # of the value without a shock: so much is as good as back


class Undefined(Wrong):
    """A history of which it cannot be said when it breaks."""


class Fallen(Undefined):
    """A history that has collapsed before it is asked when it would."""


@frozen(kw_only=True)
class Broken:
    """One seed under one kind of shock: the least size that breaks it, None where none does, 0 where it
    breaks by itself; and by what. `fall` is the deepest fall after the cut of what listed actors are worth
    together, at that size or at the largest, and `nearest` whom the shock then took the largest part from.
    `back` is whether all comes back when the shock is taken back, and `remains` how much of it may remain.
    """

    size: float | None
    by: str | None
    fall: float
    nearest: str | None
    own: float = 0.0
    monotone: bool | None = None
    back: bool | None = None
    remains: float | None = None


def cut_at(found: History, at: int) -> Cut:
    """A history cut at a moment, for tails up to the end of its story. Raises Undefined where its story does
    not say in figures what collapses it, and Fallen where it has collapsed by then.
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
        raise Fallen(f"{found.branch} has collapsed on {day} already, by {judged.by}. Ask of a day before.")
    return before


def seeded(count: int) -> range:
    """The seeds of so many tails. Raises Undefined for none."""
    if count < 1:
        raise Undefined(f"{count} seeds say nothing. Ask for 1 or more; an interval takes 20 or more.")
    return range(1, count + 1)


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
        by = calm.verdict.by if calm.verdict is not None else None
        return Shaken(True, [Broken(size=0.0, by=by, fall=drop(calm), nearest=None)] * len(dials))
    return Shaken(False, [_broken(before, one, seed, calm) for one in dials])


def _broken(before: Cut, one: Dial, seed: int, calm: Tail) -> Broken:
    soon = evolve(before, until=min(before.at + SOON, before.until))
    broken: dict[float, bool] = {}
    whole: dict[float, Tail] = {}  # of those that do not break at once

    def under(size: float) -> Supposed:
        return supposed(before, one.request(round(size, 9)))

    def breaks(size: float) -> bool:
        if size not in broken:
            broken[size] = broke(tail(soon, under(size), seed))
            if not broken[size]:
                whole[size] = tail(before, under(size), seed)
                broken[size] = broke(whole[size])
        return broken[size]

    size = least(breaks, one.most, one.step)
    sought = one.most if size is None else size
    told = next((found for at, found in whole.items() if abs(at - sought) < one.step / 2), None)
    told = tail(before, under(sought), seed) if told is None else told
    looked = seed <= LOOKED and bool(one.unit)
    timely = before.at + 2 * UNDONE <= before.until
    asked = size is not None and looked and one.undoable and timely
    left = _left(before, one, size, seed, calm) if asked and size is not None else None
    return Broken(
        size=size,
        own=0.0 if size is None else own(one, size, story_at(before), _worth(before)),
        back=left is not None if asked else None,
        remains=left,
        by=told.verdict.by if size is not None and told.verdict is not None else None,
        fall=drop(told),
        nearest=hurt(before, told, calm),
        monotone=monotone(breaks, one.most, one.step) if looked else None,
    )


def _left(before: Cut, one: Dial, size: float, seed: int, calm: Tail) -> float | None:
    """How much may remain of a shock that broke a history, once the rest is taken back, for it to come back:
    at the end it is worth what it would have been under so much from the first, but for a tenth, and no more
    have failed. None where even taking all back does not do.
    """
    day = story_at(before).calendar.day(before.at + UNDONE)

    def back(left: float) -> bool:
        found = tail(before, supposed(before, one.undone(size, day, left)), seed)
        up = tail(before, supposed(before, one.request(left)), seed) if left else calm
        worth = found.total[-1] >= NEARLY * up.total[-1]
        return worth and found.sums["defaults"] <= up.sums["defaults"]

    return remains(back, size, one.step)


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


def hurt(before: Cut, found: Tail, calm: Tail) -> str | None:
    """The actor that a shock took most from by the end, as a part of what it is worth there without it, of
    those that collapse is about; None where it took nothing.
    """
    lost = {
        name: 1.0 - (found.end[name] or 0) / without
        for name in sorted(of(story_at(before)))
        if (without := calm.end.get(name))
    }
    most = max(lost, key=lambda name: lost[name], default=None)
    return most if most is not None and lost[most] > 0 else None


def story_at(before: Cut) -> Story:
    """The story of a cut history."""
    return world_of(before).story
