"""Handing on: is a history what it was, and a copy of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from narrative.cli.verb import say_json, verb
from narrative.figures import count

MEANING = {
    "whole": "every byte is as it was appended, living it again gives the same history, and both folds agree",
    "damaged": "bytes in the log are not those that were appended",
    "changed": "the log is whole, but these processes append something else now",
    "miscounted": "event by event and as columns the accounts differ, a fault of this program: report it",
}


@verb()
@click.argument("history")
@click.pass_context
def verify(ctx: click.Context, history: str, as_json: bool) -> None:
    """Check every byte of HISTORY, live it again, and fold it twice."""
    from narrative import verbs

    found = verbs.verify(history)
    if as_json:
        say_json(found)
    else:
        click.echo(f"{found['verdict']}: {MEANING[found['verdict']]}")
        for fault in found["faults"]:
            click.echo(f"  {_where(fault)}{fault['what']}")
    if found["verdict"] != "whole":
        ctx.exit(1)


def _where(fault: Mapping[str, Any]) -> str:
    place = f"@{fault['position']}" if fault["position"] else ""  # none: the branch or file itself
    return f"{fault['branch']}{place}: " if fault["branch"] or place else ""


@verb()
@click.argument("history")
@click.argument("path", type=click.Path(path_type=Path))
def backup(history: str, path: Path, as_json: bool) -> None:
    """Copy HISTORY's database to PATH, even while it is written."""
    from narrative import verbs

    made = verbs.backup(history, path)
    if as_json:
        return say_json(made)
    return click.echo(f"{made['db']} copied to {made['backup']}")


@verb()
@click.argument("history")
@click.option(
    "--format",
    "form",
    required=True,
    type=click.Choice(("jsonl", "parquet", "csv", "beancount")),
    help="How.",
)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Where; all or nothing.")
def export(history: str, form: str, output: Path, as_json: bool) -> None:
    """Write HISTORY for other tools.

    jsonl is the whole database, or of HISTORY@BRANCH that branch and what it reads of its parents, for
    `import` to take back. parquet and csv are a folder of events, postings and readings; beancount is
    the journal of firm cash.
    """
    from narrative import verbs

    made = verbs.export(history, form=form, output=output)
    if as_json:
        return say_json(made)
    return click.echo("\n".join(made["files"]))


@verb(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--db", type=click.Path(path_type=Path), help="The new database; FILE.db if absent.")
@click.option(
    "--story", type=click.Path(path_type=Path), help="The new story's folder, for a CSV of plain facts."
)
def import_(file: Path, db: Path | None, story: Path | None, as_json: bool) -> None:
    """Take back an exported FILE, or begin a story from a CSV.

    JSON Lines that `export` wrote come back whole; a CSV holds plain facts.

    The facts stand in columns date, kind, actor, headline, source; amount, counterparty and other
    fields of a kind may stand beside them. An amount is in dollars, as 6600000 or 6.6m; who is not
    named as counterparty is everybody outside the story; what is announced is an intention. Which
    kinds there are, and who is the actor of each, stands in notes/plain-facts.md.
    """
    from narrative import verbs

    made = verbs.import_(file, db=db, story=story)
    if as_json:
        return say_json(made)
    if "db" in made:
        return click.echo(f"{made['db']}: {count(made['events'])} events, {', '.join(made['branches'])}")
    click.echo("\n".join(made["files"]))
    return click.echo(f"\nNext: narrative check {Path(made['files'][0]).parent}", err=True)


VERBS = (verify, backup, export, import_)
