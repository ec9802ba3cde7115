"""Asking a history in SQL."""

import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from narrative.cli.verb import say_json, verb
from narrative.text.numbers import UNKNOWN, count

if TYPE_CHECKING:
    import polars as pl

    from narrative.cli.rows import Column

FORMS = ("table", "csv", "json", "parquet")
MOST, FEW = 200, 20  # rows on a screen: of a table, and of one written downwards


@verb()
@click.argument("history")
@click.argument("sql")
@click.option("--format", "form", type=click.Choice(FORMS), help="How; by the name of -o, else a table.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to this file, all of it or nothing."
)
def query(history: str, sql: str, form: str | None, output: Path | None, as_json: bool) -> None:
    """Ask HISTORY in SQL.

    Tables: events, postings, readings, observed, branches, causes, turns, and one for every kind.

    Example: narrative query ai-2025 "SELECT kind, COUNT(*) AS n FROM events GROUP BY kind"
    """
    from events.files import BadFormat
    from narrative.verbs.looking import row_form, rows

    if as_json and output is None and form not in (None, "json"):
        raise BadFormat(f"--json prints JSON: leave --format {form} away, or name a file for it with -o.")
    form = row_form("json" if as_json and output is None else form, output)
    from narrative.tables.sql import as_csv, plain, save

    found = rows(history, sql)
    if output is not None:
        save(found, form, output)
        if as_json:
            return say_json(plain(found))
        return click.echo(f"{output}: {count(found.height)} row{'s' * (found.height != 1)}", err=True)
    if form == "json":
        return say_json(plain(found))
    if form == "csv":
        from narrative.text.words import escaped

        text = as_csv(found)
        # A pipe is given every byte: without `color` click would take some out.
        return click.echo(escaped(text) if sys.stdout.isatty() else text, nl=False, color=True)
    return _draw(found)


def _draw(rows: "pl.DataFrame") -> None:
    from narrative.cli.rows import across, downwards

    if not rows.width:
        return None
    if not sys.stdout.isatty():
        return click.echo("\n".join(across(_columns(rows)) or ()))
    width = get_terminal_size().columns
    lines = across(_columns(rows.head(MOST)), width)
    shown = MOST if lines is not None else FEW
    if lines is None:
        lines = list(downwards(_columns(rows.head(FEW)), width))
    click.echo("\n".join(lines))
    if rows.height > shown:
        rest = count(rows.height - shown)
        click.echo(f"… and {rest} more rows; --format csv gives all of them.", err=True)
    return None


def _columns(rows: "pl.DataFrame") -> "list[Column]":
    from narrative.cli.rows import Column
    from narrative.text.words import clean

    return [
        Column(
            clean(column.name),
            [UNKNOWN if value is None else clean(str(value)) for value in column],
            number=column.dtype.is_numeric(),
        )
        for column in rows
    ]


VERBS = (query,)
