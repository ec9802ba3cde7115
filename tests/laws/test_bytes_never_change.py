"""Facts never change: whatever is done to a log, what it held is held byte for byte.

A Hypothesis state machine appends, forks three deep and more, reads, remembers, forgets, closes and
opens again, beside a model of plain lists. After every step each branch reads as its list, and the
bytes of every row are those that were first written.
"""

import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from support.drafts import say

from events import blocks, writing
from events.errors import NotBetweenMoments, WrongPosition
from events.event import Row
from events.log import Log, open_log

MODEL = "a model"


class Histories(RuleBasedStateMachine):
    """Branches are lists of moments, a moment a list of texts."""

    branches = Bundle("branches")

    @initialize(target=branches)
    def begin(self) -> str:
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(blocks, "_LOW", 3)  # blocks of four events, so that there are many
        self.patch.setattr(writing, "MOMENTS", 2)  # and as many batches on their way to the disk
        self.log = self.open()
        self.lists: dict[str, list[tuple[int, str]]] = {"main": []}
        self.written: dict[str, list[Row]] = {"main": []}
        self.folds: dict[str, list[tuple[int, bytes]]] = {"main": []}
        return "main"

    def open(self) -> Log:
        return open_log(None)

    @rule(
        branch=branches,
        acts=st.lists(st.lists(st.text(max_size=5), min_size=1, max_size=3), min_size=1, max_size=3),
        after=st.integers(1, 1000),
    )
    def append(self, branch: str, acts: list[list[str]], after: int) -> None:
        told = self.lists[branch]
        moment = (told[-1][0] if told else -500) + after
        self.log.append(branch, len(told), moment, [say(*texts) for texts in acts])
        told.extend((moment, text) for texts in acts for text in texts)

    @rule(branch=branches, wrong=st.integers(-3, 3).filter(bool))
    def append_elsewhere(self, branch: str, wrong: int) -> None:
        with pytest.raises(WrongPosition):
            self.log.append(branch, len(self.lists[branch]) + wrong, 10**9, [say("never")])

    @rule(target=branches, parent=branches, share=st.floats(0, 1))
    def fork(self, parent: str, share: float) -> str:
        told = self.lists[parent]
        position = round(share * len(told))
        name = f"b{len(self.lists)}"
        if 0 < position < len(told) and told[position - 1][0] == told[position][0]:
            with pytest.raises(NotBetweenMoments):
                self.log.fork(name, parent, position)
            return parent
        self.log.fork(name, parent, position)
        self.lists[name] = told[:position]
        self.written[name] = self.written[parent][:position]
        self.folds[name] = [fold for fold in self.folds[parent] if fold[0] <= position]
        return name

    @rule(branch=branches, start=st.integers(-2, 40), length=st.integers(0, 40))
    def read(self, branch: str, start: int, length: int) -> None:
        read = self.log.read(branch, start, start + length)
        expected = self.lists[branch][max(start, 1) - 1 : max(start + length, 0)]
        assert [(event.moment, event.fact.text) for event in read] == expected  # type: ignore[attr-defined]

    @rule(branch=branches, moment=st.integers(-600, 5000))
    def find(self, branch: str, moment: int) -> None:
        expected = sum(1 for at, _ in self.lists[branch] if at <= moment)
        assert self.log.position_at(branch, moment) == expected

    @rule(branch=branches, share=st.floats(0, 1), data=st.binary(max_size=20))
    def remember(self, branch: str, share: float, data: bytes) -> None:
        position = round(share * len(self.lists[branch]))
        if position:
            self.log.remember(branch, position, data, MODEL)
            digest = self.row(branch, position).digest
            for name in self.lists:  # every branch that shares the position shares the fold
                if len(self.lists[name]) >= position and self.row(name, position).digest == digest:
                    self.folds[name].append((position, data))

    def row(self, branch: str, position: int) -> Row:
        (row,) = self.log.rows(branch, position, position)
        return row

    @rule(branch=branches, share=st.floats(0, 1))
    def recall(self, branch: str, share: float) -> None:
        position = round(share * len(self.lists[branch]))
        found = self.log.recall(branch, position, MODEL)
        known = [fold for fold in self.folds[branch] if fold[0] <= position]
        # Which of several folds is recalled is the log's affair; that it is one of this history is not.
        assert found is None or found in known

    @rule()
    def forget(self) -> None:
        self.log.forget()
        self.folds = {name: [] for name in self.folds}

    @rule(branch=branches, moment=st.integers(0, 10**6))
    def live(self, branch: str, moment: int) -> None:
        self.log.lived(branch, moment)
        told = self.lists[branch]  # whoever has its last event was lived to that at least
        assert self.log.head(branch).lived == max(moment, told[-1][0] if told else moment)

    @invariant()
    def every_branch_reads_as_its_list(self) -> None:
        if not hasattr(self, "log"):
            return
        assert [branch.name for branch in self.log.branches()] == list(self.lists)
        for name, told in self.lists.items():
            rows = list(self.log.rows(name))
            assert [row.position for row in rows] == list(range(1, len(told) + 1))
            assert [row.moment for row in rows] == [moment for moment, _ in told]
            before = self.written[name]
            assert rows[: len(before)] == before
            self.written[name] = rows

    def teardown(self) -> None:
        if hasattr(self, "log"):
            assert self.log.verify() == ()
            self.log.close()
            self.patch.undo()


class HistoriesOnDisk(Histories):
    """The same in a file, whose rows are read past us as well."""

    def open(self) -> Log:
        self.directory = tempfile.TemporaryDirectory()
        self.path = Path(self.directory.name) / "log.db"
        self.stored: dict[int, tuple[object, ...]] = {}
        return open_log(self.path)

    @rule()
    def close_and_open_again(self) -> None:
        self.log.close()
        self.log = open_log(self.path, create=False)

    @rule()
    def look_at_the_bytes(self) -> None:
        self.log.flush()
        db = sqlite3.connect(self.path)
        rows = {row[0]: row for row in db.execute("SELECT * FROM events")}
        db.close()
        assert self.stored.items() <= rows.items()
        self.stored = rows

    @rule()
    def only_snapshots_go(self) -> None:
        self.look_at_the_bytes()
        self.forget()
        self.look_at_the_bytes()

    def teardown(self) -> None:
        super().teardown()
        if hasattr(self, "directory"):
            self.directory.cleanup()


often = settings(max_examples=60, stateful_step_count=30, deadline=None)
seldom = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
Histories.TestCase.settings = often
HistoriesOnDisk.TestCase.settings = seldom
TestHistories = Histories.TestCase
TestHistoriesOnDisk = HistoriesOnDisk.TestCase
