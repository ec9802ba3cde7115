"""Branches: read-through, isolation three deep, and where a fork may be made."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.drafts import append, fill, say, told

from events.branch import Branch
from events.errors import BadName, BranchTaken, NotBetweenMoments, UnknownBranch, WrongPosition
from events.log import Log, open_log


@pytest.fixture(params=["memory", "sqlite"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    with open_log(None if request.param == "memory" else tmp_path / "log.db") as opened:
        yield opened


def test_a_fork_reads_its_parent_up_to_the_cut(log):
    fill(log, 5)
    assert log.fork("b", "main", 3, "and without it?") == Branch("b", "main", 3, "and without it?")
    assert told(log, "b") == [(10, "n1"), (20, "n2"), (30, "n3")]
    head = log.head("b")
    assert (head.position, head.moment, head.lived, head.target) == (3, 30, None, None)


def test_a_fork_that_supposes_nothing_and_appends_the_same_has_its_parents_digest(log):
    fill(log, 300)
    log.fork("b", "main", 100)
    for number in range(101, 301):
        append(log, "b", number * 10, f"n{number}")
    assert log.head("b").digest == log.head("main").digest
    assert [row[:7] for row in log.rows("b")] == [row[:7] for row in log.rows("main")]


def test_neither_side_of_a_fork_sees_the_others_later_writes_three_deep(log):
    fill(log, 4)
    log.fork("b", "main", 3)
    append(log, "main", 100, "main after b")
    append(log, "b", 50, "b1")
    append(log, "b", 60, "b2")
    log.fork("c", "b", 4)
    append(log, "b", 70, "b3")
    append(log, "c", 55, "c1")
    log.fork("d", "c", 5)
    append(log, "c", 65, "c2")
    append(log, "d", 58, "d1")
    append(log, "main", 200, "main last")
    start = [(10, "n1"), (20, "n2"), (30, "n3")]
    assert told(log, "main") == [*start, (40, "n4"), (100, "main after b"), (200, "main last")]
    assert told(log, "b") == [*start, (50, "b1"), (60, "b2"), (70, "b3")]
    assert told(log, "c") == [*start, (50, "b1"), (55, "c1"), (65, "c2")]
    assert told(log, "d") == [*start, (50, "b1"), (55, "c1"), (58, "d1")]


def test_a_branch_forked_before_its_parents_own_beginning_reads_the_grandparent(log):
    fill(log, 9)
    log.fork("b", "main", 6)
    append(log, "b", 500, "b1")
    log.fork("c", "b", 2)
    append(log, "c", 21, "c1")
    assert told(log, "c") == [(10, "n1"), (20, "n2"), (21, "c1")]
    assert log.branches()[2] == Branch("c", "b", 2, "")


def test_two_forks_at_one_position_are_apart(log):
    fill(log, 2)
    log.fork("b", "main", 2)
    log.fork("c", "main", 2)
    append(log, "b", 99, "b")
    append(log, "c", 98, "c")
    assert told(log, "b")[-1] == (99, "b")
    assert told(log, "c")[-1] == (98, "c")


def test_a_fork_before_the_first_event_begins_from_nothing(log):
    fill(log, 2)
    log.fork("b", "main", 0)
    append(log, "b", 1, "anew")
    assert told(log, "b") == [(1, "anew")]
    assert log.verify() == ()


def test_a_fork_sees_what_still_waits_to_be_written(log):
    fill(log, 7)
    log.fork("b", "main", 7)
    assert len(told(log, "b")) == 7


def test_the_position_at_a_moment_reads_through(log):
    fill(log, 9)
    log.fork("b", "main", 4)
    append(log, "b", 45, "b")
    assert [log.position_at("b", moment) for moment in (9, 10, 39, 40, 44, 45, 1000)] == [0, 1, 3, 4, 4, 5, 5]


def test_branches_are_found_again_in_the_order_they_were_made(tmp_path):
    with open_log(tmp_path / "log.db") as log:
        fill(log, 600)
        for number, name in enumerate(["z", "a", "m"]):
            log.fork(name, "main", 300 + number)
            append(log, name, 9000, name)
        before = {branch.name: told(log, branch.name) for branch in log.branches()}
    with open_log(tmp_path / "log.db") as log:
        assert [branch.name for branch in log.branches()] == ["main", "z", "a", "m"]
        assert {branch.name: told(log, branch.name) for branch in log.branches()} == before


def test_a_fork_inside_a_moment_names_the_two_ends_of_it(log):
    log.append("main", 0, 10, [say("a")])
    log.append("main", 1, 20, [say("b", "c", "d")])
    log.append("main", 4, 30, [say("e")])
    for position in (2, 3):
        with pytest.raises(NotBetweenMoments, match=r"main@1 or main@4\."):
            log.fork("b", "main", position)
    log.fork("b", "main", 4)


@pytest.mark.parametrize("position", [-1, 3, 99])
def test_a_fork_beyond_an_end_says_where_the_end_is(log, position):
    fill(log, 2)
    with pytest.raises(NotBetweenMoments, match="main ends at 2"):
        log.fork("b", "main", position)


def test_a_name_is_given_to_one_branch_alone(log):
    fill(log, 2)
    log.fork("b", "main", 1)
    for name in ("b", "main"):
        with pytest.raises(BranchTaken):
            log.fork(name, "main", 2)


@pytest.mark.parametrize("name", ["", "a@b", "a b", "-a", "a/b", "a\nb"])
def test_a_name_that_a_command_line_could_not_say_is_refused(log, name):
    with pytest.raises(BadName):
        log.fork(name, "main", 0)
    assert len(log.branches()) == 1


def test_a_question_that_is_no_text_is_refused(log):
    with pytest.raises(BadName, match="UTF-8"):
        log.fork("b", "main", 0, "what if \udcff?")
    assert len(log.branches()) == 1


def test_an_unknown_branch_is_answered_with_the_nearest_known_one(log):
    log.fork("no-deal", "main", 0)
    with pytest.raises(UnknownBranch, match='Did you mean "no-deal"'):
        log.head("no-dael")
    with pytest.raises(UnknownBranch):
        log.fork("x", "nowhere", 0)


def test_a_branch_may_begin_with_what_it_supposes_in_the_moment_it_was_forked_after_but_not_before(log):
    fill(log, 5)
    log.fork("b", "main", 3, first=(30, [say("what if")]), target=99)
    assert told(log, "b")[2:] == [(30, "n3"), (30, "what if")]
    assert log.head("b").target == 99
    with pytest.raises(WrongPosition):
        log.fork("c", "main", 3, first=(29, [say("too early")]))
    assert [branch.name for branch in log.branches()] == ["main", "b"]
    append(log, "b", 35, "on")
    assert told(log, "b")[4:] == [(35, "on")]
    assert log.verify() == ()
