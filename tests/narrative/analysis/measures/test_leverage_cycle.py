"""The leverage cycle: the paper's numbers, its equations as they stand by scipy, and hand arithmetic."""

from math import log

import pytest
from scipy.optimize import root as solved

from narrative.analysis.measures.leverage_cycle import MOST, alone, cycle, leveraged, root

PAYOFFS = (0.0, 0.05, 0.2, 0.5, 0.8, 0.95)


def test_two_periods_are_those_of_the_paper() -> None:
    """Geanakoplos has 0.60 and 0.68 without borrowing, 0.69 and 0.75 with it."""
    without, with_ = alone(0.2), leveraged(0.2)
    assert (without.buyer, without.price) == pytest.approx((0.596291, 0.677033), abs=1e-6)
    assert (with_.buyer, with_.price) == pytest.approx((0.686141, 0.748913), abs=1e-6)
    assert without.leverage == 1.0
    assert with_.leverage == pytest.approx(0.748913 / 0.548913, abs=1e-5)


def test_three_periods_are_those_of_the_paper() -> None:
    """It has 0.87 and 0.95 before, 0.61 and 0.69 after, and leverage that goes from 3.6 or so to 1.4."""
    found = cycle(0.2)
    buyers = found.before.buyer, found.after.buyer
    assert buyers == pytest.approx((0.869854, 0.616485), abs=1e-6)
    assert (found.before.price, found.after.price) == pytest.approx((0.946519, 0.693188), abs=1e-6)
    assert found.before.leverage == pytest.approx(3.74, abs=0.005)
    assert found.after.leverage == pytest.approx(1.41, abs=0.005)
    assert (found.fall, found.news) == pytest.approx((0.27, 0.09), abs=0.005)
    # 1 - 0.8 * 0.130146 ** 2 before, 0.2 + 0.8 * 0.869854 after
    assert (found.valued_before, found.valued_after) == pytest.approx((0.986450, 0.895883), abs=1e-6)
    assert found.amplification == pytest.approx(log(0.946519 / 0.693188) / log(0.986450 / 0.895883), abs=1e-4)


@pytest.mark.parametrize("payoff", PAYOFFS)
def test_the_equations_hold_as_they_are_written(payoff: float) -> None:
    """Nothing is put into another: four unknowns in four equations, which scipy solves from elsewhere."""

    def gaps(x: list[float]) -> list[float]:
        first, second, high, low = x
        kept = first + (1.0 - first) * first * (1.0 - payoff) / (low - payoff)
        return [
            low - (second + (1.0 - second) * payoff),
            second * low - (first - second + first * payoff),
            first * high - (1.0 - first + low),
            first * (1.0 - low) - kept * (high - low),
        ]

    found = cycle(payoff)
    ours = found.before.buyer, found.after.buyer, found.before.price, found.after.price
    theirs = solved(gaps, [0.9, 0.6, 0.95, 0.7 + 0.25 * payoff], tol=1e-12)
    assert max(map(abs, gaps([*ours]))) < 1e-12
    assert theirs.success
    assert ours == pytest.approx(tuple(theirs.x), abs=1e-7)


@pytest.mark.parametrize("payoff", PAYOFFS)
def test_borrowing_lifts_prices_and_bad_news_is_felt_more_than_it_says(payoff: float) -> None:
    found = cycle(payoff)
    assert alone(payoff).price <= leveraged(payoff).price <= 1.0
    assert (alone(payoff).price == leveraged(payoff).price) == (payoff == 0.0)
    assert found.fall > found.news > 0.0
    assert found.before.leverage > found.after.leverage
    assert found.amplification > 2.0


def test_the_last_payoff_that_is_taken_still_has_a_benchmark() -> None:
    """Of nearly sure payoffs nothing is left but news: one less (1 - payoff) over its square, twice."""
    found = cycle(MOST)
    assert 1.0 > found.before.price > found.after.price > MOST
    assert found.amplification == pytest.approx(2.0 / (1.0 - MOST), rel=0.01)


def test_a_root_is_found_to_the_last_digit() -> None:
    assert root(lambda x: x * x - 2.0, 0.0, 2.0) == pytest.approx(2.0**0.5, abs=1e-15)
