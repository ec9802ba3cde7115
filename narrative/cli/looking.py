"""Looking: a history at a moment, its events, its branches."""

import json
from collections.abc import Iterator, Mapping
from time import sleep
from typing import Any

import click

from narrative.cli.verb import say_json, verb
from narrative.figures import change, simple

POLL = 0.3  # seconds between two looks at a log that is being written
PARTS = ("fast", "slow", "lasting")


@verb()
@click.argument("history")
@click.option("--at", metavar="WHEN", help="A date (its end), an ISO time or #position; the end if absent.")
def replay(history: str, at: str | None, as_json: bool) -> None:
    """Show HISTORY at a moment: who was worth what, and why."""
    from narrative import verbs

    told = verbs.replay(history, at=at)
    if as_json:
        return say_json(told)
    from rich.console import Console  # a tenth of a second, and --json needs none of it

    from narrative.cli.screen import draw

    # Captured, so that a reader who goes away is noticed in one place: where click writes.
    console = Console(highlight=False, markup=False, emoji=False)
    with console.capture() as drawn:
        draw(console, told, history)
    return click.echo("\n".join(map(str.rstrip, drawn.get().splitlines())), color=console.is_terminal)


@verb()
@click.argument("history")
@click.option("--since", type=click.IntRange(1), default=1, show_default=True, help="The first position.")
@click.option("--until", type=click.IntRange(1), help="The last position; the end if absent.")
@click.option("--follow", is_flag=True, help="Wait for more, as another process writes it; Ctrl-C ends.")
def log(history: str, since: int, until: int | None, follow: bool, as_json: bool) -> None:
    """Print the events of HISTORY, each on a line."""
    try:
        for event in _following(history, since, until) if follow else _events(history, since, until):
            click.echo(json.dumps(event, ensure_ascii=False, allow_nan=False) if as_json else line(event))
    except KeyboardInterrupt:
        if not follow:  # which Ctrl-C is the way to end
            raise


def _events(history: str, since: int, until: int | None) -> Iterator[Mapping[str, Any]]:
    from narrative import verbs

    yield from verbs.log(history, since=since, until=until)


def _following(history: str, since: int, until: int | None) -> Iterator[Mapping[str, Any]]:
    while True:
        for event in _events(history, since, until):
            since = event["position"] + 1
            yield event
        if until is not None and since > until:
            return
        sleep(POLL)


def line(event: Mapping[str, Any]) -> str:
    """An event on one line: where, when, whence, who, what, and because of what."""
    colour = {"recorded": "green", "modelled": "magenta", "supposed": "cyan"}[event["origin"]]
    mark = {"recorded": "●", "modelled": "◆", "supposed": "▲"}[event["origin"]]
    causes = "".join(f" ←#{cause}" for cause in event["causes"])
    return (
        f"{'#' + str(event['position']):<7}{event['moment']}  {click.style(mark, fg=colour)} "
        f"{event['kind']:<13} {event['actor']}: {_gist(event['fact'])}{causes}"
    )


def _gist(fact: Mapping[str, Any]) -> str:
    told = fact.get("told")
    if told:
        return str(told["headline"])
    plain = {name: value for name, value in fact.items() if value is not None}
    if "log_mark" in plain:
        return f"{plain['asset']} marked anew"
    if any(part in plain for part in PARTS):
        return f"{plain['asset']} {change(simple(sum(plain.get(part, 0) for part in PARTS)))}"
    if len(plain) > 1:
        plain.pop("text", None)  # a whole story; --json has it
    text = " ".join(f"{name}={value}" for name, value in plain.items())
    return text if len(text) <= 120 else f"{text[:119]}…"


@verb()
@click.argument("history")
def branches(history: str, as_json: bool) -> None:
    """List the branches of HISTORY's database."""
    from narrative import verbs

    found = verbs.branches(history)
    if as_json:
        return say_json(found)
    parents = {row["branch"]: row["parent"] for row in found}
    for row in found:
        depth, above = 0, row["parent"]
        while above is not None:
            depth, above = depth + 1, parents.get(above)
        fork = f" from {row['parent']}@{row['fork_position']}" if row["parent"] else ""
        until = f", lived to {row['until']}" if row["until"] else ""
        click.echo(
            f"{'  ' * depth}{click.style(row['branch'], bold=True)}{fork}: {row['events']:,} events{until}"
        )
        if row["question"]:
            click.echo(f"{'  ' * depth}  {row['question']}")
    return None


VERBS = (replay, log, branches)
