"""Owners who borrow against shares and answer calls; every figure worked out by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.credit import CLOSE, LENDER, LOAN, OWNER, STAKE, Life, broken, credit, drawn, earned, part, spent
from support.tiny import DAY
from support.worlds import facts_of, relation

from events.facts import Investment
from events.funding_facts import Cure, Default, Interest, Liquidation, Loan, MarginCall, Pledge, Repayment
from events.market_facts import PolicyRate, Repricing
from narrative.engine.processes import pledging
from narrative.engine.processes.pledging import decide, due, pledgeable

FOUNDER = part("pledging", "founder")
LENDS = (relation("lends", "bank", "founder"),)
CALL = f"call:founder:bank:cloud:{CLOSE}"
CALLED = 80_000_000_000
RISE = Repricing(asset="cloud", lasting=223_143_551)  # ln 1.25


def owner(**parameters: float) -> Life:
    return Life(credit((OWNER,), LENDS, **parameters))


def acts(life: Life, now: int = CLOSE) -> list[list[object]]:
    return facts_of(decide(life.world, FOUNDER, now))


# --- drawing ------------------------------------------------------------------------------------


def test_12_5_billion_at_a_fifth_take_62_5_billion_of_shares() -> None:
    name = f"loan:founder:bank:cloud:{CLOSE}"
    assert acts(owner()) == [
        [
            Loan(
                borrower="founder",
                lender="bank",
                loan=name,
                amount=1_250_000_000_000,  # cents
                secured=1_250_000_000_000,
                rate=0,
                accrued=CLOSE,
            ),
            Pledge(pledger="founder", lender="bank", asset="cloud", shares=STAKE, loan=name),
        ]
    ]


def test_a_part_of_the_headroom_takes_a_part_of_the_shares() -> None:
    ((loan, pledge),) = acts(owner(pledge_use=0.4))
    assert (loan.amount, pledge.shares) == (500_000_000_000, 250_000_000)


def test_only_a_share_of_the_stake_may_be_pledged() -> None:
    ((loan, pledge),) = acts(owner(pledge_share=0.16))
    assert (loan.amount, pledge.shares) == (200_000_000_000, 100_000_000)


def test_the_lenders_haircut_comes_off_what_shares_are_worth() -> None:
    ((loan, pledge),) = acts(owner(haircut=0.2))
    assert (loan.amount, pledge.shares) == (1_000_000_000_000, STAKE)


def test_a_rise_makes_room_without_another_pledge() -> None:
    life = owner().told(1, *drawn(1_250_000_000_000, STAKE)).told(2, RISE)
    ((loan,),) = acts(life)
    assert loan.amount == pytest.approx(312_500_000_000, rel=1e-8)  # a quarter more of 12.5 billion
    assert loan.loan == f"loan:founder:bank:cloud:{CLOSE}"  # a draw is its own loan


def test_headroom_of_less_than_a_hundredth_is_left_alone() -> None:
    owed = 1_250_000_000_000
    assert acts(owner().told(1, *drawn(owed * 992 // 1000, STAKE))) == []
    assert acts(owner().told(1, *drawn(owed * 988 // 1000, STAKE))) != []


def test_the_rate_is_the_policy_rate_and_the_lenders_spread() -> None:
    life = owner(lending_rate=225.0).told(1, PolicyRate(bank="fed", rate=400, surprise=0))
    ((loan, _),) = acts(life)
    assert loan.rate == 625


def test_nobody_is_paid_for_borrowing() -> None:
    life = owner(lending_rate=25.0).told(1, PolicyRate(bank="snb", rate=-75, surprise=0))
    ((loan, _),) = acts(life)
    assert loan.rate == 0


def test_of_two_central_banks_the_one_that_regulates_the_lender_counts() -> None:
    links = (*LENDS, relation("regulates", "ecb", "bank"))
    life = Life(credit((OWNER,), links, lending_rate=225.0))
    life.told(1, PolicyRate(bank="ecb", rate=200, surprise=0), PolicyRate(bank="fed", rate=400, surprise=0))
    ((loan, _),) = acts(life)
    assert loan.rate == 425


def test_the_cash_goes_where_the_owner_is_linked_as_an_investor() -> None:
    life = Life(credit((OWNER,), (*LENDS, relation("invests", "founder", "lab")), pledge_use=0.4))
    ((_, _, stake),) = acts(life)
    # half of a lab worth 1,000 billion
    assert stake == Investment(investor="founder", company="lab", amount=500_000_000_000, part=500_000_000)


def test_an_owner_with_two_companies_gives_each_half() -> None:
    links = (*LENDS, relation("invests", "founder", "lab"), relation("invests", "founder", "chips"))
    ((_, _, lab, chips),) = acts(Life(credit((OWNER,), links, pledge_use=0.4)))
    assert (lab.amount, chips.amount) == (250_000_000_000, 250_000_000_000)
    assert (lab.shares, chips.shares) == (None, 5_000_000)  # a private company; 50,000 a share


def test_nothing_goes_into_a_company_in_default() -> None:
    links = (*LENDS, relation("invests", "founder", "lab"), relation("invests", "founder", "chips"))
    life = Life(credit((OWNER,), links, pledge_use=0.4)).told(1, Default(debtor="lab", moment=1))
    ((_, _, chips),) = acts(life)
    assert (chips.company, chips.amount) == ("chips", 500_000_000_000)


def test_nobody_lends_against_shares_that_have_no_traded_price() -> None:
    life = owner().told(1, Investment(investor="founder", company="lab", amount=0, shares=1_000))
    assert [loan.loan for loan, _ in acts(life)] == [f"loan:founder:bank:cloud:{CLOSE}"]


def test_nothing_pledged_nothing_borrowed() -> None:
    assert owner(pledge_share=0.0).lived(100 * DAY).events("Loan", "Pledge") == []


def test_nobody_draws_without_a_lender_in_default_or_while_called() -> None:
    assert acts(Life(credit((OWNER,), ()))) == []
    assert acts(owner().told(1, Default(debtor="founder", moment=1))) == []
    assert acts(owner().told(1, *drawn(100, 1), _call(due=1))) == []


def test_nobody_lends_again_to_whom_a_lender_had_to_sell_out() -> None:
    sale = Liquidation(
        lender="bank", borrower="founder", loan=LOAN, call=CALL, asset="cloud", shares=1, amount=62
    )
    assert acts(owner().told(1, sale)) == []
    of_another = Liquidation(
        lender="bank", borrower="lab", loan=LOAN, call=CALL, asset="cloud", shares=1, amount=62
    )
    assert acts(owner().told(1, of_another)) != []


def test_nothing_is_drawn_between_reviews() -> None:
    assert acts(owner(), DAY + CLOSE) == []
    assert acts(owner(), 7 * DAY + CLOSE) != []


@settings(max_examples=100, deadline=None)
@given(share=st.floats(0.0, 3.0), pledged=st.integers(0, STAKE))
def test_a_founder_never_pledges_more_than_it_holds(share: float, pledged: int) -> None:
    world = owner(pledge_share=share).told(1, *drawn(pledged, pledged)).world
    assert 0 <= pledgeable(world, "founder", "cloud") <= STAKE - pledged


# --- answering ----------------------------------------------------------------------------------


def _call(due: int) -> MarginCall:
    return MarginCall(lender="bank", borrower="founder", loan=LOAN, call=CALL, amount=CALLED, due=due)


def called(cash: int, **parameters: float) -> Life:
    """430 billion owed on 100 million shares worth 1,000: 80 more than 35 percent."""
    life = owner(**parameters).told(1, *drawn(430_000_000_000, 100_000_000), spent(430_000_000_000 - cash))
    return life.told(CLOSE, _call(due=3 * DAY + CLOSE))


def test_a_call_is_answered_with_cash_as_far_as_it_is_needed() -> None:
    life = called(cash=90_000_000_000, pledge_share=0.0)
    assert acts(life, DAY + CLOSE) == [[_paid(80_000_000_000), _cured(80_000_000_000)]]
    ((draft, cure),) = decide(life.world, FOUNDER, DAY + CLOSE)
    assert [life.events()[place - 1].kind for place in draft.causes] == ["Loan", "MarginCall"]
    assert (cure.causes, cure.within) == ((draft.causes[-1],), (0,))


CASH, MORE = "cash was paid", "more shares are pledged"
BOTH = f"{CASH} and {MORE}"


def _cured(amount: int, reason: str = CASH) -> Cure:
    return Cure(borrower="founder", lender="bank", call=CALL, amount=amount, reason=reason)


def _paid(amount: int) -> Repayment:
    return Repayment(borrower="founder", lender="bank", loan=LOAN, amount=amount, secured=amount)


def test_a_call_is_answered_with_shares_where_there_is_no_cash() -> None:
    # 430 billion over 35 percent of 10,000: 122,857,142.9 shares
    more = Pledge(pledger="founder", lender="bank", asset="cloud", shares=22_857_143, loan=LOAN)
    assert acts(called(cash=0), DAY + CLOSE) == [[more, _cured(CALLED, MORE)]]


def test_a_call_is_answered_with_both() -> None:
    paid, more, cure = acts(called(cash=45_000_000_000), DAY + CLOSE)[0]
    assert paid == _paid(45_000_000_000)
    assert more.shares == 10_000_000  # 385 billion over 3,500 is 110 million
    assert cure == _cured(CALLED, BOTH)


def test_a_call_is_answered_with_what_there_is_even_when_it_is_not_enough() -> None:
    life = called(cash=10_000_000_000, pledge_share=0.161)  # 100,625,000 shares at most
    paid, more, cure = acts(life, DAY + CLOSE)[0]
    assert (paid.amount, more.shares) == (10_000_000_000, 625_000)
    assert cure == _cured(12_187_500_000, BOTH)  # 10 billion, and 35 percent of 6.25


def test_a_payment_adds_interest_to_date_first() -> None:
    life = owner(pledge_share=0.0).told(1, *drawn(430_000_000_000, 100_000_000, rate=365))
    life.told(CLOSE, _call(due=3 * DAY + CLOSE))
    interest, paid, cure = acts(life, DAY + CLOSE)[0]
    assert isinstance(interest, Interest)
    assert interest.amount == 71_666_667  # 43,000,000 a day for 1 2/3 days
    assert paid.amount == 80_071_666_667
    assert cure == _cured(CALLED)


def test_a_call_with_nothing_to_answer_with_gets_no_answer() -> None:
    assert acts(called(cash=0, pledge_share=0.0), DAY + CLOSE) == []


def test_a_call_that_the_price_has_answered_gets_no_other_answer() -> None:
    life = called(cash=90_000_000_000).told(DAY, RISE)
    assert acts(life, DAY + CLOSE) == []


def test_from_its_due_moment_on_a_call_is_the_lenders() -> None:
    life = called(cash=90_000_000_000)
    assert acts(life, 3 * DAY + CLOSE) == []


def test_what_was_answered_in_part_leaves_the_rest_called() -> None:
    life = called(cash=30_000_000_000, pledge_share=0.0).lived(DAY + CLOSE)
    assert life.facts("Cure") == [_cured(30_000_000_000)]
    assert life.world.fold.state["called"] == {CALL: 50_000_000_000}
    life.told(DAY + CLOSE + 1, earned(50_000_000_000)).lived(2 * DAY + CLOSE)
    assert life.facts("Cure")[1:] == [_cured(50_000_000_000)]
    assert life.world.fold.state["called"] == {}


def test_a_call_that_is_covered_is_cured_though_the_price_has_fallen_further() -> None:
    """At 9,000 a share 115 billion are lacking; 90 of them cover the 80 that were called."""
    life = called(cash=90_000_000_000, pledge_share=0.0).priced(DAY, 9_000.0)
    paid, cure = acts(life, DAY + CLOSE)[0]
    assert (paid, cure) == (_paid(90_000_000_000), _cured(CALLED))


def test_a_call_is_cured_by_less_where_the_price_has_come_back_in_part() -> None:
    """At 11,000 a share 45 billion bring the debt back to the limit."""
    life = called(cash=90_000_000_000, pledge_share=0.0).priced(DAY, 11_000.0)
    paid, cure = acts(life, DAY + CLOSE)[0]
    assert paid.amount == pytest.approx(45_000_000_000, abs=1e3)  # prices are whole 1e-9 of ln
    assert cure == _cured(CALLED)


def test_a_borrower_who_pays_what_was_called_is_not_sold_out_when_belief_fades_overnight() -> None:
    """Paid to the limit at one close, the debt is above it at the next, for belief fades: a new call."""
    life = Life(credit((OWNER, LENDER), LENDS, pledge_share=0.0, pledge_review=300.0))
    life.told(1, *drawn(430_000_000_000, 100_000_000)).told(2, Repricing(asset="cloud", fast=50_000_000))
    life.lived(10 * DAY)
    calls, cures = life.events("MarginCall"), life.events("Cure")
    assert [event.moment for event in calls] == [DAY * day + CLOSE for day in (0, 2, 4, 6, 8)]
    assert [event.moment for event in cures] == [DAY * day + CLOSE for day in (1, 3, 5, 7, 9)]
    assert [event.fact.amount for event in cures] == [event.fact.amount for event in calls]
    assert life.events("Liquidation") == []
    assert broken(life.world) == []


def test_a_borrower_pays_and_cures_its_call_at_the_next_close() -> None:
    life = Life(credit((OWNER, LENDER), LENDS, pledge_share=0.16))
    life.told(1, *drawn(430_000_000_000, 100_000_000)).lived(30 * DAY)
    ends = [(event.kind, event.moment) for event in life.events("MarginCall", "Repayment", "Cure")]
    assert ends == [("MarginCall", CLOSE), ("Repayment", DAY + CLOSE), ("Cure", DAY + CLOSE)]
    assert life.events("Liquidation") == []
    assert life.world.fold.sum("owed", LOAN) == 350_000_000_000
    assert broken(life.world) == []


# --- when ---------------------------------------------------------------------------------------


def test_an_owner_looks_at_reviews_and_at_each_close_before_a_call_is_due() -> None:
    life = owner().told(1, *drawn(430_000_000_000, 100_000_000))
    assert due(life.world, FOUNDER, 1) == CLOSE
    assert due(life.world, FOUNDER, CLOSE) == 7 * DAY + CLOSE
    life.told(CLOSE, _call(due=3 * DAY + CLOSE))
    assert due(life.world, FOUNDER, CLOSE) == DAY + CLOSE
    assert due(life.world, FOUNDER, DAY + CLOSE) == 2 * DAY + CLOSE
    assert due(life.world, FOUNDER, 2 * DAY + CLOSE) == 7 * DAY + CLOSE


def test_somebody_elses_call_wakes_nobody() -> None:
    other = MarginCall(
        lender="bank", borrower="chips", loan="x", call="call:chips:bank:cloud:1", amount=1, due=9 * DAY
    )
    life = owner().told(CLOSE, other)
    assert due(life.world, FOUNDER, CLOSE) == 7 * DAY + CLOSE


def test_a_world_is_read_and_not_changed() -> None:
    life = called(cash=45_000_000_000)
    before = life.world.dump()
    for now in (CLOSE, DAY + CLOSE, 7 * DAY + CLOSE):
        assert decide(life.world, FOUNDER, now) == decide(life.world, FOUNDER, now)
        assert due(life.world, FOUNDER, now) > now
    assert life.world.dump() == before
    assert set(pledging.ACCOUNTS) - {"timeline", "unread"} <= set(life.world.fold.state)
