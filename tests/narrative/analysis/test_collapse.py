"""Collapse as a story defines it: its figures worked out by hand from a history's own facts."""

from math import log as ln

import pytest
from attrs import evolve
from support.lives import lived
from support.tiny import DAY, balance, entry, story, told

from events.event import Event
from events.funding_facts import Default
from events.market_facts import Repricing
from narrative.analysis.collapse import Verdict, collapse, plain
from narrative.prose.finding import verdict
from narrative.story.model import Actor, Collapse, Entry

MEANT = Collapse(text="Half is lost within ten days.", of=("cloud", "lab"), fall=0.5, within=10, default=True)


def step(name: str, day: int, part: float) -> Entry:
    """A price of the cloud that moves, at a stroke and for good, to so much of what it was."""
    fact = Repricing(asset="cloud", lasting=round(ln(part) * 1e9), told=told(name))
    return entry(name, day * DAY + 9 * 3600, fact)


def events(*entries: Entry, meant: Collapse = MEANT) -> list[Event]:
    return list(lived(story(entries, collapses=meant), cast="none").read("main"))


def found(*entries: Entry, meant: Collapse = MEANT, until: int = 100 * DAY) -> Verdict:
    verdict = collapse(events(*entries, meant=meant), until)
    assert verdict is not None
    return verdict


def test_a_fall_of_half_is_one_and_a_little_less_is_none() -> None:
    assert found(step("a", 20, 0.5)).at == 20 * DAY + 16 * 3600  # the close of that day
    assert found(step("a", 20, 0.501)).at is None


def test_two_falls_count_together_only_within_the_days() -> None:
    near = found(step("a", 20, 0.7), step("b", 29, 0.7))  # 0.49 of the value of day 19
    far = found(step("a", 20, 0.7), step("b", 31, 0.7))
    assert near.at == 29 * DAY + 16 * 3600
    assert (far.at, far.deepest.part if far.deepest else None) == (None, pytest.approx(0.3, abs=1e-3))


def test_the_deepest_fall_has_its_days_and_values() -> None:
    deepest = found(step("a", 20, 1.25), step("b", 25, 0.8), step("c", 27, 0.6)).deepest
    assert deepest is not None
    # opens at 10,000; 12,500 from day 20 on; 10,000 from day 25 on; 6,000 from day 27 on
    assert (deepest.high, deepest.low) == (12_500, 6_000)
    assert (deepest.high_at // DAY, deepest.low_at // DAY) == (24, 27)  # the last close before it fell


def test_a_default_of_one_that_is_meant_is_a_collapse_and_of_another_is_none() -> None:
    lab = entry("d", 30 * DAY, Default(debtor="lab", moment=30 * DAY, told=told("d")))
    chips = entry("d", 30 * DAY, Default(debtor="chips", moment=30 * DAY, told=told("d")))
    assert (found(lab).at, found(lab).by, found(lab).defaulted) == (30 * DAY, "default", ("lab",))
    assert found(chips).at is None
    assert found(lab, meant=evolve(MEANT, default=False)).at is None


def test_nothing_after_the_moment_is_looked_at() -> None:
    assert found(step("a", 20, 0.5), until=20 * DAY).at is None


def test_a_story_without_figures_has_no_verdict() -> None:
    assert collapse(events(step("a", 20, 0.5), meant=None), 100 * DAY) is None  # type: ignore[arg-type]  # as stories without have it


def test_it_is_said_in_a_sentence() -> None:
    tiny = story((step("a", 20, 0.5),), collapses=MEANT)
    said = plain(found(step("a", 20, 0.5)), tiny)
    assert verdict(said) == (
        "It collapses on 1970-01-21: the deepest fall was 50 %, from 1970-01-20 to 1970-01-21, "
        "with nobody in default."
    )
    said = plain(found(step("a", 20, 0.9)), tiny)
    assert verdict(said, "A") == (
        "A does not collapse as the story defines it: the deepest fall was 10 %, from 1970-01-20 to "
        "1970-01-21, with nobody in default."
    )
    assert verdict(None) == ""


def test_companies_that_are_listed_later_are_no_rise_that_hides_a_fall() -> None:
    """A value that nobody knows yet is left out, so a listing adds to the whole and takes nothing."""
    late = Actor(id="late", name="Late", roles=("cloud",), listed=True, opening=(balance("value", None),))
    plain_ = story((step("a", 20, 0.5),), collapses=MEANT)
    log = lived(evolve(plain_, actors=(*plain_.actors, late)), cast="none")
    found = collapse(list(log.read("main")), 99 * DAY)
    assert found is not None
    assert found.at == 20 * DAY + 16 * 3600
