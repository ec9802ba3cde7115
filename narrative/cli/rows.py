"""Rows of an answer as a terminal has room for them, and whole where nothing limits them.

Numbers, moments and short texts keep their width; long texts share what is left. Where that is too
little to read, every row is written downwards, a line a column. No column is left out.
"""

import sys
from collections.abc import Iterable, Sequence
from shutil import get_terminal_size
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen
from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from narrative.text.numbers import UNKNOWN, count
from narrative.text.words import clean

if TYPE_CHECKING:
    import polars as pl

    from narrative.tables.sql import Rows

MOST, FEW = 200, 20  # rows on a screen: of a table, and of one written downwards
GAP = "  "
SHORT = 26  # what is no wider is never cut: no moment is, to the microsecond
LEAST = 16  # what is left of a long text can still be read


@frozen
class Column:
    """A column of an answer: its cells as text; numbers stand to the right and are never cut."""

    name: str
    cells: Sequence[str]
    number: bool = False

    @property
    def width(self) -> int:
        return max(map(cell_len, (self.name, *self.cells)))


def across(columns: Sequence[Column], width: int | None = None) -> list[str] | None:
    """The rows as a table no wider than that, or None where that is too little."""
    widths = [column.width for column in columns]
    if width is not None and sum(widths) + len(GAP) * (len(widths) - 1) > width:
        found = _squeezed(columns, widths, width - len(GAP) * (len(widths) - 1))
        if found is None:
            return None
        widths = found
    shown = [_shown(column, room) for column, room in zip(columns, widths, strict=True)]
    head, *rows = (GAP.join(cells).rstrip() for cells in zip(*shown, strict=True))
    return [click.style(head, bold=True), *rows]


def _squeezed(columns: Sequence[Column], widths: Sequence[int], room: int) -> list[int] | None:
    """The widths of columns that share so much room, where the long texts among them can give way."""
    least = [
        width if column.number or width <= SHORT else max(LEAST, cell_len(column.name))
        for column, width in zip(columns, widths, strict=True)
    ]
    left = room - sum(least)
    if left < 0:
        return None
    found = list(least)
    lacking = sorted((width - found[i], i) for i, width in enumerate(widths))
    for after, (lack, i) in enumerate(lacking):
        more = min(lack, left // (len(lacking) - after))
        found[i] += more
        left -= more
    return found


def _shown(column: Column, room: int) -> list[str]:
    return [_fitted(cell, room, column.number) for cell in (column.name, *column.cells)]


def _fitted(cell: str, room: int, number: bool) -> str:
    if cell_len(cell) > room:
        cell = f"{set_cell_size(cell, room - 1).rstrip()}…"
    blank = " " * (room - cell_len(cell))
    return blank + cell if number else cell + blank


def parted(columns: Sequence[Column], width: int) -> list[str]:
    """The rows as tables one below the other, each with the first column and as many others as there is room
    for: whoever reads down a column finds it whole.
    """
    first, *left = columns
    lines: list[str] = []
    while left:
        room, count = width - first.width, 0
        while count < len(left) and room >= len(GAP) + left[count].width:
            room -= len(GAP) + left[count].width
            count += 1
        taken, left = left[: max(count, 1)], left[max(count, 1) :]
        lines += [""] * bool(lines) + (across([first, *taken]) or [])
    return lines


def downwards(columns: Sequence[Column], width: int) -> Iterable[str]:
    """The rows one below the other, each with a line or more a column."""
    name = max(cell_len(column.name) for column in columns)
    for row in range(len(columns[0].cells)):
        yield click.style(f"row {row + 1}", bold=True)
        for column in columns:
            first, *more = wrap(column.cells[row], max(width - name - len(GAP), LEAST)) or [""]
            yield f"{_fitted(column.name, name, number=False)}{GAP}{first}"
            yield from (" " * (name + len(GAP)) + line for line in more)
        yield ""


class Fitted:
    """Cells below headings, as wide as there is room: figures are never cut, and where that is too little
    every row is written downwards, or of a `matrix` some columns after the others. `words` are the columns
    that hold no figures; the first always is one.
    """

    def __init__(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        words: Sequence[str] = (),
        *,
        matrix: bool = False,
    ) -> None:
        self.matrix = matrix
        self.columns = [
            Column(name, [row[i] for row in rows], number=i > 0 and name not in words)
            for i, name in enumerate(head)
        ]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = across(self.columns, options.max_width)
        if lines is None:
            below = parted if self.matrix else downwards
            lines = [*below(self.columns, options.max_width)]
        yield Text.from_ansi("\n".join(lines), no_wrap=True)


def draw(rows: "Rows") -> None:
    """Print what a query answers, and how many of its rows are left out where a terminal has no room."""
    if not rows.frame.width:
        return
    wide = get_terminal_size().columns if sys.stdout.isatty() else None
    lines, drawn = table_lines(rows.frame, wide)
    click.echo("\n".join(lines))
    if len(rows) > drawn:
        click.echo(f"… and {count(len(rows) - drawn)} more rows; --format csv gives all of them.", err=True)


def table_lines(frame: "pl.DataFrame", width: int | None) -> tuple[list[str], int]:
    """A frame as lines, and how many of its rows they show: every row where nothing limits the width."""
    if width is None:
        return across(_columns(frame)) or [], frame.height
    lines = across(_columns(frame.head(MOST)), width)
    if lines is not None:
        return lines, min(MOST, frame.height)
    return list(downwards(_columns(frame.head(FEW)), width)), min(FEW, frame.height)


def _cell(value: object) -> str:
    """A value as a reader takes it: of a float 15 figures, since the last two are what adding left of it."""
    if isinstance(value, float):
        value = float(f"{value:.15g}")
    return UNKNOWN if value is None else clean(str(value))


def _columns(frame: "pl.DataFrame") -> list[Column]:
    from narrative.tables.sql import written  # polars, which whoever asks has brought already

    return [
        Column(
            clean(column.name),
            list(map(_cell, column)),
            number=column.dtype.is_numeric(),
        )
        for column in written(frame, "%Y-%m-%d %H:%M:%S%.f")
    ]


def grid(gap: int, *justify: Any) -> Table:
    """A table without lines, `gap` apart; headings appear where columns have them."""
    table = Table(
        box=None, padding=(0, gap, 0, 0), pad_edge=False, show_header=not justify, header_style="dim"
    )
    for side in justify:
        table.add_column(justify=side, no_wrap=True)
    return table
