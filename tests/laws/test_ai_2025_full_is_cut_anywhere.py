"""ai-2025 with everyone playing, cut anywhere and lived one moment: the same history, digest for digest.

One cut in seven of each seed, from the cold fold and from what a snapshot keeps, in turn; the slow
tests live every cut, and fifty full tails a seed.
"""

import pytest
from support.cutting import differing_cuts, differing_tails
from support.full_cast import END, SEEDS, STORY, history, woken
from support.lives import lived, moments

from narrative.engine.run import live, world_at
from narrative.story.cast import Part
from narrative.story.declared import trusting


@pytest.mark.parametrize("seed", SEEDS)
def test_sampled_cuts_of_every_seed(seed: int) -> None:
    log, turns = woken(seed)
    assert len(moments(log)) > 1_000
    assert differing_cuts(log, turns, every=7) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_every_cut_of_every_seed(seed: int) -> None:
    turns: list[int] = []
    log = lived(STORY, seed=seed, cast="full", until=END, turns=turns)
    assert differing_cuts(log, turns) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_fifty_full_tails_of_every_seed(seed: int) -> None:
    assert differing_tails(history(seed), END, 50, seed) == []


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


@trusting()
def test_whether_somebody_looks_on_or_not_the_same_happens() -> None:
    parts = (*world_at(history(3), "main", 1).parts, Part("support.observer", "nvidia"))
    observed = lived(STORY, seed=3, cast="full", until=END, parts=parts)
    assert observed.head("main").digest == history(3).head("main").digest
