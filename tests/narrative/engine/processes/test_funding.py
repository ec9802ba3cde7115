"""Companies that raise what they have promised; every figure worked out by hand."""

from math import exp

import pytest
from attrs import evolve
from support.credit import BUYERS, CLOSE, Life, credit
from support.tiny import DAY, entry, told
from support.worlds import facts_of, played, relation

from events.facts import Cancellation, Delay, Issue, Order, Sale
from events.funding_facts import Default, Funding, Loan, Repayment, Shortfall
from events.market_facts import Liquidity, PolicyRate, Repricing
from narrative.engine.backers import borrowable, budget
from narrative.engine.processes import funding
from narrative.engine.processes.funding import decide, due, falling_due
from narrative.story.model import Role

COMPANIES = Role(process="funding", latency=1, of=("cloud", "lab", "chips"))
REVIEW = 30 * DAY + CLOSE
YEAR = 12 * round(365.25 * DAY / 12)
BN = 1_000_000_000


def companies(links=(), entries=(), **parameters: float) -> Life:
    return Life(credit((COMPANIES,), links, entries, **parameters))


def order(buyer: str, amount: int, due: int | None = 200 * DAY, at: int = DAY) -> Order:
    return Order(buyer=buyer, seller="chips", order=f"order:{buyer}:chips:{at}", amount=amount, due=due)


def acts(life: Life, company: str, now: int = REVIEW) -> list[list[object]]:
    return facts_of(decide(life.world, played(life.world, "funding", company), now))


# --- what falls due -----------------------------------------------------------------------------


def test_what_cash_covers_raises_nothing() -> None:
    life = companies().told(DAY, order("lab", 50_000_000_000), order("cloud", 100_000_000_000))
    assert acts(life, "lab") == []
    assert acts(life, "cloud") == []


def test_only_what_falls_due_within_the_runway_counts() -> None:
    life = companies(debt_share=0.0)
    life.told(
        DAY,
        order("lab", 1_000, REVIEW + YEAR),
        order("lab", 2_000, REVIEW + YEAR + 1, at=2),
        order("lab", 4_000, None, at=3),
        order("cloud", 8_000),
        Loan(borrower="lab", lender="chips", loan="credit:lab:chips:1", amount=16_000, due=REVIEW),
        Loan(borrower="lab", lender="chips", loan="credit:lab:chips:2", amount=32_000),
        Loan(borrower="lab", lender="chips", loan="credit:lab:chips:3", amount=64_000, due=REVIEW + YEAR + 1),
    )
    assert [amount for amount, _ in falling_due(life.world, "lab", REVIEW, REVIEW + YEAR)] == [1_000, 16_000]


def test_a_runway_of_twelve_months_is_a_year_of_365_days_and_a_quarter() -> None:
    """The lab holds 50 bn; what falls due on the last second of that year must be raised, later not yet."""
    year = 31_557_600  # 365.25 * 86,400 s
    for due_, needed in ((REVIEW + year, True), (REVIEW + year + 1, False)):
        life = companies(debt_share=0.0).told(DAY, order("lab", 60_000_000_000, due_))
        assert bool(acts(life, "lab")) is needed


def test_of_an_order_only_the_instalments_within_the_runway_count() -> None:
    life = companies(debt_share=0.0, supply_instalments=4.0, supply_review=30.0)
    life.told(DAY, order("lab", 1_000, REVIEW))

    def owing(until: int) -> list[int]:
        return [amount for amount, _ in falling_due(life.world, "lab", 2 * DAY, until)]

    assert owing(REVIEW - 1) == []
    assert owing(REVIEW) == [250]
    assert owing(REVIEW + 30 * DAY) == [500]
    assert owing(REVIEW + YEAR) == [1_000]


def test_a_loan_counts_with_the_interest_to_its_horizon() -> None:
    loan = Loan(
        borrower="lab",
        lender="chips",
        loan="credit:lab:chips:1",
        amount=1_000_000,
        rate=365,
        accrued=DAY,
        due=11 * DAY,
    )
    life = companies().told(DAY, loan)
    assert [amount for amount, _ in falling_due(life.world, "lab", 2 * DAY, 11 * DAY)] == [1_001_000]


def test_a_delay_puts_the_need_off() -> None:
    life = companies().told(DAY, order("lab", 60_000_000_000))
    assert acts(life, "lab") != []
    life.told(2 * DAY, Delay(subject="chips", order=f"order:lab:chips:{DAY}", until=900 * DAY))
    assert acts(life, "lab") == []


def test_an_order_the_record_tells_counts_too() -> None:
    fact = Order(
        buyer="lab", seller="chips", order="big", amount=60_000_000_000, due=200 * DAY, told=told("big")
    )
    life = companies(entries=(entry("big", DAY, fact),)).lived(2 * DAY)
    assert [amount for amount, _ in falling_due(life.world, "lab", 2 * DAY, 200 * DAY)] == [60_000_000_000]


def test_a_told_order_without_a_date_falls_due_when_it_ships_by_the_storys_assumption() -> None:
    fact = Order(buyer="lab", seller="chips", order="big", amount=60_000_000_000, told=told("big"))
    entries = (entry("big", DAY, fact),)
    assumed = companies(entries=entries, told_lead=90.0).lived(2 * DAY).world
    assert falling_due(assumed, "lab", 2 * DAY, 91 * DAY - 1) == []
    assert [amount for amount, _ in falling_due(assumed, "lab", 2 * DAY, 91 * DAY)] == [60_000_000_000]
    unsaid = companies(entries=entries).lived(2 * DAY).world
    assert falling_due(unsaid, "lab", 2 * DAY, 900 * DAY) == []


# --- bonds --------------------------------------------------------------------------------------


def test_a_company_borrows_what_is_short_up_to_a_share_of_its_value() -> None:
    life = companies(lending_rate=225.0).told(1, PolicyRate(bank="fed", rate=400, surprise=0))
    life.told(DAY, order("cloud", 130_000_000_000))
    assert acts(life, "cloud") == [
        [
            Loan(
                borrower="cloud",
                lender="outside",
                loan=f"bond:cloud:outside:{REVIEW}",
                amount=30_000_000_000,
                rate=625,
                due=REVIEW + 720 * DAY,
                accrued=REVIEW,
            )
        ]
    ]
    ((draft,),) = decide(life.world, played(life.world, "funding", "cloud"), REVIEW)
    assert [life.events()[place - 1].kind for place in draft.causes] == ["Order"]


def test_it_borrows_from_who_lends_to_it() -> None:
    life = companies((relation("lends", "bank", "cloud"),)).told(DAY, order("cloud", 130_000_000_000))
    ((bond,),) = acts(life, "cloud")
    assert (bond.lender, bond.loan) == ("bank", f"bond:cloud:bank:{REVIEW}")


def test_new_shares_are_sold_for_what_lenders_will_not_give() -> None:
    life = companies(debt_share=0.002).told(DAY, order("cloud", 160_000_000_000))
    (bond,), (round_, shares) = acts(life, "cloud")
    assert bond.amount == 20_000_000_000  # 0.2 percent of 10,000 billion
    assert round_ == Funding(company="cloud", investor="outside", amount=40_000_000_000)
    assert shares == Issue(issuer="cloud", holder="outside", shares=4_000_000)  # at 10,000


def test_debt_above_what_lenders_give_is_not_raised_again() -> None:
    owing = Loan(borrower="cloud", lender="outside", loan="l", amount=90_000_000_000)
    life = companies(debt_share=0.002).told(DAY, owing, order("cloud", 220_000_000_000))
    ((round_, _),) = acts(life, "cloud")
    assert round_.amount == 30_000_000_000  # 220 less the 190 in the purse, and no bond


def test_a_listed_company_sells_no_more_than_its_share_at_once() -> None:
    life = companies(debt_share=0.0, fund_round=0.001).told(DAY, order("cloud", 160_000_000_000))
    ((round_, shares),) = acts(life, "cloud")
    assert (round_.amount, shares.shares) == (10_000_000_000, 1_000_000)


def test_new_shares_bring_money_and_leave_the_price_alone() -> None:
    life = companies(debt_share=0.0).told(DAY, order("cloud", 160_000_000_000)).lived(REVIEW)
    assert life.world.fold.sum("cash", "cloud") == 160_000_000_000
    assert life.world.readings.value("cloud", REVIEW) == 10_060_000_000_000
    assert life.world.readings.price("cloud", REVIEW) == pytest.approx(10_000, rel=1e-12)


# --- rounds -------------------------------------------------------------------------------------


def short_of_cash(belief: int = 0, **parameters: float) -> Life:
    life = companies(debt_share=0.0, **parameters)
    return life.told(DAY, order("lab", 500_000_000_000), Repricing(asset="lab", lasting=belief))


def test_a_private_company_sells_a_share_of_its_post_money() -> None:
    assert acts(short_of_cash(), "lab") == [
        [
            Funding(
                company="lab",
                investor="outside",
                amount=250_000_000_000,  # a fifth of 1,250 billion
                post_money=1_250_000_000_000,
            ),
            Issue(issuer="lab", holder="outside", shares=25_000_000),  # a fifth of 125 million
            Repricing(asset="lab", log_mark=0, value=1_250_000_000_000),
        ]
    ]


def test_a_round_raises_no_more_than_is_short() -> None:
    life = companies(debt_share=0.0).told(DAY, order("lab", 60_000_000_000))
    ((round_, shares, _),) = acts(life, "lab")
    assert (round_.amount, round_.post_money) == (
        10_000_000_000,
        1_010_000_000_000,
    )  # 60 less 50 in the purse
    assert shares.shares == 1_000_000  # a hundredth of 100 million


@pytest.mark.parametrize(("premium", "carried"), [(0.0, 0.0), (0.5, 0.2), (1.0, 0.4)])
def test_a_rounds_price_follows_belief_by_the_premium(premium: float, carried: float) -> None:
    ((round_, shares, mark),) = acts(short_of_cash(400_000_000, fund_premium=premium), "lab")
    assert round_.post_money == pytest.approx(1_250_000_000_000 * exp(carried), rel=1e-9)
    assert shares.shares == 25_000_000  # always a fifth
    assert mark.log_mark == 400_000_000


def test_flat_rounds_stay_at_the_last_price_even_when_belief_has_gone() -> None:
    ((round_, _, _),) = acts(short_of_cash(-400_000_000, fund_premium=0.0), "lab")
    assert round_.post_money == 1_250_000_000_000


def test_after_a_round_the_company_is_worth_its_post_money() -> None:
    life = short_of_cash(400_000_000).lived(REVIEW)
    (round_,) = life.facts("Funding")
    assert life.world.readings.value("lab", REVIEW) == round_.post_money
    assert life.world.readings.price("lab", REVIEW) == pytest.approx(10_000 * exp(0.4), rel=1e-6)
    assert life.world.fold.sum("stake", "outside/lab") == 125_000_000


# --- who raises nothing -------------------------------------------------------------------------


def test_nobody_raises_whose_purse_nobody_knows() -> None:
    plain = credit((COMPANIES,))
    bare = tuple(
        evolve(actor, opening=tuple(b for b in actor.opening if b.account != "cash"))
        for actor in plain.actors
    )
    life = Life(evolve(plain, actors=bare)).told(DAY, order("lab", 60_000_000_000))
    assert acts(life, "lab") == []


def test_nobody_raises_in_default_or_by_selling_nothing_or_all() -> None:
    life = companies().told(DAY, order("lab", 60_000_000_000), Default(debtor="lab", moment=DAY))
    assert acts(life, "lab") == []
    for part in (0.0, 1.0):
        assert acts(short_of_cash(fund_round=part), "lab") == []


def test_unknown_debt_is_no_room_to_borrow() -> None:
    life = companies().told(DAY, order("chips", 1_100_000_000_000))  # its debt is not on file
    ((round_, _),) = acts(life, "chips")
    assert round_.amount == 100_000_000_000


# --- when ---------------------------------------------------------------------------------------


def test_a_company_looks_at_its_reviews() -> None:
    life = companies()
    part = played(life.world, "funding", "lab")
    assert due(life.world, part, 0) == CLOSE
    assert due(life.world, part, CLOSE) == REVIEW


def test_a_world_is_read_and_not_changed() -> None:
    life = short_of_cash(100_000_000)
    part, before = played(life.world, "funding", "lab"), life.world.dump()
    for now in (REVIEW, 2 * REVIEW):
        assert decide(life.world, part, now) == decide(life.world, part, now)
        assert due(life.world, part, now) > now
    assert life.world.dump() == before
    assert set(funding.ACCOUNTS) == {"timeline"}


# --- where money is scarce ------------------------------------------------------------------------

AGE = 30 * DAY + CLOSE - 1  # of the story one second before its review


def took(a_year: int) -> Sale:
    """A sale just before the review, which at the rate of the story so far is so much a year: what a steady
    flow leaves of itself after a time t is 1 - exp(-t) of a year's worth, t in years.
    """
    return Sale(seller="lab", amount=round(a_year * (1 - exp(-AGE / (365.25 * DAY)))))


@pytest.mark.parametrize(("counted", "short"), [(0.0, 16.0), (0.5, 9.25), (1.0, 5.5)])
def test_a_company_counts_on_what_it_is_left_with_and_pays_its_running_costs(
    counted: float, short: int
) -> None:
    """Of 24 billion a year its costs take a quarter and 18 are left; running costs are 6 and orders 60. It
    holds 50, and the sale. It counts on nothing of the 18: after a year it is 60 + 6 - 50 short. On half: in
    the sixth month, in which the orders fall due, 60 + 3 - 50 less five months of 9 a year; on all, of 18.
    """
    life = companies(
        debt_share=0.0, cost_share=0.25, running_costs=60_000_000.0, fund_income=counted
    )  # 60 million dollars are 6 billion units
    life.told(DAY, order("lab", 60_000_000_000)).told(REVIEW - 1, sale := took(24_000_000_000))
    raised = sum(act[0].amount for act in acts(life, "lab"))
    assert raised == pytest.approx(short * BN - sale.amount, abs=20_000_000)  # months are rounded


def asked(belief: int = 0, *facts: object, **more: float) -> list[list[object]]:
    life = short_of_cash(belief, **(BUYERS | more))
    return acts(life.told(REVIEW - 1, *facts) if facts else life, "lab")


def test_buyers_pay_no_more_than_sales_are_worth_to_them_and_a_round_may_be_down() -> None:
    """Sales of 100 that do not grow, sixteen times over in two years, at 25 percent: 100 * 16 / 1.5625 is
    1,024 billion; with ten times, 640, less than the last post-money of 1,000.
    """
    flat = took(100_000_000_000)
    ((round_, _, mark),) = asked(0, flat, exit_sales=10.0)
    assert round_.post_money == pytest.approx(800_000_000_000, rel=1e-6)  # 640 and a fifth of 800
    assert mark.value == round_.post_money
    ((round_, _, _),) = asked(0, flat)
    assert round_.post_money == pytest.approx(1_250_000_000_000, rel=1e-6)  # flat though 1,024 could be had
    ((round_, _, _),) = asked(0, flat, fund_upwards=1.0)
    assert round_.post_money == pytest.approx(1_280_000_000_000, rel=1e-6)  # all the way to 1,024


def test_growth_is_paid_for_as_far_as_it_is_believed() -> None:
    """Sales of 100 after 80 grow by a quarter, which is what buyers ask: sixteen times 100 is 1,600. After
    10 they grow ninefold, of which once is believed: 100 * (2 / 1.25)**2 * 16 is 4,096.
    """
    for before, worth in ((80, 1_600), (10, 4_096)):
        ((round_, _, _),) = asked(0, took(before * 10**9), fund_upwards=1.0)
        assert round_.post_money - round_.amount == pytest.approx(worth * 1e9, rel=1e-6)


def test_nobody_pays_for_growth_past_what_customers_would_ever_pay() -> None:
    """Sales of 100 would be 400 in two years; where 250 are the most, 250 * 16 / 1.25**2 is 2,560."""
    most = {"demand_limit": 2_500_000_000.0}  # dollars: 250 billion units
    ((round_, _, _),) = asked(0, took(10 * BN), fund_upwards=1.0, **most)
    assert round_.post_money - round_.amount == pytest.approx(2_560 * BN, rel=1e-6)


def test_nobody_buys_without_sales_or_too_far_below_the_mark() -> None:
    assert asked(demand=0.0) == []
    flat = took(100_000_000_000)
    assert asked(0, flat, exit_sales=10.0, fund_least=0.65) == []  # 640 of 1,000
    assert asked(0, flat, exit_sales=10.0, fund_least=0.63) != []


def test_a_listed_company_is_not_asked_what_its_sales_are_worth() -> None:
    life = companies(debt_share=0.0, **(BUYERS | {"demand": 0.0})).told(DAY, order("cloud", 160_000_000_000))
    assert [fact.amount for fact in acts(life, "cloud")[0][:1]] == [60_000_000_000]


def test_whoever_is_outside_gives_no_more_than_its_budget_in_a_year() -> None:
    """A budget of 100 billion, of which 70 went out just now and 20 came back: 50 are left, for bonds
    first. All that review at one moment share them.
    """
    lent = Loan(borrower="chips", lender="outside", loan="l", amount=70_000_000_000)
    back = Repayment(borrower="chips", lender="outside", loan="l", amount=20_000_000_000)
    life = companies(outside_budget=1_000_000_000.0, debt_share=0.004)
    life.told(DAY, order("cloud", 400_000_000_000)).told(REVIEW - 1, lent, back)
    ((bond,),) = acts(life, "cloud")  # lab and chips sit at that moment too, so a third of the 50
    assert bond.amount == pytest.approx(50_000_000_000 / 3, abs=10_000)
    life = companies(outside_budget=1_500_000_000.0, debt_share=0.004).told(
        DAY, order("cloud", 400_000_000_000)
    )
    bond, round_ = (act[0].amount for act in acts(life, "cloud"))
    assert (bond, round_) == (40_000_000_000, 10_000_000_000)  # a third of 150


def test_money_in_markets_widens_the_budget() -> None:
    life = companies(outside_budget=1_000_000_000.0, outside_liquidity=0.5)
    assert budget(life.world, CLOSE) == 100_000_000_000
    life.told(CLOSE, Liquidity(bank="fed", impulse=round(1e9)))
    assert budget(life.world, CLOSE) == pytest.approx(100_000_000_000 * exp(0.5), rel=1e-9)


def test_lenders_count_less_of_a_value_that_swung_up_or_down() -> None:
    """Of 10,000 billion three tenths could be owed; a swing of 0.2 at twice its size leaves six tenths."""
    for swing, left in ((0, 1.0), (-200_000_000, 0.6 * exp(-0.2)), (200_000_000, 0.6 * exp(0.2))):
        life = companies(swing_haircut=2.0).told(
            CLOSE, Repricing(asset="cloud", fast=swing, attributed=swing)
        )
        assert borrowable(life.world, "cloud", CLOSE) == pytest.approx(3e12 * left, rel=1e-9)


def test_what_falls_due_is_borrowed_anew() -> None:
    """Lenders give 20 billion in all, which is owed and due within the year: it is borrowed a second time."""
    old = Loan(borrower="cloud", lender="outside", loan="bond:cloud:outside:1", amount=20 * BN, due=100 * DAY)
    life = companies(debt_share=0.002).told(DAY, old)
    assert borrowable(life.world, "cloud", CLOSE) == 0
    assert borrowable(life.world, "cloud", CLOSE, 100 * DAY) == pytest.approx(20 * BN)


def test_debt_is_carried_by_income() -> None:
    """A core income of 10 billion a year at 500 basis points, twice over, carries 100 billion of debt, of
    which 30 is owed.
    """
    life = companies(lending_rate=500.0, interest_coverage=2.0, core_income__cloud=100_000_000.0)
    life.told(DAY, Loan(borrower="cloud", lender="outside", loan="l", amount=30_000_000_000))
    assert borrowable(life.world, "cloud", CLOSE) == 70_000_000_000
    none = companies(lending_rate=500.0, interest_coverage=2.0)
    assert borrowable(none.world, "cloud", CLOSE) == 0


def test_interest_on_what_is_not_due_yet_is_needed_too() -> None:
    loan = Loan(
        borrower="lab", lender="chips", loan="credit:lab:chips:1", amount=1_000_000, rate=365, accrued=DAY
    )
    life = companies().told(DAY, loan)
    assert [amount for amount, _ in falling_due(life.world, "lab", 2 * DAY, 11 * DAY)] == [1_000]


# --- orders that nobody can pay -------------------------------------------------------------------


def in_want(*orders: Order, **more: float) -> Life:
    """A lab that holds 50 billion and may sell shares for 30 more, its debt being no room to borrow."""
    round_ = 30 / 1_030  # of a post-money of 1,030: 30 for who comes in
    return companies(debt_share=0.0, fund_round=round_, order_cut=1.0, **more).told(DAY, *orders)


def given_up(life: Life, now: int = REVIEW) -> list[tuple[str, int, int | None]]:
    found = [fact for act in acts(life, "lab", now) for fact in act if isinstance(fact, Cancellation)]
    return [(fact.order.rpartition(":")[2], fact.amount, fact.ordered) for fact in found]


def test_who_needs_fifty_and_has_room_for_thirty_gives_up_twenty_of_what_is_due_last() -> None:
    early, late = order("lab", 90 * BN, 100 * DAY, at=1), order("lab", 10 * BN, 200 * DAY, at=2)
    life = in_want(early, late)  # 100 ordered, 50 held
    (round_, *_), (want,), *cancelled = acts(life, "lab")
    assert round_.amount == 30 * BN
    assert want == Shortfall(actor="lab", needed=50 * BN, room=30 * BN)
    assert given_up(life) == [
        ("2", 10 * BN, None),
        ("1", 10 * BN, 80 * BN),
    ]  # whole; then a ninth of the rest
    assert sum(amount for _, amount, _ in given_up(life)) == 20 * BN
    life.told(REVIEW, *[fact for act in cancelled for fact in act])
    assert sum(amount for amount, _ in falling_due(life.world, "lab", REVIEW, REVIEW + YEAR)) == 80 * BN


def test_of_an_order_that_goes_on_every_instalment_is_smaller() -> None:
    """Two hundred in ten instalments from day 60 on, one each 60 days: six are due within the year, 120.
    Fifty are held and thirty can be had, so forty of the 120 go, and with them a third of all that is left.
    """
    life = in_want(order("lab", 200 * BN, 60 * DAY, at=1), supply_instalments=10.0, supply_review=60.0)
    due_ = sum(amount for amount, _ in falling_due(life.world, "lab", REVIEW, REVIEW + YEAR))
    assert due_ == 120 * BN
    ((_, amount, left),) = given_up(life)
    assert amount == pytest.approx(200 * BN / 3, abs=2)
    assert left == pytest.approx(400 * BN / 3, abs=2)
    ((_,), (cancelled,)) = acts(life, "lab")[1:]
    life.told(REVIEW, cancelled)
    due_ = sum(amount for amount, _ in falling_due(life.world, "lab", REVIEW, REVIEW + YEAR))
    assert due_ == pytest.approx(80 * BN, abs=10)


def test_what_is_not_due_until_then_is_left_alone_and_so_is_who_can_pay() -> None:
    life = in_want(order("lab", 90 * BN, 100 * DAY, at=1), order("lab", 500 * BN, REVIEW + YEAR + 1, at=2))
    assert given_up(life) == [("1", 10 * BN, 80 * BN)]
    assert given_up(in_want(order("lab", 80 * BN))) == []


def test_half_the_gap_may_be_cut_and_nothing_where_the_story_does_not_say() -> None:
    life = companies(debt_share=0.0, fund_round=30 / 1_030, order_cut=0.5).told(DAY, order("lab", 100 * BN))
    assert [amount for _, amount, _ in given_up(life)] == [10 * BN]
    life = companies(debt_share=0.0, fund_round=30 / 1_030).told(DAY, order("lab", 100 * BN))
    assert next(type(fact).__name__ for act in acts(life, "lab") for fact in act) == "Funding"
    assert not [fact for act in acts(life, "lab") for fact in act if isinstance(fact, Shortfall)]


def test_a_listed_company_counts_on_selling_at_each_review_until_then() -> None:
    """Due in the sixth month: six reviews, each a thousandth of 10,000 billion, beyond the 100 held."""
    for wanted, short in ((159, False), (161, True)):
        life = companies(debt_share=0.0, fund_round=0.001, order_cut=1.0)
        life.told(DAY, order("cloud", wanted * BN))
        assert any(isinstance(fact, Shortfall) for act in acts(life, "cloud") for fact in act) is short
