"""ai-2025 with everyone playing, cut anywhere and lived one moment: the same history, digest for digest.

Cuts are tried from a snapshot and from the cold fold in turn. The quick test takes one cut in `STRIDE`
of each seed, each seed beginning elsewhere; every cut is tried by hand or before a release.
"""

from itertools import pairwise

import pytest
from full import END, SEEDS, STORY, history
from lives import lived, moments

from events.log import Log
from narrative.run import live, world_at

STRIDE = 12


def differing_cuts(log: Log, every: int, first: int) -> list[int]:
    """Positions after which living one moment did not give the parent's next batch."""
    digests = [row[7] for row in log.rows("main")]
    wrong = []
    cuts = list(pairwise(moments(log)))[first::every]
    for i, ((position, _), (following, moment)) in enumerate(cuts):
        name = f"cut-{every}-{position}"
        log.fork(name, "main", position)
        live(log, name, world_at(log, name, snapshots=i % 2 == 0), moment)
        if [row[7] for row in log.rows(name, position + 1)] != digests[position:following]:
            wrong.append(position)
    return wrong


@pytest.mark.parametrize("seed", SEEDS)
def test_cuts_of_every_seed(seed: int) -> None:
    log = history(seed)
    assert len(moments(log)) > 400
    assert differing_cuts(log, STRIDE, seed) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_every_cut_of_every_seed(seed: int) -> None:
    assert differing_cuts(history(seed), 1, 0) == []


def test_a_tail_from_the_end_of_the_record_is_the_parents() -> None:
    log = history(1)
    position, moment = max(one for one in moments(log) if one[1] <= STORY.until)
    log.fork("tail", "main", position)
    live(log, "tail", world_at(log, "tail"), END, since=moment)
    assert log.head("tail").digest == log.head("main").digest


def test_in_which_order_the_parts_start_does_not_matter() -> None:
    parts = world_at(history(2), "main", 1).parts
    turned = lived(STORY, seed=2, cast="full", until=END, parts=parts[::-1])
    assert turned.head("main").digest == history(2).head("main").digest
