"""What one table of a story must keep beyond its fields' sorts: (key, what, what was meant)."""

import re
from collections.abc import Callable, Iterator
from typing import Any, get_args

from narrative.cast import PROCESSES
from narrative.faults import did_you_mean, listed
from narrative.scenario import (
    ASSET_ACCOUNTS,
    RESERVED,
    Actor,
    Balance,
    MoneyAccount,
    Parameter,
    Role,
    Standing,
    Step,
    Unit,
)

Broken = Iterator[tuple[str, str, str]]

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


def _actor(actor: Actor) -> Broken:
    if actor.id in RESERVED:
        yield "id", f'the id "{actor.id}" is taken by the engine', "Choose another."
    elif not _SLUG.fullmatch(actor.id):
        yield (
            "id",
            f'the id "{actor.id}" is no short name',
            "It takes small letters, digits and '-'.",
        )


def _balance(balance: Balance) -> Broken:
    given = [key for key in ("amount", "number") if getattr(balance, key) is not None]
    key = "amount" if balance.account in get_args(MoneyAccount) else "number"
    if balance.unknown and given:
        yield "unknown", f"{balance.account} is unknown and has {listed(given)}", "Leave one of them out."
    elif not balance.unknown and given != [key]:
        yield (
            given[0] if given else "account",
            f"{balance.account} has {listed(given) if given else 'no figure'}",
            f'It takes "{key}", or unknown = true: unknown is not zero.',
        )
    if balance.account in ASSET_ACCOUNTS and balance.asset is None:
        yield "account", f"{balance.account} without an asset", "Name whose shares they are in `asset`."
    if balance.account not in ASSET_ACCOUNTS and balance.asset is not None:
        yield "asset", f"{balance.account} with an asset", f"Only {listed(ASSET_ACCOUNTS)} take one."
    if balance.number is not None and balance.number < 0 and balance.account not in ("rate", "surprise"):
        yield "number", f"{balance.account} is {balance.number}", "It is never negative."


def _standing(link: Standing) -> Broken:
    if link.from_ == link.to:
        yield "to", f'it links "{link.to}" to itself', "Name two actors."


def _step(step: Step) -> Broken:
    if step.step < 1:
        yield "step", f"step is {step.step}", "Steps count from 1."


def _role(role: Role) -> Broken:
    if role.process not in PROCESSES and not _DOTTED.fullmatch(role.process):
        remedy = did_you_mean(role.process, PROCESSES, f"Ours are {listed(PROCESSES)}.")
        yield (
            "process",
            f'"{role.process}" is no process',
            f"{remedy} One of your own is named by a dotted path, as my_package.my_process.",
        )
    if role.latency < 1:
        yield (
            "latency",
            f"latency is {role.latency}",
            "Nobody reacts in the moment they hear: it takes 1 second or more.",
        )
    if role.from_ is not None and role.until is not None and role.from_ >= role.until:
        yield "until", "it ends before it begins", "Put `until` after `from`."


def _parameter(parameter: Parameter) -> Broken:
    if parameter.low > parameter.high:
        yield "low", f"low {parameter.low:g} is above high {parameter.high:g}", "Swap the two."
    elif not parameter.low <= parameter.value <= parameter.high:
        yield (
            "value",
            f"value {parameter.value:g} is outside {parameter.low:g} to {parameter.high:g}",
            "Widen the range, or mend the value.",
        )


def _unit(unit: Unit) -> Broken:
    if unit.digits > 9:
        yield "digits", f"digits is {unit.digits}", "The smallest unit has 0 to 9 decimals of the currency."
    if unit.written_in < 1:
        yield "written_in", f"written_in is {unit.written_in}", "It takes 1, or 1_000_000 for millions."


RULES: dict[type, Callable[[Any], Broken]] = {
    Actor: _actor,
    Balance: _balance,
    Standing: _standing,
    Step: _step,
    Role: _role,
    Parameter: _parameter,
    Unit: _unit,
}
