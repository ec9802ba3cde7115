"""One contract, kept by every store: whole batches, durable, in order, found again."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from events.branch import first_batch
from events.codec import GENESIS
from events.errors import BranchTaken, WrongPosition
from events.stores.memory import MemoryStore
from events.stores.protocol import Batch, Store, Wanted, address, branch_row, head_row, sealed
from events.stores.sqlite import SqliteStore

MAIN = head_row(1, 0, GENESIS, None, None)
EVENTS = [
    (address(1, position), position * 10, 1, "", b"{}", bytes(31) + bytes([position]))
    for position in (1, 2, 3)
]
MOVED = head_row(1, 3, EVENTS[2][5], 30, 99)
NAME = (1, "Note@2", "recorded", "anyone", sealed(1, "Note@2", "recorded", "anyone"))
THREE = Batch(names=[NAME], heads=[(MAIN, MOVED)], events=EVENTS, seals=[(address(1, 3), b"s")])


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    makers: dict[str, Callable[[], Store]] = {
        "memory": lambda: MemoryStore(first_batch()),
        "sqlite": lambda: SqliteStore(tmp_path / "log.db", first_batch(), read_only=False),
    }
    made = makers[request.param]()
    yield made
    made.close()


def test_a_new_store_holds_main_and_nothing_else(store):
    state = store.state()
    assert [row.name for row in state.branches] == ["main"]
    assert state.heads == (MAIN,)
    assert state.names == ()
    assert store.rows(0, 1 << 60) == []


def test_a_batch_is_found_again_in_the_order_of_its_addresses(store):
    store.write(THREE)
    assert store.rows(address(1, 1), address(1, 3)) == EVENTS
    assert store.rows(address(1, 2), address(1, 2)) == EVENTS[1:2]
    assert store.rows(address(1, 4), address(1, 9)) == []
    assert store.state().heads == (MOVED,)
    assert store.state().names == (NAME,)
    assert store.seal(address(1, 3)) == b"s"
    assert store.seal(address(1, 2)) is None


def test_the_first_address_in_use_is_found(store):
    store.write(THREE)
    assert store.after(0) == address(1, 1)
    assert store.after(address(1, 3)) == address(1, 3)
    assert store.after(address(1, 4)) is None


def test_writing_the_same_batch_twice_writes_it_once(store):
    store.write(THREE)
    store.write(THREE)
    assert store.rows(address(1, 1), address(1, 3)) == EVENTS


def test_a_batch_after_another_head_than_the_one_that_lies_there_writes_nothing(store):
    elsewhere = head_row(1, 1, b"x" * 32, None, None)
    with pytest.raises(WrongPosition):
        store.write(Batch(names=[NAME], heads=[(elsewhere, MOVED)], events=EVENTS))
    assert store.state().heads == (MAIN,)
    assert store.state().names == ()
    assert store.rows(0, 1 << 60) == []


def test_a_new_branch_comes_with_its_head_and_keeps_its_rows_apart(store):
    store.write(THREE)
    row, head = branch_row(2, "no-deal", 1, 2, "and without it?"), head_row(2, 2, EVENTS[1][5], None, None)
    store.write(Batch(branches=[row], heads=[(None, head)]))
    other = (address(2, 3), 25, 1, "2", b"{}", bytes(32))
    store.write(Batch(heads=[(head, head_row(2, 3, bytes(32), None, None))], events=[other]))
    assert store.state().branches[1] == row
    assert store.rows(address(1, 1), address(1, 9)) == EVENTS
    assert store.rows(address(2, 1), address(2, 9)) == [other]


def test_a_name_taken_by_a_branch_is_not_given_to_another(store):
    row = branch_row(2, "main", 1, 0, "")
    with pytest.raises(BranchTaken):
        store.write(Batch(branches=[row], heads=[(None, head_row(2, 0, GENESIS, None, None))]))
    assert len(store.state().branches) == 1


def test_the_latest_snapshot_at_or_before_a_position_is_the_one_of_the_same_maker(store):
    kept = [(1, p, of, bytes(32), of.encode(), b"") for p in (10, 20) for of in ("a", "b")]
    store.remember(kept)
    assert store.snapshot(1, 19, "a") == kept[0]
    assert store.snapshot(1, 20, "b") == kept[3]
    assert store.snapshot(1, 9, "a") is None
    assert store.snapshot(1, 99, "c") is None
    assert store.snapshot(2, 99, "a") is None


def test_a_snapshot_takes_the_place_of_one_of_the_same_position_and_maker(store):
    store.remember([(1, 10, "a", bytes(32), b"old", b"")])
    store.remember([(1, 10, "a", bytes(32), b"new", b"")])
    found = store.snapshot(1, 10, "a")
    assert found is not None
    assert found[4] == b"new"
    store.forget()
    assert store.snapshot(1, 10, "a") is None


def test_what_another_writes_is_seen_as_a_change(tmp_path):
    path = tmp_path / "log.db"
    ours = SqliteStore(path, first_batch(), read_only=False)
    ours.changed()
    assert not ours.changed()
    other = SqliteStore(path, None, read_only=False)
    other.write(THREE)
    assert ours.changed()
    assert not ours.changed()
    assert ours.rows(address(1, 1), address(1, 3)) == EVENTS
    ours.close()
    other.close()


# --- finding ------------------------------------------------------------------------------------

ORDERED = [
    (address(1, 1), 10, 1, "", b'{"amount":5,"buyer":"lab"}', bytes(31) + b"a"),
    (address(1, 2), 20, 2, "1", b'{"amount":1234,"buyer":"Cloud"}', bytes(31) + b"b"),
    (address(1, 3), 30, 1, "12,1", '{"amount":12345,"buyer":"clöud_100%"}'.encode(), bytes(31) + b"c"),
]
FINDINGS = [
    (Wanted(), [1, 2, 3]),
    (Wanted(names=(1,)), [1, 3]),
    (Wanted(names=()), []),
    (Wanted(holding=(b"Cloud",)), [2]),
    (Wanted(holding=(b"cloud",)), []),  # as it stands
    (Wanted(holding=(b"lab", b"amount")), [1]),
    (Wanted(words=("CLOUD",)), [2]),
    (Wanted(words=("clöud",)), [3]),
    (Wanted(words=("CLÖUD",)), []),  # A to Z alone lose their case
    (Wanted(words=("_100%",)), [3]),
    (Wanted(words=("c_o",)), []),  # no wildcards
    (Wanted(words=("l%b",)), []),
    (Wanted(words=("\\",)), []),
    (Wanted(words=("amount", '"lab"')), [1]),
    (Wanted(least=5), [1, 2, 3]),
    (Wanted(least=6), [2, 3]),
    (Wanted(least=1234), [2, 3]),
    (Wanted(least=1235), [3]),
    (Wanted(told=(1,)), [1, 2, 3]),
    (Wanted(causes=frozenset({1})), [2, 3]),
    (Wanted(causes=frozenset({2})), []),
    (Wanted(causes=frozenset({12, 7})), [3]),
    (Wanted(names=(1,), words=("amount",), least=10, causes=frozenset({1})), [3]),
]


@pytest.mark.parametrize(("wanted", "expected"), FINDINGS)
def test_wanted_rows_are_found_each_with_the_digest_before_it(store, wanted, expected):
    store.write(Batch(names=[NAME], heads=[(MAIN, MOVED)], events=ORDERED, seals=[]))
    before = [None, ORDERED[0][5], ORDERED[1][5]]
    found = store.find(address(1, 1), address(1, 3), wanted)
    assert found == [(ORDERED[at - 1], before[at - 1]) for at in expected]


@pytest.mark.parametrize(
    ("fact", "is_found"),
    [
        (b'{"amount":1000,"due":9}', True),
        (b'{"amount":999,"due":1000}', False),  # its sum is its amount, whatever else it holds
        (b'{"amount":0,"ceiling":1000}', True),
        (b'{"amount":null,"ceiling":1000}', True),
        (b'{"amount":null,"ceiling":999}', False),
        (b'{"ceiling":1000,"due":9}', True),
        (b'{"ceiling":999,"due":1000}', False),
        (b'{"asset":"lab","amount":7,"told":{"stated":1000}}', True),
        (b'{"text":"for 1000"}', False),
    ],
)
def test_a_fact_is_found_by_the_sum_it_begins_with_or_else_by_the_digits_of_any(store, fact, is_found):
    row = (address(1, 1), 10, 1, "", fact, bytes(32))
    store.write(Batch(names=[NAME], heads=[(MAIN, MOVED)], events=[row], seals=[]))
    assert store.find(address(1, 1), address(1, 1), Wanted(least=1000)) == [(row, None)] * is_found


def test_only_rows_between_two_addresses_are_found(store):
    store.write(Batch(names=[NAME], heads=[(MAIN, MOVED)], events=ORDERED, seals=[]))
    assert store.find(address(1, 2), address(1, 2), Wanted()) == [(ORDERED[1], ORDERED[0][5])]
    assert store.find(address(1, 4), address(1, 9), Wanted()) == []
    assert store.find(address(2, 1), address(2, 9), Wanted()) == []
