"""Belief by its three definitions, a line an actor: least and greatest, never one number; its results; and
how much of what is pledged is belief.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import expm1
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from narrative.cli.lines import COLOURS
from narrative.text.numbers import MARKS, MINUS, money, share

SHOWN = 3  # actors
SUMS = ("revenue", "operating", "net")
DEFINITIONS = {
    "announced": "announced, not delivered",
    "above_results": "above paid results",
    "growth": "growth not yet earned",
}


def believing(actors: Sequence[Mapping[str, Any]], unit: Mapping[str, Any]) -> Iterable[Text]:
    """A line for each of the largest actors of whom all three spans are known, and for the one of whom most
    was announced, in money; with what a company reported last. `actors` stand by value, the largest
    first, `unit` is that of money.
    """
    known = [actor for actor in actors if all(actor["belief_spans"][name] for name in DEFINITIONS)]
    shown = known[:SHOWN] + sorted(known[SHOWN:], key=_promised)[-1:]
    for actor in shown:
        line = Text(f"{actor['name']}, belief: ", style="bold", overflow="fold")
        spans = (f"{span(actor['belief_spans'][name])} {words}" for name, words in DEFINITIONS.items())
        line.append(" · ".join(spans), style="not bold")
        even = actor["belief_spans"]["break_even"]
        if even is not None:
            much = f"more than {share(even)} of its revenue growth is circular"
            line.append(f"; its rise is unsupported only if {much}", style="not bold")
        yield line
        if actor["reported"] is not None:
            yield reported(actor["reported"], unit)


def reported(found: Mapping[str, Any], unit: Mapping[str, Any]) -> Text:
    """The line of a company's last result: on record, its day, four quarters added up, and a backlog."""
    line = Text("  ", overflow="fold")
    line.append(MARKS["recorded"], style=COLOURS["recorded"])
    sums = [f"{money(found[name], unit)} {name}" for name in SUMS if found[name] is not None]
    said = f"in four quarters {', '.join(sums)}" if sums else f"the quarter to {found['period']}"
    said += f"; backlog {money(found['backlog'], unit)}" if found["backlog"] is not None else ""
    return line.append(f" reported {found['published']}: {said}", style="dim")


def span(found: Mapping[str, Any]) -> str:
    """A span in per cent: 10–43 %, 100 %, −21 to −17 %."""
    low, high = (round(100 * found[end]) for end in ("low", "high"))
    if low == high:
        return f"{_signed(low)} %"
    return f"{_signed(low)} to {_signed(high)} %" if low < 0 else f"{low}–{high} %"


def pledges(told: Mapping[str, Any]) -> RenderableType:
    """Whose shares are collateral: their worth, how much of it is belief, and how near a call is."""
    lines = [] if told["pledged"] else [Text("nothing of which a price is known", style="dim")]
    for row in told["pledged"]:
        names = [told["actors"][actor]["name"] for actor in (row["actor"], *row["of"])]
        line = Text(f"{names[0]}: ")
        line.append(money(row["collateral"], told), style="bold")
        line.append(f" of {', '.join(names[1:])}, {_backed(row)}")
        if row["distance"] is None:
            line.append("; how near a call is, nobody knows", style="dim")
            line.append(_bound(row, told))
        else:
            line.append(f"; {share(row['loan_to_value'])} lent on it, called at {share(row['called_at'])}: ")
            fall = -expm1(-row["distance"])
            line.append(f"after a fall of {share(fall)}" if fall > 0 else "called now", style="bold")
        lines.append(line)
    return Group(*lines)


def _backed(row: Mapping[str, Any]) -> str:
    """How much of a collateral is belief: by the definitions that are known, and else in the model."""
    known = [(row["backed"][name], words) for name, words in DEFINITIONS.items() if row["backed"].get(name)]
    if not known:
        return f"{share(row['belief_backed'] / row['collateral'])} of it belief"
    return " and ".join(f"{span(found)} of it {words}" for found, words in known)


def _bound(row: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """The bound on a loan of unknown size, in words, and what it assumes; empty where there is none."""
    if row["least"] is None:
        return ""
    at = (
        f"; no call is on record, not even when they were worth least, {money(row['least'], told)} on "
        f"{row['least_on']}: "
    )
    if row["loan_below"] is None:
        return f"{at}less was lent then than a call at that worth allows"
    return (
        f"{at}less than {money(row['loan_below'], told)} was lent then, if the lender calls at "
        f"{share(row['called_at'])}"
    )


def _promised(actor: Mapping[str, Any]) -> float:
    most: float = actor["valuation"] * actor["belief_spans"]["announced"]["high"]
    return most


def _signed(number: int) -> str:
    return f"{MINUS}{-number}" if number < 0 else str(number)
