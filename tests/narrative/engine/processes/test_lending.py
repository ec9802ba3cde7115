"""A lender's life: calls, cures, liquidations; every figure worked out by hand."""

from math import ceil, exp, log

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from support.credit import (
    BANK,
    CLOSE,
    LENDER,
    LOAN,
    PRICE,
    STAKE,
    Life,
    broken,
    credit,
    drawn,
    earned,
    lost,
    part,
    secured,
)
from support.tiny import DAY, entry, told

from events.facts import Investment, Payment, Trade
from events.funding_facts import Cure, Default, Liquidation, Loan, MarginCall, Pledge, Release, Repayment
from events.market_facts import Repricing, Residual
from narrative.analysis.belief_spans import belief_spans
from narrative.analysis.overview import pledged
from narrative.engine.loans import facilities, loans
from narrative.engine.margins import swung
from narrative.engine.processes import lending
from narrative.engine.processes.lending import decide, due

CALL = f"call:founder:bank:cloud:{DAY + CLOSE}"


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
        owed=430_000_000_000,
        worth=1_000_000_000_000,
    )
    (event,) = life.events("MarginCall")
    assert [life.events()[place - 1].kind for place in event.causes] == ["Loan"]


def test_a_call_is_cured_to_a_loan_to_value_below_the_call_where_the_story_says_so() -> None:
    """430 on 1,000, called at 0.35 and cured to 0.2: 230 are asked, and (430 - 200) / 0.8 = 287.5 sold."""
    life = secured(430_000_000_000, 100_000_000, initial_ltv=0.2, impact=0.0).lived(5 * DAY)
    assert [fact.amount for fact in life.facts("MarginCall")] == [230_000_000_000]
    assert [fact.shares for fact in life.facts("Liquidation")] == [28_750_000]
    (facility,) = facilities(life.world, lender="bank")
    assert facility.to_date(5 * DAY) == 142_500_000_000  # a fifth of 71.25 million shares
    assert [fact.reason for fact in life.facts("Cure")] == ["the debt is within its limit"]
    assert secured(349_000_000_000, 100_000_000, initial_ltv=0.2).lived(5 * DAY).events("MarginCall") == []


def test_nobody_is_called_for_less_than_the_least_sum() -> None:
    """A billion is the least (10,000,000 dollars): of 350.9 on 1,000 at 0.35 there are 0.9, of 352, 2."""
    assert secured(350_900_000_000, 100_000_000, call_least=10e6).lived(DAY).events("MarginCall") == []
    (call,) = secured(352_000_000_000, 100_000_000, call_least=10e6).lived(DAY).facts("MarginCall")
    assert call.amount == 2_000_000_000


def test_margins_widen_with_swings_that_have_not_faded() -> None:
    """A fall of 0.1 ln that is fast belief and fades in 25 days: a tenth is taken off what the shares count
    for, and fades in the ten of a price's fast mean.
    """
    fell = Repricing(asset="cloud", fast=-100_000_000, attributed=-100_000_000)
    calm = secured(300_000_000_000, 100_000_000).told(2, fell).lived(CLOSE)
    assert calm.events("MarginCall") == []  # 0.35 of 1,000 exp(-0.1) is 316.7
    wide = secured(300_000_000_000, 100_000_000, swing_haircut=1.0).told(2, fell).lived(CLOSE)
    (call,) = wide.facts("MarginCall")
    fallen, swing = (0.1 * 0.5 ** ((CLOSE - 2) / (days * DAY)) for days in (25, 10))
    assert call.amount == pytest.approx(300e9 - 0.35 * (1 - swing) * 1e12 * exp(-fallen), rel=1e-6)


def test_margins_widen_with_swings_that_only_a_quote_shows() -> None:
    """0.1 ln that no news explains widens a margin as a told fall does."""
    shown = Residual(asset="cloud", market=-60_000_000, sector=0, own=-40_000_000, gap=-100_000_000)
    life = secured(300_000_000_000, 100_000_000, swing_haircut=1.0).told(2, shown)
    assert swung(life.world, "cloud", 2) == pytest.approx(0.1)
    assert swung(life.world, "cloud", 2 + 10 * DAY) == pytest.approx(0.05)


@given(
    owed=st.integers(1, 900), moved=st.floats(-0.5, 0.5), swing=st.floats(0.0, 3.0), days=st.integers(0, 90)
)
@settings(max_examples=60, deadline=None)
def test_the_screen_and_the_lender_agree_on_a_call(owed: int, moved: float, swing: float, days: int) -> None:
    life = secured(owed * 10**9, 100_000_000, swing_haircut=swing, rate=900)
    step = round(moved * 1e9)
    life.told(2, Repricing(asset="cloud", fast=step, attributed=step))
    at = days * DAY + CLOSE
    (row,) = pledged(life.world, at, belief_spans(life.world, [], at))
    made = [draft.fact for act in decide(life.world, BANK, at) for draft in act]
    assert any(isinstance(fact, MarginCall) for fact in made) == (
        row["distance"] is None or row["distance"] < 0
    )


def test_a_call_is_cured_when_the_price_recovers() -> None:
    life = called().told(DAY + CLOSE + 1, RISE).lived(2 * DAY + CLOSE)
    (cure,) = life.events("Cure")
    assert cure.fact == Cure(
        borrower="founder",
        lender="bank",
        call=CALL,
        amount=80_000_000_000,
        reason="the debt is within its limit",
    )
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
    life = secured(350_000_000_000, 30_000_000).told(2, given_away(30_000_000)).lived(30 * DAY)
    (sale,) = life.facts("Liquidation")
    assert (sale.shares, sale.amount) == (30_000_000, 300_000_000_000)
    (default,) = life.facts("Default")
    assert default == Default(
        debtor="founder", creditor="bank", amount=50_000_000_000, moment=3 * DAY + CLOSE
    )
    assert len(life.events("MarginCall")) == 1
    assert life.world.fold.sum("pledged", "founder/cloud") == 0
    assert broken(life.world) == []


def sold(life: Life) -> list[int]:
    """Shares that the founder sold, one by one."""
    return [fact.shares for fact in life.facts("Trade") if fact.seller == "founder"]


def given_away(kept: int) -> Trade:
    """The founder keeps so many of its shares of the cloud."""
    return Trade(seller="founder", buyer="outside", asset="cloud", shares=STAKE - kept, amount=0)


def test_what_a_borrower_holds_and_pledged_to_nobody_goes_before_a_default() -> None:
    """The 30 million pledged bring 300 of 350 billion, and of 595 million others the rest; those start where
    three in a hundred of all, sold, left the price, and each takes a billionth more of it: 5.17 million.
    """
    life = secured(350_000_000_000, 30_000_000).lived(30 * DAY)
    assert sold(life) == [30_000_000, ceil(-1e9 * log(1 - 0.005 * exp(0.03)))] == [30_000_000, 5_165_592]
    assert life.events("Default") == []
    assert life.world.fold.state["owed"] == {}
    assert broken(life.world) == []


def test_who_holds_too_little_beside_sells_it_and_is_in_default_for_the_rest() -> None:
    life = secured(350_000_000_000, 30_000_000).told(2, given_away(32_000_000)).lived(30 * DAY)
    (default,) = life.facts("Default")
    two_million = 1e13 * exp(-0.03) * (1 - exp(-0.002))  # 19.39 billion
    assert (default.debtor, default.amount) == ("founder", 50_000_000_000 - round(two_million))
    assert life.world.fold.sum("stake", "founder/cloud") == 0


def test_a_loan_with_nothing_behind_it_is_paid_by_what_its_borrower_can_sell() -> None:
    """At its end 40 billion are due of an empty purse: 4 million shares at 10,000, and 8,022 as it falls."""
    bond = Loan(
        borrower="founder", lender="bank", loan="bond:founder:bank:0", amount=40_000_000_000, due=9 * DAY
    )
    spent = Payment(payer="founder", payee="outside", amount=40_000_000_000)
    life = Life(credit((LENDER,))).told(1, bond, spent).lived(30 * DAY)
    assert sold(life) == [4_008_022]
    assert life.events("Default") == []
    assert life.world.fold.state["owed"] == {}


def test_the_cash_a_borrower_has_goes_before_a_default() -> None:
    life = secured(350_000_000_000, 30_000_000).told(2, earned(60_000_000_000)).lived(30 * DAY)
    assert life.events("Default") == []
    assert life.world.fold.state["owed"] == {}
    assert life.world.fold.sum("cash", "founder") == 10_000_000_000


def test_a_call_whose_loan_is_gone_is_over_and_the_next_shortfall_is_called_anew() -> None:
    life = secured(350_000_000_000, 30_000_000).told(2, earned(60_000_000_000)).lived(3 * DAY + CLOSE)
    (sale,) = life.events("Liquidation")
    (cure,) = life.events("Cure")
    assert cure.moment == sale.moment == 3 * DAY + CLOSE
    assert sale.position in cure.causes
    assert life.world.fold.state["called"] == {}
    life.told(4 * DAY, *drawn(430_000_000_000, 100_000_000, at=4 * DAY)).lived(4 * DAY + CLOSE)
    assert [event.moment for event in life.events("MarginCall")] == [CLOSE, 4 * DAY + CLOSE]
    assert len(life.events("Liquidation")) == 1


def test_a_call_on_a_loan_that_was_repaid_is_over_at_the_next_close() -> None:
    life = called().told(2 * DAY, earned(430_000_000_000)).told(2 * DAY + 1, paid(430_000_000_000))
    life.lived(2 * DAY + CLOSE)
    assert [fact.amount for fact in life.facts("Cure")] == [80_000_000_000]
    assert [fact.shares for fact in life.facts("Release")] == [100_000_000]
    assert life.world.fold.state["called"] == {}


def test_a_call_on_what_is_repaid_and_released_is_over_at_the_next_close() -> None:
    life = called().told(2 * DAY, earned(430_000_000_000)).told(2 * DAY + 1, paid(430_000_000_000))
    free = Release(pledger="founder", lender="bank", asset="cloud", shares=100_000_000, loan=LOAN)
    life.told(2 * DAY + 2, free)
    assert due(life.world, BANK, 2 * DAY + 2) == 2 * DAY + CLOSE
    life.lived(2 * DAY + CLOSE)
    assert [fact.amount for fact in life.facts("Cure")] == [80_000_000_000]
    assert due(life.world, BANK, 2 * DAY + CLOSE) is None


def test_what_was_paid_for_shares_goes_with_them() -> None:
    """62.5 billion were put into 625 million shares, of which 30 are sold."""
    put_in = Investment(investor="founder", company="cloud", amount=62_500_000_000)
    life = secured(350_000_000_000, 30_000_000).told(2, earned(112_500_000_000), put_in).lived(30 * DAY)
    (sale,) = life.facts("Liquidation")
    assert sale.shares == 30_000_000  # 4.8 percent of them
    assert life.world.fold.sum("invested", "founder/cloud") == 62_500_000_000 * 952 // 1000


def test_no_more_is_sold_than_the_borrower_holds_though_more_was_pledged() -> None:
    """625 million shares are held and 700 million pledged: what they bring leaves 100 billion owed."""
    life = secured(6_350_000_000_000, 700_000_000, haircut=0.5).lived(30 * DAY)
    (sale,) = life.facts("Liquidation")
    assert (sale.shares, sale.amount) == (STAKE, 6_250_000_000_000)
    assert [fact.shares for fact in life.facts("Release")] == [700_000_000]
    assert [fact.amount for fact in life.facts("Default")] == [100_000_000_000]
    assert life.world.fold.sum("stake", "founder/cloud") == 0
    assert life.world.fold.sum("pledged", "founder/cloud") == 0


def test_a_lender_may_sell_what_is_pledged_to_it_of_a_stake_that_nobody_knows() -> None:
    """The lab pledges shares of chips; of which it holds how many, the story does not say: it held those."""
    loan, pledge = drawn(500_000_000, 10_000, asset="chips")
    name = "loan:lab:bank:chips:0"
    facts = evolve(loan, borrower="lab", loan=name), evolve(pledge, pledger="lab", loan=name)
    life = Life(credit((LENDER,))).told(1, *facts).lived(20 * DAY)
    assert len(life.events("MarginCall")) == 1
    assert [(f.shares, f.uncounted) for f in life.facts("Liquidation")] == [(10_000, 10_000)]
    assert life.events("Default", "Refusal") == []
    assert life.world.fold.sum("stake", "lab/chips") == 0
    assert lost(life.world) == []


def test_a_part_of_it_leaves_the_rest_pledged_and_known() -> None:
    """430 of 1,000 and a limit of 0.35: 123.08 of it are sold, of 100 million shares of nobody's books."""
    loan, pledge = drawn(430_000_000_000, 100_000_000)
    name = "loan:lab:bank:cloud:0"
    facts = evolve(loan, borrower="lab", loan=name), evolve(pledge, pledger="lab", loan=name)
    life = Life(credit((LENDER,), impact=0.0)).told(1, *facts).lived(20 * DAY)
    (sale,) = life.facts("Liquidation")
    assert (sale.shares, sale.uncounted) == (12_307_693, 100_000_000)
    assert (
        life.world.fold.sum("stake", "lab/cloud") == life.world.fold.sum("pledged", "lab/cloud") == 87_692_307
    )
    assert lost(life.world) == []


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


# --- who it looks at, and when ------------------------------------------------------------------


def test_a_lender_does_not_look_at_what_nothing_can_change() -> None:
    life = Life(credit((LENDER,)))
    assert due(life.world, BANK, 0) is None
    life.told(1, *drawn(100, 5_000))  # covered by what never fades, without interest or end
    assert due(life.world, BANK, 1) is None
    assert due(life.world, part("lending", "chips"), 1) is None


def test_a_lender_looks_again_when_interest_is_to_be_added() -> None:
    life = Life(credit((LENDER,))).told(1, *drawn(100_000, 5_000, rate=700))
    assert due(life.world, BANK, 1) == 90 * DAY + CLOSE


def test_a_lender_looks_at_each_close_while_a_call_is_open() -> None:
    life = called()
    assert due(life.world, BANK, DAY + CLOSE) == 2 * DAY + CLOSE
    assert due(life.world, BANK, 2 * DAY + CLOSE) == 3 * DAY + CLOSE


def test_a_lender_looks_at_the_first_close_at_which_fading_belief_no_longer_covers_the_debt() -> None:
    """100 shares of 10,000 times exp(0.5 / 2**(days / 25)), of which 35 percent may be owed."""
    owed = round(350_000 * exp(0.5 * 2.0 ** (-10.2 / 25.0)))  # reached on the eleventh day before noon
    life = Life(credit((LENDER,))).told(1, *drawn(owed, 100), Repricing(asset="cloud", fast=500_000_000))
    for now in (1, 5 * DAY, 10 * DAY + CLOSE - 1):
        assert due(life.world, BANK, now) == 10 * DAY + CLOSE
    assert decide(life.world, BANK, 9 * DAY + CLOSE) == []
    assert len(decide(life.world, BANK, 10 * DAY + CLOSE)) == 1


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    parts=st.tuples(*[st.integers(-800_000_000, 800_000_000)] * 4),
    cover=st.floats(0.7, 1.6),
    rate=st.sampled_from([0, 0, 900, 20_000]),
    ends=st.none() | st.integers(2, 300),
)
def test_no_close_at_which_a_lender_would_act_is_left_out(
    parts: tuple[int, int, int, int], cover: float, rate: int, ends: int | None
) -> None:
    """Every close of four months is tried, whatever the price is made of."""
    fast, slow, lasting, impact = parts
    loan, pledge = drawn(1_000_000_000, max(round(1e9 * cover / 0.35 / PRICE), 1), rate=rate)
    news = Repricing(asset="cloud", fast=fast, slow=slow, lasting=lasting)
    sale = Trade(seller="outside", buyer="outside", asset="cloud", amount=0, impact=impact)
    plain = credit((LENDER,), impact_half_life=5.0)
    life = Life(plain).told(1, evolve(loan, due=ends and ends * DAY), pledge, news, sale)
    closes = [day * DAY + CLOSE for day in range(120)]
    acting = [close for close in closes if decide(life.world, BANK, close)]
    found = due(life.world, BANK, 1)
    assert acting[:1] == [found] if acting else found is None or found > closes[-1]
    assert found is None or due(life.world, BANK, (1 + found) // 2) == found


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
