"""SQL over the tables of a history (`narrative.verbs.opened` lists them). It looks, and changes nothing.

Only the tables that the SQL names are made, and of those only the columns it uses. What it does not
order itself comes in the order of the log; what it groups, joins or unites is sorted by its columns
from left to right, because polars promises no order there (`narrative.tables.sql_order`). A SUM of whole
numbers is worked out in 128 bits, and refused where it does not fit into 64.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any, overload

import polars as pl
from polars.exceptions import ColumnNotFoundError, PolarsError

from events.codec import nearest
from events.errors import Wrong
from events.files import BadFormat, beside, unwritable
from narrative.tables.lazy import collected
from narrative.tables.source import Source, schemas
from narrative.tables.sql_order import bare, ordered
from narrative.text.numbers import count, short
from narrative.text.words import escaped

_SHOWS = ("show", "explain", "values")
_LOOKS = ("select", "with", "from", "values", "show", "explain", "(")
_FILES = re.compile(r"\b(read_\w+)[\"`]?\s*\(", re.IGNORECASE)
# A number with a point, which polars takes for a decimal of its own few places unless it has an exponent.
_POINT = re.compile(r"(?<![\w.])(?:\d+\.\d*|\.\d+)(?![\w.])")
_SUMS = re.compile(r"\bsum[\"`]?\s*\(\s*(?:(?:distinct|all)\b)?", re.IGNORECASE)
_WIDE = "CAST(0 AS INT128)"


class BadQuery(Wrong):
    """SQL that cannot be answered."""


ROWS = ("csv", "json", "parquet")  # as what the rows of a query are written


class Rows(Sequence[Mapping[str, Any]]):
    """The rows that a query gives, each a mapping of its columns with the values of the `frame`: moments are
    datetime, null is None. `format` is how they are to be written, and `plain` what `--json` prints.
    """

    def __init__(self, frame: pl.DataFrame, format: str = "table") -> None:  # noqa: A002  # as the verb names it
        self.frame = frame
        self.format = format

    def __len__(self) -> int:
        return self.frame.height

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        try:
            return (
                self.frame[index].to_dicts()
                if isinstance(index, slice)
                else self.frame.row(index, named=True)
            )
        except ValueError as error:
            raise _beyond(error) from None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        try:
            yield from self.frame.iter_rows(named=True)
        except ValueError as error:
            raise _beyond(error) from None

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as of every list

    def __repr__(self) -> str:
        return repr(self.frame)

    def _repr_html_(self) -> str:
        return self.frame._repr_html_()  # the protocol of notebooks

    def plain(self) -> list[dict[str, Any]]:
        """The rows as JSON has them: moments as text."""
        return plain(self.frame)

    def csv(self) -> str:
        """The rows as CSV, under a line that names the columns. Raises BadQuery."""
        return as_csv(self.frame)


def _beyond(error: ValueError) -> BadQuery:
    return BadQuery(f"A moment is none of Python's datetime ({error}); `plain()` and `frame` have it.")


def row_format(format: str | None, output: str | Path | None) -> str:  # noqa: A002  # as the verb names it
    """In which format rows are given; those for a file by its name where none is said. Raises BadFormat."""
    known = ROWS if output is not None else ("table", *ROWS)
    if output is None and format == "parquet":
        raise BadFormat("Parquet is no text: name a file with -o.")
    found = format or ("table" if output is None else Path(output).suffix.removeprefix(".").lower())
    if found not in known:
        said = f'"{format}" is no format of rows' if format else f"{output} says no format"
        raise BadFormat(f"{said}: add --format {', '.join(known[:-1])} or {known[-1]}.")
    return found


def plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON has them: moments as text, what is no finite number as nothing. Raises BadQuery for a
    moment within a list whose year no date of Python has.
    """
    try:
        rows = written(frame, "%Y-%m-%dT%H:%M:%S%.f").iter_rows(named=True)
        return [{name: _plain(value) for name, value in row.items()} for row in rows]
    except ValueError as error:
        raise BadQuery(
            f"A moment in a list cannot be shown ({error}); leave the list out, or CAST it."
        ) from None


def written(frame: pl.DataFrame, form: str) -> pl.DataFrame:
    """A frame with its moments as text; Julian years 1 and 9999 reach beyond what Python's datetime holds."""
    return frame.with_columns(pl.col(pl.Datetime).dt.strftime(form))


def _plain(value: object) -> object:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):  # which only a CAST makes
        return float(value)
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


CSV_MOMENT = "%Y-%m-%dT%H:%M:%S"  # as a CSV file writes them


def save(frame: pl.DataFrame, form: str, path: Path) -> None:
    """Write a frame to a file, which appears whole or not at all. Raises Unwritable and BadQuery."""
    with beside(path) as part:
        try:
            if form == "parquet":
                frame.write_parquet(part)
            elif form == "csv":
                part.write_text(as_csv(frame), encoding="utf-8")
            else:
                part.write_text(as_json(frame) + "\n", encoding="utf-8")
        except PolarsError as error:
            raise unwritable(path, _first(error)) from None


def as_json(frame: pl.DataFrame) -> str:
    """The rows as a JSON document."""
    return escaped(json.dumps(plain(frame), ensure_ascii=False, allow_nan=False))


def as_csv(frame: pl.DataFrame) -> str:
    """The rows as CSV, under a line that names the columns. Raises BadQuery."""
    for name, dtype in frame.schema.items():
        if dtype.is_nested() or dtype in (pl.Duration, pl.Binary, pl.Object):
            what = f'The column "{name}" is of {dtype.base_type()}, which CSV has no form for.'
            raise BadQuery(f"{what} Leave it out, CAST it, or give --format json.")
    return frame.write_csv(datetime_format=CSV_MOMENT)


def answered(source: Source, sql: str, most: int | None = None) -> pl.DataFrame:
    """The rows of a SELECT as a frame, at `most` so many. Raises BadQuery."""
    return _asked(
        sql,
        lambda: collected(
            schemas(), source.frame, lambda tables: _run(tables, sql, most).collect(engine="in-memory")
        ),
        schemas(),
        most,
    )


def answered_by(table: str, frame: pl.LazyFrame, sql: str, most: int | None = None) -> pl.DataFrame:
    """The rows of a SELECT over one table that is not read yet, of which no more is held at once than the
    answer takes. Raises BadQuery.
    """
    return _asked(
        sql,
        lambda: _run({table: frame}, sql, most).collect(engine="streaming"),
        [table],
        most,
    )


def _asked(
    sql: str, found: Callable[[], pl.DataFrame], known: Iterable[str], most: int | None
) -> pl.DataFrame:
    plain = bare(sql)
    if not plain.lower().lstrip().startswith(_LOOKS):
        word = plain.split(maxsplit=1)[0] if plain.strip() else "nothing"
        meant = "A query begins with SELECT, as in SELECT kind FROM events"
        raise BadQuery(f"{meant}; this one begins with {short(word)}.")
    reads = _FILES.search(bare(sql, names=True))
    if reads:
        raise BadQuery(f"{reads[1]} would read a file; a query reads the tables of one history alone.")
    try:
        return _whole(found(), most)
    except PolarsError as error:
        raise BadQuery(_said(error, known)) from None
    except pl.exceptions.PanicException as error:
        raise BadQuery(
            f"polars cannot answer this SQL ({short(_first(error))}). Write it another way; where it asks a "
            "folder of Parquet files, they may be damaged: have them written anew."
        ) from None


def _run(tables: Mapping[str, pl.LazyFrame], sql: str, most: int | None) -> pl.LazyFrame:
    if _SUMS.search(bare(sql, names=True)):
        tables = {name: table.cast({pl.Int64: pl.Int128}) for name, table in tables.items()}
    sql = _summing(_floating(sql))
    context = pl.SQLContext(dict(tables))
    asked = context.execute(sql, eager=False)
    if not bare(sql).lower().lstrip().startswith(_SHOWS):
        asked = context.execute(ordered(sql, len(asked.collect_schema())), eager=False)
    return asked if most is None else asked.head(most + 1)


def _whole(found: pl.DataFrame, most: int | None) -> pl.DataFrame:
    """The rows, where they are no more than there may be. Raises BadQuery."""
    if most is not None and found.height > most:
        raise BadQuery(
            f"The query gives more than {count(most)} rows. Add LIMIT to it, or allow more with --rows "
            "(0 sets no limit)."
        )
    return _narrow(found)


def _floating(sql: str) -> str:
    """The SQL with every number that has a point as a float: as a decimal its scale would cut the answer."""
    for number in reversed(list(_POINT.finditer(bare(sql)))):
        sql = f"{sql[: number.end()]}e0{sql[number.end() :]}"
    return sql


def _summing(sql: str) -> str:
    """The SQL with every SUM in 128 bits, whatever is summed: a CAST or a number that it writes is of 64 or
    less, and what they come to would wrap around.
    """
    named, plain = bare(sql, names=True), bare(sql)
    edits: list[tuple[int, str]] = []
    for found in _SUMS.finditer(named):
        end = _closing(plain, plain.find("(", found.start()))
        if end is not None:
            edits += [(found.end(), " ("), (end, f") + {_WIDE}")]
    for at, text in sorted(edits, reverse=True):
        sql = f"{sql[:at]}{text}{sql[at:]}"
    return sql


def _closing(plain: str, opening: int) -> int | None:
    """The place of the bracket that closes one at `opening`; None where none does."""
    deep = 0
    for at in range(opening, len(plain)):
        deep += (plain[at] == "(") - (plain[at] == ")")
        if not deep:
            return at
    return None


def _narrow(found: pl.DataFrame) -> pl.DataFrame:
    """Whole numbers of 64 bits again, and null for what is no finite number. Raises BadQuery for one that
    does not fit.
    """
    for name, dtype in found.schema.items():
        if dtype.is_float():
            column = pl.col(name)
            found = found.with_columns(pl.when(column.is_finite()).then(column).alias(name))
        if dtype == pl.Int128:
            try:
                found = found.with_columns(pl.col(name).cast(pl.Int64))
            except PolarsError:
                largest = max(abs(value) for value in found[name] if value is not None)
                raise BadQuery(
                    f"{name} comes to {largest:.3g}, and a whole number ends at 9.2e18; divide before "
                    "adding up, as in SUM(amount / 1e9)."
                ) from None
    return found


def no_table(name: str, known: Iterable[str] = (), what: str = "table") -> BadQuery:
    return BadQuery(f'There is no {what} "{short(name)}". {_meant(name, known or schemas())}')


def _said(error: PolarsError, tables: Iterable[str]) -> str:
    """The error of polars in a sentence, with the name that was probably meant."""
    text = _first(error)
    table = re.search(r"relation '(.*)' was not found", text)
    if table:
        return str(no_table(table[1], tables))
    column = re.search(r'unable to find column "(.*?)"; valid columns: \[(.*)\]', text)
    if column and isinstance(error, ColumnNotFoundError):
        known = re.findall(r'"(.*?)"', column[2])
        return f'There is no column "{short(column[1])}" there. {_meant(column[1], known)}'
    twice = re.search(r"duplicate output name '(.*?)'", text)
    if twice:
        return f"Two columns are called {twice[1]}; name one of them: {twice[1]} AS other."
    text = re.sub(r"\b[iu](8|16|32|64|128)\b", "whole number", text)
    return f"The SQL cannot be answered: {text.removeprefix('sql parser error: ').rstrip('.')}."


def _first(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]


def _meant(word: str, known: Iterable[str]) -> str:
    names = list(known)
    folded = {name.lower(): name for name in names}
    near = folded.get(word.lower()) or nearest(word, names)
    hint = f'Did you mean "{near}"? ' if near else ""
    return f"{hint}There are: {', '.join(names)}."
