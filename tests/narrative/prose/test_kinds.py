"""Every kind of fact can be told, in English, with what is known of it and nothing else."""

import re

import pytest
from attrs import evolve, fields
from support.tiny import story

from events.books.accounts import posted
from events.event import Event
from events.facts import KINDS as FACTS
from events.facts import Delivery, Investment, Order
from events.fields import Told
from events.funding_facts import Guarantee, Loan, MarginCall, Pledge
from events.market_facts import PolicyRate, Repricing
from narrative.books.table import RUNGS, TABLE
from narrative.prose.kinds import KINDS
from narrative.prose.sentences import Speech

DAY = 86_400
TEXTS = {"story", "edition", "model", "cast", "text", "reason", "process", "kind"}
# Made of a repricing's parts, of the entry withheld, and of a call that is met in part.
SAYS_IT_ITSELF = {"moves", "lasts", "untold", "left"}


def made(kind, *, full):
    """A fact of a kind with all its fields, or only those it cannot be without."""
    values = {}
    for field in fields(FACTS[kind]):
        name = field.name
        if name == "told" or (field.default is None and not full):
            continue
        if name in (*FACTS[kind].parties, "asset", "purse"):
            values[name] = "cloud" if name == FACTS[kind].parties[:1] else "lab"
        elif name in TEXTS or field.type is str or "str" in str(field.type):
            values[name] = "words"
        else:
            values[name] = 700_000
    return FACTS[kind](**values)


@pytest.fixture
def speech():
    return Speech(story(()))


def test_no_kind_lacks_its_sentence_and_none_is_told_that_is_none():
    assert set(KINDS) == set(FACTS)
    assert len(KINDS) == 48


@pytest.mark.parametrize("kind", FACTS)
def test_what_a_form_asks_for_is_a_field_of_its_kind(kind):
    names = {field.name for field in fields(FACTS[kind])}
    for form in (*KINDS[kind].forms, KINDS[kind].books):
        assert set(re.findall(r"\{(\w+)\}", form)) <= names | SAYS_IT_ITSELF
        assert form.count("[") == form.count("]")


@pytest.mark.parametrize("kind", FACTS)
@pytest.mark.parametrize("full", [True, False])
def test_a_fact_with_all_or_with_the_least_has_a_sentence(speech, kind, full):
    text = speech.formed(made(kind, full=full))
    assert len(text) > 8
    assert not re.search(r"[{}\[\]]|None|  | ,|_|\ba [aeiou]", text)


def test_sums_days_and_rates_are_written_as_people_write_them(speech):
    told = Loan(borrower="cloud", lender="outside", loan="x", amount=120_000_000_000, rate=925)
    assert speech.formed(told) == "Cloud borrows $1.2 bn from outside lenders at 9.25 % a year"
    call = MarginCall(lender="lab", borrower="founder", loan="x", call="y", amount=5_000, due=40 * DAY)
    assert speech.formed(call) == ("Lab calls for $50 from Founder, and wants it by 10 February 1970")
    pledge = Pledge(pledger="founder", lender="outside", asset="cloud", shares=69_000_000)
    assert speech.formed(pledge) == "Founder pledges 69 m shares of Cloud to outside lenders"


def test_the_first_form_whose_fields_are_known_is_taken(speech):
    firm = Order(buyer="lab", seller="chips", order="o", amount=2_000)
    most = Order(buyer="lab", seller="chips", order="o", ceiling=2_000)
    neither = Order(buyer="outside", seller="chips", order="o")
    assert speech.formed(firm) == "Lab orders $20 of capacity from Chips"
    assert speech.formed(most) == "Lab agrees to order up to $20 of capacity from Chips"
    assert (
        speech.formed(neither) == "an outside buyer places an order with Chips, for a sum that is not given"
    )


def test_a_repricing_says_which_way_and_how_far(speech):
    up = Repricing(asset="cloud", fast=100_000_000, lasting=50_000_000)  # ln 0.15 is 16.18 %
    down = Repricing(asset="cloud", slow=-100_000_000)  # ln -0.1 is -9.52 %
    assert speech.formed(up) == "Cloud gains 16.2 %"
    assert speech.formed(down) == "Cloud loses 9.5 %"
    kept = Repricing(asset="cloud", fast=-10_000_000, slow=-90_000_000, lasting=100_000_000, value=2_000)
    assert speech.formed(kept) == "$2.1 of belief in Cloud becomes lasting value"  # e**0.1 - 1 of $20
    assert "new price" in speech.formed(Repricing(asset="cloud", log_mark=5))


def event(fact):
    return Event(1, 0, type(fact).__name__, "recorded", "x", (), fact, b"")


def told(**more):
    return Told(**{"entry": "e", "headline": "Words.", "source": "s", "confidence": "high"} | more)


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("ceiling", "At most $20, counted as announced."),
        ("intention", "An intention: $20, counted as announced."),
        ("reported", "Reported, not confirmed: $20, counted as announced."),
        ("denied", "Denied: $20, counted as announced all the same."),
        ("withdrawn", "Withdrawn: $20 had been announced."),
        ("firm", "Agreed and not yet paid: $20, counted as announced."),
    ],
)
def test_how_firm_a_sum_is_stands_in_the_wording(speech, status, says):
    fact = Investment(investor="chips", company="lab", ceiling=2_000, told=told(status=status))
    assert speech.weight(event(fact)) == says


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("firm", ""),
        ("ceiling", ""),
        ("intention", "An intention."),
        ("reported", "Reported, not confirmed."),
        ("denied", "Denied."),
        ("withdrawn", "Withdrawn since."),
    ],
)
def test_how_firm_it_is_is_said_where_no_sum_is_known(speech, status, says):
    fact = Investment(investor="chips", company="lab", told=told(status=status))
    assert speech.weight(event(fact)) == says


def test_a_firm_sum_is_said_on_its_rung(speech):
    assert speech.weight(event(Order(buyer="lab", seller="chips", order="o", amount=2_000, told=told()))) == (
        "Committed: $20."
    )
    assert (
        speech.weight(event(Delivery(seller="chips", unattributed=2_000, told=told()))) == "Delivered: $20."
    )


@pytest.mark.parametrize(
    ("confidence", "says"),
    [("low", "The source is weak."), ("assumption", "This is an assumption."), ("high", "")],
)
def test_a_doubtful_source_is_said_to_be_one(speech, confidence, says):
    fact = Order(buyer="lab", seller="chips", order="o", told=told(confidence=confidence))
    assert speech.weight(event(fact)) == says


def test_a_surprise_that_nobody_knows_is_an_assumption(speech):
    unknown = PolicyRate(bank="lab", rate=400, surprise=0, told=told(note="Surprise 0 is an assumption."))
    known = PolicyRate(bank="lab", rate=400, surprise=0, told=told(note="Futures had it so."))
    assert speech.weight(event(unknown)) == "That it surprised nobody is an assumption."
    assert speech.weight(event(known)) == ""


@pytest.mark.parametrize("kind", FACTS)
@pytest.mark.parametrize("left", ["amount", "ceiling"])
def test_no_sum_is_said_to_stand_on_a_rung_that_its_postings_do_not_reach(speech, kind, left):
    """A loan is not paid, and a guarantee is not announced: neither posts there."""
    fact = made(kind, full=True)
    names = {field.name for field in fields(type(fact))}
    if {"amount", "ceiling"} <= names:
        fact = evolve(fact, **{left: None})
    if "told" not in names or kind in ("Retraction", "Cancellation", "Lapse"):  # what takes back says so
        return
    fact = evolve(fact, told=told(status="firm" if getattr(fact, "amount", None) else "reported"))
    rungs = {account for account, _, _ in posted(TABLE.rows(kind), fact)} & set(RUNGS)
    text = speech.weight(event(fact))
    said = {rung for rung in RUNGS if f"{rung.capitalize()}:" in text or f"counted as {rung}" in text}
    assert said <= rungs, text
    assert bool(said) == bool(rungs), text


def test_what_is_lent_is_borrowed_and_what_is_guaranteed_is_not_announced(speech):
    loan = Loan(borrower="lab", lender="outside", loan="l", amount=2_000, told=told())
    assert speech.weight(event(loan)) == "Borrowed: $20."
    promise = Guarantee(guarantor="lab", beneficiary="cloud", ceiling=2_000, told=told(status="reported"))
    assert speech.weight(event(promise)) == "Reported, not confirmed. Guaranteed: up to $20."
