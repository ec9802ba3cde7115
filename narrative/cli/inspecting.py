"""Looking into a history: one event whole, why something is as it is, and a note beside it."""

import click

import narrative
from narrative.cli.verb import say_json, verb
from narrative.text.numbers import plain_date

MOST = 12  # parts of a figure that are listed unless all are asked for
WHICH = "Give a position, as 250 or '#250' in quotes: a shell takes a bare # for a comment."
EXAMPLES = """\b
narrative why ai-2025 251                              what oracle's jump was read from
narrative why ai-2025 oracle valuation --at 2025-09-09  what its value was made of then
narrative why ai-2025 250 --effects                     what that report led to
"""


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

    return click.echo("\n".join(event_lines(told)))


@verb(epilog=EXAMPLES)
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

    Of an event, the tree of its causes. Of a reading, the postings that it is made of.
    """
    if what is None:
        raise click.UsageError(WHICH)
    most = None if every or reading is None else MOST
    found = narrative.why(history, what, reading, at=at, effects=effects, depth=depth, most=most, every=every)
    if as_json:
        return say_json(found)
    from narrative.cli.drawn import figure_lines, tree_lines

    return click.echo("\n".join(tree_lines(found) if reading is None else figure_lines(found)))


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
    of = f" about #{told['causes'][0]}" if told["causes"] else ""
    return click.echo(f"#{told['position']} {plain_date(told['moment'])} ▲ noted by {told['actor']}{of}")


VERBS = (show, why, note)
