"""The log: moments whole and in order, batches, heads, one writer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.drafts import append, fill, note, say, told

from events import writing
from events.codec import GENESIS, chain, encode
from events.errors import BadFact, Locked, NotALog, Unwritable, WrongPosition
from events.event import Draft
from events.facts import Note
from events.files import Taken
from events.log import Log, open_log
from events.stores.sqlite import SqliteStore


@pytest.fixture(params=["memory", "sqlite"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    with open_log(None if request.param == "memory" else tmp_path / "log.db") as opened:
        yield opened


def test_an_empty_log_has_one_branch_that_ends_before_its_first_event(log):
    head = log.head("main")
    assert (head.position, head.moment, head.digest) == (0, None, GENESIS)
    assert [branch.name for branch in log.branches()] == ["main"]
    assert list(log.read("main")) == []
    assert log.position_at("main", 10**12) == 0


def test_positions_are_dense_over_the_acts_of_a_moment(log):
    events = log.append("main", 0, 7, [say("a", "b"), say("c")])
    assert [event.position for event in events] == [1, 2, 3]
    assert {event.moment for event in events} == {7}
    assert tuple(log.read("main")) == events


def test_an_event_is_had_by_its_position_and_a_row_says_its_kind(log):
    events = log.append("main", 0, 7, [say("a", "b"), say("c")])
    assert [log.event("main", position) for position in (1, 2, 3)] == list(events)
    assert log.opening("main") == events[0]
    row = next(log.rows("main", 2))
    assert (row.position, row.stamp, row.kind, row.digest) == (2, "Note@2", "Note", events[1].digest)


@pytest.mark.parametrize("position", [-1, 0, 3])
def test_an_event_that_is_not_there_is_refused(log, position):
    fill(log, 2)
    with pytest.raises(WrongPosition, match=f"no main@{position}: main ends at 2"):
        log.event("main", position)


def test_causes_are_earlier_positions_and_offsets_inside_the_act(log):
    fill(log, 2)
    acts = [
        say("first act"),
        (note("a", causes=(1,)), note("b", within=(0,)), note("c", causes=(2,), within=(0, 1))),
    ]
    events = log.append("main", 2, 99, acts)
    assert [event.causes for event in events] == [(), (1,), (4,), (2, 4, 5)]
    assert [event.causes for event in log.read("main", 3)] == [(), (1,), (4,), (2, 4, 5)]


@pytest.mark.parametrize(
    "draft",
    [
        note("own moment", causes=(3,)),
        note("none", causes=(0,)),
        note("itself", within=(1,)),
        note("back", within=(-1,)),
    ],
)
def test_a_cause_that_did_not_come_before_is_refused(log, draft):
    fill(log, 2)
    with pytest.raises(BadFact):
        log.append("main", 2, 99, [(note("first"), draft)])
    assert log.head("main").position == 2


def test_the_digest_chains_over_what_is_stored(log):
    fact = Note(author="anyone", text="a | b\nc")
    (event,) = log.append("main", 0, -5, [(Draft("anyone", fact, "recorded"),)])
    assert event.digest == chain(GENESIS, 1, -5, "Note@2", "recorded", "anyone", "", encode(fact))
    assert log.head("main").digest == event.digest


def test_an_append_after_another_end_says_where_the_end_is(log):
    fill(log, 415)
    with pytest.raises(WrongPosition) as caught:
        log.append("main", 412, 9999, [say("late")])
    assert str(caught.value) == (
        "tried to append after main@412, but main is at 415. Read from 412 and decide again."
    )
    assert log.head("main").position == 415


@pytest.mark.parametrize("moment", [20, 19, -1])
def test_a_moment_that_has_passed_takes_no_more(log, moment):
    fill(log, 2)
    with pytest.raises(WrongPosition):
        log.append("main", 2, moment, [say("too late")])


@pytest.mark.parametrize("moment", [2**53 + 1, -(2**53) - 1, 2**70])
def test_a_moment_out_of_all_calendars_is_refused(log, moment):
    with pytest.raises(BadFact):
        log.append("main", 0, moment, [say("never")])
    assert log.head("main").position == 0


def test_a_moment_with_nothing_in_it_leaves_no_trace(log):
    assert log.append("main", 0, 5, []) == ()
    assert log.head("main").moment is None
    log.append("main", 0, 5, [say("still free")])


def test_a_moment_of_which_one_fact_is_bad_is_not_appended_at_all(log):
    fill(log, 1)
    with pytest.raises(BadFact):
        log.append("main", 1, 50, [say("good"), (Draft("anyone", Note(author="a", text="b"), "guessed"),)])
    assert told(log, "main") == [(10, "n1")]
    append(log, "main", 50, "good again")
    assert told(log, "main") == [(10, "n1"), (50, "good again")]
    assert log.verify() == ()


def test_reading_takes_both_ends_and_stops_at_the_end(log):
    fill(log, 10)
    assert told(log, "main", 3, 5) == [(30, "n3"), (40, "n4"), (50, "n5")]
    assert told(log, "main", 10, 99) == [(100, "n10")]
    assert told(log, "main", 11) == []
    assert told(log, "main", 5, 4) == []
    assert len(told(log, "main", -3)) == 10


@pytest.mark.parametrize("events", [1, 255, 256, 257, 511, 512, 700])
def test_what_was_appended_is_read_wherever_reading_begins_and_ends(log, events):
    fill(log, events)
    expected = [(n * 10, f"n{n}") for n in range(1, events + 1)]
    for start, stop in [(1, events), (2, events - 1), (255, 257), (256, 512), (300, 300), (257, 511)]:
        assert told(log, "main", start, stop) == expected[max(start - 1, 0) : max(stop, 0)]


def test_the_position_at_a_moment_is_of_the_last_event_not_after_it(log):
    log.append("main", 0, 100, [say("a", "b")])
    log.append("main", 2, 200, [say("c")])
    log.append("main", 3, 300, [say("d", "e", "f")])
    found = [log.position_at("main", moment) for moment in (-1, 99, 100, 199, 200, 299, 300, 10**15)]
    assert found == [0, 0, 2, 2, 3, 3, 6, 6]


def test_how_far_a_branch_was_lived_is_kept_beside_its_end(tmp_path):
    path = tmp_path / "log.db"
    with open_log(path) as log:
        fill(log, 1)
        log.lived("main", 500)
        log.aim("main", 900)
        assert (log.head("main").lived, log.head("main").target) == (500, 900)
    with open_log(path, read_only=True) as log:
        head = log.head("main")
    assert (head.position, head.moment, head.lived, head.target) == (1, 10, 500, 900)


# --- batches ------------------------------------------------------------------------------------


def test_a_hundred_moments_are_committed_together(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "SECONDS", 1e9)
    path = tmp_path / "log.db"
    with open_log(path) as log, open_log(path, read_only=True) as other:
        fill_moments(log, 1, 99)
        assert other.head("main").position == 0
        fill_moments(log, 100, 100)
        assert other.head("main").position == 100


def test_a_moment_waits_for_its_batch_no_longer_than_a_fifth_of_a_second(tmp_path, monkeypatch):
    clock = iter([50.0, 50.1, 50.19, 50.2])
    monkeypatch.setattr(writing, "monotonic", lambda: next(clock))
    path = tmp_path / "log.db"
    with open_log(path) as log, open_log(path, read_only=True) as other:
        fill_moments(log, 1, 3)
        assert other.head("main").position == 0
        fill_moments(log, 4, 4)
        assert other.head("main").position == 4


def fill_moments(log: Log, first: int, last: int) -> None:
    for moment in range(first, last + 1):
        log.append("main", moment - 1, moment, [say("text")])


def test_what_waits_is_committed_on_closing(tmp_path):
    path = tmp_path / "log.db"
    with open_log(path) as log:
        fill(log, 3)
    with open_log(path, read_only=True) as log:
        assert len(told(log, "main")) == 3


def test_what_was_appended_before_an_error_is_committed_too(tmp_path):
    path = tmp_path / "log.db"

    def live() -> None:
        with open_log(path) as log:
            fill(log, 3)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        live()
    with open_log(path, read_only=True) as log:
        assert len(told(log, "main")) == 3


def test_reading_sees_what_waits(log):
    fill(log, 3)
    assert len(told(log, "main")) == 3


def test_a_reader_sees_what_a_writer_has_committed_since(tmp_path):
    path = tmp_path / "log.db"
    with open_log(path) as log, open_log(path, read_only=True) as reader:
        fill(log, 3)
        log.flush()
        assert reader.head("main").position == 3
        log.fork("b", "main", 2)
        append(log, "b", 99, "there")
        log.flush()
        assert told(reader, "b")[-1] == (99, "there")


# --- one writer ---------------------------------------------------------------------------------


def test_a_second_writer_is_told_of_the_first_and_may_write_when_it_has_closed(tmp_path):
    path = tmp_path / "log.db"
    with open_log(path) as second:
        with open_log(path) as first:
            fill(first, 1)
            with pytest.raises(Locked):
                fill(second, 1)
            assert second.head("main").position == 0
        assert second.head("main").position == 1
        append(second, "main", 50, "mine")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["log.db"]


def test_a_writer_decides_from_what_lies_there_when_it_takes_the_lock(tmp_path):
    path = tmp_path / "log.db"
    with open_log(path) as second:
        assert second.head("main").position == 0
        with open_log(path) as first:
            fill(first, 1)
        with pytest.raises(WrongPosition):
            second.append("main", 0, 10, [say("from an old end")])


def test_a_log_opened_for_reading_is_not_written(tmp_path):
    path = tmp_path / "log.db"
    open_log(path).close()
    with open_log(path, read_only=True) as log, pytest.raises(Unwritable):
        fill(log, 1)


def test_opening_without_creating_makes_no_file(tmp_path):
    with pytest.raises(NotALog):
        open_log(tmp_path / "none.db", create=False)
    with pytest.raises(NotALog):
        open_log(tmp_path / "none.db", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_holds_everything_and_never_takes_the_place_of_a_file(tmp_path):
    with open_log(tmp_path / "log.db") as log:
        fill(log, 300)
        log.fork("b", "main", 100)
        append(log, "b", 5000, "there")
        log.backup(tmp_path / "copy.db")
        with pytest.raises(Taken, match=r"copy\.db exists already"):
            log.backup(tmp_path / "copy.db")
        ours = log.head("b")
    with open_log(tmp_path / "copy.db", read_only=True) as copy:
        assert copy.head("b") == ours
        assert copy.verify() == ()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copy.db", "log.db"]


def test_a_backup_touches_no_file_that_is_there_or_comes_there_meanwhile(tmp_path, monkeypatch):
    copied = SqliteStore._copy

    def slow(store, part):
        copied(store, part)
        (tmp_path / "late.db").write_text("keep")

    (tmp_path / "copy.db-part").write_text("keep")
    (tmp_path / "link.db").symlink_to("nowhere")
    with open_log(tmp_path / "log.db") as log:
        fill(log, 10)
        log.backup(tmp_path / "copy.db")
        monkeypatch.setattr(SqliteStore, "_copy", slow)
        for name in ("late.db", "link.db"):
            with pytest.raises(Taken):
                log.backup(tmp_path / name)
    assert [(tmp_path / name).read_text() for name in ("copy.db-part", "late.db")] == ["keep", "keep"]
    assert (tmp_path / "link.db").is_symlink()
    assert len(list(tmp_path.iterdir())) == 5
