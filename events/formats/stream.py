"""Tables that come in parts, each poured into a file of its own while the next part is made.

Nothing is held but the parts under way, so that a long history takes no more memory than a short
one. The readers of a log make parts; each file has a thread that writes them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import Full, Queue

import polars as pl
from attrs import frozen
from polars.io.plugins import register_io_source

from events.books.frames import Schema

_ROOM = 3  # parts that wait for a writer
_PATIENCE = 0.1  # seconds between two looks at a writer that takes nothing


@frozen
class Jug:
    """One file to be: the columns that come, and what writes them."""

    schema: Schema
    write: Callable[[pl.LazyFrame], object]


def pour(parts: Iterable[Mapping[str, pl.DataFrame]], jugs: Mapping[str, Jug]) -> None:
    """Pour every part of every table into its file. Raises what making or writing them raised; then what
    was poured is not whole, whatever stands there.
    """
    queues: dict[str, Queue[pl.DataFrame | None]] = {name: Queue(_ROOM) for name in jugs}
    with ThreadPoolExecutor(max(len(jugs), 1)) as pool:
        writing = {
            name: pool.submit(jug.write, _source(queues[name], jug.schema)) for name, jug in jugs.items()
        }
        try:
            for part in parts:
                for name, frame in part.items():
                    _put(queues[name], frame, writing[name])
        finally:
            for name, queue in queues.items():
                _put(queue, None, writing[name])
    for done in writing.values():
        done.result()


def _put(queue: "Queue[pl.DataFrame | None]", part: pl.DataFrame | None, writer: Future[object]) -> None:
    while not writer.done():
        with suppress(Full):
            queue.put(part, timeout=_PATIENCE)
            return
    if part is not None:
        writer.result()  # raises why it takes no more, so that nothing more is made


def _source(queue: "Queue[pl.DataFrame | None]", schema: Schema) -> pl.LazyFrame:
    def parts(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, size: int | None
    ) -> Iterator[pl.DataFrame]:
        del columns, predicate, rows, size  # nothing is asked of it but all
        while (part := queue.get()) is not None:
            yield part

    return register_io_source(parts, schema=schema)
