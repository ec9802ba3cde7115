"""A branch of a branch of a branch: nothing is seen of the other side of a fork, every cut of the
deepest lives on as it was lived, it verifies, and it may be killed.
"""

import os
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from support.asking import ask, state
from support.deepening import DEEP, grow
from support.killing import ends, survivors, undisturbed
from support.lives import lived, moments, named
from support.tiny import ten_days

import narrative
from events.event import Draft, Row
from events.log import Log, open_log
from narrative.analysis.verify import verified
from narrative.engine.run import live, world_at

ROOT = Path(__file__).parents[2]
NAMES = ("main", "a", "b", "c")


@cache
def deep() -> Log:
    """The loop and three suppositions, one upon the other, in memory."""
    log = lived(named("loop"), seed=12)
    for name, parent, asked in DEEP:
        ask(log, name, of=parent, **asked)
    return log


def rows(log: Log) -> dict[str, list[Row]]:
    return {name: list(log.rows(name)) for name in NAMES if name in {b.name for b in log.branches()}}


def test_each_reads_its_parent_up_to_its_fork_and_no_further() -> None:
    log = deep()
    read = rows(log)
    for branch in log.branches()[1:4]:
        ours, theirs = read[branch.name], read[str(branch.parent)]
        assert ours[: branch.position] == theirs[: branch.position]
        assert ours[branch.position][2] == "Supposition@2"
        assert ours[branch.position].digest != theirs[branch.position].digest
    kinds = [[row.stamp for row in read[name]].count("Supposition@2") for name in NAMES]
    assert kinds == [0, 1, 2, 3]


def test_what_is_lived_on_one_side_is_never_seen_on_the_other() -> None:
    log = lived(named("loop"), seed=12, until=named("loop").calendar.at("2025-06-30"))
    for name, parent, asked in DEEP[:2]:
        ask(log, name, of=parent, **asked)
    ask(log, "c", of="b", until="2025-12-31", set={"delivery_delay": 90.0}, reseed=9, at="2025-06-20")
    before = rows(log)
    end = named("loop").until
    for name in ("main", "a", "b"):  # each side of every fork lives on, the deepest stays
        head = log.head(name)
        live(log, name, world_at(log, name), end, since=head.lived)
    after = rows(log)
    assert after["c"] == before["c"]
    for name in ("main", "a", "b"):
        assert len(after[name]) > len(before[name])
        assert after[name][: len(before[name])] == before[name]
    whole = deep()  # lived in one go, they are the same
    assert [log.head(name).digest for name in ("main", "a", "b")] == [
        whole.head(name).digest for name in ("main", "a", "b")
    ]


@pytest.mark.parametrize("snapshots", [True, False])
def test_every_fourth_cut_of_the_deepest_lives_on_as_it_was_lived(snapshots: bool) -> None:
    log = deep()
    digests = [row.digest for row in log.rows("c")]
    fork = next(branch.position for branch in log.branches() if branch.name == "c")
    cuts = [pair for pair in pairwise(moments(log, "c")) if pair[0][0] > fork]
    assert len(cuts) > 20
    for (position, _), (following, moment) in cuts[::4]:
        name = f"cut-{position}-{snapshots}"
        log.fork(name, "c", position)
        live(log, name, world_at(log, name, snapshots=snapshots), moment)
        assert [row.digest for row in log.rows(name, position + 1)] == digests[position:following]


def test_a_full_tail_of_the_deepest_is_the_same() -> None:
    log = deep()
    told = ask(log, "same", of="c", at="2025-09-30")
    assert told["digest"] == log.head("c").digest.hex()


def test_the_same_suppositions_in_another_database_are_the_same_bytes(tmp_path: Path) -> None:
    grow(str(tmp_path / "loop.db"))
    with open_log(tmp_path / "loop.db") as log:
        assert [log.head(name).digest for name in NAMES] == [deep().head(name).digest for name in NAMES]


def test_three_deep_it_verifies_and_with_an_event_too_many_it_does_not() -> None:
    log = lived(ten_days())
    ask(log, "a", without="round")
    ask(log, "b", of="a", at="1970-01-08", set={"silent_step": 0.5})
    ask(log, "c", of="b", inject={
        "id": "new", "date": "1970-01-20", "kind": "Funding", "actor": "lab", "counterparty": "outside",
        "amount": 3, "post_money": 90, "headline": "news", "tone": 1.0, "strength": 1.0, "source": "supposed",
        "confidence": "assumption",
    })  # fmt: skip  # one entry
    assert len(state(log)) == 4
    assert verified(log)["verdict"] == "whole"
    last = list(log.read("c"))[-1]
    log.append("c", last.position, last.moment + 1, [(Draft(last.actor, last.fact),)])
    found = verified(log)
    assert (found["verdict"], found["branch"], found["position"]) == ("changed", "c", last.position + 1)


def test_killed_at_any_instant_and_completed_it_is_the_branch_that_was_never_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "tests")]))

    def command(database: Path) -> list[str]:
        return [sys.executable, "-m", "support.deepening", str(database)]

    pace = undisturbed(command, tmp_path / "whole.db")
    killed = survivors(command, tmp_path, pace, kills=3, seed=4)
    whole = ends(tmp_path / "whole.db")
    assert set(whole) == set(NAMES)
    for database in killed:
        assert ends(database) == whole
    assert narrative.verify(str(killed[0]))["verdict"] == "whole"
