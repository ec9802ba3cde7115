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
from collections import defaultdict, deque
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter, process_time

import polars as pl
from histories import HALF_LIVES, TABLE, events, facts

from events.books.accounts import Fold
from events.books.frames import for_postings, kind_schema, postings
from events.books.journal import FOLDED, Journal, journal
from events.event import Draft
from events.log import open_log

POSTINGS = 3  # an event
IN_MEMORY = 400_000  # events folded one by one, or parsed from memory
THREE_SUMS = {"Payment", "Sale"}
MOMENT = pl.Datetime("ms")


def best(rounds: int, work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the fastest round, and how many cores it kept busy (below 1: the machine was)."""
    took = []
    for _ in range(rounds):
        gc.collect()
        cpu, started = process_time(), perf_counter()
        made = work()
        wall = perf_counter() - started
        took.append((wall, (process_time() - cpu) / wall))
        del made
    return min(took)


def shown(what: str, count: int, taken: tuple[float, float], unit: str = "events", **more: int) -> None:
    wall, cores = taken
    figures = {unit: count, f"{unit}_per_s": round(count / wall), "cores": round(cores, 2), **more}
    print(json.dumps({"bench": "folds", "what": what, **figures}), flush=True)


def write(path: Path, count: int) -> None:
    with open_log(path) as log:
        for position, (moment, actor, fact) in enumerate(facts(count)):
            log.append("main", position, moment, ((Draft(actor, fact),),))


def read(path: Path) -> None:
    with open_log(path, read_only=True) as log:
        deque(log.columns("main"), maxlen=0)


def bare_select(path: Path) -> None:
    db = sqlite3.connect(path)
    deque(db.execute("SELECT * FROM events ORDER BY id"), maxlen=0)
    db.close()


def bodies(path: Path) -> dict[str, bytes]:
    lines = defaultdict(list)
    with open_log(path, read_only=True) as log:
        for row in log.rows("main", 1, IN_MEMORY):
            lines[row.kind].append(row.body)
    return {kind: b"\n".join(found) for kind, found in lines.items()}


def bare_json(lines: dict[str, bytes]) -> list[pl.DataFrame]:
    wanted = for_postings(TABLE).facts
    schemas = {kind: {name: kind_schema(kind)[name] for name in names} for kind, names in wanted.items()}
    whole = {
        kind: {name: pl.Int64() if dtype == MOMENT else dtype for name, dtype in schema.items()}
        for kind, schema in schemas.items()
    }
    return [pl.read_ndjson(body, schema=whole[kind]) for kind, body in lines.items()]


def rebuilt(path: Path) -> Journal:
    with open_log(path, read_only=True) as log:
        return journal(TABLE, postings(log.columns("main"), log.named(), TABLE, FOLDED), HALF_LIVES)


def sequential(rounds: int) -> None:
    for what, kinds in (("three sums an event", THREE_SUMS), ("all four folds", None)):
        held = [event for event in events(IN_MEMORY) if kinds is None or event.kind in kinds]
        gc.freeze()
        taken = best(rounds, lambda held=held: Fold(TABLE, HALF_LIVES).steps(held))
        shown(f"sequential fold in memory, {what}", len(held), taken, bar=1_500_000)
        gc.unfreeze()


def from_file(path: Path, count: int, rounds: int) -> None:
    shown("bare select", count, best(rounds, lambda: bare_select(path)))
    lines = bodies(path)
    parsed = sum(body.count(b"\n") + 1 for body in lines.values())
    shown("bare JSON to columns", parsed, best(rounds, lambda: bare_json(lines)))
    shown("rows read and checked", count, best(rounds, lambda: read(path)))
    taken = best(rounds, lambda: rebuilt(path))
    shown("all accounts at every event, from the file", count, taken, bar=400_000)


def lay_down(path: Path, laid: Path) -> None:
    """The postings as columns in Parquet, with accounts and keys as numbers of names."""
    with open_log(path, read_only=True) as log:
        posted = postings(log.columns("main"), log.named(), TABLE, FOLDED)
    accounts = pl.Enum([account.name for account in TABLE.accounts])
    posted = posted.cast({"account": accounts, "key": pl.Categorical()})
    posted.write_parquet(laid, compression="uncompressed", statistics=False)


def from_columns(path: Path, laid: Path, count: int, rounds: int) -> None:
    if not laid.exists():
        lay_down(path, laid)
    taken = best(rounds, lambda: pl.read_parquet(laid))
    shown("laid-out columns read", POSTINGS * count, taken, "postings")
    taken = best(rounds, lambda: journal(TABLE, pl.read_parquet(laid), HALF_LIVES))
    shown(
        "all accounts at every event, from laid-out columns",
        POSTINGS * count,
        taken,
        "postings",
        bar=8_000_000,
    )


def memory(laid: Path, count: int) -> None:
    books = journal(TABLE, pl.read_parquet(laid), HALF_LIVES)
    names = pl.concat([frame["key"].unique() for frame in books.accounts.values()]).unique().cast(pl.String)
    held = sum(frame.estimated_size() for frame in books.accounts.values())
    figures = {
        "bytes_per_posting": round(held / (POSTINGS * count), 1),
        "with_names": round((held + names.estimated_size()) / (POSTINGS * count), 1),
        "bar": 40,
        "peak_mib_of_the_process": getrusage(RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps({"bench": "folds", "what": "memory of the journal", **figures}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dir", default=None, help="where the file and the columns are made, and kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(options.dir or scratch)
        path, laid = place / f"mania-{options.events}.db", place / f"mania-{options.events}.parquet"
        if not path.exists():
            write(path, options.events)
        from_file(path, options.events, options.rounds)
        from_columns(path, laid, options.events, options.rounds)
        memory(laid, options.events)
    sequential(options.rounds)


if __name__ == "__main__":
    main()
