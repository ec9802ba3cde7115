"""What the tables of a history are made of: its own log up to one end, kept only where that pays."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from polars.exceptions import ComputeError
from support.lives import lived
from support.tiny import DAY, entry, story, ten_days, told

import narrative
from events.books import frames
from events.cache import Kept
from events.event import Draft
from events.facts import FAMILIES, KINDS, Note
from events.funding_facts import Funding
from events.log import Log
from narrative.analysis.history import History
from narrative.story.observed import Observation, Observed
from narrative.tables import source as sources
from narrative.tables.source import Source


def source(log: Log) -> Source:
    return Source(History(log, "main", "in memory"))


@pytest.fixture
def kept(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history whose events and postings are kept."""
    monkeypatch.setattr(sources, "LONG", 1)
    narrative.run("mine")
    narrative.history("mine").events()
    narrative.history("mine").postings()
    return here


def was_read_again(table: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the log was needed for a table."""
    genuine, read = Source.chunks, []
    with monkeypatch.context() as patch:
        patch.setattr(Source, "chunks", lambda *given: read.append(table) or genuine(*given))
        getattr(narrative.history("mine"), table)()
    return bool(read)


CHANGES = {
    "the shape of tables": lambda patch: patch.setattr(frames, "FORM", frames.FORM + 1),
    "a kind": lambda patch: patch.setattr(KINDS["Pledge"], "version", KINDS["Pledge"].version + 1),
    "a family": lambda patch: patch.setitem(FAMILIES, "order", FAMILIES["order"][1:]),
    "polars": lambda patch: patch.setattr(pl, "__version__", "0"),
    "the columns": lambda patch: [
        patch.setitem(columns, "more", pl.String()) for columns in (frames.EVENTS, frames.POSTINGS)
    ],
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("table", ["events", "postings"])
def test_what_another_program_kept_is_not_believed(change, table, kept, monkeypatch):
    form, where = sources._form(table), Kept.of(kept / "mine.db", "main", narrative_digest())
    assert not was_read_again(table, monkeypatch)
    assert where.find(f"{table}.position", form) is not None
    CHANGES[change](monkeypatch)
    assert where.find(f"{table}.position", sources._form(table)) is None


def narrative_digest() -> bytes:
    return bytes.fromhex(narrative.branches("mine")[0]["digest"])


def test_postings_of_another_table_of_postings_are_not_believed(kept, monkeypatch):
    monkeypatch.setattr(type(sources.TABLE), "fingerprint", lambda _: "another")
    assert was_read_again("postings", monkeypatch)
    assert not was_read_again("events", monkeypatch)


def test_a_kept_file_that_goes_away_or_is_half_written_is_made_anew(kept, monkeypatch):
    events, genuine = narrative.history("mine").events(), Kept.find
    for spoil in (Path.unlink, lambda path: path.write_bytes(b"PAR1")):

        def found(self: Kept, table: str, form: object, spoil: object = spoil) -> Path | None:
            path = genuine(self, table, form)
            if path is not None:
                spoil(path)
            return path

        with monkeypatch.context() as patch:
            patch.setattr(Kept, "find", found)
            assert narrative.history("mine").events().equals(events)


def test_short_histories_are_not_kept(here):
    narrative.run("mine")
    narrative.history("mine").events()
    assert not (here / "mine.db.kept").exists()


def test_what_polars_cannot_write_is_not_kept(here, monkeypatch):
    monkeypatch.setattr(sources, "LONG", 1)

    def fail(*_: object, **__: object) -> None:
        raise ComputeError("no room")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", fail)
    narrative.run("mine")
    assert narrative.history("mine").events().height == narrative.branches("mine")[0]["events"]
    assert [path for path in (here / "mine.db.kept").rglob("*") if path.is_file()] == []


def test_a_log_in_memory_keeps_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sources, "LONG", 1)
    assert source(lived(ten_days())).frame("events").height > 1
    assert list(tmp_path.iterdir()) == []


def test_a_source_ends_where_its_history_ended_when_it_was_made():
    log = lived(ten_days())
    found = source(log)
    log.append("main", found.head.position, 200 * DAY, [(Draft("a", Note(author="a", text="later")),)])
    assert found.frame("events").height == found.head.position
    assert found.frame("Note").is_empty()


def test_days_are_counted_from_midnight_and_end_where_the_life_did():
    words = entry(
        "round", 2 * DAY - 1, Funding(company="lab", investor="outside", amount=7, told=told("round"))
    )
    log = lived(story((words,), start=DAY + 3_600, until=4 * DAY + 60), cast="none")
    assert log.head().moment < log.head().lived == 4 * DAY + 60
    readings = source(log).frame("readings").filter(pl.col("actor") == "lab")
    assert readings["moment"].dt.epoch("s").to_list() == [2 * DAY - 1, 3 * DAY - 1, 4 * DAY - 1, 4 * DAY + 60]
    # The round falls on the last second of the first day, and is of that day.
    assert readings["cash"].to_list() == [1_007] * 4


def test_branches_say_what_they_were_forked_from_and_main_nothing():
    log = lived(ten_days())
    log.fork("calm", "main", 7)
    found = source(log).frame("branches")
    assert found.select("branch", "parent", "position", "question").rows() == [
        ("main", None, None, None),
        ("calm", "main", 7, None),
    ]
    (end,) = {
        (row["moment"], row["lived"]) for row in found.filter(pl.col("branch") == "main").rows(named=True)
    }
    head = log.head()
    assert head.moment < head.lived
    assert end == tuple(
        datetime.fromtimestamp(at, UTC).replace(tzinfo=None) for at in (head.moment, head.lived)
    )


def test_an_observation_that_belongs_to_no_entry_says_so(monkeypatch):
    row = Observation(moment=0, actor="cloud", kind="yield", value=1.5, source="x", entries=())
    monkeypatch.setattr(sources, "observed_rows", lambda _: Observed((row,)))
    assert source(lived(ten_days())).frame("observed").row(0)[-1] is None
