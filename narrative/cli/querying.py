"""Asking a history in SQL."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from narrative.cli.verb import say_json, verb
from narrative.figures import UNKNOWN, count

if TYPE_CHECKING:
    import polars as pl

FORMS = ("table", "csv", "json", "parquet")
MOST = 200  # rows of a table on a screen
WIDE = 100_000  # columns where no terminal limits them


@verb()
@click.argument("history")
@click.argument("sql")
@click.option("--format", "form", type=click.Choice(FORMS), help="How; by the name of -o, else a table.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to this file, all of it or nothing."
)
def query(history: str, sql: str, form: str | None, output: Path | None, as_json: bool) -> None:
    """Ask HISTORY in SQL.

    Tables: events, postings, readings, observed, branches, causes, and one for every kind.

    Example: narrative query ai-2025 "SELECT kind, COUNT(*) AS n FROM events GROUP BY kind"
    """
    form = _form("json" if as_json else form, output)
    from narrative.query import MOMENTS, found, plain, save

    rows = found(history, sql)
    if output is not None:
        save(rows, form, output)
        return click.echo(f"{output}: {count(rows.height)} row{'s' * (rows.height != 1)}", err=True)
    if form == "json":
        return say_json(plain(rows))
    if form == "csv":
        return click.echo(rows.write_csv(datetime_format=MOMENTS), nl=False)
    return _draw(rows)


def _form(form: str | None, output: Path | None) -> str:
    if output is None:
        if form == "parquet":
            raise click.UsageError("Parquet is no text: name a file with -o.")
        return form or "table"
    found = form or output.suffix.removeprefix(".")
    if found not in FORMS[1:]:
        raise click.UsageError(f"{output} says no form: add --format csv, json or parquet.")
    return found


def _draw(rows: "pl.DataFrame") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for name, dtype in rows.schema.items():
        table.add_column(
            name, justify="right" if dtype.is_numeric() else "left", no_wrap=True, overflow="ellipsis"
        )
    for row in rows.head(MOST).iter_rows():
        table.add_row(*(UNKNOWN if value is None else str(value) for value in row))
    console = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else WIDE)
    with console.capture() as drawn:
        console.print(table)
    click.echo("\n".join(map(str.rstrip, drawn.get().splitlines())), color=console.is_terminal)
    if rows.height > MOST:
        rest = count(rows.height - MOST)
        click.echo(f"… and {rest} more rows; --format csv gives all of them.", err=True)


VERBS = (query,)
