"""The log as tables: what stands in them, written down by hand."""

from datetime import datetime
from typing import Any

import polars as pl
import pytest

from events import codec
from events.books import frames
from events.books.accounts import Account, Posting, Table, posted
from events.books.frames import CAUSES, EVENTS, POSTINGS, kind_schema
from events.errors import Damaged, UnknownKind
from events.event import Draft
from events.facts import KINDS, Note, Order, Payment
from events.fields import Told
from events.funding_facts import Default
from events.log import Log, open_log
from events.market_facts import Repricing
from events.record_facts import Withheld

at = datetime.fromisoformat  # moments have no zone
TOLD = Told(
    entry="deal", headline="A deal", source="a paper", confidence="high", participants=("x", "y"), tone=0.5
)
TABLE = Table(
    (Account("cash"), Account("due", fold="last"), Account("lent")),
    (
        Posting("Payment", "cash", ("payer",), -1, "amount"),
        Posting("Payment", "cash", ("payee",), 1, "amount"),
        Posting("Payment", "lent", ("payer", "payee"), 1, 3),
        Posting("Order", "due", ("order",), 0, "due"),
    ),
)
EVERYTHING = frames.for_events(list(EVENTS)) | frames.for_postings(TABLE) | frames.CAUSED


@pytest.fixture
def log() -> Log:
    """Seven events in three moments: 1720, 1970 and 2025."""
    log = open_log(None)
    order = Order(buyer="lab", seller="chips", order="o", amount=5, due=86_400, told=TOLD)
    log.append("main", 0, -7_889_184_000, [(Draft("lab", order, "recorded"),)])
    log.append("main", 1, 0, [
        (Draft("lab", Payment(payer="lab", payee="chips", amount=2), causes=(1,)),
         Draft("m", Repricing(asset="chips", fast=-7, tone=3), within=(0,), causes=(1,))),
        (Draft("lab", Note(author="lab", text='"told":null'), "supposed"),),
    ])  # fmt: skip  # an act a line
    log.append("main", 4, 1_756_684_800, [
        (Draft("a", Withheld(entry="deal", reason="r")),),
        (Draft("a", Default(debtor="lab", moment=1_756_684_800)),),
        (Draft("a", Order(buyer="lab", seller="x", order="p")),),
    ])  # fmt: skip  # an act a line
    return log


def _whole(chunk: frames.Chunk) -> frames.Chunk:
    return chunk


def made(log: Log, wanted: frames.Wanted) -> frames.Chunk:
    (chunk,) = frames.chunks(log.columns(), log.named(), wanted, _whole)
    return chunk


def test_events_hold_the_envelope_the_sums_and_what_was_told(log):
    events = frames.events_of(made(log, EVERYTHING), list(EVENTS))
    assert dict(events.schema) == EVENTS
    assert events["position"].to_list() == [1, 2, 3, 4, 5, 6, 7]
    assert events["moment"].unique(maintain_order=True).to_list() == [
        at("1720-01-02"), at("1970-01-01"), at("2025-09-01"),
    ]  # fmt: skip  # one list
    first, second = (events.row(index, named=True) for index in (0, 1))
    assert {name: value for name, value in first.items() if value is not None} == {
        "position": 1, "moment": at("1720-01-02"), "kind": "Order", "family": "order",
        "origin": "recorded", "actor": "lab", "counterparty": "chips", "amount": 5, "headline": "A deal",
        "source": "a paper", "confidence": "high", "status": "firm", "entry": "deal", "tone": 0.5,
        "participants": "x; y", "digest": log.opening().digest.hex(),
    }  # fmt: skip  # a row
    assert (second["counterparty"], second["amount"], second["headline"]) == ("chips", 2, None)
    assert events["origin"].to_list()[3] == "supposed"
    assert events["entry"].to_list() == ["deal", None, None, None, None, None, None]


def test_a_kind_has_its_own_fields_and_its_own_come_first(log):
    def rows(kind: str) -> list[dict[str, Any]]:
        columns = list(kind_schema(kind))
        return frames.kind_of(made(log, frames.for_kind(kind, columns)), kind, columns).rows(named=True)

    assert [row["due"] for row in rows("Order")] == [at("1970-01-02"), None]
    assert (rows("Repricing")[0]["tone"], rows("Repricing")[0]["told_tone"]) == (3, None)
    assert (rows("Withheld")[0]["entry"], rows("Withheld")[0]["told_entry"]) == ("deal", None)
    assert rows("Default")[0]["fact_moment"] == at("2025-09-01")
    assert rows("Note")[0]["text"] == '"told":null'
    assert rows("Sale") == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_of_a_kind_has_the_columns_it_says(kind, log):
    columns = list(kind_schema(kind))
    found = frames.kind_of(made(log, frames.for_kind(kind, columns)), kind, columns)
    assert dict(found.schema) == kind_schema(kind)


def test_postings_are_those_of_the_table_in_the_order_in_which_they_post(log):
    found = frames.postings_of(made(log, EVERYTHING), TABLE, list(POSTINGS))
    assert dict(found.schema) == POSTINGS
    assert found.drop("moment", "fold").rows() == [
        (1, "due", "o", "o", None, 86_400),
        (2, "cash", "lab", "lab", None, -2),
        (2, "cash", "chips", "chips", None, 2),
        (2, "lent", "lab/chips", "lab", "chips", 3),
    ]
    events = [event for event in log.read() for _ in posted(TABLE.rows(event.kind), event.fact)]
    assert found["position"].to_list() == [event.position for event in events]


def test_postings_of_several_kinds_come_in_the_order_of_the_log():
    log = open_log(None)
    paid = Draft("lab", Payment(payer="lab", payee="chips", amount=2))
    order = Draft("lab", Order(buyer="lab", seller="chips", order="o", due=9))
    log.append("main", 0, 0, [(paid,), (order,), (paid,)])
    found = frames.postings_of(made(log, EVERYTHING), TABLE, list(POSTINGS))
    assert found["position"].to_list() == [1, 1, 1, 2, 3, 3, 3]
    assert found["account"].to_list() == ["cash", "cash", "lent", "due", "cash", "cash", "lent"]


@pytest.mark.parametrize("column", POSTINGS)
def test_one_column_of_postings_alone_is_what_it_is_among_all(column, log):
    chunk = made(log, EVERYTHING)
    alone = frames.postings_of(chunk, TABLE, [column])
    assert alone.equals(frames.postings_of(chunk, TABLE, list(POSTINGS)).select(column))


def test_postings_of_a_whole_history_are_those_of_its_chunks(log, monkeypatch):
    whole = frames.postings_of(made(log, EVERYTHING), TABLE, list(POSTINGS))
    assert frames.postings(log.columns(), log.named(), TABLE, list(POSTINGS)).equals(whole)
    assert frames.postings(iter(()), log.named(), TABLE, ["key"]).schema == {"key": pl.String()}


def test_text_keeps_its_escapes_and_its_letters():
    text = 'two\nlines, a "quote", a \\ and a tab\t; é, 東京, 🏦, \u2028 and \x7f'
    log = open_log(None)
    log.append("main", 0, 0, [(Draft("a", Note(author="björn", text=text)),)])
    found = frames.kind_of(made(log, frames.for_kind("Note", ["author", "text"])), "Note", ["author", "text"])
    assert found.rows() == [("björn", text)]


def test_several_versions_of_a_kind_come_in_the_order_of_the_log(monkeypatch):
    log = open_log(None)
    for number, (stamp, actor) in enumerate((("Note@1", "old"), ("Note@2", "new"), ("Note@1", "old"))):
        monkeypatch.setitem(codec._stamps, Note, stamp)
        log.append("main", number, number, [(Draft(actor, Note(author="a", text=f"{number}")),)])
    monkeypatch.setitem(
        codec.LIFTS, ("Note", 1), lambda fields: fields | {"text": f"{fields['text']} lifted"}
    )
    found = frames.kind_of(made(log, frames.for_kind("Note", ["text"])), "Note", ["text"])
    assert found["text"].to_list() == ["0 lifted", "1", "2 lifted"]


def test_nobody_who_takes_part_is_nothing_and_no_empty_text():
    log = open_log(None)
    told = Told(entry="e", headline="h", source="s", confidence="low")
    log.append("main", 0, 0, [(Draft("lab", Order(buyer="lab", seller="x", order="o", told=told)),)])
    assert frames.events_of(made(log, EVERYTHING), list(EVENTS))["participants"].to_list() == [None]


def test_causes_have_a_row_each(log):
    found = frames.causes_of(made(log, EVERYTHING))
    assert dict(found.schema) == CAUSES
    assert found.rows() == [(2, 1), (3, 1), (3, 2)]


@pytest.mark.parametrize("column", EVENTS)
def test_one_column_alone_is_what_it_is_among_all(column, log):
    whole = frames.events_of(made(log, EVERYTHING), list(EVENTS))
    alone = frames.events_of(made(log, frames.for_events([column])), [column])
    assert alone.equals(whole.select(column))


def test_many_chunks_are_one_table(log, monkeypatch):
    whole = made(log, EVERYTHING)
    monkeypatch.setattr(frames, "CHUNK", 1)
    for number in range(1_000):
        log.append(
            "main", 7 + number, 2_000_000_000 + number, [(Draft("a", Note(author="a", text=f"{number}")),)]
        )
    parts = list(frames.chunks(log.columns(), log.named(), EVERYTHING, _whole))
    assert len(parts) > 2
    events = pl.concat([frames.events_of(part, list(EVENTS)) for part in parts])
    assert events["position"].to_list() == list(range(1, 1_008))
    assert events[:7].equals(frames.events_of(whole, list(EVENTS)))


def test_old_versions_are_lifted(log, monkeypatch):
    monkeypatch.setattr(Note, "version", 3)
    monkeypatch.setitem(codec.LIFTS, ("Note", 2), lambda fields: fields | {"text": "lifted"})
    monkeypatch.delitem(codec._decoders, "Note@2")
    found = frames.kind_of(made(log, frames.for_kind("Note", ["text"])), "Note", ["text"])
    assert found["text"].to_list() == ["lifted"]


def test_a_version_that_nobody_knows_is_refused(log):
    named = {number: (name[0].replace("@2", "@9"), *name[1:]) for number, name in log.named().items()}
    with pytest.raises(UnknownKind, match="up to @2"):
        list(frames.chunks(log.columns(), named, frames.for_kind("Note", ["text"]), _whole))


def test_an_unknown_kind_is_refused_by_name(log):
    named = {number: (f"Strange{name[0]}", *name[1:]) for number, name in log.named().items()}
    with pytest.raises(UnknownKind, match="is not a kind of fact"):
        list(frames.chunks(log.columns(), named, frames.for_events(["position"]), _whole))


def test_damage_is_met_here_as_everywhere(log):
    log.flush()
    store = log._store
    genuine = store.rows

    def tampered(first: int, last: int) -> list[Any]:
        return [(*row[:4], row[4].replace(b"chips", b"chops"), row[5]) for row in genuine(first, last)]

    store.rows = tampered  # type: ignore[method-assign]  # damage
    with pytest.raises(Damaged, match="position 1 "):
        list(log.columns())
