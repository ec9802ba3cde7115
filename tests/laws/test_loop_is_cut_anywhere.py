"""The loop, lived by processes alone, cut anywhere: the same history, digest for digest.

Every cut of twenty seeds is lived one moment from the cold fold, and from what a snapshot keeps, in
turn; by induction that suffices for whole tails, of which the slow test lives fifty a seed. The seeds
hold what is rare: a call, its cure, a forced sale, a refusal, a cancellation.
"""

from functools import cache

import pytest
from attrs import evolve
from support.cutting import differing_cuts, differing_tails
from support.lives import lived, moments, named

from events.event import Event
from events.log import Log
from narrative.engine.run import live, world_at
from narrative.story.cast import Part
from narrative.story.declared import trusting
from narrative.story.model import Role

# Not 6 and 18, in which nobody orders and fewer than thirty moments can be cut.
SEEDS = (*range(1, 6), 7, *range(9, 18), *range(19, 23), 30)
RARE = {"MarginCall", "Cure", "Liquidation", "Shortfall", "Cancellation"}
LOOP = named("loop")


@cache
def woken(seed: int) -> tuple[Log, list[int]]:
    """The loop of a seed, lived once, and when somebody woke; branches of it do not touch its main."""
    turns: list[int] = []
    return lived(LOOP, seed=seed, turns=turns), turns


def history(seed: int) -> Log:
    return woken(seed)[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_cut_of_every_seed(seed: int) -> None:
    log, turns = woken(seed)
    assert len(moments(log)) > 60
    assert differing_cuts(log, turns) == []


def test_the_seeds_hold_what_is_rare() -> None:
    found = {event.kind for seed in SEEDS for event in history(seed).read("main")}
    assert found >= RARE


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_fifty_full_tails_of_every_seed(seed: int) -> None:
    assert differing_tails(history(seed), LOOP.until, 50, seed) == []


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


# --- observed or not ----------------------------------------------------------------------------

OBSERVER = Part("support.observer", "cloud")


@trusting()
@pytest.mark.parametrize("seed", [1, 20])
def test_whether_somebody_looks_on_or_not_the_same_happens(seed: int) -> None:
    log, turns = history(seed), []
    parts = (OBSERVER, *world_at(log, "main", 1).parts)
    observed = lived(LOOP, seed=seed, parts=parts, turns=turns)
    assert len(turns) > 1_000  # it was woken, and with it the world turned more often
    assert observed.head("main").digest == log.head("main").digest


@trusting()
def test_an_onlooker_in_the_cast_changes_the_opening_alone() -> None:
    role = Role(process="support.observer", latency=1, of=("cloud",))
    story = evolve(LOOP, cast=evolve(LOOP.cast, role=(*LOOP.cast.role, role)))
    observed = lived(story, seed=20)
    assert facts(observed)[1:] == facts(history(20))[1:]
    assert differing_cuts(observed) == []


def facts(log: Log) -> list[Event]:
    """The events of main without their digests, which chain from the Opening."""
    return [event._replace(digest=b"") for event in log.read("main")]
