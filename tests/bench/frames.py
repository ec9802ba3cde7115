"""Tables of a long history: queries, Parquet, and the memory they take.

    python tests/bench/frames.py [--events 1000000] [--dir DIR]

Prints a JSON line a measurement, with the design's bar where it has one. Each is a process of its
own, so that its peak of memory is its own; what it takes to start and to open the history is
measured beside it and left out. The history is kept in DIR, where one is given, and used again.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import rmtree

from attrs import evolve
from histories import COMPANIES, facts

from events import writing
from events.event import Draft
from events.log import open_log
from narrative.engine.begin import begin
from narrative.story.catalogue import find_story
from narrative.story.model import Actor, Balance, Cast, Story
from narrative.story.reader import read_story

QUERIES = {
    "group by kind and origin": "SELECT kind, origin, COUNT(*) AS n FROM events GROUP BY kind, origin",
    "money by actor": "SELECT actor, SUM(amount) AS money FROM events GROUP BY actor ORDER BY money DESC",
    "cash by holder": "SELECT holder, SUM(amount) AS n FROM postings WHERE account = 'cash' GROUP BY holder",
}
TIMED = """
import json, resource, sys, time
import polars, narrative
{first}
from narrative.verbs.living import performed
with performed({history!r}) as found:
    found.log.head(found.branch)
started = time.perf_counter()
{work}
taken = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({{"seconds": round(taken, 2), "peak_mib": peak}}))
"""


def mania() -> Story:
    """Forty companies of which nothing is told, read as the loop is."""
    opening = tuple(
        Balance(account=account, moment=0, source="made up", confidence="assumption", **{field: value})
        for account, field, value in (
            ("value", "amount", 10**12), ("cash", "amount", 10**9), ("debt", "amount", 0),
            ("shares", "number", 10**6),
        )
    )  # fmt: skip  # a table
    actors = tuple(Actor(id=name, name=name, listed=True, opening=opening) for name in COMPANIES)
    plain = read_story(find_story("loop"))
    nobody = {"narratives": (), "links": (), "circle": (), "entries": (), "cast": Cast(default="none")}
    return evolve(plain, id="mania", title="A made-up mania", start=0, until=10**9, actors=actors, **nobody)


def made(path: Path, events: int) -> Path:
    """A history of about that many events at that path; made only if it is not there."""
    if path.exists():
        return path
    writing.MOMENTS, writing.SECONDS = 10_000, 1e9  # nobody measures how it is made
    with open_log(path) as log:
        start = begin(log, "main", mania(), seed=1, cast="none", until=10**9).position
        for position, (moment, actor, fact) in enumerate(facts(events), start):
            log.append("main", position, moment, [(Draft(actor, fact),)])
    return path


def measured(what: str, history: Path, work: str, *, first: str = "", bar: float | None = None) -> None:
    script = TIMED.format(history=str(history), work=work, first=first)
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    print(json.dumps({"bench": "frames", "what": what, **figures, "bar": bar}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--dir", default=None, help="where the history is made, and kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        history = made(Path(options.dir or scratch) / f"mania-{options.events}.db", options.events)
        out = Path(scratch) / "out"
        read = "with performed({0!r}) as found:\n    for _ in found.log.columns(): pass"
        measured("rows read and checked, nothing made of them", history, read.format(str(history)))
        for what, sql in QUERIES.items():
            rmtree(history.with_name(history.name + ".kept"), ignore_errors=True)
            asked = f"narrative.query({str(history)!r}, {sql!r})"
            measured(f"{what}, for the first time (and kept)", history, asked)
            measured(f"{what}, again", history, asked, bar=1.0)
        rmtree(history.with_name(history.name + ".kept"), ignore_errors=True)
        written = f"narrative.export({str(history)!r}, format={{0!r}}, output={str(out)!r})"
        measured("Parquet: events, postings and daily readings", history, written.format("parquet"), bar=5.0)
        two = (
            "from narrative import exporting, spans\n"
            "spans.Spans.take = lambda *_: []; spans.Spans.rest = lambda *_: []"
        )
        measured("Parquet: events and postings", history, written.format("parquet"), first=two)
        rmtree(out)
        measured("JSON Lines", history, written.format("jsonl"))
        back = f"narrative.import_({str(out)!r}, db={str(out) + '.db'!r})"
        measured("JSON Lines taken back", history, back)


if __name__ == "__main__":
    main()
