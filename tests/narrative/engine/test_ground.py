"""Presuppositions: what a told fact presupposes, and what becomes of it in a branch where that has moved."""

from math import log as ln
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from support.asking import ask
from support.faulty_story import written
from support.lives import lived, moments, next_batch
from support.tiny import DAY, entry, link, story, told

from events.event import Event
from events.facts import Announcement, Order, Payment
from events.fields import Fact
from events.funding_facts import Default, Funding, Loan
from events.log import Log
from events.record_facts import Withheld
from narrative.story.model import Entry, Need
from narrative.whatif.check import check_story

WHEN = 5 * DAY + 9 * 3600


def later(fact: Fact, name: str = "later", **more: Any) -> Entry:
    return evolve(entry(name, WHEN, fact), **more)


def raises(amount: int = 1_000, post_money: int = 9_000, **more: Any) -> Entry:
    fact = Funding(
        company="lab", investor="outside", amount=amount, post_money=post_money, told=told("later")
    )
    return later(fact, **more)


FIRST = entry("first", DAY, Funding(company="lab", investor="outside", post_money=8_000, told=told("first")))


def supposed(kind: str, actor: str, **fields: Any) -> dict[str, Any]:
    """An entry to inject on day three."""
    plain = {"id": "shock", "date": "1970-01-04", "kind": kind, "actor": actor, "headline": "a shock"}
    return {**plain, "source": "supposed", "confidence": "assumption", **fields}


def branch(log: Log, **asked: Any) -> dict[str, Event]:
    """The events of a branch by the entry that they tell or withhold."""
    told_ = ask(log, "b", **asked)
    events = log.read("b", told_["fork_position"] + 1)
    named = ((e.fact.told.entry if e.fact.told else getattr(e.fact, "entry", None), e) for e in events)
    return {name: event for name, event in named if name is not None}


def marked_down(part: float) -> dict[str, Any]:
    """Old shares of the lab change hands at so much of 80 dollars."""
    return supposed("Trade", "outside", counterparty="outside", asset="lab", post_money=80 * part)


# --- who signs --------------------------------------------------------------------------------------


def test_who_is_in_default_signs_nothing_and_may_still_speak() -> None:
    order = later(Order(buyer="lab", seller="cloud", order="o", amount=50, told=told("later")))
    words = later(Announcement(subject="lab", told=told("words")), "words")
    found = branch(lived(story((order, words))), inject=supposed("Default", "lab"))
    assert (found["later"].kind, found["later"].origin) == ("Withheld", "modelled")
    assert found["later"].fact.reason == "lab is in default"  # type: ignore[attr-defined]  # a Withheld's
    assert (found["words"].kind, found["words"].origin) == ("Announcement", "recorded")


def test_an_order_of_somebody_else_at_who_is_in_default_is_not_told_either() -> None:
    order = later(Order(buyer="cloud", seller="lab", order="o", amount=50, told=told("later")))
    found = branch(lived(story((order,))), inject=supposed("Default", "lab"))
    assert found["later"].kind == "Withheld"


# --- who pays ---------------------------------------------------------------------------------------


def pays(amount: int, **more: Any) -> Entry:
    name = more.pop("name", "later")
    return later(Payment(payer="cloud", payee="chips", amount=amount, told=told(name)), name, **more)


def test_nobody_pays_more_than_is_in_the_purse() -> None:
    spent = supposed("Payment", "cloud", counterparty="outside", amount=4)  # dollars, of 5 that it opens with
    found = branch(lived(story((pays(300),))), inject=spent)["later"]
    assert (found.kind, found.origin, getattr(found.fact, "amount", None)) == ("Payment", "modelled", 100)
    assert found.fact.told is not None
    assert found.fact.told.note == "cloud has money for 33 % of it"


def test_an_empty_purse_pays_nothing() -> None:
    spent = supposed("Payment", "cloud", counterparty="outside", amount=5)
    found = branch(lived(story((pays(300),))), inject=spent)["later"]
    assert found.fact.reason == "cloud has not got the money"  # type: ignore[attr-defined]  # a Withheld's


def test_a_purse_that_holds_enough_changes_nothing() -> None:
    spent = supposed("Payment", "cloud", counterparty="outside", amount=2)
    found = branch(lived(story((pays(300),))), inject=spent)["later"]
    assert (found.origin, getattr(found.fact, "amount", None)) == ("recorded", 300)


# --- what bears it ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "amount", "post_money"), [(0.95, 1_000, 9_000), (0.75, 750, 6_750), (0.5, 500, 4_500)]
)
def test_a_round_follows_the_mark_down(part: float, amount: int, post_money: int) -> None:
    found = branch(lived(story((FIRST, raises()))), inject=marked_down(part))["later"]
    assert (getattr(found.fact, "amount", 0), getattr(found.fact, "post_money", 0)) == (amount, post_money)
    assert found.origin == ("recorded" if part > 0.9 else "modelled")


def test_below_half_of_the_recorded_mark_no_round_is_raised() -> None:
    found = branch(lived(story((FIRST, raises()))), inject=marked_down(0.49))["later"]
    assert found.fact.reason == "lab is worth 49 % of what it was on record"  # type: ignore[attr-defined]  # as above


def fell(part: float) -> list[dict[str, Any]]:
    """The cloud and chips, all that is listed, at so much of what they were."""
    step = round(ln(part) * 1e9)
    return [supposed("Repricing", one, lasting=step) | {"id": one} for one in ("cloud", "chips")]


@pytest.mark.parametrize(
    ("part", "amount", "post_money"), [(0.95, 1_000, 9_000), (0.75, 750, 6_750), (0.5, 500, 4_500)]
)
def test_a_round_was_priced_against_what_is_listed(part: float, amount: int, post_money: int) -> None:
    """The lab's own mark is as it was: only markets fell."""
    found = branch(lived(story((FIRST, raises()))), inject=fell(part))["later"]
    assert getattr(found.fact, "amount", 0) == pytest.approx(amount, abs=1)
    assert getattr(found.fact, "post_money", 0) == pytest.approx(post_money, abs=1)


def test_where_markets_lost_more_than_half_no_round_is_raised() -> None:
    found = branch(lived(story((FIRST, raises()))), inject=fell(0.2))["later"]
    assert isinstance(found.fact, Withheld)
    assert found.fact.reason is not None
    assert found.fact.reason.startswith("what is listed is worth ")
    found = branch(lived(story((FIRST, raises(needs=())))), inject=fell(0.2))["later"]
    assert found.kind == "Funding"  # an entry that presupposes nothing


def test_a_bond_of_a_company_that_is_not_quoted_stands_on_what_it_opened_with() -> None:
    bond = later(Loan(borrower="cloud", lender="outside", loan="b", amount=900, told=told("later")))
    fall = supposed("Repricing", "cloud", lasting=round(ln(0.6) * 1e9))
    found = branch(lived(story((bond,))), inject=fall)["later"]
    assert getattr(found.fact, "amount", 0) == 540  # six tenths of 900, the price being that of six tenths


# --- as the entry says --------------------------------------------------------------------------------


def test_an_entry_that_needs_nothing_is_told_whatever_happens() -> None:
    found = branch(lived(story((pays(300, needs=()),))), inject=supposed("Default", "cloud"))["later"]
    assert (found.kind, found.origin) == ("Payment", "recorded")


def test_an_entry_says_at_which_mark_it_is_untold() -> None:
    need = Need(mark="lab", least=0.8)
    found = branch(lived(story((FIRST, raises(needs=(need,))))), inject=marked_down(0.79))["later"]
    assert found.kind == "Withheld"
    need = Need(mark="lab", least=0.8, otherwise="told")
    found = branch(lived(story((FIRST, raises(needs=(need,))))), inject=marked_down(0.79))["later"]
    assert (found.kind, found.origin) == ("Funding", "recorded")


def test_a_result_says_what_is_not_told_what_is_smaller_and_what_stands_on_other_ground() -> None:
    words = later(Announcement(subject="lab", told=told("words")), "words")
    log = lived(story((FIRST, raises(), words, pays(300, name="payment"))))
    said = ask(log, "b", inject=marked_down(0.75))
    assert said["shrunk"] == {"later": "lab is worth 75 % of what it was on record"}
    assert (said["withheld"], said["unsettled"]) == ({}, ["words"])  # the payer is worth what it was


def test_what_rests_on_an_entry_that_was_not_told_is_not_told_either() -> None:
    rests = evolve(
        entry(
            "rests", 7 * DAY, Announcement(subject="cloud", told=told("rests")), (link("follows", "later"),)
        )
    )
    found = branch(lived(story((pays(300), rests))), inject=supposed("Default", "cloud"))
    assert found["rests"].fact.reason == "later, on which it rests, was not told"  # type: ignore[attr-defined]  # as above


# --- laws -----------------------------------------------------------------------------------------------


def test_nothing_recorded_is_dropped_where_nothing_is_supposed() -> None:
    """The very default that takes an entry from a branch takes nothing from the record."""
    default = entry("broke", DAY, Default(debtor="lab", moment=DAY, told=told("broke")))
    log = lived(story((default, raises(), pays(600, name="dear"))))
    assert [e.kind for e in log.read("main") if e.origin == "recorded"][-3:] == [
        "Default",
        "Funding",
        "Payment",
    ]


def test_a_branch_cut_anywhere_goes_on_as_it_did() -> None:
    log = lived(story((FIRST, raises(), pays(300, name="payment"))))
    ask(
        log,
        "b",
        inject=[marked_down(0.6), supposed("Payment", "cloud", counterparty="outside", amount=4, id="spent")],
    )
    digests = [row.digest for row in log.rows("b", 1)]
    for position, _ in moments(log, "b")[1:-1]:
        if position > log.branches()[1].position:
            batch = next_batch(log, "b", position, 100 * DAY)
            assert batch == digests[position : position + len(batch)]


# --- as a file says it ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        ('[{ cash = "lab", mark = "lab" }]', 'a need names "cash" or "mark"'),
        ("[{ least = 0.5 }]", "a need names nothing"),
        ('[{ cash = "lab", least = 0.5 }]', "least stands without mark"),
        ('[{ mark = "lab", least = 1.5 }]', "least is 1.5"),
        ('[{ entry = "plan", otherwise = "shrunk" }]', "nothing says by how much"),
        ('[{ solvent = "labb" }]', 'Did you mean "lab"?'),
    ],
)
def test_a_need_that_is_none_is_a_fault_with_its_line(needs: str, said: str, tmp_path: Path) -> None:
    faults = check_story(written(tmp_path, ("timeline.toml", 'id = "plan"', f'id = "plan"\nneeds = {needs}')))
    assert any(said in str(fault) for fault in faults), [str(fault) for fault in faults]


def test_needs_are_read_off_a_file(tmp_path: Path) -> None:
    good = '[{ mark = "lab", least = 0.7, otherwise = "shrunk" }, { cash = "lab" }]'
    assert (
        check_story(written(tmp_path, ("timeline.toml", 'id = "plan"', f'id = "plan"\nneeds = {good}'))) == ()
    )
