"""Numbers as people write them. Expected values were written by hand."""

import pytest

from narrative.text.numbers import bar, change, money, points, share, short, sparkline


def test_what_is_quoted_is_cut_at_forty_letters():
    assert short("x" * 40) == "x" * 40
    assert short("x" * 41) == "x" * 40 + "…"


USD = {"currency": "USD", "digits": 2}


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (120_000_000_000_000, "$1.2 tn"),
        (30_000_000_000_000, "$300 bn"),
        (660_000_000_000, "$6.6 bn"),
        (123_456_789_000_000, "$1.23 tn"),
        (99_960_000_000_000, "$1 tn"),  # rounds up into the next scale
        (99_940_000_000_000, "$999 bn"),
        (1_250_000_000, "$12.5 m"),
        (150_000, "$1.5 k"),
        (4_250, "$42.5"),
        (0, "$0"),
        (-1_000_000_000_000, "−$10 bn"),
        (None, "–"),
    ],
)
def test_money_is_written_with_three_figures_and_its_scale(cents, written):
    assert money(cents, USD) == written


def test_two_figures_never_cost_a_whole_number_its_digits():
    assert money(31_400_000_000_000, USD, figures=2) == "$314 bn"
    assert money(489_000_000_000_000, USD, figures=2) == "$4.9 tn"


def test_other_currencies_have_their_sign_or_their_name():
    assert money(1_000_000, {"currency": "GBP", "digits": 0}) == "£1 m"
    assert money(1_000_000, {"currency": "CHF", "digits": 0}) == "CHF 1 m"


@pytest.mark.parametrize(
    ("part", "written"),
    [
        (None, "–"),
        (0.0, "0 %"),
        (0.001, "< 1 %"),
        (0.364, "36 %"),
        (1.2, "120 %"),
        (-0.2, "−20 %"),
        (-0.004, "> −1 %"),
    ],
)
def test_a_share_that_is_small_is_not_nothing_and_one_unknown_is_not_zero(part, written):
    assert share(part) == written


def test_changes_have_a_sign():
    assert [change(x) for x in (0.359, -0.041, 0.00001, None)] == ["+35.9 %", "−4.1 %", "±0.0 %", "–"]
    assert points(-0.027) == "−2.7 points"
    assert points(None) == "–"


def test_a_bar_is_proportional_and_what_is_above_nothing_shows():
    assert bar(50, 100, 20) == "█" * 10
    assert bar(100, 100, 20) == "█" * 20
    assert bar(1, 10_000, 20) == "▏"
    assert bar(0, 100, 20) == bar(None, 100, 20) == bar(-5, 100, 20) == ""


def test_a_sparkline_runs_from_the_least_to_the_most_and_leaves_gaps():
    assert sparkline([0, 7], 8) == "▁█"
    assert sparkline([0, None, 7], 8) == "▁ █"
    assert sparkline(list(range(8)), 8) == "▁▂▃▄▅▆▇█"
    assert sparkline([5, 5, 5], 8) == "▄▄▄"
    assert sparkline([None, None], 8) == ""
    assert len(sparkline(list(range(100)), 12)) == 12
    assert sparkline(list(range(100)), 12)[-1] == "█"  # the last point is now
