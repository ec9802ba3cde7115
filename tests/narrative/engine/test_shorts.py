"""Short sales by hand: 100 shares sold at 10, with 1,500 left for them, of which 500 is the seller's own."""

import pytest
from support.credit import Life
from support.shorting import CASH, market
from support.tiny import DAY

from events.facts import Trade
from events.funding_facts import ShareLoan, ShareReturn
from events.market_facts import Split
from narrative.engine.loans import INTEREST_YEAR
from narrative.engine.shorts import (
    NONE,
    Bought,
    Short,
    affordable,
    asked,
    borrowing,
    called,
    fee,
    lendable,
    returning,
    shorts,
)

SOLD = Short(100, 1_500, 0)
LENT = {"borrower": "fund", "lender": "outside", "asset": "cloud"}


@pytest.fixture
def world():
    return Life(market()).world


def test_all_they_are_worth_and_half_of_it_is_left_for_them(world) -> None:
    loan = borrowing(world, "fund", "cloud", NONE, 100, 10.0, DAY)
    assert loan == ShareLoan(**LENT, shares=100, margin=1_500, worth=1_000, accrued=DAY)


def test_what_the_price_fell_by_is_margin_for_more(world) -> None:
    """At 8, 150 shares ask for 1,800, and 1,500 is there."""
    assert borrowing(world, "fund", "cloud", Short(100, 1_500), 50, 8.0, DAY).margin == 300
    assert borrowing(world, "fund", "cloud", Short(100, 1_500), 25, 8.0, DAY).margin is None


def test_cash_is_enough_for_as_many_as_its_margin_and_the_old_fee_ask(world) -> None:
    """At 10, 1,500 is enough for 100; of 2,250 with 1,500 left already it is enough for 50 more than 100."""
    assert affordable(world, "fund", NONE, 10.0, 1_500, 0) == 100
    assert affordable(world, "fund", NONE, 10.0, 1_499, 0) == 99
    assert affordable(world, "fund", SOLD, 10.0, 750, 0) == 50
    assert affordable(world, "fund", SOLD, 12.0, 200, 0) == 0  # 1,800 is asked for those that are owed
    assert affordable(world, "fund", Short(100_000, 1_500_000, 0), 10.0, 500, INTEREST_YEAR // 5) == 0


def test_it_is_called_where_less_than_thirty_in_a_hundred_is_beyond_their_worth(world) -> None:
    """1,500 / 1.3 / 100 = 11.538."""
    assert called(world, "fund", SOLD, 11.53) == (0, 0)
    assert called(world, "fund", SOLD, 11.54)[0] == 1  # 1,500.2 is asked for


def test_at_twelve_sixty_is_called_and_seventeen_are_bought_back(world) -> None:
    """1.3 * 1,200 - 1,500 = 60; each share given back frees 1.3 * 12 and costs 12: 60 / 3.6 = 16.7."""
    assert called(world, "fund", SOLD, 12.0) == (60, 17)


def test_what_is_left_for_the_rest_is_enough_then(world) -> None:
    """1,500 - 17 * 12 = 1,296 for 83 shares, which ask for 1.3 * 996 = 1,294.8."""
    back = returning(world, "fund", "cloud", SOLD, Bought(17, 204, 0), 12.0, 0)
    assert back == ShareReturn(**LENT, shares=17, margin=204, worth=204, accrued=0)
    assert called(world, "fund", Short(83, 1_500 - 204, 0), 12.0) == (0, 0)
    assert called(world, "fund", Short(84, 1_500 - 192, 0), 12.0) == (3, 1)  # one fewer is too few


def test_half_as_much_again_is_all_bought_back(world) -> None:
    """1.3 * 1,500 - 1,500 = 450, at 4.5 a share."""
    assert called(world, "fund", SOLD, 15.0) == (450, 100)


def test_another_maintenance_and_another_initial_margin() -> None:
    """Half: 1.5 * 1,200 - 1,500 = 300, at 6 a share; and all they are worth again is left at first."""
    strict = Life(market(short_maintenance=0.5, short_initial=1.0)).world
    assert called(strict, "fund", SOLD, 12.0) == (300, 50)
    assert asked(strict, "fund", 100, 10.0) == 2_000
    none = Life(market(short_maintenance=0.0)).world
    assert called(none, "fund", SOLD, 15.0) == (0, 0)
    assert called(none, "fund", SOLD, 15.01) == (1, 100)


def test_where_all_goes_back_all_margin_does_and_a_gain_is_the_sellers(world) -> None:
    """At 6: it cost 600 what sold for 1,000, and the 1,500 comes back: 400 more than it began with."""
    back = returning(world, "fund", "cloud", SOLD, Bought(100, 600, 0), 6.0, 0)
    assert back == ShareReturn(**LENT, shares=100, margin=1_500, worth=600, accrued=0)


def test_what_is_beyond_the_initial_margin_of_the_rest_comes_free(world) -> None:
    """At 6, 50 shares ask for 450 of the 1,500; it is more than the 300 that the others cost."""
    assert returning(world, "fund", "cloud", SOLD, Bought(50, 300, 0), 6.0, 0).margin == 1_050


def test_a_fee_runs_by_the_day_on_what_they_are_worth(world) -> None:
    """25 basis points of 1,000,000 for 73 days of 365: 500; the least unit is rounded to."""
    assert fee(world, "fund", Short(100_000, 0, 0), 10.0, INTEREST_YEAR // 5) == 500
    assert fee(world, "fund", Short(100_000, 0, None), 10.0, DAY) == 0
    more = borrowing(world, "fund", "cloud", Short(100_000, 1_500_000, 0), 1, 10.0, INTEREST_YEAR // 5)
    assert (more.fee, more.accrued) == (500, INTEREST_YEAR // 5)


def test_a_fee_is_no_more_than_what_is_there_to_pay_it(world) -> None:
    short = Short(100_000, 1_000_400, 0)
    back = returning(world, "fund", "cloud", short, Bought(100_000, 1_000_000, 0), 10.0, INTEREST_YEAR // 5)
    assert (back.fee, back.margin) == (400, 1_000_400)


def test_who_owes_the_rest_no_longer_leaves_all_it_has(world) -> None:
    """At 20, 75 shares cost 1,500; of another 30 it had, one more is paid for, and the rest is the fee."""
    back = returning(world, "fund", "cloud", SOLD, Bought(76, 1_520, 30, 24), 20.0, 0)
    assert back == ShareReturn(**LENT, shares=76, margin=1_500, fee=10, worth=1_520, accrued=0, waived=24)


def test_who_is_outside_lends_a_part_of_what_it_holds() -> None:
    """Of 1,000,000,000 shares the founder holds 625,000,000; of the others a fifth is lent."""
    life = Life(market())
    assert lendable(Life(market(short_supply=0.4)).world, "cloud") == 150_000_000
    assert lendable(life.world, "cloud") == 75_000_000
    life.told(2, ShareLoan(**LENT, shares=60_000_000, margin=0, accrued=2))
    life.told(3, Trade(seller="fund", buyer="outside", asset="cloud", shares=60_000_000, amount=0))
    assert lendable(life.world, "cloud") == 15_000_000
    assert shorts(life.world, "fund") == {"cloud": Short(60_000_000, 0, 2)}
    assert shorts(life.world, "bank") == {}


def test_a_loan_of_shares_is_counted_anew_by_a_split() -> None:
    life = Life(market()).told(2, ShareLoan(**LENT, shares=33, margin=7, accrued=2))
    life.told(3, Split(asset="cloud", new=3, old=2, holder="fund", lender="outside", borrowed=16))
    assert shorts(life.world, "fund") == {"cloud": Short(49, 7, 2)}


def test_nothing_of_it_is_left_once_all_is_given_back_or_waived() -> None:
    for back in ({"shares": 33}, {"waived": 33}, {"shares": 30, "waived": 3}):
        life = Life(market()).told(2, ShareLoan(**LENT, shares=33, margin=7, accrued=2))
        life.told(3, ShareReturn(**LENT, margin=7, accrued=3, **back))
        state = life.world.fold.state
        assert not any(state[account] for account in ("borrowed", "borrowed_since", "short_margin"))
        assert life.world.fold.sum("cash", "fund") == CASH
