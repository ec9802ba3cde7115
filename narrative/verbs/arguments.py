"""Arguments of the verbs in Python, held to what their signatures say before anything is opened.

The command line makes its values by its own types. Here a value of another type would end in whatever
Python says wherever it is first used, so that it is refused at the door, in one sentence.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import cache, wraps
from inspect import Parameter, signature
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

from events.errors import Wrong
from narrative.story.faults import did_you_mean

_WORDS: dict[Any, str] = {
    str: "a text", int: "a whole number", float: "a number", bool: "True or False",
    NoneType: "None", Path: "a Path", Callable: "a function", Mapping: "a mapping",
    Executor: "an executor",
}  # fmt: skip  # a word a type
_LISTS = (Collection, Sequence)
_P = ParamSpec("_P")
_T = TypeVar("_T")


class BadArgument(Wrong):
    """An argument that a verb cannot take: of another type than its signature says, or of no condition."""


def held(verb: Callable[_P, _T]) -> Callable[_P, _T]:
    """The verb, or a method, which raises BadArgument for a value of a type that its signature does not say.
    What it says nothing of is not looked at.
    """

    @wraps(verb)
    def asked(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        _check(verb, args, kwargs)
        return verb(*args, **kwargs)

    return asked


def _check(verb: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Python itself says what stands too much or too little in a call, but for the names of conditions."""
    parameters = signature(verb).parameters
    for parameter in parameters.values():
        if parameter.kind is Parameter.VAR_KEYWORD and get_args(parameter.annotation):
            _check_conditions(verb.__name__, parameters, get_args(parameter.annotation)[0], kwargs)
    for name, value in signature(verb).bind(*args, **kwargs).arguments.items():
        parameter = parameters[name]
        if parameter.annotation is Parameter.empty:
            continue
        if parameter.kind is Parameter.VAR_POSITIONAL:
            for one in value:
                _check_one(verb.__name__, name, parameter.annotation, one)
        elif parameter.kind is not Parameter.VAR_KEYWORD:
            _check_one(verb.__name__, name, parameter.annotation, value)


def _check_conditions(
    verb: str, parameters: Mapping[str, Parameter], table: type, given: Mapping[str, Any]
) -> None:
    hints = _hints(table)
    for name in given.keys() - parameters.keys():
        if name not in hints:
            remedy = did_you_mean(name, sorted(hints), f"It takes {', '.join(sorted(hints))}.")
            raise BadArgument(f"{verb} takes no {name}. {remedy}")
        _check_one(verb, name, hints[name], given[name])


@cache
def _hints(table: type) -> dict[str, Any]:
    return get_type_hints(table)


def _check_one(verb: str, name: str, kind: Any, value: object) -> None:
    kinds = list(_kinds(kind))
    if not any(_fits(one, value) for one in kinds):
        words = " or ".join(map(_word, kinds))
        raise BadArgument(f"{verb} takes {name} as {words}, and was given {_spelt(value)}.")


def _word(kind: Any) -> str:
    base = get_origin(kind) or kind
    if base in _LISTS:
        return f"a list, each of it {' or '.join(map(_word, _kinds(get_args(kind)[0])))}"
    return _WORDS[base]


def _kinds(kind: Any) -> Iterator[Any]:
    """The types of a union, or the one type."""
    if isinstance(kind, UnionType) or get_origin(kind) is Union:
        for one in get_args(kind):
            yield from _kinds(one)
    else:
        yield kind


def _fits(kind: Any, value: object) -> bool:
    base = get_origin(kind) or kind
    if base is Callable:
        return callable(value)
    if base in _LISTS:
        (inner,) = get_args(kind)
        return (
            isinstance(value, Collection)
            and not isinstance(value, bytes | Mapping)
            and all(any(_fits(one, each) for one in _kinds(inner)) for each in value)
        )
    base = int | float if base is float else base
    return isinstance(value, base) and (base is bool or not isinstance(value, bool))


def _spelt(value: object) -> str:
    text = ascii(value)
    return f"{text[:40]}…" if len(text) > 40 else text
