"""Damage: an altered row is found with its place, and no altered byte is ever read as history."""

import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from support.drafts import append, fill, told

from events import blocks
from events.codec import chain
from events.errors import Damaged, Refused, Wrong
from events.log import Log, open_log
from events.stores.protocol import BITS, sealed
from events.stores.sqlite import SqliteStore
from events.stores.sqlite_errors import wrong

MAIN = 1 << BITS
B = 2 << BITS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A main branch of 600 events, in two whole blocks and a begun one, and b forked after 400 with three."""
    path = tmp_path / "log.db"
    with open_log(path) as log:
        fill(log, 600)
        log.fork("b", "main", 400, "what if")
        append(log, "b", 5000, "b1", "b2")
        append(log, "b", 6000, "b3")
        log.remember("main", 4, b"data", "model")
    return path


def change(path: Path, *statements: str) -> None:
    db = sqlite3.connect(path)
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


def found(path: Path) -> list[tuple[str, int]]:
    with open_log(path, read_only=True) as log:
        return [(fault.branch, fault.position) for fault in log.verify()]


def test_a_log_nobody_touched_has_no_faults(path):
    assert found(path) == []


@pytest.mark.parametrize("position", [1, 2, 256, 257, 400, 599, 600])
@pytest.mark.parametrize(
    "edit",
    [
        "moment = moment + 1",
        "name = 99",
        "causes = '1'",
        "causes = NULLIF(causes, causes) || ''",
        "fact = CAST(replace(CAST(fact AS TEXT), 'n', 'm') AS BLOB)",
        "fact = CAST(fact AS TEXT) || ' '",
        "digest = zeroblob(32)",
    ],
)
def test_an_edited_event_is_found_at_its_position(path, edit, position):
    if "NULLIF" in edit:  # a column that may not be NULL
        edit = "causes = causes || ','"
    change(path, f"UPDATE events SET {edit} WHERE id = {MAIN + position}")
    faults = found(path)
    assert faults[0] == ("main", position)
    # An altered digest is also missed by the event that follows it, and by nothing else.
    allowed = {("main", position), ("main", position + 1)} if "digest" in edit else {("main", position)}
    if position == 400 and "digest" in edit:
        allowed |= {("b", 401)}
    assert set(faults) <= allowed


@pytest.mark.parametrize("position", [1, 100, 256, 600])
def test_a_deleted_event_is_found_at_its_position(path, position):
    change(path, f"DELETE FROM events WHERE id = {MAIN + position}")
    assert found(path) == [("main", position)]


def test_a_truncated_tail_is_found_where_it_should_go_on(path):
    change(path, f"DELETE FROM events WHERE id BETWEEN {MAIN + 551} AND {MAIN + 600}")
    assert found(path) == [("main", 551)]


def test_two_swapped_events_are_both_found(path):
    change(
        path,
        f"UPDATE events SET id = -1 WHERE id = {MAIN + 20}",
        f"UPDATE events SET id = {MAIN + 20} WHERE id = {MAIN + 30}",
        f"UPDATE events SET id = {MAIN + 30} WHERE id = -1",
    )
    assert {("main", 20), ("main", 30)} <= set(found(path))
    assert found(path)[0] == ("main", 20)


def test_an_event_put_beyond_the_end_is_found(path):
    change(path, f"INSERT INTO events SELECT {MAIN + 601}, 9999, name, '', fact, digest FROM events LIMIT 1")
    assert found(path) == [("main", 601)]


def test_an_event_of_no_branch_is_found(path):
    change(
        path, f"INSERT INTO events SELECT {(7 << BITS) + 3}, 9999, name, '', fact, digest FROM events LIMIT 1"
    )
    assert found(path) == [("", 3)]


def test_an_event_of_a_branch_is_found_under_its_name(path):
    change(path, f"UPDATE events SET moment = 1 WHERE id = {B + 402}")
    assert found(path) == [("b", 402)]


@pytest.mark.parametrize("read", [Log.rows, Log.columns])
def test_a_lost_name_is_met_at_the_first_event_that_bears_it(path, read):
    change(path, "DELETE FROM names WHERE id = 1")
    with open_log(path, read_only=True) as log, pytest.raises(Damaged, match="position 1 "):
        list(read(log, "main"))


def test_a_name_whose_seal_alone_is_wrong_is_found_too(path):
    """Reading then takes the name for none that can be trusted, and searches give all that may be meant."""
    change(path, "UPDATE names SET seal = zeroblob(32) WHERE id = 1")
    with open_log(path, read_only=True) as log:
        assert [fault.what for fault in log.verify()] == ["the row that says what name 1 is was changed"]


def test_a_renamed_name_is_found_at_every_event_that_bears_it(path):
    change(path, "UPDATE names SET actor = 'somebody' WHERE id = 1")
    faults = found(path)
    assert faults[0] == ("main", 1)
    assert ("b", 401) in faults
    with open_log(path, read_only=True) as log, pytest.raises(Damaged, match="position 1 "):
        told(log, "main")


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE branches SET name = 'c' WHERE id = 2",
        "UPDATE branches SET position = 300 WHERE id = 2",
        "UPDATE branches SET parent = 2 WHERE id = 2",
        "UPDATE branches SET question = 'another' WHERE id = 2",
        "UPDATE branches SET seal = zeroblob(32) WHERE id = 2",
        "UPDATE branches SET id = 3 WHERE id = 2",
        "DELETE FROM branches WHERE id = 2",
        "DELETE FROM branches",
        "UPDATE heads SET position = 401 WHERE branch = 2",
        "UPDATE heads SET digest = zeroblob(32) WHERE branch = 2",
        "UPDATE heads SET lived = 7 WHERE branch = 2",
        "UPDATE heads SET target = 7 WHERE branch = 2",
        "UPDATE heads SET seal = zeroblob(32) WHERE branch = 2",
        "DELETE FROM heads WHERE branch = 2",
        "DELETE FROM heads",
    ],
)
def test_an_altered_row_about_a_branch_is_found_and_not_believed(path, edit):
    change(path, edit)
    assert found(path)
    with open_log(path, read_only=True) as log:
        for use in (log.branches, lambda: told(log, "b"), lambda: log.head("main")):
            with pytest.raises(Damaged):
                use()


@pytest.mark.parametrize(
    ("edit", "what"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM events; END", "trigger"),
        ("CREATE VIEW v AS SELECT * FROM events", "view"),
        ("CREATE TABLE more (id)", "more"),
        ("CREATE INDEX i ON events (moment)", "index"),
        ("DROP TABLE seals", "seals"),
        ("DROP TABLE names", "names"),
        ("ALTER TABLE events ADD COLUMN note TEXT", "events"),
        ("ALTER TABLE heads RENAME TO tails", "tails"),
    ],
)
def test_a_schema_that_is_not_as_it_was_made_is_not_opened(path, edit, what):
    change(path, edit)
    with pytest.raises(Damaged, match=what):
        open_log(path)
    with pytest.raises(Damaged, match=what):
        open_log(path, create=False, read_only=True)


def test_a_trigger_added_while_a_log_is_open_is_found(path):
    with open_log(path, read_only=True) as log:
        change(path, "CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM seals; END")
        assert [fault.what for fault in log.verify()] == ["it has the trigger 't', which no log has"]


def test_statistics_that_sqlite_keeps_for_itself_and_a_vacuum_are_no_damage(path):
    change(path, "ANALYZE")
    db = sqlite3.connect(path)
    db.execute("VACUUM")
    db.close()
    assert found(path) == []


def test_two_swapped_branches_are_found(path):
    with open_log(path) as log:
        log.fork("c", "main", 100)
    change(
        path,
        "UPDATE branches SET name = 'x' WHERE id = 2",
        "UPDATE branches SET name = 'b' WHERE id = 3",
        "UPDATE branches SET name = 'c' WHERE id = 2",
    )
    assert {branch for branch, _ in found(path)} >= {"b", "c"}


def test_a_last_event_rewritten_with_its_digest_is_not_the_end_the_branch_had(path):
    with open_log(path, read_only=True) as log:
        rows = list(log.rows("main", 599, 600))
    body = rows[1][6].replace(b"n600", b"n601")
    digest = chain(rows[0].digest, *rows[1][:6], body)
    change(
        path, f"UPDATE events SET fact = x'{body.hex()}', digest = x'{digest.hex()}' WHERE id = {MAIN + 600}"
    )
    assert found(path) == [("main", 600)]
    with open_log(path, read_only=True) as log, pytest.raises(Damaged):
        told(log, "main")


def test_a_seal_that_is_lost_or_wrong_costs_time_alone(path):
    with open_log(path, read_only=True) as log:
        before = list(log.rows("main")), list(log.rows("b"))
    change(
        path,
        "DELETE FROM seals WHERE rowid IN (SELECT id FROM seals LIMIT 1)",
        "UPDATE seals SET seal = x'00'",
    )
    with open_log(path) as log:
        assert (list(log.rows("main")), list(log.rows("b"))) == before
        assert log.verify() == ()


def test_whole_blocks_are_sealed_and_a_change_in_one_is_not_read(path):
    db = sqlite3.connect(path)
    sealed = [row[0] for row in db.execute("SELECT id FROM seals ORDER BY id")]
    db.close()
    assert sealed == [MAIN + 255, MAIN + 511]
    change(path, f"UPDATE events SET moment = moment + 1 WHERE id = {MAIN + 300}")
    with open_log(path, read_only=True) as log:
        assert len(told(log, "main", 1, 255)) == 255
        with pytest.raises(Damaged, match="position 300"):
            told(log, "main")
        with pytest.raises(Damaged):
            told(log, "b")


def test_a_tail_that_begins_inside_a_block_is_sealed_from_where_it_begins(tmp_path, monkeypatch):
    with open_log(tmp_path / "log.db") as log:
        fill(log, 600)
        log.fork("b", "main", 400)
        for number in range(401, 520):
            append(log, "b", number * 10, f"b{number}")
        log.flush()
        monkeypatch.setattr(blocks, "_check", lambda *_: pytest.fail("the seal was not asked"))
        assert len(told(log, "b", 401, 511)) == 111
        assert len(told(log, "main", 1, 511)) == 511


@pytest.mark.parametrize("read", [(1, None), (300, 300), (301, 302), (250, 310)])
def test_damage_is_met_wherever_reading_begins(path, read):
    change(path, f"UPDATE events SET fact = x'7b7d' WHERE id = {MAIN + 300}")
    with open_log(path, read_only=True) as log:
        if read[0] <= 300:
            with pytest.raises(Damaged, match="position 300"):
                told(log, "main", *read)
        else:
            assert len(told(log, "main", *read)) == 2


def test_a_fork_or_a_search_does_not_trust_a_damaged_event(path):
    change(path, f"UPDATE events SET moment = 9999999 WHERE id = {MAIN + 300}")
    with open_log(path) as log:
        with pytest.raises(Damaged):
            log.position_at("main", 3000)
        with pytest.raises(Damaged):
            log.fork("c", "main", 300)


# --- every byte ---------------------------------------------------------------------------------


def small(path: Path) -> None:
    """A log in as few bytes as one can be: pages of 512, two branches, a sealed block would not fit."""
    connect = SqliteStore._connect

    def with_small_pages(self: SqliteStore, mode: str) -> sqlite3.Connection:
        db = connect(self, mode)
        db.execute("PRAGMA page_size=512")
        return db

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqliteStore, "_connect", with_small_pages)
        with open_log(path) as log:
            fill(log, 6)
            log.fork("b", "main", 3, "what if")
            append(log, "b", 35, "b1")
            log.aim("b", 99)
            log.remember("main", 4, b"data", "model")


def everything(log: Log) -> tuple[object, ...]:
    branches = log.branches()
    assert log.recall("main", 6, "model") in (None, (4, b"data"))
    return (
        branches,
        [log.head(branch.name) for branch in branches],
        [list(log.read(branch.name)) for branch in branches],
        [log.position_at(branch.name, 30) for branch in branches],
    )


def outcome(path: Path) -> object:
    """What reading gives: the history, or the class of our error. Any other error fails the test."""
    try:
        with open_log(path, create=False, read_only=True) as log:
            try:
                return everything(log)
            except Wrong as error:
                return type(error) if log.verify() and a_sentence(error) else f"no fault, but {error}"
    except Wrong as error:
        return type(error) if a_sentence(error) else str(error)


def a_sentence(error: Wrong) -> bool:
    return str(error)[-1] in ".?" and "\n" not in str(error)


def flipped(path: Path, offsets: list[int], change: Callable[[int], int]) -> dict[object, int]:
    whole = outcome(path)
    assert not isinstance(whole, type)
    count = {"same": 0, "error": 0}
    file = os.open(path, os.O_RDWR)
    for offset in offsets:
        (byte,) = os.pread(file, 1, offset)
        os.pwrite(file, bytes([change(byte)]), offset)
        result = outcome(path)
        os.pwrite(file, bytes([byte]), offset)
        assert isinstance(result, type) or result == whole, f"byte {offset} of {path} changes history"
        count["error" if isinstance(result, type) else "same"] += 1
    os.close(file)
    assert outcome(path) == whole
    return count


def test_a_byte_altered_anywhere_is_an_error_or_changes_nothing(tmp_path):
    path = tmp_path / "log.db"
    small(path)
    chance = random.Random(7)
    offsets = range(0, path.stat().st_size, 3)  # every bit of every byte: see the slow test below
    count = flipped(path, list(offsets), lambda byte: byte ^ chance.randrange(1, 256))
    assert count["error"] > len(offsets) / 4


@pytest.mark.slow
@pytest.mark.parametrize("mask", [1, 2, 4, 8, 16, 32, 64, 128])
def test_a_bit_altered_anywhere_is_an_error_or_changes_nothing(tmp_path, mask):
    path = tmp_path / "log.db"
    small(path)
    flipped(path, list(range(path.stat().st_size)), lambda byte: byte ^ mask)


def test_a_byte_altered_in_a_log_of_many_pages_is_an_error_or_changes_nothing(path):
    chance = random.Random(5)
    written = [offset for offset, byte in enumerate(path.read_bytes()) if byte]  # of the rest nothing is read
    count = flipped(path, chance.sample(written, 400), lambda byte: (byte + chance.randrange(1, 256)) % 256)
    assert count["error"] > 200


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_an_error(path, share):
    size = path.stat().st_size
    os.truncate(path, int(size * share))
    assert isinstance(outcome(path), type)


def test_a_zeroed_page_is_an_error(path):
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 8192 * 4096)
        file.write(bytes(4096))
    assert isinstance(outcome(path), type)
    assert found(path)


@pytest.mark.parametrize(
    ("statement", "damaged"),
    [
        ("SELECT 'a' LIKE ?", False),  # a pattern too long for it
        ("SELECT zeroblob(2000000000)", False),
        ("SELECT * FROM events", True),  # a log without its table
    ],
)
def test_what_sqlite_refuses_for_a_reason_of_its_own_is_not_called_damage(statement, damaged):
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE other (a)")
        with pytest.raises(sqlite3.Error) as error:
            db.execute(statement, ("%" + "x" * 60_000,) if "?" in statement else ()).fetchall()
    said = wrong("a.db", error.value)
    assert isinstance(said, Damaged if damaged else Refused)
    assert damaged or "damaged" not in str(said)


def test_what_cannot_be_decoded_is_damage():
    assert isinstance(wrong("a.db", sqlite3.OperationalError("Could not decode to UTF-8 column")), Damaged)


STRAY = "INSERT INTO events SELECT {}, moment, name, causes, fact, digest FROM events LIMIT 1"


@pytest.mark.parametrize("place", [-(1 << 63), -5, 0, MAIN - 1, 9 << BITS, 1 << 62, (1 << 63) - 1])
def test_an_event_beyond_every_branch_is_found_wherever_it_lies(path: Path, place: int) -> None:
    change(path, STRAY.format(place))
    assert found(path) != []


# Values of other types than a column has, and numbers that no branch, position or moment is, sealed anew as
# whoever forges a row can: (table, its row, column, value).
FORGED = (
    ("branches", 2, "name", b"b"), ("branches", 2, "parent", None), ("branches", 2, "parent", 2),
    ("branches", 2, "position", 1.5), ("branches", 2, "position", -(1 << 63)),
    ("branches", 2, "position", b"4"), ("branches", 2, "position", 601), ("branches", 2, "question", b"what"),
    ("heads", 2, "position", b"9"), ("heads", 2, "position", float("inf")),
    ("heads", 2, "position", 1 << 62), ("heads", 2, "digest", "text"), ("heads", 2, "digest", b"short"),
    ("heads", 2, "lived", b"x"), ("heads", 2, "lived", float("inf")), ("heads", 2, "lived", 1 << 62),
    ("heads", 2, "target", b"5"), ("heads", 2, "target", -(1 << 62)), ("names", 1, "kind", b"x"),
    ("names", 1, "kind", "Note"), ("names", 1, "origin", b"x"), ("names", 1, "actor", b"x"),
    ("names", 1, "id", 1 << 62), ("attached", "a", "text", b"x"), ("attached", "a", "name", b"x"),
)  # fmt: skip  # one list
SEALED = {
    "branches": ("id", "name", "parent", "position", "question"),
    "heads": ("branch", "position", "digest", "lived", "target"),
    "names": ("id", "kind", "origin", "actor"),
    "attached": ("name", "text"),
}


@pytest.mark.parametrize(("table", "number", "column", "value"), FORGED)
def test_a_row_of_values_that_none_can_have_is_damage_however_it_is_sealed(
    path: Path, table: str, number: object, column: str, value: object
) -> None:
    key, *_ = columns = SEALED[table]
    with open_log(path, create=False) as log:
        log.attach("a", "text")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (value, number))
        place = value if column == key else number
        row = db.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE {key} = ?", (place,)).fetchone()
        db.execute(f"UPDATE {table} SET seal = ? WHERE {key} = ?", (sealed(*row), place))
    assert found(path) != []
    with open_log(path, create=False) as log, pytest.raises(Damaged):
        _ = log.head("main"), log.texts()


def test_an_event_altered_together_with_its_seal_is_found_by_verify_alone(path: Path) -> None:
    """What docs/promises.md does not promise: a seal is a plain checksum, which anybody can make anew."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(
            "UPDATE events SET fact = CAST(replace(fact, 'n10', 'lie') AS BLOB) WHERE id = ?", (MAIN + 10,)
        )
        block = (
            "SELECT id, moment, name, causes, fact, digest FROM events WHERE id BETWEEN ? AND ? ORDER BY id"
        )
        rows = db.execute(block, (MAIN + 1, MAIN + 255)).fetchall()
        seal = blocks.seal(blocks.taken_apart(rows))
        db.execute("UPDATE seals SET seal = ? WHERE id = ?", (seal, MAIN + 255))
    assert found(path) == [("main", 10)]
    with open_log(path, create=False, read_only=True) as log:
        assert told(log, "main")[9] == (100, "lie")
        with pytest.raises(Damaged):
            log.event("main", 10)
