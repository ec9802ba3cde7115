"""Whatever a story's acting parameters are, within their ranges: prices, stakes and purses stay possible.

No step of a price is beyond ln 2 and no price beyond ten times itself a year, nobody holds less than no
shares or money, no purse holds more than was ever paid into it, and every figure is a number.
"""

from math import isfinite

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lives import lived, named
from support.ranges import drawn

from events.books.accounts import posted
from events.event import OUTSIDE, Event
from events.market_facts import Repricing
from narrative.analysis.replay import reading, walk
from narrative.books.readings import LARGEST
from narrative.books.table import TABLE
from narrative.engine.world import World
from narrative.story.calendar import DAY
from narrative.story.model import Story

MOST = 10.0  # times a year
LOOP = named("loop")
YEARS = 365 * DAY


def walked(story: Story, seed: int, until: int) -> None:
    log_ = lived(story, seed=seed, until=until)
    paid_in = dict[str, int]()
    for event in log_.read("main"):
        _counted(event, paid_in)
        if isinstance(event.fact, Repricing):
            assert abs(event.fact.attributed or 0) <= LARGEST
    before: dict[str, float] = {}
    for moment, world in walk(log_, "main", range(story.start, until + 1, YEARS)):
        _possible(world, moment, paid_in)
        for actor in story.actors:
            value = world.readings.value(actor.id, moment) if actor.listed else None
            if value:
                assert value < MOST * before.get(actor.id, value), (actor.id, moment)
                before[actor.id] = value


def _counted(event: Event, paid_in: dict[str, int]) -> None:
    for account, key, amount in posted(TABLE.rows(event.kind), event.fact):
        if account == "cash":
            paid_in[key] = paid_in.get(key, 0) + max(amount, 0)


def _possible(world: World, moment: int, paid_in: dict[str, int]) -> None:
    for account in ("stake", "cash", "borrowed", "short_margin"):
        for key, amount in world.fold.state[account].items():
            free = key.startswith(OUTSIDE) or (account == "cash" and world.readings.cash(key) is None)
            assert amount >= 0 or free, (account, key)  # of an unknown purse, what the record moved alone
    for actor in world.story.actors:
        assert world.fold.sum("cash", actor.id) <= paid_in.get(actor.id, 0)
        figures = reading(world, actor.id, moment).values()
        assert all(isfinite(figure) for figure in figures if figure is not None)


def far(years: int) -> int:
    return LOOP.start + years * YEARS


@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_a_walk_through_the_ranges_of_loop(data: st.DataObject) -> None:
    ranges = {p.name: (p.low, p.high) for p in LOOP.parameters if p.reads == "acting" and p.low < p.high}
    chosen = data.draw(st.fixed_dictionaries({name: st.floats(*ends) for name, ends in ranges.items()}))
    there = tuple(evolve(p, value=chosen.get(p.name, p.value)) for p in LOOP.parameters)
    walked(evolve(LOOP, parameters=there), 1, far(2))


@pytest.mark.slow
@pytest.mark.parametrize("draw", range(200))
def test_a_sweep_of_loop(draw: int) -> None:
    walked(drawn(LOOP, draw), draw, far(4))


@pytest.mark.slow
@pytest.mark.parametrize("draw", range(20))
def test_a_sweep_of_the_full_cast(draw: int) -> None:
    story = drawn(named("ai-2025"), draw)
    walked(evolve(story, cast=evolve(story.cast, default="full")), draw, story.calendar.at("2028-12-31"))
