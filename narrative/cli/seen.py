"""Days of figures on the screen of `replay`: of observations, also those beside no reading, and of closes."""

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from narrative.text.numbers import money

Told = Mapping[str, Any]
_UNITS = {"yield_pct": " %", "peak_to_trough_pct": " %", "spread_bp": " bp"}
_NAMES = {
    "market_value": "market value", "net_worth": "net worth", "price": "price of a share",
    "index": "index", "yield_pct": "yield",
    "spread_bp": "spread", "peak_to_trough_pct": "peak to trough",
}  # fmt: skip  # a word a kind


def none_seen(told: Told, narrow: bool) -> str:
    """The words where a reading has no observation beside it: there is none, or none was found."""
    if told["observed_missing"] is not None:
        return "not found" if narrow else "observations not found"
    return "no obs." if narrow else "no observation"


def dated(told: Told) -> str:
    """The days of the observed market values that a table shows, and how old each is; empty for none."""
    days: dict[str, list[str]] = {}
    for actor in told["actors"].values():
        if actor["recorded"] is None and actor["observed"] is not None:
            day = f"{actor['observed_on']}{_age(actor['observed_age'])}"
            days.setdefault(day, []).append(actor["name"])
    said = [f"{', '.join(sorted(days[day]))} {day}" for day in sorted(days)]
    return f"observed: {'; '.join(said)}" if said else ""


def also(told: Told) -> list[RenderableType]:
    """A row for each observation that stands beside no reading: what, of whom, of which day, by whom told."""
    table = Table.grid(padding=(0, 2))
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    for row in told["seen"]:
        kind = row["kind"]
        plain = row["value"] is not None
        figure = f"{row['value']:,g}{_UNITS.get(kind, '')}" if plain else money(row["amount"], told)
        day = f"{row['on']}{_age(row['age'])}"
        table.add_row(f"{row['name']}, {_NAMES[kind]}", figure, day, Text(row["source"], style="dim"))
    said: list[RenderableType] = [table] if told["seen"] else []
    if told["observed_missing"] is not None:
        words = f"{told['observed_missing']}: that is not to say that nothing was observed."
        said.append(Text(words, style="dim"))
    return [Group(*said)] if said else []


def _age(days: int) -> str:
    return "" if days == 0 else f", {days} {'day' if days == 1 else 'days'} before"


def closed_on(told: Told) -> dict[str, list[str]]:
    """The days of last closes on record, each with whose they are; the day of most of them first."""
    found: dict[str, list[str]] = {}
    for actor in told["actors"].values():
        if actor["recorded"] is not None:
            found.setdefault(actor["recorded_on"], []).append(actor["name"])
    return dict(sorted(found.items(), key=lambda day: (-len(day[1]), day[0])))


def closes(days: Mapping[str, list[str]], supposed: int) -> str:
    """The line under a table of closes: that they are on record, and their days; and where something is
    supposed, that values may lie off them.
    """
    said = [
        f"{'of ' + ', '.join(sorted(names)) + ' ' if i else 'last close '}{day}"
        for i, (day, names) in enumerate(days.items())
    ]
    then = (
        "without what is supposed here, which moves now off it" if supposed else "and where now starts from"
    )
    return f"{'; '.join(said)}: on record, {then}"
