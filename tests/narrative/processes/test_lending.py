"""A lender's life: calls, cures, forced sales, interest; every figure worked out by hand."""

from math import exp

import pytest
from attrs import evolve
from credit import CLOSE, LENDER, OWNER, PRICE, SHARES, Life, broken, credit, drawn, part
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import DAY, entry, told
from worlds import facts_of, relation

from events.facts import (
    Cure,
    Default,
    Interest,
    Liquidation,
    Loan,
    MarginCall,
    Pledge,
    Release,
    Repayment,
    Repricing,
    Trade,
)
from narrative.gains import amplification, fire_sale_gain
from narrative.loans import distance, loans
from narrative.processes import lending
from narrative.processes.lending import decide, due, forced_sale, impact
from narrative.world import unfold

BANK = part("lending", "bank")
LOAN = "loan:founder:bank:cloud:0"
CALL = f"call:founder:bank:cloud:{DAY + CLOSE}"


def secured(owed: int, shares: int, **parameters: float) -> Life:
    """A loan from the first day on, its cash spent, seen by the bank alone."""
    rate = int(parameters.pop("rate", 0))
    return Life(credit((LENDER,), **parameters)).told(1, *drawn(owed, shares, rate=rate), spent(owed))


def spent(amount: int) -> Trade:
    return Trade(seller="outside", buyer="founder", asset="chips", amount=amount)


def earned(amount: int) -> Trade:
    return Trade(seller="founder", buyer="outside", asset="chips", amount=amount)


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
    whole = impact(9_000_000, SHARES, 2.0)
    assert whole == -18_000_000  # 0.9 percent of the shares, twice, in 1e-9 ln
    assert impact(4_000_000, SHARES, 2.0) + impact(5_000_000, SHARES, 2.0) == whole
    at_once = secured(1, 1).told(2, _trade(9_000_000))
    in_two = secured(1, 1).told(2, _trade(4_000_000)).told(3, _trade(5_000_000))
    far = 4
    one, two = (life.world.readings.log_price("cloud", far) for life in (at_once, in_two))
    assert one == pytest.approx(two, abs=1e-12)


def _trade(shares: int) -> Trade:
    moved = impact(shares, SHARES, 2.0)
    return Trade(seller="founder", buyer="outside", asset="cloud", shares=shares, amount=0, impact=moved)


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


# --- a call, and how it ends --------------------------------------------------------------------


def called() -> Life:
    """4.3 billion on shares worth 12.5 billion that then are worth 10: called at the second close."""
    life = secured(430_000_000_000, 100_000_000).told(2, RISE).lived(DAY)
    assert life.events("MarginCall") == []
    return life.told(DAY + 1, FALL).lived(DAY + CLOSE)


RISE = Repricing(asset="cloud", lasting=223_143_551)  # ln 1.25
FALL = Repricing(asset="cloud", lasting=-223_143_551)


def test_a_loan_at_the_limit_is_not_called() -> None:
    assert secured(350_000_000_000, 100_000_000).lived(DAY).events("MarginCall") == []


def test_a_call_asks_for_what_brings_the_debt_back_to_the_limit() -> None:
    life = called()
    (call,) = life.facts("MarginCall")
    assert call == MarginCall(
        lender="bank",
        borrower="founder",
        loan=LOAN,
        call=CALL,
        amount=80_000_000_000,  # 430 less 35 percent of 1,000 billion
        due=4 * DAY + CLOSE,
    )
    (event,) = life.events("MarginCall")
    assert [life.events()[place - 1].kind for place in event.causes] == ["Loan"]


def test_a_call_is_cured_when_the_price_recovers() -> None:
    life = called().told(DAY + CLOSE + 1, RISE).lived(2 * DAY + CLOSE)
    (cure,) = life.events("Cure")
    assert cure.fact == Cure(borrower="founder", lender="bank", call=CALL, amount=80_000_000_000)
    assert [life.events()[place - 1].kind for place in cure.causes] == ["MarginCall"]
    assert life.world.fold.state["called"] == {}
    assert life.lived(30 * DAY).events("Liquidation") == []


def test_while_a_call_can_be_answered_nothing_is_sold() -> None:
    assert called().lived(4 * DAY + CLOSE - 1).events("Liquidation", "Cure") == []


def test_an_unanswered_call_ends_in_one_act_that_sells_releases_and_repays() -> None:
    life = called().lived(4 * DAY + CLOSE)
    sold = 12_307_693  # (430 - 350) / 0.65 = 123.076923 billion, at 10,000 a share, rounded up
    proceeds = 123_076_930_000
    events = life.events()[-4:]
    assert {event.moment for event in events} == {4 * DAY + CLOSE}
    facts = [event.fact for event in events]
    assert facts == [
        Liquidation(
            lender="bank",
            borrower="founder",
            loan=LOAN,
            call=CALL,
            asset="cloud",
            shares=sold,
            amount=proceeds,
        ),
        Release(pledger="founder", lender="bank", asset="cloud", shares=sold, loan=LOAN),
        Trade(
            seller="founder",
            buyer="outside",
            asset="cloud",
            shares=sold,
            amount=proceeds,
            impact=-12_307_693,  # so many of a billion shares
        ),
        Repayment(borrower="founder", lender="bank", loan=LOAN, amount=proceeds, secured=proceeds),
    ]
    first = events[0].position
    assert life.events()[events[0].causes[0] - 1].kind == "MarginCall"
    assert all(first in event.causes for event in events[1:])
    assert life.world.fold.sum("owed", LOAN) == 430_000_000_000 - proceeds
    assert broken(life.world) == []


def test_sales_go_on_a_close_after_the_other_until_the_debt_is_back_at_the_limit() -> None:
    life = called().lived(60 * DAY)
    moments = [event.moment for event in life.events("Liquidation")]
    assert moments[:3] == [4 * DAY + CLOSE, 5 * DAY + CLOSE, 6 * DAY + CLOSE]
    assert len(life.events("Cure")) == 1
    price = life.world.readings.price("cloud", 60 * DAY)
    left = life.world.fold.sum("secured", LOAN)
    assert life.world.fold.sum("owed", LOAN) <= 0.35 * left * price


def test_a_haircut_lowers_the_limit() -> None:
    life = secured(350_000_000_000, 100_000_000, haircut=0.1).lived(CLOSE)
    (call,) = life.facts("MarginCall")
    assert call.amount == 35_000_000_000  # 350 less 0.35 * 0.9 of 1,000 billion


def test_the_last_share_sold_leaves_a_default_and_no_more_calls() -> None:
    life = secured(350_000_000_000, 30_000_000).lived(30 * DAY)
    (sale,) = life.facts("Liquidation")
    assert (sale.shares, sale.amount) == (30_000_000, 300_000_000_000)
    (default,) = life.facts("Default")
    assert default == Default(
        debtor="founder", creditor="bank", amount=50_000_000_000, moment=3 * DAY + CLOSE
    )
    assert len(life.events("MarginCall")) == 1
    assert life.world.fold.sum("pledged", "founder/cloud") == 0
    assert broken(life.world) == []


def test_the_cash_a_borrower_has_goes_before_a_default() -> None:
    life = secured(350_000_000_000, 30_000_000).told(2, earned(60_000_000_000)).lived(30 * DAY)
    assert life.events("Default") == []
    assert life.world.fold.state["owed"] == {}
    assert life.world.fold.sum("cash", "founder") == 10_000_000_000


def test_a_borrower_defaults_once() -> None:
    life = secured(350_000_000_000, 30_000_000).told(2, Default(debtor="founder", moment=2)).lived(30 * DAY)
    assert len(life.events("Liquidation")) == 1
    assert len(life.events("Default")) == 1  # the one that was told


def test_several_draws_are_one_facility_and_the_oldest_is_paid_first() -> None:
    life = secured(200_000_000_000, 100_000_000)
    life.told(2, *drawn(160_000_000_000, 10, at=2)).lived(CLOSE)
    (call,) = life.facts("MarginCall")
    assert call.amount == 9_999_965_000  # 360 billion less 35 percent of 100,000,010 * 10,000
    assert call.loan == LOAN
    life.lived(3 * DAY + CLOSE)
    assert [fact.loan for fact in life.facts("Repayment")] == [LOAN]


def test_shares_come_free_when_nothing_is_owed() -> None:
    life = secured(100, 5_000).told(2, earned(100)).told(3, paid(100)).lived(CLOSE)
    assert life.facts("Release") == [
        Release(pledger="founder", lender="bank", asset="cloud", shares=5_000, loan=LOAN)
    ]
    assert due(life.world, BANK, CLOSE) is None


def paid(amount: int) -> Repayment:
    return Repayment(borrower="founder", lender="bank", loan=LOAN, amount=amount, secured=amount)


# --- interest and maturity ----------------------------------------------------------------------


def test_interest_accrues_to_the_cent() -> None:
    # 1,000,000.00 at 5 percent for 90 days of 365: 12,328.767 1...
    life = secured(100_000_000, 100_000_000, rate=500)
    assert acts(life, 89 * DAY) == []
    assert acts(life, 90 * DAY) == [
        [
            Interest(
                borrower="founder",
                lender="bank",
                loan=LOAN,
                amount=1_232_877,
                secured=1_232_877,
                accrued=90 * DAY,
            )
        ]
    ]


def test_interest_on_a_loan_with_shares_behind_it_adds_to_the_debt_whatever_the_purse_holds() -> None:
    life = secured(100_000_000, 100_000_000, rate=500).told(2, earned(5_000_000))
    assert [type(fact) for fact in acts(life, 90 * DAY)[0]] == [Interest]


def test_interest_bears_interest_from_the_quarter_on() -> None:
    life = secured(100_000_000, 100_000_000, rate=500).lived(181 * DAY)
    first, second = life.facts("Interest")
    assert first.accrued == 90 * DAY + CLOSE
    # 90 days and 16 hours, then 90 days on 101,242,009: 1,242,009.1 and 1,248,189.1
    assert (first.amount, second.amount) == (1_242_009, 1_248_189)
    assert life.world.fold.sum("owed", LOAN) == 100_000_000 + 1_242_009 + 1_248_189
    assert broken(life.world) == []


def test_a_repayment_first_adds_interest_to_date() -> None:
    life = secured(430_000_000_000, 100_000_000, rate=365).lived(3 * DAY + CLOSE)
    moment = [event for event in life.events() if event.moment == 3 * DAY + CLOSE]
    assert [event.kind for event in moment] == ["Liquidation", "Release", "Trade", "Interest", "Repayment"]
    # 43,000,000 a day for 3 2/3 days
    assert moment[3].fact.amount == 157_666_667
    assert life.world.fold.last("owed_since", LOAN) == 3 * DAY + CLOSE


def unsecured(cash: int, **more: int) -> Life:
    """A bond of the cloud's, with so much in its purse."""
    life = Life(credit((LENDER,)))
    spent = life.world.fold.sum("cash", "cloud") - cash
    fact = Loan(borrower="cloud", lender="bank", loan="bond:cloud:bank:0", rate=400, accrued=0, amount=0)
    return life.told(
        1,
        evolve(fact, **({"amount": 36_500_000} | more)),
        Trade(seller="outside", buyer="cloud", asset="chips", amount=spent + 36_500_000),
    )


def test_a_coupon_is_paid_by_who_can() -> None:
    life = unsecured(cash=1_000_000).lived(90 * DAY + CLOSE)
    # 365,000.00 at 4 percent for 90 2/3 days: 40 a day and 90.666667 days
    assert [fact.amount for fact in life.facts("Interest", "Repayment")] == [362_667, 362_667]
    assert life.world.fold.sum("owed", "bond:cloud:bank:0") == 36_500_000


def test_a_coupon_is_owed_by_who_cannot() -> None:
    life = unsecured(cash=1_000).lived(90 * DAY + CLOSE)
    assert [fact.amount for fact in life.facts("Interest", "Repayment")] == [362_667]
    assert life.events("Refusal") == []


def test_a_loan_is_collected_when_due() -> None:
    life = unsecured(cash=40_000_000, due=30 * DAY).lived(31 * DAY)
    interest, repaid = life.facts("Interest", "Repayment")
    assert interest.amount == 122_667  # 30 2/3 days at 4,000 a day
    assert repaid.amount == 36_622_667
    assert life.world.fold.state["owed"] == {}
    assert due(life.world, BANK, 31 * DAY) is None


def test_nobody_defaults_whose_purse_nobody_knows() -> None:
    name = "bond:stranger:bank:0"
    loan = Loan(
        borrower="stranger", lender="bank", loan=name, amount=36_500_000, rate=400, accrued=0, due=DAY
    )
    life = Life(credit((LENDER,))).told(1, loan).lived(200 * DAY)
    assert life.events("Default", "Repayment", "Interest") == []


def test_a_loan_that_cannot_be_paid_when_due_is_a_default_once() -> None:
    life = unsecured(cash=40, due=30 * DAY).lived(200 * DAY)
    (default,) = life.facts("Default")
    assert (default.debtor, default.creditor, default.amount) == ("cloud", "bank", 36_622_667)
    assert life.events("Interest", "Repayment") == []  # a debtor in default is asked for nothing more


# --- who it looks at, and when ------------------------------------------------------------------


def test_a_lender_looks_at_each_close_while_a_loan_is_open_and_only_then() -> None:
    life = Life(credit((LENDER,)))
    assert due(life.world, BANK, 0) is None
    life.told(1, *drawn(100, 5_000))
    assert due(life.world, BANK, 1) == CLOSE
    assert due(life.world, BANK, CLOSE) == DAY + CLOSE
    assert due(life.world, part("lending", "chips"), 1) is None


def test_a_review_that_changes_nothing_logs_nothing() -> None:
    life = secured(100_000, 100_000_000)
    before = life.world.position
    assert life.lived(80 * DAY).world.position == before


def test_a_world_is_read_and_not_changed() -> None:
    life = called()
    before = life.world.dump()
    for now in (2 * DAY + CLOSE, 4 * DAY + CLOSE):
        assert decide(life.world, BANK, now) == decide(life.world, BANK, now)
        assert due(life.world, BANK, now) > now
    assert life.world.dump() == before
    assert set(lending.ACCOUNTS) <= set(life.world.fold.state)


def test_a_loan_the_record_tells_is_looked_up_there() -> None:
    loan = Loan(
        borrower="founder", lender="bank", loan="term", amount=400, secured=400, rate=365, told=told("term")
    )
    pledge = Pledge(pledger="founder", lender="bank", asset="cloud", shares=1, loan="term", told=told("put"))
    entries = (entry("term", DAY, loan), entry("put", DAY + 1, pledge))
    life = Life(credit((LENDER,), entries=entries)).lived(DAY + 2)
    (found,) = loans(life.world, lender="bank")
    assert (found.borrower, found.asset, found.owed, found.since) == ("founder", "cloud", 400, DAY)
    assert found.to_date(DAY + 100 * DAY) == 404  # one hundredth of a percent a day
    life.priced(2 * DAY, 1_000).lived(2 * DAY + CLOSE)
    assert [fact.loan for fact in life.facts("MarginCall")] == ["term"]


# --- laws ---------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(st.tuples(st.integers(1, 9), st.floats(-0.6, 0.4)), min_size=1, max_size=12),
    call=st.floats(0.25, 0.8),
    haircut=st.floats(0.0, 0.3),
    cure=st.integers(1, 5),
    multiplier=st.floats(0.0, 4.0),
    spend=st.booleans(),
)
def test_cash_debt_shares_and_pledges_are_conserved_whatever_the_price_does(
    steps: list[tuple[int, float]], call: float, haircut: float, cure: int, multiplier: float, spend: bool
) -> None:
    plain = credit(
        (LENDER, OWNER),
        links=(relation("lends", "bank", "founder"), *([relation("invests", "founder", "lab")] * spend)),
        call_ltv=call,
        haircut=haircut,
        cure_days=float(cure),
        impact=multiplier,
        impact_half_life=5.0,
        lending_rate=900.0,
        pledge_ltv=0.8 * call,
        pledge_share=0.7,
        pledge_use=0.6,
    )
    life, now = Life(plain), 0
    for days, step in steps:
        now += days * DAY
        price = life.world.readings.price("cloud", now) or 1.0
        life.lived(now - 1).priced(now, price * exp(step))
    life.lived(now + 40 * DAY)
    for world in unfold(life.log.read("main")):
        assert broken(world) == [], world.position
