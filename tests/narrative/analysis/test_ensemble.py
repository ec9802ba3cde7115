"""Paired seeds: the arithmetic of an effect, and pairs in which nothing reaches anything."""

from math import sqrt

import pytest
from support.tiny import ten_days

from narrative.analysis.ensemble import MEASURES, _effect, effects
from narrative.story.supposition import Supposed


def test_an_effect_is_the_mean_gap_with_its_interval() -> None:
    found = _effect("peak", [(10.0, 12.0), (10.0, 13.0), (13.0, 14.0)])
    assert (found.base, found.difference, found.pairs) == (11.0, 2.0, 3)
    reach = 1.96 * 1.0 / sqrt(3)  # gaps 2, 3, 1: standard deviation 1
    assert (found.low, found.high) == (pytest.approx(2 - reach), pytest.approx(2 + reach))


def test_one_pair_proves_nothing() -> None:
    found = _effect("peak", [(1.0, 2.0)])
    assert (found.low, found.high) == (float("-inf"), float("inf"))


def test_a_supposition_that_reaches_nothing_has_no_effect() -> None:
    found = effects(ten_days(), {"again": Supposed(set={"sector_weight": 0.25})}, range(1, 4))
    assert {effect.measure for effect in found["again"]} == set(MEASURES)
    assert {effect.difference for effect in found["again"]} == {0.0}


def test_a_supposition_that_tells_less_announces_less() -> None:
    (words,) = (one for one in effects(
        ten_days(), {"silent": Supposed(without={"contract": "for the test"})}, range(1, 3)
    )["silent"] if one.measure == "committed")  # fmt: skip  # one figure of one switch
    assert (words.base, words.difference) == (2_000.0, -2_000.0)
