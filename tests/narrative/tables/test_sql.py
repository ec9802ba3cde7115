"""SQL over a history: only what it names is made, faults are sentences, rows come in a fixed order."""

from collections import Counter
from datetime import UTC, datetime

import polars as pl
import pytest
from support.lives import AI, lived, named

from events.errors import Damaged, Unwritable
from narrative.analysis.every import DAILY
from narrative.analysis.history import History
from narrative.cli.rows import table_lines
from narrative.story.calendar import Calendar
from narrative.tables import daily
from narrative.tables import source as source_of_tables
from narrative.tables.source import Source, TooMany, schemas
from narrative.tables.sql import BadQuery, Rows, answered, as_json, plain, save


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
        lambda self, name, columns, rows: made.append((name, columns)) or genuine(self, name, columns, rows),
    )
    answered(source, "SELECT kind, COUNT(*) FROM events WHERE origin = 'modelled' GROUP BY kind")
    assert [(name, sorted(columns)) for name, columns in made] == [("events", ["kind", "origin"])]


@pytest.mark.parametrize(
    ("where", "is_asked"),
    [
        ("actor = 'openai'", lambda moment, actor: actor == "openai"),
        (
            "actor IN ('openai', 'oracle') AND moment < '2025-03-01'",
            lambda moment, actor: actor in {"openai", "oracle"} and moment.isoformat() < "2025-03-01",
        ),
        ("actor = 'openai' AND valuation > 0", lambda moment, actor: True),  # of a value one must be read
    ],
)
def test_only_the_readings_that_are_asked_for_are_read(source, monkeypatch, where, is_asked):
    every = source.readings(DAILY)
    wanted = [row for row in every.select("moment", "actor").iter_rows() if is_asked(*row)]
    read, genuine = [], daily.read_off

    def noting(readings, actor, moment):
        read.append((datetime.fromtimestamp(moment, UTC).replace(tzinfo=None), actor))
        return genuine(readings, actor, moment)

    monkeypatch.setattr(daily, "read_off", noting)
    found = answered(Source(source.history), f"SELECT moment, actor, cash FROM readings WHERE {where}")
    assert read == wanted
    named = found.select("moment", "actor")
    assert found.rows() == every.join(named, on=["moment", "actor"]).select("moment", "actor", "cash").rows()
    assert set(found["actor"]) <= {"openai", "oracle"}


def test_more_readings_than_can_be_held_are_refused_at_once_and_narrowed_ones_are_not(source, monkeypatch):
    monkeypatch.setattr(source_of_tables, "READ_AT_ONCE", 1_000)
    monkeypatch.setattr(daily, "BLOCK", 7)
    days = source.readings(DAILY, asked=pl.col("actor") == "openai").height
    with pytest.raises(TooMany, match=r"are [0-9,]+ rows, and at most 1,000 .* WHERE actor = '\w+'"):
        Source(source.history).readings(DAILY)
    assert rows(Source(source.history), "SELECT COUNT(*) FROM readings WHERE actor = 'openai'") == [(days,)]


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


def counted(source: Source, column: str) -> dict[str, int]:
    return dict(Counter(getattr(event, column) for event in source.history.log.read("main")))


def test_a_limit_cuts_after_the_sorting(source):
    actors = sorted(counted(source, "actor").items())
    for limit in (
        "LIMIT 3",
        "limit 3 OFFSET 0",
        "FETCH FIRST 3 ROWS ONLY",
        "LIMIT 3; ",
        "LIMIT 3 -- LIMIT 9",
    ):
        sql = f"SELECT actor, COUNT(*) FROM events GROUP BY actor {limit}"
        assert rows(source, sql) == actors[:3]
    sql = "(SELECT actor, COUNT(*) FROM events GROUP BY actor LIMIT 3 OFFSET 2);"
    assert rows(source, sql) == actors[2:5]
    assert rows(source, "SELECT position FROM events LIMIT 3") == [(1,), (2,), (3,)]


def test_what_ties_is_ordered_by_the_columns(source):
    kinds = counted(source, "kind").items()
    tied = sorted(kinds, key=lambda pair: (pair[1], pair[0]))
    assert len({count for _, count in kinds}) < len(kinds)
    sql = "SELECT kind, COUNT(*) AS n FROM events GROUP BY kind ORDER BY n"
    assert rows(source, sql) == tied
    assert rows(source, f"{sql} LIMIT 4") == tied[:4]
    assert rows(source, f"(({sql}));") == tied
    assert rows(source, "SELECT position FROM events ORDER BY kind = 'Opening' LIMIT 3") == [(2,), (3,), (4,)]
    assert rows(source, "SELECT kind, position FROM events ORDER BY ALL LIMIT 1")[0][0] == min(
        k for k, _ in kinds
    )


INNER = "SELECT kind, COUNT(*) AS n FROM events GROUP BY kind ORDER BY n"


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT kind, n FROM ({INNER}) AS x",
        f"WITH x AS ({INNER}) SELECT kind, n FROM x",
        'SELECT kind, COUNT(*) AS "order by" FROM events GROUP BY kind -- ORDER BY n',
        "SELECT kind, COUNT(*) FROM events WHERE actor <> 'order by' GROUP BY kind /* ORDER BY n */",
        "SELECT kind, COUNT(*) FROM events WHERE actor <> 'it''s ORDER BY 1' GROUP BY(kind)",
    ],
)
def test_an_order_that_is_not_the_outermost_orders_nothing(sql, source):
    assert rows(source, sql) == sorted(counted(source, "kind").items())


def test_unions_and_joins_are_sorted_before_they_are_cut(source):
    actors, kinds = counted(source, "actor"), counted(source, "kind")
    both = sorted({(name,) for name in (*actors, *kinds)})
    assert rows(source, "SELECT actor FROM events UNION SELECT kind FROM events LIMIT 4") == both[:4]
    assert rows(source, "((SELECT actor FROM events) UNION (SELECT kind AS actor FROM events))") == both
    for join in (
        "events e JOIN causes c ON e.position = c.position",
        "events e, causes c WHERE e.position = c.position",
    ):
        found = rows(source, f"SELECT c.cause, e.position FROM {join}")
        assert found == sorted(found)
        assert len(found) == source.frame("causes").height
        assert rows(source, f"SELECT c.cause, e.position FROM {join} LIMIT 7") == found[:7]


def test_what_is_looked_up_in_another_table_is_sorted(source):
    found = rows(source, "SELECT kind, position FROM events WHERE position IN (SELECT cause FROM causes)")
    assert found == sorted(found)
    assert [position for _, position in found] != sorted(position for _, position in found)


def test_a_limit_within_brackets_cuts_after_sorting_too(source):
    actors = sorted(counted(source, "actor").items())
    sql = "WITH x AS (SELECT actor, COUNT(*) AS n FROM events GROUP BY actor), y AS (SELECT * FROM x LIMIT 3)"
    assert rows(source, f"{sql} SELECT actor, n FROM y") == actors[:3]
    sql = "SELECT n, actor FROM (SELECT actor, COUNT(*) AS n FROM events GROUP BY actor LIMIT 3) AS x"
    assert rows(source, sql) == sorted((n, actor) for actor, n in actors[:3])
    sql = (
        "SELECT a.position FROM (SELECT position FROM events LIMIT 3) AS a JOIN events AS b USING (position)"
    )
    assert rows(source, sql) == [(1,), (2,), (3,)]


def test_what_a_limit_cut_is_filtered_afterwards_and_what_was_filtered_is_cut(source):
    assert rows(
        source, "SELECT a.position FROM (SELECT position FROM events LIMIT 5) AS a WHERE a.position > 3"
    ) == [
        (4,),
        (5,),
    ]
    assert rows(source, "SELECT position FROM events WHERE position > 3 LIMIT 2") == [(4,), (5,)]


def test_what_ties_within_brackets_is_ordered_before_a_limit_cuts_it(source):
    tied = sorted(counted(source, "kind").items(), key=lambda pair: (pair[1], pair[0]))
    for inner in (f"{INNER} LIMIT 3", f"{INNER} FETCH FIRST 3 ROWS ONLY"):
        assert rows(source, f"SELECT kind, n FROM ({inner}) AS x ORDER BY n") == tied[:3]
        assert rows(source, f"WITH x AS ({inner}) SELECT kind, n FROM x ORDER BY n") == tied[:3]
    sql = "SELECT MAX(p) FROM (SELECT position * 1 AS p FROM events ORDER BY origin IS NULL LIMIT 3) AS x"
    assert rows(source, sql) == [(3,)]
    star = "SELECT {} FROM events e JOIN causes c ON e.position = c.position ORDER BY {} LIMIT 3"
    for stars in ("*", "e.*", "DISTINCT *", "c.cause, e.*"):
        for order in ("e.position", "ALL"):
            assert rows(source, f"SELECT COUNT(*) FROM ({star.format(stars, order)}) AS x") == [(3,)]


def test_nulls_come_last(source):
    found = [name for (name,) in rows(source, "SELECT DISTINCT counterparty FROM events")]
    assert found[-1] is None
    assert found[:-1] == sorted(name for name in found[:-1] if name is not None)


def test_lists_are_plain_too(source):
    found = answered(
        source, "SELECT kind, ARRAY_AGG(position) AS those FROM events WHERE position < 3 GROUP BY kind"
    )
    assert plain(found) == [{"kind": "Endowment", "those": [2]}, {"kind": "Opening", "those": [1]}]
    moments = pl.DataFrame(
        {"when": [[datetime.fromisoformat("2025-01-01")]], "pair": [{"a": float("inf"), "b": b"x"}]}
    )
    assert plain(moments) == [{"when": ["2025-01-01T00:00:00"], "pair": {"a": None, "b": "b'x'"}}]


MOST = 2**63 - 1  # of 64 bits
# What each comes to, by hand, of n events at the positions 1 to n.
SUMS = {
    f"SUM(CAST({MOST} AS BIGINT))": lambda n: n * MOST,
    f"SUM({MOST})": lambda n: n * MOST,
    f'"sum"(position * 0 + {MOST})': lambda n: n * MOST,
    f"`Sum` ( /* ) */ CAST({MOST} AS BIGINT))": lambda n: n * MOST,
    f"SUM(CAST(position AS BIGINT) * 0 + {2**62})": lambda n: n * 2**62,
    f"SUM(CASE WHEN kind = ')' THEN 0 ELSE CAST({MOST} AS BIGINT) END)": lambda n: n * MOST,
    f"MAX(0) + SUM(CAST({-MOST} AS BIGINT))": lambda n: n * -MOST,
    f"SUM(CAST(position * 0 + {2**31 - 1} AS INT))": lambda n: n * (2**31 - 1),
    "SUM(DISTINCT position)": lambda n: n * (n + 1) // 2,
    "SUM(position) FILTER (WHERE position > 3)": lambda n: n * (n + 1) // 2 - 6,
    "SUM(position > 3)": lambda n: n - 3,
    "SUM((position) * (2)) - SUM(position)": lambda n: n * (n + 1) // 2,
    "SUM(position * 0.5)": lambda n: n * (n + 1) / 4,
}


@pytest.mark.parametrize("asked", SUMS)
def test_a_sum_of_whatever_is_written_is_right_or_refused(asked, source):
    comes = SUMS[asked](source.frame("events").height)
    if abs(comes) > MOST:
        with pytest.raises(BadQuery, match=r"^s comes to .*, and a whole number ends at 9\.2e18"):
            answered(source, f"SELECT {asked} AS s FROM events")
    else:
        assert rows(source, f"SELECT {asked} AS s FROM events") == [(comes,)]


def test_a_sum_of_rows_that_are_written_is_refused_too(source):
    united = f"SELECT {MOST} AS x UNION ALL SELECT {MOST} AS x"
    with pytest.raises(BadQuery, match="s comes to"):
        answered(source, f"SELECT SUM(x) AS s FROM ({united}) AS t")


def test_a_sum_that_does_not_fit_is_refused(source):
    (most,) = (max(abs(a) for a in source.frame("postings")["amount"] if a is not None),)
    factor = 2**62 // most
    sql = "SELECT {} AS total FROM postings WHERE amount = {}"
    assert rows(source, sql.format(f"SUM(amount * {factor})", most)) != [(None,)]
    with pytest.raises(
        BadQuery, match=r"^total comes to .*e\+19, and a whole number ends at 9\.2e18; divide before"
    ):
        answered(source, sql.format(f"SUM(amount * {factor}) * 3", most))
    found = answered(
        source, "SELECT SUM(amount) AS whole, SUM(amount) / 1e9 AS parts, COUNT(*) AS n FROM postings"
    )
    assert found.dtypes == [pl.Int64, pl.Float64, found["n"].dtype]
    assert found["whole"].to_list() == [sum(a for a in source.frame("postings")["amount"])]


@pytest.mark.parametrize("name", ["read_csv", '"read_csv"', "READ_PARQUET ", "read_json/* */", "read_ipc"])
def test_sql_reads_no_files(name, source, tmp_path):
    (tmp_path / "x").write_text("secret\n1\n")
    with pytest.raises(BadQuery, match="would read a file; a query reads the tables of one history alone"):
        answered(source, f"SELECT * FROM {name}('{tmp_path / 'x'}')")
    assert rows(source, "SELECT 'read_csv(x)' AS text FROM events LIMIT 1") == [("read_csv(x)",)]


def test_where_polars_panics_it_is_said(source, monkeypatch):
    def panic(*_: object, **__: object) -> None:
        raise pl.exceptions.PanicException("not implemented\nat line 3")

    monkeypatch.setattr(pl, "SQLContext", panic)
    with pytest.raises(
        BadQuery, match=r"^polars cannot answer this SQL \(not implemented\)\. Write it another way;"
    ):
        answered(source, "SELECT 1")


def test_a_file_of_rows_is_written_as_its_form_says(tmp_path):
    frame = pl.DataFrame(
        {"moment": [datetime.fromisoformat("2025-01-02T03:04:05")], "n": [None]},
        schema_overrides={"n": pl.Int64},
    )
    for form in ("csv", "json", "parquet"):
        save(frame, form, tmp_path / form)
    assert (tmp_path / "csv").read_text() == "moment,n\n2025-01-02T03:04:05,\n"
    assert (tmp_path / "json").read_text() == '[{"moment": "2025-01-02T03:04:05", "n": null}]\n'
    assert pl.read_parquet(tmp_path / "parquet").equals(frame)
    for form, wrong in (("csv", BadQuery), ("parquet", Unwritable)):
        lists = pl.DataFrame({"those": [[1, 2]] if form == "csv" else pl.Series([object()], dtype=pl.Object)})
        with pytest.raises(wrong):
            save(lists, form, tmp_path / "lists")
        assert not (tmp_path / "lists").exists()


FAULTS = {
    "SELECT * FROM evnts": 'There is no table "evnts". Did you mean "events"? There are: events, postings,',
    "SELECT * FROM orders": 'There is no table "orders". Did you mean "Order"?',
    "SELECT headlin FROM events": 'There is no column "headlin" there. Did you mean "headline"?',
    "SELECT e.knd FROM events e": "The SQL cannot be answered: ",
    "SELECT kind FROM events WHERE": "The SQL cannot be answered: Expected: an expression, found: EOF.",
    "SELECT SUM(headline) FROM events": "The SQL cannot be answered: ",
    "SELECT 1; SELECT 2": "The SQL cannot be answered: ",
    "DELETE FROM events": "A query begins with SELECT, as in SELECT kind FROM events; this one begins with",
    "SELECT kind, kind FROM events": "Two columns are called kind; name one of them: kind AS other.",
    "SELECT amount + 'x' FROM events": "The SQL cannot be answered: arithmetic on dtypes whole number and",
    "SELECT SUM(amount) + 'x' FROM events": "The SQL cannot be answered: arithmetic on dtypes whole number",
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


def test_a_number_with_a_point_is_a_float_and_not_cut_to_a_scale(source):
    asked = "1/3000000.0 AS tiny, 2/3.0 AS part, .5 AS half, 1. AS one, '1.5' AS text, 1.5e1 AS e"
    (row,) = plain(answered(source, f"SELECT {asked} FROM events LIMIT 1"))
    assert row == {"tiny": 1 / 3000000, "part": 2 / 3, "half": 0.5, "one": 1.0, "text": "1.5", "e": 15.0}
    # What a query asks to be a decimal is a number in JSON all the same.
    (row,) = plain(answered(source, "SELECT CAST(1 AS DECIMAL(10, 2)) AS d FROM events LIMIT 1"))
    assert row == {"d": 1.0}


def test_years_that_no_datetime_of_python_holds_are_written_all_the_same():
    # The first second of Julian year 1 and the last of Julian year 9999, in seconds since 1970.
    ends = {calendar: Calendar("julian").written(calendar) for calendar in ("0001-01-01", "9999-12-31")}
    frame = pl.DataFrame({"moment": pl.Series([s * 1000 for s in ends.values()]).cast(pl.Datetime("ms"))})
    assert [row["moment"][:6] for row in plain(frame)] == ["0000-1", "+10000"]
    lines, shown = table_lines(frame, None)
    assert (shown, [line.strip()[:6] for line in lines[1:]]) == (2, ["0000-1", "+10000"])
    with pytest.raises(BadQuery, match="Python's datetime"):
        list(Rows(frame))
    with pytest.raises(BadQuery, match="in a list"):
        plain(frame.select(pl.col("moment").implode()))
