"""Many tails of a cut: ``python tests/bench/many.py WHAT...``, one JSON line a figure.

    members      what a member costs of 10, 100 and 1,000, in time and memory, each in a process of its own
    millions     an ensemble of so many million events (5, or the number after it) written and asked in SQL
    executors    the same ensemble by one process, a pool of two, two threads, and a Dask cluster of two; and
                 what each of them takes to begin, and of a job that does nothing
    fragility    200 seeds by five shocks, of loop and of ai-2025
    tails        1,000 tails of ai-2025

Every figure says how many processors there are and how loaded the machine was: seconds of the clock mean
little where others work, seconds of processors (its own and its workers') more.
"""

import json
import multiprocessing
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import narrative
from narrative.weighing.crew import Crew, hired

JOBS = 2_000
SHOCKS = {
    "loop": ["market", "rates", "liquidity", "delay chips", "haircut"],
    "ai-2025": ["market", "rates", "nvidia", "delay nvidia", "haircut"],
}
CUT = {"loop": "2025-06-30", "ai-2025": "2025-10-31"}


def say(what: str, **figures: object) -> None:
    line = {"what": what, **figures, "processors": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    print(json.dumps(line), flush=True)


def lived(story: str, folder: Path) -> str:
    """A history of a story with everybody playing."""
    path = folder / f"{story}.db"
    narrative.run(story, db=path, cast="full")
    return str(path)


def spent() -> float:
    """Seconds of processors so far, of this process and of those that it waited for."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def most(who: int = resource.RUSAGE_SELF) -> int:
    return resource.getrusage(who).ru_maxrss // 1024


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What comes of it, and the seconds it took."""
    before, start = spent(), perf_counter()
    found = work()
    return found, {"seconds": round(perf_counter() - start, 2), "of_processors": round(spent() - before, 2)}


def a_size(db: str, seeds: int, folder: str, told: Any) -> None:
    """One size in this process, which is asked for nothing else; its figures are put into `told`."""
    narrative.ensemble(db, at="2025-11-30", seeds=1, shock="market -40%", workers=1)  # imports what it takes
    before = most()
    found, took = timed(
        lambda: narrative.ensemble(
            db, at="2025-11-30", seeds=seeds, shock="market -40%", workers=2, output=folder
        )
    )
    told.put({"members": seeds, "events": found.events, **took, "MiB": most(), "of_which_before": before,
              "a_worker_MiB": most(resource.RUSAGE_CHILDREN)})  # fmt: skip  # a row


def members(db: str, folder: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    for seeds in (10, 100, 1_000):
        told = spawn.Queue()
        one = spawn.Process(target=a_size, args=(db, seeds, str(folder / f"of-{seeds}"), told))
        one.start()
        row = told.get()
        one.join()
        say("members", **row, ms_a_member=round(1e3 * row["of_processors"] / seeds, 2))


def millions(db: str, folder: Path, count: float) -> None:
    asked = {"at": CUT["ai-2025"], "shock": "market -40%", "workers": 2}
    one = narrative.ensemble(db, **asked, seeds=1)
    seeds = -int(-count * 1e6 // one.events)
    out, events = folder / "members", folder / "events"
    found, took = timed(lambda: narrative.ensemble(db, **asked, seeds=seeds, output=out, events=events))
    size = sum(file.stat().st_size for file in events.iterdir()) // 2**20
    say("written", members=seeds, events=found.events, **took, MiB=most(), files=len(list(events.iterdir())),
        a_worker_MiB=most(resource.RUSAGE_CHILDREN), on_disk_MiB=size)  # fmt: skip  # a row
    for sql in (
        "SELECT COUNT(*) AS n FROM events",
        "SELECT arm, kind, COUNT(*) AS n FROM events GROUP BY arm, kind",
        "SELECT moment, kind, fact FROM events WHERE seed = 7 AND arm = 'supposed' AND kind = 'Default'",
    ):
        rows, took = timed(partial(narrative.query, str(events), sql))
        say("asked", sql=sql, rows=len(rows), **took, MiB=most())
        if "COUNT" in sql:
            assert sum(row["n"] for row in rows) == found.events


def executors(db: str) -> None:
    overhead("one process", Crew(workers=1))
    overhead("a pool of two", Crew(workers=2))
    asked = {"at": CUT["loop"], "seeds": 200, "shock": "market -40%"}
    alone, took = timed(lambda: narrative.ensemble(db, **asked, workers=1))
    say("one process", **took)
    first = took["seconds"]

    def row(what: str, **who: Any) -> None:
        found, took = timed(lambda: narrative.ensemble(db, **asked, **who))
        assert found == alone
        say(what, **took, times=round(first / took["seconds"], 2))

    row("a pool of two", workers=2)
    with ThreadPoolExecutor(2) as threads:
        row("two threads, which share one interpreter", executor=threads)
    distributed = __import__("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        overhead("Dask, two workers", Crew(scheduler=cluster.scheduler_address))
        row("Dask, two workers, asked first", scheduler=cluster.scheduler_address)
        row("Dask, two workers, that know the program", scheduler=cluster.scheduler_address)


def nothing(job: int) -> int:
    return job


def overhead(what: str, crew: Crew) -> None:
    """What it takes until the first jobs are done, and then a job, of jobs that do nothing."""
    with hired(crew) as hands:
        _, first = timed(lambda: hands.work(nothing, range(8), lambda *_: None, lambda: None))
        _, took = timed(lambda: hands.work(nothing, range(JOBS), lambda *_: None, lambda: None))
    ms = {name: round(1e3 * value / JOBS, 3) for name, value in took.items()}
    say(f"nothing, by {what}", until_first=first["seconds"], ms_a_job=ms["seconds"],
        of_processors_here=ms["of_processors"])  # fmt: skip  # a row


def fragility(db: str, story: str) -> None:
    found, took = timed(
        lambda: narrative.fragility(db, at=CUT[story], shock=SHOCKS[story], seeds=200, workers=2)
    )
    broke = {one.kind: one.broke for one in found.shocks}
    say(f"fragility of {story}, 200 seeds, 5 shocks, two workers", **took, broke=broke)


def tails(db: str) -> None:
    one, alone = timed(lambda: narrative.ensemble(db, at=CUT["ai-2025"], seeds=100, workers=1))
    say("100 tails of ai-2025, one process", **alone, events=one.events)
    found, took = timed(lambda: narrative.ensemble(db, at=CUT["ai-2025"], seeds=1_000, workers=2))
    times = round(10 * alone["seconds"] / took["seconds"], 2)
    say("1,000 tails of ai-2025, two workers", **took, events=found.events, times=times)


def main() -> None:
    asked = sys.argv[1:] or ["members", "executors", "fragility", "tails", "millions"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        histories = {story: lived(story, folder) for story in ("loop", "ai-2025")}
        for place, what in enumerate(asked):
            if what == "members":
                members(histories["loop"], folder)
            elif what == "millions":
                rest = asked[place + 1 : place + 2]
                millions(histories["ai-2025"], folder, float(rest[0]) if rest and rest[0][0].isdigit() else 5)
            elif what == "executors":
                executors(histories["loop"])
            elif what == "fragility":
                for story, db in histories.items():
                    fragility(db, story)
            elif what == "tails":
                tails(histories["ai-2025"])


if __name__ == "__main__":
    main()
