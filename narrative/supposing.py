"""Suppositions: a closed set of changes to a history, as one value that the log carries whole.

**inject** entries, go **without** entries (each logged as `Withheld` at its own moment), **change**
entries, **set** acting parameters, **reseed** chance. `amended` is how a timeline reads under one.
"""

from collections.abc import Iterable, Mapping

import msgspec
from attrs import evolve, frozen

from events.errors import BadFact
from narrative.scenario import Entry, Kept, entry_of, kept

# Entries that cannot be told when the one they name is not: they rest on it, repeat or settle it.
FOLLOWING = ("follows", "restates", "pays")


@frozen(kw_only=True)
class Supposed:
    """What a branch supposes. `without` gives each entry withheld and why; `change` holds entries as
    they are told instead; `set` acting parameters by name.
    """

    question: str = ""
    inject: tuple[Entry, ...] = ()
    without: Mapping[str, str] = {}
    change: tuple[Entry, ...] = ()
    set: Mapping[str, float] = {}
    reseed: int | None = None

    @property
    def nothing(self) -> bool:
        """Whether this supposes anything at all."""
        return not (self.inject or self.without or self.change or self.set or self.reseed is not None)

    def dump(self) -> str:
        """As canonical JSON, for the log."""
        plain = _Plain(
            self.question,
            [kept(entry) for entry in self.inject],
            dict(self.without),
            [kept(entry) for entry in self.change],
            dict(self.set),
            self.reseed,
        )
        return _ENCODER.encode(plain).decode()

    @staticmethod
    def load(text: str) -> "Supposed":
        """The supposition that `dump` wrote. Raises BadFact for another text."""
        try:
            plain = _DECODER.decode(text)
        except msgspec.MsgspecError as error:
            raise BadFact(f"A Supposition in this log does not read as one: {error}.") from None
        return Supposed(
            question=plain.question,
            inject=tuple(map(entry_of, plain.inject)),
            without=plain.without,
            change=tuple(map(entry_of, plain.change)),
            set=plain.set,
            reseed=plain.reseed,
        )


class _Plain(msgspec.Struct):
    question: str
    inject: list[Kept]
    without: dict[str, str]
    change: list[Kept]
    set: dict[str, float]
    reseed: int | None


_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(_Plain)


def amended(timeline: Iterable[Entry], supposed: Supposed) -> tuple[Entry, ...]:
    """A timeline with entries injected and changed, in order. Withheld entries keep their place:
    that they are not told is told at their moment.
    """
    changed = {entry.id: entry for entry in supposed.change}
    entries = [changed.get(entry.id, entry) for entry in timeline]
    return tuple(sorted([*entries, *supposed.inject], key=lambda entry: entry.moment))


def following(timeline: Iterable[Entry], ids: Iterable[str], kinds: Iterable[str]) -> dict[str, str]:
    """Entries that rest on others by links of those kinds, however far, each with the one it rests on."""
    wanted = set(ids)
    found: dict[str, str] = {}
    for entry in timeline:
        for link in entry.links:
            if link.kind in kinds and (link.id in wanted or link.id in found) and entry.id not in wanted:
                found.setdefault(entry.id, link.id)
    return found


def moved(entry: Entry, seconds: int) -> Entry:
    """The same entry, told earlier or later."""
    return evolve(entry, moment=entry.moment + seconds)
