"""The loop, lived by processes alone, cut anywhere: the same history, digest for digest.

Every cut of twenty seeds is lived one moment from the cold fold, and from what a snapshot keeps, in
turn; by induction that suffices for whole tails, of which the slow test lives fifty a seed. The seeds
hold what is rare: a call, its cure, a forced sale, a shortfall, a cancellation. Nobody fails in a year of the
loop, so three seeds are lived on for half a year more in a loop that breaks: the cloud's price falls by
nineteen twentieths in October, a week later it defaults, courts take 90 days, and nobody pays for use. They
hold defaults, their settlement, a court and a way back.
"""

from functools import cache
from math import log as ln

import pytest
from attrs import evolve
from support.cutting import differing_cuts, differing_tails
from support.lives import lived, moments, named
from support.tiny import entry, told

from events.event import Event
from events.funding_facts import Default
from events.log import Log
from events.market_facts import Repricing
from narrative.books.readings import NANO
from narrative.engine.run import live, world_at
from narrative.story.cast import Part
from narrative.story.declared import trusting
from narrative.story.model import Role

# Not 6, in which nobody orders and not thirty moments can be cut.
SEEDS = (*range(1, 6), *range(7, 18), *range(19, 23))
BREAKING = (1, 2, 3)
RARE = {"MarginCall", "Cure", "Liquidation", "Shortfall", "Cancellation"}
FAILING = {"Shortfall", "MarginCall", "Liquidation", "Default", "Clearing", "Filing", "Emergence"}
OTHER = {"demand": 0.0, "default_emerge_days": 90.0}
LOOP = named("loop")
LATER = LOOP.calendar.at("2026-06-30")


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
    assert len(moments(log)) > 80
    assert differing_cuts(log, turns) == []


def test_the_seeds_hold_what_is_rare() -> None:
    found = {event.kind for seed in SEEDS for event in history(seed).read("main")}
    assert found >= RARE


@cache
def broken(seed: int) -> tuple[Log, list[int]]:
    """A loop that breaks, lived once past its span, and when somebody woke."""
    fall = Repricing(asset="cloud", lasting=round(ln(0.05) / NANO), told=told("fall"))
    later = LOOP.calendar.at("2025-10-08")
    fails = Default(debtor="cloud", moment=later, told=told("fails"))
    entries = entry("fall", LOOP.calendar.at("2025-10-01"), fall), entry("fails", later, fails)
    parameters = tuple(evolve(p, value=OTHER.get(p.name, p.value)) for p in LOOP.parameters)
    story = evolve(LOOP, entries=entries, parameters=parameters)
    turns: list[int] = []
    return lived(story, seed=seed, cast="full", until=LATER, turns=turns), turns


@pytest.mark.parametrize("seed", BREAKING)
def test_cuts_of_every_seed_that_breaks(seed: int) -> None:
    log, turns = broken(seed)
    assert len(moments(log)) > 80
    assert differing_cuts(log, turns, every=2) == []


def test_the_seeds_that_break_hold_what_fails() -> None:
    found = {event.kind for seed in BREAKING for event in broken(seed)[0].read("main")}
    assert found >= FAILING


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
