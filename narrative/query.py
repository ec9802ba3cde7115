"""SQL over the tables of a history (`narrative.frames` lists them). It looks, and changes nothing.

Only the tables that the SQL names are made, and of those only the columns it uses. What it does not
order itself comes in the order of the log; what it groups, joins or unites is sorted by its columns
from left to right, because polars promises no order there.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import ColumnNotFoundError, PolarsError

from events.codec import nearest
from events.errors import Wrong
from events.formats.beside import beside, unwritable
from narrative.lazily import collected
from narrative.living import performed
from narrative.prose.words import escaped
from narrative.sources import Source, schemas

_LOOKS = ("select", "with", "from", "values", "show", "explain", "(")
_SHUFFLES = re.compile(r"\b(group\s+by|distinct|join|union|intersect|except)\b", re.IGNORECASE)
_ORDERS = re.compile(r"\border\s+by\b", re.IGNORECASE)
_TEXTS = re.compile(r"'[^']*'|--[^\n]*|/\*.*?\*/", re.DOTALL)  # what stands in quotes or comments


class BadQuery(Wrong):
    """SQL that cannot be answered."""


def found(history: str, sql: str) -> pl.DataFrame:
    """What a SELECT over a history's tables gives. Raises BadQuery."""
    with performed(history) as opened:
        return answered(Source(opened), sql)


def plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON has them: moments as text, what is no finite number as nothing."""
    return [{name: _plain(value) for name, value in row.items()} for row in frame.iter_rows(named=True)]


def _plain(value: object) -> object:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


MOMENTS = "%Y-%m-%dT%H:%M:%S"  # as a CSV file writes them


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
    return frame.write_csv(datetime_format=MOMENTS)


def answered(source: Source, sql: str) -> pl.DataFrame:
    """What a SELECT gives. Raises BadQuery."""
    bare = _TEXTS.sub(" ", sql).strip()
    if not bare.lower().startswith(_LOOKS):
        word = bare.split(maxsplit=1)[0] if bare else "nothing"
        meant = "A query begins with SELECT, as in SELECT kind FROM events"
        raise BadQuery(f"{meant}; this one begins with {word}.")
    try:
        found = collected(schemas(), source.frame, lambda tables: _run(tables, sql))
    except PolarsError as error:
        raise BadQuery(_said(error)) from None
    except pl.exceptions.PanicException as error:
        raise BadQuery(f"polars cannot answer this SQL ({_first(error)}). Write it another way.") from None
    if _SHUFFLES.search(bare) and not _ORDERS.search(bare):
        plain = [name for name, dtype in found.schema.items() if not dtype.is_nested()]
        return found.sort(plain, nulls_last=True, maintain_order=True) if plain else found
    return found


def _run(tables: Mapping[str, pl.LazyFrame], sql: str) -> pl.DataFrame:
    found = pl.SQLContext(dict(tables)).execute(sql, eager=False).collect(engine="in-memory")
    assert isinstance(found, pl.DataFrame)
    return found


def no_table(name: str) -> BadQuery:
    return BadQuery(f'There is no table "{name}". {_meant(name, schemas())}')


def _said(error: PolarsError) -> str:
    """What polars says, in a sentence with what was meant."""
    text = _first(error)
    table = re.search(r"relation '(.*)' was not found", text)
    if table:
        return str(no_table(table[1]))
    column = re.search(r'unable to find column "(.*?)"; valid columns: \[(.*)\]', text)
    if column and isinstance(error, ColumnNotFoundError):
        known = re.findall(r'"(.*?)"', column[2])
        return f'There is no column "{column[1]}" there. {_meant(column[1], known)}'
    return f"The SQL cannot be answered: {text.removeprefix('sql parser error: ').rstrip('.')}."


def _first(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]


def _meant(word: str, known: Iterable[str]) -> str:
    names = list(known)
    folded = {name.lower(): name for name in names}
    near = folded.get(word.lower()) or nearest(word, names)
    hint = f'Did you mean "{near}"? ' if near else ""
    return f"{hint}There are: {', '.join(names)}."
