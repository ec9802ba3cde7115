"""The log as columns, and the columnar fold: every expected value is arithmetic by hand."""

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from attrs import field, frozen

from events import codec, facts
from events.books import by_kind as columns
from events.books import columnar
from events.books.accounts import Account, Fold, Posting, Table
from events.books.by_kind import everything, frames, frames_of, frames_of_blocks, laid_down, lay_down, needed
from events.books.journal import Journal, journal
from events.errors import Overflow, UnknownKind
from events.event import Draft, Event, Row
from events.facts import Default, Delivery, Investment, Note, Order, Repricing
from events.fields import Fact, Told, who
from events.log import open_log

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


def rows(*given: tuple[int, Fact]) -> list[Row]:
    return [
        (position, moment, codec.kind_of(fact), "modelled", "someone", "", codec.encode(fact), b"")
        for position, (moment, fact) in enumerate(given, 1)
    ]


def folded(*given: tuple[int, Fact]) -> Journal:
    return journal(TABLE, frames(rows(*given), needed(TABLE)), LIVES)


def order(name: str, amount: int | None, due: int | None = None) -> Order:
    return Order(buyer="lab", seller="cloud", order=name, amount=amount, due=due)


def delivery(name: str, amount: int) -> Delivery:
    return Delivery(seller="cloud", order=name, amount=amount)


# --- frames -------------------------------------------------------------------------------------


def test_a_kind_becomes_a_frame_of_its_fields_and_told_is_left_out() -> None:
    told = Told(entry="e", headline="h", source="s", confidence="high")
    made = Order(buyer="lab", seller="cloud", order="a", amount=2**53, due=-5, told=told)
    frame = frames(rows((7, made), (9, Note(author="me", text="x")), (9, order("b", None))))["Order"]
    assert frame.to_dicts() == [
        {
            "position": 1, "moment": 7, "actor": "someone", "buyer": "lab", "seller": "cloud",
            "order": "a", "amount": 2**53, "ceiling": None, "due": -5,
        },
        {
            "position": 3, "moment": 9, "actor": "someone", "buyer": "lab", "seller": "cloud",
            "order": "b", "amount": None, "ceiling": None, "due": None,
        },
    ]  # fmt: skip


def test_text_keeps_its_escapes_and_its_letters() -> None:
    text = 'two\nlines, a "quote", a \\ and a tab\t; é, 東京, 🏦, \u2028 and \x7f'
    frame = frames(rows((0, Note(author="björn", text=text))))["Note"]
    assert frame["text"].to_list() == [text]
    assert frame["author"].to_list() == ["björn"]


def test_names_are_categorical_and_text_is_not() -> None:
    schema = frames([])["Note"].schema
    assert (schema["author"], schema["text"]) == (pl.Categorical, pl.String)


def test_kinds_without_events_have_empty_frames() -> None:
    found = frames([])
    assert list(found) == list(facts.KINDS)
    assert found["Order"].height == 0
    assert journal(TABLE, found, LIVES).state(0) == Fold(TABLE, LIVES).state


def test_only_what_is_wanted_is_laid_out() -> None:
    found = frames(rows((0, order("a", 1)), (0, Note(author="me", text="x"))), {"Order": ("amount",)})
    assert {kind: frame.columns for kind, frame in found.items()} == {
        "Order": ["position", "moment", "amount"]
    }


def test_a_field_named_like_the_envelope_stands_beside_it() -> None:
    frame = frames(rows((5, Default(debtor="lab", moment=3))))["Default"]
    assert frame.select("moment", "fact_moment").row(0) == (5, 3)
    assert folded((5, Default(debtor="lab", moment=3))).state(1)["defaulted"] == {"lab": 3}


def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    history = rows(*((at, order(str(at), at)) for at in range(20)))
    whole = frames(history)["Order"]
    monkeypatch.setattr(columns, "CHUNK", 3)
    assert frames(iter(history))["Order"].equals(whole)


def test_events_in_memory_give_the_same_frames() -> None:
    history = rows((0, order("a", 1)), (1, delivery("a", 1)))
    events: Sequence[Event] = [codec.to_event(row) for row in history]
    for kind, frame in frames_of(events).items():
        assert frame.equals(frames(history)[kind])


def test_a_log_gives_the_same_frames_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = (order, lambda name, at: delivery(name, at + 1), lambda name, at: Note(author=name, text=f"{at}"))
    with open_log(None) as log:
        for at in range(700):
            act = (Draft("me" if at % 5 else "you", kinds[at % 3](str(at), at)),)
            log.append("main", at, at, [act])
        log.fork("b", "main", 600)
        log.append("b", 600, 999, [(Draft("they", order("z", 1), origin="supposed"),)])
        for branch in ("main", "b"):
            for chunk in (columns.CHUNK, 256):
                monkeypatch.setattr(columns, "CHUNK", chunk)
                expected = frames(log.rows(branch))
                found = frames_of_blocks(log.columns(branch), log.named())
                for kind, frame in expected.items():
                    assert found[kind].equals(frame), kind
                    assert found[kind].schema == frame.schema
        assert found["Order"]["actor"].to_list()[-1] == "they"


def test_older_shapes_are_lifted(monkeypatch: pytest.MonkeyPatch) -> None:
    @frozen(kw_only=True)
    class Probe(Fact):
        version = 2
        name: str = who()
        size: float | None = None
        loud: bool = field(default=False)

    monkeypatch.setitem(facts.KINDS, "Probe", Probe)
    monkeypatch.setitem(codec.LIFTS, ("Probe", 1), lambda old: {"name": old["called"], "size": 1})
    bodies = [("Probe@2", {"name": "a", "size": 1.5, "loud": True}), ("Probe@1", {"called": "b"})]
    stored = [
        (position, 0, stamp, "modelled", "me", "", json.dumps(body).encode(), b"")
        for position, (stamp, body) in enumerate([*bodies, *bodies], 1)
    ]
    wanted = {"Probe": ("name", "size", "loud")}
    found = tuple(row[6] for row in stored)
    block = (1, ((), (0,) * 4, (1, 2, 1, 2), (), found, ()))
    named = {1: ("Probe@2", "modelled", "me"), 2: ("Probe@1", "modelled", "me")}
    for frame in (frames(stored, wanted)["Probe"], frames_of_blocks([block], named, wanted)["Probe"]):
        assert frame["position"].to_list() == [1, 2, 3, 4]
        assert frame["name"].to_list() == ["a", "b", "a", "b"]
        assert frame["size"].to_list() == [1.5, 1.0, 1.5, 1.0]
        assert frame["loud"].to_list() == [True, False, True, False]


@pytest.mark.parametrize(("stamp", "said"), [("Ordr@1", 'Did you mean "Order"'), ("Order@9", "up to @1")])
def test_a_kind_or_version_that_nobody_knows_is_refused(stamp: str, said: str) -> None:
    with pytest.raises(UnknownKind, match=said):
        frames([(1, 0, stamp, "modelled", "me", "", b"{}", b"")], {"Order": ("due",)})


def test_what_is_laid_down_comes_back(tmp_path: Path) -> None:
    history = rows((0, order("a", 5)), (1, Note(author="é", text="free\ntext")), (2, order("b", None, due=9)))
    lay_down(frames(rows((0, delivery("old", 1)))), tmp_path / "laid")
    lay_down(frames(history), tmp_path / "laid")
    found = laid_down(tmp_path / "laid")
    for kind, frame in frames(history).items():
        assert found[kind].equals(frame), kind
        assert found[kind].schema == frame.schema
    lean = laid_down(tmp_path / "laid", {"Order": ("order", "amount")})
    assert [frame.columns for frame in lean.values()] == [["position", "moment", "order", "amount"]]
    assert [path.name for path in tmp_path.iterdir()] == ["laid"]


def test_names_laid_down_are_read_by_a_process_that_numbers_them_otherwise(tmp_path: Path) -> None:
    lay_down(frames(rows((0, order("a", 1)), (0, order("b", 2)))), tmp_path / "laid")
    kept = pl.Series(["b", "zero", "a", "cloud", "lab"], dtype=pl.Categorical)
    found = laid_down(tmp_path / "laid")["Order"]
    assert found["order"].to_list() == ["a", "b"]
    assert found["seller"].to_list() == ["cloud", "cloud"]
    del kept


def test_everything_is_all_fields_but_told() -> None:
    assert everything()["Note"] == ("actor", "author", "text")


# --- the journal --------------------------------------------------------------------------------


def test_sums_run_key_by_key() -> None:
    books = folded((0, order("a", 70)), (1, order("b", 50)), (2, delivery("a", 30)))
    assert books.of("backlog", "cloud").rows() == [(1, 0, 70, 70), (2, 1, 50, 120), (3, 2, -30, 90)]
    assert books.of("outstanding", "a").rows() == [(1, 0, 70, 70), (3, 2, -30, 40)]
    assert books.of("orders", "all")["value"].to_list() == [1, 2]
    assert books.of("backlog", "nobody").is_empty()


def test_a_missing_value_posts_nothing() -> None:
    books = folded((0, order("a", None)), (1, Delivery(seller="cloud", amount=5)))
    assert books.state(2)["largest"] == {}
    assert books.state(2)["outstanding"] == {}
    assert books.state(2)["backlog"] == {"cloud": -5}


def test_what_lies_within_an_open_sum_is_dropped_with_it_and_starts_anew() -> None:
    books = folded(
        (0, order("a", 70, due=99)), (1, delivery("a", 30)), (2, delivery("a", 40)), (3, delivery("a", 1))
    )
    assert books.of("due", "a")["value"].to_list() == [99, None]
    # The last delivery counts its own part before it opens the sum again the other way round.
    assert [books.state(at)["parts"] for at in range(1, 5)] == [{}, {"a": 1}, {"a": 1}, {"a": 2}]
    assert [books.state(at)["outstanding"] for at in range(1, 5)] == [{"a": 70}, {"a": 40}, {}, {"a": -1}]


def test_last_and_extreme() -> None:
    books = folded(*((at, order(str(at), amount)) for at, amount in enumerate((5, 9, 7))))
    assert books.of("largest", "cloud")["value"].to_list() == [5, 9, 9]


def test_fading_halves_each_half_life() -> None:
    books = folded((0, Repricing(asset="cloud", fast=800)), (20 * DAY, Repricing(asset="cloud", fast=100)))
    assert books.of("belief", "cloud")["value"].to_list() == pytest.approx([800.0, 300.0], rel=1e-13)
    read = books.values("belief", "cloud", [-1, 0, 10 * DAY, 20 * DAY, 30 * DAY])
    assert read.to_list() == pytest.approx([0.0, 800.0, 400.0, 300.0, 150.0], rel=1e-13)
    value, moment = books.state(2)["belief"]["cloud"]
    assert (value, moment) == (pytest.approx(300.0, rel=1e-13), 20 * DAY)


def test_fading_is_carried_from_block_to_block() -> None:
    # 255 and 257 half-lives after the first: beside the block's edge, on both sides.
    far = [Repricing(asset="cloud", fast=1)] * 4
    moments = (0, 255 * 10 * DAY, 257 * 10 * DAY, 10**6 * DAY)
    books = folded(*zip(moments, far, strict=True))
    assert books.of("belief", "cloud")["value"].to_list() == pytest.approx([1, 1, 1.25, 1], rel=1e-13)


def test_what_is_old_and_large_still_weighs_beside_what_is_new_and_small() -> None:
    life = 10 * DAY
    told = ((0, 2**52), (31 * life, 1), (62 * life, 1))
    books = folded(*((at, Repricing(asset="cloud", fast=fast)) for at, fast in told))
    assert books.of("belief", "cloud")["value"][2] == pytest.approx(2**-10 + 2**-31 + 1, rel=1e-13)


def test_fading_before_1970_is_no_different() -> None:
    moments = (-3000 * DAY, -2990 * DAY, 10 * DAY - 1, 10 * DAY + 1)
    books = folded(*((moment, Repricing(asset="cloud", fast=8)) for moment in moments))
    assert books.of("belief", "cloud")["value"].to_list()[1] == pytest.approx(12.0, rel=1e-13)


def test_reading_as_of_a_moment() -> None:
    books = folded((0, order("a", 70, due=5)), (0, order("b", 1)), (9, delivery("a", 70)))
    assert [books.position_at(moment) for moment in (-1, 0, 8, 9, 10)] == [0, 2, 2, 3, 3]
    assert books.values("backlog", "cloud", [-1, 0, 8, 9]).to_list() == [0, 71, 71, 1]
    assert books.values("due", "a", [-1, 0, 8, 9]).to_list() == [None, 5, 5, None]
    assert books.values("backlog", "nobody", [0]).to_list() == [0]


def test_a_key_of_several_parts_is_joined() -> None:
    table = Table(
        (Account("stake"),), (Posting("Investment", "stake", ("investor", "=in", "company"), 1, "shares"),)
    )
    made = [Investment(investor=one, company=other, shares=4) for one, other in ("ab", "ba", "ab")]
    books = journal(table, frames(rows(*((0, fact) for fact in made))), {})
    assert books.state(3) == {"stake": {"a/in/b": 8, "b/in/a": 4}}


def test_all_postings_stand_in_order_of_position() -> None:
    posted = folded((0, order("b", 3, due=4)), (6, Repricing(asset="a", fast=1))).postings()
    assert posted.columns == ["position", "moment", "account", "key", "amount", "value", "fading"]
    assert posted.rows() == [
        (1, 0, "backlog", "cloud", 3, 3, None),
        (1, 0, "outstanding", "b", 3, 3, None),
        (1, 0, "due", "b", 4, 4, None),
        (1, 0, "largest", "cloud", 3, 3, None),
        (1, 0, "orders", "all", 1, 1, None),
        (2, 6, "belief", "a", 1, None, 1.0),
    ]


def test_a_sum_beyond_two_to_the_53_is_refused_in_the_same_words() -> None:
    history = rows((0, order("a", 2**53)), (1, order("b", 1)))
    fold = Fold(TABLE, LIVES)
    with pytest.raises(Overflow) as one:
        fold.steps(map(codec.to_event, history))
    with pytest.raises(Overflow) as other:
        journal(TABLE, frames(history), LIVES)
    assert str(one.value) == str(other.value)


def test_a_sum_that_leaves_the_range_and_comes_back_is_refused() -> None:
    with pytest.raises(Overflow):
        folded((0, order("a", 2**53)), (1, order("b", 1)), (2, delivery("c", 2)))


def test_more_keys_than_can_be_numbered_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "_WHOLE", ((2**10, pl.UInt32()),))
    with pytest.raises(Overflow, match="more than columns can number"):
        folded(*((at, order(str(at), 1)) for at in range(2000)))


def test_of_two_sums_the_first_beyond_the_range_is_named() -> None:
    history = (order("a", 2**53), Delivery(seller="land", amount=2**53))
    more = (Delivery(seller="land", amount=1), order("b", 1))
    with pytest.raises(Overflow, match=r"backlog\[land\] would become -9007199254740993"):
        folded(*enumerate((*history, *more)))


def test_a_posting_takes_at_most_forty_bytes() -> None:
    history = rows(*((at, order(str(at), at + 1, due=at)) for at in range(2000)))
    books = journal(TABLE, frames(history, needed(TABLE)), LIVES)
    held = sum(frame.estimated_size() for frame in books.accounts.values()) + books.moments.estimated_size()
    assert held / (5 * 2000) <= 40
