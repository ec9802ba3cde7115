"""The base of every verb's answer: a frozen value with named, typed fields, read as a mapping too."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

Number = int | float
Money = int  # whole smallest units of the story's currency; an answer's `digits` says how small
T = TypeVar("T")


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer, or a part of one. Fields are read as ``answer.digest`` or ``answer["digest"]``.

    A field that an answer may lack is UNSET there, and is neither among its keys nor in its JSON. `plain`
    gives dicts, lists and plain values, exactly what ``--json`` prints.
    """

    def plain(self) -> dict[str, Any]:
        """The answer as dicts, lists, texts, numbers, booleans and None, as ``json.dumps`` takes them."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found

    def keys(self) -> list[str]:
        """The names of the fields that are there, in the order of the JSON."""
        return list(self)

    def values(self) -> list[Any]:
        """The values of the fields that are there, in the order of the JSON."""
        return [self[name] for name in self]

    def items(self) -> list[tuple[str, Any]]:
        """The (name, value) pairs of the fields that are there, in the order of the JSON."""
        return [(name, self[name]) for name in self]

    def get(self, name: str, default: object = None) -> Any:
        """The field of that name, or `default` where the answer has none."""
        try:
            return self[name]
        except KeyError:
            return default

    def __getitem__(self, name: str) -> Any:
        for field, written in zip(self.__struct_fields__, self.__struct_encode_fields__, strict=True):
            if written == name and (value := getattr(self, field)) is not UNSET:
                return value
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(written == name for written in self)

    def __iter__(self) -> Iterator[str]:
        for field, written in zip(self.__struct_fields__, self.__struct_encode_fields__, strict=True):
            if getattr(self, field) is not UNSET:
                yield written

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __eq__(self, other: object) -> bool:
        """True for an answer of this type, or a mapping, with the same plain values."""
        if isinstance(other, Answer):
            return type(self) is type(other) and self.plain() == other.plain()
        return self.plain() == other if isinstance(other, Mapping) else NotImplemented

    def __hash__(self) -> int:
        return hash(msgspec.json.encode(self))


class Collapse(Answer, frozen=True):
    """Whether a history collapses by its story's `definition`: when (`at`) and by what ("fall" or "default"),
    both None where it does not; the deepest `fall` of value within the days that the definition gives, a
    part of 1, with the days it ran from and to; and who of those meant is in default.
    """

    definition: str
    collapsed: bool
    at: str | None
    by: str | None
    fall: float | None
    fall_from: str | None
    fall_to: str | None
    defaulted: list[str]


Mapping.register(Answer)  # for those who ask; it cannot inherit, as each has a metaclass of its own


def answered(kind: type[T], data: object) -> T:
    """Plain data of a lower room as an answer. Raises msgspec.ValidationError where its shape has drifted."""
    return msgspec.convert(data, kind)


__all__ = ["UNSET", "Answer", "Collapse", "Money", "Number", "UnsetType", "answered"]
