"""The page: one file that can be mailed, opened and looked at without this program."""

from collections.abc import Sequence
from pathlib import Path

import click

from narrative.cli.verb import say_json, verb
from narrative.figures import count


@verb()
@click.argument("history")
@click.argument("others", nargs=-1)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file to write; ./<story>.html if absent."
)
def page(history: str, others: Sequence[str], output: Path | None, as_json: bool) -> None:
    """Write HISTORY as one HTML file that needs no network.

    It carries the branches of the database along, at most six; or OTHERS, which say which histories
    of the same story stand beside the main line. Needs the extra `page`.
    """
    from narrative import verbs

    made = verbs.page(history, *others, output=output)
    if as_json:
        return say_json(made)
    lines = ", ".join(f"{one['branch']} {count(one['events'])} events" for one in made["branches"])
    return click.echo(f"{made['page']}: {count(made['bytes'])} bytes; {lines}")


VERBS = (page,)
