"""Payouts to owners, against sums worked out by hand."""

from support.credit import COURT, LINKS, SETTLED, SHARES, STAKE, Life, broken, credit
from support.tiny import DAY

from events.event import OUTSIDE
from events.facts import Dividend, Order, Payment, Trade
from events.funding_facts import Default, Funding, Loan, Repayment
from narrative.engine.ids import named
from narrative.engine.payouts import dividends, needed

OPENED = 100_000_000_000  # of the cloud
TERMS = SETTLED | {"payout_share": 0.5}
GIVEN = Payment(payer=OUTSIDE, payee="cloud", amount=1_000)


def life(**terms: float) -> Life:
    """A cloud that holds 1,000 more than it opened with."""
    return Life(credit((COURT,), LINKS, **(TERMS | terms))).told(DAY, GIVEN)


def paid(one: Life, company: str = "cloud", at: int = 2 * DAY) -> dict[str, int]:
    drafts = dividends(one.world, company, one.world.readings.cash(company) or 0, at)
    assert all(draft.fact.company == company for draft in drafts)
    return {draft.fact.holder: draft.fact.amount for draft in drafts}


def test_half_of_what_it_need_not_keep_goes_to_its_owners_each_by_its_shares() -> None:
    """Of 500 the founder, who holds 625 million of 1,000 million shares, gets five eighths: 312.5, the larger
    remainder by name of equals.
    """
    assert STAKE * 8 == SHARES * 5
    assert paid(life()) == {"founder": 313, OUTSIDE: 187}
    assert paid(life(payout_share=0.0)) == {}


def test_who_bought_a_share_gets_its_part() -> None:
    one = life().told(
        DAY + 1, Trade(seller="founder", buyer="bank", asset="cloud", shares=STAKE - SHARES // 10)
    )
    assert paid(one) == {"bank": 263, "founder": 50, OUTSIDE: 187}


def test_of_whose_shares_nothing_is_on_file_all_goes_outside() -> None:
    one = life().told(DAY + 1, Payment(payer=OUTSIDE, payee="lab", amount=10))
    assert paid(one, "lab") == {OUTSIDE: 5}


def test_it_keeps_what_it_opened_with_what_it_promised_what_it_owes_within_a_year_and_costs() -> None:
    """300 are on order, a loan of 250 falls due within the year, another does not, and a year costs 365."""
    order = Order(
        buyer="cloud", seller="chips", order=named("order", "cloud", "chips", moment=DAY), amount=300
    )
    soon = Loan(borrower="cloud", lender="bank", loan="bond:cloud:bank:1", amount=250, due=90 * DAY)
    late = Loan(borrower="cloud", lender="bank", loan="bond:cloud:bank:2", amount=40, due=900 * DAY)
    one = life(running_costs=3.65).told(DAY + 1, order, soon, late)
    assert needed(one.world, "cloud", 2 * DAY) == OPENED + 300 + 250 + 365
    assert sum(paid(one).values()) == (1_000 + 250 + 40 - 300 - 250 - 365) // 2


def test_it_keeps_a_part_of_a_years_takings_where_that_is_more() -> None:
    sale = Payment(payer="lab", payee="cloud", amount=10 * OPENED, settles=10 * OPENED)
    calm, busy = life(payout_cushion=0.2), life(payout_cushion=0.2).told(DAY + 1, sale)
    assert needed(calm.world, "cloud", 2 * DAY) == OPENED
    assert needed(busy.world, "cloud", 2 * DAY) > 2 * OPENED


def test_what_was_borrowed_or_raised_is_not_paid_out() -> None:
    """Of 1,000 earned half goes to owners, whatever a bond that falls due after a year and a round bring."""
    bond = Loan(borrower="cloud", lender="bank", loan="bond:cloud:bank:1", amount=5_000, due=900 * DAY)
    raised = Funding(company="cloud", investor=OUTSIDE, amount=7_000)
    one = life().told(DAY + 1, bond, raised)
    assert sum(paid(one).values()) == 500
    one.told(DAY + 2, Payment(payer="cloud", payee=OUTSIDE, amount=600))  # a loss, of what was earned
    assert sum(paid(one).values()) == 200


def test_a_bond_that_was_paid_back_left_nothing_to_pay_out() -> None:
    bond = Loan(borrower="cloud", lender="bank", loan="bond:cloud:bank:1", amount=5_000, due=900 * DAY)
    back = Repayment(borrower="cloud", lender="bank", loan="bond:cloud:bank:1", amount=5_000)
    assert sum(paid(life().told(DAY + 1, bond).told(DAY + 2, back)).values()) == 500


def test_in_court_all_but_the_costs_of_thirteen_weeks_goes_to_those_outside() -> None:
    """A year of 365.25 days costs 36,525: 100 a day, 9,100 in 91."""
    one = life(running_costs=365.25).told(DAY + 1, Default(debtor="cloud", moment=DAY + 1))
    held = one.world.readings.cash("cloud") or 0
    assert paid(one) == {OUTSIDE: held - 9_100}


def test_what_is_paid_out_is_lost_to_nobody() -> None:
    one = life()
    one.told(3 * DAY, *(draft.fact for draft in dividends(one.world, "cloud", OPENED + 1_000, 2 * DAY)))
    assert one.world.readings.cash("cloud") == OPENED + 500
    assert one.facts("Dividend") == [
        Dividend(company="cloud", holder="founder", amount=313),
        Dividend(company="cloud", holder=OUTSIDE, amount=187),
    ]
    assert broken(one.world) == []
