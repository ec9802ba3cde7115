"""The files of `export`: a log as JSON Lines, its tables as Parquet or CSV, its cash as Beancount."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from events.books import frames
from events.books.frames import EVENTS, POSTINGS, Chunk
from events.files import BadFormat, beside, folder_beside, unwritable
from events.formats import beancount, jsonl
from events.formats.stream import Jug, pour
from narrative.analysis.every import DAILY
from narrative.analysis.history import History
from narrative.books.table import TABLE
from narrative.tables.daily import READ, Reading
from narrative.tables.source import READINGS, Source, readings_of
from narrative.tables.sql import CSV_MOMENT

_SYSTEM = re.compile(r"([A-Z][\w ,']+) \(os error \d+\)")
FORMATS = ("jsonl", "parquet", "csv", "beancount")


def exported(found: History, wanted: str, branch: str | None, output: Path) -> dict[str, Any]:
    """Write a history in a format; gives format, files, events and digest. Raises BadFormat, Unwritable,
    Taken.
    """
    head = found.log.head(found.branch)
    files, events = [output], head.position
    if wanted == "jsonl":
        events = as_jsonl(found, branch, output)
    elif wanted == "beancount":
        as_beancount(found, output)
    elif wanted in FORMATS:
        files = as_tables(found, wanted, output)
    else:
        raise BadFormat(f'"{wanted}" is no format of a history; it is one of {", ".join(FORMATS)}.')
    return {
        "format": wanted,
        "files": [str(file) for file in files],
        "events": events,
        "digest": head.digest.hex(),
    }


def as_jsonl(found: History, branch: str | None, output: Path) -> int:
    """A whole database, or one branch with its parents up to where it reads them; gives how many events."""
    with beside(output) as part, part.open("wb") as file:
        return jsonl.write(found.log, jsonl.lineage(found.log, branch), file)


def as_beancount(found: History, output: Path) -> None:
    """The journal of firm cash of one branch."""
    story = Source(found).story
    written = beancount.lines(
        found.log.read(found.branch), TABLE, "cash",
        title=f"{story.title} ({found.branch})", currency=story.money.currency, digits=story.money.digits,
    )  # fmt: skip  # one call
    with beside(output) as part, part.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in written)


def as_tables(found: History, form: str, output: Path) -> list[Path]:
    """Events, postings and readings of one branch, a file each, in a folder."""
    source = Source(found)
    files = tuple(f"{name}.{form}" for name in ("events", "postings", "readings"))
    with folder_beside(output, files) as folder:
        schemas = (EVENTS, POSTINGS, READINGS)
        jugs = {
            path.stem: Jug(schema, partial(_sink, path))
            for path, schema in zip(map(folder.joinpath, files), schemas, strict=True)
        }
        try:
            pour(_parts(source), jugs)
        except PolarsError as error:
            raise unwritable(output, _said(error)) from None
    return [output / name for name in files]


def _said(error: PolarsError) -> str:
    """The words of the operating system in an error of polars; its own first line where it has none."""
    found = _SYSTEM.search(str(error))
    return found[1] if found else str(error).partition("\n")[0]


def _parts(source: Source) -> Iterator[dict[str, pl.DataFrame]]:
    """All three tables, in one pass over the log."""
    columns, spans = list(EVENTS), source.spans(DAILY)

    def made(chunk: Chunk) -> dict[str, pl.DataFrame]:
        posted = frames.postings_of(chunk, TABLE, list(POSTINGS))
        return {"events": frames.events_of(chunk, columns), "postings": posted}

    for part in source.chunks(frames.for_events(columns) | frames.for_postings(TABLE), made):
        posted = part["postings"].filter(pl.col("account").is_in(READ))
        yield part
        yield from map(_read, spans.take(posted))
    yield from map(_read, spans.rest())


def _read(block: Sequence[Reading]) -> dict[str, pl.DataFrame]:
    return {"readings": readings_of(block)}


def _sink(path: Path, lazy: pl.LazyFrame) -> None:
    if path.suffix == ".csv":
        lazy.sink_csv(path, datetime_format=CSV_MOMENT)
    else:
        lazy.sink_parquet(path, compression="lz4")
