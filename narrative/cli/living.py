"""Living: perform a story, and go on with a history that was cut short."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

import narrative
from narrative.cli.verb import say_json, verb
from narrative.cli.watch import Watch
from narrative.text.numbers import count


@verb()
@click.argument("story")
@click.option("--db", type=click.Path(path_type=Path), help="The database to write: ./<story>.db.")
@click.option("--seed", type=int, help="Another seed for chance.")
@click.option("--until", metavar="DATE", help="Stop at the end of a date, or at an ISO time.")
@click.option(
    "--cast", type=click.Choice(["none", "market", "full"]), help="Who plays: the story says if absent."
)
def run(
    story: str, db: Path | None, seed: int | None, until: str | None, cast: str | None, as_json: bool
) -> None:
    """Perform STORY into a new database."""
    chosen = {} if seed is None else {"seed": seed}
    with Watch(str(db or story)) as watch:
        _say(
            narrative.run(story, db=db, until=until, cast=cast, progress=watch, say=_beside, **chosen),
            as_json,
        )


@verb()
@click.argument("history")
@click.option("--until", metavar="DATE", help="Live on to the end of a date, or to an ISO time.")
def resume(history: str, until: str | None, as_json: bool) -> None:
    """Live HISTORY on to where its run was meant to end."""
    with Watch(history) as watch:
        _say(narrative.resume(history, until=until, progress=watch, say=_beside), as_json)


def _beside(sentence: str) -> None:
    click.echo(sentence, err=True)


def _say(lived: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        return say_json(lived)
    click.echo(f"{lived['db']}@{lived['branch']}: {count(lived['events'])} events, lived to {lived['until']}")
    click.echo(f"digest {lived['digest']}")
    click.echo(f"\nNext: narrative replay {lived['db']}", err=True)
    return None


VERBS = (run, resume)
