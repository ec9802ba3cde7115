"""Fork at any moment, suppose nothing, live one moment: the parent's next batch.

By induction this suffices for whole tails. Each cut is lived from the cold fold and, where there is
one, from a snapshot.
"""

from importlib import import_module
from itertools import pairwise

import pytest
from support.anchored import anchored
from support.lives import AI, lived, moments, named
from support.tiny import ten_days

from events.log import Log
from narrative.engine.run import fingerprint, live, world_at

SLOW = pytest.mark.slow


@pytest.fixture(autouse=True)
def often_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("narrative.engine.run"), "SNAPSHOT_EVERY", 20)


def differing_cuts(log: Log, *, snapshots: bool, every: int = 1) -> list[int]:
    """Positions after which living one moment did not give the parent's next batch; of one cut in so
    many.
    """
    cuts = list(pairwise(moments(log)))[::every]
    digests = [row.digest for row in log.rows("main")]
    wrong = []
    for (position, _), (following, moment) in cuts:
        name = f"cut-{position}"
        log.fork(name, "main", position)
        live(log, name, world_at(log, name, snapshots=snapshots), moment)
        batch = [row.digest for row in log.rows(name, position + 1)]
        if batch != digests[position:following]:
            wrong.append(position)
    return wrong


@pytest.mark.parametrize("snapshots", [True, False])
def test_every_cut_of_the_tiny_story(snapshots: bool) -> None:
    assert differing_cuts(lived(ten_days()), snapshots=snapshots) == []


@pytest.mark.parametrize("snapshots", [True, False])
def test_every_cut_of_a_story_with_quotes(snapshots: bool) -> None:
    assert differing_cuts(lived(anchored()), snapshots=snapshots) == []


# A cold fold reads all that came before, so fewer cuts are made of it.
@pytest.mark.parametrize(
    ("snapshots", "every"),
    [(True, 5), (False, 29), pytest.param(True, 1, marks=SLOW), pytest.param(False, 1, marks=SLOW)],
)
def test_cuts_of_ai_2025(snapshots: bool, every: int) -> None:
    log = lived(named(AI))
    assert len(moments(log)) > 900
    assert (log.recall("main", 500, fingerprint()) or (0, b""))[0] > 450  # there are snapshots to start from
    assert differing_cuts(log, snapshots=snapshots, every=every) == []


def test_a_full_tail_of_ai_2025_from_the_middle() -> None:
    story = named(AI)
    log = lived(story)
    position, moment = moments(log)[100]
    log.fork("tail", "main", position)
    live(log, "tail", world_at(log, "tail"), story.until, since=moment)
    assert log.head("tail").digest == log.head("main").digest
