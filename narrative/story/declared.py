"""The module that plays a process, and what it declares of itself: what `due` reads, which parameters it
asks a story for, and which of its deeds a record may tell in its stead.

Processes stand above the stories: nothing of one is imported here but by its name, when it is asked for.
One of a user's own is code that somebody wrote: it is imported only within `trusting`, and the folder one
is in is looked through only then, and only for it.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from pathlib import Path
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
LOOKED = "It is looked for where Python looks, and then in the folder you are in."
_TRUSTED: ContextVar[bool] = ContextVar("trusted", default=False)
READABLE = {account.name for account in TABLE.accounts} | {"unread", "timeline"}


class UnknownProcess(Wrong):
    """A role names a process that is not there, or that is no process."""


class Untrusted(Wrong):
    """A process of somebody's own was to run, and nobody said that it is trusted."""


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


@contextmanager
def trusting(trust: bool = True) -> Iterator[None]:  # it is all that is said
    """Let processes of a user's own be imported and run within, where `trust` says so."""
    before = _TRUSTED.set(trust or _TRUSTED.get())
    try:
        yield
    finally:
        _TRUSTED.reset(before)


def runs(process: str) -> bool:
    """Whether a process may be imported here: it is ours, or somebody's own within `trusting`."""
    return "." not in process or _TRUSTED.get()


def lies(process: str) -> bool:
    """Whether a module of that dotted path lies where it would be looked for. Nothing of it is read, and
    neither it nor a package above it is imported.
    """
    top, *names = process.split(".")
    spec = _top(top)
    for name in names:
        room = spec.submodule_search_locations if spec is not None else None
        # By its last name alone: Python would import what stands above a whole one.
        spec = PathFinder.find_spec(name, list(room)) if room is not None else None
    return spec is not None


def _top(name: str) -> ModuleSpec | None:
    try:
        found = find_spec(name)
    except ValueError:  # a module that was made by hand
        found = None
    return found or PathFinder.find_spec(name, [str(Path.cwd())])


@contextmanager
def _folder() -> Iterator[None]:
    """The folder one is in, last on Python's path, so that no file there takes the place of a module."""
    here = str(Path.cwd())
    sys.path.append(here)
    try:
        yield
    finally:
        at = len(sys.path) - 1 - sys.path[::-1].index(here) if here in sys.path else None
        if at is not None:
            del sys.path[at]


def module_of(process: str) -> ModuleType:
    """The module of a process: one of ours by name, or a user's own by dotted path. Raises UnknownProcess,
    and Untrusted for a user's own outside `trusting`.
    """
    known = ours()
    if process in known:
        return import_module(f"{ROOM}.{process}")
    if "." not in process:
        near = nearest(process, known)
        hint = f' Did you mean "{near}"?' if near else ""
        raise UnknownProcess(f'"{process}" is not a process; ours are {", ".join(known)}.{hint}')
    if not _TRUSTED.get():
        raise Untrusted(
            f"{process} is a process of somebody's own: code that runs with your rights. Read it, and where "
            "you trust it, say so with --trust (in Python trust=True)."
        )
    try:
        with _folder():
            module = import_module(process)
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a user's module does on import
        raise UnknownProcess(
            f"The process {process} cannot be imported: {type(error).__name__}: {error}. {LOOKED}"
        ) from None
    missing = [wanted for wanted in ("due", "decide") if not callable(getattr(module, wanted, None))]
    missing += ["ACCOUNTS"] if not hasattr(module, "ACCOUNTS") else []
    if missing:
        raise UnknownProcess(f"{process} is no process: it lacks {', '.join(missing)}.")
    return module


def declared(process: str) -> Declared:
    """Read the declarations of a process off its module: none of one that may not be imported here. Raises
    UnknownProcess, and BadProcess for one that is not of its form.
    """
    if not runs(process):
        return Declared(accounts=())
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
