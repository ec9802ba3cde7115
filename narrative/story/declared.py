"""The module that plays a process, and what it declares of itself: what `due` reads, which parameters it
asks a story for, and which of its deeds a record may tell in its stead.

Processes stand above the stories: nothing of one is imported here but by its name, when it is asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, get_args

from attrs import frozen

from events.codec import nearest
from events.errors import Wrong
from narrative.books.table import TABLE
from narrative.story.keys import TELLABLE, names_actors
from narrative.story.model import MoneyAccount

ROOM = "narrative.engine.processes"  # a process that ships is a file there
READABLE = {account.name for account in TABLE.accounts} | {"unread", "timeline"}


class UnknownProcess(Wrong):
    """A role names a process that is not there, or that is no process."""


class BadProcess(Wrong):
    """A process declares or answers nonsense, raised, or remembered something."""


@frozen(kw_only=True)
class Declared:
    """The declarations of a process; all but the accounts may be left out.

    `accounts` are what its `due` reads; `parameters` the acting parameters that its story must give,
    `optional` those that it may, `reading` the reading parameters that it must. `deeds` are the kinds of
    fact that a record may tell in its stead, each with the field that names who does it. `needs` are the
    accounts that must be known of its actor, each with the parameter that makes it needless when it is 0,
    if there is one.
    """

    accounts: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    reading: tuple[str, ...] = ()
    deeds: Mapping[str, str] = {}
    needs: Mapping[str, str | None] = {}


@cache
def ours() -> tuple[str, ...]:
    """The names of the processes that ship, in the order of the alphabet."""
    return tuple(sorted(module.name for module in iter_modules(import_module(ROOM).__path__)))


def module_of(process: str) -> ModuleType:
    """The module of a process: one of ours by name, or a user's own by dotted path. Raises UnknownProcess."""
    known = ours()
    if process not in known and "." not in process:
        near = nearest(process, known)
        hint = f' Did you mean "{near}"?' if near else ""
        raise UnknownProcess(f'"{process}" is not a process; ours are {", ".join(known)}.{hint}')
    try:
        module = import_module(f"{ROOM}.{process}" if process in known else process)
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a user's module does on import
        raise UnknownProcess(
            f"The process {process} cannot be imported: {type(error).__name__}: {error}. It is looked for "
            "where Python looks, and on the command line in the folder you are in."
        ) from None
    missing = [wanted for wanted in ("due", "decide") if not callable(getattr(module, wanted, None))]
    missing += ["ACCOUNTS"] if not hasattr(module, "ACCOUNTS") else []
    if missing:
        raise UnknownProcess(f"{process} is no process: it lacks {', '.join(missing)}.")
    return module


def declared(process: str) -> Declared:
    """Read the declarations of a process off its module. Raises UnknownProcess, and BadProcess for one that
    is not of its form.
    """
    said = {name.lower(): value for name, value in vars(module_of(process)).items() if name in _RULES}
    for name, (takes, odd) in _RULES.items():
        strange = odd(said[name.lower()]) if name.lower() in said else []
        if strange:
            raise BadProcess(
                f"{process}.{name} is {said[name.lower()]!r:.200}; it takes {takes}, "
                f"and {strange[0]:.100} is none."
            )
    return Declared(**said)


# --- what a declaration takes -----------------------------------------------------------------------

Odd = Callable[[object], list[str]]  # what of a value is none of what it takes


def _names(good: Callable[[str], bool]) -> Odd:
    def odd(value: object) -> list[str]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            return [repr(value)]
        return [repr(name) for name in value if not isinstance(name, str) or not good(name)]

    return odd


def _pairs(good: Callable[[Any, Any], bool]) -> Odd:
    def odd(value: object) -> list[str]:
        if not isinstance(value, Mapping):
            return [repr(value)]
        return [f"{key!r}: {one!r}" for key, one in value.items() if not good(key, one)]

    return odd


def _is_need(account: object, parameter: object) -> bool:
    named = parameter is None or (isinstance(parameter, str) and parameter.isidentifier())
    return named and account in get_args(MoneyAccount)


_RULES: dict[str, tuple[str, Odd]] = {
    "ACCOUNTS": (
        'a tuple of accounts of the posting table, "unread" or "timeline"',
        _names(READABLE.__contains__),
    ),
    "PARAMETERS": ("a tuple of names of parameters", _names(str.isidentifier)),
    "OPTIONAL": ("a tuple of names of parameters", _names(str.isidentifier)),
    "READING": ("a tuple of names of parameters", _names(str.isidentifier)),
    "DEEDS": (
        "a dict of kinds of fact, each with its field that names who does it",
        _pairs(lambda kind, field: kind in TELLABLE and field in names_actors(kind)),
    ),
    "NEEDS": (
        "a dict of accounts in money, each with the parameter that makes it needless at 0, or None",
        _pairs(_is_need),
    ),
}
