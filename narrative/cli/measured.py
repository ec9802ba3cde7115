"""The screens of `measure`: a figure, what it is by definition, and what it rests on."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console, Group, RenderableType
from rich.text import Text

import narrative
from narrative.analysis.measures.deals import RUNGS
from narrative.analysis.measures.rewiring import DRAWS
from narrative.cli.screen import READABLE, grid, titled
from narrative.cli.verb import say_json, verb
from narrative.text.numbers import UNKNOWN, money, plain_date, share, sparkline

if TYPE_CHECKING:
    from narrative.verbs.answers.measures import Circularity, Circulating, RoundThen

RINGS, ACTORS = 8, 8  # on a screen; --json has all of them


@verb()
@click.argument("name")
@click.argument("history")
@click.option("--at", help="A date (its end), an ISO time or #position; the end by default.")
def measure(name: str, history: str, at: str | None, as_json: bool) -> None:
    """Show a measure of HISTORY by its NAME, with its definition, source and interval.

    circularity: how much of what named parties promise, owe and pay each other goes round among them.
    """
    found = narrative.measure(name, history, at=at)
    if as_json:
        return say_json(found)
    console = Console(highlight=False)
    width = min(console.width, READABLE)
    where = f"{found.story}@{found.branch}  #{found.position}  {plain_date(found.moment)}"
    console.print(Text(where, style="dim"), Text(), width=width)
    for part in SCREENS[name](found):
        console.print(part, width=width)
    console.print(Text(f"{found.definition}\nSource: {found.source}.", style="dim"), width=width)
    return None


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> RenderableType:
    """Cells below headings; the first column is words, the others are figures."""
    found = grid(2)
    for column, name in enumerate(head):
        found.add_column(name, justify="right" if column else "left", no_wrap=column > 0)
    for row in rows:
        found.add_row(*row)
    return found


def _circularity(found: "Circularity") -> list[RenderableType]:
    unit = {"currency": found.currency, "digits": found.digits}
    rows = [
        (
            level.rung,
            money(level.gross, unit),
            money(level.circulating, unit),
            share(level.share),
            _chance(level),
            _by_month(found.over_time, level.rung),
        )
        for level in found.rungs
    ]
    head = ("", "all of it", "goes round", "share", "by chance", "by month")
    parts = [
        titled("What goes round", table(head, rows), "of what stands on a rung or further"),
        Text(f"By chance: 5 to 95 % of {DRAWS} random rewirings with everybody's totals.\n", style="dim"),
    ]
    for level in found.rungs:
        if level.rings:
            parts += [
                titled(f"Rings, {_reached(level)}", _rings(level, unit), "widest first"),
                titled(f"Who, {_reached(level)}", _who(level, unit), "at most"),
            ]
    return parts


def _reached(level: "Circulating") -> str:
    return level.rung if level.rung == RUNGS[-1] else f"{level.rung} or further"


def _chance(level: "Circulating") -> str:
    if level.chance is None:
        return "nothing could"
    found = f"{share(level.chance.low)} to {share(level.chance.high)}"
    return f"{found}: more" if level.chance.above else f"{found}: no more"


def _by_month(over_time: "Sequence[RoundThen]", rung: str) -> str:
    """The share by month as a line; nothing where nothing ever went round."""
    rounds = [one.rungs[rung] for one in over_time]
    if not any(one.circulating for one in rounds):
        return ""
    return sparkline([one.circulating / one.gross if one.gross else None for one in rounds], 12)


def _rings(level: "Circulating", unit: dict[str, object]) -> RenderableType:
    shown = level.rings[:RINGS]
    rows = [
        (
            " → ".join([*ring.parties, ring.parties[0]]),
            money(ring.least, unit),
            f"{ring.tied} of {len(ring.parties)}",
        )
        for ring in shown
    ]
    said = "tied: so many joints by a cause or a source's link; at the others two sums only share a party"
    more = len(level.rings) - len(shown)
    said += f"; {more} narrower ones in --json" if more else ""
    return Group(table(("", "least sum", "tied"), rows), Text(said, style="dim"))


def _who(level: "Circulating", unit: dict[str, object]) -> RenderableType:
    rows = [
        (
            one.actor,
            money(one.received, unit),
            money(one.returned, unit),
            share(one.returned / one.received),
            money(one.sales, unit) if one.sales else UNKNOWN,
            share(one.self_financed / one.sales) if one.sales else UNKNOWN,
        )
        for one in level.actors[:ACTORS]
        if one.returned
    ]
    return table(("", "received", "its own back", "", "sales", "self-financed"), rows)


SCREENS: dict[str, Callable[[Any], list[RenderableType]]] = {"circularity": _circularity}
