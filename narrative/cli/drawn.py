"""An event, a tree of events, a figure taken apart, branches and histories beside each other, as lines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
from msgspec import UNSET

from narrative.cli.lines import mark
from narrative.cli.spread import chance_lines
from narrative.prose.explain import ROLES, figure_rows, headed, named_rows, priced
from narrative.prose.finding import verdict
from narrative.prose.units import decimal
from narrative.text.numbers import MARKS, UNKNOWN, count, money, plain_date, share, sparkline
from narrative.text.words import clean, residual

if TYPE_CHECKING:
    from narrative.verbs.answers.looking import (
        BranchListed,
        Compared,
        Comparison,
        Diff,
        EventDiffering,
        ReadingDiffering,
    )

FEW = 12  # effects of an event that are listed with it
SLIGHT = 0.005  # of what a reading was: a gap below that is counted, and not told
LONG = 400  # letters of a text that are shown
WHAT_LN = {
    "valuation": "Each part of the rise is its part of ln times the rise.",
    "belief_share": "Each part is its part of ln times the whole.",
}
_PARTS = ("belief_share", "loan_to_value")
_ORDER = (
    "valuation", "backlog", "committed", "paid", "delivered", "announced", "collateral", "debt", "cash",
)  # fmt: skip  # what matters first
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
    if told["rank"] is not None:
        yield f"  {'rank of source':<18} {told['rank']}"
    yield from _links("because of", told["because"])
    yield from _links("led to", told["effects"])
    if not told["postings"]:
        yield "\nposts nothing"
        return
    yield "\nposts"
    for posting in told["postings"]:
        how = ":=" if posting["sets"] else "+" if posting["amount"] >= 0 else "−"
        amount = posting["written"].lstrip("−-")  # a number of shares is written as the log has it
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
        price = " (by its price)" if link["priced"] else ""
        yield f"{indent}{_brief(link)}{click.style(price + again + more, dim=True)}"
    if len(found["tree"]) == 1:
        yield "   it led to nothing" if sign == "→" else "   it rests on no other event"


def figure_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """A table: amount, share, part of ln where there is one, and what made it."""
    yield clean(headed(found))
    if found["unknown"]:
        yield clean(found["unknown"])
    if found["over"] is not None:
        yield f"each debt over a collateral of {money(found['over'], found)}"
    yield from _named(found)
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


def _named(found: Mapping[str, Any]) -> Iterator[str]:
    """The parts of a value by their names, each with what it is where parts are taken the other way round."""
    if not found["named"]:
        return
    rows = [
        (money(amount, found), money(reverse, found), _share(part or 0.0), decimal(ln, 9), words)
        for amount, reverse, part, ln, words in named_rows(found)
    ]
    rows.insert(0, ("by name", "in reverse", "part", "ln", ""))
    columns = [max(map(len, column)) for column in zip(*(row[:4] for row in rows), strict=True)]
    for *cells, words in rows:
        numbers = "  ".join(f"{cell:>{wide}}" for cell, wide in zip(cells, columns, strict=True))
        yield f"  {numbers}  {words}".rstrip()
    yield "  Parts are taken in this order, and for their bound in reverse; either way they make the rise."
    yield ""


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
        lines.append(
            click.style(f"  {clean(behind['source'])} ({behind['confidence']}, {behind['rank']})", dim=True)
        )
    for said, each in zip(priced(found, part), part["priced"], strict=True):
        lines.append(f"  {said}: why HISTORY {each['asset']} valuation")
    return lines


# --- two histories and more -----------------------------------------------------------------------


def diff_lines(found: "Diff") -> Iterator[str]:
    """The lines of `diff`: where two histories part, the events only one has, the readings that differ."""
    yield from _lettered((found.A, found.B), found)
    yield _common(found.common, found.moment)
    for label, event in found.first.items():
        yield f"  first in {label}: {_first(event)}"
    for label, kinds in found.only.items():
        counts = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())
        yield f"  only in {label}: {counts or 'nothing'}"
    rows = sorted((row for row in found.readings if row.reading in _ORDER), key=_weight)
    yield f"\nreadings that differ on {plain_date(found.at)}: {len(rows)}"
    for row in rows:
        values = [_value(row.reading, value, found) for value in (row.A, row.B)]
        yield f"  {row.actor:<18} {row.reading:<14} {values[0]:>12}  {values[1]:>12}"


def compare_lines(found: "Comparison") -> Iterator[str]:
    """Histories on one time axis: a line a reading that differs, with its ends and the widest gap."""
    yield from _lettered(found.branches, found)
    yield _common(found.common, found.since)
    for label, day in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", found.recorded or (), strict=False):
        if day is not None:
            said = click.style(f"{label} goes through closes on record", bold=True)
            yield f"{said} to {day}, and is the model's beyond"
    yield from _verdicts(found)
    yield ""
    rows = [row for name in _ORDER for row in found.rows if row.reading == name]
    reasons = dict(zip(found.branches[1:], found.unmoved, strict=True))
    for name, reason in reasons.items():
        if reason is not None:
            yield f"Nothing in {name} differs from {found.branches[0]}: {reason}."
    if not rows and not any(found.unmoved):
        yield "They never differ."
    largest = max((row.gap or 0 for row in rows), default=0)
    slight = [row for row in rows if _slight(row, largest)]
    rows = [row for row in rows if row not in slight]
    for row in sorted(rows, key=lambda row: (_ORDER.index(row.reading), -(row.gap or 0))):
        ends = "  ".join(f"{_value(row.reading, value, found):>12}" for value in row.end)
        line, gap = sparkline(row.series[-1], 12), _value(row.reading, row.gap, found)
        part = f" ({share(row.gap_part)})" if row.gap_part is not None else ""
        where = f"widest gap {gap}{part} on {row.gap_on}" if row.gap_on else "never known in both"
        yield f"  {row.actor:<18} {row.reading:<11} {ends}  {line}  {where}"
    if slight:
        yield f"  {_more(len(slight))} by less than 0.5 %: --json has them"
    if found.chance is not UNSET:
        yield from chance_lines(found.chance)


def _slight(row: "Compared", largest: float) -> bool:
    """Whether a gap is too small to stand beside the others: less than 0.5 % of what the first had, or, where
    it had nothing, of the widest gap in money.
    """
    if row.gap is None:
        return False
    return row.gap_part < SLIGHT if row.gap_part is not None else row.gap < SLIGHT * largest


def _more(number: int) -> str:
    return f"{number:,} more reading{'s differ' if number > 1 else ' differs'}"


def branch_lines(found: "Sequence[BranchListed]") -> Iterator[str]:
    """Branches under those they were forked from, each with its question."""
    parents = {row.branch: row.parent for row in found}
    for row in found:
        depth, above = 0, row.parent
        while above is not None:
            depth, above = depth + 1, parents.get(above)
        fork = f" from {row.parent}@{row.fork_position}" if row.parent else ""
        until = f", lived to {row.until}" if row.until else ""
        until += f" and cut short of {row.meant}: narrative resume completes it" if row.meant else ""
        yield f"{'  ' * depth}{click.style(row.branch, bold=True)}{fork}: {row.events:,} events{until}"
        if row.question:
            yield f"{'  ' * depth}  {row.question}"
        if row.end:
            yield f"{'  ' * depth}  {row.end}"


def _lettered(names: Sequence[str], found: "Diff | Comparison") -> Iterator[str]:
    """Histories by letter; a branch of recorded prices says which end it is."""
    for index, (label, name) in enumerate(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", names, strict=False)):
        kept = found.residuals[index] if found.residuals else None
        branch = "@" in name and not name.endswith("@main")
        yield f"{label} {name}{f' ({residual(kept)})' if kept and branch else ''}"


def _verdicts(found: "Comparison") -> Iterator[str]:
    """Whether each history, by letter, collapses; nothing where the story does not define that."""
    for label, told in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", found.collapses, strict=False):
        if told is not None:
            yield verdict(told.plain(), label)


def _common(common: int, moment: str | None) -> str:
    """How far histories are the same, in words; `moment`: where they part, or comparing begins."""
    if common and moment:
        return f"the same up to #{common}, {plain_date(moment)}"
    return f"they part at the opening{f', side by side from {plain_date(moment)} on' if moment else ''}"


def _first(event: "EventDiffering | None") -> str:
    if event is None:
        return "nothing more"
    what = event.headline or f"by {event.actor}"
    return f"#{event.position} {plain_date(event.moment)} {MARKS[event.origin]} {event.kind} {what}"


def _weight(row: "ReadingDiffering") -> tuple[int, float]:
    return _ORDER.index(row.reading), -abs((row.A or 0) - (row.B or 0))


def _value(reading: str, value: float | None, found: "Diff | Comparison") -> str:
    if value is None:
        return UNKNOWN
    unit = {"currency": found.currency, "digits": found.digits}
    return share(value) if reading in _PARTS else money(value, unit)
