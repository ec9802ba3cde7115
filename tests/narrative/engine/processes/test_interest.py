"""Interest and maturity of what a lender has lent; every figure worked out by hand."""

from attrs import evolve
from support.credit import BANK, CLOSE, LENDER, LOAN, Life, broken, credit, earned, secured
from support.tiny import DAY, entry, told
from support.worlds import facts_of

from events.facts import Announcement, Payment, Trade
from events.funding_facts import Interest, Loan
from narrative.engine.processes.lending import decide, due


def acts(life: Life, now: int) -> list[list[object]]:
    return facts_of(decide(life.world, BANK, now))


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


def unsecured(cash: int, grace: float = 0.0, **more: int) -> Life:
    """A bond of the cloud's, with so much in its purse."""
    life = Life(credit((LENDER,), interest_grace=grace))
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


def test_a_coupon_that_is_not_paid_in_its_days_of_grace_is_a_default() -> None:
    """Asked at the close of day 90, and at each until day 120: 362,667 and by then 120 2/3 days at 4,000."""
    assert unsecured(cash=1_000, grace=30.0).lived(119 * DAY + CLOSE).events("Interest", "Default") == []
    life = unsecured(cash=1_000, grace=30.0).lived(200 * DAY)
    (default,) = life.facts("Default")
    assert (default.debtor, default.creditor, default.amount) == ("cloud", "bank", 482_667)
    assert default.moment == 120 * DAY + CLOSE


def test_a_coupon_paid_within_its_days_of_grace_is_no_default() -> None:
    life = unsecured(cash=1_000, grace=30.0).lived(100 * DAY)
    life.told(100 * DAY, Trade(seller="cloud", buyer="outside", asset="chips", amount=9_000_000))
    assert life.lived(101 * DAY).facts("Default") == []
    assert [fact.amount for fact in life.facts("Repayment")] == [402_667]  # 100 2/3 days


def test_whom_the_record_knows_alive_later_no_process_finds_in_default() -> None:
    """The loan is due on day 30; the record tells a deed of the cloud's on day 60, and nothing after."""
    alive = entry("alive", 60 * DAY, Announcement(subject="cloud", told=told("alive")))
    bond = Loan(borrower="cloud", lender="bank", loan="b", amount=10**15, due=30 * DAY, told=told("b"))
    gone = Payment(payer="cloud", payee="outside", amount=10**15, told=told("gone"))
    entries = (entry("b", DAY, bond), entry("gone", 2 * DAY, gone), alive)
    life = Life(credit((LENDER,), entries=entries)).lived(59 * DAY)
    assert life.facts("Default") == []
    assert [fact.debtor for fact in life.lived(70 * DAY).facts("Default")] == ["cloud"]


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
