"""The two folds: event by event in memory, and every account at every event from file and columns.

    python tests/bench/folds.py [--events 100000] [--rounds 3] [--dir DIR]

Prints a JSON line a measurement, the best of the rounds, with the design's bar where it has one.
Everything is measured in one process, on the same made-up mania of three postings an event. The
file is kept in DIR, where one is given, and used again.
"""

import argparse
import gc
import json
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter

import polars as pl
from histories import HALF_LIVES, TABLE, events, facts

from events.accounts import Fold
from events.columns import _schemas, frames, laid_down, lay_down, needed
from events.event import Draft, Row
from events.journal import Journal, journal
from events.log import open_log

POSTINGS = 3  # an event
IN_MEMORY = 400_000  # events folded one by one


def shown(what: str, **figures: float) -> None:
    print(json.dumps({"bench": "folds", "what": what, **figures}), flush=True)


def best(rounds: int, work: Callable[[], object]) -> float:
    took = []
    for _ in range(rounds):
        gc.collect()
        started = perf_counter()
        made = work()
        took.append(perf_counter() - started)
        del made
    return min(took)


def write(path: Path, count: int) -> None:
    with open_log(path) as log:
        for position, (moment, actor, fact) in enumerate(facts(count)):
            log.append("main", position, moment, ((Draft(actor, fact),),))


def read(path: Path) -> list[Row]:
    with open_log(path, read_only=True) as log:
        for block in log.blocks("main"):
            last = block
    return last


def bare_select(path: Path) -> int:
    db = sqlite3.connect(path)
    count = sum(1 for _ in db.execute("SELECT * FROM events ORDER BY id"))
    db.close()
    return count


def bare_json(lines: dict[str, bytes]) -> list[pl.DataFrame]:
    schemas = _schemas(needed(TABLE))
    return [
        pl.read_ndjson(body, schema={name: kind for name, kind in list(schemas[stamp].items())[2:]})
        for stamp, body in lines.items()
    ]


def rebuilt(path: Path) -> Journal:
    with open_log(path, read_only=True) as log:
        return journal(TABLE, frames(log.rows("main"), needed(TABLE)), HALF_LIVES)


def sequential(rounds: int) -> None:
    held = list(events(IN_MEMORY))
    gc.freeze()
    took = best(rounds, lambda: Fold(TABLE, HALF_LIVES).steps(held))
    shown("sequential fold in memory", events=len(held), events_per_s=round(len(held) / took), bar=1_500_000)
    gc.unfreeze()


def from_file(path: Path, count: int, rounds: int) -> None:
    figures = {"events": count}
    bare = best(rounds, lambda: bare_select(path))
    shown("bare select", **figures, events_per_s=round(count / bare))
    checked = best(rounds, lambda: read(path))
    shown("rows read and their digests checked", **figures, events_per_s=round(count / checked))
    lines = defaultdict(list)
    with open_log(path, read_only=True) as log:
        for row in log.rows("main", 1, 400_000):
            lines[row[2].partition("@")[0]].append(row[6])
    parsed = sum(map(len, lines.values()))
    joined = {stamp: b"\n".join(bodies) for stamp, bodies in lines.items()}
    bare = best(rounds, lambda: bare_json(joined))
    shown("bare JSON to columns", events=parsed, events_per_s=round(parsed / bare))
    took = best(rounds, lambda: rebuilt(path))
    shown(
        "all accounts at every event from the file", **figures, events_per_s=round(count / took), bar=400_000
    )


def from_columns(path: Path, folder: Path, count: int, rounds: int) -> None:
    if not folder.exists():
        with open_log(path, read_only=True) as log:
            lay_down(frames(log.rows("main"), needed(TABLE)), folder)
    took = best(rounds, lambda: laid_down(folder, needed(TABLE)))
    shown("laid-out columns read", events=count, events_per_s=round(count / took))
    took = best(rounds, lambda: journal(TABLE, laid_down(folder, needed(TABLE)), HALF_LIVES))
    shown(
        "all accounts at every event from laid-out columns",
        events=count,
        postings_per_s=round(POSTINGS * count / took),
        bar=8_000_000,
    )


def memory(folder: Path, count: int) -> None:
    books = journal(TABLE, laid_down(folder, needed(TABLE)), HALF_LIVES)
    names = pl.concat(frame["key"].unique() for frame in books.accounts.values()).unique().cast(pl.String)
    for what, held in (
        ("accounts", sum(frame.estimated_size() for frame in books.accounts.values())),
        ("and moments", books.moments.estimated_size()),
        ("and names", names.estimated_size()),
    ):
        held_so_far = held if what == "accounts" else held_so_far + held
        shown(
            f"memory of the journal: {what}",
            bytes_per_posting=round(held_so_far / (POSTINGS * count), 1),
            bar=40,
        )
    shown("memory of the whole process", peak_mib=getrusage(RUSAGE_SELF).ru_maxrss // 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dir", default=None, help="where the file and the columns are made, and kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(options.dir or scratch)
        path, folder = place / f"mania-{options.events}.db", place / f"mania-{options.events}"
        if not path.exists():
            write(path, options.events)
        from_file(path, options.events, options.rounds)
        from_columns(path, folder, options.events, options.rounds)
        memory(folder, options.events)
    sequential(options.rounds)


if __name__ == "__main__":
    main()
