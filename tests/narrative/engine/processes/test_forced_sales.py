"""Forced sales: how much is sold, what that does to the price, and how far a fall goes in the end."""

from math import exp

import pytest
from support.credit import BANK, CLOSE, PRICE, SHARES, Life, secured
from support.tiny import DAY
from support.worlds import facts_of

from events.facts import Trade
from events.funding_facts import MarginCall
from narrative.analysis.gains import amplification, fire_sale_gain
from narrative.engine.margins import distance
from narrative.engine.pressure import pressure
from narrative.engine.processes.lending import decide, forced_sale


def acts(life: Life, now: int) -> list[list[object]]:
    return facts_of(decide(life.world, BANK, now))


# --- T10, T11: the arithmetic of calls and sales ------------------------------------------------


def test_a_price_may_fall_by_three_sevenths_from_a_fifth_to_a_call_at_35_percent() -> None:
    assert 1 - exp(-distance(0.20, 0.35)) == pytest.approx(0.42857142857, abs=1e-9)


def test_the_call_comes_when_the_price_has_fallen_by_42_857_percent() -> None:
    owed, shares = 1_250_000_000_000, 625_000_000  # 12.5 of 62.5 billion
    short_of = secured(owed, shares).priced(2, PRICE * (1 - 0.42856))
    beyond = secured(owed, shares).priced(2, PRICE * (1 - 0.42858))
    assert acts(short_of, CLOSE) == []
    assert [type(fact) for fact in acts(beyond, CLOSE)[0]] == [MarginCall]


def test_what_is_sold_leaves_the_debt_at_the_limit() -> None:
    assert forced_sale(35, 60, 0.35) == pytest.approx(21.538462, abs=1e-6)
    sold = forced_sale(35, 60, 0.35)
    assert (35 - sold) / (60 - sold) == pytest.approx(0.35, abs=1e-12)


def test_nothing_is_sold_below_the_limit_and_all_of_it_where_debt_is_above_value() -> None:
    assert forced_sale(20, 60, 0.35) == 0
    assert forced_sale(60, 60, 0.35) == forced_sale(70, 60, 0.35) == 60
    assert forced_sale(50, 60, 1.0) == 60


def test_splitting_a_sale_does_not_change_its_impact() -> None:
    world = secured(1, 1, impact=2.0).world
    whole, *parts = (
        pressure(world, "cloud", -sold, DAY).impact for sold in (9_000_000, 4_000_000, 5_000_000)
    )
    assert whole == -18_000_000  # 0.9 percent of the shares, twice, in 1e-9 ln
    assert sum(parts) == whole
    at_once = secured(1, 1).told(2, _trade(9_000_000))
    in_two = secured(1, 1).told(2, _trade(4_000_000)).told(3, _trade(5_000_000))
    far = 4
    one, two = (life.world.readings.log_price("cloud", far) for life in (at_once, in_two))
    assert one == pytest.approx(two, abs=1e-12)


def _trade(shares: int) -> Trade:
    moved = pressure(secured(1, 1, impact=2.0).world, "cloud", -shares, DAY)._asdict()
    return Trade(seller="founder", buyer="outside", asset="cloud", shares=shares, amount=0, **moved)


# --- T12: rounds of sales that move the price that makes the next -------------------------------

FALLS = [(0.123, 1, 1.14025), (0.123, 5, 2.5974), (0.3, 2, 2.5), (0.3, 3, 10.0)]


@pytest.mark.parametrize(("pledged", "multiplier", "times"), FALLS)
def test_a_small_fall_is_amplified_as_the_formula_says(
    pledged: float, multiplier: float, times: float
) -> None:
    assert amplification(fire_sale_gain(multiplier, pledged, 0.5)) == pytest.approx(times, rel=0.01)


@pytest.mark.parametrize(("pledged", "multiplier", "times"), FALLS)
def test_a_small_fall_is_amplified_by_living_the_rounds(
    pledged: float, multiplier: float, times: float
) -> None:
    shares = round(pledged * SHARES)
    life = secured(shares * PRICE // 2, shares, call_ltv=0.5, cure_days=1.0, impact=multiplier)
    fall = 2e-5
    life.priced(2, PRICE * exp(-fall)).lived(200 * DAY)
    price = life.world.readings.log_price("cloud", 200 * DAY)
    assert len(life.events("Liquidation")) > 3
    assert len(life.events("Cure")) == 1
    assert -price / fall == pytest.approx(times, rel=0.01)
