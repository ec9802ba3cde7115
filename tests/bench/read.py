"""Reading a log from its SQLite file: what the checks cost beside a bare select.

    python tests/bench/read.py [--events 100000] [--rounds 5] [--dir DIR]

Prints a JSON line a way of reading, in events a second (median; all in turn, round after round).
"""

import argparse
import json
import sqlite3
import tempfile
from collections import deque
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from long import long_log

from events.log import open_log


def select(path: Path) -> None:
    """Every column of every row, unchecked."""
    db = sqlite3.connect(path)
    deque(db.execute("SELECT id, moment, name, causes, fact, digest FROM events ORDER BY id"), maxlen=0)
    db.close()


def columns(path: Path) -> None:
    """Columns, checked by the seals of their blocks."""
    with open_log(path, read_only=True) as log:
        deque(log.columns("main"), maxlen=0)


def rows(path: Path) -> None:
    """Rows one by one, each with names, checked as columns are."""
    with open_log(path, read_only=True) as log:
        deque(log.rows("main"), maxlen=0)


def events(path: Path) -> None:
    """Events: rows one by one, each fact decoded."""
    with open_log(path, read_only=True) as log:
        deque(log.read("main"), maxlen=0)


def verify(path: Path) -> None:
    """Every digest, and the structure of the file."""
    with open_log(path, read_only=True) as log:
        assert log.verify() == ()


WAYS: dict[str, Callable[[Path], None]] = {
    "bare select": select,
    "columns": columns,
    "rows": rows,
    "events": events,
    "verify": verify,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dir", default=None, help="where the log is made, and kept if it is given")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        path = long_log(Path(options.dir or directory) / f"long-{options.events}.db", options.events)
        rates: dict[str, list[float]] = {name: [] for name in WAYS}
        for _ in range(options.rounds):
            for name, way in WAYS.items():
                started = perf_counter()
                way(path)
                rates[name].append(options.events / (perf_counter() - started))
    bare = median(rates["bare select"])
    for name, values in rates.items():
        figures = {"per_s": round(median(values)), "of_bare_select": round(median(values) / bare, 2)}
        print(json.dumps({"bench": "read", "events": options.events, "what": name, **figures}))


if __name__ == "__main__":
    main()
