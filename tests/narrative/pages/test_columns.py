"""What a page carries of events: columns of small numbers, and whose money went to whom."""

import json

import pytest
from support.anchored import PRICES, SHARES, anchored
from support.lives import lived
from support.tiny import story, ten_days, told

from events.event import Event
from events.facts import (
    Announcement,
    Cancellation,
    Delivery,
    Investment,
    Order,
    Payment,
    Retraction,
    Sale,
    Trade,
    Writedown,
)
from events.funding_facts import Clearing, Funding, Guarantee, Interest, Loan, Repayment
from events.market_facts import Repricing
from events.record_facts import Endowment, Supposition
from narrative.analysis.compare import match
from narrative.books.flows import Flow, ends, flow, promised
from narrative.pages import columns as page_columns
from narrative.pages.columns import Names, closes, columns, facts, left_open

MONEY = (
    (Announcement(subject="lab", counterparty="cloud", ceiling=7), Flow("lab", "cloud", "announced", 7)),
    (Announcement(subject="lab", ceiling=7), Flow("lab", "outside", "announced", 7)),
    (Retraction(subject="lab", counterparty="cloud", ceiling=7), Flow("lab", "cloud", "announced", -7)),
    (Order(buyer="lab", seller="cloud", order="o", amount=5), Flow("lab", "cloud", "committed", 5)),
    (Order(buyer="lab", seller="cloud", order="o", ceiling=5), Flow("lab", "cloud", "announced", 5)),
    (Delivery(seller="cloud", buyer="lab", order="o", amount=3), Flow("lab", "cloud", "delivered", 3)),
    (Payment(payer="lab", payee="cloud", amount=2), Flow("lab", "cloud", "paid", 2)),
    (Sale(seller="cloud", amount=2), Flow("outside", "cloud", "paid", 2)),
    (Funding(company="lab", investor="chips", amount=9), Flow("chips", "lab", "paid", 9)),
    (Loan(borrower="lab", lender="bank", loan="l", amount=4), Flow("bank", "lab", "paid", 4)),
    (Repayment(borrower="lab", lender="bank", loan="l", amount=4), Flow("lab", "bank", "paid", 4)),
    (Investment(investor="chips", company="lab", amount=6), Flow("chips", "lab", "paid", 6)),
    (Trade(seller="lab", buyer="chips", asset="cloud", amount=6), Flow("chips", "lab", "paid", 6)),
    (Cancellation(buyer="lab", seller="cloud", order="o", amount=5), Flow("lab", "cloud", "committed", -5)),
    (Clearing(payer="lab", payee="bank", amount=3), Flow("lab", "bank", "paid", 3)),
    (Delivery(seller="cloud", unattributed=3), Flow("outside", "cloud", "delivered", 3)),
    (Interest(borrower="lab", lender="bank", loan="l", amount=1), None),
    (Endowment(holder="lab", cash=9), None),
    (Guarantee(guarantor="lab", beneficiary="bank", ceiling=9), None),
    (Announcement(subject="lab"), None),
    (Repricing(asset="lab", fast=1), None),
)


@pytest.mark.parametrize(("fact", "expected"), MONEY)
def test_an_arrow_runs_from_who_gives_money_to_who_gets_it(fact, expected):
    assert flow(fact) == expected


def test_who_gives_and_who_gets_is_known_without_a_sum():
    assert ends(Funding(company="lab", investor="chips")) == ("chips", "lab")
    assert ends(Interest(borrower="lab", lender="bank", loan="l", amount=1)) == ("lab", "bank")
    assert ends(Repricing(asset="lab")) == ("lab", None)
    assert ends(Supposition(text="{}")) == (None, None)


def event(position, moment, fact, causes=(), origin="modelled"):
    return Event(position, moment, type(fact).__name__, origin, "lab", causes, fact, b"")


def test_what_is_taken_back_is_taken_back_between_those_to_whom_it_was_promised():
    word = Announcement(subject="lab", counterparty="cloud", ceiling=7, told=told("word"))
    back = Retraction(subject="lab", of="word", ceiling=7)
    events = [event(1, 0, word), event(2, 1, back)]
    names = Names()
    found = columns(events, names, promised(events))
    assert found["to"] == [names.numbers["cloud"]] * 2
    assert found["amount"] == [7, -7]
    assert promised(events) == {"word": ("lab", "cloud")}
    alone = columns([event(2, 1, back)], names, {})
    assert alone["to"] == [names.numbers["outside"]]


def test_an_opening_balance_shows_its_sum_and_shares_are_no_money():
    opened = Endowment(holder="lab", cash=9)
    held = Endowment(holder="lab", asset="cloud", shares=9)
    lost = Writedown(holder="bank", asset="lab", loan="l", credit=4)
    found = columns([event(1, 0, opened), event(2, 0, held), event(3, 0, lost)], Names())
    assert found["amount"] == [9, None, 4]


def test_moments_are_steps_and_causes_count_back():
    events = [
        event(8, 100, Announcement(subject="lab"), origin="recorded"),
        event(9, 160, Repricing(asset="cloud", fast=4, slow=-1, lasting=2), (8,)),
        event(10, 160, Payment(payer="lab", payee="outside", amount=6), (8, 9)),
    ]
    names = Names()
    found = columns(events, names)
    assert found["moment"] == [100, 60, 0]
    assert found["causes"] == [0, 1, [2, 1]]
    assert found["origin"] == [0, 1, 1]
    assert found["amount"] == [None, 5, 6]
    assert found["rung"] == [-1, -1, 2]
    assert list(names.numbers) == ["lab", "cloud", "outside"]
    assert (found["from"], found["to"]) == ([0, 1, 0], [-1, -1, 2])


def test_what_was_told_stands_once_and_is_all_there(monkeypatch):
    monkeypatch.setattr(page_columns, "FIELDS", 1)
    words = Names()
    tell = told("words", tone=1.0)
    events = [
        event(1, 0, Announcement(subject="lab", told=tell)),
        event(2, 0, Announcement(subject="cloud", told=tell)),
        event(3, 0, Sale(seller="cloud", amount=1)),
        event(4, 0, Sale(seller="cloud", amount=2)),
        event(5, 0, Announcement(subject="lab", told=tell)),
    ]
    found, left = facts(events, words)
    assert sorted(found) == [1, 2, 3, 5]
    assert left == 1
    assert len(words.numbers) == 1
    assert json.loads(next(iter(words.numbers)))["headline"] == "words"
    assert found[3] == {"seller": "cloud", "amount": 1}


def test_a_whole_story_is_not_carried_twice():
    found, _ = facts(lived(ten_days()).read(), Names())
    assert "text" not in found[1]
    assert story(()).title not in json.dumps(found[1])


def test_a_fact_of_the_main_line_is_not_carried_again():
    main = [event(7, 50, Sale(seller="cloud", amount=1))]
    branch = [event(9, 50, Sale(seller="cloud", amount=1)), event(10, 60, Sale(seller="cloud", amount=1))]
    found, _ = facts(branch, Names(), {match(one): one.position for one in main})
    assert found == {9: 7, 10: {"seller": "cloud", "amount": 1}}


def test_closes_and_what_they_leave_open_stand_in_columns_and_carry_no_facts():
    log = lived(anchored())
    events = list(log.read())
    named = {e.position: e for e in events if e.kind in ("Quote", "Residual")}
    assert not named.keys() & facts(events, Names())[0].keys()
    column = closes(events, 0, 10**8)["cloud"]
    positions = [sum(column["at"][: i + 1]) for i in range(len(column["at"]))]
    mine = [p for p, e in named.items() if e.kind == "Quote" and e.fact.asset == "cloud"]
    assert positions == mine
    paid = {day: found["cloud"] for day, found in PRICES.items() if "cloud" in found}
    prices = list(paid.values())
    shares = {day: SHARES["cloud"] * (2 if day == 9 else 1) for day in paid}  # split on that day
    assert column["is"] == [price * shares[day] / 10**8 for day, price in paid.items()]
    assert "index" not in closes(events, 0, 1)  # it has no shares
    later = closes(events, mine[1], 10**8)["cloud"]
    assert later["at"][0] == mine[2]
    assert later["is"] == column["is"][2:]
    parts = left_open(events)
    assert parts.keys() == {p for p, e in named.items() if e.kind == "Residual"}
    for position, found in parts.items():
        assert sum(found) == pytest.approx(named[position].fact.gap / 1000, abs=2)
    amounts = columns(events, Names())["amount"]
    assert [amounts[p - 1] for p in mine] == prices
