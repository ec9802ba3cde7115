"""One event as a sentence: its kind's form filled with names, sums and dates as people write them."""

import re
from collections.abc import Callable, Mapping, Sequence
from math import inf
from types import MappingProxyType
from typing import Any

from attrs import fields

from events.event import Event
from events.facts import Note
from events.fields import Fact, named, units
from events.market_facts import PolicyRate, Quote, Repricing
from events.record_facts import Endowment, Result, Supposition, Withheld
from narrative.books.readings import whole_step
from narrative.books.table import unit_of
from narrative.prose.kinds import KINDS
from narrative.prose.moving import on_rungs
from narrative.prose.names import Names
from narrative.story.model import INDEX, Story
from narrative.story.rounds import priced_since
from narrative.story.supposition import Supposed
from narrative.text.numbers import change, count, money, simple
from narrative.text.words import clean, listed, sentence

_HOLE = re.compile(r"\{(\w+)\}")
_OPTION = re.compile(r"\[([^\]]*)\]")
# What is said of a sum that a headline told, by how sure it was: with a sum, and without.
STATUSES = {
    "firm": ("Agreed and not yet paid: {sum}, counted as announced.", ""),
    "ceiling": ("At most {sum}, counted as announced.", ""),
    "intention": ("An intention: {sum}, counted as announced.", "An intention."),
    "reported": ("Reported, not confirmed: {sum}, counted as announced.", "Reported, not confirmed."),
    "denied": ("Denied: {sum}, counted as announced all the same.", "Denied."),
    "withdrawn": ("Withdrawn: {sum} had been announced.", "Withdrawn since."),
}
DOUBTS = {"low": "The source is weak.", "assumption": "This is an assumption."}


class Speech:
    """The words for one story's events, with its names, money and calendar."""

    def __init__(self, story: Story, left: Mapping[bytes, int] = MappingProxyType({})) -> None:
        """`left` is what is left of a call after an event, by digest of the event: see `left_of_calls`."""
        self.story = story
        self._left = left
        self.names = Names(story)
        self.unit: Mapping[str, object] = story.money.plain
        self._write: Mapping[str, Callable[[int], str]] = {
            "money": self.money,
            "shares": shares,
            "moment": self.day,
            "rate": lambda value: f"{value / 100:g} %",
            "ln": lambda value: change(simple(value)),
        }
        self._priced = priced_since(story)
        self._indices = {actor.id for actor in story.actors if INDEX in actor.roles}
        self._headlines = {
            entry.id: entry.fact.told.headline for entry in story.entries if entry.fact.told is not None
        }

    def money(self, value: float | None) -> str:
        """A sum as people write it."""
        return money(value, self.unit)

    def day(self, moment: int) -> str:
        """A day of the story's calendar: 10 September 2025."""
        return self.story.calendar.long_day(moment)

    def told(self, event: Event) -> str:
        """An event in one sentence: the words it was told in, or its kind's own."""
        return sentence(self.plain(event))

    def whose(self, asset: str, moment: int, name: str | None = None) -> str:
        """Whose price moves: the company, or its next round while its value is a register, which news cannot
        move; `name` is what to call it.
        """
        called = name or self.names(asset)
        return called if moment >= self._priced.get(asset, inf) else f"{called}'s next round"

    def plain(self, event: Event) -> str:
        """The words of `told` without capital and full stop, so that others may stand before them."""
        fact = event.fact
        if fact.told is not None and not isinstance(fact, Endowment | Note | Result):
            headline = clean(fact.told.headline)
            return self.lessened(event) if lessened(event) else headline or self.formed(fact)
        if isinstance(fact, Repricing) and step_of(fact):
            return self.formed(fact, asset=self.whose(fact.asset, event.moment))
        left = self._left.get(event.digest)
        return self.formed(fact, left=self.money(left)) if left else self.formed(fact)

    def lessened(self, event: Event) -> str:
        """A fact that this history tells smaller than the record: what is so here, why, and the headline."""
        told = event.fact.told
        assert told is not None
        why = f": {clean(told.note)}" if told.note else ""
        beside = f"told smaller than recorded{why}; as recorded: {clean(told.headline)}"
        return f"{self.formed(event.fact)} ({beside})"

    def formed(self, fact: Fact, **instead: str) -> str:
        """A fact in the words of its kind; `instead` are other words for its fields."""
        kind = KINDS[type(fact).__name__]
        return self._first(kind.forms, self._known(fact) | instead) or kind.one

    def short(self, event: Event, **instead: str) -> str:
        """An event in the few words of its kind, without sums; `instead` are other words for its fields."""
        fact, kind = event.fact, KINDS[event.kind]
        known = {"actor": self.names(event.actor, acts=True)} | self._known(fact) | instead
        if isinstance(fact, Supposition):
            known["question"] = clean(Supposed.load(fact.text).question)
        if isinstance(fact, Endowment):
            held = (name for name in units(Endowment) if getattr(fact, name) is not None)
            known["balance"] = next(held, "").replace("_", " ")
        return self._first(kind.short, known) or kind.one

    def weight(self, event: Event) -> str:
        """Sentences on a told event: what the books take of it, how firm and how sure; empty where plain."""
        fact, told = event.fact, event.fact.told
        if told is None:
            return ""
        said = []
        status = told.status
        stands = next(((rung, amount) for rung, amount in on_rungs(fact) if amount > 0), None)
        known = self._known(fact)
        books = KINDS[event.kind].books
        if books and all(known.get(name) for name in _HOLE.findall(books)):
            said += [STATUSES[status][1], self._filled(books, known)]
        elif stands is None:
            said.append(STATUSES[status][1])
        elif stands[0] == "announced":
            said.append(STATUSES[status][0].format(sum=self.money(stands[1])))
        else:
            said.append(f"{stands[0].capitalize()}: {self.money(stands[1])}.")
        if told.known is not None and self.day(told.known) != self.day(event.moment):
            said.append(f"It became known on {self.day(told.known)}.")
        if unsurprising(event):
            said.append("That it surprised nobody is an assumption.")
        if told.confidence in DOUBTS:
            said.append(DOUBTS[told.confidence])
        return " ".join(filter(None, said))

    def done(self, events: Sequence[Event]) -> str:
        """The events of one act in words, naming each acting party once."""
        groups: list[tuple[str, list[str]]] = []
        for event in events:
            first = event.fact.parties[0] if event.fact.parties else ""
            who = self.names(getattr(event.fact, first), first, acts=True) if first else ""
            text = self.plain(event)
            leads = bool(who) and text.startswith(f"{who} ")  # others may stand first: customers pay a seller
            if groups and leads and groups[-1][0] == who:
                groups[-1][1].append(text.removeprefix(f"{who} "))
            else:
                groups.append((who if leads else "", [text]))
        return "; ".join(listed(texts) for _, texts in groups)

    def on_record(self, event: Event) -> bool:
        """True where the story's record has an entry of the id that an event was told under."""
        return event.fact.told is not None and event.fact.told.entry in self._headlines

    def supposed(self, event: Event) -> str:
        """A sentence with the question that a supposition asks."""
        assert isinstance(event.fact, Supposition)
        asked = Supposed.load(event.fact.text)
        question = clean(asked.question)
        return f"Here another course is supposed. {question}" if question else self.told(event)

    def _known(self, fact: Fact) -> dict[str, str]:
        known = {}
        first = fact.parties[0] if fact.parties else ""
        for name in (attribute.name for attribute in fields(type(fact))):
            value = getattr(fact, name)
            if value is not None and name != "told":
                known[name] = self._written(fact, name, value, acts=name == first)
        if isinstance(fact, Repricing):
            step = step_of(fact)
            known |= {"moves": moves(step), "change": change(step) if step else ""}
            known["lasts"] = self.money(lasts(fact)) if lasts(fact) else ""
        if isinstance(fact, Quote):
            known["price"] = self._close(fact)
        if isinstance(fact, Withheld):
            known["untold"] = clean(self._headlines.get(fact.entry, ""))
        return {name: text for name, text in known.items() if text}

    def _written(self, fact: Fact, name: str, value: Any, *, acts: bool) -> str:
        if named(type(fact)).get(name) == "actor":
            return self.names(value, name, acts=acts)
        write = self._write.get(unit_of(fact, name) or "")
        return clean(str(value)) if write is None else write(value)

    def _close(self, fact: Quote) -> str:
        """A close to the cent; of an index its level, which is no money."""
        if fact.asset in self._indices:
            return f"{fact.price / 100:,.2f}"
        return money(fact.price, self.unit, figures=6)

    def _first(self, forms: Sequence[str], known: Mapping[str, str]) -> str:
        """The first of the forms whose plain fields are all known, filled in; empty where none is."""
        for form in forms:
            if all(known.get(name) for name in _HOLE.findall(_OPTION.sub("", form))):
                return self._filled(form, known)
        return ""

    def _filled(self, form: str, known: Mapping[str, str]) -> str:
        def option(found: "re.Match[str]") -> str:
            return found[1] if all(name in known for name in _HOLE.findall(found[1])) else ""

        return _HOLE.sub(lambda hole: known[hole[1]], _OPTION.sub(option, form))


def lessened(event: Event) -> bool:
    """Whether an entry of the record is told smaller here: its words are then of another history. Nobody
    else tells a modelled fact in the words of a source.
    """
    return event.origin == "modelled" and event.fact.told is not None


def unsurprising(event: Event) -> bool:
    """True for a rate decision that is only assumed to have surprised nobody: expectations are unknown."""
    fact = event.fact
    note = fact.told.note if fact.told is not None else None
    return isinstance(fact, PolicyRate) and not fact.surprise and "assum" in (note or "")


def shares(number: int) -> str:
    """A number of shares: 850, 69 m, 1.2 bn."""
    return money(number, {}) if number >= 1_000_000 else count(number)


def step_of(fact: Fact) -> float:
    """The simple return of a repricing; 0 where only a mark was set."""
    return simple(whole_step(fact)) if isinstance(fact, Repricing) else 0.0


def lasts(fact: Fact) -> int:
    """How much of a value a repricing that does not move it turns from belief into lasting value."""
    if not isinstance(fact, Repricing) or step_of(fact) or not fact.lasting or not fact.value:
        return 0
    return round(simple(fact.lasting) * fact.value)


def moves(step: float) -> str:
    """A step of a price in words; empty for none."""
    if not step:
        return ""
    if abs(step) < 0.0005:
        return "barely moves"
    return f"{'gains' if step > 0 else 'loses'} {by(step)}"


def by(step: float) -> str:
    """How far a price moved, whichever way: 1.3 %."""
    return f"{abs(step) * 100:.1f} %".replace(".0 %", " %")
