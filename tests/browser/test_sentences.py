"""The page says of an event what the short sentence of its kind says."""

import json

import pytest
from support.every_kind import variants
from support.tiny import ten_days

from events.codec import encode
from events.event import Event
from events.facts import KINDS
from events.market_facts import Repricing
from narrative.pages.columns import Names, columns
from narrative.prose.sentences import Speech, step_of
from narrative.text.words import capital

SPEECH = Speech(ten_days())
QUESTION = "What if it rained?"


def on_page(event, *, whole):
    """An event as the page's scripts have it; without its fact where the page does not carry it whole."""
    names = Names()
    row = {name: column[0] for name, column in columns([event], names).items()}
    named = {number: name for name, number in names.numbers.items()}
    plain = {name: value for name, value in json.loads(encode(event.fact)).items() if value is not None}
    return {
        "position": 1, "moment": 0, "kind": event.kind, "origin": event.origin, "actor": event.actor,
        "from": named.get(row["from"]), "to": named.get(row["to"]), "rung": None, "amount": row["amount"],
        "fact": plain if whole else None, "of": {"question": QUESTION}, "told": None,
    }  # fmt: skip  # one row


def short(event):
    """The sentence as Python has it: where a private company's price moves, it is that of its next round."""
    fact = event.fact
    moved = isinstance(fact, Repricing) and step_of(fact)
    return capital(
        SPEECH.short(event, **({"asset": SPEECH.whose(fact.asset, event.moment)} if moved else {}))
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_says_the_short_sentence_of_a_fact(reader, tiny_page, kind):
    reader.open(tiny_page)
    for name, fact in variants(KINDS[kind]):
        event = Event(1, 0, kind, "modelled", "chips", (), fact, b"")
        said = reader.js("return narrative.gist(arguments[0])", on_page(event, whole=True))
        assert said == (fact.text if kind == "Note" else short(event)), name


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"Note", "Withheld", "Endowment"}))
def test_of_a_fact_that_the_page_does_not_carry_whole_it_says_who_and_whom(reader, tiny_page, kind):
    reader.open(tiny_page)
    known = dict(variants(KINDS[kind]))
    fact = known.get("rises") or known["firm"]
    event = Event(1, 0, kind, "modelled", "chips", (), fact, b"")
    said = reader.js("return narrative.gist(arguments[0])", on_page(event, whole=False))
    whole = short(event).split()
    assert [word for word in whole if word in said.split()] == said.split()
    assert "someone" not in said
