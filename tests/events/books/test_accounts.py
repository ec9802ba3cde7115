"""The sequential fold: every expected value is arithmetic by hand."""

import msgspec
import pytest

from events.books.accounts import Account, Fold, Posting, Table
from events.errors import Damaged, Overflow
from events.facts import Delivery, Investment, Order
from events.market_facts import Repricing

DAY = 86_400
TABLE = Table(
    (
        Account("backlog"),
        Account("outstanding", open=True),
        Account("due", fold="last", within="outstanding"),
        Account("largest", fold="extreme"),
        Account("belief", fold="fading", half_life="life"),
        Account("stake"),
        Account("orders"),
    ),
    (
        Posting("Order", "backlog", ("seller",), 1, "amount"),
        Posting("Order", "outstanding", ("order",), 1, "amount"),
        Posting("Order", "due", ("order",), 0, "due"),
        Posting("Order", "largest", ("seller",), 0, "amount"),
        Posting("Order", "orders", ("=all",), 1, 1),
        Posting("Delivery", "backlog", ("seller",), -1, "amount"),
        Posting("Delivery", "outstanding", ("order",), -1, "amount"),
        Posting("Repricing", "belief", ("asset",), 1, "fast"),
        Posting("Investment", "stake", ("investor", "company"), 1, "shares"),
    ),
)


def fold() -> Fold:
    return Fold(TABLE, {"life": 10.0 * DAY})


def order(name: str, amount: int | None, due: int | None = None) -> Order:
    return Order(buyer="lab", seller="cloud", order=name, amount=amount, due=due)


def test_a_sum_adds_and_takes_away() -> None:
    books = fold()
    books.post("Order", order("a", 70), 0)
    books.post("Order", order("b", 50), 1)
    books.post("Delivery", Delivery(seller="cloud", order="a", amount=30), 2)
    assert books.sum("backlog", "cloud") == 70 + 50 - 30
    assert books.sum("outstanding", "a") == 40


def test_a_missing_value_posts_nothing() -> None:
    books = fold()
    books.post("Order", order("a", None), 0)
    books.post("Delivery", Delivery(seller="cloud", amount=5), 1)
    assert "cloud" not in books.state["largest"]
    assert books.state["outstanding"] == {}


def test_a_constant_posts_for_every_fact() -> None:
    books = fold()
    for name in "abc":
        books.post("Order", order(name, None), 0)
    assert books.sum("orders", "all") == 3


def test_an_open_sum_is_dropped_at_zero_with_what_hangs_on_it() -> None:
    books = fold()
    books.post("Order", order("a", 70, due=99), 0)
    assert books.last("due", "a") == 99
    books.post("Delivery", Delivery(seller="cloud", order="a", amount=70), 1)
    assert books.state["outstanding"] == {}
    assert books.last("due", "a") is None
    assert books.state["backlog"] == {"cloud": 0}


def test_a_key_of_two_parts_is_joined() -> None:
    books = fold()
    books.post("Investment", Investment(investor="chips", company="lab", shares=4), 0)
    assert books.sum("stake", "chips/lab") == 4


def test_extreme_keeps_the_largest() -> None:
    books = fold()
    for amount in (5, 9, 7):
        books.post("Order", order(str(amount), amount), 0)
    assert books.last("largest", "cloud") == 9


def test_fading_halves_each_half_life_and_reading_changes_nothing() -> None:
    books = fold()
    books.post("Repricing", Repricing(asset="cloud", fast=800), 0)
    before = books.dump()
    assert books.fading("belief", "cloud", 10 * DAY) == 400.0
    assert books.fading("belief", "cloud", 30 * DAY) == 100.0
    assert books.dump() == before == {"belief": {"cloud": (800.0, 0)}}
    books.post("Repricing", Repricing(asset="cloud", fast=100), 20 * DAY)
    assert books.state["belief"]["cloud"] == (300.0, 20 * DAY)
    assert books.fading("belief", "cloud", 30 * DAY) == 150.0


def test_a_sum_beyond_two_to_the_53_is_refused() -> None:
    books = fold()
    books.post("Order", order("a", 2**53), 0)
    with pytest.raises(Overflow, match=r"backlog\[cloud\] would become 9007199254740993"):
        books.post("Order", order("b", 1), 1)


def test_a_dump_comes_back_to_the_bit() -> None:
    books = fold()
    books.post("Order", order("a", 70, due=99), 0)
    books.post("Repricing", Repricing(asset="cloud", fast=1), 3)
    books.post("Repricing", Repricing(asset="cloud", fast=1), 12_345)
    data = msgspec.json.decode(msgspec.json.encode(books.dump()))
    assert Fold.load(TABLE, {"life": 10.0 * DAY}, data).state == books.state


def test_a_dump_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Damaged):
        Fold.load(TABLE, {"life": 1.0}, {"backlog": {"cloud": "many"}})
    with pytest.raises(Damaged):
        Fold.load(TABLE, {"life": 1.0}, {"nothing": {}})


def test_a_copy_lives_on_its_own() -> None:
    books = fold()
    books.post("Order", order("a", 70), 0)
    other = books.copy()
    other.post("Order", order("b", 1), 1)
    assert (books.sum("backlog", "cloud"), other.sum("backlog", "cloud")) == (70, 71)
