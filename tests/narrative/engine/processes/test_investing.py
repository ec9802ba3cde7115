"""Suppliers that put money back into customers; every figure worked out by hand."""

import pytest
from attrs import evolve
from support.credit import CLOSE, LINKS, Life, credit
from support.tiny import DAY, entry, told
from support.worlds import facts_of, played, relation

from events.facts import Investment, Issue, Order, Payment, Trade, Writedown
from events.funding_facts import Default, Funding, Guarantee, Loan
from events.market_facts import Repricing
from narrative.engine.processes import investing
from narrative.engine.processes.investing import decide, due
from narrative.story.model import Role

HEARS = 3 * DAY
READS = {"Payment": ("payee",), "Order": ("seller",), "Loan": ("borrower",)}
SUPPLIER = Role(process="investing", latency=HEARS, reads=READS, of=("chips",))


def supplier(links=LINKS, **parameters: float) -> Life:
    return Life(credit((SUPPLIER,), links, **parameters))


def paid(amount: int, payer: str = "cloud", payee: str = "chips") -> Payment:
    return Payment(payer=payer, payee=payee, amount=amount)


def acts(life: Life, now: int) -> list[list[object]]:
    return facts_of(decide(life.world, played(life.world, "investing", "chips"), now))


def heard(life: Life, *facts: object) -> list[list[object]]:
    """What the supplier does about facts of the first day when it reads them."""
    return acts(life.told(DAY, *facts), DAY + HEARS)


# --- money back into customers ------------------------------------------------------------------


def test_a_share_of_what_was_received_goes_into_a_customer() -> None:
    life = supplier()
    # four tenths, and a fiftieth of a lab worth 1,000 billion
    stake = Investment(investor="chips", company="lab", amount=20_000_000_000, part=20_000_000)
    assert heard(life, paid(50_000_000_000)) == [[stake]]
    (payment,) = life.events("Payment")
    ((draft,),) = decide(life.world, played(life.world, "investing", "chips"), DAY + HEARS)
    assert draft.causes == (payment.position,)


def test_money_into_a_private_company_leaves_its_register_alone() -> None:
    life = supplier().told(DAY, paid(50_000_000_000)).lived(DAY + HEARS)
    assert life.world.readings.value("lab", DAY + HEARS) == 1_000_000_000_000
    assert life.world.fold.sum("cash", "lab") == 70_000_000_000


def test_new_shares_of_a_listed_company_leave_its_price_alone() -> None:
    life = supplier((relation("invests", "chips", "cloud"),)).told(DAY, paid(50_000_000_000))
    life.lived(DAY + HEARS)
    (stake,) = life.facts("Investment")
    assert (stake.company, stake.shares, stake.post_money) == ("cloud", 2_000_000, None)
    assert life.world.readings.price("cloud", DAY + HEARS) == pytest.approx(10_000, rel=1e-12)
    assert life.world.readings.value("cloud", DAY + HEARS) == 10_020_000_000_000


def test_a_part_is_vendor_credit() -> None:
    life = supplier(invest_vendor_share=0.25, lending_rate=450.0)
    ((credit_, stake),) = heard(life, paid(50_000_000_000))
    assert credit_ == Loan(
        borrower="lab",
        lender="chips",
        loan=f"credit:lab:chips:{DAY + HEARS}",
        amount=5_000_000_000,
        rate=450,
        due=DAY + HEARS + 360 * DAY,
        accrued=DAY + HEARS,
    )
    assert stake.amount == 15_000_000_000


def test_all_of_it_may_be_vendor_credit() -> None:
    ((only,),) = heard(supplier(invest_vendor_share=1.0), paid(50_000_000_000))
    assert (type(only), only.amount) == (Loan, 20_000_000_000)


def test_the_payer_gets_it_back_if_the_supplier_invests_in_it() -> None:
    links = (relation("invests", "chips", "lab"), relation("invests", "chips", "cloud"))
    found = heard(supplier(links), paid(50_000_000_000, "lab"))
    assert [(act[0].company, act[0].amount) for act in found] == [("lab", 20_000_000_000)]


def test_other_customers_share_what_a_stranger_paid() -> None:
    links = (relation("invests", "chips", "lab"), relation("invests", "chips", "cloud"))
    found = heard(supplier(links), paid(50_000_000_000, "outside"))
    amounts = {act[0].company: act[0].amount for act in found}
    assert amounts == {"cloud": 10_000_000_000, "lab": 10_000_000_000}


def test_a_supplier_puts_less_into_a_company_whose_last_round_was_dear() -> None:
    """Sales of 100 billion a year that do not grow are worth 100 * 7.8125 / 1.25**2, 500 billion, to buyers
    who ask a quarter a year: half of the last post-money, so half of the 20 that would go back.
    """
    buyers = {"required_return": 0.25, "exit_years": 2.0, "exit_sales": 7.8125, "demand": 1.0}
    life = supplier(**buyers, base_capacity__lab=1_000_000_000.0)  # dollars: 100 billion units
    ((stake,),) = heard(life, paid(50_000_000_000))
    assert stake.amount == 10_000_000_000
    ((stake,),) = heard(supplier(base_capacity__lab=1_000_000_000.0), paid(50_000_000_000))
    assert stake.amount == 20_000_000_000


def test_payments_read_together_go_back_together() -> None:
    life = supplier()
    (act,) = heard(life, paid(50_000_000_000), paid(25_000_000_000))
    assert act[0].amount == 30_000_000_000
    drafts = decide(life.world, played(life.world, "investing", "chips"), DAY + HEARS)[0]
    assert drafts[0].causes == tuple(event.position for event in life.events("Payment"))


def test_nothing_goes_into_who_has_defaulted_nor_back_from_what_others_received() -> None:
    assert heard(supplier(), Default(debtor="lab", moment=DAY), paid(50_000_000_000)) == []
    assert heard(supplier(), paid(50_000_000_000, "lab", "cloud")) == []


def test_without_reinvestment_nothing_goes_back() -> None:
    life = supplier(invest_share=0.0).told(DAY, paid(50_000_000_000)).lived(100 * DAY)
    assert life.events("Investment", "Loan") == []


def test_a_supplier_without_the_cash_is_refused() -> None:
    emptied = Trade(seller="outside", buyer="chips", asset="cloud", amount=1_049_000_000_000)
    life = supplier().told(DAY, paid(50_000_000_000), emptied).lived(DAY + HEARS)
    (refusal,) = life.facts("Refusal")
    assert (refusal.kind, refusal.needed, refusal.held) == ("Investment", 20_000_000_000, 1_000_000_000)
    assert life.events("Investment") == []


# --- warrants and guarantees --------------------------------------------------------------------


def test_an_order_brings_the_buyer_warrants_on_the_seller() -> None:
    order = Order(buyer="cloud", seller="chips", order="o", amount=80_000_000_000)
    life = supplier(invest_warrants=0.1)
    # a tenth of it, at 50,000 a share
    assert heard(life, order) == [[Issue(issuer="chips", holder="cloud", warrants=160_000)]]
    assert heard(supplier(), order) == []
    elsewhere = Order(buyer="lab", seller="cloud", order="p", amount=80_000_000_000)
    assert heard(supplier(invest_warrants=0.1), elsewhere) == []


def test_a_loan_of_a_company_that_is_backed_is_guaranteed_in_part() -> None:
    links = (relation("guarantees", "chips", "lab"),)
    loan = Loan(borrower="lab", lender="bank", loan="l", amount=40_000_000_000)
    other = Loan(borrower="cloud", lender="bank", loan="m", amount=40_000_000_000)
    own = Loan(borrower="lab", lender="chips", loan="n", amount=40_000_000_000)
    life = supplier(links, invest_guarantee=0.5)
    assert heard(life, loan, other, own) == [
        [Guarantee(guarantor="chips", beneficiary="lab", ceiling=20_000_000_000)]
    ]


# --- writing down -------------------------------------------------------------------------------

REVIEW = 30 * DAY + CLOSE


def stake(shares: int | None = 2_000_000, company: str = "lab") -> Investment:
    return Investment(investor="chips", company=company, amount=20_000_000_000, shares=shares)


def test_a_stake_that_lost_more_than_the_threshold_is_written_down_to_its_worth() -> None:
    life = supplier(()).told(DAY, stake()).told(2 * DAY, round_at(500_000_000_000))
    ((loss,),) = acts(life, REVIEW)
    # 2 of 102 million shares of a company worth half of 1,000 billion
    assert (loss.holder, loss.asset) == ("chips", "lab")
    assert loss.amount == pytest.approx(20_000_000_000 - 500_000_000_000 * 2 / 102, abs=100)
    life.lived(200 * DAY)
    assert len(life.events("Writedown")) == 1
    assert life.world.fold.sum("written_down", "chips/lab") == loss.amount


def test_a_smaller_loss_is_carried() -> None:
    assert acts(supplier(()).told(DAY, stake(), round_at(900_000_000_000)), REVIEW) == []


def test_news_of_a_private_company_writes_nothing_down() -> None:
    """Its value is its last post-money, whatever is read of it."""
    assert acts(supplier(()).told(DAY, stake(), Repricing(asset="lab", lasting=-693_147_181)), REVIEW) == []


def test_without_shares_on_file_the_cost_moves_with_the_companys_value() -> None:
    of_all = evolve(stake(shares=None), part=20_000_000)  # 2 % of 1,000 billion
    life = supplier(()).told(DAY, of_all).told(2 * DAY, round_at(500_000_000_000))
    ((loss,),) = acts(life, REVIEW)
    assert loss.amount == pytest.approx(10_000_000_000, abs=100)
    assert len(life.lived(200 * DAY).events("Writedown")) == 1  # once for one loss


def round_at(post_money: int) -> Funding:
    """A lab of 1,000 billion raises one at another price."""
    return Funding(company="lab", investor="outside", amount=1_000_000_000, post_money=post_money)


def test_a_down_round_is_a_loss_on_what_a_process_put_in_before() -> None:
    life = supplier().told(DAY, paid(50_000_000_000)).lived(DAY + HEARS)
    life.told(5 * DAY, round_at(400_000_000_000))
    assert acts(life, REVIEW) == [[Writedown(holder="chips", asset="lab", amount=12_000_000_000)]]  # of 20
    life.lived(200 * DAY)
    assert len(life.events("Writedown")) == 1


def test_what_went_in_after_a_down_round_is_worth_what_it_cost() -> None:
    life = supplier().told(DAY, round_at(400_000_000_000), paid(50_000_000_000)).lived(DAY + HEARS)
    assert acts(life, REVIEW) == []
    up_and_down = life.told(5 * DAY, round_at(2_000_000_000_000)).told(6 * DAY, round_at(390_000_000_000))
    assert acts(up_and_down, REVIEW) == []  # what was never written up is not written down


def test_a_down_round_is_a_loss_on_what_the_record_put_in_before() -> None:
    """20 billion at 1,000, 40 at 2,000; worth 4 percent of 500 together, 20 billion."""
    first = entry("first", DAY, evolve(stake(shares=None), told=told("first")))
    raised = entry("up", 2 * DAY, evolve(round_at(2_000_000_000_000), told=told("up")))
    then = evolve(stake(shares=None), amount=40_000_000_000, told=told("then"))
    down = entry("down", 4 * DAY, evolve(round_at(500_000_000_000), told=told("down")))
    entries = (first, raised, entry("then", 3 * DAY, then), down)
    life = Life(credit((SUPPLIER,), (), entries)).lived(REVIEW - 1)
    assert acts(life, REVIEW) == [[Writedown(holder="chips", asset="lab", amount=40_000_000_000)]]


def test_what_was_put_into_a_company_in_default_is_gone() -> None:
    life = supplier(()).told(DAY, stake(), Default(debtor="lab", moment=DAY))
    assert acts(life, REVIEW) == [[Writedown(holder="chips", asset="lab", amount=20_000_000_000)]]


def test_vendor_credit_to_a_customer_in_default_is_written_down_once() -> None:
    life = supplier(invest_vendor_share=1.0).told(DAY, paid(50_000_000_000)).lived(DAY + HEARS)
    (loan,) = life.facts("Loan")
    assert due(life.world, played(life.world, "investing", "chips"), 8 * DAY) is None  # it has read of it
    life.told(8 * DAY, Default(debtor="lab", moment=8 * DAY)).lived(300 * DAY)
    (loss,) = life.events("Writedown")
    assert loss.moment == REVIEW
    assert loss.fact == Writedown(holder="chips", asset="lab", loan=loan.loan, credit=20_000_000_000)
    assert [life.events()[place - 1].kind for place in loss.causes] == ["Loan"]
    assert life.world.fold.sum("written_down", "chips/lab") == 20_000_000_000
    assert life.world.fold.sum("invested", "chips/lab") == 0


def test_credit_to_who_can_still_pay_is_carried() -> None:
    life = supplier(invest_vendor_share=1.0).told(DAY, paid(50_000_000_000)).lived(300 * DAY)
    assert life.events("Writedown") == []


def test_between_reviews_nothing_is_written_down() -> None:
    life = supplier(()).told(DAY, stake(), Default(debtor="lab", moment=DAY))
    assert acts(life, 29 * DAY + CLOSE) == []


# --- when ---------------------------------------------------------------------------------------


def test_it_acts_when_it_reads_and_at_reviews_of_what_it_put_in() -> None:
    life = supplier()
    part = played(life.world, "investing", "chips")
    assert due(life.world, part, 0) is None
    life.told(DAY, paid(100))
    assert due(life.world, part, DAY) == DAY + HEARS
    assert due(life.world, part, DAY + HEARS) is None
    life.told(DAY + 1, stake())
    assert due(life.world, part, DAY + HEARS) == REVIEW


def test_a_world_is_read_and_not_changed() -> None:
    life = supplier(invest_vendor_share=0.5).told(DAY, paid(1_000_000), stake())
    part, before = played(life.world, "investing", "chips"), life.world.dump()
    for now in (DAY + HEARS, REVIEW):
        assert decide(life.world, part, now) == decide(life.world, part, now)
        assert (due(life.world, part, now) or now + 1) > now
    assert life.world.dump() == before
    assert set(investing.ACCOUNTS) - {"timeline", "unread"} <= set(life.world.fold.state)
