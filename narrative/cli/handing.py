"""Handing on: pages, charts, other formats and copies of a history, and whether it is what it was."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import narrative
from narrative.cli.verb import is_stream, say_json, verb
from narrative.text.numbers import count

if TYPE_CHECKING:
    from narrative.verbs.answers.handing import Fault, Verified

REPEATS = 5  # rows that stand twice and are listed
MEANING = {
    "whole": "every event is as it was appended, living it again gives the same, and both folds agree",
    "damaged": "bytes in the log are not those that were appended",
    "changed": "the log is whole, but these processes append something else now",
    "other": "it is not the history of which that digest was kept, or no longer all of it",
    "miscounted": "event by event and as columns the accounts differ, a fault of this program: report it",
}


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
    made = narrative.page(history, *others, output=output)
    if as_json:
        return say_json(made, err=is_stream(output))
    lines = ", ".join(f"{one.branch} {count(one.events)} events" for one in made.branches)
    return click.echo(f"{made.page}: {count(made.bytes)} bytes; {lines}", err=is_stream(output))


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
@click.option("--since", metavar="DATE", help="From this day on.")
@click.option("--until", metavar="DATE", help="Up to the end of this day.")
@click.option("--index", metavar="DATE", help="Every line is 100 at the end of this day.")
@click.option("--log", is_flag=True, help="Draw equal factors equally high.")
@click.option("--together", is_flag=True, help="Draw several actors in one picture, not a panel each.")
def plot(
    histories: Sequence[str],
    what: str,
    output: Path,
    actors: Sequence[str],
    as_json: bool,
    **asked: Any,
) -> None:
    """Draw WHAT of HISTORIES: a reading, the rungs or the circle.

    A reading is one of valuation, belief-share, loan-to-value, backlog, debt and others. Closes on
    record are bold, and what news and policy explain of them is shaded under; the three largest moves
    that were told are numbered, and named below. The file carries words for those who cannot see it.
    """
    made = narrative.plot(histories, what, output=output, actors=actors, **asked)
    if as_json:
        return say_json(made, err=is_stream(output))
    said = f"{made.file} shows {made.what.replace('_', ' ')} of {', '.join(histories)}"
    return click.echo(said, err=is_stream(output))


@verb()
@click.argument("history")
@click.option(
    "--format",
    "format_",
    required=True,
    type=click.Choice(("jsonl", "parquet", "csv", "beancount")),
    help="How.",
)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Where; all or nothing.")
def export(history: str, format_: str, output: Path, as_json: bool) -> None:
    """Write HISTORY for other tools.

    jsonl is the whole database, or of HISTORY@BRANCH that branch and what it reads of its parents, for
    `import` to take back. parquet and csv are a folder of events, postings and readings; beancount is
    the journal of firm cash.
    """
    made = narrative.export(history, format=format_, output=output)
    if as_json:
        return say_json(made, err=is_stream(output))
    return click.echo("\n".join(made.files), err=is_stream(output))


@verb(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--db", type=click.Path(path_type=Path), help="The new database; FILE.db if absent.")
@click.option(
    "--story", type=click.Path(path_type=Path), help="The new story's folder, for a CSV of plain facts."
)
@click.option(
    "--quotes", is_flag=True, help="FILE holds prices: they become quotes.csv in the story's folder."
)
def import_(file: Path, db: Path | None, story: Path | None, quotes: bool, as_json: bool) -> None:
    """Take back an export, begin a story from a CSV, or bring prices.

    JSON Lines that `export` wrote come back whole; a CSV holds plain facts.

    The facts stand in columns date, kind, actor, headline, source; amount, counterparty and other
    fields of a kind may stand beside them. An amount is in dollars, as 6600000 or 6.6m; who is not
    named as counterparty is everybody outside the story; what is announced is an intention. Which
    kinds there are, and who is the actor of each, stands in docs/stories.md.

    Prices stand in columns date, actor, close, with shares and source beside them, or in one column an
    actor. They are checked, sorted, and take the place of the quotes.csv that the story has.
    """
    made = narrative.import_(file, db=db, story=story, quotes=quotes)
    if as_json:
        return say_json(made)
    from narrative.verbs.answers.handing import Quoted, Restored

    if isinstance(made, Quoted):
        prices, actors = f"{count(made.rows)} price{'s' * (made.rows != 1)}", ", ".join(made.actors)
        click.echo(f"{made.file}: {prices} of {actors}, {made.from_} to {made.until}")
        return click.echo(f"\nNext: narrative check {Path(made.file).parent}", err=True)
    if isinstance(made, Restored):
        return click.echo(f"{made.db}: {count(made.events)} events, {', '.join(made.branches)}")
    click.echo("\n".join(made.files))
    if made.repeats:
        more = f" and {count(len(made.repeats) - REPEATS)} more" * (len(made.repeats) > REPEATS)
        click.echo(f"Kept, though it stands twice: {'; '.join(made.repeats[:REPEATS])}{more}.", err=True)
    return click.echo(f"\nNext: narrative check {Path(made.files[0]).parent}", err=True)


@verb()
@click.argument("history")
@click.option("--against", metavar="DIGEST", help="A digest that was kept elsewhere, to hold it against.")
@click.option("--trust", is_flag=True, help="Let processes of somebody's own run: code, with your rights.")
@click.pass_context
def verify(ctx: click.Context, history: str, against: str | None, trust: bool, as_json: bool) -> None:
    """Check every event of HISTORY, live it again, and fold it twice.

    It shows what stands there, and not that nothing was cut off its end, or all of it written anew by
    somebody: a digest that was kept elsewhere shows that, which run, what-if and branches print.
    """
    found = narrative.verify(history, against=against, trust=trust)
    if as_json:
        say_json(found)
    else:
        click.echo(f"{found.verdict}: {MEANING[found.verdict]}")
        for fault in found.faults:
            click.echo(f"  {_where(fault)}{fault.what}")
        if found.events is not None:
            click.echo(f"  {_proved(found, against)}")
    if found.verdict != "whole":
        ctx.exit(1)


def _proved(found: "Verified", against: str | None) -> str:
    """The parts of a whole history that were proved, and those that were not."""
    branches = f"{found.branches} branch{'es' * (found.branches != 1)}"
    said = f"{count(found.events or 0)} events on {branches}, {count(found.snapshots or 0)} remembered worlds"
    if against is None:
        return f"{said}; that nothing was cut off its end only --against a digest kept elsewhere shows"
    end = "its end" if against.lower() == found.digest else f"#{found.against}"
    return f"{said}; the digest kept elsewhere is that of {end}"


def _where(fault: "Fault") -> str:
    place = f"@{fault.position}" if fault.position else ""  # none: the branch or file itself
    return f"{fault.branch}{place}: " if fault.branch or place else ""


@verb()
@click.argument("history")
@click.argument("path", type=click.Path(path_type=Path))
def backup(history: str, path: Path, as_json: bool) -> None:
    """Copy HISTORY's database to PATH, even while it is written."""
    made = narrative.backup(history, path)
    if as_json:
        return say_json(made)
    return click.echo(f"{made.db} copied to {made.backup}")


@verb()
@click.argument("backup", metavar="BACKUP", type=click.Path(path_type=Path))
@click.argument("db", type=click.Path(path_type=Path))
def restore(backup: Path, db: Path, as_json: bool) -> None:
    """Put a copy of BACKUP in the place of the database DB.

    What stands there is set aside under a new name, with its journal. Never copy a file over a database:
    the journal beside it would be read into the copy.
    """
    made = narrative.restore(backup, db)
    if as_json:
        return say_json(made)
    aside = f"; what stood there is {made.aside} now" if made.aside else ""
    return click.echo(f"{made.db} is {made.backup} again{aside}")


VERBS = (page, plot, export, import_, verify, backup, restore)
