"""Living: ``python tests/bench/live.py``. One JSON line a figure; bars are design section 9's.

The loop story in memory and into SQLite, beside bare SimPy; how soon a late branch starts living;
a thousand short branches beside re-running what they share.
"""

import json
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import perf_counter

import simpy

from events.event import Draft
from events.facts import Repricing
from events.log import open_log
from narrative.calendar import DAY
from narrative.run import Pen, begin, fingerprint, live, world_at
from narrative.stories import find_story
from narrative.timeline import read_story

STORY = read_story(find_story("loop"))
YEARS = 4
SHARED, TAIL = 360, 30  # days: a prefix twelve times its tail


def say(what: str, figure: float, unit: str, **more: object) -> None:
    print(json.dumps({"what": what, "figure": round(figure, 4), "unit": unit, **more}), flush=True)


def lived(seed: int, days: int, path: Path | None = None) -> tuple[int, float]:
    """Events of a run, and the seconds it took."""
    until = STORY.start + days * DAY
    with open_log(path) as log:
        world = begin(log, "main", STORY, seed=seed, cast="full", until=until)
        start = perf_counter()
        pen = live(log, "main", world, until)
        return pen.events, perf_counter() - start


def bare_simpy(wakes: int = 200_000) -> float:
    """Wakes a second of SimPy alone: a hundred processes that time out."""

    def sleeping(env: simpy.Environment):
        while True:
            yield env.timeout(1)

    env = simpy.Environment()
    for _ in range(100):
        env.process(sleeping(env))
    start = perf_counter()
    env.run(until=wakes // 100)
    return wakes / (perf_counter() - start)


def living() -> None:
    folder = Path(tempfile.mkdtemp())
    memory, disk = [], []
    for seed in range(1, 6):
        memory.append(lived(seed, 365 * YEARS))
        disk.append(lived(seed, 365 * YEARS, folder / f"{seed}.db"))
    rates = [sum(events for events, _ in runs) / sum(took for _, took in runs) for runs in (memory, disk)]
    say("live loop, log in memory", rates[0], "events/s", bar=30_000, events=sum(e for e, _ in memory))
    say("live loop, into SQLite", rates[1], "events/s", ratio=round(rates[1] / rates[0], 3), bar=0.6)
    say("bare SimPy, timeouts alone", bare_simpy(), "wakes/s")


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
        took = []
        for number in range(9):
            start = perf_counter()
            log.fork(f"late-{number}", "main", log.position_at("main", moment - 50 - number))
            forked = perf_counter()
            pen = Pen(log, f"late-{number}", world_at(log, f"late-{number}"))
            pen.next_due(moment)
            took.append((perf_counter() - forked, forked - start))
    took.sort()
    middle = took[len(took) // 2]
    say(
        "start living from a late branch",
        middle[0] * 1e3,
        "ms",
        events=size,
        fork_ms=round(middle[1] * 1e3, 3),
    )


def one_branch(number: int) -> int:
    """A tail of one seed lived from a fork of a shared prefix kept by this process."""
    log, position, until = _shared()
    name = f"b{number}"
    log.fork(name, "main", position)
    live(log, name, world_at(log, name), until)
    return log.head(name).position


_KEPT: list[tuple[object, int, int]] = []


def _shared():
    if not _KEPT:
        log = open_log(None)
        cut = STORY.start + SHARED * DAY
        world = begin(log, "main", STORY, seed=1, cast="full", until=cut)
        live(log, "main", world, cut)
        log.remember("main", world.position, world.dump(), fingerprint())
        _KEPT.append((log, world.position, cut + TAIL * DAY))
    return _KEPT[0]


def branching(count: int = 1_000) -> None:
    _shared()
    start = perf_counter()
    for number in range(count):
        one_branch(number)
    ours = count / (perf_counter() - start)
    start = perf_counter()
    for _ in range(count // 20):
        lived(1, SHARED + TAIL)
    theirs = count // 20 / (perf_counter() - start)
    say(
        "short branches at 12:1",
        ours,
        "branches/s",
        rerun=round(theirs, 2),
        ratio=round(ours / theirs, 1),
        bar=10,
    )
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(one_branch, range(-4, 0)))  # both workers make their prefix first
        start = perf_counter()
        list(pool.map(one_branch, range(count, 2 * count), chunksize=50))
        two = count / (perf_counter() - start)
    say("short branches on two cores", two, "branches/s", ratio=round(two / ours, 2), bar=1.9)


if __name__ == "__main__":
    sizes = [int(size) for size in sys.argv[1:]] or [10**3, 10**5, 10**6]
    living()
    for size in sizes:
        starting(size)
    branching()
