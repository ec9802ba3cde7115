"""Durable appends, 100 events a commit: ours, raw sqlite3 with the same row, and eventsourcing.

    python tests/bench/append.py [--events 20000] [--rounds 5] [--dir DIR]

Prints a JSON line a measurement, the ratios last. All are run in turn, round after round, in one
process on one disk; medians are compared, and the best rounds, which a busy machine disturbs least.
What is to be appended is made some twenty batches ahead, and not timed: facts for us, rows for raw,
aggregates with pending events for eventsourcing. The clock stops when all is durable.
"""

import argparse
import json
import sqlite3
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from events.event import Act, Draft
from events.facts import Order
from events.log import open_log

BATCH = 100  # events a commit
MADE = 2_000  # events made ready, and then timed


def values(number: int) -> dict[str, Any]:
    """An order's fields: some two hundred bytes as JSON."""
    return {
        "buyer": "a-laboratory-of-some-name",
        "seller": "a-maker-of-chips",
        "order": f"a-laboratory-of-some-name.compute.a-maker-of-chips.{1_735_689_600 + number}",
        "amount": 123_456_789_000 + number,
        "due": 1_767_225_600 + number,
    }


def act(number: int) -> Act:
    return (Draft("a-laboratory-of-some-name", Order(**values(number))),)


def ours_by_moments(path: Path, events: int) -> float:
    """A moment an event, a hundred moments a commit."""
    took = 0.0
    with open_log(path) as log:
        for first in range(0, events, MADE):
            acts = [[act(number)] for number in range(first, first + MADE)]
            started = perf_counter()
            for number, moment in enumerate(acts, first):
                log.append("main", number, number, moment)
            log.flush()
            took += perf_counter() - started
    return took


def ours_from_values(path: Path, events: int) -> float:
    """The same, and the facts are made in the time that is measured."""
    took = 0.0
    with open_log(path) as log:
        for first in range(0, events, MADE):
            started = perf_counter()
            for number in range(first, first + MADE):
                log.append("main", number, number, [act(number)])
            log.flush()
            took += perf_counter() - started
    return took


def ours_in_one_moment(path: Path, events: int) -> float:
    """A hundred events a moment, a moment a commit, and each commit is waited for."""
    took = 0.0
    with open_log(path) as log:
        for first in range(0, events, MADE):
            moments = [
                [act(number) for number in range(start, start + BATCH)]
                for start in range(first, first + MADE, BATCH)
            ]
            started = perf_counter()
            for number, acts in enumerate(moments):
                log.append("main", first + number * BATCH, first + number, acts)
                log.flush()
            took += perf_counter() - started
    return took


def raw(path: Path, events: int) -> float:
    """Rows as ours stores them, made beforehand, by executemany into the same table."""
    ours_in_one_moment(path, events)
    made = sqlite3.connect(path)
    schema = made.execute("SELECT sql FROM sqlite_master WHERE name = 'events'").fetchone()[0]
    db = sqlite3.connect(path.with_name("raw.db"), isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute(schema)
    took = 0.0
    cursor = made.execute("SELECT * FROM events ORDER BY id")
    while rows := cursor.fetchmany(MADE):
        started = perf_counter()
        for first in range(0, len(rows), BATCH):
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", rows[first : first + BATCH])
            db.execute("COMMIT")
        took += perf_counter() - started
    db.close()
    made.close()
    return took


@cache
def book_class():
    from eventsourcing.domain import Aggregate, event

    class Book(Aggregate):
        @event("Ordered")
        def order(self, buyer: str, seller: str, order: str, amount: int, due: int) -> None:
            self.latest = (buyer, seller, order, amount, due)

    return Book


def peer(path: Path, events: int, *, from_values: bool = False) -> float:
    """Application.save of an aggregate with a hundred new events of the same fields."""
    from eventsourcing.application import Application

    app = Application(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)})
    took = 0.0
    for first in range(0, events, MADE):
        books = [book_class()() for _ in range(0, MADE, BATCH)]
        for book in books:
            app.save(book)
        started = perf_counter()
        for number in range(first, first + MADE):
            books[(number - first) // BATCH].order(**values(number))
        if not from_values:
            started = perf_counter()
        for book in books:
            app.save(book)
        took += perf_counter() - started
    app.close()
    return took


RUNS: dict[str, Callable[[Path, int], float]] = {
    "ours, 100 moments of 1": ours_by_moments,
    "ours, 1 moment of 100": ours_in_one_moment,
    "raw sqlite3": raw,
    "eventsourcing": peer,
    "ours, from plain values": ours_from_values,
    "eventsourcing, from plain values": partial(peer, from_values=True),
}


RATIOS = (
    ("ours, 100 moments of 1", "eventsourcing", 3.0),
    ("ours, 100 moments of 1", "raw sqlite3", 0.5),
    ("ours, 1 moment of 100", "eventsourcing", 3.0),
    ("ours, 1 moment of 100", "raw sqlite3", 0.5),
    ("ours, from plain values", "eventsourcing, from plain values", 3.0),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dir", default=None, help="where the files are made; the disk that is measured")
    options = parser.parse_args()
    rates: dict[str, list[float]] = {name: [] for name in RUNS}
    for turn in range(options.rounds):
        for name, run in RUNS.items():
            with tempfile.TemporaryDirectory(dir=options.dir) as directory:
                rates[name].append(options.events / run(Path(directory) / "log.db", options.events))
            print(
                json.dumps({"bench": "append", "what": name, "turn": turn, "per_s": round(rates[name][-1])})
            )
    middle = {name: median(values) for name, values in rates.items()}
    best = {name: max(values) for name, values in rates.items()}
    for name, rate in middle.items():
        figures = {"median_per_s": round(rate), "best_per_s": round(best[name])}
        print(json.dumps({"bench": "append", "what": name, **figures}))
    for name, other, bar in RATIOS:
        figures = {
            "ratio": round(middle[name] / middle[other], 2),
            "ratio_of_best": round(best[name] / best[other], 2),
        }
        print(json.dumps({"bench": "append", "what": f"{name} / {other}", **figures, "bar": bar}))


if __name__ == "__main__":
    main()
