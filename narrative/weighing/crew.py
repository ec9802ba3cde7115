"""A crew does jobs that do not know each other: this process, a pool of processes, or any executor given.

A worker that is killed costs time only: its job is done again. A job that brings its worker down each time,
or fails, is given up, and says why; the others go on. No more jobs wait than workers can soon do, so what is
held is bounded by workers, whatever number of jobs there is.
"""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from typing import TYPE_CHECKING, Protocol, TypeVar

from attrs import define, frozen

from events.errors import Wrong
from narrative.story.declared import trusting

if TYPE_CHECKING:
    from narrative.weighing.spared import Spared

AHEAD = 4  # jobs that wait per worker, so that no more is held than is being done
SHARED = 8 * AHEAD  # that wait at a cluster, whose workers nobody counts
TRIES = 3  # that a job may bring its worker down
KILLED = f"brought its worker down {TRIES} times: it was killed, or ran out of memory"
LOOK = 0.2  # seconds between two looks at whether to stop
MOST = 256  # workers on one machine
SAFELY = "PYTHONSAFEPATH"  # set for a process, as -P is given to one

Tick = Callable[[], None]  # called now and then; may raise to stop
Told = Callable[[int, int], None]  # as that, with how many jobs are done, and of how many
F = TypeVar("F")


class BadCrew(Wrong):
    """Workers that there cannot be, or an executor that broke down."""


class Unreachable(Wrong):
    """A scheduler that does not answer, or the package that would ask it is not there."""


class NobodyLived(Wrong):
    """Nothing came of any seed."""


class Seeded(Protocol):
    """A job of one seed."""

    @property
    def seed(self) -> int: ...


J = TypeVar("J")
S = TypeVar("S", bound=Seeded)


@frozen
class Failed:
    """A seed of which nothing came, and why."""

    seed: int
    error: str


@frozen
class Lost:
    """A job of which nothing came: `said` is why, in a sentence."""

    said: str


@frozen(kw_only=True)
class Crew:
    """By whom jobs are done. `workers` are processes, as many as processors if absent; one needs no pool.
    `executor`, or the Dask cluster at the address `scheduler`, takes their place. `trust` lets processes of
    somebody's own run.
    """

    workers: int | None = None
    executor: Executor | None = None
    scheduler: str | None = None
    trust: bool = False

    def check(self) -> None:
        """Raises BadCrew for workers that there cannot be, or for two kinds of them at once."""
        if self.workers is not None and not 1 <= self.workers <= MOST:
            raise BadCrew(f"{self.workers} workers cannot work. Ask for 1 to {MOST}, as one a core.")
        asked = {
            "--workers": self.workers,
            "an executor": self.executor,
            "--scheduler": self.scheduler,
        }
        named = [name for name, given in asked.items() if given is not None]
        if len(named) > 1:
            raise BadCrew(f"{' and '.join(named)} each say who works. Give one of them.")

    @property
    def local(self) -> bool:
        """Whether it is this machine's."""
        return self.executor is None and self.scheduler is None

    @property
    def count(self) -> int:
        """How many processes would work on this machine."""
        return (os.cpu_count() or 1) if self.workers is None else self.workers


@define
class Hands:
    """A crew at work: in this process, or by executors. One is made when it is first needed and kept from one
    lot of jobs to the next; `make` gives another where it broke. No more than `ahead` jobs wait there. What
    they did and was `spared` need not be done again.
    """

    crew: Crew
    make: Callable[[], Executor] | None = None
    ahead: int = 1
    executor: Executor | None = None
    spared: "Spared | None" = None

    def work(
        self, live: Callable[[J], F], jobs: Sequence[J], done: Callable[[int, F | Lost], None], tick: Tick
    ) -> None:
        """Do every job, and hand what came of each to `done` with its place as soon as it is there, in any
        order. Raises BadCrew, and what `tick` raises.
        """
        safely = partial(_safely, live, self.crew.trust)
        if self.make is not None and (len(jobs) > 1 or not self.crew.local):
            return _through(self, self.make, safely, jobs, done, tick)
        for place, job in enumerate(jobs):
            tick()
            done(place, safely(job))
        return None

    def by_seed(
        self,
        live: Callable[[S], F],
        jobs: Sequence[S],
        told: Told | None = None,
        put: Callable[[int, F], None] | None = None,
    ) -> tuple[list[F], list[Failed]]:
        """Do jobs of a `seed` each: what came of them, in their order, and those of which nothing did. `told`
        is called with how many are done, and of how many; `put` with what came of one, by its place, as soon
        as it is there. Raises NobodyLived where nothing came of any.
        """
        found: dict[int, F | Lost] = {}

        def tick() -> None:
            if told is not None:
                told(len(found), len(jobs))

        def done(place: int, one: F | Lost) -> None:
            found[place] = one
            if put is not None and not isinstance(one, Lost):
                put(place, one)
            tick()

        self.work(live, jobs, done, tick)
        pairs = [(job, found[place]) for place, job in enumerate(jobs)]
        failed = [Failed(job.seed, one.said) for job, one in pairs if isinstance(one, Lost)]
        if failed and len(failed) == len(jobs):
            raise NobodyLived(f"No seed came to its end. The first, seed {failed[0].seed}: {failed[0].error}")
        return [one for _, one in pairs if not isinstance(one, Lost)], failed


ALONE = Hands(Crew(workers=1))  # this process


def _safely(live: Callable[[J], F], trust: bool, job: J) -> F | Lost:
    try:
        with trusting(trust):
            return live(job)
    except Exception as error:  # noqa: BLE001  # a process of somebody's own may raise anything; others go on
        return Lost(f"{type(error).__name__}: {error}")


@contextmanager
def hired(crew: Crew) -> Iterator[Hands]:
    """The hands of a crew. Raises BadCrew, and Unreachable for a scheduler that does not answer."""
    crew.check()
    if crew.executor is not None:
        yield Hands(crew, _once(crew.executor), 2 * AHEAD)
    elif crew.scheduler is not None:
        with _cluster(crew.scheduler) as there:
            yield Hands(crew, _once(there), SHARED)
    elif crew.count == 1:
        yield Hands(crew)
    else:
        pools: list[Executor] = []

        def fresh() -> Executor:
            # Spawned: a fork would copy threads' locks, as those of polars, in whatever state they are.
            spawn = get_context("spawn")
            pools.append(ProcessPoolExecutor(crew.count, mp_context=spawn, initializer=_deaf))
            return pools[-1]

        try:
            with _elsewhere():
                yield Hands(crew, fresh, crew.count * AHEAD)
        finally:
            for pool in pools:
                pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _elsewhere() -> Iterator[None]:
    """Start every process within without the folder one is in on its path. Python puts it first in one that
    it spawns, and imports its own modules by it before anything of ours could say otherwise.
    """
    before = os.environ.get(SAFELY)
    os.environ[SAFELY] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[SAFELY]
        else:
            os.environ[SAFELY] = before


def _deaf() -> None:
    """Leave Ctrl-C to the process that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _once(executor: Executor) -> Callable[[], Executor]:
    """An executor that cannot be made anew, to be asked for once. Raises BadCrew when asked again."""
    there = [executor]

    def make() -> Executor:
        if not there:
            raise BadCrew("The executor that was given broke down, so not all was lived. Make a new one.")
        return there.pop()

    return make


def _through(
    hands: Hands,
    make: Callable[[], Executor],
    live: Callable[[J], F],
    jobs: Sequence[J],
    done: Callable[[int, F | Lost], None],
    tick: Tick,
) -> None:
    """Hand jobs to an executor, never more than so many at a time; to a new one where it breaks."""
    left = list(reversed(range(len(jobs))))
    tries: dict[int, int] = {}
    running: dict[Future[F], int] = {}
    try:
        while left or running:
            hands.executor = executor = hands.executor or make()
            alone = bool(left) and left[-1] in tries  # who may have broken the last one goes by itself
            whole = _handed(executor, live, jobs, left, running, 1 if alone else hands.ahead)
            tick()
            finished, _ = wait(running, timeout=LOOK, return_when=FIRST_COMPLETED)
            broken = [future for future in finished if isinstance(future.exception(), BrokenExecutor)]
            for future in finished - {*broken}:
                place, error = running.pop(future), future.exception()
                done(place, future.result() if error is None else Lost(f"{type(error).__name__}: {error}"))
            if broken or not whole:
                again = sorted(running.values(), reverse=True)
                running.clear()
                hands.executor = None
                for place in again:
                    tries[place] = tries.get(place, 0) + 1
                for place in [one for one in again if tries[one] >= TRIES]:
                    done(place, Lost(KILLED))
                left += [one for one in again if tries[one] < TRIES]
    finally:
        for future in running:
            future.cancel()


def _handed(
    executor: Executor,
    live: Callable[[J], F],
    jobs: Sequence[J],
    left: list[int],
    running: dict[Future[F], int],
    most: int,
) -> bool:
    """Hand over the last of what is left, until so many wait; False where the executor is broken."""
    while left and len(running) < most:
        try:
            future = executor.submit(live, jobs[left[-1]])
        except BrokenExecutor:
            return False
        running[future] = left.pop()
    return True


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    """The executor of the Dask cluster at an address. Raises Unreachable."""
    try:
        dask = import_module("distributed")  # an extra, and slow to come
    except ImportError:
        raise Unreachable(
            '--scheduler asks Dask, which is not installed: pip install "narrative-engine[cluster]".'
        ) from None
    try:
        client = dask.Client(address, timeout=5, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        said = str(error).partition("\n")[0] or type(error).__name__
        raise Unreachable(
            f"No Dask scheduler answers at {address} ({said}). Start one with `dask scheduler`, or leave "
            "--scheduler out."
        ) from None
    with client:
        yield client.get_executor()
