"""GSADF: published and independently computed numbers, and planted explosions."""

import csv
import os
from itertools import accumulate
from math import exp, inf, log
from pathlib import Path
from random import Random

import numpy as np
import pytest

from narrative.analysis.measures.exuberance import LEAST, bsadf, exuberance, window


def test_a_random_walk_of_numpy() -> None:
    walk = np.random.default_rng(1).normal(size=200).cumsum().tolist()
    assert window(200) == 27
    assert max(bsadf(walk, 27)) == pytest.approx(-0.101946, abs=1e-5)


@pytest.mark.skipif("SHILLER_CSV" not in os.environ, reason="Shiller's series is not ours to bring along")
def test_the_price_dividend_ratio_of_a_century_and_a_half() -> None:
    """1,680 months from 1871, nominal price over dividend; the printed 4.21 is of another vintage."""
    with Path(os.environ["SHILLER_CSV"]).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:1680]
    ratio = [float(row["SP500"]) / float(row["Dividend"]) for row in rows]
    found = bsadf(ratio, window(1680))
    assert window(1680) == 90
    assert max(found) == pytest.approx(4.160298, abs=1e-5)
    assert rows[found.index(max(found)) + 89]["Date"].startswith("1998-04")


def least_squares(values: list[float]) -> float:
    """The t-statistic of the level in a regression of the move on it, by numpy."""
    level = np.array(values[:-1])
    moves = np.diff(values)
    design = np.column_stack([np.ones_like(level), level])
    slope, *_ = np.linalg.lstsq(design, moves, rcond=None)
    left = moves - design @ slope
    spread = left @ left / (len(moves) - 2) * np.linalg.inv(design.T @ design)[1, 1]
    return float(slope[1] / np.sqrt(spread))


@pytest.mark.parametrize("seed", range(6))
def test_every_window_is_a_regression(seed: int) -> None:
    chance = Random(seed)
    walk = list(accumulate(chance.gauss(0, 1) + 1_000 * (i == 0) for i in range(45)))
    found = bsadf(walk, 12)
    for end in range(11, 45):
        expected = max(least_squares(walk[start : end + 1]) for start in range(end - 10))
        assert found[end - 11] == pytest.approx(expected, abs=1e-6)


def test_what_explodes_is_dated_and_what_collapses_is_no_exuberance() -> None:
    chance = Random(4)
    calm = list(accumulate(chance.gauss(0, 0.02) for _ in range(60)))
    burst = [calm[-1] + 0.02 * exp(0.17 * week) for week in range(1, 26)]
    found = exuberance([*calm, *burst])
    assert found is not None
    assert found.gsadf > found.critical[2] > found.critical[1] > found.critical[0]
    assert found.by_chance == pytest.approx(1 / 200)
    (episode,) = [one for one in found.episodes if one.last >= 75]
    assert episode.rising
    assert 60 <= episode.first <= 80
    assert episode.last - episode.first + 1 >= log(85)
    fallen = exuberance([-value for value in [*calm, *burst]])
    assert fallen is not None
    assert fallen.gsadf == pytest.approx(found.gsadf)
    assert not next(one for one in fallen.episodes if one.last >= 75).rising


def test_random_walks_seldom_look_exuberant() -> None:
    """About one in twenty is above the 95 % line: of 60, hardly ever 9 or more."""
    above = 0
    for seed in range(60):
        chance = Random(1_000 + seed)
        found = exuberance(list(accumulate(chance.gauss(0, 1) for _ in range(40))))
        assert found is not None
        above += found.by_chance <= 0.05
    assert above < 9


def test_the_lines_are_those_of_walks_that_numpy_draws() -> None:
    """Of 100 observations, with the null's drift of 1 / T: 400 walks of another generator, judged alike. With
    so few the 95 % point itself is sure to about 0.15.
    """
    found = exuberance(list(accumulate(Random(0).gauss(0, 1) for _ in range(100))))
    assert found is not None
    draws = np.random.default_rng(2).normal(size=(400, 100)) + 1 / 100
    tops = np.array([max(bsadf(walk.cumsum().tolist(), found.window)) for walk in draws])
    for line, point in zip(found.critical[:2], np.quantile(tops, (0.9, 0.95)), strict=True):
        assert line == pytest.approx(point, abs=0.35)


def test_what_is_short_or_never_moves_says_nothing() -> None:
    assert exuberance([float(i) for i in range(LEAST - 1)]) is None
    assert exuberance([1.0] * 50) is None
    assert set(bsadf([1.0] * 50, 12)) == {-inf}
