"""Living: ``python tests/bench/live.py``. One JSON line a figure; bars are design section 9's.

The loop story in memory and into SQLite, beside bare SimPy, in turn and the best of each, after one
run that imports what is needed; how soon a late branch starts living, and how much of that is catching
up with what came after its snapshot; a thousand short branches beside re-running what they share, from
several cuts, since tails are busy or not. A prefix is twelve times its tail in events; the branches
start from one folded world, as an ensemble's may. What waits for no disk is measured in seconds of the
processor, which others' work on a shared machine disturbs least.
"""

import json
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import simpy

from events.event import Draft
from events.log import Log, open_log
from events.market_facts import Repricing
from narrative.engine.begin import begin
from narrative.engine.run import Pen, fingerprint, live, world_at
from narrative.engine.world import World
from narrative.story.calendar import DAY
from narrative.story.catalogue import find_story
from narrative.story.reader import read_story

STORY = read_story(find_story("loop"))
YEARS = 4
ROUNDS = 3
SEED = 1
LENGTHS = range(560, 760, 40)  # days; of each the first from it on at which a prefix fits
RERUNS = 2  # a round
TIMES, WITHIN = 12, 0.02  # so many times its tail a prefix has events, as nearly


def say(what: str, figure: float, unit: str, **more: object) -> None:
    print(json.dumps({"what": what, "figure": round(figure, 4), "unit": unit, **more}), flush=True)


def lived(seed: int, days: int, path: Path | None = None) -> tuple[int, float, float]:
    """Events of a run, and the seconds it took: of the processor, and of the clock."""
    until = STORY.start + days * DAY
    with open_log(path) as log:
        world = begin(log, "main", STORY, seed=seed, cast="full", until=until)
        worked, start = process_time(), perf_counter()
        pen = live(log, "main", world, until)
        return pen.events, process_time() - worked, perf_counter() - start


def bare_simpy(wakes: int = 200_000) -> float:
    """Wakes a second of SimPy alone: a hundred processes that time out."""

    def sleeping(env: simpy.Environment):
        while True:
            yield env.timeout(1)

    env = simpy.Environment()
    for _ in range(100):
        env.process(sleeping(env))
    start = process_time()
    env.run(until=wakes // 100)
    return wakes / (process_time() - start)


def living() -> None:
    folder = Path(tempfile.mkdtemp())
    lived(1, 365)
    years, year, simpy_, ratios = [], [], [], []
    for turn in range(ROUNDS):
        memory = [lived(seed, 365 * YEARS) for seed in range(1, 6)]
        disk = [lived(seed, 365 * YEARS, folder / f"{turn}-{seed}.db") for seed in range(1, 6)]
        years.append(rate(memory))
        year.append(rate([lived(seed, 365) for seed in range(1, 21)]))
        simpy_.append(bare_simpy())
        ratios.append(sum(took for _, _, took in memory) / sum(took for _, _, took in disk))
    say("live loop, log in memory", max(years), "events/s", bar=30_000, years=YEARS)
    say("live loop, its own year", max(year), "events/s")
    say("live loop, into SQLite", median(ratios), "of that by the clock", bar=0.6)
    say("bare SimPy, timeouts alone", max(simpy_), "wakes/s")


def rate(runs: list[tuple[int, float, float]]) -> float:
    return sum(events for events, _, _ in runs) / sum(worked for _, worked, _ in runs)


def starting(size: int) -> None:
    """A history of `size` events, most of them repricings, cut 500 events before its end."""
    path = Path(tempfile.mkdtemp()) / "late.db"
    with open_log(path) as log:
        until = STORY.start + 365 * DAY
        world = begin(log, "main", STORY, seed=1, cast="full", until=until)
        pen = Pen(log, "main", world, ())
        asset = next(actor.id for actor in STORY.actors if actor.listed)
        fact = Repricing(asset=asset, fast=1, slow=1, lasting=1)
        moment = world.moment
        while world.position < size:
            moment += 1
            pen.append(moment, [(Draft("market", fact),)] * 10)
        log.flush()
        took, close = [], []
        for number in range(9):
            start = perf_counter()
            log.fork(f"late-{number}", "main", log.position_at("main", moment - 50 - number))
            forked = perf_counter() - start
            start = process_time()
            world = world_at(log, f"late-{number}")
            pen = Pen(log, f"late-{number}", world)
            pen.next_due(moment)
            took.append((process_time() - start, forked))
            log.remember(f"late-{number}", world.position, world.dump(), fingerprint())
            log.flush()
            start = process_time()
            pen = Pen(log, f"late-{number}", world_at(log, f"late-{number}"))
            pen.next_due(moment)
            close.append(process_time() - start)
    say(
        "start living from a late branch",
        median(first for first, _ in took) * 1e3,
        "ms",
        events=size,
        without_catching_up=round(median(close) * 1e3, 2),
        fork_ms=round(median(second for _, second in took) * 1e3, 3),
        bar=5,
    )


def one_branch(days: int, number: int) -> int:
    """A tail of one seed lived from a fork of a shared prefix kept by this process."""
    log, world, until = _shared(days)
    name = f"b{number}"
    log.fork(name, "main", world.position)
    live(log, name, world.copy(), until)
    return log.head(name).position


def _fits(log: Log, days: int) -> int | None:
    """The position at which a prefix of so many days is cut; None where no moment ends near enough."""
    until = STORY.start + days * DAY
    ends = [
        row.position for row in {row.moment: row for row in log.rows("main")}.values() if row.moment <= until
    ]
    cut = min(ends, key=lambda position: abs(position - ends[-1] * TIMES / (TIMES + 1)))
    tail = ends[-1] - cut
    return cut if tail and abs(cut / tail / TIMES - 1) < WITHIN else None


@cache
def lengths() -> list[int]:
    """The days of each shared history."""
    with open_log(None) as log:
        world = begin(log, "main", STORY, seed=SEED, cast="full", until=STORY.until)
        live(log, "main", world, STORY.start + (LENGTHS[-1] + LENGTHS.step) * DAY)
        found = (
            next((d for d in range(days, days + LENGTHS.step) if _fits(log, d) is not None), None)
            for days in LENGTHS
        )
        return [days for days in found if days is not None]


@cache
def _shared(days: int) -> tuple[Log, World, int]:
    log = open_log(None)
    until = STORY.start + days * DAY
    world = begin(log, "main", STORY, seed=SEED, cast="full", until=STORY.until)
    live(log, "main", world, until)
    world = world_at(log, "main", _fits(log, days))
    Pen(log, "main", world).next_due(world.moment)  # looks at what is open, once for all of them
    return log, world, until


def bound(days: int, rounds: int = 5) -> float:
    """How many times the tail's time a whole re-run takes: what a branch would save that cost nothing."""
    _, shared, until = _shared(days)
    ratios = []
    for _ in range(rounds):
        with open_log(None) as log:
            start = process_time()
            world = begin(log, "main", STORY, seed=SEED, cast="full", until=until)
            live(log, "main", world, shared.moment)
            cut = process_time()
            live(log, "main", world, until)
            ratios.append((process_time() - start) / (process_time() - cut))
    return median(ratios)


def branching(count: int = 1_000, rounds: int = 10) -> None:
    ratios, clock, each = [], 0.0, count // len(lengths()) // rounds
    for days in lengths():
        _, world, _ = _shared(days)
        tail = one_branch(days, -1) - world.position
        branches = reruns = 0.0
        for turn in range(rounds):  # in turn, so that both meet the same machine
            start, worked = perf_counter(), process_time()
            for number in range(turn * each, (turn + 1) * each):
                one_branch(days, number)
            branches, clock = branches + process_time() - worked, clock + perf_counter() - start
            reruns += sum(lived(SEED, days)[1] for _ in range(RERUNS))
        ours, theirs = each * rounds / branches, rounds * RERUNS / reruns
        ratios.append(ours / theirs)
        say(
            "short branches at 12:1",
            ours,
            "branches/s",
            rerun=round(theirs, 2),
            ratio=round(ratios[-1], 1),
            at_no_cost=round(bound(days), 1),
            events=[world.position, tail],
        )
    say("short branches beside re-running", median(ratios), "times", least=round(min(ratios), 1), bar=10)
    some = [(days, number) for number in range(each * rounds) for days in lengths()]
    with ProcessPoolExecutor(2) as pool:
        # Both workers make their prefixes first.
        list(pool.map(_one, [(days, -number) for days in lengths() for number in range(2, 6)]))
        start = perf_counter()
        list(pool.map(_one, [(days, number + count) for days, number in some], chunksize=50))
        two = len(some) / (perf_counter() - start)
    say("short branches on two cores", two, "branches/s", ratio=round(two * clock / len(some), 2), bar=1.9)


def _one(branch: tuple[int, int]) -> int:
    return one_branch(*branch)


if __name__ == "__main__":
    sizes = [int(size) for size in sys.argv[1:]] or [10**3, 10**5, 10**6]
    living()
    for size in sizes:
        starting(size)
    branching()
