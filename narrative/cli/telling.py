"""Telling: a history in plain words, and in pictures."""

from collections.abc import Sequence
from pathlib import Path

import click

from narrative.cli.verb import say_json, verb

AT = "A date (its end), an ISO time or #position; the end if absent."


@verb()
@click.argument("history")
@click.argument("other", required=False)
@click.option("--at", metavar="WHEN", help=AT)
@click.option("--format", "format_", metavar="F", help="markdown or html; as the file's name says if absent.")
@click.option("--whole", is_flag=True, help="Tell every event singly, however small.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file to write; it is printed if absent."
)
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
    from narrative import verbs

    told = verbs.tell(history, other, at=at, format=format_, whole=whole, output=output)
    if as_json:
        return say_json(told)
    return click.echo(told["text"] if output is None else f"{output} tells {history}", nl=output is not None)


@verb()
@click.argument("histories", nargs=-1, required=True)
@click.argument("what")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="The .svg or .png to write."
)
@click.option(
    "--actor", "actors", multiple=True, metavar="ID", help="Whom to draw, repeatable; the largest if absent."
)
@click.option("--every", metavar="STEP", help="How far apart points stand, as in 1d or 2w.")
@click.option("--log", is_flag=True, help="Draw equal factors equally high.")
def plot(
    histories: Sequence[str],
    what: str,
    output: Path,
    actors: Sequence[str],
    every: str | None,
    log: bool,
    as_json: bool,
) -> None:
    """Draw WHAT of HISTORIES: a reading, the rungs or the circle.

    A reading is one of valuation, belief-share, loan-to-value, backlog, debt and others.
    """
    from narrative import verbs

    made = verbs.plot(histories, what, output=output, actors=actors, every=every, log=log)
    if as_json:
        return say_json(made)
    return click.echo(f"{made['file']} shows {made['what'].replace('_', ' ')} of {', '.join(histories)}")


VERBS = (tell, plot)
