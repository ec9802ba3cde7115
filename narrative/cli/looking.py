"""Looking: a history at a moment, its events, its branches."""

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

import narrative
from narrative.cli.verb import say_json, verb

if TYPE_CHECKING:
    from events.event import Event
    from narrative.story.model import Story
    from narrative.verbs.looking import Looked

FAMILIES = ("announcement", "order", "investment", "funding", "market", "policy", "record")
EXAMPLES = """\b
narrative log ai-2025 --kind Order --kind Loan --least 10bn
narrative log ai-2025 --counterparty nvidia --since 2025-09-01 --until 2025-12-31
narrative log loop --family funding --origin modelled --text bond
"""


@verb()
@click.argument("history")
@click.option("--at", metavar="WHEN", help="A date (its end), an ISO time or #position; the end if absent.")
def replay(history: str, at: str | None, as_json: bool) -> None:
    """Show HISTORY at a moment: who was worth what, and why."""
    told = narrative.replay(history, at=at)
    if as_json:
        return say_json(told)
    from rich.console import Console  # a tenth of a second, and --json needs none of it

    from narrative.cli.screen import draw

    # Captured, so that a reader who goes away is noticed in one place: where click writes.
    console = Console(highlight=False, markup=False, emoji=False)
    with console.capture() as drawn:
        draw(console, told, history)
    return click.echo("\n".join(map(str.rstrip, drawn.get().splitlines())), color=console.is_terminal)


@verb(epilog=EXAMPLES)
@click.argument("history")
@click.option("--since", metavar="WHEN", help="From that position or date on.")
@click.option("--until", metavar="WHEN", help="Up to that position, or to the end of that date.")
@click.option("--kind", multiple=True, help="Of that kind, as Order; repeat it for several.")
@click.option("--family", multiple=True, help=f"Of a family of kinds: {', '.join(FAMILIES)}.")
@click.option("--origin", multiple=True, help="recorded, modelled or supposed.")
@click.option("--party", multiple=True, metavar="ACTOR", help="Done by that actor, or naming it.")
@click.option("--actor", multiple=True, help="Done by that actor.")
@click.option("--counterparty", multiple=True, metavar="ACTOR", help="Naming that actor as another party.")
@click.option("--narrative", multiple=True, help="Told in that narrative.")
@click.option("--confidence", multiple=True, help="Told with that confidence: high, medium, low, assumption.")
@click.option("--least", metavar="SUM", help="Of that sum or more, in the story's currency, as 1bn.")
@click.option("--text", default="", help="With these words; A to Z in either case.")
@click.option("--all", "every", is_flag=True, help="Each event; routine ones that follow one another too.")
@click.option("--follow", is_flag=True, help="Wait for more, as another process writes it; Ctrl-C ends.")
def log(history: str, every: bool, follow: bool, as_json: bool, **given: Any) -> None:
    """Print the events of HISTORY, each on a line, routine ones folded.

    Filters go together: an event meets each of them. Under any but a span, nothing is folded.
    """
    from narrative.verbs.looking import events

    with events(history, follow=follow, **given) as found:
        any_found = False
        try:
            for page in found.pages:
                for text in _json(page, found.story) if as_json else _lines(page, found, every):
                    any_found = True
                    click.echo(text)
        except KeyboardInterrupt:
            if not follow:  # which Ctrl-C is the way to end
                raise
        if not any_found:
            click.echo(f"No such events; {history} has {found.count:,}.", err=True)


def _json(page: "Iterable[Event]", story: "Story") -> Iterator[str]:
    from narrative.analysis.filter import plain_event
    from narrative.text.words import escaped

    for event in page:
        yield escaped(json.dumps(plain_event(event, story.calendar), ensure_ascii=False, allow_nan=False))


def _lines(page: "Iterable[Event]", found: "Looked", every: bool) -> Iterator[str]:
    from narrative.cli.lines import lines
    from narrative.prose.sentences import Speech

    asked = found.asked
    fold, sums = asked.everything and not every, asked.least is not None
    return lines(page, Speech(found.story), fold=fold, sums=sums)


@verb()
@click.argument("history")
def branches(history: str, as_json: bool) -> None:
    """List the branches of HISTORY's database."""
    found = narrative.branches(history)
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
