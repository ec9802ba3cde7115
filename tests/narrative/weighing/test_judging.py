"""Verdicts from numbers, and the numbers that bound a figure."""

from collections.abc import Callable
from math import inf, sqrt
from random import Random

import pytest

from events.errors import Wrong
from narrative.weighing.crowd import bounded, crowded
from narrative.weighing.judging import (
    FAILS,
    HOLDS,
    UNDECIDED,
    UNTESTED,
    Estimate,
    alike,
    all_of,
    any_of,
    joined,
    over,
    under,
)


def exact(value: float, reach: float = 0.01) -> Estimate:
    return Estimate(value, value - reach, value + reach)


def test_verdicts_from_numbers() -> None:
    assert (over(exact(0.6), 0.5), over(exact(0.4), 0.5), over(exact(0.5), 0.5)) == (HOLDS, FAILS, UNDECIDED)
    assert (under(exact(0.4), 0.5), under(exact(0.6), 0.5)) == (HOLDS, FAILS)
    assert (all_of(HOLDS, FAILS), all_of(HOLDS, UNDECIDED), all_of(HOLDS, HOLDS)) == (FAILS, UNDECIDED, HOLDS)
    assert (any_of([UNTESTED, HOLDS]), any_of([FAILS, UNDECIDED]), any_of([])) == (HOLDS, UNDECIDED, UNTESTED)


def test_an_effect_is_surely_small_or_surely_not_or_undecided() -> None:
    """By a fiftieth; an interval above nothing that reaches to both sides of it decides nothing."""
    assert [over(exact(value), 0.02) for value in (0.2, 0.0, -0.3)] == [HOLDS, FAILS, FAILS]
    assert over(exact(0.008, 0.005), 0.02) == FAILS  # surely something, and surely less than a fiftieth
    assert [over(exact(value, 0.02), 0.02) for value in (0.0, 0.015, 0.03)] == [FAILS, UNDECIDED, UNDECIDED]


@pytest.mark.parametrize("judge", [over, under, lambda found, bound: alike(found, exact(bound), 0.1)])
def test_a_narrower_interval_within_another_never_says_the_opposite(
    judge: Callable[[Estimate, float], str],
) -> None:
    chance, seen = Random(1), set()
    for _ in range(500):
        low, inner, outer, high = sorted(chance.uniform(-0.3, 0.3) for _ in range(4))
        wide, narrow = (judge(Estimate(inner, *ends), 0.02) for ends in ((low, high), (inner, outer)))
        assert wide in {narrow, UNDECIDED}
        seen.add(narrow)
    assert seen == {HOLDS, FAILS, UNDECIDED}


def test_a_mean_of_one_seed_says_nothing_and_all_bounds_are_one_interval() -> None:
    (alone,) = bounded({0: [3.0]})
    assert (alone.low, alone.high) == (-inf, inf)
    # 1, 2, 3: mean 2, deviation 1; Student's t for two degrees of freedom is 4.302653, over the root of 3
    (chance,) = bounded({0: [1.0, 2.0, 3.0]})
    assert chance.low == pytest.approx(2 - 4.302653 / sqrt(3), abs=1e-6)
    # draws have the means 1 and 5, with a deviation of the root of 8: the 97.5 % point of one degree of
    # freedom is 12.7062, and a further draw varies by the root of 3/2 of it
    reach = 12.7062 * sqrt(8) * sqrt(3 / 2)
    both = bounded({0: [1.0, 2.0, 3.0], 1: [0.0, 2.0], 2: [5.0]})
    assert [bound.over for bound in both] == ["chance", "ranges"]
    assert (both[1].low, both[1].high) == (pytest.approx(3 - reach, 1e-5), pytest.approx(3 + reach, 1e-5))
    whole = joined(both)
    assert whole is not None
    assert (whole.value, whole.low, whole.high) == (2.0, both[1].low, both[1].high)


def test_fewer_draws_bound_a_figure_by_more_and_a_count_stays_within_one() -> None:
    def reach(count: int) -> float:
        (_, found) = bounded({0: [0.5, 0.5], **{i: [0.4 + 0.2 * (i % 2)] for i in range(1, count + 1)}})
        return found.high - found.low

    assert reach(2) > reach(4) > reach(8) > reach(40) >= 0.2
    # half of 40 draws are 0.1 below their mean and half above: t of 39 is 2.0227, and 0.1 the deviation
    assert reach(40) == pytest.approx(2 * 2.0227 * 0.1 * sqrt(40 / 39) * sqrt(1 + 1 / 40), rel=1e-3)
    (_, counted) = bounded({0: [1.0, 1.0], 1: [1.0], 2: [0.0]}, counted=True)
    assert (counted.low, counted.high) == (0.0, 1.0)


def test_draws_that_were_asked_for_and_know_nothing_leave_a_figure_without_bounds() -> None:
    found = joined(bounded({0: [0.9, 0.91]}, drawn=True))
    assert found is not None
    assert over(found, 0.5) == UNDECIDED


def test_each_draw_is_lived_by_a_few_of_the_seeds_and_other_seeds_meet_other_draws() -> None:
    ranges = {"a": (0.0, 1.0), "b": (5.0, 6.0)}
    found = crowded(range(1, 6), ranges, 4)
    assert [one.seed for one in found if not one.draw] == [1, 2, 3, 4, 5]
    assert [(one.seed, one.draw) for one in found if one.draw][:4] == [(1, 1), (2, 1), (3, 1), (4, 2)]
    assert all(sum(one.draw == draw for one in found) == 3 for draw in range(1, 5))
    assert sorted(int(4 * one.set["a"]) for one in found if one.draw and one.seed) == sorted([0, 1, 2, 3] * 3)
    other = crowded(range(6, 11), ranges, 4)
    assert {one.set["a"] for one in found if one.draw}.isdisjoint(one.set["a"] for one in other if one.draw)
    with pytest.raises(Wrong, match="One draw says nothing"):
        crowded(range(1, 6), ranges, 1)
