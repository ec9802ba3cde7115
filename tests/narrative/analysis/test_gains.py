"""Loop gains and the reach of a story, against the numbers of the literature and hand arithmetic."""

from math import exp, inf

import pytest
from support.credit import Life, credit, drawn
from support.tiny import DAY
from support.worlds import relation

from events.funding_facts import Funding
from events.market_facts import Repricing
from events.record_facts import Endowment
from narrative.analysis.gains import (
    Upward,
    amplification,
    cap_gained,
    downward,
    finance_gained,
    fire_sale_gain,
    sir_final_size,
    table,
    upward,
)

MARKET = {"order_leverage": 10.0, "impulse_coefficient": 0.5, "impulse_exponent": 0.5, "fatigue_rate": 0.1}


# --- down (14) ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pledged", "multiplier", "times"),
    [(0.123, 1, 1.14025), (0.123, 5, 2.5974), (0.3, 2, 2.5), (0.3, 3, 10.0)],
)
def test_the_amplification_of_a_small_fall(pledged: float, multiplier: float, times: float) -> None:
    assert amplification(fire_sale_gain(multiplier, pledged, 0.5)) == pytest.approx(times, rel=1e-4)


def test_from_a_gain_of_one_on_a_fall_has_no_bound() -> None:
    assert amplification(fire_sale_gain(8.13, 0.123, 0.5)) > 1e4
    assert amplification(fire_sale_gain(8.14, 0.123, 0.5)) == inf
    assert fire_sale_gain(1.0, 0.1, 1.0) == inf
    assert fire_sale_gain(1.0, 0.0, 1.0) == 0.0


def test_a_worlds_gain_counts_everything_pledged_under_its_lenders_terms() -> None:
    life = Life(credit(call_ltv=0.5, call_ltv__bank=0.6, haircut__bank=0.25, impact__cloud=2.0))
    life.told(1, *drawn(100, 123_000_000))  # 12.3 percent
    life.told(
        2, Endowment(holder="lab", asset="cloud", pledged=100_000_000)
    )  # and ten whose lender is unknown
    down = downward(life.world, "cloud")
    assert down.pledged == pytest.approx(0.223, rel=1e-12)
    # 0.6 after a haircut of a quarter is 0.45
    assert down.gain == pytest.approx(2 * (0.123 * 0.45 / 0.55 + 0.1 * 0.5 / 0.5), rel=1e-12)
    assert down.amplification == pytest.approx(1 / (1 - down.gain), rel=1e-12)


def test_nothing_pledged_gives_nothing_back() -> None:
    down = downward(Life(credit()).world, "cloud")
    assert (down.pledged, down.gain, down.amplification) == (0.0, 0.0, 1.0)


def test_a_gain_down_is_unknown_without_shares_or_terms(tiny: object) -> None:
    life = Life(credit())
    assert downward(life.world, "founder").gain is None
    bare = Life(tiny)  # type: ignore[arg-type]  # the tiny story, which has no lenders' parameters
    down = downward(bare.world, "cloud")
    assert (down.pledged, down.gain, down.amplification) == (0.2, None, None)


# --- up (13) ------------------------------------------------------------------------------------


def test_the_gain_up_is_the_product_of_its_three_links() -> None:
    assert Upward(0.7, 0.15, 15.0).gain == pytest.approx(1.575)
    assert Upward(0.7, None, 15.0).gain is None
    assert Upward(None, None, 0.0).gain == 0.0  # who orders nothing turns nothing


def test_value_gained_by_an_announced_dollar() -> None:
    life = Life(credit(**MARKET))
    # ten times 100 billion on 10,000: half the root of a tenth
    step = 0.5 * 0.1**0.5
    assert cap_gained(life.world, "cloud", 1) == pytest.approx(10 * (exp(step) - 1), rel=1e-12)


def test_words_gain_what_they_gain_on_average_over_how_the_market_takes_them() -> None:
    life = Life(
        credit(**MARKET, words_tone=0.02, words_spread=0.5, modelled_strength=0.8, modelled_tone=0.65)
    )
    size = 0.8 * 0.5 * 0.1**0.5
    tones = [0.02 + 0.5 * (2 * (i + 0.5) / 10_000 - 1) for i in range(10_000)]
    mean = sum(exp(size * tone) for tone in tones) / len(tones)
    assert cap_gained(life.world, "cloud", 1) == pytest.approx(10 * (mean - 1), rel=1e-6)


def test_news_moves_less_of_a_tired_market_and_more_of_a_smaller_sum() -> None:
    life = Life(credit(**MARKET))
    fresh = cap_gained(life.world, "lab", 1) or 0.0
    life.told(1, Repricing(asset="lab", fatigue=1))
    # half the root of a half of 1,000 billion
    step = 0.5 * 0.5**0.5
    assert fresh == pytest.approx(2 * (exp(step) - 1), rel=1e-12)
    assert cap_gained(life.world, "lab", 1) == pytest.approx(2 * (exp(step * exp(-0.1)) - 1), rel=1e-12)
    life.told(2, Funding(company="lab", investor="outside", amount=50_000_000_000))
    assert (cap_gained(life.world, "lab", 2) or 0.0) < fresh


def test_finance_that_a_dollar_of_value_makes_room_for() -> None:
    life = Life(credit(links=(relation("lends", "bank", "founder"),), pledge_share=0.4, haircut=0.1))
    # three tenths as bonds; of the founder's 62.5 percent, 0.4 * 0.2 * 0.9
    assert finance_gained(life.world, "cloud") == pytest.approx(0.3 + 0.625 * 0.072, rel=1e-12)
    # a private company: bonds, and a fifth of the post-money, a quarter of what it was worth before
    assert finance_gained(life.world, "lab") == pytest.approx(0.3 + 0.25, rel=1e-12)


def test_flat_rounds_and_no_pledges_leave_only_debt() -> None:
    life = Life(credit(links=(relation("lends", "bank", "founder"),), pledge_share=0.0, fund_premium=0.0))
    assert finance_gained(life.world, "cloud") == pytest.approx(0.3)
    assert finance_gained(life.world, "lab") == pytest.approx(0.3)


def test_a_whole_turn_of_a_world() -> None:
    life = Life(credit(links=(), **MARKET))
    up = upward(life.world, "cloud", 1)
    assert up.gain == pytest.approx(10 * (exp(0.5 * 0.1**0.5) - 1) * 0.3 * 10, rel=1e-12)


def test_a_gain_up_is_unknown_where_an_input_is(tiny: object) -> None:
    assert upward(Life(credit()).world, "cloud", 1).gain is None  # no leverage in this story
    bare = Life(tiny)  # type: ignore[arg-type]  # as above
    assert upward(bare.world, "cloud", DAY).gain is None
    assert upward(Life(credit(**MARKET)).world, "founder", 1).gain is None  # a person has no value


def test_the_table_has_every_actor_with_a_value_and_no_figure_that_json_cannot_hold() -> None:
    life = Life(credit(call_ltv=0.9, **MARKET)).told(1, *drawn(100, 123_000_000))
    found = table(life.world, 1)
    assert list(found) == ["cloud", "chips", "lab"]
    assert found["cloud"]["down"] == pytest.approx(0.123 * 9)
    assert (found["cloud"]["amplification"], found["cloud"]["runaway"]) == (None, True)
    assert (found["chips"]["amplification"], found["chips"]["runaway"]) == (1.0, False)


# --- reach (T13) --------------------------------------------------------------------------------


def test_a_story_told_on_twice_reaches_four_fifths() -> None:
    assert sir_final_size(2.0) == pytest.approx(0.796812, abs=1e-6)


@pytest.mark.parametrize("reproduction", [1.001, 1.5, 3.0, 12.0])
def test_the_reach_solves_its_equation(reproduction: float) -> None:
    size = sir_final_size(reproduction)
    assert size > 0.001
    assert size == pytest.approx(1 - exp(-reproduction * size), abs=1e-9)


def test_a_story_told_on_less_than_once_dies_out() -> None:
    assert sir_final_size(1.0) == sir_final_size(0.5) == 0.0
