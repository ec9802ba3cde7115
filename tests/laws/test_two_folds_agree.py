"""One table, two folds: on random tables and histories, the same values at every position."""

from math import fsum
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lives import AI, lived, named
from support.two_folds import agree, posted

from events.books.accounts import Account, Fold, Posting, Table
from events.books.journal import journal
from events.event import Event
from events.facts import Delivery, Order, Trade
from events.fields import Fact, Told
from events.market_facts import Repricing
from narrative.books.table import TABLE
from narrative.engine.run import world_at

DAY = 86_400
YEAR = 365 * DAY
# kind: the names and the numbers it holds, and which of them may be missing or negative.
NAMES: dict[type[Fact], tuple[str, ...]] = {
    Order: ("buyer", "seller", "order"),
    Delivery: ("seller", "buyer", "order"),
    Trade: ("seller", "buyer", "asset"),
    Repricing: ("asset",),
}
NUMBERS: dict[type[Fact], tuple[str, ...]] = {
    Order: ("amount", "ceiling", "due"),
    Delivery: ("amount", "unattributed"),
    Trade: ("shares", "amount", "impact"),
    Repricing: ("fast", "slow", "lasting", "log_mark"),
}
# Fields on which a row may hang; of a fact `told` is what a source says.
GIVEN: dict[type[Fact], tuple[str, ...]] = {
    Order: ("told", "ceiling"),
    Delivery: ("told", "order", "buyer"),
    Trade: ("told", "impact"),
    Repricing: ("told", "slow"),
}
TOLD = Told(entry="e", headline="h", source="s", confidence="high")
SIGNED = {"due", "impact", "fast", "slow", "lasting", "log_mark"}
Kinds = st.SearchStrategy[type[Fact]]


@st.composite
def postings(draw: st.DrawFn, kinds: Kinds, accounts: list[Account]) -> Posting:
    kind, account = draw(kinds), draw(st.sampled_from(accounts))
    key = draw(st.lists(st.sampled_from((*NAMES[kind], "=a")), min_size=1, max_size=2))
    sign = 0 if account.fold in {"last", "extreme"} else draw(st.sampled_from((1, 1, -1)))
    value = draw(st.sampled_from((*NUMBERS[kind], *NUMBERS[kind], 1, 0, -2)))
    given = draw(st.lists(st.sampled_from(GIVEN[kind]), max_size=2))
    return Posting(kind.__name__, account.name, tuple(key), sign, value, tuple(given), draw(st.booleans()))


@st.composite
def tables(draw: st.DrawFn, kinds: Kinds) -> Table:
    accounts: list[Account] = []
    for name in "pqrst"[: draw(st.integers(1, 5))]:
        fold = draw(st.sampled_from(("sum", "sum", "fading", "last", "extreme")))
        accounts.append(
            Account(
                name,
                fold,
                half_life=f"life_{name}" if fold == "fading" else None,
                open=fold == "sum" and draw(st.integers(0, 2)) > 0,
                within=draw(st.sampled_from([None, *(account.name for account in accounts)])),
            )
        )
    return Table(tuple(accounts), tuple(draw(st.lists(postings(kinds, accounts), min_size=3, max_size=14))))


@st.composite
def facts(draw: st.DrawFn, kinds: Kinds, numbers: st.SearchStrategy[int]) -> Fact:
    kind = draw(kinds)
    names = {name: draw(st.sampled_from("ab")) for name in NAMES[kind]}
    if kind is Delivery:
        names |= {name: draw(st.sampled_from(("a", None))) for name in ("buyer", "order")}
    values: dict[str, Any] = {}
    for field in NUMBERS[kind]:
        value = draw(st.none() | numbers)
        values[field] = -value if value and field in SIGNED and draw(st.booleans()) else value
    return kind(**names, **values, told=draw(st.sampled_from((None, TOLD))))


@st.composite
def histories(draw: st.DrawFn, kinds: Kinds) -> list[Event]:
    moment = draw(st.integers(-300 * YEAR, 0))
    big = st.integers(2**53 - 2, 2**53) | st.integers(2**50, 2**51)
    numbers = draw(st.sampled_from((st.integers(0, 2), st.integers(0, 10**12), big)))
    gaps = draw(st.sampled_from((st.integers(0, 2), st.integers(0, 400 * DAY), st.integers(0, 90 * YEAR))))
    events = []
    for position, fact in enumerate(draw(st.lists(facts(kinds, numbers), min_size=1, max_size=20)), 1):
        moment += draw(gaps)
        events.append(Event(position, moment, type(fact).__name__, "modelled", "a", (), fact, b""))
    return events


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_two_folds_agree_at_every_position(data: st.DataObject) -> None:
    # One or two kinds at a time, so that postings meet.
    kinds = st.sampled_from(data.draw(st.lists(st.sampled_from(list(NAMES)), min_size=1, max_size=2)))
    table, events = data.draw(tables(kinds)), data.draw(histories(kinds))
    lives = st.floats(0.5 * DAY, 250 * DAY)
    half_lives = {a.half_life: data.draw(lives) for a in table.accounts if a.half_life}
    agree(table, events, half_lives)


def repriced(*told: tuple[str, int | None, int | None]) -> list[Event]:
    """One repricing a day: asset, fast, slow."""
    facts = [Repricing(asset=asset, fast=fast, slow=slow) for asset, fast, slow in told]
    return [
        Event(position, position * DAY, "Repricing", "modelled", "a", (), fact, b"")
        for position, fact in enumerate(facts, 1)
    ]


def test_what_hangs_on_an_open_sum_agrees() -> None:
    accounts = (
        Account("p", open=True),
        Account("q", open=True, within="p"),
        Account("r", within="q"),
        Account("s", fold="last", within="p"),
        Account("t", fold="extreme", within="p"),
        Account("u", fold="fading", half_life="life", within="p"),
    )
    rows = (
        Posting("Repricing", "p", ("asset",), 1, "fast"),
        *(Posting("Repricing", name, ("asset",), 1, "slow") for name in "qrstu"),
    )
    # p of x closes at the third and the fifth event; q of x by itself at the sixth.
    history = repriced(
        ("x", 1, 5), ("y", 1, 7), ("x", -1, 3), ("x", 4, 2), ("x", -4, 1), ("x", None, -1), ("x", 2, 4)
    )
    table = Table(accounts, rows)
    agree(table, history, {"life": DAY})
    books = journal(table, posted(table, history), {"life": DAY})
    # Closing p drops q of x, and yet not r, which hangs on q.
    assert books.accounts["q"].filter(key="x")["value"].to_list() == [5, 0, 3, 5, 0, 1, 0, 4]
    assert books.accounts["r"].filter(key="x")["value"].to_list() == [5, 8, 10, 11, 0, -1, 3]


def test_postings_of_one_event_come_in_the_same_order() -> None:
    accounts = (Account("p", open=True), Account("q", fold="last", within="p"))
    rows = (
        Posting("Repricing", "p", ("asset",), 1, "fast"),
        Posting("Repricing", "q", ("asset",), 0, "slow"),
        Posting("Repricing", "p", ("asset",), -1, "fast"),
    )
    agree(Table(accounts, rows), repriced(("x", 3, 5), ("x", 1, 6)), {})


@pytest.mark.parametrize(("story", "cast"), [(AI, "market"), (AI, "full"), ("loop", "full")])
def test_two_folds_agree_on_a_story(story: str, cast: str) -> None:
    log = lived(named(story), cast=cast)
    agree(TABLE, list(log.read("main")), world_at(log, "main").fold.half_lives)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_years_at_half_a_day_are_the_sum_itself_to_one_in_a_million_million(seed: int) -> None:
    # Three years are 2,190 half-lives: columns scale to a new block eight times, with postings all along.
    life, chance = 0.5 * DAY, Random(seed)
    table = Table(
        (Account("p", "fading", half_life="life"),), (Posting("Repricing", "p", ("asset",), 1, "fast"),)
    )
    made = [(at, chance.randrange(1, 10**9)) for at in sorted(chance.sample(range(3 * YEAR), 1_500))]
    events = [
        Event(place, at, "Repricing", "modelled", "a", (), Repricing(asset="x", fast=fast), b"")
        for place, (at, fast) in enumerate(made, 1)
    ]
    fold = Fold(table, {"life": life})
    columns = journal(table, posted(table, events), {"life": life}).accounts["p"]["value"].to_list()
    for event, by_columns in zip(events, columns, strict=True):
        fold.step(event)
        now = event.moment
        exact = fsum(fast * 2.0 ** ((at - now) / life) for at, fast in made[: event.position])
        assert fold.fading("p", "x", now) == pytest.approx(exact, rel=1e-12, abs=0)
        assert by_columns == pytest.approx(exact, rel=1e-12, abs=0)
