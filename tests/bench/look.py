"""Looking into a long history: ``python tests/bench/look.py``. One JSON line a figure.

The made-up mania of `histories` in a story that opens like any other, a million events of it in a
file. Each figure is of a command in a process of its own, least of the rounds; `beyond` is what it
takes longer than the same command on the first events of the same story.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from attrs import evolve
from histories import COMPANIES, facts

from events import writing
from events.event import Draft
from events.log import open_log
from narrative.engine.begin import begin
from narrative.engine.run import Pen
from narrative.story.catalogue import find_story
from narrative.story.model import Actor, Balance, Story
from narrative.story.reader import read_story


def story() -> Story:
    """The story `loop` with the forty listed companies of the mania, and nobody to act."""
    loop = read_story(find_story("loop"))
    actors = tuple(
        Actor(id=name, name=name, listed=True, opening=(_held("value", 10**15), _held("cash", 10**12)))
        for name in COMPANIES
    )
    cast = evolve(loop.cast, default="none", role=())
    return evolve(loop, id="mania", actors=actors, links=(), circle=(), cast=cast)


def _held(account: str, amount: int) -> Balance:
    return Balance(account=account, amount=amount, moment=0, source="made up", confidence="high")


def history(path: Path, events: int) -> Path:
    """A history of that many events at that path; made only if it is not there."""
    if path.exists():
        return path
    writing.MOMENTS, writing.SECONDS = 10_000, 1e9  # nobody measures how it is made
    told = story()
    with open_log(path) as log:
        world = begin(log, "main", told, seed=1, cast="none", until=told.until)
        pen, start = Pen(log, "main", world, ()), told.start
        for moment, actor, fact in facts(events - world.position):
            pen.append(start + moment, [(Draft(actor, fact),)])
    return path


# --- measuring ----------------------------------------------------------------------------------

# (what, arguments, seconds beyond start-up at most): a page is 24 lines.
PAGE = 24
RUN = "from narrative.cli import main; main()"
LOOKS = (
    ("log, first page", ("log",), 0.3),
    ("log --actor --kind, first page", ("log", "--actor", "company-7", "--kind", "Order"), 0.3),
    ("log --actor --kind --since --until, whole", ("log", "--actor", "company-7", "--kind", "Order",
     "--since", "2030-01-01", "--until", "2030-12-31"), 1.0),
    ("log --text, whole", ("log", "--text", "COMPANY-7-ORDER-COMPANY-9-"), 1.0),
    ("log --least, whole", ("log", "--least", "67.1m"), 1.0),
    ("show", ("show", "19000"), 0.5),
    ("why of an event", ("why", "19000"), 0.5),
    ("why of a value", ("why", "company-7", "valuation"), 0.5),
    ("why of a belief share", ("why", "company-7", "belief_share"), 0.5),
    ("why of cash", ("why", "company-7", "cash"), 0.5),
)  # fmt: skip  # a row a look


def looked(path: Path, arguments: Sequence[str], *, page: bool) -> tuple[float, float, int]:
    """Seconds until the command has printed a page, or ended; seconds of processor; peak memory in MiB."""
    verb, *rest = arguments
    command = [sys.executable, "-c", RUN, verb, str(path), *rest]
    started = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    printed = b"".join(process.stdout.readline() for _ in range(PAGE)) if page else process.stdout.read()
    took = perf_counter() - started
    assert printed or not page, f"{arguments} printed nothing"
    if page:
        process.kill()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    assert page or status == 0, arguments
    process.returncode = 0
    return took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dir", default=None, help="where the histories are made, and kept if it is given")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(options.dir or directory)
        short = history(folder / "short.db", 20_000)
        long = history(folder / f"long-{options.events}.db", options.events)
        for what, arguments, bar in LOOKS:
            page = what.endswith("first page")
            took: dict[Path, list[tuple[float, float, int]]] = {short: [], long: []}
            for _ in range(options.rounds):
                for path in (short, long):
                    took[path].append(looked(path, arguments, page=page))
            start, busy, _ = map(min, zip(*took[short], strict=True))
            whole, worked, _ = map(min, zip(*took[long], strict=True))
            figures = {"beyond_s": round(whole - start, 3), "bar_s": bar, "start_s": round(start, 3)}
            if not page:
                figures["beyond_cpu_s"] = round(worked - busy, 3)
            peak = max(memory for *_, memory in took[long])
            print(json.dumps({"bench": "look", "what": what, **figures, "peak_mib": peak}), flush=True)


if __name__ == "__main__":
    main()
