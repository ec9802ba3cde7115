"""Workers: processes of this machine that share out seeds. The answer is the same by any number of them."""

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from events.errors import Wrong

MOST = 256


@contextmanager
def workers(count: int) -> Iterator[Executor | None]:
    """So many processes to work in, or None for this one alone. Raises Wrong for none or far too many."""
    if not 1 <= count <= MOST:
        raise Wrong(f"{count} workers cannot work. Ask for 1 to {MOST}, as one a core.")
    if count == 1:
        yield None
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def seeded(count: int) -> range:
    """The seeds of so many tails. Raises Wrong for none."""
    if count < 1:
        raise Wrong(f"{count} seeds say nothing. Ask for 1 or more; an interval takes 20 or more.")
    return range(1, count + 1)
