"""Many seeds of one story, with and without a supposition: what the supposition does, and how surely.

Each seed is lived twice from the same opening, once as the story has it and once on a branch that
supposes: chance is the same wherever the supposition does not reach, so that the difference of a
pair is the supposition's own doing.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from math import sqrt
from statistics import mean, stdev

from attrs import frozen

from events.event import Draft
from events.log import Log, open_log
from events.record_facts import Supposition
from narrative.analysis.replay import walk
from narrative.books.table import RUNGS
from narrative.engine.begin import begin
from narrative.engine.run import live, world_at
from narrative.story.calendar import DAY
from narrative.story.model import Story
from narrative.story.supposition import Supposed

EVERY = 7 * DAY
MEASURES = ("peak", "end", "fall", *RUNGS, "borrowed")


@frozen
class Effect:
    """The mean difference that a supposition makes to one measure, over paired seeds, with its 95 %
    interval. Money in smallest units; `fall` as a part of one. `base` is the mean without it.
    """

    measure: str
    base: float
    difference: float
    low: float
    high: float
    pairs: int


def effects(
    story: Story,
    supposed: Mapping[str, Supposed],
    seeds: Sequence[int],
    executor: Executor | None = None,
) -> dict[str, tuple[Effect, ...]]:
    """The effect of each supposition, made at the opening, on every measure over those seeds."""
    texts = tuple(one.dump() for one in supposed.values())
    work = [(story.dump(), texts, seed) for seed in seeds]
    lives = list(map(_lives, work) if executor is None else executor.map(_lives, work, chunksize=5))
    return {
        name: tuple(
            _effect(measure, [(one[0][measure], one[place][measure]) for one in lives])
            for measure in MEASURES
        )
        for place, name in enumerate(supposed, 1)
    }


def _effect(name: str, pairs: Sequence[tuple[float, float]]) -> Effect:
    gaps = [other - base for base, other in pairs]
    middle = mean(gaps)
    reach = 1.96 * stdev(gaps) / sqrt(len(gaps)) if len(gaps) > 1 else float("inf")
    return Effect(name, mean(base for base, _ in pairs), middle, middle - reach, middle + reach, len(gaps))


def _lives(work: tuple[str, tuple[str, ...], int]) -> list[dict[str, float]]:
    """One seed without a supposition, then under each: what is measured of every history."""
    text, suppositions, seed = work
    story = Story.load(text)
    with open_log(None) as log:
        world = begin(log, "main", story, seed=seed, cast="full", until=story.until)
        opening = world.position
        live(log, "main", world, story.until)
        found = [measured(log, "main", story)]
        for number, supposed in enumerate(suppositions):
            name = f"other-{number}"
            log.fork(name, "main", opening)
            fact = Supposition(text=supposed)
            log.append(name, opening, story.start, [(Draft("story", fact, "supposed"),)])
            live(log, name, world_at(log, name), story.until)
            found.append(measured(log, name, story))
        return found


def measured(log: Log, branch: str, story: Story) -> dict[str, float]:
    """Each measure of one history: the listed actors' largest value together, their value at the
    end, the deepest fall from an earlier peak, the totals of the rungs, and what was borrowed."""
    peak = fall = last = 0.0
    listed = sorted(actor.id for actor in story.actors if actor.listed)
    world = None
    for moment, world in walk(log, branch, _weeks(story)):  # the last world is read below
        last = float(sum(world.readings.value(actor, moment) or 0 for actor in listed))
        peak = max(peak, last)
        fall = max(fall, 1.0 - last / peak if peak else 0.0)
    state: Mapping[str, Mapping[str, int]] = world.fold.state if world else {}
    sums = {rung: float(sum(state[rung].values())) for rung in RUNGS}
    return {"peak": peak, "end": last, "fall": fall, **sums, "borrowed": float(sum(state["debt"].values()))}


def _weeks(story: Story) -> Iterable[int]:
    return (*range(story.start, story.until, EVERY), story.until)
