"""Rules that one table of a story must keep beyond the sorts of its fields.

A rule sees the values of a table by attribute, None for a faulty one and nothing for a missing one,
and gives (key, what is wrong, what was meant).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from attrs import fields

from narrative.story.declared import LOOKED, BadProcess, UnknownProcess, declared, lies, ours, runs
from narrative.story.faults import did_you_mean, listed
from narrative.story.keys import Quarter, Sighting
from narrative.story.model import (
    ASSET_ACCOUNTS,
    RESERVED,
    Actor,
    Balance,
    Collapse,
    MoneyAccount,
    Need,
    Parameter,
    Plausible,
    Role,
    Standing,
    Step,
    Thresholds,
    Unit,
)
from narrative.story.parameters import HALF_LIVES

_MONEY = re.compile(r"[A-Z]{3}( (m|bn|tn))?")

Values = Mapping[str, Any]
Broken = Iterator[tuple[str, str, str]]

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,199}")
LONGEST_LIFE = 10_000_000  # days
_LARGEST = 1e15
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


def _actor(values: Values) -> Broken:
    name = values.get("id")
    if name is None:
        return
    if name in RESERVED:
        yield "id", f'the id "{name}" is taken by the engine', "Choose another."
    elif not _SLUG.fullmatch(name):
        yield "id", f'the id "{name}" is no short name', "It takes small letters, digits and '-'."


def _collapse(values: Values) -> Broken:
    fall, within = values.get("fall"), values.get("within")
    if fall is not None and not 0 < fall < 1:
        yield "fall", f"the fall is {fall:g}", "It is a part of the highest value: more than 0, less than 1."
    if within is not None and within < 1:
        yield "within", f"the fall is within {within} days", "It takes a day or more."
    if ("fall" in values) != ("within" in values):
        alone = "fall" if "fall" in values else "within"
        yield alone, f"{alone} stands alone", "`fall` is a part of the highest value `within` so many days."
    said = "fall" in values or values.get("default")
    if bool(said) != bool(values.get("of")):
        key = "of" if values.get("of") else "fall" if "fall" in values else "default"
        remedy = "`of` says whose, `fall` and `within`, or `default`, what happens to them."
        yield key, "collapse is said by half", remedy


def _thresholds(values: Values) -> Broken:
    for name in (field.name for field in fields(Thresholds)):
        if name in values and not 0 < values[name] < 1:
            yield name, f"{name} is {values[name]:g}", "It is a part of one: more than 0, less than 1."


SIZES = {
    "market": (90.0, "per cent"), "price": (95.0, "per cent"), "rates": (2000.0, "basis points"),
    "liquidity": (10.0, "standard deviations"), "delay": (3650.0, "days"), "revenue": (100.0, "per cent"),
    "fiscal": (100.0, "per cent"), "haircut": (1.0, "as a part of one"),
}  # fmt: skip  # of each kind of shock, the largest that can be supposed


def _plausible(values: Values) -> Broken:
    for kind, (most, unit) in SIZES.items():
        size = values.get(kind)
        if size is not None and not 0 < size <= most:
            remedy = f"It takes more than 0 and up to {most:g}, {unit}; leave it out for what is usual."
            yield kind, f"a plausible size of {kind} is {size:g}", remedy


def _need(values: Values) -> Broken:
    named = [key for key in ("entry", "solvent", "cash", "mark") if key in values]
    if len(named) != 1:
        has = listed(named) if named else "nothing"
        yield (
            named[0] if named else "otherwise",
            f"a need names {has}",
            ("It takes one of entry, solvent, cash and mark; another need stands in a table of its own."),
        )
    least = values.get("least")
    if least is not None and "mark" not in values:
        yield (
            "least",
            "least stands without mark",
            "It is the part of the recorded value that a mark must have.",
        )
    elif least is not None and not 0 < least <= 1:
        yield "least", f"least is {least:g}", "It runs from more than 0 to 1."
    if values.get("otherwise") == "shrunk" and "cash" not in values and "mark" not in values:
        yield (
            "otherwise",
            "nothing says by how much it shrinks",
            "Of an entry or a default it is untold or told.",
        )


def _balance(values: Values) -> Broken:
    account = values.get("account")
    if account is None:
        return
    given = [key for key in ("amount", "number") if key in values]
    unknown = values.get("unknown")
    key = "amount" if account in get_args(MoneyAccount) else "number"
    if unknown and given:
        yield "unknown", f"{account} is unknown and has {listed(given)}", "Leave one of them out."
    elif not unknown and given != [key]:
        has = listed(given) if given else "no figure"
        remedy = f'It takes "{key}", or unknown = true: unknown is not zero.'
        yield given[0] if given else "account", f"{account} has {has}", remedy
    if "assumed" in values and (not unknown or key != "amount"):
        what = f"{account} has assumed, and is no unknown sum of money"
        yield "assumed", what, "It takes unknown = true beside it, and stands for no shares or rates."
    if account in ASSET_ACCOUNTS and "asset" not in values:
        yield "account", f"{account} without an asset", "Name whose shares they are in `asset`."
    if account not in ASSET_ACCOUNTS and "asset" in values:
        yield "asset", f"{account} with an asset", f"Only {listed(ASSET_ACCOUNTS)} take one."
    number = values.get("number")
    if number is not None and number < 0 and account not in ("rate", "surprise"):
        yield "number", f"{account} is {number}", "It is never negative."


def _standing(values: Values) -> Broken:
    if values.get("to") is not None and values["to"] == values.get("from_"):
        yield "to", f'it links "{values["to"]}" to itself', "Name two actors."


def _step(values: Values) -> Broken:
    if values.get("step") == 0:
        yield "step", "step is 0", "Steps count from 1."


def _role(values: Values) -> Broken:
    process = values.get("process")
    if process == "telling":
        yield (
            "process",
            "telling is in every cast",
            "Leave the role out: a second teller would tell all twice.",
        )
    elif process is not None and process not in ours() and not _DOTTED.fullmatch(process):
        known = did_you_mean(process, ours(), f"Ours are {listed(ours())}.")
        own = "One of your own is named by a dotted path, as my_package.my_process."
        yield "process", f'"{process}" is no process', f"{known} {own}"
    elif process is not None and process not in ours() and not runs(process):
        if not lies(process):
            yield "process", f'"{process}" cannot play: there is no such module', LOOKED
    elif process is not None and process not in ours():
        try:
            declared(process)
        except (UnknownProcess, BadProcess) as error:
            yield "process", f'"{process}" cannot play', str(error)
    if values.get("latency") == 0:
        yield "latency", "latency is 0", "Nobody reacts in the moment they hear: it takes 1 second or more."
    start, until = values.get("from_"), values.get("until")
    if start is not None and until is not None and start >= until:
        yield "until", "it ends before it begins", "Put `until` after `from`."


def _parameter(values: Values) -> Broken:
    low, high, value = values.get("low"), values.get("high"), values.get("value")
    if (values.get("name") or "").partition(".")[0] in HALF_LIVES:
        yield from _half_life(values)
    for key in ("low", "high"):
        if values.get(key) is not None and abs(values[key]) > _LARGEST:
            yield key, f"{key} is {values[key]:g}", f"A parameter lies within ±{_LARGEST:g}."
    if low is None or high is None:
        return
    if low > high:
        yield "low", f"low {low:g} is above high {high:g}", "Swap the two."
    elif value is not None and not low <= value <= high:
        yield (
            "value",
            f"value {value:g} is outside {low:g} to {high:g}",
            "Widen the range, or mend the value.",
        )


def _half_life(values: Values) -> Broken:
    if values.get("unit") not in (None, "days"):
        yield "unit", f'the unit of {values["name"]} is "{values["unit"]}"', "Half-lives are in days."
    for key in ("low", "value"):
        if values.get(key) is not None and values[key] <= 0:
            yield key, f"{key} is {values[key]:g}", "A half-life is longer than nothing."
    if (values.get("high") or 0) > LONGEST_LIFE:
        yield "high", f"high is {values['high']:g}", f"A half-life is {LONGEST_LIFE:,} days at most."


def _unit(values: Values) -> Broken:
    if not 0 <= (values.get("digits") or 0) <= 9:
        remedy = "The smallest unit has 0 to 9 decimals of the currency."
        yield "digits", f"digits is {values['digits']}", remedy
    if (values.get("written_in") or 1) < 1 or values.get("written_in") == 0:
        yield "written_in", f"written_in is {values['written_in']}", "It takes 1, or 1_000_000 for millions."


def _sighting(values: Values) -> Broken:
    kind, unit = values.get("kind"), values.get("unit")
    if kind in ("market_value", "net_worth") and not (unit and _MONEY.fullmatch(unit)):
        has = f'has the unit "{unit}"' if unit else "has no unit"
        yield "unit" if unit else "kind", f"{kind} {has}", 'It takes "USD", "USD m", "USD bn" or "USD tn".'


def _quarter(values: Values) -> Broken:
    period, published = values.get("period"), values.get("published")
    if period is not None and published is not None and published <= period:
        yield "published", "it is published before its quarter is over", "`period` is the quarter's last day."


RULES: dict[type, Callable[[Values], Broken]] = {
    Actor: _actor,
    Balance: _balance,
    Need: _need,
    Collapse: _collapse,
    Thresholds: _thresholds,
    Plausible: _plausible,
    Standing: _standing,
    Step: _step,
    Role: _role,
    Parameter: _parameter,
    Unit: _unit,
    Sighting: _sighting,
    Quarter: _quarter,
}
