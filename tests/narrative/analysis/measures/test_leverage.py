"""Leverage off the books, by hand: a share costs 10,000, and the founder has 625,000,000."""

from math import log

import pytest
from support.credit import CLOSE, DAY, Life, credit, drawn

from events.facts import Trade
from events.funding_facts import Pledge
from events.market_facts import Repricing, Residual
from narrative.analysis.measures.leverage import Close, Pledged, deepest, falls, leverage, over_time, together


def news(ln: float) -> Repricing:
    step = round(ln * 1e9)
    return Repricing(asset="cloud", lasting=step, attributed=step)


def unexplained(ln: float) -> Residual:
    step = round(ln * 1e9)
    return Residual(asset="cloud", market=0, sector=0, own=step, gap=step)


def life(**parameters: float) -> Life:
    """A quarter of what 100,000,000 shares are worth, 1e12, is lent on them on the second day."""
    return Life(credit(**parameters)).told(DAY, *drawn(250_000_000_000, 100_000_000))


def test_leverage_is_what_is_pledged_over_what_is_not_owed() -> None:
    """Owed 0.25e12 of 1e12; when the price halves, of 0.5e12."""
    told = life(haircut=0.1).told(20 * DAY, news(log(0.5)))
    (_, none), (_, before), (_, after) = over_time(told.events(), [0, 10 * DAY, 30 * DAY])
    assert none == {}
    assert before == {"founder": Pledged(10**12, 250 * 10**9, pytest.approx(0.18))}
    assert before["founder"].loan_to_value == 0.25
    assert before["founder"].leverage == pytest.approx(4 / 3)
    assert before["founder"].leverage_anew == pytest.approx(1 / 0.82)
    assert after["founder"].loan_to_value == pytest.approx(0.5)
    assert after["founder"].leverage == pytest.approx(2.0)


def test_nothing_that_is_left_is_no_leverage() -> None:
    assert leverage(1.0) is leverage(1.2) is leverage(None) is None
    assert leverage(0.0) == 1.0


def test_margins_that_widen_with_a_swing_lower_the_leverage_anew() -> None:
    """A step of 0.5 takes half of it, at 1, off what shares count for; it is a trend of the fast mean."""
    told = life(swing_haircut=1.0).told(20 * DAY, news(-0.5))
    ((_, then),) = over_time(told.events(), [20 * DAY])
    assert then["founder"].lent_anew == pytest.approx(0.2 * 0.5, rel=1e-6)


def test_a_story_that_says_nothing_of_lending_lends_nothing_anew() -> None:
    ((_, found),) = over_time(Life(credit(links=())).told(DAY, *drawn(10**9, 1_000_000)).events(), [2 * DAY])
    assert found["founder"].lent_anew is None


def test_the_deepest_fall_is_parted_into_news_trades_and_what_nothing_explains() -> None:
    """News takes 0.2, a sale for good 0.1, quotes 0.05: 0.35 in all, at 0.3 and 0.35 over 0.2."""
    told = life().told(5 * DAY, news(0.3)).told(20 * DAY, news(-0.2))
    sale = Trade(seller="founder", buyer="outside", asset="cloud", shares=1, lasting=-100_000_000)
    told.told(25 * DAY, sale).told(30 * DAY, unexplained(-0.05)).told(35 * DAY, news(0.1))
    (found,) = falls(told.events(), 60 * DAY)
    assert (found.asset, found.since, found.until) == ("cloud", 5 * DAY + CLOSE, 30 * DAY + CLOSE)
    parts = found.fall, found.news, found.trades, found.unexplained
    assert parts == pytest.approx((0.35, 0.2, 0.1, 0.05))
    assert found.amplification == pytest.approx((1.5, 1.75))
    assert found.before.loan_to_value == pytest.approx(0.25 / 2.718281828459045**0.3)
    assert falls(told.events(), 10 * DAY) == []


def test_a_fall_on_hardly_any_news_is_no_multiple_of_it() -> None:
    told = life().told(20 * DAY, news(-0.009)).told(21 * DAY, unexplained(-0.4))
    assert falls(told.events(), 60 * DAY)[0].amplification is None


def test_what_fell_before_it_was_pledged_is_no_fall_of_what_is_pledged() -> None:
    told = Life(credit()).told(DAY, news(-0.5)).told(10 * DAY, *drawn(10**9, 1_000_000))
    assert falls(told.events(), 60 * DAY) == []


def test_of_two_falls_the_deeper_counts_though_it_begins_lower() -> None:
    nothing = Pledged(1, 0, None)
    levels = (1.0, 0.9, 1.2, 0.8, 1.0, 0.7)
    closes = [Close(day, level, 0.0, 0.0, 0.0, nothing) for day, level in enumerate(levels)]
    found = deepest("cloud", closes)
    assert found is not None
    assert (found.since, found.until, found.fall) == (2, 5, pytest.approx(0.5))


def test_owners_are_one_where_all_is_known() -> None:
    """Half of 10 and an eighth of 30: 8.75 of 40; unknown debt of one is unknown of both."""
    pair = (Pledged(100, 50, 0.2), Pledged(300, 37, 0.4))
    assert together(pair) == Pledged(400, 87, pytest.approx(0.35))
    assert together((*pair, Pledged(1, None, None))) == Pledged(401, None, None)


def test_debt_that_nobody_told_is_unknown() -> None:
    fact = Pledge(pledger="chips", lender="bank", asset="cloud", shares=1_000)
    ((_, found),) = over_time(Life(credit()).told(DAY, fact).events(), [2 * DAY])
    assert found["chips"] == Pledged(10_000_000, None, None)
