"""Weighing histories against each other and against the circle: diff, compare, loop."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import click

import narrative
from narrative.cli.verb import say_json, verb
from narrative.text.numbers import MARKS, UNKNOWN, money, plain_date, share, sparkline

_PARTS = ("belief_share", "loan_to_value")
_ORDER = (
    "valuation", "backlog", "committed", "paid", "delivered", "announced", "collateral", "debt", "cash",
)  # fmt: skip  # what matters first


@verb()
@click.argument("history")
@click.argument("other")
def diff(history: str, other: str, as_json: bool) -> None:
    """Say where two histories part, and what differs at the end."""
    found = narrative.diff(history, other)
    if as_json:
        return say_json(found)
    click.echo(f"A {history}\nB {other}\n{_common(found, found['moment'])}")
    for label, event in found["first"].items():
        click.echo(f"  first in {label}: {_event(event)}")
    for label, kinds in found["only"].items():
        counts = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())
        click.echo(f"  only in {label}: {counts or 'nothing'}")
    rows = _by_weight(found["readings"], "A", "B")
    click.echo(f"\nreadings that differ on {plain_date(found['at'])}: {len(rows)}")
    for row in rows:
        values = [_value(row["reading"], row[label], found) for label in ("A", "B")]
        click.echo(f"  {row['actor']:<18} {row['reading']:<14} {values[0]:>12}  {values[1]:>12}")
    return None


@verb()
@click.argument("histories", nargs=-1, required=True)
@click.option("--every", default="1d", show_default=True, help="Steps of the time axis, as in 1d or 12h.")
def compare(histories: Sequence[str], every: str, as_json: bool) -> None:
    """Put two or more histories on one time axis."""
    found = narrative.compare(histories, every=every)
    if as_json:
        return say_json(found)
    for label, branch in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", found["branches"], strict=False):
        click.echo(f"{label} {branch}")
    click.echo(f"{_common(found, found['since'])}\n")
    rows = [row for name in _ORDER for row in found["rows"] if row["reading"] == name]
    if not rows:
        click.echo("They never differ.")
    for row in sorted(rows, key=lambda row: (_ORDER.index(row["reading"]), -(row["gap"] or 0))):
        ends = "  ".join(f"{_value(row['reading'], value, found):>12}" for value in row["end"])
        line = sparkline(row["series"][-1], 12)
        gap = _value(row["reading"], row["gap"], found)
        where = f"widest gap {gap} on {row['gap_on']}" if row["gap_on"] else "never known in both"
        click.echo(f"  {row['actor']:<18} {row['reading']:<11} {ends}  {line}  {where}")
    return None


@verb()
@click.argument("history")
@click.option("--at", help="A date (its end), an ISO time or #position; the end by default.")
@click.option("--all", "every", is_flag=True, help="Show turns of one step too, which are counted otherwise.")
def loop(history: str, at: str | None, every: bool, as_json: bool) -> None:
    """Show each turn of the circle, with the steps that are missing."""
    found = narrative.loop(history, at=at)
    if as_json:
        return say_json(found)
    for step in found["circle"]:
        click.echo(f"  {step['step']} {step['text']}")
    shown = [turn for turn in found["turns"] if every or len(turn["steps"]) > 1 or not turn["missing"]]
    for turn in shown:
        click.echo(f"\nturn {turn['turn']}: {_verdict(turn)}")
        for step in turn["steps"]:
            click.echo(_step(step, found))
        for step in turn["missing"]:
            click.echo(f"  {step['step']} ○ missing: {step['text']}")
    if len(shown) < len(found["turns"]):
        click.echo(_folded([turn for turn in found["turns"] if turn not in shown]))
    click.echo(_gains(found["gains"]))
    count = len(found["turns"])
    click.echo(
        f"\n{count} turns begun, {found['whole']} with every step, {found['in_order']} with the steps in "
        f"the story's order, {found['in_cash']} closed in cash, by {plain_date(found['moment'])}"
    )
    return None


def _common(found: Mapping[str, Any], moment: str | None) -> str:
    """What histories share; `moment` is where they part, or else from where they are looked at."""
    if found["common"] and moment:
        return f"the same up to #{found['common']}, {plain_date(moment)}"
    return f"they part at the opening{f', side by side from {plain_date(moment)} on' if moment else ''}"


def _folded(turns: Sequence[Mapping[str, Any]]) -> str:
    """Turns that broke off at once, in one line."""
    kinds = Counter(turn["steps"][0]["kind"] for turn in turns)
    begun = ", ".join(f"{number} begun by {kind}" for kind, number in kinds.most_common())
    more = f"{len(turns)} more turn{'s' * (len(turns) != 1)} got no further than step"
    return f"\n{more} {turns[0]['steps'][0]['step']} ({begun}); --all shows them"


def _gains(gains: Mapping[str, Mapping[str, Any]]) -> str:
    """Loop gains where both their sides are known: above 1 a push grows at each turn."""
    lines = ["\nloop gains: up, what a pushed-up value comes back as; down, what a forced sale does"]
    known = {who: row for who, row in gains.items() if row["up"] is not None or row["down"]}
    for who, row in known.items():
        up = UNKNOWN if row["up"] is None else f"{row['up']:.2f}"
        down = UNKNOWN if row["down"] is None else f"{row['down']:.2f}"
        line = f"  {who:<18} up {up:>6}  down {down:>6}"
        if row["down"]:
            times = "without bound" if row["runaway"] else f"{row['amplification']:.2f} times"
            line += f"  a fall is amplified {times}"
        lines.append(line)
    nothing = "  neither can be known here: no cast acts, or a balance is unknown"
    return "\n".join(lines if known else [*lines, nothing])


def _verdict(turn: Mapping[str, Any]) -> str:
    if turn["missing"]:
        return f"unfinished, {len(turn['missing'])} of its steps missing"
    if turn["in_cash"]:
        return "closed in cash"
    if turn["in_order"]:
        return "every step taken in order, not closed in cash"
    return "every step taken, in another order"


def _step(step: Mapping[str, Any], unit: Mapping[str, Any]) -> str:
    bonds = {"start": "", "cause": "caused", "party": "same party", "earlier": "came earlier"}
    sums = f"{step['rung']} {money(step['amount'], unit)}" if step["rung"] else "no sum of money"
    sums += ", paid since" if step["paid"] and step["rung"] == "committed" else ""
    what = step["headline"] or f"{step['kind']}: {' and '.join(step['parties'])}"
    bond = f" ({bonds[step['bond']]})" if bonds[step["bond"]] else ""
    line = f"  {step['step']} {MARKS[step['origin']]} {plain_date(step['moment'])} {sums}{bond}"
    return f"{line}\n      #{step['position']} {what}"


def _event(event: Mapping[str, Any] | None) -> str:
    if event is None:
        return "nothing more"
    what = event["headline"] or f"by {event['actor']}"
    return (
        f"#{event['position']} {plain_date(event['moment'])} {MARKS[event['origin']]} {event['kind']} {what}"
    )


def _by_weight(rows: Sequence[Mapping[str, Any]], *labels: str) -> list[Mapping[str, Any]]:
    def weight(row: Mapping[str, Any]) -> tuple[int, float]:
        values = [row[label] or 0 for label in labels]
        return _ORDER.index(row["reading"]), -abs(values[0] - values[-1])

    return sorted((row for row in rows if row["reading"] in _ORDER), key=weight)


def _value(reading: str, value: float | None, unit: Mapping[str, Any]) -> str:
    if value is None:
        return UNKNOWN
    return share(value) if reading in _PARTS else money(value, unit)


VERBS = (diff, compare, loop)
