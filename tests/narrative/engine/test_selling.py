"""Whoever sells at once walks its own price down."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrative.engine.selling import bring, to_bring


def test_shares_sold_at_once_bring_the_mean_of_the_prices_on_the_way() -> None:
    """Each share takes a hundredth of the price in ln, down to a half of it and no further."""
    assert bring(50, 10.0, 0.01) == pytest.approx(1000 * (1 - exp(-0.5)))
    halved = 100 * log(2)  # shares, which bring 500; the others 5 each
    assert bring(100, 10.0, 0.01) == pytest.approx(500 + (100 - halved) * 5, rel=1e-6)
    assert bring(100, 10.0, 0.0) == 1000


@given(needed=st.integers(1, 10**15), price=st.floats(0.01, 1e6), takes=st.just(0.0) | st.floats(1e-12, 1e-3))
def test_no_fewer_shares_would_bring_it(needed: int, price: float, takes: float) -> None:
    shares = to_bring(needed, price, takes)
    assert bring(shares, price, takes) >= needed * (1 - 1e-9)
    assert bring(shares - 1, price, takes) <= needed * (1 + 1e-9)
