"""SQL over a history: only what it names is made, faults are sentences, rows come in a fixed order."""

import pytest
from lives import AI, lived, named

from events.errors import Damaged
from narrative.history import History
from narrative.query import BadQuery, answered, as_json, plain
from narrative.sources import Source, schemas


@pytest.fixture(scope="module")
def source() -> Source:
    return Source(History(lived(named(AI)), "main", "in memory"))


def rows(source: Source, sql: str) -> list[tuple[object, ...]]:
    return answered(source, sql).rows()


def test_counts_are_those_of_the_log(source):
    counted = dict(rows(source, "SELECT kind, COUNT(*) FROM events GROUP BY kind"))
    kinds = [event.kind for event in source.history.log.read("main")]
    assert counted == {kind: kinds.count(kind) for kind in set(kinds)}
    assert rows(source, "SELECT COUNT(*) FROM Order") == [(kinds.count("Order"),)]


def test_money_stays_whole(source):
    found = answered(source, "SELECT SUM(amount) AS paid FROM postings WHERE account = 'cash' AND amount > 0")
    paid = sum(
        max(amount, 0)
        for (account, amount) in source.frame("postings").select("account", "amount").iter_rows()
        if account == "cash"
    )
    assert (found["paid"].dtype.is_integer(), found["paid"].to_list()) == (True, [paid])


def test_cash_sums_to_zero(source):
    assert rows(source, "SELECT SUM(amount) FROM postings WHERE account = 'cash'") == [(0,)]


def test_tables_can_be_joined_and_joined_with_themselves(source):
    found = rows(
        source,
        "SELECT e.position FROM events e JOIN causes c ON e.position = c.position "
        "JOIN events f ON c.cause = f.position WHERE f.moment <= e.moment",
    )
    assert len(found) == source.frame("causes").height


def test_a_table_of_which_no_column_is_used_still_counts(source):
    (found,) = rows(source, "SELECT COUNT(*) FROM (SELECT a.position FROM Loan a CROSS JOIN Loan b)")
    assert found == (source.frame("Loan").height ** 2,)
    assert found > (1,)


def test_only_the_tables_and_columns_that_are_named_are_made(source, monkeypatch):
    made = []
    genuine = Source.frame
    monkeypatch.setattr(
        Source,
        "frame",
        lambda self, name, columns=None: made.append((name, columns)) or genuine(self, name, columns),
    )
    answered(source, "SELECT kind, COUNT(*) FROM events WHERE origin = 'modelled' GROUP BY kind")
    assert [(name, sorted(columns)) for name, columns in made] == [("events", ["kind", "origin"])]


def test_what_is_not_ordered_comes_in_the_order_of_the_log_or_sorted(source):
    positions = [
        position for (position,) in rows(source, "SELECT position FROM events WHERE origin = 'recorded'")
    ]
    assert positions == sorted(positions)
    grouped = rows(source, "SELECT actor, COUNT(*) FROM events GROUP BY actor")
    assert grouped == sorted(grouped)
    assert rows(source, "SELECT DISTINCT origin FROM events") == [("modelled",), ("recorded",)]
    ordered = rows(source, "SELECT actor, COUNT(*) AS n FROM events GROUP BY actor ORDER BY n DESC, actor")
    assert [n for _, n in ordered] == sorted((n for _, n in ordered), reverse=True)


FAULTS = {
    "SELECT * FROM evnts": 'There is no table "evnts". Did you mean "events"? There are: events, postings,',
    "SELECT * FROM orders": 'There is no table "orders". Did you mean "Order"?',
    "SELECT headlin FROM events": 'There is no column "headlin" there. Did you mean "headline"?',
    "SELECT e.knd FROM events e": "The SQL cannot be answered: ",
    "SELECT kind FROM events WHERE": "The SQL cannot be answered: Expected: an expression, found: EOF.",
    "SELECT SUM(headline) FROM events": "The SQL cannot be answered: ",
    "SELECT 1; SELECT 2": "The SQL cannot be answered: ",
    "DELETE FROM events": "A query begins with SELECT, as in SELECT kind FROM events; this one begins with",
    "DROP TABLE events": "A query begins with SELECT",
    "": "A query begins with SELECT, as in SELECT kind FROM events; this one begins with nothing.",
    "-- only words": "A query begins with SELECT",
}


@pytest.mark.parametrize("sql", FAULTS)
def test_faulty_sql_is_one_sentence_with_what_was_meant(sql, source):
    with pytest.raises(BadQuery) as refusal:
        answered(source, sql)
    assert str(refusal.value).startswith(FAULTS[sql])
    assert "\n" not in str(refusal.value)
    assert str(refusal.value).endswith(".")


def test_an_unknown_table_names_every_table(source):
    with pytest.raises(BadQuery) as refusal:
        answered(source, "SELECT * FROM nothing_like_it")
    assert all(name in str(refusal.value) for name in schemas())


def test_damage_met_on_the_way_is_told_as_damage(source, monkeypatch):
    def damaged(*_: object) -> None:
        raise Damaged("at position 3.")

    monkeypatch.setattr(Source, "frame", damaged)
    with pytest.raises(Damaged, match="at position 3"):
        answered(source, "SELECT a.kind FROM events a JOIN causes c ON a.position = c.cause")


def test_an_interrupt_ends_both_threads(source, monkeypatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Source, "frame", interrupted)
    with pytest.raises(KeyboardInterrupt):
        answered(source, "SELECT a.kind FROM events a JOIN causes c ON a.position = c.cause")


def test_rows_are_plain_json(source):
    found = answered(
        source, "SELECT moment, amount, CAST(0 AS DOUBLE) / CAST(0 AS DOUBLE) AS nothing FROM events LIMIT 1"
    )
    assert plain(found) == [{"moment": "2024-08-01T00:00:00", "amount": None, "nothing": None}]
    assert as_json(found) == '[{"moment": "2024-08-01T00:00:00", "amount": null, "nothing": null}]'


def test_words_within_texts_and_comments_do_not_count(source):
    sql = "SELECT position FROM events WHERE actor <> 'order by' -- group by nothing\n"
    assert rows(source, sql)[0] == (1,)
