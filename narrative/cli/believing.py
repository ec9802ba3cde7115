"""Belief by its three definitions, a line an actor: least and greatest, never one number."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.text import Text

from narrative.text.numbers import MINUS

SHOWN = 3  # actors
DEFINITIONS = {
    "announced": "announced",
    "above_results": "above paid results",
    "growth": "growth not yet earned",
}


def believing(actors: Sequence[Mapping[str, Any]]) -> Iterable[Text]:
    """A line for each of the largest actors of whom all three spans are known, and for the one of whom most
    was announced, in money. `actors` stand by value, the largest first.
    """
    known = [actor for actor in actors if all(actor["belief_spans"][name] for name in DEFINITIONS)]
    shown = known[:SHOWN] + sorted(known[SHOWN:], key=_promised)[-1:]
    for actor in shown:
        line = Text(f"{actor['name']}, belief: ", style="bold", overflow="fold")
        spans = (f"{span(actor['belief_spans'][name])} {words}" for name, words in DEFINITIONS.items())
        yield line.append(" · ".join(spans), style="not bold")


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
