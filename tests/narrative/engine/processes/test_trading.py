"""Trend followers: a cloud worth 10,000 a share, of which there are 10^9, beside chips worth five times as
much in all; a fund with 5 * 10^12, which sells nothing short where nothing is said.
"""

from math import exp
from typing import Any

import pytest
from support.credit import CLOSE, PRICE, SHARES, Life, broken
from support.lives import lived
from support.shorting import CASH
from support.shorting import market as shorting
from support.tiny import DAY
from support.worlds import facts_of

from events.facts import Trade
from events.funding_facts import ShareLoan, ShareReturn
from events.market_facts import Repricing
from narrative.engine.processes.trading import decide, due, trend
from narrative.engine.world import World, unfold
from narrative.story.cast import Part
from narrative.story.model import Story
from narrative.testing import cut_anywhere

FUND = Part("trading", "fund")
RISE = 200_000_000  # 0.2 in 1e-9 ln


def market(**parameters: float) -> Story:
    return shorting(**{"short_size": 0.0} | parameters)


def risen(step: int = RISE, **parameters: float) -> Life:
    life = Life(market(**parameters))
    return life.told(2, Repricing(asset="cloud", lasting=step, attributed=step))


def decided(world: World, now: int) -> list[Any]:
    return [fact for (fact,) in facts_of(decide(world, FUND, now))]


def test_a_trend_is_the_fast_mean_above_the_slow_one() -> None:
    """Ten days after a step of 0.2: 0.2 * (2^(-10/60) - 2^(-10/10)) = 0.2 * (0.890899 - 0.5)."""
    world = risen().world
    assert trend(world, "cloud", 2) == pytest.approx(0.0)
    assert trend(world, "cloud", 2 + 10 * DAY) == pytest.approx(0.0781797, abs=1e-6)
    assert trend(world, "chips", 2 + 10 * DAY) == 0.0
    assert trend(world, "cloud", 2 + 2000 * DAY) == pytest.approx(0.0, abs=1e-9)


def test_it_buys_its_part_of_what_rises() -> None:
    """Half of its capital, times 12.214 of 62.214 listed, times a trend of 0.0781797 over 0.1."""
    now = 2 + 10 * DAY
    (trade,) = decided(risen().world, now)
    price = PRICE * exp(0.2)
    wanted = 0.5 * CASH * (price * SHARES) / (price * SHARES + 5e13) * 0.781797
    assert (trade.buyer, trade.seller, trade.asset) == ("fund", "outside", "cloud")
    assert trade.shares * price == pytest.approx(wanted, rel=1e-5)
    assert trade.amount == pytest.approx(wanted, rel=1e-5)


def test_beyond_the_scale_a_trend_counts_for_no_more() -> None:
    now = 2 + 10 * DAY
    two, four = (decided(risen(step * RISE, trading_scale=0.01).world, now)[0] for step in (1, 2))
    weight = [PRICE * exp(step) / (PRICE * exp(step) * SHARES + 5e13) for step in (0.2, 0.4)]
    assert four.amount / two.amount == pytest.approx(weight[1] / weight[0], rel=1e-6)


def test_nothing_that_falls_is_bought_and_nothing_sold_that_is_not_held() -> None:
    assert decided(risen(-RISE).world, 2 + 10 * DAY) == []


def test_what_is_held_is_sold_when_the_trend_is_over() -> None:
    life = risen().told(3, _bought(10_000_000))
    (trade,) = decided(life.world, 2000 * DAY)
    assert (trade.seller, trade.shares) == ("fund", 10_000_000)


def test_it_moves_a_part_of_the_way_at_each_close() -> None:
    whole, fifth = (decided(risen(trading_pace=pace).world, 2 + 10 * DAY)[0] for pace in (1.0, 0.2))
    assert fifth.shares == pytest.approx(whole.shares / 5, abs=1)


def test_losses_cut_all_that_it_wants() -> None:
    """It holds chips alone, a fifth of its capital, which fell by 0.15 a moment ago: it lost 0.03 of it,
    a fifth of what stops it. Of a cloud that rises it wants a fifth less than with no such fall."""
    now = 2 + 10 * DAY
    bought = Trade(seller="outside", buyer="fund", asset="chips", shares=20_000_000, amount=0)
    held = risen().told(3, bought)
    calm = {trade.asset: trade for trade in decided(held.world, now)}["cloud"]
    down = -150_000_000
    hurt = held.told(now - 1, Repricing(asset="chips", lasting=down, attributed=down))
    worth = 20_000_000 * 50_000 * exp(-0.15)
    nerve = 1 - (worth * 0.15) / (0.15 * (CASH + worth))
    after = {trade.asset: trade for trade in decided(hurt.world, now)}["cloud"]
    listed = [PRICE * exp(0.2) * SHARES + 5e13 * exp(step) for step in (0.0, -0.15)]
    capital = [CASH + 20_000_000 * 50_000, CASH + worth]
    assert after.amount / calm.amount == pytest.approx(
        nerve * capital[1] / listed[1] / (capital[0] / listed[0]), rel=1e-6
    )


def test_at_the_loss_that_stops_it_all_is_sold() -> None:
    held = risen().told(3, _bought(400_000_000))
    down = -RISE
    hurt = held.told(2 + 10 * DAY, Repricing(asset="cloud", lasting=3 * down, attributed=3 * down))
    (trade,) = decided(hurt.world, 2 + 10 * DAY)
    assert (trade.seller, trade.shares) == ("fund", 400_000_000)


def test_it_never_pays_more_than_it_has() -> None:
    """It wants cloud for trillions, and its capital is in chips: it buys for the million that it has."""
    rich = Trade(seller="outside", buyer="fund", asset="chips", shares=300_000_000, amount=CASH - 1_000_000)
    world = risen(trading_scale=0.001, impact=3.0, sector_impact=8.0).told(3, rich).world
    trades = {trade.asset: trade for trade in decided(world, 2 + 10 * DAY)}
    assert trades["cloud"].buyer == "fund"
    assert 0 < trades["cloud"].amount <= 1_000_000


def test_in_and_out_again_wins_nothing() -> None:
    """Filled at the middle of its own step: a purchase that is sold once what fades has faded brings less
    than it cost, and no less than by the whole step, which is below 0.07.
    """
    life = risen(impact=1.0, sector_impact=5.0, impact_transient=0.4)
    (bought,) = decided(life.world, 2 + 10 * DAY)
    (sold,) = decided(life.told(2 + 10 * DAY, bought).world, 2000 * DAY)
    assert (sold.seller, sold.shares) == ("fund", bought.shares)
    assert exp(-0.07) * bought.amount < sold.amount < bought.amount


def short(shares: int, margin: int, **parameters: float) -> Life:
    """It sold so many shares of a cloud that fell by 0.2 short, for nothing."""
    lent = ShareLoan(
        borrower="fund", lender="outside", asset="cloud", shares=shares, margin=margin, accrued=3
    )
    sale = Trade(seller="fund", buyer="outside", asset="cloud", shares=shares, amount=0)
    return risen(-RISE, **{"short_size": 1.0} | parameters).told(3, lent, sale)


def test_what_falls_is_borrowed_and_sold_as_what_rises_is_bought() -> None:
    """Half of its capital, times 8.187 of 58.187 listed, times a trend of -0.0781797 over 0.1; or half.
    It lies 0.2 * 0.890899 below its slow mean: of so much less it sells.
    """
    now, price = 2 + 10 * DAY, PRICE * exp(-0.2)
    wanted = 0.5 * CASH * (price * SHARES) / (price * SHARES + 5e13) * 0.781797 * exp(-0.17818)
    for part in (1.0, 0.5):
        ((loan, sale),) = facts_of(decide(risen(-RISE, short_size=part).world, FUND, now))
        assert (sale.seller, sale.buyer, sale.asset) == ("fund", "outside", "cloud")
        assert loan.shares == sale.shares
        assert sale.amount == pytest.approx(part * wanted, rel=1e-5)
        assert loan.margin == pytest.approx(1.5 * part * wanted, rel=1e-5)


def test_what_it_owes_is_bought_back_once_nothing_falls_and_only_then_bought() -> None:
    life = short(1_000_000, 15_000_000_000).told(2000 * DAY, _fallen(RISE))
    ((bought, back),) = facts_of(decide(life.world, FUND, 2010 * DAY))
    assert (bought.buyer, bought.shares, back.shares) == ("fund", 1_000_000, 1_000_000)
    assert back.margin == 15_000_000_000


def test_the_margin_pays_where_the_purse_cannot_and_no_purse_is_below_nothing() -> None:
    """Of 100,000,000 shares with 12,500 each left for them, at 10,000, half the maintenance is there: it asks
    for 0.3 * 10,000, and 500 of it is lacking for each: 500 / 3,000 of them are bought back.
    """
    life = short(100_000_000, 1_250_000_000_000, trading_pace=0.001, short_fee=0.0)
    life.told(4, Trade(seller="outside", buyer="fund", asset="chips", amount=CASH - 1_250_000_000_000))
    now = 2 + 10 * DAY
    life.priced(now - 1, PRICE)
    assert life.world.readings.cash("fund") == 0
    (act,) = decide(life.world, FUND, now)
    freed, bought, back = (draft.fact for draft in act)
    assert isinstance(freed, ShareReturn)
    assert bought.shares == back.shares == pytest.approx(100_000_000 / 6, abs=2)
    assert freed.called == pytest.approx(50_000_000_000, rel=1e-6)
    assert freed.margin == bought.amount
    for later, fact in enumerate((freed, bought, back)):
        life.told(now + later, fact)
        assert life.world.readings.cash("fund") >= 0
        assert broken(life.world) == []


def test_losses_on_what_it_owes_cut_all_that_it_wants() -> None:
    """Chips are owed, worth 10^12, and rose by 0.15 a moment ago: of a cloud that rises it wants less by what
    it lost, 0.15 * 1.16 * 10^12 of its capital, over the 0.15 that stop it.
    """
    now = 2 + 10 * DAY
    lent = ShareLoan(borrower="fund", lender="outside", asset="chips", shares=20_000_000, accrued=3)
    sale = Trade(seller="fund", buyer="outside", asset="chips", shares=20_000_000, amount=10**12)
    life = risen(short_size=1.0, short_maintenance=0.0).told(3, lent, sale)
    up = 150_000_000
    life.told(now - 1, Repricing(asset="chips", lasting=up, attributed=up))
    owed = 20_000_000 * 50_000 * exp(0.15)
    capital = CASH + 10**12 - owed
    listed = PRICE * exp(0.2) * SHARES + 5e13 * exp(0.15)
    nerve = 1 - owed * 0.15 / (0.15 * capital)
    wanted = 0.5 * nerve * capital * PRICE * exp(0.2) * SHARES / listed * 0.781797
    bought = [
        fact for fact, *_ in facts_of(decide(life.world, FUND, now)) if getattr(fact, "asset", "") == "cloud"
    ]
    assert bought[0].amount == pytest.approx(wanted, rel=1e-5)


def test_nobody_plays_where_the_size_is_nothing() -> None:
    life = risen(trading_size=0.0)
    assert due(life.world, FUND, 1) is None
    assert due(risen().world, FUND, 1) == CLOSE


def test_cash_and_shares_are_conserved_and_no_stake_is_below_nothing() -> None:
    log = lived(market(impact=3.0, sector_impact=8.0, trading_size=1.0, trading_pace=1.0))
    for world in unfold(log.read("main")):
        assert broken(world) == []
    loop = cut_anywhere("narrative.engine.processes.trading", "loop", actor="bank", seed=2)
    assert loop > 100


def _bought(shares: int) -> Trade:
    return Trade(seller="outside", buyer="fund", asset="cloud", shares=shares, amount=0)


def _fallen(step: int) -> Repricing:
    return Repricing(asset="cloud", lasting=step, attributed=step)
