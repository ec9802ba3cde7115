"""Measuring: a measure of a history by its name, who is exposed to whom, and the books of a span."""

from typing import Any

import click

import narrative
from narrative.cli.guard import shown
from narrative.cli.verb import by_crew, say_json, verb
from narrative.cli.watch import Watch

MEASURED = """\b
circularity  how much of what named parties promise, owe and pay goes round
output       what was announced, paid and delivered; growth, gross and net
injection    the purchases for which news stands, and what was raised after
exuberance   whether prices grew faster and faster, as against random walks
gains        how much of a rise or a fall comes back, with bounds
leverage     how much of what is pledged is borrowed, and whether falls go beyond news
simulacrum   what narratives, the central bank, algorithms and output made of what was gained
"""


@verb()
@click.argument("story")
@click.option("--until", metavar="DAY", help="Estimate up to there; two thirds of the quoted days if absent.")
def fit(story: str, until: str | None, as_json: bool) -> None:
    """Estimate reading parameters of STORY on a part of its record.

    STORY is a name or a folder with quotes.csv. Half-lives, duration, betas and the scale of told steps are
    estimated up to a day, and held against the rest of the record. Nothing later is looked at.
    """
    found = narrative.fit(story, until=until)
    if as_json:
        return say_json(found)
    from narrative.cli.spread import fit_lines

    return click.echo("\n".join(fit_lines(shown(found))))


@verb(epilog=MEASURED)
@click.argument("name")
@click.argument("history")
@click.option("--at", help="A date (its end), an ISO time or #position; the end by default.")
@click.option("--seeds", type=int, help="Of simulacrum: how many seeds are lived; 20 if absent.")
@click.option(
    "--over", multiple=True, metavar="NAME", help='Of simulacrum: draw over ranges; "ranges" for all.'
)
@click.option(
    "--payoff", type=float, metavar="PART", help="Of leverage: what its benchmark pays on bad news; 0.2."
)
@by_crew
def measure(name: str, history: str, as_json: bool, **asked: Any) -> None:
    """Show a measure of HISTORY, by its NAME."""
    with Watch(history, "Nothing was written.", of="members") as watch:
        found = narrative.measure(name, history, progress=watch.seeds, **asked)
    if as_json:
        return say_json(found)
    from narrative.cli.measured import draw

    draw(found)
    return None


HURT = """\b
narrative exposure ai-2025 --at 2025-10-30
narrative exposure ai-2025 --shock "market -30% 2025-11-03" --until 2026-06-30
narrative exposure loop --at 2025-10-01 --shock "market -80%" --shock "lab -80%"
"""


@verb(epilog=HURT)
@click.argument("history")
@click.option("--at", help="A date (its end), an ISO time or #position; the end by default.")
@click.option("--shock", multiple=True, metavar="TEXT", help='Cut there and suppose it, as "market -30%".')
@click.option("--until", metavar="WHEN", help="Live on with the shock up to that day.")
@click.option("--trust", is_flag=True, help="Let processes of somebody's own run: code, with your rights.")
def exposure(history: str, as_json: bool, **asked: Any) -> None:
    """Show who is exposed to whom, and who is hurt by a failure or a shock.

    Each actor is taken to fail alone. What others lose is passed on once, by loans and stakes, and at the
    most by open orders too (DebtRank). With --shock the history is lived on with it and without.
    """
    found = narrative.exposure(history, **asked)
    if as_json:
        return say_json(found)
    from narrative.cli.accounting import draw_exposure, draw_shaken
    from narrative.verbs.answers.base import UNSET

    return draw_exposure(found) if found.shaken is UNSET else draw_shaken(found, found.shaken)


@verb()
@click.argument("history")
@click.option("--since", help="The first day, ISO time or #position; from the opening on by default.")
@click.option("--until", help="The last day, ISO time or #position; to the end by default.")
@click.option("--by", type=click.Choice(("role", "actor")), default="role", help="What makes a sector.")
def sectors(history: str, since: str | None, until: str | None, by: str, as_json: bool) -> None:
    """Show who paid whom in a span, and who held what.

    Every row of transactions sums to zero over the sectors, and every sector's over the rows; every claim
    sums to zero; opening, flows and revaluation add up to closing, to the smallest unit.
    """
    found = narrative.sectors(history, since=since, until=until, by=by)
    if as_json:
        return say_json(found)
    from narrative.cli.accounting import draw_sectors

    draw_sectors(found)
    return None
