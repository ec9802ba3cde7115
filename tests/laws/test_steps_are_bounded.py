"""Wherever the parameters of a story stand in their ranges, no step of a price more than doubles or halves
it, every figure is a number, and the parts of every value add up to it.
"""

from math import isfinite, log

import pytest
from support.ranges import drawn

from events.facts import Trade
from events.log import open_log
from events.market_facts import Repricing
from narrative.analysis.replay import reading
from narrative.books.decomposition import decomposed
from narrative.books.readings import LARGEST, whole_step
from narrative.engine.begin import begin
from narrative.engine.run import live
from narrative.story.catalogue import find_story
from narrative.story.reader import read_story

DRAWS = 6


@pytest.mark.parametrize("draw", range(DRAWS))
def test_loop(draw: int) -> None:
    story = drawn(read_story(find_story("loop")), draw)
    with open_log(None) as log_:
        world = begin(log_, "main", story, seed=draw, cast="full", until=story.until)
        live(log_, "main", world, story.until)
        for event in log_.read("main"):
            fact = event.fact
            if isinstance(fact, Repricing):
                assert abs(fact.attributed or 0) <= LARGEST  # what owners lose in a default is no news
                assert fact.attributed in {None, whole_step(fact)}
            if isinstance(fact, Trade):
                assert all(abs(step or 0) <= LARGEST for step in (fact.impact, fact.lasting, fact.spill))
        for actor in story.actors:
            figures = reading(world, actor.id, story.until).values()
            assert all(isfinite(figure) for figure in figures if figure is not None)
            made = decomposed(world.readings, actor.id, story.until)
            value = world.readings.value(actor.id, story.until)
            if made is not None and value:
                assert made.whole * 1e-9 == pytest.approx(log(value), abs=2e-9)
        pending = world.fold.state["pending"]
        assert all(abs(step) <= LARGEST for step in pending.values())
