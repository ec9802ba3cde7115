"""Weighing: how often the story's circle turned, how strongly it feeds itself, and what news foretells."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

import narrative
from narrative.cli.guard import shown
from narrative.cli.verb import by_crew, say_json, verb
from narrative.cli.watch import Watch
from narrative.cli.weighed import exposure, fit, measure, sectors
from narrative.text.numbers import MARKS, UNKNOWN, money, plain_date
from narrative.text.words import MATCHED, clean

if TYPE_CHECKING:
    from narrative.verbs.answers.weighing import (
        Estimate,
        Gains,
        Loop,
        Measures,
        Reaction,
        Scored,
        StepTaken,
        Turned,
    )

LOOSE = ("party", "earlier")
BONDS = {"start": "", "cause": "caused", "party": "same party", "earlier": "same party, and came earlier"}


@verb()
@click.argument("history")
@click.option("--at", help="A date (its end), an ISO time or #position; the end by default.")
@click.option("--all", "every", is_flag=True, help="Show turns of one step too, which are counted otherwise.")
def loop(history: str, at: str | None, every: bool, as_json: bool) -> None:
    """Show each turn of the circle, with the steps that are missing."""
    found = narrative.loop(history, at=at)
    if as_json:
        return say_json(found)
    found = shown(found)
    for named in found.circle:
        click.echo(f"  {named.step} {named.text}")
    if found.circle:
        click.echo(f"  steps are {MATCHED}")
    listed = [turn for turn in found.turns if every or len(turn.steps) > 1 or not turn.missing]
    for turn in listed:
        click.echo(f"\nturn {turn.turn}: {_verdict(turn)}")
        for step in turn.steps:
            click.echo(_step(step, found))
        for lacking in turn.missing:
            click.echo(f"  {lacking.step} ○ missing: {lacking.text}")
    if len(listed) < len(found.turns):
        click.echo(_folded([turn for turn in found.turns if turn not in listed]))
    click.echo(_gains(found.gains))
    count = len(found.turns)
    click.echo(
        f"\n{count} turns begun, {sum(not turn.missing for turn in found.turns)} with every step, "
        f"{found.whole} of them whole, {found.in_cash} closed in cash, by {plain_date(found.moment)}"
    )
    return None


def _folded(turns: "Sequence[Turned]") -> str:
    """Turns that broke off at once, in one line."""
    kinds = Counter(turn.steps[0].kind for turn in turns)
    begun = ", ".join(f"{number} begun by {kind}" for kind, number in kinds.most_common())
    more = f"{len(turns)} more turn{'s' * (len(turns) != 1)} got no further than step"
    return f"\n{more} {turns[0].steps[0].step} ({begun}); --all shows them"


def _gains(gains: "Mapping[str, Gains]") -> str:
    """Loop gains where both their sides are known: above 1 a push grows at each turn."""
    lines = ["\nloop gains: up, what a pushed-up value comes back as; down, what a forced sale does"]
    known = {who: row for who, row in gains.items() if row.up is not None or row.down}
    for who, row in known.items():
        up = UNKNOWN if row.up is None else f"{row.up:.2f}"
        down = UNKNOWN if row.down is None else f"{row.down:.2f}"
        line = f"  {who:<18} up {up:>6}  down {down:>6}"
        if row.down:
            times = "without bound" if row.runaway else f"{row.amplification:.2f} times"
            line += f"  a fall is amplified {times}"
        lines.append(line)
    nothing = "  neither can be known here: no cast acts, or a balance is unknown"
    return "\n".join(lines if known else [*lines, nothing])


def _verdict(turn: "Turned") -> str:
    if turn.missing:
        return f"unfinished, {len(turn.missing)} of its steps missing"
    if turn.in_cash:
        return "closed in cash"
    if turn.whole:
        return "whole, not closed in cash"
    loose = sum(step.bond in LOOSE for step in turn.steps)
    return f"every step taken, {loose} of them only by the same party"


def _step(step: "StepTaken", found: "Loop") -> str:
    sums = (
        f"{step.rung} {money(step.amount, {'currency': found.currency, 'digits': found.digits})}"
        if step.rung
        else "no sum of money"
    )
    sums += ", paid since" if step.paid and step.rung == "committed" else ""
    bond = f" ({BONDS[step.bond]})" if BONDS[step.bond] else ""
    line = f"  {step.step} {MARKS[step.origin]} {plain_date(step.moment)} {sums}{bond}"
    return f"{line}\n      #{step.position} {step.headline}"


MISSES = 10  # that are shown unless all are asked for
ROWS = (
    ("sign", "goes the same way"),
    ("rank", "rank correlation"),
    ("error", "mean absolute error"),
    ("no_reaction", "  of no reaction"),
    ("constant", "  of a constant step by sign"),
    ("amount", "  of the amount over the value"),
    ("over_none", "less than no reaction by"),
    ("over_constant", "less than a constant step by"),
    ("over_amount", "less than amount over value by"),
)


@verb()
@click.argument("story")
@click.option("--all", "every", is_flag=True, help="Show every case, not the largest misses alone.")
def score(story: str, every: bool, as_json: bool) -> None:
    """Hold what is told in STORY against the prices after it.

    STORY is a name or a folder. Each told step stands beside the move of the price from the last quote
    before to the first one after, raw and less the market's part; and beside what observed.toml has of
    markets that is no record. Errors are in ln.
    """
    found = narrative.score(story)
    if as_json:
        return say_json(found)
    found = shown(found)
    if found.until is not None:
        click.echo(f"{found.story}: {_cases(found)}, up to {plain_date(found.until)}\n")
        _scored(found, found.adjusted, found.draws, every=every)
    if found.observed is not None:
        space = "\n" if found.until is not None else ""
        click.echo(
            f"{space}{found.story}, beside what was observed and is no record: {_cases(found.observed)}\n"
        )
        _scored(found.observed, None, found.draws, every=every)
    return None


def _cases(found: "Scored") -> str:
    moves, assets, days = (
        f"{number} {word}{'s' * (number != 1)}"
        for number, word in ((found.cases, "told move"), (found.assets, "asset"), (found.days, "day"))
    )
    return f"{moves} of {assets}, by {found.entries} entr{'y' if found.entries == 1 else 'ies'} on {days}"


def _scored(found: "Scored", adjusted: "Measures | None", draws: int, *, every: bool) -> None:
    """The scores, less the market's part too where that is known, and the largest misses or every case."""
    side = "" if adjusted is None else "less the market's part"
    click.echo(f"  {'':<31}{'raw':<26}{side}".rstrip())
    for name, text in ROWS:
        less = "" if adjusted is None else _estimate(adjusted, name)
        click.echo(f"  {text:<31}{_estimate(found.raw, name):<26}{less}".rstrip())
    click.echo(
        f"\nErrors are in ln; [from, to] holds 95 % of {draws:,} draws of days. The constant step is "
        f"as\nlarge as the model's are on average. {found.fitted} more moves are left out: parameters were "
        "fitted on them."
    )
    listed = found.reactions if every else found.reactions[:MISSES]
    more = "" if every else f", {len(listed)} of {found.cases}; --all shows them"
    click.echo(f"\nlargest misses first{more}")
    for reaction in listed:
        click.echo(_reaction(reaction))


def _estimate(measures: "Measures", name: str) -> str:
    found: Estimate = measures[name]
    if found.value is None:
        return UNKNOWN
    span = "" if found.low is None else f" [{found.low:z.3f}, {found.high:z.3f}]"
    return f"{found.value:z.3f}{span}"


def _reaction(found: "Reaction") -> str:
    return (
        f"  {plain_date(found.moment)} {found.asset}: step {found.step:+z.3f}, move {found.move:+z.3f}, "
        f"of which market {found.market:+z.3f}\n      {', '.join(found.entries)} {clean(found.headline)}"
    )


@verb()
@click.argument("history")
@click.option("--at", multiple=True, help="A date (its end), an ISO time or #position; several: a map.")
@click.option("--map", metavar="EVERY", help="A map of dates: one every 3mo, 1q or 2w of what was lived.")
@click.option("--picture", type=click.Path(), help="A file for the map, .svg or .png.")
@click.option("--links", is_flag=True, help="Show what each link costs if it breaks.")
@click.option("-o", "--output", type=click.Path(), help="A folder for Parquet files of each seed.")
@click.option(
    "--shock", multiple=True, metavar="KIND", help='A kind of shock without a size, as "delay chips".'
)
@click.option("--seeds", default=20, show_default=True, help="How many tails of each size are lived.")
@by_crew
def fragility(history: str, as_json: bool, **asked: Any) -> None:
    """Show how large a shock breaks HISTORY, by kind, over seeds.

    Kinds are market, rates, liquidity, haircut, an actor or role (its price), delay WHO, revenue WHO and
    link A->B. What collapses is what the story says; what breaks nothing says how near it came.
    """
    again = asked["output"] and f"What is in {asked['output']} is kept; ask again to go on."
    with Watch(history, again or "Nothing is kept without -o.", of="seeds") as watch:
        found = narrative.fragility(history, progress=watch.seeds, **asked)
    if as_json:
        return say_json(found)
    from narrative.cli.broken import draw_fragility

    return draw_fragility(found)


KEPT = "What was lived is kept beside the history; ask again to go on."


@verb()
@click.argument("history")
@click.option("--at", help="When shocks come; half-way through the story by default.")
@click.option("--until", metavar="DATE", help="Live to there; the story's end by default.")
@click.option("--only", multiple=True, metavar="ID", help="A claim by its id; all by default.")
@click.option("--beside", metavar="OTHER", help="A history of another story, to hold this one against.")
@click.option("--seeds", default=20, show_default=True, help="How many are lived with the values in force.")
@click.option("--first", default=1, show_default=True, help="The first of the seeds.")
@click.option("--draws", default=20, show_default=True, help="How many over ranges, each by three seeds.")
@by_crew
def claims(history: str, as_json: bool, **asked: Any) -> None:
    """Judge what is claimed of such manias by HISTORY.

    Each verdict is computed, over chance and over the ranges of assumptions, with what would speak against
    it and the command that gives its figure again. Those on all claims are kept beside the history.
    """
    with Watch(history, KEPT, of="members") as watch:
        found = narrative.claims(history, progress=watch.seeds, **asked)
    if as_json:
        return say_json(found)
    from narrative.cli.claimed import draw_claims

    return draw_claims(found)


@verb()
@click.argument("history")
@click.option("--at", metavar="WHEN", help="Cut there: before the first entry touched if absent.")
@click.option("--from", "from_", metavar="FILE", help="A what-ifs file, or one prepared in the story.")
@click.option("--shock", multiple=True, metavar="TEXT", help='Doubt what this does, as "market -30%".')
@click.option("--measure", default="end", show_default=True, help="As ensemble names it, or a claim.")
@click.option("--method", default="tornado", show_default=True, help="tornado, morris or sobol.")
@click.option("--over", multiple=True, default=("ranges",), metavar="NAME", help="Parameters; all if absent.")
@click.option("--seeds", type=int, default=3, show_default=True, help="How many seeds a figure is a mean of.")
@click.option("--samples", type=int, default=8, show_default=True, help="Of morris: paths; of sobol: points.")
@click.option("--picture", type=click.Path(), help="A file for the tornado, .svg or .png.")
@by_crew
def doubt(history: str, as_json: bool, **asked: Any) -> None:
    """Show which assumptions a figure of HISTORY hangs on."""
    with Watch(history, KEPT, of="members") as watch:
        found = narrative.doubt(history, progress=watch.seeds, **asked)
    if as_json:
        return say_json(found)
    from narrative.cli.spread import doubt_lines

    return click.echo("\n".join(doubt_lines(shown(found))))


VERBS = (loop, score, fit, doubt, measure, exposure, sectors, fragility, claims)
