"""Looking at a history: a moment, its events and branches, why, in SQL, beside others and in words."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import narrative
from narrative.analysis.conditions import conditions
from narrative.cli import bounded
from narrative.cli.guard import shown
from narrative.cli.verb import is_stream, say_json, verb
from narrative.cli.watch import Watch
from narrative.text.numbers import count, plain_date
from narrative.text.words import escaped

if TYPE_CHECKING:
    from events.event import Event
    from narrative.verbs.looking import Looked

AT = "A date (its end), an ISO time or #position; the end if absent."
MOST = 12  # parts of a figure that are listed unless all are asked for
WHICH = "Give a position, as 250 or '#250' in quotes: a shell takes a bare # for a comment."
FORMATS = ("table", "csv", "json", "parquet")
LOGGED = """\b
narrative log ai-2025 --kind Order --kind Loan --least 10bn
narrative log ai-2025 --counterparty nvidia --since 2025-09-01 --until 2025-12-31
narrative log loop --family funding --origin modelled --text bond
"""
ASKED = """\b
narrative why ai-2025 251                              what oracle's jump was read from
narrative why ai-2025 oracle valuation --at 2025-09-09  what its value was made of then
narrative why ai-2025 250 --effects                     what that report led to
"""


@verb()
@click.argument("history")
@click.option("--at", metavar="WHEN", help="A date (its end), an ISO time or #position; the end if absent.")
def replay(history: str, at: str | None, as_json: bool) -> None:
    """Show HISTORY at a moment: who was worth what, and why."""
    told = narrative.replay(history, at=at)
    if as_json:
        return say_json(told)
    told = shown(told)
    from rich.console import Console  # a tenth of a second, and --json needs none of it

    from narrative.cli.screen import draw

    # Captured, so that a reader who goes away is noticed in one place: where click writes.
    console = Console(highlight=False, markup=False, emoji=False)
    with console.capture() as drawn:
        draw(console, told.plain(), history)
    return click.echo("\n".join(map(str.rstrip, drawn.get().splitlines())), color=console.is_terminal)


def _conditions(command: Callable[..., None]) -> Callable[..., None]:
    """An option a condition, as `narrative.analysis.conditions` spells them."""
    for name, says in reversed(list(conditions())):
        option = click.option(f"--{name}", help=says.help, metavar=says.metavar, multiple=says.many)
        command = option(command)
    return command


@verb(epilog=LOGGED)
@click.argument("history")
@_conditions
@click.option("--all", "every", is_flag=True, help="Each event; routine ones that follow one another too.")
@click.option("--follow", is_flag=True, help="Wait for more, as another process writes it; Ctrl-C ends.")
def log(history: str, every: bool, follow: bool, as_json: bool, **given: Any) -> None:
    """Print the events of HISTORY, each on a line, routine ones folded.

    Filters go together: an event meets each of them. Under any but a span, nothing is folded.
    """
    from narrative.cli.lines import json_lines
    from narrative.verbs.looking import events

    asked = {name: value for name, value in given.items() if value not in (None, ())}
    with events(history, follow=follow, **asked) as found:
        any_found = False
        try:
            for page in found.pages:
                for text in json_lines(page, found.story) if as_json else _lines(page, found, every):
                    any_found = True
                    click.echo(text)
        except KeyboardInterrupt:
            if not follow:  # which Ctrl-C is the way to end
                raise
        if not any_found:
            click.echo(f"No such events; {history} has {found.count:,}.", err=True)


def _lines(page: "Iterable[Event]", found: "Looked", every: bool) -> Iterator[str]:
    from narrative.cli.lines import lines
    from narrative.prose.gist import speech_of

    fold, sums = found.filter.everything and not every, found.filter.least is not None
    return lines(page, speech_of(found.history), fold=fold, sums=sums)


@verb()
@click.argument("history")
def branches(history: str, as_json: bool) -> None:
    """List the branches of HISTORY's database."""
    found = narrative.branches(history)
    if as_json:
        return say_json(found)
    from narrative.cli.drawn import branch_lines

    return click.echo("\n".join(branch_lines(shown(found))))


@verb()
@click.argument("history")
@click.argument("position", required=False)
def show(history: str, position: str | None, as_json: bool) -> None:
    """Show the event at POSITION whole: source, causes, effects, accounts."""
    if position is None:
        raise click.UsageError(WHICH)
    told = narrative.show(history, position)
    if as_json:
        return say_json(told)
    from narrative.cli.drawn import event_lines

    return click.echo("\n".join(event_lines(shown(told.plain()))))


@verb(epilog=ASKED)
@click.argument("history")
@click.argument("what", required=False)
@click.argument("reading", required=False)
@click.option("--at", metavar="WHEN", help="Of a reading: a date (its end), an ISO time or #position.")
@click.option("--effects", is_flag=True, help="Of an event: what it led to.")
@click.option("--depth", type=int, help="Of an event: so many steps; 8 if absent.")
@click.option("--all", "every", is_flag=True, help="Every part of a reading, or every step to the first.")
def why(
    history: str,
    what: str | None,
    reading: str | None,
    at: str | None,
    effects: bool,
    depth: int | None,
    every: bool,
    as_json: bool,
) -> None:
    """Say why: WHAT is a position, or an actor of whom a READING is asked.

    Of an event, the tree of its causes; a call, a loan on shares or a loss on a
    stake hangs on what moved the price, too. Of a reading, the postings that it
    is made of.
    """
    if what is None:
        raise click.UsageError(WHICH)
    most = None if every or reading is None else MOST
    found = narrative.why(history, what, reading, at=at, effects=effects, depth=depth, most=most, every=every)
    if as_json:
        return say_json(found)
    from narrative.cli.drawn import figure_lines, tree_lines

    draw = tree_lines if reading is None else figure_lines
    return click.echo("\n".join(draw(shown(found.plain()))))


@verb()
@click.argument("history")
@click.argument("text")
@click.option("--at", metavar="WHEN", help="About the history as it stood then: a date, a time, #position.")
@click.option("--about", metavar="POSITION", help="About that event.")
@click.option("--author", default="reader", show_default=True, help="Who notes it.")
def note(history: str, text: str, at: str | None, about: str | None, author: str, as_json: bool) -> None:
    """Append the note TEXT to HISTORY's branch; it changes nothing else."""
    told = narrative.note(history, text, at=at, about=about, author=author)
    if as_json:
        return say_json(told)
    of = f" about #{told.causes[0]}" if told.causes else ""
    return click.echo(f"#{told.position} {plain_date(told.moment)} ▲ noted by {told.actor}{of}")


@verb()
@click.argument("history")
@click.argument("sql")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="How; by the name of -o, else a table.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write to this file, all of it or nothing."
)
@click.option(
    "--seconds", type=click.FloatRange(0), default=30, help="Time it may take, 30 if absent; 0: any."
)
@click.option("--rows", "most", type=click.IntRange(0), default=10**6, help="Rows it may give; 0: any.")
@click.option("--memory", type=click.FloatRange(0), default=2, help="GB it may take, 2 if absent; 0: any.")
@click.pass_context
def query(
    ctx: click.Context,
    history: str,
    sql: str,
    format_: str | None,
    output: Path | None,
    seconds: float,
    most: int,
    memory: float,
    as_json: bool,
) -> None:
    """Ask HISTORY in SQL.

    Tables: events, postings, readings, observed, branches, causes, turns, and one for every kind. A
    folder that `ensemble` or `fragility` wrote has one: members, events or shaken.

    Example: narrative query ai-2025 "SELECT kind, COUNT(*) AS n FROM events GROUP BY kind"
    """
    from events.files import BadFormat

    if as_json and output is None and format_ not in (None, "json"):
        raise BadFormat(f"--json prints JSON: leave --format {format_} away, or name a file for it with -o.")
    if bounded.applies():
        flags = {"--format": format_, "-o": output, "--seconds": seconds, "--rows": most}
        args = [f"{flag}={value}" if flag[1] == "-" else f"{flag}{value}" for flag, value in flags.items()
                if value is not None]  # fmt: skip  # one list
        limits = bounded.Bounds(seconds or None, round(memory * bounded.GIGA) or None)
        args += ["--json"] * as_json
        ctx.exit(bounded.answer_elsewhere(["query", *args, "--", history, sql], limits))
    bounded.answering()
    rows = narrative.query(history, sql, format=format_, output=output, most=most or None)
    if as_json or (output is None and rows.format == "json"):
        return say_json(rows.plain())
    if output is not None:
        return click.echo(f"{output}: {count(len(rows))} row{'s' * (len(rows) != 1)}", err=True)
    if rows.format == "csv":
        # A pipe is given every byte, past the guard of what is read on a screen.
        text = rows.csv()
        return click.echo(escaped(text) if sys.stdout.isatty() else text.encode(), nl=False)
    from narrative.cli.rows import draw

    return draw(rows)


@verb()
@click.argument("history")
@click.argument("other")
def diff(history: str, other: str, as_json: bool) -> None:
    """Say where two histories part, and what differs at the end."""
    found = narrative.diff(history, other)
    if as_json:
        return say_json(found)
    from narrative.cli.drawn import diff_lines

    return click.echo("\n".join(diff_lines(shown(found))))


@verb()
@click.argument("histories", nargs=-1, required=True)
@click.option(
    "--every", default="1d", show_default=True, help="Steps of the time axis, as in 1d, 12h, 1mo or 1q."
)
@click.option("--seeds", type=int, help="Of a history and its branch: so many seeds of both, beside chance.")
@click.option("--trust", is_flag=True, help="Let processes of somebody's own run: code, with your rights.")
def compare(histories: Sequence[str], every: str, seeds: int | None, trust: bool, as_json: bool) -> None:
    """Put two or more histories on one time axis."""
    with Watch(histories[0], "Nothing was written.") as watch:
        found = narrative.compare(histories, every=every, seeds=seeds, trust=trust, progress=watch)
    if as_json:
        return say_json(found)
    from narrative.cli.drawn import compare_lines

    return click.echo("\n".join(compare_lines(shown(found))))


@verb()
@click.argument("history")
@click.argument("other", required=False)
@click.option("--at", metavar="WHEN", help=AT)
@click.option("--format", "format_", metavar="F", help="markdown or html; as the file's name says if absent.")
@click.option("--whole", is_flag=True, help="Tell every event singly, however small.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file; printed if absent.")
def tell(
    history: str,
    other: str | None,
    at: str | None,
    format_: str | None,
    whole: bool,
    output: Path | None,
    as_json: bool,
) -> None:
    """Tell HISTORY in plain words; two with OTHER, side by side."""
    told = narrative.tell(history, other, at=at, format=format_, whole=whole, output=output)
    if as_json:
        return say_json(told, err=is_stream(output))
    if output is None:
        return click.echo(told.text, nl=False)
    return click.echo(f"{output} tells {history}", err=is_stream(output))


VERBS = (replay, log, branches, show, why, note, query, diff, compare, tell)
