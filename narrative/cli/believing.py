"""Belief by its three definitions, a line an actor: least and greatest, never one number; and its results."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

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


def _promised(actor: Mapping[str, Any]) -> float:
    most: float = actor["valuation"] * actor["belief_spans"]["announced"]["high"]
    return most


def _signed(number: int) -> str:
    return f"{MINUS}{-number}" if number < 0 else str(number)
