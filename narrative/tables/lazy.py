"""Tables that are made only when polars asks for them, and only of the columns it asks for.

Polars asks from threads of its own, several at once, and a log is read by the one thread that opened
it. So the answer is worked out by another thread, and this one makes the tables meanwhile.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

import polars as pl
from attrs import frozen
from polars.io.plugins import register_io_source

from events.books.frames import Schema

# A table's name, the columns asked for, and a condition on the rows asked for, which it may heed.
Make = Callable[[str, list[str] | None, pl.Expr | None], pl.DataFrame]


@frozen
class _Asked:
    table: str
    columns: list[str] | None
    rows: pl.Expr | None
    answer: "Future[pl.DataFrame]"


class _Untold(Exception):
    """Stands for an error of ours while polars has it in hand."""


def collected(
    schemas: Mapping[str, Schema],
    make: Make,
    work: Callable[[Mapping[str, pl.LazyFrame]], pl.DataFrame],
) -> pl.DataFrame:
    """The result of `work` over the tables. Raises what `make` raised, or what `work` did."""
    asked: SimpleQueue[_Asked | None] = SimpleQueue()
    every: list[_Asked] = []  # an interrupt may come between taking one from the queue and naming it
    trouble: BaseException | None = None
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(
            work, {name: _lazy(asked, every, name, schema) for name, schema in schemas.items()}
        )
        working.add_done_callback(lambda _: asked.put(None))
        while True:
            try:
                one = asked.get()
                if one is None:
                    break
                if trouble is None:
                    one.answer.set_result(make(one.table, one.columns, one.rows))
                else:
                    _refuse(every)
            except BaseException as error:  # noqa: BLE001  # an interrupt too must let the other thread end
                trouble = error
                _refuse(every)
    if trouble is not None:
        raise trouble
    return working.result()


def _refuse(every: list[_Asked]) -> None:
    """Let no one wait for an answer that will not come."""
    for one in tuple(every):
        if not one.answer.done():
            one.answer.set_exception(_Untold())


def _lazy(
    asked: "SimpleQueue[_Asked | None]", every: list[_Asked], name: str, schema: Schema
) -> pl.LazyFrame:
    def parts(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, size: int | None
    ) -> Iterator[pl.DataFrame]:
        del size
        answer: Future[pl.DataFrame] = Future()
        one = _Asked(
            name,
            columns if columns != [] else [next(iter(schema))],
            predicate if rows is None else None,
            answer,
        )
        every.append(one)
        asked.put(one)
        # Where no column is used, as of one side of a CROSS JOIN, the number of rows is.
        found = answer.result() if columns != [] else pl.DataFrame(height=answer.result().height)
        found = found if rows is None else found.head(rows)  # where both are asked, rows are cut first
        yield found if predicate is None else found.filter(predicate)

    return register_io_source(parts, schema=schema)
