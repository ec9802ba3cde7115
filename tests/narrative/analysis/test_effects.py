"""Effects over pairs: the arithmetic of means and intervals, by hand and beside scipy's t."""

from math import sqrt

import pytest
from scipy.stats import t

from narrative.analysis.effects import effect, level, ratio, student


def test_an_effect_is_the_mean_gap_with_its_interval() -> None:
    found = effect([(10.0, 12.0), (10.0, 13.0), (13.0, 14.0)])
    assert (found.base, found.difference, found.pairs, found.same) == (11.0, 2.0, 3, 0)
    reach = 4.302652729911275 / sqrt(3)  # gaps 2, 3, 1: standard deviation 1, two degrees of freedom
    assert (found.low, found.high) == (pytest.approx(2 - reach), pytest.approx(2 + reach))
    assert found.inside  # three pairs do not tell 2 from nothing


def test_one_pair_proves_nothing() -> None:
    found = effect([(1.0, 2.0)])
    assert (found.low, found.high, found.inside) == (None, None, True)


def test_pairs_that_all_differ_alike_are_surely_an_effect() -> None:
    found = effect([(1.0, 2.0), (5.0, 6.0), (7.0, 8.0)])
    assert (found.low, found.high, found.inside) == (1.0, 1.0, False)


def test_an_effect_whose_interval_holds_nothing_is_inside_chance() -> None:
    assert effect([(0.0, 1.0), (0.0, -1.0), (0.0, 0.5)]).inside
    assert effect([(0.0, 0.0), (3.0, 3.0)]).same == 2


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 9, 19, 49, 199, 999])
def test_students_t_is_as_scipy_has_it(freedom: int) -> None:
    assert student(freedom) == pytest.approx(t.ppf(0.975, freedom), rel=2e-3)


def test_what_never_happened_may_still_happen_in_three_of_so_many() -> None:
    found = level([0.0] * 60, counted=True)
    assert (found.mean, found.low, found.high) == (0.0, 0.0, pytest.approx(0.05))
    assert level([0.0] * 60).high == 0.0  # a measure that is nothing is nothing


def test_members_lie_between_their_quantiles() -> None:
    found = level([float(i) for i in range(101)])
    assert (found.least, found.most, found.mean) == (pytest.approx(2.5), pytest.approx(97.5), 50.0)


def test_a_part_of_a_whole_has_the_interval_of_a_ratio_of_means() -> None:
    found = ratio([(1.0, 10.0), (2.0, 12.0), (6.0, 14.0)])
    assert found is not None
    assert found.mean == pytest.approx(0.25)  # 9 of 36
    squares = (1.5**2 + 1.0**2 + 2.5**2) / 12**2  # parts less a quarter of their wholes, over the mean whole
    reach = 4.302652729911275 * sqrt(squares / 2 / 3)
    assert (found.low, found.high) == (pytest.approx(0.25 - reach), pytest.approx(0.25 + reach))


def test_parts_of_what_may_be_nothing_are_no_figure() -> None:
    assert ratio([(1.0, 2.0), (2.0, 4.0), (6.0, 6.0)]) is None  # 4, give or take 4.97
    assert ratio([(1.0, 0.0)]) is None
    assert ratio([(1.0, 4.0)]) is not None
