"""Belief by three definitions, with values worked out from published figures, apart from the program."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrative.books.belief import (
    FIGURES,
    Told,
    above_results,
    announced,
    break_even,
    growth,
    unearned,
    verdict,
)

# Billions: the opening's value at the close of 2024-07-31, the value then; millions: four quarters as
# published by each.
NVIDIA = (2878.50, 4930.227)


def figures(revenue: int | None = None, operating: int | None = None, net: int | None = None):
    return dict(zip(FIGURES, (revenue, operating, net), strict=True))


# --- above paid results ---------------------------------------------------------------------------


def test_nvidias_results_outran_its_price():
    """On 2025-10-30: 1 - (2878.50 / 4930.227) * (165,218 / 79,774), and by operating income."""
    span = above_results(*NVIDIA, figures(79_774, 47_740), figures(165_218, 95_981))
    assert span is not None
    assert span.low == pytest.approx(-0.2092, abs=5e-5)
    assert span.high == pytest.approx(-0.1738, abs=5e-5)
    assert span.by == ("revenue", "operating")


def test_oracles_price_outran_its_revenue_by_what_was_known_then():
    """At the close of 2025-09-10, opening 384.305 (139.45 a share), value 922.224 (328.33 a share).

    By the year to May 2025, of which the figure of 0.5484 was made:
        1 - (384.305 / 922.224) * (57,399 / 52,961) = 1 - 0.416716 * 1.083797 = 0.5484
    By the year to August 2025, known since 16:05 the evening before (14,926 came, 13,307 went):
        1 - (384.305 / 922.224) * (59,018 / 52,961) = 1 - 0.416716 * 1.114367 = 0.5356
    """
    values = 384.305, 922.224
    before = above_results(*values, figures(52_961), figures(57_399))
    known = above_results(*values, figures(52_961), figures(59_018))
    assert before is not None
    assert known is not None
    assert before.low == before.high == pytest.approx(0.5484, abs=5e-5)
    assert known.low == known.high == pytest.approx(0.5356, abs=5e-5)


def test_microsofts_price_hardly_outran_its_revenue():
    """On 2025-10-30: 1 - (3109.305 / 3907.647) * (293,812 / 245,122)."""
    span = above_results(3109.305, 3907.647, figures(245_122), figures(293_812))
    assert span is not None
    assert span.low == pytest.approx(0.0462, abs=5e-5)


def test_a_rise_that_results_outran_breaks_even_where_a_third_of_growth_is_circular():
    """Nvidia on 2025-10-30: 79,774 would have had to become 79,774 * 4930.227 / 2878.50 = 136,635 to keep up
    with the price. It became 165,218: 28,583 of a growth of 85,444 are to spare, 0.3345.
    """
    assert break_even(*NVIDIA, 79_774, 165_218) == pytest.approx(0.3345, abs=5e-5)
    circular = break_even(*NVIDIA, 79_774, 165_218)
    assert circular is not None
    kept = 165_218 - circular * (165_218 - 79_774)
    assert above_results(*NVIDIA, figures(79_774), figures(round(kept))).high == pytest.approx(0, abs=1e-5)


def test_no_rise_no_growth_or_a_price_ahead_break_even_nowhere():
    assert break_even(100, 300, 10, 20) is None  # the price outran it already
    assert break_even(100, 90, 10, 20) is None  # nothing rose
    assert break_even(100, 150, 10, 10) is None
    assert break_even(100, 150, None, 20) is None
    assert break_even(100, 150, -5, 20) is None


def test_a_loss_then_or_now_bounds_nothing():
    span = above_results(100, 200, figures(10, -1, 5), figures(10, 5, -5))
    assert span == (0.5, 0.5, ("revenue", "revenue"))
    assert above_results(100, 200, figures(None, -1, 5), figures(10, 5, 0)) is None


@given(st.floats(0.01, 100), st.floats(0.01, 100), st.lists(st.integers(1, 10**9), min_size=6, max_size=6))
def test_a_span_holds_every_figure(opening: float, value: float, sums: list[int]):
    span = above_results(opening, value, figures(*sums[:3]), figures(*sums[3:]))
    assert span is not None
    for before, after in zip(sums[:3], sums[3:], strict=True):
        assert span.low <= 1 - opening * after / (before * value) <= span.high


# --- growth not yet earned ------------------------------------------------------------------------


def test_a_value_of_twenty_years_earnings():
    span = growth(100, figures(operating=0, net=5))
    assert span is not None
    assert span.low == pytest.approx(0.2857, abs=5e-5)
    assert span.high == pytest.approx(0.5455, abs=5e-5)
    assert span.by == ("net income at 7 %", "net income at 11 %")


def test_operating_income_after_tax_counts_where_it_is_more():
    span = growth(100, figures(operating=10, net=5))
    assert span is not None
    assert span.low == pytest.approx(1 - 8.3 / 7)
    assert span.by[0] == "operating income after tax at 7 %"


@pytest.mark.parametrize("net", [0, -5])
def test_who_earns_nothing_is_all_growth(net: int):
    span = growth(100, figures(operating=net, net=net))
    assert span is not None
    assert (span.low, span.high) == (1.0, 1.0)


def test_growth_is_unknown_where_an_income_is():
    assert growth(100, figures(net=5)) is None
    assert growth(100, figures(operating=5)) is None


# --- announced --------------------------------------------------------------------------------------


def part(ln: float) -> float:
    return 1 - exp(-max(ln, 0.0))


@pytest.mark.parametrize(
    ("told", "low", "high"),
    [
        (Told(step=0.1, left=1.0, beside=0.2, grown=0.0), 0.1, 0.3),  # quotes moved further than the model
        (Told(step=0.3, left=1.0, beside=-0.2, grown=0.0), 0.1, 0.1),  # and less far
        (Told(step=0.3, left=0.5, beside=0.0, grown=0.0), 0.15, 0.3),  # half of it has faded
        (Told(step=0.3, left=1.0, beside=0.0, grown=0.1), 0.2, 0.3),  # revenue grew by a tenth since
        (Told(step=0.3, left=1.0, beside=0.0, grown=-0.1), 0.3, 0.3),  # a fall of it wears nothing
        (Told(step=0.3, left=1.0, beside=0.0, grown=0.4), 0.0, 0.3),
        (Told(step=0.3, left=1.0, beside=0.0, grown=None), 0.0, 0.3),  # nobody knows what was delivered
        (Told(step=-0.1, left=1.0, beside=0.4, grown=0.0), 0.0, 0.3),  # the signs differ
        (Told(step=-0.1, left=1.0, beside=0.0, grown=0.0), 0.0, 0.0),
    ],
)
def test_one_piece_of_news(told: Told, low: float, high: float):
    span = announced([told], 0.0)
    assert (span.low, span.high) == pytest.approx((part(low), part(high)))


def test_news_adds_up_before_it_is_a_part():
    good, bad = Told(0.3, 1.0, 0.1, 0.0), Told(-0.1, 0.5, -0.1, 0.0)
    span = announced([good, bad], 0.05)
    assert (span.low, span.high) == pytest.approx((part(0.3 - 0.1 - 0.05), part(0.4 - 0.2)))


def test_ends_that_change_places_say_so():
    span = announced([Told(0.3, 1.0, 0.0, 0.0), Told(0.1, 1.0, -0.4, 0.0)], 0.0)
    assert (span.low, span.high) == pytest.approx((0.0, part(0.3)))
    assert span.by == ("whole moves beside news", "faded, less growth and deliveries")


# --- expectations, not output ---------------------------------------------------------------------


def test_a_rise_without_output_and_one_with_it():
    assert unearned(1, 2, 1, 1) == 1
    assert unearned(1, 2, 1, 2) == 0
    assert unearned(1, 4, 1, 2) == pytest.approx(1 - log(2) / log(4))
    assert unearned(2, 2, 1, 1) is None
    assert unearned(1, 2, -1, 1) is None
    assert unearned(1, 2, 1, None) is None


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((0.6, 0.9), "holds"),
        ((0.4, -1.0), "fails"),
        ((0.4, 0.6), "undecided"),
        ((0.5, 0.6), "undecided"),
        ((), None),
    ],
)
def test_a_verdict_takes_all_figures(found: tuple[float, ...], said: str | None):
    assert verdict(found) == said
