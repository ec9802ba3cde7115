"""The two files of a story that begins with plain facts: what was said, and nothing else.

Every balance is unknown, and the currency is assumed, which the files say where a person will mend it.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from json import dumps
from pathlib import Path
from typing import Any

from narrative.calendar import DAY, Calendar
from narrative.scenario import Unit
from narrative.story.starting import parameter_tables

Facts = list[dict[str, Any]]

_HEAD = """\
# Begun from the plain facts of {file}. `narrative check` says what is wrong.

title = {title}
question = "How much of what grew was output, and how much was belief?"
edition = "1"
from = {start}
until = {until}

[money]  # assumed: mend it if the facts are in another currency, or in millions
currency = "{currency}"
digits = {digits}
written_in = {written_in}

[cast]
default = "none"  # the record alone

# Prices answer the news once this role stands here without its marks and `market` is the default, of
# actors that are `listed = true` and have a value, and by the `tone` and `strength` of what is told.
# [[cast.role]]
# process = "market"
# latency = 3600  # seconds until it has read the news
# reads = {{ Announcement = ["subject", "counterparty"], Order = ["seller"], Funding = ["company"] }}

[collapse]
text = "Not said yet."
"""
_NARRATIVE = """
[[narrative]]
id = {id}
sentence = {id}
"""
_ACTOR = """
[[actor]]
id = {id}
name = {name}
"""
_BALANCE = """
[[actor.opening]]
account = "{account}"
unknown = true
date = {start}
source = {source}
confidence = "assumption"
"""
_FIRST = ("id", "date", "kind", "actor", "counterparty", "amount", "ceiling")


def begun(
    file: Path, facts: Facts, names: Mapping[str, str], moments: Sequence[int], unit: Unit
) -> dict[str, str]:
    """The files by their names: of facts as tables of a timeline, their moments, and actors' names by id."""
    return {
        "replay.toml": _replay(file, facts, names, moments, unit),
        "timeline.toml": _timeline(file, facts, moments),
    }


def _replay(file: Path, facts: Facts, names: Mapping[str, str], moments: Sequence[int], unit: Unit) -> str:
    calendar, first = Calendar(), min(moments)
    start = calendar.day(first - (DAY if first % DAY == 0 else 0))
    title = file.stem.replace("-", " ").replace("_", " ").capitalize()
    head = _HEAD.format(
        file=_text(file.name), title=_text(title), start=start, until=calendar.day(max(moments)),
        currency=unit.currency, digits=unit.digits, written_in=unit.written_in,
    )  # fmt: skip  # one table
    narratives = sorted({str(fact["narrative"]) for fact in facts if "narrative" in fact})
    source = _text(f"not said in {file.name}")
    balances = "".join(
        _BALANCE.format(account=account, start=start, source=source) for account in ("value", "cash", "debt")
    )
    return "".join(
        (
            head,
            *(_NARRATIVE.format(id=_text(name)) for name in narratives),
            *(_ACTOR.format(id=_text(slug), name=_text(name)) + balances for slug, name in names.items()),
            parameter_tables(),
        )
    )


def _timeline(file: Path, facts: Facts, moments: Sequence[int]) -> str:
    calendar = Calendar()
    entries = [f"# Read from {_text(file.name)}. What stands here was said there, and nothing else.\n"]
    for fact, moment in zip(facts, moments, strict=True):
        date = calendar.iso(moment) if ":" in fact["date"] else calendar.day(moment)
        keys = (*(key for key in _FIRST if key in fact), *(key for key in fact if key not in _FIRST))
        lines = (f"{key} = {date if key == 'date' else _written(fact[key])}\n" for key in keys)
        entries.append("".join(("[[event]]\n", *lines)))
    return "\n".join(entries)


def _written(value: object) -> str:
    """A value as TOML has it."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    return str(value) if isinstance(value, int) else _text(str(value))


def _text(text: str) -> str:
    """A text in quotes. TOML and JSON agree but for one letter; a file's name may hold what is no letter."""
    plain = text.encode(errors="replace").decode()
    return dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007f")
