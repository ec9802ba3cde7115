"""One event, a tree of events and a figure taken apart, as lines for a reader."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from narrative.cli.lines import mark
from narrative.prose.explain import ROLES, figure_rows, headed, priced
from narrative.prose.units import decimal
from narrative.text.numbers import UNKNOWN, count, money, plain_date, share
from narrative.text.words import clean

FEW = 12  # effects of an event that are listed with it
LONG = 400  # letters of a text that are shown
WHAT_LN = {
    "valuation": "Each part of the rise is its part of ln times the rise.",
    "belief_share": "Each part is its part of ln times the whole.",
}
Cells = tuple[str, str, str, list[str]]


def event_lines(told: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"#{told['position']}  {told['moment']}  {mark(told['origin'])} {told['origin']}  "
        f"{click.style(told['kind'], bold=True)} by {clean(told['actor'])}"
    )
    yield told["gist"]
    yield ""
    for field in told["fields"]:
        value = field["value"]
        exact = count(value) if isinstance(value, int) and not isinstance(value, bool) else f"{value}"
        exact = "" if isinstance(value, str | list) or exact == field["written"] else f"  ({exact})"
        words = clean(field["written"])
        yield f"  {field['field']:<18} {words if len(words) <= LONG else words[: LONG - 1] + '…'}{exact}"
    yield from _links("because of", told["because"])
    yield from _links("led to", told["effects"])
    if not told["postings"]:
        yield "\nposts nothing"
        return
    yield "\nposts"
    for posting in told["postings"]:
        how = ":=" if posting["sets"] else "+" if posting["amount"] >= 0 else "−"
        amount = posting["written"].removeprefix("−")
        exact = count(abs(posting["amount"]))
        beside = "" if exact == amount else f"  ({exact})"
        yield f"  {posting['account']}[{posting['key']}] {how} {amount}{beside}"
    yield "\nbefore and after"
    for account in told["accounts"]:
        before, after = account["written"]
        yield f"  {account['account']}[{account['key']}]  {before} → {after}"


def _links(what: str, links: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if links:
        yield f"\n{what}"
        for link in links[:FEW]:
            yield f"  {_brief(link)}"
        if len(links) > FEW:
            yield f"  … and {count(len(links) - FEW)} more"


def _where(event: Mapping[str, Any]) -> str:
    return f"#{event['position']} {plain_date(event['moment'])} {mark(event['origin'])}"


def _brief(event: Mapping[str, Any]) -> str:
    return f"{_where(event)} {event['kind']}: {event['gist']}"


def tree_lines(found: Mapping[str, Any]) -> Iterator[str]:
    sign = "→" if found["direction"] == "effects" else "←"
    for link in found["tree"]:
        indent = f"{'   ' * (link['depth'] - 1)} {sign} " if link["depth"] else ""
        more = f" … {link['more']} more behind it: --all" if link["more"] else ""
        again = " (told elsewhere here)" if link["again"] else ""
        yield f"{indent}{_brief(link)}{click.style(again + more, dim=True)}"
    if len(found["tree"]) == 1:
        yield "   it led to nothing" if sign == "→" else "   it rests on no other event"


def figure_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """A table: amount, share, part of ln where there is one, and what made it."""
    yield clean(headed(found))
    if found["unknown"]:
        yield clean(found["unknown"])
    if found["over"] is not None:
        yield f"each debt over a collateral of {money(found['over'], found)}"
    rows = list(_rows(found))
    columns = [max(map(len, column)) for column in zip(*(row[:3] for row in rows), strict=True)]
    for *cells, words in rows:
        numbers = "  ".join(f"{cell:>{wide}}" for cell, wide in zip(cells, columns, strict=True) if wide)
        first, *rest = words or [""]
        yield f"  {numbers}  {first}".rstrip()
        yield from (f"  {'':>{len(numbers)}}  {line}" for line in rest)
    if found["unit"] != "ln" and found["ln"] is not None:
        yield f"{WHAT_LN[found['reading']]} The parts of ln add up as listed, each faded to this moment."


def _rows(found: Mapping[str, Any]) -> Iterator[Cells]:
    money_like = found["unit"] == "money"
    digits = found["digits"] if money_like else 9
    plain_ln = found["ln"] is None or found["unit"] == "ln"
    yield str(found["currency"]) if money_like else str(found["unit"]), "part", "" if plain_ln else "ln", []
    for row in figure_rows(found, hint=": --all"):
        yield (
            UNKNOWN if row.amount is None else decimal(row.amount, digits),
            "" if row.share is None else _share(row.share),
            "" if row.ln is None or plain_ln else decimal(row.ln, 9),
            [row.words] if row.part is None else _made_by(found, row.part),
        )


def _share(part: float) -> str:
    small = 0 < abs(part) < 0.005
    return "< 1 %" if small else share(part)


def _made_by(found: Mapping[str, Any], part: Mapping[str, Any]) -> list[str]:
    """The posting's event, the news behind it where it is another, the source, and of a pledge its worth."""
    behind = part["behind"]
    lines = [f"{_where(part)} {ROLES[part['role']]}{part['gist']}"]
    if behind["position"] != part["position"]:
        lines.append(f"← {_where(behind)} {behind['gist']}")
    if behind["source"]:
        lines.append(click.style(f"  {clean(behind['source'])} ({behind['confidence']})", dim=True))
    for said, each in zip(priced(found, part), part["priced"], strict=True):
        lines.append(f"  {said}: why HISTORY {each['asset']} valuation")
    return lines
