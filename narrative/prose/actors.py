"""The cast list of a history, with what each actor held when it opened."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import attrs

from events.event import Event
from events.record_facts import Endowment, OpenLoan
from narrative.analysis.circle import parties
from narrative.prose.items import OPENING
from narrative.prose.names import months
from narrative.prose.parts import Notes, Sentence
from narrative.prose.sentences import Speech, shares
from narrative.story.calendar import MONTHS
from narrative.story.model import Actor
from narrative.text.words import clean, listed, roles, sentence, several

_DATE = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])-(\d\d)\b")
CAST = 18  # actors told of
BALANCES = (
    ("value", "a market value of {}"),
    ("post_money", "a value of {} at its last round"),
    ("cash", "cash of {}"),
    ("debt", "debt of {}"),
    ("margin", "{} owed on pledged shares"),
    ("backlog", "orders in hand of {}"),
    ("stake", "{} shares of {}"),
    ("pledged", "{} shares of {} pledged"),
    ("rate", "a rate of {}"),
)  # an account and how it is told


def cast_list(speech: Speech, notes: Notes, events: Sequence[Event]) -> list[dict[str, Any]]:
    """The cast as plain data, actors of most events first, with what each held at the opening."""
    seen = Counter(
        party for e in events if not isinstance(e.fact, OPENING) for party in parties(e.fact) if party
    )
    actors = sorted(speech.story.actors, key=lambda actor: -seen[actor.id])
    endowed = [e for e in events if isinstance(e.fact, Endowment)]
    owed = [e for e in events if isinstance(e.fact, OpenLoan)]
    found = []
    terms: dict[str, str] = {}
    for actor in actors[:CAST]:
        mine = [e for e in endowed if e.actor == actor.id]
        loans = [e for e in owed if e.actor == actor.id]
        found.append(
            {
                "actor": actor.id,
                "name": clean(actor.name),
                "roles": roles(actor.roles),
                "note": dated(clean(actor.note or "")),
                "sentences": [
                    attrs.asdict(s)
                    for s in (*_holds(speech, notes, actor, mine), *_owes(speech, notes, loans, terms))
                ],
            }
        )
    return found


def dated(text: str) -> str:
    """A text with its ISO dates as a newspaper writes them."""
    return _DATE.sub(lambda found: f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}", text)


def _holds(speech: Speech, notes: Notes, actor: Actor, endowed: Sequence[Event]) -> list[Sentence]:
    held = []
    told = []
    for account, form in BALANCES:
        for event in endowed:
            value = getattr(event.fact, account)
            told += [event] if value else []
            if isinstance(event.fact, Endowment) and value is not None and account in ("pledged", "stake"):
                held.append(form.format(shares(value), speech.names(event.fact.asset or "")))
            elif value and account == "rate":
                held.append(form.format(f"{value / 100:g} %"))
            elif value:
                held.append(form.format(speech.money(value)))
    said = []
    if held:
        doubts = {event.fact.told.confidence for event in endowed if event.fact.told}
        text = f"Opens with {listed(held)}"
        if doubts == {"assumption"}:
            text += ": all of it assumed"
        elif doubts & {"low", "assumption"}:
            text += "; part of this rests on weak sources"
        said.append(
            Sentence(sentence(text), "recorded", notes.together(told), tuple(e.position for e in endowed))
        )
    known = {name for event in endowed for name, _ in BALANCES if getattr(event.fact, name) is not None}
    blank = [b.account.replace("_", " ") for b in actor.opening if b.unknown and b.account not in known]
    blank = [
        {"shares": "number of shares", "stake": "stakes"}.get(name, name) for name in dict.fromkeys(blank)
    ]
    if blank and known - {"rate"}:
        said.append(Sentence(sentence(f"Not known: {listed(blank)}")))
    return said


def _owes(speech: Speech, notes: Notes, loans: Sequence[Event], terms: dict[str, str]) -> list[Sentence]:
    """Of whom falls due what, and when; terms that were told of another before, by its name alone."""
    facts = [event.fact for event in loans if isinstance(event.fact, OpenLoan)]
    if not facts:
        return []
    much = speech.money(sum(fact.amount for fact in facts))
    rates = listed(f"{rate / 100:g} %" for rate in sorted({fact.rate for fact in facts}))
    due = [fact.due for fact in facts]
    when = months(speech.story.calendar, min(due), max(due))
    text = f"at {rates} a year falls due {when}, as {several(len(facts), 'loan')}"
    if {fact.told.confidence for fact in facts if fact.told} == {"assumption"}:
        text += ": rate and terms are assumed"
    whose = terms.setdefault(text, loans[0].actor)
    if whose != loans[0].actor:
        text = f"falls due on the same terms as that of {speech.names(whose)}"
    text = f"Of the debt, {much} {text}"
    return [Sentence(sentence(text), "recorded", notes.together(loans), tuple(e.position for e in loans))]
