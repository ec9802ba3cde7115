"""Suppositions: a closed set of changes to a history, as one value that the log carries whole.

**inject** entries, go **without** entries (each logged as `Withheld` at its own moment), **change**
entries, **set** acting parameters, turn links **off**, **reseed** chance. `amended` is how a timeline reads
under one.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

import msgspec
from attrs import evolve, frozen

from events.errors import BadFact
from events.facts import OPENS
from events.fields import Fact, Told, units
from events.record_facts import Report
from narrative.story.model import Entry, Kept, entry_of, kept

# Entries that cannot be told when the one they name is not: they rest on it, repeat or settle it.
FOLLOWING = ("follows", "restates", "pays")
Dated = TypeVar("Dated", Fact, Told)
GONE = "the supposition goes without it"


@frozen(kw_only=True)
class Supposed:
    """A branch's supposition. `without` gives each entry withheld and why; `change` holds entries as
    they are told instead; `set` acting parameters by name; `off` the (giver, taker) pairs of actors between
    whom the story's links no longer hold.
    """

    question: str = ""
    inject: tuple[Entry, ...] = ()
    without: Mapping[str, str] = {}
    change: tuple[Entry, ...] = ()
    set: Mapping[str, float] = {}
    off: tuple[tuple[str, str], ...] = ()
    reseed: int | None = None

    @property
    def nothing(self) -> bool:
        """True where nothing is supposed."""
        asked = self.inject or self.without or self.change or self.set or self.off
        return not (asked or self.reseed is not None)

    def dump(self) -> str:
        """As canonical JSON, for the log."""
        plain = _Plain(
            self.question,
            [kept(entry) for entry in self.inject],
            dict(self.without),
            [kept(entry) for entry in self.change],
            dict(self.set),
            self.reseed,
            self.off,
        )
        return _ENCODER.encode(plain).decode()

    @staticmethod
    def load(text: str) -> "Supposed":
        """The supposition that `dump` wrote. Raises BadFact for another text."""
        try:
            plain = _DECODER.decode(text)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise BadFact(f"A Supposition in this log does not read as one: {error}.") from None
        return Supposed(
            question=plain.question,
            inject=tuple(map(entry_of, plain.inject)),
            without=plain.without,
            change=tuple(map(entry_of, plain.change)),
            set=plain.set,
            off=plain.off,
            reseed=plain.reseed,
        )


class _Plain(msgspec.Struct):
    question: str
    inject: list[Kept]
    without: dict[str, str]
    change: list[Kept]
    set: dict[str, float]
    reseed: int | None
    off: tuple[tuple[str, str], ...] = ()  # absent in suppositions of before


_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(_Plain)


def amended(timeline: Iterable[Entry], supposed: Supposed) -> tuple[Entry, ...]:
    """A timeline with entries injected and changed, in order. Withheld entries keep their place:
    that they are not told is told at their moment.
    """
    changed = {entry.id: entry for entry in supposed.change}
    entries = [changed.get(entry.id, entry) for entry in timeline]
    return tuple(sorted([*entries, *supposed.inject], key=lambda entry: entry.moment))


def following(timeline: Iterable[Entry], ids: Iterable[str], keep: Collection[str] = ()) -> dict[str, str]:
    """Entries that rest on others, however far, each with why, in the order of the timeline.

    They rest on them by the links of FOLLOWING, by taking them back or being about them, or by
    naming an order, loan or call that they open. What is kept does not count, nor does what rests
    on that alone.
    """
    entries = tuple(timeline)
    openers: dict[tuple[str, str], set[str]] = {}
    for entry in entries:
        if entry.kind in OPENS:
            field = OPENS[entry.kind]
            openers.setdefault((field, getattr(entry.fact, field)), set()).add(entry.id)
    gone = set(ids)
    found: dict[str, str] = {}
    before = -1
    while before < len(found):  # links may lead to what stands later, so until nothing more is found
        before = len(found)
        for entry in entries:
            if entry.id not in gone and entry.id not in keep:
                why = _rests(entry, gone, openers)
                if why is not None:
                    found[entry.id] = why
                    gone.add(entry.id)
    return {entry.id: found[entry.id] for entry in entries if entry.id in found}


def _rests(entry: Entry, gone: set[str], openers: Mapping[tuple[str, str], set[str]]) -> str | None:
    """The reason why an entry cannot be told when the entries in `gone` are not; None where it can."""
    for link in entry.links:
        if link.kind in FOLLOWING and link.id in gone:
            return f"it {link.kind} {link.id}"
    named = getattr(entry.fact, "of", None)
    if named in gone:
        verb = "is about" if isinstance(entry.fact, Report) else "takes back"
        return f"it {verb} {named}"
    for field in OPENS.values():
        name = getattr(entry.fact, field, None) if OPENS.get(entry.kind) != field else None
        opened = openers.get((field, name)) if name is not None else None
        if opened and opened <= gone:
            return f"it is of the {field} that {min(opened)} opens"
    return None


def moved(entry: Entry, seconds: int) -> Entry:
    """An entry told so many seconds later (or earlier, below zero), the dates it sets along with it."""
    return evolve(entry, moment=entry.moment + seconds, fact=postponed(entry.fact, seconds))


def postponed(fact: Fact, seconds: int, but: Collection[str] = ()) -> Fact:
    """A fact with the moments it holds (a due, a default's own) moved by seconds, save those in `but`."""
    told = fact.told and _later(fact.told, seconds, but)
    return evolve(_later(fact, seconds, but), told=told)


def _later(one: Dated, seconds: int, but: Collection[str]) -> Dated:
    dates = [name for name, unit in units(type(one)).items() if unit == "moment" and name not in but]
    held = {name: getattr(one, name) for name in dates}
    return evolve(one, **{name: moment + seconds for name, moment in held.items() if moment is not None})
