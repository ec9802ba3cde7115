"""Branching a log anywhere, durable on return, at 10^3, 10^5 and 10^7 events.

    python tests/bench/branch.py [--sizes 1000 100000 10000000] [--forks 200] [--dir DIR]

Prints a JSON line a size and the ratio of the largest to the smallest. The logs are forked in turn,
each time at a random position; beside them plain sqlite3 commits one row, which is what the disk asks
of anybody. The largest log takes some minutes to make, and 2 GB.
"""

import argparse
import json
import random
import sqlite3
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from long import long_log

from events.log import open_log

BAR_MS = 1.0


def figures(times: list[float]) -> dict[str, float]:
    times = sorted(times)
    return {
        "least_ms": round(times[0], 3),
        "median_ms": round(median(times), 3),
        "p95_ms": round(quantiles(times, n=20)[-1], 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 10_000_000])
    parser.add_argument("--forks", type=int, default=200)
    parser.add_argument("--dir", default=None, help="where the logs are made, and kept if it is given")
    options = parser.parse_args()
    chance = random.Random(1)
    took: dict[int, list[float]] = {size: [] for size in options.sizes}
    floor: list[float] = []
    with ExitStack() as stack:
        directory = Path(options.dir or stack.enter_context(tempfile.TemporaryDirectory()))
        logs = {}
        for size in options.sizes:
            path = long_log(directory / f"long-{size}.db", size)
            logs[size] = stack.enter_context(open_log(path))
        spare = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=directory)))
        bare = sqlite3.connect(spare / "bare.db", isolation_level=None)
        stack.callback(bare.close)
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "CREATE TABLE rows (name TEXT)",
        ):
            bare.execute(statement)
        for turn in range(options.forks):
            started = perf_counter()
            bare.execute("INSERT INTO rows VALUES (?)", (f"b{turn}",))
            floor.append((perf_counter() - started) * 1000)
            # In another order every time: a commit is slower when it follows another file's.
            for size, log in chance.sample(list(logs.items()), len(logs)):
                name = f"b{turn}-{len(log.branches())}"
                position = chance.randint(1, size)
                started = perf_counter()
                log.fork(name, "main", position)
                took[size].append((perf_counter() - started) * 1000)
    for size, times in took.items():
        print(json.dumps({"bench": "branch", "events": size, **figures(times), "bar_ms": BAR_MS}))
    print(json.dumps({"bench": "branch", "what": "plain sqlite3, one row", **figures(floor)}))
    first, last = median(took[options.sizes[0]]), median(took[options.sizes[-1]])
    print(json.dumps({"bench": "branch", "what": "largest / smallest", "ratio": round(last / first, 2)}))


if __name__ == "__main__":
    main()
