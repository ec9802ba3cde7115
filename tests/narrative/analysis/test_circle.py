"""Turns found in small logs written by hand."""

import pytest
from attrs import evolve
from support.every_kind import variants
from support.lives import lived
from support.tiny import DAY, entry, link, story, told

from events.books.accounts import posted
from events.event import Event
from events.facts import (
    KINDS,
    Announcement,
    Cancellation,
    Delivery,
    Investment,
    Order,
    Payment,
    Sale,
    Trade,
    Writedown,
)
from events.funding_facts import Clearing, Funding, Interest, Loan, MarginCall, Repayment
from narrative.analysis.circle import Taken, Turn, in_cash, in_order, rung, table, turns, whole
from narrative.books.table import TABLE

WORDS = entry(
    "words",
    DAY,
    Announcement(subject="lab", counterparty="cloud", ceiling=900, told=told("words", status="intention")),
)
ORDER = entry("order", DAY, Order(buyer="lab", seller="cloud", order="order", amount=900, told=told("order")))
RAISE = entry(
    "raise", 9 * DAY, Funding(company="lab", investor="outside", amount=50, told=told("raise")),
    (link("follows", "back"),),
)  # fmt: skip
BACK = entry("back", 5 * DAY, Investment(investor="chips", company="lab", amount=70, told=told("back")))
# The tiny circle: 1 a lab announces or orders from a cloud, 2 the lab raises, 3 chips invest back.


def found(*entries):
    tale = story(tuple(entries))
    log = lived(tale, cast="none")
    return tale, turns(tale, list(log.read("main")))


PLAIN = entry("plain", 9 * DAY, Funding(company="lab", investor="outside", amount=50, told=told("plain")))
LATE = entry("late", 12 * DAY, Investment(investor="chips", company="lab", amount=70, told=told("late")))


def drawn(kind: str, name: str, basis: str = "source"):
    return evolve(link(kind, name), basis=basis)


TIED = evolve(PLAIN, links=(drawn("follows", "order"),))
LAST = evolve(LATE, links=(drawn("follows", "plain"),))


def paid(name: str, day: int, amount: int):
    payment = Payment(payer="lab", payee="cloud", order="order", amount=amount, told=told(name))
    return entry(name, day * DAY, payment)


def test_a_turn_whose_steps_follow_one_another_is_in_order() -> None:
    _, (turn,) = found(ORDER, PLAIN, LATE)
    assert [(t.step, t.bond) for t in turn.taken] == [(1, "start"), (2, "party"), (3, "party")]
    assert in_order(turn)


def test_a_turn_with_an_order_closes_in_cash_once_all_of_the_order_is_paid() -> None:
    for payments, closed in (((), False), ((899,), False), ((300, 600), True)):
        _, (turn,) = found(
            ORDER, TIED, LAST, *(paid(f"paid-{i}", 20 + i, amount) for i, amount in enumerate(payments))
        )
        assert in_order(turn)
        assert in_cash(turn) is closed
        assert [t.paid for t in turn.taken] == [closed, True, True]


def test_steps_that_only_share_a_party_make_no_turn_whole_however_much_is_paid() -> None:
    for second, third, tied in ((PLAIN, LATE, False), (TIED, LATE, False), (TIED, LAST, True)):
        _, (turn,) = found(ORDER, second, third, paid("paid", 20, 900))
        assert in_order(turn)
        assert whole(turn) is in_cash(turn) is tied


def test_a_link_that_only_the_author_draws_ties_nothing() -> None:
    authors = evolve(PLAIN, links=(drawn("follows", "order", "author"),))
    _, (turn,) = found(ORDER, authors, LAST)
    assert [t.bond for t in turn.taken] == ["start", "party", "cause"]
    assert not whole(turn)


def test_the_money_of_another_order_pays_none_of_this() -> None:
    other = Payment(payer="lab", payee="cloud", order="another", amount=900, told=told("paid"))
    plain = Payment(payer="lab", payee="cloud", amount=900, told=told("unnamed"))
    _, (turn,) = found(ORDER, TIED, LAST, entry("paid", 20 * DAY, other), entry("unnamed", 21 * DAY, plain))
    assert not in_cash(turn)


def test_words_never_close_in_cash_with_a_sum_or_without() -> None:
    without = entry("words", DAY, Announcement(subject="lab", counterparty="cloud", told=told("words")))
    for first in (WORDS, without):
        _, (turn,) = found(first, PLAIN, LATE)
        assert in_order(turn)
        assert not in_cash(turn)


def test_a_last_step_that_is_only_a_promise_closes_nothing_in_cash() -> None:
    promise = Investment(investor="chips", company="lab", ceiling=70, told=told("late", status="intention"))
    _, (turn,) = found(ORDER, PLAIN, entry("late", 12 * DAY, promise), paid("paid", 20, 900))
    assert in_order(turn)
    assert not in_cash(turn)


def test_a_step_taken_before_its_turn_is_out_of_order() -> None:
    _, (turn,) = found(ORDER, BACK, RAISE)
    assert [(t.step, t.bond) for t in turn.taken] == [(1, "start"), (2, "party"), (3, "earlier")]
    assert not in_order(turn)


@pytest.mark.parametrize(("days", "bond"), [(365, "party"), (366, None)])
def test_a_shared_party_binds_for_a_year_and_not_a_day_longer(days: int, bond: str | None) -> None:
    later = entry("later", (1 + days) * DAY, evolve(PLAIN.fact, told=told("later")))
    tale = story((ORDER, later), until=500 * DAY)
    (turn,) = turns(tale, list(lived(tale, cast="none").read("main")))
    assert [t.bond for t in turn.taken[1:]] == ([bond] if bond else [])
    assert turn.missing == ((3,) if bond else (2, 3))


@pytest.mark.parametrize(("days", "bond"), [(365, "earlier"), (366, None)])
def test_nor_does_it_bind_longer_than_a_year_backwards(days: int, bond: str | None) -> None:
    first = evolve(ORDER, moment=(5 + days) * DAY, fact=evolve(ORDER.fact, due=None))
    tale = story((BACK, first), until=500 * DAY)
    (turn,) = turns(tale, list(lived(tale, cast="none").read("main")))
    assert [t.bond for t in turn.taken[1:]] == ([bond] if bond else [])


def test_a_cause_binds_however_long_ago() -> None:
    heir = entry("heir", 450 * DAY, evolve(PLAIN.fact, told=told("heir")), (drawn("follows", "order"),))
    tale = story((ORDER, heir), until=500 * DAY)
    (turn,) = turns(tale, list(lived(tale, cast="none").read("main")))
    assert [t.bond for t in turn.taken] == ["start", "cause"]


def test_a_missing_step_is_named() -> None:
    tale, found_turns = found(ORDER, BACK)
    (row,) = table(tale, found_turns)
    assert row["missing"] == [{"step": 2, "text": "the lab raises"}]
    assert [step["step"] for step in row["steps"]] == [1, 3]


def test_a_cause_is_stronger_than_a_shared_party() -> None:
    other = entry("other", 4 * DAY, Funding(company="lab", investor="outside", amount=5, told=told("other")))
    heir = entry(
        "heir",
        7 * DAY,
        Funding(company="lab", investor="outside", amount=6, told=told("heir")),
        (drawn("follows", "order"),),
    )
    _, (turn,) = found(ORDER, other, heir)
    assert (turn.taken[1].bond, turn.taken[1].event.fact.amount) == ("cause", 6)


def test_an_event_belongs_to_one_turn() -> None:
    second = entry(
        "second", 2 * DAY, Order(buyer="lab", seller="cloud", order="second", amount=1, told=told("second"))
    )
    plain = entry("plain", 9 * DAY, Funding(company="lab", investor="outside", amount=50, told=told("plain")))
    _, both = found(ORDER, second, plain)
    assert [turn.missing for turn in both] == [(3,), (2, 3)]


def test_rungs_of_single_events() -> None:
    assert rung(ORDER.fact) == ("committed", 900)
    assert rung(WORDS.fact) == ("announced", 900)
    assert rung(RAISE.fact) == ("paid", 50)
    assert rung(Announcement(subject="lab")) == (None, None)


@pytest.mark.parametrize(
    ("stands", "fact"),
    [
        ("committed", Order(buyer="a", seller="b", order="o", amount=7)),
        ("delivered", Delivery(seller="a", amount=7)),
        ("paid", Payment(payer="a", payee="b", amount=7)),
        ("paid", Sale(seller="a", amount=7)),
        ("paid", Investment(investor="a", company="b", amount=7)),
        ("paid", Funding(company="a", investor="b", amount=7)),
        ("paid", Trade(seller="a", buyer="b", asset="c", amount=7)),
        ("paid", Loan(borrower="a", lender="b", loan="l", amount=7)),
        ("paid", Repayment(borrower="a", lender="b", loan="l", amount=7)),
        ("paid", Clearing(payer="a", payee="b", amount=7)),
        (None, Cancellation(buyer="a", seller="b", order="o", amount=7)),
        (None, MarginCall(lender="a", borrower="b", loan="l", call="c", amount=7, due=1)),
        (None, Interest(borrower="a", lender="b", loan="l", amount=7)),
        (None, Writedown(holder="a", asset="b", amount=7)),
    ],
)
def test_cash_that_changes_hands_is_paid_and_a_sum_in_the_books_alone_is_on_no_rung(stands, fact) -> None:
    assert rung(fact) == (stands, 7 if stands else None)
    moves = ("cash", "amount") in {(row.account, row.value) for row in TABLE.rows(type(fact).__name__)}
    assert moves is (stands == "paid")


SHOWN = {"cash", "debt", "backlog", "stake", "warrants", "pledged", "invested", "delivered", "announced"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_shows_what_is_held_owed_and_due_whatever_its_kind(kind: str) -> None:
    """Of what else a fact posts the books of a step say nothing: rates, dates, parts of a price."""
    for _, fact in variants(KINDS[kind]):
        taken = Taken(1, Event(1, 0, kind, "modelled", "x", (), fact, b""), "start")
        (turn,) = table(story(()), [Turn((taken,))])
        posts = {(account, key) for account, key, _ in posted(TABLE.rows(kind), fact)}
        wanted = {(a, key) for a, key in posts if a in SHOWN and not key.startswith("outside")}
        assert {(one["account"], one["key"]) for one in turn["steps"][0]["books"]} == wanted


def test_a_step_says_what_it_added_to_whose_books() -> None:
    tale, found_turns = found(ORDER, BACK)
    books = table(tale, found_turns)[0]["steps"][1]["books"]
    assert {(b["account"], b["key"], b["amount"]) for b in books} == {
        ("cash", "chips", -70), ("cash", "lab", 70), ("invested", "chips/lab", 70),
    }  # fmt: skip
