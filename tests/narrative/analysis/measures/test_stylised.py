"""Statistics of prices, on series worked out by hand or by numpy's and scipy's own."""

from math import exp, log
from typing import Any

import numpy as np
import pytest
from scipy.stats import skew
from support.credit import CLOSE, Life, credit
from support.lives import lived, named
from support.tiny import DAY

from events.market_facts import Repricing
from narrative.analysis.measures.stylised import (
    autocorrelation,
    clustering,
    dispersion,
    index,
    returns,
    reversal,
    skewness,
    slope,
    slow_and_fast,
    swings,
    tail,
    tiring,
)

DRAWN = [float(value) for value in np.random.default_rng(3).normal(size=500) ** 3]


def path(*levels: float) -> list[tuple[int, float]]:
    return list(enumerate(levels))


def test_the_total_is_read_at_each_close() -> None:
    """Six tenths of a thousand billions, of which the cloud's tenth doubles on the second day."""
    life = Life(credit()).told(DAY, Repricing(asset="cloud", lasting=round(log(2.0) * 1e9)))
    levels = index(life.events(), 3 * DAY)
    assert [moment for moment, _ in levels] == [CLOSE, DAY + CLOSE, 2 * DAY + CLOSE]
    assert [exp(level) for _, level in levels] == pytest.approx([6e13, 7e13, 7e13])
    assert returns(levels) == pytest.approx([log(7 / 6), 0.0])


def test_moments_and_correlations_are_those_of_other_programs() -> None:
    assert skewness(DRAWN) == pytest.approx(float(skew(DRAWN)))
    middle = np.array(DRAWN) - np.mean(DRAWN)
    theirs = float(middle[:-3] @ middle[3:] / (middle @ middle))
    assert autocorrelation(DRAWN, 3) == pytest.approx(theirs)
    calm, wild = [0.01, -0.01] * 100, [1.0, -1.0] * 100
    assert (clustering(calm + wild) or 0.0) > 0.8
    assert clustering([1.0] * 10) is None
    assert skewness([1.0, 1.0]) is autocorrelation([2.0], 1) is None


def test_swings_are_timed_from_turn_to_turn() -> None:
    """A rise of ten days by 0.2, a fall of two by 0.1, a rise of six, a fall of two and a rise."""
    rising = [0.02 * day for day in range(11)]
    levels = path(*rising, 0.14, 0.1, *(0.1 + 0.02 * day for day in range(1, 7)), 0.15, 0.1, 0.2)
    assert swings(levels) == ([10, 6], [2, 2])
    assert slow_and_fast([swings(levels)]) == 4.0
    assert swings(path(0.0, 0.01, 0.0)) == ([], []) == swings([])
    assert slow_and_fast([swings(path(0.0, 0.1))]) is None


def test_a_power_laws_exponent_is_found() -> None:
    """Of losses (i / n) ** (-1 / 3), whose tail has the exponent three."""
    losses = [-((place / 20_000) ** (-1 / 3)) for place in range(1, 20_001)]
    assert tail(losses) == pytest.approx(3.0, rel=0.02)
    assert tail(losses[:50]) is None


def test_a_slope_is_that_of_least_squares() -> None:
    points = [(0.0, 1.0), (1.0, 3.0), (2.0, 2.0), (3.0, 6.0)]
    assert slope(points) == pytest.approx(float(np.polyfit(*zip(*points, strict=True), 1)[0]))
    assert slope(points[:2]) is slope([(1.0, 1.0)] * 3) is None


def test_what_news_moved_is_held_against_how_tired_readers_were() -> None:
    """The loop's own rate of fatigue is 0.1: steps are as (7) has them, to their whole 1e-9."""
    events = list(lived(named("loop"), seed=1).read("main"))
    found = tiring(events)
    assert len(found) > 20
    assert slope(found) == pytest.approx(-0.1, abs=1e-5)
    assert dispersion(events, events[0].moment, events[-1].moment) is not None


def test_a_move_that_goes_again_is_a_slope_of_minus_one() -> None:
    events: list[Any] = []
    life = Life(credit())
    for day in (1, 101):
        step = round(0.001 * day * 1e9)
        for later, sign in ((0, 1), (30, -1)):
            fact = Repricing(asset="cloud", lasting=sign * step, attributed=sign * step)
            life.told((day + later) * DAY, fact)
    events = life.events()
    found = reversal(events, index(events, 239 * DAY))
    up, gone = found[0]
    assert up > 0.0
    assert gone == pytest.approx(-up)
    assert len(found) == 4
