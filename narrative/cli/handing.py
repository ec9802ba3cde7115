"""Handing on: is a history what it was, and a copy of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from narrative.cli.verb import say_json, verb

MEANING = {
    "whole": "every byte is as it was appended, and living it again gives the same history",
    "damaged": "bytes in the log are not those that were appended",
    "changed": "the log is whole, but these processes append something else now",
}


@verb()
@click.argument("history")
@click.pass_context
def verify(ctx: click.Context, history: str, as_json: bool) -> None:
    """Check every byte of HISTORY, and live it again."""
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


VERBS = (verify, backup)
