"""A story to begin with: two short files that pass `check` and can be run as they are."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from json import JSONEncoder, dumps
from pathlib import Path
from typing import Any

from narrative.story.calendar import DAY, Calendar
from narrative.story.model import Unit

HEAD = """\
# A story: who is in it, what they held when it opens, and under which assumptions it is read.
# `narrative check` reports every fault with its line; `narrative schema` prints what may stand here.

title = {title}
question = "How much of what grew was output, and how much was belief borrowed against itself?"
edition = "1"
from = 2025-01-01
until = 2025-12-31

[money]
currency = "USD"
digits = 2                   # the smallest unit is a cent
written_in = 1_000_000_000   # every sum in these files is in billions, exactly

[calendar]
kind = "gregorian"           # or "julian"
hour = "09:00"               # when an entry happens that gives only a date
close = "16:00"              # when markets close

[[narrative]]
id = "scale"
sentence = "Whoever builds the most wins everything, so no sum is too large."

[[actor]]
id = "lab"
name = "A laboratory"
roles = ["lab"]

[[actor.opening]]
account = "value"            # a private company: what its last round said it was worth
amount = 20
date = 2024-12-31
source = "an example, not a fact"
confidence = "assumption"

[[actor.opening]]
account = "cash"
unknown = true               # not zero: what needs it is shown as unknown
date = 2024-12-31
source = "an example, not a fact"
confidence = "assumption"

[[actor]]
id = "chipmaker"
name = "A maker of chips"
roles = ["supplier"]
listed = true

[[actor.opening]]
account = "value"
amount = 500.5
date = 2024-12-31
source = "an example, not a fact"
confidence = "assumption"

[[link]]                     # how actors stand to each other when the story opens
kind = "supplies"
from = "chipmaker"
to = "lab"

[[circle]]                   # the turn that the story claims, step by step
step = 1
text = "the lab announces a plan"
from = ["lab"]
to = ["supplier"]
kinds = ["Announcement"]

[[circle]]
step = 2
text = "the lab orders chips"
from = ["lab"]
to = ["supplier"]
kinds = ["Order"]

[cast]
default = "market"

[[cast.role]]
process = "market"
latency = 3600               # seconds until it has read the news
reads = {{ Announcement = ["subject", "counterparty"], Order = ["seller"], Funding = ["company"] }}

[collapse]
text = "The lab's value falls by half within a quarter."

# --- how the story is read (reading) and acted on (acting); each number with its range -----------
"""

PARAMETER = """
[[parameter]]
name = "{name}"
value = {value}
low = {low}
high = {high}
unit = "{unit}"
reads = "{reads}"
source = "{source}"
confidence = "{confidence}"
"""

# name, value, low, high, unit, reads, source, confidence
_GUESS = ("assumption", "assumption")
_FITTED = ("three announcements of September and October 2025", "low")
PARAMETERS = (
    ("belief_half_life_fast", 25.0, 15.0, 60.0, "days", "reading", "path of one share, 2025", "medium"),
    ("belief_half_life_slow", 250.0, 120.0, 500.0, "days", "reading", *_GUESS),
    ("fatigue_half_life", 60.0, 20.0, 180.0, "days", "reading", *_GUESS),
    ("excitement_half_life", 20.0, 5.0, 60.0, "days", "reading", *_GUESS),
    ("impact_half_life", 5.0, 1.0, 20.0, "days", "reading", *_GUESS),
    ("liquidity_half_life", 90.0, 30.0, 250.0, "days", "reading", *_GUESS),
    ("capacity_half_life", 730.0, 180.0, 1095.0, "days", "reading", *_GUESS),
    ("liquidity_sensitivity", 0.015, 0.01, 0.02, "ln per standard deviation", "reading", *_GUESS),
    ("duration", 5.0, 4.0, 6.0, "years", "reading", "Bernanke and Kuttner 2005", "high"),
    (
        "impulse_coefficient",
        0.47,
        0.3,
        0.6,
        "ln",
        "acting",
        "three events of September and October 2025",
        "low",
    ),
    ("impulse_exponent", 0.67, 0.5, 1.0, "1", "acting", *_FITTED),
    ("silent_step", 0.03, 0.006, 0.1, "ln", "acting", *_GUESS),
    ("lasting_share", 0.8, 0.3, 1.0, "1", "acting", *_GUESS),
    ("fast_share", 0.6, 0.4, 0.8, "1", "acting", *_GUESS),
    ("fatigue_rate", 0.1, 0.0, 0.3, "per reading", "acting", *_GUESS),
    ("sector_weight", 0.5, 0.2, 5.0, "1", "acting", *_GUESS),
)

TIMELINE = """\
# What happened, in the order of its dates. Each entry says who told it and how sure that is.

[[event]]
id = "plan"
date = 2025-02-03            # at the story's hour; 2025-02-03T16:30:00 gives a time
kind = "Announcement"        # words: `ceiling` is no money yet
actor = "lab"
counterparty = "chipmaker"
ceiling = 30
narrative = "scale"
headline = "The lab says that it will spend up to 30 billion on chips"
source = "an example, not a fact"
confidence = "assumption"
tone = 0.75                  # of the words, -1 to 1, never of the reaction
strength = 0.5               # how much the words weigh, 0 to 1

[[event]]
id = "round"
date = 2025-03-10
kind = "Funding"
actor = "lab"
counterparty = "outside"     # everyone whom the story does not name
amount = 6.6                 # firm money, in billions
post_money = 60
narrative = "scale"
headline = "The lab raises 6.6 billion at a value of 60 billion"
source = "an example, not a fact"
confidence = "assumption"
tone = 0.5
strength = 0.5

[[event]]
id = "chips"
date = 2025-04-01
kind = "Order"
actor = "lab"
counterparty = "chipmaker"
amount = 10
due = 2026-04-01
narrative = "scale"
headline = "The lab orders chips for 10 billion"
source = "an example, not a fact"
confidence = "assumption"
tone = 0.75
strength = 0.5
part_of = [{ id = "plan", basis = "author", reason = "the first order under the plan" }]
follows = [{ id = "round", basis = "author", reason = "paid from the money raised" }]
"""


def starting_files(title: str) -> dict[str, str]:
    """The files of a new story by their names."""
    return {"replay.toml": HEAD.format(title=dumps(title)) + parameter_tables(), "timeline.toml": TIMELINE}


def parameter_tables() -> str:
    """Every parameter that a small cast asks for, as it stands in a replay.toml."""
    names = ("name", "value", "low", "high", "unit", "reads", "source", "confidence")
    return "".join(PARAMETER.format(**dict(zip(names, row, strict=True))) for row in PARAMETERS)


# --- The two files of a story that begins with plain facts: what was said, and nothing else.

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
_QUOTED = JSONEncoder(ensure_ascii=False).encode
_FIRST = ("id", "date", "kind", "actor", "counterparty", "amount", "ceiling")


def head_of(file: Path, facts: Facts, names: Mapping[str, str], moments: Sequence[int], unit: Unit) -> str:
    """The replay.toml of facts as tables of a timeline: of their moments, and of actors' names by id."""
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


def timeline_of(file: Path, facts: Facts, moments: Sequence[int]) -> str:
    """The timeline.toml of facts, each with its moment."""
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
    return _QUOTED(plain).replace("\x7f", "\\u007f")
