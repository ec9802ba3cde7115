from itertools import pairwise
from statistics import mean, variance

from narrative.engine.chance import Chance


def test_a_draw_depends_on_its_address_alone() -> None:
    first = Chance(7).uniform("lab", "announce", "chips", 100)
    Chance(7).uniform("cloud", "order", "chips", 100)
    assert Chance(7).uniform("lab", "announce", "chips", 100) == first


def test_each_part_of_the_address_counts() -> None:
    draws = {
        Chance(seed).uniform(actor, purpose, subject, moment)
        for seed in (1, 2)
        for actor in ("a", "b")
        for purpose in ("p", "q")
        for subject in ("s", "t")
        for moment in (10, 11)
    }
    assert len(draws) == 32


def test_parts_of_an_address_do_not_run_together() -> None:
    assert Chance(1).uniform("ab", "c", "d", 1) != Chance(1).uniform("a", "bc", "d", 1)


def test_draws_are_uniform_and_uncorrelated() -> None:
    draws = [Chance(3).uniform("a", "p", "s", moment) for moment in range(20_000)]
    assert all(0.0 <= draw < 1.0 for draw in draws)
    assert abs(mean(draws) - 0.5) < 4 * (1 / 12 / len(draws)) ** 0.5
    assert abs(variance(draws) - 1 / 12) < 0.003
    lagged = mean((a - 0.5) * (b - 0.5) for a, b in pairwise(draws))
    assert abs(lagged) < 4 / 12 / len(draws) ** 0.5
