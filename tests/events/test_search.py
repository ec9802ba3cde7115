"""Looking for some events: found through parents, on either store, checked before they are returned."""

import sqlite3
from pathlib import Path

import pytest

from events import search
from events.errors import Damaged
from events.event import Draft
from events.facts import Announcement, Note, Payment
from events.log import Log, open_log
from events.search import Sought

MENTIONED = Sought(holding=(b'"ann"',))


def write(log: Log, count: int = 700) -> None:
    """Payments of growing sums by ann and bob in turn, a Note of every tenth; a branch off the 300th."""
    for position in range(count):
        actor = "ann" if position % 2 else "bob"
        fact = (
            Note(author=actor, text=f"Number {position}")
            if position % 10 == 0
            else Payment(payer=actor, payee="carl", amount=position)
        )
        causes = (position,) if position % 5 == 4 else ()
        log.append("main", position, 10 * position, [(Draft(actor, fact, causes=causes),)])
    log.fork("else", "main", 300)
    log.append("else", 300, 99_999, [(Draft("ann", Announcement(subject="ann")),)])
    log.flush()


@pytest.fixture(params=["memory", "sqlite"])
def log(request, tmp_path):
    with open_log(None if request.param == "memory" else tmp_path / "log.db") as made:
        write(made)
        yield made


def plainly(log, branch, is_sought):
    """The oracle: every row read, and asked."""
    return [row for row in log.rows(branch) if is_sought(row)]


@pytest.mark.parametrize("branch", ["main", "else"])
@pytest.mark.parametrize(
    ("sought", "is_sought"),
    [
        (Sought(), lambda row: True),
        (Sought(kinds={"Note"}), lambda row: row.kind == "Note"),
        (Sought(actors={"ann"}), lambda row: row.actor == "ann"),
        (Sought(kinds={"Payment"}, actors={"bob"}), lambda row: (row.kind, row.actor) == ("Payment", "bob")),
        (Sought(origins={"recorded"}), lambda row: False),
        (MENTIONED, lambda row: b'"ann"' in row.body),
        (Sought(words=("nUMBER 12",)), lambda row: b"Number 12" in row.body),
        (Sought(least=137), lambda row: b'"amount"' in row.body and row.position > 137),
        (Sought(kinds={"Note", "Payment"}, told={"Note"}), lambda row: row.kind == "Payment"),
        (Sought(causes=frozenset({4, 299})), lambda row: row.position in {5, 300}),
    ],
)
def test_what_is_found_is_what_reading_everything_gives(log, branch, sought, is_sought):
    assert list(log.find(branch, sought)) == plainly(log, branch, is_sought)


def test_a_branch_is_looked_through_its_parents(log):
    found = list(log.find("else", Sought(actors={"ann"}), 298))
    assert [row.position for row in found] == [298, 300, 301]
    assert [row.position for row in log.find("else", MENTIONED, 299, 300)] == [300]


def test_what_waits_to_be_written_is_found(tmp_path):
    with open_log(tmp_path / "log.db") as log:
        log.append("main", 0, 0, [(Draft("ann", Note(author="ann", text="first")),)])
        assert [row.position for row in log.find("main", MENTIONED)] == [1]


def test_who_acted_is_known(log):
    assert log.met() == {
        ("Note", "modelled", "bob"), ("Payment", "modelled", "ann"), ("Payment", "modelled", "bob"),
        ("Announcement", "modelled", "ann"),
    }  # fmt: skip  # one set


@pytest.fixture
def path(tmp_path) -> Path:
    with open_log(tmp_path / "log.db") as log:
        write(log)
    return tmp_path / "log.db"


def spoil(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as db:
        db.execute(statement)
    db.close()


def find(path: Path, sought: Sought) -> list[int]:
    with open_log(path, read_only=True) as log:
        return [row.position for row in log.find("main", sought)]


@pytest.mark.parametrize(
    "statement",
    [
        # the amount of #302, which ann pays
        "UPDATE events SET fact = replace(fact, '301', '999') WHERE id = (1 << 40) + 302",
        "UPDATE events SET moment = moment + 1 WHERE id = (1 << 40) + 302",
        "UPDATE events SET causes = '7' WHERE id = (1 << 40) + 302",
        "UPDATE events SET digest = x'00' WHERE id = (1 << 40) + 302",
        "DELETE FROM events WHERE id = (1 << 40) + 301",
        "UPDATE events SET fact = CAST(fact AS TEXT) WHERE id = (1 << 40) + 302",
        "UPDATE events SET causes = x'ff' WHERE id = (1 << 40) + 302",
    ],
)
def test_a_changed_row_is_never_returned(path, statement):
    spoil(path, statement)
    with pytest.raises(Damaged, match=r"position 30[12]"):
        find(path, Sought(kinds={"Payment"}, actors={"ann"}))


def test_a_row_that_was_not_appended_is_not_returned(path):
    columns = "moment, name, causes, fact, digest"
    spoil(path, f"UPDATE events SET ({columns}) = (SELECT {columns} FROM events WHERE id = (1 << 40) + 304) "
                "WHERE id = (1 << 40) + 302")  # fmt: skip  # one statement
    with pytest.raises(Damaged):
        find(path, Sought(actors={"ann"}))


def test_where_a_name_was_changed_everything_is_looked_at(path):
    """What stood under that name must not be passed over as if it were another's."""
    spoil(path, "UPDATE names SET actor = 'eve' WHERE actor = 'ann' AND kind = 'Payment@2'")
    with pytest.raises(Damaged):
        find(path, Sought(actors={"ann"}))


def test_a_fact_of_an_older_shape_is_not_judged_by_its_words(log, monkeypatch):
    monkeypatch.setattr(search, "is_today", {"Note@2", "Announcement@2"}.__contains__)
    for unlike in ({"words": ("nothing like it",)}, {"holding": (b"nothing like it",)}, {"least": 10**14}):
        assert len(list(log.find("main", Sought(kinds={"Payment"}, **unlike)))) == 630
        assert list(log.find("main", Sought(kinds={"Note"}, **unlike))) == []


def test_the_first_found_come_before_the_rest_is_looked_at(log, monkeypatch):
    seen = []
    find = log._store.find

    def noting(first, last, wanted):
        seen.append(last - first + 1)
        return find(first, last, wanted)

    monkeypatch.setattr(log._store, "find", noting)
    monkeypatch.setattr(search, "FEW", 200)
    assert next(log.find("main", Sought(kinds={"Note"})))[0] == 1
    assert seen == [255]  # up to where a block of positions is sealed
    list(log.find("main", Sought(kinds={"Note"})))
    assert sorted(seen[1:]) == [255, 445]
