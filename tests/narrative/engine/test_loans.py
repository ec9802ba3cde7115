"""What is owed, read off the accounts, and how an amount is paid back; by hand."""

import pytest
from attrs import evolve
from support.credit import SHARES, Life, credit, drawn
from support.tiny import DAY, entry, told

from events.facts import Issue
from events.funding_facts import Interest, Loan, Release, Repayment
from narrative.engine.loans import Facility, facilities, interest, loans, releasing, repaying, shares_behind

FIRST, SECOND = "loan:founder:bank:cloud:0", f"loan:founder:bank:cloud:{DAY}"


def two_draws(rate: int = 0) -> Life:
    life = Life(credit()).told(1, *drawn(1_000, 30, rate=rate))
    return life.told(DAY, *drawn(500, 20, rate=rate, at=DAY))


def test_interest_is_simple_and_rounded_once() -> None:
    assert interest(1_000_000, 365, 10 * DAY) == 1_000  # one hundredth of a percent a day
    assert interest(100, 500, 365 * DAY) == 5
    assert interest(109, 500, 365 * DAY) == 5  # 5.45
    assert interest(110, 500, 365 * DAY) == 6  # 5.5
    assert interest(2**53, 1_500, 36_500 * DAY) == 15 * 2**53  # whole numbers all the way


def test_shares_behind_a_debt_cover_it() -> None:
    assert shares_behind(12_500_000_000, 0.2, 1.0) == 62_500_000_000
    assert shares_behind(701, 0.5, 10.0) == 141  # 140.2


def test_loans_of_one_asset_are_one_facility_oldest_first() -> None:
    (facility,) = facilities(two_draws().world, lender="bank")
    assert [loan.name for loan in facility.loans] == [FIRST, SECOND]
    assert (facility.shares, facility.to_date(DAY)) == (50, 1_500)
    assert facilities(two_draws().world, borrower="cloud") == ()


@pytest.mark.parametrize(
    ("amount", "paid"), [(300, [300]), (1_000, [1_000]), (1_200, [1_000, 200]), (9_999, [1_000, 500])]
)
def test_an_amount_pays_a_loan_after_the_other_and_never_more_than_is_owed(
    amount: int, paid: list[int]
) -> None:
    (facility,) = facilities(two_draws().world)
    facts = [draft.fact for draft in repaying("bank", facility.loans, amount, DAY)]
    assert [fact.amount for fact in facts if isinstance(fact, Repayment)] == paid


def test_each_loan_paid_on_gets_its_interest_first() -> None:
    (facility,) = facilities(two_draws(rate=3_650).world)  # a thousandth a day, from 0 and from DAY
    facts = [draft.fact for draft in repaying("bank", facility.loans, 1_200, 11 * DAY)]
    assert [(type(fact), fact.loan, fact.amount) for fact in facts] == [
        (Interest, FIRST, 11),
        (Repayment, FIRST, 1_011),
        (Interest, SECOND, 5),
        (Repayment, SECOND, 189),
    ]


@pytest.mark.parametrize(("shares", "freed"), [(10, [10]), (30, [30]), (45, [30, 15]), (99, [30, 20])])
def test_shares_come_free_a_pledge_after_the_other(shares: int, freed: list[int]) -> None:
    (facility,) = facilities(two_draws().world)
    facts = [draft.fact for draft in releasing("bank", facility, shares)]
    assert [fact.shares for fact in facts if isinstance(fact, Release)] == freed


@pytest.mark.parametrize("moments", [(-20, -9, -8), (999_999_999, 1_000_000_000, 1_000_000_001)])
def test_shares_come_free_in_the_order_in_which_loans_were_opened(moments: tuple[int, ...]) -> None:
    """Before 1970 and on 2001-09-09 the text of a moment is in another order than the moments are."""
    life = Life(credit())
    for now, at in enumerate(moments, 1):
        life.told(now, *drawn(1_000, 10 * now, at=at))
    (facility,) = facilities(life.world)
    assert [fact.shares for fact in released(facility, 60)] == [10, 20, 30]
    names = [f"loan:founder:bank:cloud:{at}" for at in moments]
    for later, name in enumerate(names[:2], 9):
        paid = Repayment(borrower="founder", lender="bank", loan=name, amount=1_000, secured=1_000)
        life.told(later, paid)
    (facility,) = facilities(life.world)
    assert [fact.loan for fact in released(facility, 60)] == names


def released(facility: Facility, shares: int) -> list[Release]:
    return [draft.fact for draft in releasing("bank", facility, shares)]


def test_a_told_loan_need_not_be_named_for_its_entry() -> None:
    fact = Loan(borrower="lab", lender="bank", loan="line", amount=400, rate=365, told=told("first draw"))
    life = Life(credit(entries=(entry("first draw", DAY, fact),))).lived(DAY)
    (found,) = loans(life.world, borrower="lab")
    assert (found.name, found.lender, found.since) == ("line", "bank", DAY)
    assert loans(life.world, borrower="cloud") == ()


def test_a_loan_that_nobody_knows_is_nobodys() -> None:
    life = Life(credit()).told(1, Loan(borrower="lab", lender="bank", loan="stray", amount=400))
    assert loans(life.world) == ()


def test_a_price_needs_the_count_of_shares_that_a_story_opened_with() -> None:
    plain = credit()
    bare = tuple(
        evolve(actor, opening=tuple(b for b in actor.opening if b.account != "shares"))
        for actor in plain.actors
    )
    unknown = Life(evolve(plain, actors=bare)).told(1, Issue(issuer="cloud", holder="lab", shares=1_000))
    assert unknown.world.readings.price("cloud", 1) is None
    assert unknown.world.readings.value("cloud", 1) == 10_000_000_000_000
    known = Life(plain).told(1, Issue(issuer="cloud", holder="lab", shares=SHARES // 10))
    assert known.world.readings.price("cloud", 1) == 10_000
    assert known.world.readings.value("cloud", 1) == 11_000_000_000_000
