"""Frames of a history agree with what the verbs say of it, to the last unit."""

from datetime import datetime
from functools import cache

import msgspec
import polars as pl
import pytest
from support.full_cast import history as full_history
from support.lives import AI, lived, named
from support.tiny import DAY, entry, story, ten_days, told

import narrative
from events.books.accounts import posted
from events.facts import FAMILIES, KINDS, Announcement
from events.log import Log, open_log
from narrative.analysis.every import Every
from narrative.analysis.history import BadSpan, History
from narrative.analysis.replay import reading, walk
from narrative.books.table import TABLE
from narrative.prose.notebook import of_history, table
from narrative.tables import source as sources
from narrative.tables.source import Source, schemas
from narrative.tables.sql import BadQuery, answered
from narrative.verbs.opened import Frames

MONEY = {"amount", "ceiling", "stated", "news", "valuation", "collateral", "cash", "debt", "backlog"}


@cache
def source(which: str) -> Source:
    return Source(History(_log(which), "main", "in memory"))


def _log(which: str) -> Log:
    if which == "full":
        return full_history(1)
    return lived(ten_days() if which == "tiny" else named(which))


@pytest.mark.parametrize("name", schemas())
def test_every_table_has_the_columns_it_says_and_money_is_whole(name):
    frame = source(AI).frame(name)
    assert dict(frame.schema) == schemas()[name]
    assert all(frame.schema[column] == pl.Int64 for column in MONEY.intersection(frame.columns))


def test_events_are_those_of_the_log():
    events = source(AI).frame("events")
    found = list(source(AI).history.log.read("main"))
    assert events["position"].to_list() == [event.position for event in found]
    assert events["moment"].dt.epoch("s").to_list() == [event.moment for event in found]
    assert events["kind"].to_list() == [event.kind for event in found]
    assert events["actor"].to_list() == [event.actor for event in found]
    assert events["digest"].to_list() == [event.digest.hex() for event in found]
    amounts = [getattr(event.fact, "amount", None) for event in found]
    assert events["amount"].to_list() == amounts
    headlines = [event.fact.told.headline if event.fact.told else None for event in found]
    assert events["headline"].to_list() == headlines
    for kind in KINDS:
        assert source(AI).frame(kind)["position"].to_list() == [e.position for e in found if e.kind == kind]


@pytest.mark.parametrize("which", [AI, "loop", "full"])
def test_postings_are_what_the_table_makes_of_each_fact(which):
    rows = [
        (event.position, *posting)
        for event in source(which).history.log.read("main")
        for posting in posted(TABLE.rows(event.kind), event.fact)
    ]
    found = source(which).frame("postings")
    assert found.select("position", "account", "key", "amount").rows() == rows
    parts = found.select(pl.concat_str("holder", "other", separator="/", ignore_nulls=True) == pl.col("key"))
    assert parts.to_series().all()


@pytest.mark.parametrize("which", ["tiny", AI, "loop", "full"])
def test_readings_in_bulk_are_those_of_the_walk_to_the_bit(which):
    log = source(which).history.log
    head, first = log.head("main"), log.opening().moment
    every = DAY if which == "tiny" else 7 * DAY
    moments = [*range(first - first % DAY + every - 1, head.lived, every), head.lived]
    rows = [
        (moment, actor.id, *reading(world, actor.id, moment).values())
        for moment, world in walk(log, "main", moments)
        for actor in world.story.actors
    ]
    found = source(which).readings(Every(every))
    assert found.with_columns(pl.col("moment").dt.epoch("s")).rows() == rows


@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("1q", ["2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31"]),
        ("6mo", ["2025-06-30", "2025-12-31"]),
        ("5mo", ["2025-05-31", "2025-10-31", "2025-12-31"]),
    ],
)
def test_readings_of_months_end_with_them(here, every, days):
    moments = narrative.history("mine").readings(every=every)["moment"].unique().sort()
    assert moments.dt.to_string("%Y-%m-%d").to_list() == days
    assert set(moments.dt.to_string("%H:%M:%S")) == {"23:59:59"}


def test_query_answers_with_the_values_of_the_frames(here):
    sql = "SELECT position, moment, counterparty, actor FROM events"
    frame, rows = narrative.history("mine").query(sql), narrative.query("mine", sql)
    assert rows == frame.to_dicts()
    assert rows[0] == frame.row(0, named=True)
    assert rows[-2:] == frame.to_dicts()[-2:]
    assert isinstance(rows[0]["moment"], datetime)
    assert rows.plain()[0]["moment"] == rows[0]["moment"].isoformat()
    assert None in [row["counterparty"] for row in rows]
    odd = "SELECT LN(0 * position) AS a, SQRT(0 - position) AS b, 1.5 AS c FROM events LIMIT 1"
    assert list(narrative.query("mine", odd)) == [{"a": None, "b": None, "c": 1.5}]
    assert narrative.history("mine").query(odd).row(0) == (None, None, 1.5)


def test_a_days_readings_are_what_replay_shows_at_that_day(here):
    narrative.run("mine")
    day = (
        narrative.history("mine")
        .readings()
        .filter(pl.col("moment") == datetime.fromisoformat("2025-03-10T23:59:59"))
    )
    shown = narrative.replay("mine", at="2025-03-10")["actors"]
    assert day["actor"].to_list() == list(shown)
    for row in day.iter_rows(named=True):
        assert {name: row[name] for name in row if name not in ("moment", "actor")} == {
            name: shown[row["actor"]][name] for name in row if name not in ("moment", "actor")
        }


def test_observations_give_money_whole_and_everything_else_as_it_is():
    observed = source(AI).frame("observed")
    money = observed.filter(pl.col("kind").is_in(["market_value", "net_worth"]))
    assert money["amount"].null_count() == 0
    assert money["value"].null_count() == money.height > 0
    rest = observed.filter(~pl.col("kind").is_in(["market_value", "net_worth"]))
    assert rest["amount"].null_count() == rest.height


def test_a_history_is_found_by_name_and_its_branches_are_frames_too(here):
    found = narrative.history("mine")  # performed first
    assert isinstance(found, Frames)
    narrative.what_if("mine", name="calm", without="plan")
    calm = found.branch("calm")
    assert repr(calm) == "narrative.history('mine@calm')"
    assert calm.branches()["branch"].to_list() == ["main", "calm"]
    assert calm.branches()["parent"].to_list() == [None, "main"]
    assert calm.events()["digest"][-1] == narrative.branches("mine")[1]["digest"]
    assert calm.events("Withheld")["entry"].to_list() == ["plan"]
    assert found.events("Withheld").is_empty()
    assert calm.query("SELECT COUNT(*) AS n FROM Withheld")["n"].to_list() == [1]
    assert found.causes().columns == ["position", "cause"]
    assert found.observed().is_empty()
    with pytest.raises(BadSpan):
        found.readings("daily")
    with pytest.raises(BadQuery, match=r'no kind "Ordre"\. Did you mean "Order"'):
        found.events("Ordre")
    with pytest.raises(BadQuery, match=r'no kind "readings"\..* There are: Announcement,'):
        found.events("readings")
    assert found.events("order").equals(found.events("Order"))
    assert found.events("ORDER").height == 1


def test_a_branch_is_of_the_same_database_in_whatever_folder_it_is(here):
    (here / "a@b").mkdir()
    narrative.run("mine", db="a@b/x.db")
    narrative.what_if("a@b/x.db", name="calm", without="plan")
    for name in ("a@b/x.db", "a@b/x.db@calm"):
        assert repr(narrative.history(name).branch("main")) == "narrative.history('a@b/x.db@main')"
    assert narrative.history("a@b/x.db").branch("calm").events("Withheld")["entry"].to_list() == ["plan"]


# --- in notebooks -----------------------------------------------------------------------------------


def test_views_escape_what_timelines_say():
    nasty = "<img src=x onerror=alert(1)>"
    words = entry("words", DAY, Announcement(subject="lab", told=told("words")))
    log = lived(story((words,), title=nasty, question=nasty))
    assert nasty not in of_history(History(log, "main", "x"))
    assert "&lt;img src=x onerror=alert(1)&gt;" in of_history(History(log, "main", "x"))
    assert nasty not in table(nasty, [nasty, nasty], [[nasty, nasty]])


def test_a_history_and_a_world_show_themselves(here):
    found = narrative.history("mine")
    assert "<table" in found._repr_html_()
    assert "● recorded" in found._repr_html_()
    world = found.world("2025-03-10")
    assert repr(world).startswith("<mine@main #")
    assert "A laboratory" in world._repr_html_()
    assert "$60 bn" in world._repr_html_()  # what the round of that day said it was worth
    assert world.world.position == narrative.replay("mine", at="2025-03-10")["position"]


# --- what is kept -----------------------------------------------------------------------------------


def test_long_histories_are_kept_and_what_is_kept_is_never_believed_blindly(here, monkeypatch):
    monkeypatch.setattr(sources, "LONG", 1)
    narrative.run("mine")
    fresh = narrative.history("mine")
    events, postings = fresh.events(), fresh.postings()
    kept = sorted(path.name.partition("-")[0] for path in (here / "mine.db.kept" / "main").iterdir())
    assert kept == sorted(f"{name}.{column}" for name in ("events", "postings") for column in schemas()[name])
    with monkeypatch.context() as patch:
        patch.setattr(sources.Source, "chunks", lambda *_: pytest.fail("the log was read again"))
        assert fresh.events().equals(events)
        assert fresh.postings().equals(postings)
    for path in (here / "mine.db.kept" / "main").iterdir():
        path.write_bytes(path.read_bytes()[:-10])
    assert fresh.events().equals(events)
    narrative.resume("mine", until="2026-03-01")
    assert fresh.events().height == narrative.branches("mine")[0]["events"]


def test_a_query_keeps_the_columns_it_names_and_the_next_one_adds_its_own(here, monkeypatch):
    narrative.run("mine")
    fresh = narrative.history("mine")
    plain = fresh.query("SELECT kind, origin, amount, actor FROM events")
    monkeypatch.setattr(sources, "LONG", 1)

    def kept():
        return sorted(path.name.partition("-")[0] for path in (here / "mine.db.kept" / "main").iterdir())

    counted = fresh.query("SELECT origin, COUNT(kind) AS n FROM events GROUP BY origin")
    assert counted.rows() == plain.group_by("origin").len().sort("origin").rows()
    assert kept() == ["events.kind", "events.origin"]
    assert fresh.query("SELECT kind, origin, amount, actor FROM events").equals(plain)
    assert kept() == ["events.actor", "events.amount", "events.kind", "events.origin"]
    assert fresh.query("SELECT kind, origin, amount, actor FROM events").equals(plain)


def test_a_directory_that_cannot_be_written_answers_all_the_same(here, monkeypatch):
    monkeypatch.setattr(sources, "LONG", 1)
    (here / "mine.db.kept").write_text("in the way")
    narrative.run("mine")
    assert narrative.history("mine").events().height == narrative.branches("mine")[0]["events"]


def test_a_query_over_a_log_in_memory(monkeypatch):
    monkeypatch.setattr(sources, "LONG", 1)
    assert answered(source("tiny"), "SELECT COUNT(*) AS n FROM events")["n"].to_list() == [
        source("tiny").head.position
    ]


def test_a_log_without_an_opening_is_no_history(tmp_path):
    open_log(tmp_path / "a.db").close()
    with pytest.raises(Exception, match="holds no events yet"):
        narrative.history(str(tmp_path / "a.db"))


def test_who_is_repriced_is_the_counterparty_as_the_log_finds_it():
    asked = source("ai-2025")
    told = answered(asked, "SELECT position FROM events WHERE kind = 'Repricing' AND counterparty = 'oracle'")
    events = [e for e in _log("ai-2025").read("main") if e.kind == "Repricing" and e.fact.asset == "oracle"]
    assert sorted(told["position"].to_list()) == [e.position for e in events] != []


def test_a_family_is_called_what_the_log_calls_it():
    told = answered(source("ai-2025"), "SELECT family, kind FROM events GROUP BY family, kind").rows()
    assert {family for family, _ in told} <= set(FAMILIES)
    assert ("record", "Endowment") in told
    assert ("market", "Repricing") in told


def test_the_door_is_a_function_whatever_was_imported_before():
    import narrative.analysis.history
    import narrative.verbs.opened

    assert callable(narrative.history)
    assert callable(narrative.query)
    assert callable(narrative.export)
    assert narrative.history.__module__ == "narrative.verbs.opened"


def test_a_why_shows_its_parts_and_its_causes_and_escapes_what_they_say(here):
    parts = narrative.why("mine", "lab", "valuation", at="2025-03-10")
    assert parts["parts"]
    assert "A laboratory: valuation" in parts._repr_html_()
    assert "$60 bn" in parts._repr_html_()  # what the round of that day said it was worth
    caused = narrative.why("mine", parts["position"])
    assert f"#{parts['position']}" in caused._repr_html_()
    bold = msgspec.structs.replace(caused.tree[0], gist="<b>bold</b>")
    assert "&lt;b&gt;bold" in msgspec.structs.replace(caused, tree=[bold])._repr_html_()
    nothing = narrative.why("mine", "chipmaker", "belief_share", at="2025-03-10")
    assert "belief share" in nothing._repr_html_()
