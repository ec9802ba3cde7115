"""The loop, lived by processes alone, cut anywhere: the same history, digest for digest.

Every cut of one seed from the cold fold, and one cut in `STRIDE` of the others, each seed beginning
elsewhere. The seeds hold what is rare: a call, its cure, a forced sale, a refusal, a cancellation.
"""

from functools import cache
from itertools import pairwise

import pytest
from lives import lived, moments, named

from events.log import Log
from narrative.run import live, world_at

SEEDS = (1, 2, 3, 12, 16, 20, 23)
RARE = {"MarginCall", "Cure", "Liquidation", "Refusal", "Cancellation"}
STRIDE = 5
LOOP = named("loop")


@cache
def history(seed: int) -> Log:
    """The loop of a seed, lived once; branches of it do not touch its main."""
    return lived(LOOP, seed=seed)


def differing_cuts(log: Log, every: int, first: int) -> list[int]:
    """Positions after which living one moment did not give the parent's next batch."""
    digests = [row[7] for row in log.rows("main")]
    wrong = []
    for (position, _), (following, moment) in list(pairwise(moments(log)))[first::every]:
        name = f"cut-{every}-{position}"
        log.fork(name, "main", position)
        live(log, name, world_at(log, name, snapshots=False), moment)
        if [row[7] for row in log.rows(name, position + 1)] != digests[position:following]:
            wrong.append(position)
    return wrong


def test_every_cut_of_a_seed_with_forced_sales() -> None:
    log = history(20)
    assert {"MarginCall", "Cure", "Liquidation"} <= {event.kind for event in log.read("main")}
    assert differing_cuts(log, 1, 0) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_cuts_of_every_seed(seed: int) -> None:
    log = history(seed)
    assert len(moments(log)) > 100
    assert differing_cuts(log, STRIDE, seed % STRIDE) == []


def test_the_seeds_hold_what_is_rare() -> None:
    found = {event.kind for seed in SEEDS for event in history(seed).read("main")}
    assert found >= RARE


def test_a_full_tail_from_the_middle_is_the_parents() -> None:
    log = history(12)
    middle = moments(log)
    position, moment = middle[len(middle) // 2]
    log.fork("tail", "main", position)
    live(log, "tail", world_at(log, "tail"), LOOP.until, since=moment)
    assert log.head("tail").digest == log.head("main").digest


def test_in_which_order_the_parts_start_does_not_matter() -> None:
    log = history(20)
    parts = world_at(log, "main", 1).parts
    turned = lived(LOOP, seed=20, parts=parts[::-1])
    assert turned.head("main").digest == log.head("main").digest
