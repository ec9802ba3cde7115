"""The columnar fold: every expected value is arithmetic by hand."""

import pytest
from support.two_folds import posted

from events.books import journal as columns
from events.books.accounts import Account, Fold, Posting, Table
from events.books.journal import Journal, journal
from events.errors import Overflow
from events.event import Event
from events.facts import Delivery, Investment, Order
from events.fields import Fact
from events.funding_facts import Default
from events.market_facts import Repricing

DAY = 86_400
TABLE = Table(
    (
        Account("backlog"),
        Account("outstanding", open=True),
        Account("due", fold="last", within="outstanding"),
        Account("parts", within="outstanding"),
        Account("largest", fold="extreme"),
        Account("belief", fold="fading", half_life="life"),
        Account("stake"),
        Account("orders"),
        Account("defaulted", fold="last"),
    ),
    (
        Posting("Order", "backlog", ("seller",), 1, "amount"),
        Posting("Order", "outstanding", ("order",), 1, "amount"),
        Posting("Order", "due", ("order",), 0, "due"),
        Posting("Order", "largest", ("seller",), 0, "amount"),
        Posting("Order", "orders", ("=all",), 1, 1),
        Posting("Delivery", "backlog", ("seller",), -1, "amount"),
        Posting("Delivery", "outstanding", ("order",), -1, "amount"),
        Posting("Delivery", "parts", ("order",), 1, 1),
        Posting("Repricing", "belief", ("asset",), 1, "fast"),
        Posting("Investment", "stake", ("investor", "company"), 1, "shares"),
        Posting("Default", "defaulted", ("debtor",), 0, "moment"),
    ),
)
LIVES = {"life": 10.0 * DAY}


def history(*given: tuple[int, Fact]) -> list[Event]:
    return [
        Event(position, moment, type(fact).__name__, "modelled", "someone", (), fact, b"")
        for position, (moment, fact) in enumerate(given, 1)
    ]


def folded(*given: tuple[int, Fact]) -> Journal:
    return journal(TABLE, posted(TABLE, history(*given)), LIVES)


def of(books: Journal, account: str, key: str) -> list[tuple[int, int, float]]:
    """Position, amount and value of each posting to a key."""
    return books.accounts[account].filter(key=key).select("position", "amount", "value").rows()


def values(books: Journal, account: str, key: str) -> list[float]:
    return [value for *_, value in of(books, account, key)]


def order(name: str, amount: int | None, due: int | None = None) -> Order:
    return Order(buyer="lab", seller="cloud", order=name, amount=amount, due=due)


def delivery(name: str, amount: int) -> Delivery:
    return Delivery(seller="cloud", order=name, amount=amount)


def test_sums_run_key_by_key() -> None:
    books = folded((0, order("a", 70)), (1, order("b", 50)), (2, delivery("a", 30)))
    assert of(books, "backlog", "cloud") == [(1, 70, 70), (2, 50, 120), (3, -30, 90)]
    assert of(books, "outstanding", "a") == [(1, 70, 70), (3, -30, 40)]
    assert values(books, "orders", "all") == [1, 2]
    assert of(books, "backlog", "nobody") == []


def test_a_missing_value_posts_nothing() -> None:
    books = folded((0, order("a", None)), (1, Delivery(seller="cloud", amount=5)))
    assert books.state(2)["largest"] == {}
    assert books.state(2)["outstanding"] == {}
    assert books.state(2)["backlog"] == {"cloud": -5}


def test_what_lies_within_an_open_sum_is_dropped_with_it_and_starts_anew() -> None:
    books = folded(
        (0, order("a", 70, due=99)), (1, delivery("a", 30)), (2, delivery("a", 40)), (3, delivery("a", 1))
    )
    assert values(books, "due", "a") == [99, None]
    # The last delivery counts its own part before it opens the sum again the other way round.
    assert [books.state(at)["parts"] for at in range(1, 5)] == [{}, {"a": 1}, {"a": 1}, {"a": 2}]
    assert [books.state(at)["outstanding"] for at in range(1, 5)] == [{"a": 70}, {"a": 40}, {}, {"a": -1}]


def test_last_and_extreme() -> None:
    books = folded(*((at, order(str(at), amount)) for at, amount in enumerate((5, 9, 7))))
    assert values(books, "largest", "cloud") == [5, 9, 9]


def test_fading_halves_each_half_life() -> None:
    books = folded((0, Repricing(asset="cloud", fast=800)), (20 * DAY, Repricing(asset="cloud", fast=100)))
    assert values(books, "belief", "cloud") == pytest.approx([800.0, 300.0], rel=1e-13)
    value, moment = books.state(2)["belief"]["cloud"]
    assert (value, moment) == (pytest.approx(300.0, rel=1e-13), 20 * DAY)


def test_fading_is_carried_from_block_to_block() -> None:
    # 255 and 257 half-lives after the first: beside the block's edge, on both sides.
    far = [Repricing(asset="cloud", fast=1)] * 4
    moments = (0, 255 * 10 * DAY, 257 * 10 * DAY, 10**6 * DAY)
    books = folded(*zip(moments, far, strict=True))
    assert values(books, "belief", "cloud") == pytest.approx([1, 1, 1.25, 1], rel=1e-13)


def test_what_is_old_and_large_still_weighs_beside_what_is_new_and_small() -> None:
    life = 10 * DAY
    told = ((0, 2**52), (31 * life, 1), (62 * life, 1))
    books = folded(*((at, Repricing(asset="cloud", fast=fast)) for at, fast in told))
    assert values(books, "belief", "cloud")[2] == pytest.approx(2**-10 + 2**-31 + 1, rel=1e-13)


def test_fading_before_1970_is_no_different() -> None:
    moments = (-3000 * DAY, -2990 * DAY, 10 * DAY - 1, 10 * DAY + 1)
    books = folded(*((moment, Repricing(asset="cloud", fast=8)) for moment in moments))
    assert values(books, "belief", "cloud")[1] == pytest.approx(12.0, rel=1e-13)


def test_a_field_named_like_the_envelope_is_not_taken_for_it() -> None:
    assert folded((5, Default(debtor="lab", moment=3))).state(1)["defaulted"] == {"lab": 3}


def test_a_history_without_postings_has_empty_accounts() -> None:
    assert folded().state(0) == Fold(TABLE, LIVES).state


def test_a_key_of_several_parts_is_joined() -> None:
    table = Table(
        (Account("stake"),), (Posting("Investment", "stake", ("investor", "=in", "company"), 1, "shares"),)
    )
    made = [Investment(investor=one, company=other, shares=4) for one, other in ("ab", "ba", "ab")]
    books = journal(table, posted(table, history(*((0, fact) for fact in made))), {})
    assert books.state(3) == {"stake": {"a/in/b": 8, "b/in/a": 4}}


def test_a_sum_beyond_two_to_the_53_is_refused_in_the_same_words() -> None:
    given = ((0, order("a", 2**53)), (1, order("b", 1)))
    fold = Fold(TABLE, LIVES)
    with pytest.raises(Overflow) as one:
        fold.steps(history(*given))
    with pytest.raises(Overflow) as other:
        folded(*given)
    assert str(one.value) == str(other.value)


def test_a_sum_that_leaves_the_range_and_comes_back_is_refused() -> None:
    with pytest.raises(Overflow):
        folded((0, order("a", 2**53)), (1, order("b", 1)), (2, delivery("c", 2)))


def test_more_places_than_can_be_numbered_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "PLACES", 2**10)
    with pytest.raises(Overflow, match="more than columns can number"):
        folded(*((at, order(str(at), 1)) for at in range(2000)))


def test_of_two_sums_the_first_beyond_the_range_is_named() -> None:
    told = (order("a", 2**53), Delivery(seller="land", amount=2**53))
    more = (Delivery(seller="land", amount=1), order("b", 1))
    with pytest.raises(Overflow, match=r"backlog\[land\] would become -9007199254740993"):
        folded(*enumerate((*told, *more)))


def test_a_posting_takes_at_most_forty_bytes() -> None:
    books = folded(*((at, order(str(at), at + 1, due=at)) for at in range(2000)))
    held = sum(frame.estimated_size() for frame in books.accounts.values())
    assert held / (5 * 2000) <= 40
