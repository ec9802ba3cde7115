"""Statistics of prices, on series worked out by hand or by numpy's and scipy's own."""

from math import exp, log

import numpy as np
import pytest
from scipy.stats import skew
from support.credit import CLOSE, Life, credit
from support.lives import lived, named
from support.tiny import DAY

from events.facts import Announcement
from events.market_facts import Repricing
from narrative.analysis.measures.stylised import (
    Close,
    autocorrelation,
    clustering,
    decay,
    dispersion,
    index,
    lost,
    returns,
    reversal,
    sessions,
    skewness,
    slope,
    slow_and_fast,
    swings,
    tail,
    tiring,
)
from narrative.books.readings import LARGEST

DRAWN = [float(value) for value in np.random.default_rng(3).normal(size=500) ** 3]


def closed(*days: dict[str, tuple[float, int]]) -> list[Close]:
    """A close a day, of each company a price in ln and a value."""
    return [
        Close(
            day * DAY,
            {one: price for one, (price, _) in listed.items()},
            {one: value for one, (_, value) in listed.items()},
        )
        for day, listed in enumerate(days)
    ]


def path(*levels: float) -> list[tuple[int, float]]:
    return list(enumerate(levels))


def test_the_index_is_read_at_each_close() -> None:
    """Six tenths of a thousand billions, of which the cloud's tenth doubles on the second day."""
    life = Life(credit()).told(DAY, Repricing(asset="cloud", lasting=round(log(2.0) * 1e9)))
    levels = index(sessions(life.events(), 3 * DAY))
    assert [moment for moment, _ in levels] == [CLOSE, DAY + CLOSE, 2 * DAY + CLOSE]
    assert [exp(level) for _, level in levels] == pytest.approx([6e13, 7e13, 7e13])
    assert returns(levels) == pytest.approx([log(7 / 6), 0.0])


def test_new_shares_and_new_listings_are_no_returns() -> None:
    """One of 100 sells 50 new shares at its price, then rises by a tenth; another of 900 is listed then."""
    levels = index(
        closed(
            {},
            {"one": (0.0, 100)},
            {"one": (0.0, 150)},
            {"one": (log(1.1), 165), "two": (0.0, 900)},
            {"one": (log(1.1), 165), "two": (log(0.9), 810)},
        )
    )
    assert [exp(level) for _, level in levels] == pytest.approx(
        [100, 100, 110, 110 * (165 + 810) / (165 + 900)]
    )
    assert index([]) == index(closed({})) == []


def test_moments_and_correlations_are_those_of_other_programs() -> None:
    assert skewness(DRAWN) == pytest.approx(float(skew(DRAWN)))
    middle = np.array(DRAWN) - np.mean(DRAWN)
    theirs = float(middle[:-3] @ middle[3:] / (middle @ middle))
    assert autocorrelation(DRAWN, 3) == pytest.approx(theirs)
    calm, wild = [0.01, -0.01] * 100, [1.0, -1.0] * 100
    assert (clustering(calm + wild) or 0.0) > 0.8
    assert clustering([1.0] * 10) is decay([1.0] * 10) is None
    assert (decay(calm + wild) or 0.0) > 0.0
    sizes = np.abs(DRAWN) - np.mean(np.abs(DRAWN))
    theirs = [float(sizes[:-lag] @ sizes[lag:] / (sizes @ sizes)) for lag in range(1, 21)]
    assert clustering(DRAWN) == pytest.approx(np.mean(theirs))
    assert decay(DRAWN) == pytest.approx(np.mean(theirs[:10]) - np.mean(theirs[10:]))
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


def test_what_a_deal_moved_is_held_against_the_number_of_the_deal() -> None:
    """The loop's own rate of fatigue is 0.1: steps are as (7) has them, to their whole 1e-9."""
    events = list(lived(named("loop"), seed=1).read("main"))
    found = tiring(events)
    assert len(found) > 20
    deals = [
        fact
        for event in events
        if isinstance(fact := event.fact, Repricing)
        and fact.fatigue
        and fact.tone
        and fact.strength
        and 0 < abs(fact.attributed or 0) < LARGEST
    ]
    assert [step for _, step in found] == pytest.approx([-1e-7 * (one.tired or 0) for one in deals], abs=1e-5)
    of_cloud = [place for (place, _), one in zip(found, deals, strict=True) if one.asset == "cloud"]
    assert of_cloud == sorted(set(of_cloud))


def test_dispersion_is_the_unbiased_variance_over_the_mean() -> None:
    """Announcements on days 1, 2, 3 and 40 of 90: counts 3, 1, 0, whose mean is 4/3 and variance 7/3."""
    life = Life(credit())
    for day in (1, 2, 3, 40):
        life.told(day * DAY, Announcement(subject="cloud"))
    assert dispersion(life.events(), 0, 90 * DAY) == pytest.approx(7 / 4)
    assert dispersion(life.events(), 0, 30 * DAY) is None  # one window has no variance


def test_what_went_again_is_beyond_what_a_price_did_on_average() -> None:
    """News lifts the cloud by 0.2 on days 10 and 110, and 0.15 of it goes 30 days later; one beside it that
    rises by 0.001 a day has no news. Over 200 sessions the cloud moves by 0.1 in all.
    """
    life = Life(credit())
    for day in (10, 110):
        life.told(day * DAY, Repricing(asset="cloud", lasting=200_000_000, attributed=200_000_000))
        life.told((day + 30) * DAY, Repricing(asset="cloud", lasting=-150_000_000, attributed=-150_000_000))
    for day in range(111, 130):
        life.told((day + 30) * DAY, Repricing(asset="chips", lasting=1_000_000))
    closes = sessions(life.events(), 200 * DAY)
    prices = np.array([close.prices["cloud"] for close in closes])
    days = np.array([close.moment // DAY for close in closes])
    daily, later = np.diff(prices), {}
    for place, day in enumerate(days):
        after = np.flatnonzero(days >= day + 60)
        if after.size:
            later[place] = prices[after[0]] - prices[place]
    ours = reversal(life.events(), closes)
    theirs = [
        (daily[place - 1] - daily.mean(), later[place] - np.mean(list(later.values())))
        for place in (int(np.flatnonzero(days == day)[0]) for day in (10, 110))
    ]
    assert np.array(ours) == pytest.approx(np.array(theirs))
    gained, gone = map(sum, zip(*theirs, strict=True))
    assert lost(ours) == pytest.approx(-gone / gained)
    assert lost([(0.2, -0.1), (0.2, -0.2)]) == pytest.approx(0.75)
    assert lost([]) is None
