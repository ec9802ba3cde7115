"""Under any supposition: it is refused and nothing is written, or it is lived and nothing is lost.

The quick one tries the same few in every run, among them one of each thing that can be asked that was
lived; the slow one tries many, others each time.
"""

from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.asking import ask, state
from support.credit import lost
from support.lives import AI, lived, named

from events.log import Log
from narrative.analysis.verify import verified
from narrative.engine.world import unfold
from narrative.story.calendar import DAY
from narrative.story.model import Entry, Story
from narrative.whatif.request import BadSupposition

SUMS = ("amount", "ceiling", "unattributed", "post_money")
CASTS = [(AI, "market"), (AI, "full"), ("loop", "full")]


@cache
def history(story: str, cast: str) -> Log:
    """A history that every supposition of this file is made of; branches never touch it."""
    return lived(named(story), cast=cast)


def written(story: Story, cents: int) -> Decimal:
    """A sum as the story's files write it."""
    return Decimal(cents) / (story.money.written_in * 10**story.money.digits)


@st.composite
def changed(draw: st.DrawFn, story: Story, entry: Entry) -> dict[str, Any]:
    """Another date, another sum, or both."""
    fields: dict[str, Any] = {}
    if draw(st.booleans()):
        fields["date"] = story.calendar.iso(entry.moment + DAY * draw(st.integers(-60, 200)))
    names = [name for name in SUMS if getattr(entry.fact, name, None)]
    if names and (not fields or draw(st.booleans())):
        name = draw(st.sampled_from(names))
        share = draw(st.sampled_from([0, 1, 50, 99, 101, 300]))
        fields[name] = written(story, getattr(entry.fact, name) * share // 100)
    return fields or {"tone": draw(st.integers(-10, 10)) / 10}


@st.composite
def suppositions(draw: st.DrawFn, story: Story) -> dict[str, Any]:
    """Anything of the closed set, most of it within bounds."""
    ids = [entry.id for entry in story.entries]
    named_ = st.lists(st.sampled_from(ids), max_size=2, unique=True) if ids else st.just([])
    by_id = {entry.id: entry for entry in story.entries}
    acting = [p for p in story.parameters if p.reads == "acting"]
    asked: dict[str, Any] = {
        "without": draw(named_),
        "keep": draw(named_),
        "change": {name: draw(changed(story, by_id[name])) for name in draw(named_)},
        "set": {
            p.name: draw(st.floats(p.low, p.high))
            for p in draw(st.lists(st.sampled_from(acting), max_size=3, unique_by=lambda p: p.name))
        },
    }
    if draw(st.booleans()):
        asked["reseed"] = draw(st.integers(0, 9))
    if draw(st.booleans()):
        asked["at"] = story.calendar.day(story.start + DAY * draw(st.integers(0, 300)))
    return asked


def tried(log: Log, asked: dict[str, Any]) -> bool:
    """Whether it was lived."""
    name = f"b{len(log.branches())}"
    before = state(log)
    try:
        told = ask(log, name, **asked)
    except BadSupposition:
        assert state(log) == before
        return False
    assert state(log)[: len(before)] == before
    assert told["recorded"] + told["lived"] + told["supposed"] == told["events"] - told["fork_position"]
    for world in unfold(log.read(name)):
        if world.position > told["fork_position"]:
            assert lost(world) == [], f"{name}@{world.position}"
    return True


@pytest.mark.parametrize(("story", "cast"), CASTS)
def test_whatever_is_supposed_nothing_is_lost(story: str, cast: str) -> None:
    log, lives = history(story, cast), []

    @settings(max_examples=24, deadline=None, derandomize=True, database=None)
    @given(asked=suppositions(named(story)))
    def check(asked: dict[str, Any]) -> None:
        if tried(log, asked):
            lives.append({name for name, value in asked.items() if value or name == "reseed"})

    check()
    assert len(lives) > 10, lives  # the others were refused, and nothing was written
    of_entries = {"without", "keep", "change"} if named(story).entries else set()
    assert set.union(*lives) == {"set", "reseed", "at", *of_entries}
    assert verified(log)["verdict"] == "whole"


@pytest.mark.slow
@pytest.mark.parametrize(("story", "cast"), CASTS)
def test_whatever_else_is_supposed_nothing_is_lost(story: str, cast: str) -> None:
    log = lived(named(story), cast=cast, seed=2)

    @settings(max_examples=200, deadline=None, database=None)
    @given(asked=suppositions(named(story)))
    def check(asked: dict[str, Any]) -> None:
        tried(log, asked)

    check()
    assert verified(log)["verdict"] == "whole"
