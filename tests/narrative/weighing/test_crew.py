"""A crew: the same answer whoever works, killed workers cost time only, and what fails is named."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from support.bereft import bereft

import narrative
from events.errors import Wrong
from narrative.weighing import fragility, paired
from narrative.weighing.crew import ALONE, KILLED, BadCrew, Crew, Failed, Lost, NobodyLived, hired

BREAKING = {"at": "2025-12-10", "shock": "market", "seeds": 4}
JUDGING = {"only": ["collateral", "one-link"], "seeds": 2, "draws": 2}
DOUBTING = {"at": "2025-12-10", "seeds": 2, "over": "announce_rate"}


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("crew") / "loop.db"
    narrative.run("loop", db=path)
    return str(path)


@frozen
class Numbered:
    seed: int


def halved(job: Numbered) -> float:
    if job.seed == 3:
        raise Wrong("three is odd.")
    return job.seed / 2


def dying(job: Numbered) -> int:
    if job.seed == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return job.seed


JOBS = [Numbered(seed) for seed in range(1, 6)]


@pytest.mark.parametrize("crew", [Crew(workers=1), Crew(workers=2)])
def test_who_fails_is_named_and_the_others_are_kept_in_their_order(crew: Crew) -> None:
    said: list[tuple[int, int]] = []
    with hired(crew) as hands:
        found = hands.by_seed(halved, JOBS, lambda done, whole: said.append((done, whole)))
    assert found == ([0.5, 1.0, 2.0, 2.5], [Failed(3, "Wrong: three is odd.")])
    assert said[-1] == (5, 5)


def test_where_nothing_came_of_any_it_says_so() -> None:
    with pytest.raises(NobodyLived, match="The first, seed 3: Wrong: three is odd"):
        ALONE.by_seed(halved, [Numbered(3)])


def test_a_job_that_kills_each_worker_is_given_up_and_the_others_are_done() -> None:
    with hired(Crew(workers=2)) as hands:
        assert hands.by_seed(dying, JOBS) == ([1, 3, 4, 5], [Failed(2, KILLED)])
        assert hands.by_seed(halved, JOBS[:2]) == ([0.5, 1.0], [])  # by another pool


class Broken(Executor):
    """An executor that is broken before anything is handed to it."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        raise BrokenProcessPool("gone")


def test_an_executor_that_was_given_and_is_broken_is_not_made_anew() -> None:
    with hired(Crew(executor=Broken())) as hands, pytest.raises(BadCrew, match="Make a new one"):
        hands.by_seed(halved, JOBS)


def test_no_more_jobs_wait_than_workers_soon_do() -> None:
    waiting: list[int] = []

    class Counting(ThreadPoolExecutor):
        def submit(self, *given: Any, **more: Any) -> Any:
            waiting.append(self._work_queue.qsize())
            return super().submit(*given, **more)

    with Counting(1) as executor, hired(Crew(executor=executor)) as hands:
        hands.by_seed(halved, [Numbered(4)] * 500)
    assert len(waiting) == 500
    assert max(waiting) < 10


# --- the verbs ------------------------------------------------------------------------------------


VERBS: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (narrative.fragility, BREAKING), (narrative.claims, JUDGING), (narrative.doubt, DOUBTING),
]  # fmt: skip  # a table


@pytest.mark.parametrize(("verb", "asked"), VERBS)
def test_one_worker_two_and_any_executor_say_the_same(
    db: str, verb: Callable[..., Any], asked: dict[str, Any]
) -> None:
    alone = verb(db, **asked, workers=1)
    assert verb(db, **asked, workers=2) == alone
    with ThreadPoolExecutor(2) as executor:
        assert verb(db, **asked, executor=executor) == alone


def test_a_cluster_says_what_one_worker_says(db: str) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", processes=False
    ) as cluster:
        for verb, asked in VERBS:
            assert verb(db, **asked, scheduler=cluster.scheduler_address) == verb(db, **asked, workers=1)


@pytest.mark.parametrize(("verb", "asked"), VERBS)
def test_a_worker_that_is_killed_costs_time_only(
    db: str, tmp_path: Path, verb: Callable[..., Any], asked: dict[str, Any]
) -> None:
    assert bereft(tmp_path, verb.__name__, db, asked) == verb(db, **asked, workers=1).plain()


def test_a_seed_that_fails_is_named_by_each_verb(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(live: Callable[..., Any]) -> Callable[..., Any]:
        def tail(cut: Any, what: Any = None, seed: int | None = None, **more: Any) -> Any:
            if seed == 2:
                raise Wrong("the market was closed.")
            return live(cut, what, seed, **more)

        return tail

    monkeypatch.setattr(fragility, "tail", failing(fragility.tail))
    monkeypatch.setattr(paired, "tail", failing(paired.tail))
    broken = narrative.fragility(db, **BREAKING, workers=1)
    error = "Wrong: the market was closed."
    assert [(one.seed, one.at[:10], one.error) for one in broken.failed] == [(2, "2025-12-10", error)]
    assert (broken.seeds, len(broken.shocks[0].sizes)) == (3, 3)
    judged = narrative.claims(db, only="collateral", seeds=3, draws=0, workers=1)
    assert {(one.seed, one.error) for one in judged.failed} == {(2, error)}


@pytest.mark.parametrize("verb", ["fragility", "claims", "doubt"])
@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--workers", "0"], "BadCrew: 0 workers cannot work."),
        (["--scheduler", "tcp://127.0.0.1:1"], "Unreachable: "),
        (["--workers", "1", "--scheduler", "tcp://127.0.0.1:1"], "BadCrew: --workers and --scheduler each"),
        (["--seeds", "0"], "seeds"),
    ],
)
def test_bad_input_is_one_sentence(db: str, verb: str, flags: list[str], said: str) -> None:
    at = [] if verb == "claims" else ["--at", "2025-12-10"]
    run = subprocess.run(
        [sys.executable, "-m", "narrative", verb, db, *at, *flags],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip  # one call
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr
    assert run.stderr.count("\n") == 1


def test_stopping_says_what_was_kept(db: str) -> None:
    def stop(done: int, whole: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        narrative.fragility(db, **BREAKING, workers=2, progress=stop)


def test_a_lost_job_says_why() -> None:
    found: list[Any] = []
    ALONE.work(halved, [Numbered(3)], lambda _, one: found.append(one), lambda: None)
    assert found == [Lost("Wrong: three is odd.")]
