"""A crew lives the parts of an ensemble: this process, a pool of processes, or any executor one is given.

A worker that is killed costs time only: its part is lived again. A part that brings its worker down each
time is given up, and its members are named.
"""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context

from attrs import frozen

from events.errors import Wrong
from narrative.whatif.ensemble import BadEnsemble, Outcome, Work, lived

AHEAD = 4  # parts that wait per worker, so that no more of an ensemble is held than is being lived
TRIES = 3  # that a part may bring its worker down
KILLED = f"brought its worker down {TRIES} times: it was killed, or ran out of memory"
LOOK = 0.2  # seconds between two looks at whether to stop

Tick = Callable[[], None]  # called now and then; may raise to stop
Done = Callable[[Work, list[Outcome]], None]


class Unreachable(Wrong):
    """A scheduler that does not answer, or the package that would ask it is not there."""


@frozen(kw_only=True)
class Crew:
    """By whom an ensemble is lived. `workers` are processes, as many as processors if absent; one needs no
    pool. `executor`, or the Dask cluster at the address `scheduler`, takes their place. `trust` lets
    processes of somebody's own run.
    """

    workers: int | None = None
    executor: Executor | None = None
    scheduler: str | None = None
    trust: bool = False


def crewed(parts: Sequence[Work], crew: Crew, done: Done, tick: Tick) -> None:
    """Live every part, and hand what came of each to `done` as soon as it is there, in any order. Raises
    BadEnsemble, Unreachable, and what `tick` raises.
    """
    count = (os.cpu_count() or 1) if crew.workers is None else crew.workers
    if count < 1:
        raise BadEnsemble(f"{count} workers live nothing. Ask for 1 or more.")
    if not parts:
        return
    if crew.executor is not None:
        _through(_once(crew.executor), parts, done, tick, 2 * AHEAD)
    elif crew.scheduler is not None:
        with _cluster(crew.scheduler) as there:
            _through(_once(there), parts, done, tick, 8 * AHEAD)
    elif count == 1 or len(parts) == 1:
        for part in parts:
            tick()
            done(part, lived(part))
    else:
        _pooled(count, parts, done, tick)


def _pooled(count: int, parts: Sequence[Work], done: Done, tick: Tick) -> None:
    pools: list[ProcessPoolExecutor] = []

    def fresh() -> Executor:
        # Spawned: a fork would copy threads' locks, as those of polars, in whatever state they are.
        pools.append(
            ProcessPoolExecutor(min(count, len(parts)), mp_context=get_context("spawn"), initializer=_deaf)
        )
        return pools[-1]

    try:
        _through(fresh, parts, done, tick, count * AHEAD)
    finally:
        for pool in pools:
            pool.shutdown(wait=True, cancel_futures=True)


def _deaf() -> None:
    """Leave Ctrl-C to the process that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _once(executor: Executor) -> Callable[[], Executor]:
    """An executor that cannot be made anew, to be asked for once. Raises BadEnsemble when asked again."""
    there = [executor]

    def make() -> Executor:
        if not there:
            raise BadEnsemble("The executor that was given broke down, so not all was lived. Make a new one.")
        return there.pop()

    return make


def _through(make: Callable[[], Executor], parts: Sequence[Work], done: Done, tick: Tick, ahead: int) -> None:
    """Hand parts to an executor, never more than so many at a time; to a new one where it breaks."""
    left = list(reversed(parts))
    tries: dict[int, int] = {}
    running: dict[Future[list[Outcome]], Work] = {}
    executor = make()
    try:
        while left or running:
            alone = bool(left) and left[-1].number in tries  # who may have broken the last one goes by itself
            while left and len(running) < (1 if alone else ahead):
                part = left.pop()
                running[executor.submit(lived, part)] = part
            tick()
            finished, _ = wait(running, timeout=LOOK, return_when=FIRST_COMPLETED)
            broken = [future for future in finished if isinstance(future.exception(), BrokenExecutor)]
            for future in finished - {*broken}:
                part, error = running.pop(future), future.exception()
                said = f"{type(error).__name__}: {error}"
                done(part, future.result() if error is None else _lost(part, said))
            if broken:
                again = sorted(running.values(), key=lambda part: -part.number)
                running.clear()
                for part in again:
                    tries[part.number] = tries.get(part.number, 0) + 1
                for part in [one for one in again if tries[one.number] >= TRIES]:
                    done(part, _lost(part, KILLED))
                left += [one for one in again if tries[one.number] < TRIES]
                executor = make()
    finally:
        for future in running:
            future.cancel()


def _lost(part: Work, said: str) -> list[Outcome]:
    return [Outcome(member=one, arm=arm.name, failed=said) for one in part.members for arm in part.arms]


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
