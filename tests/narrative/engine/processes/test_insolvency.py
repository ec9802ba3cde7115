"""A settlement: sums worked out by hand from what is held, owed and pledged."""

from math import log

import pytest
from attrs import evolve
from support.credit import CLOSE, COURT, PRICE, SETTLED, STAKE, Life, broken, credit, drawn, lost
from support.tiny import DAY, balance

from events.facts import Order, Payment, Writedown
from events.fields import Fact
from events.funding_facts import Clearing, Default, Emergence, Filing, Guarantee, Loan
from events.market_facts import Repricing
from narrative.engine.ids import named
from narrative.story.model import Role

LAST = 2 * DAY  # the day of the default; it is settled at its close


def world(*facts: Fact, roles: tuple[Role, ...] = (COURT,), **terms: float) -> Life:
    """Facts of the first day, before which the lab has become worth next to nothing."""
    poor = Repricing(asset="lab", post_money=1, log_mark=0)
    return Life(credit(roles, **(SETTLED | terms))).told(DAY, poor, *facts)


def lent(borrower: str, lender: str, amount: int, name: str = "") -> Loan:
    return Loan(borrower=borrower, lender=lender, loan=name or f"bond:{borrower}:{lender}:0", amount=amount)


def spent(payer: str, amount: int) -> Payment:
    return Payment(payer=payer, payee="outside", amount=amount)


def failed(life: Life, *debtors: str, until: int = 3 * DAY) -> Life:
    return life.told(LAST, *(Default(debtor=who, moment=LAST) for who in debtors)).lived(until)


# --- who gets what --------------------------------------------------------------------------------


def test_a_debtor_pays_alpha_of_its_cash_others_a_part_of_the_rest_and_the_rest_is_lost() -> None:
    """The lab holds 50 and 300 lent, spends 330, so holds 20 and owes 300 (200 : 100). Half of 20 is paid,
    2 : 1; of the 290 left others give 40 percent, 116, of which the larger remainder is the maker's.
    """
    unit = 1_000_000_000
    life = world(
        lent("lab", "bank", 200 * unit),
        lent("lab", "chips", 100 * unit),
        spent("lab", 330 * unit),
    )
    failed(life, "lab")
    bank, chips = 6_666_666_667, 3_333_333_333  # of 10 bn; the larger remainder is the bank's
    got = [(f.payer, f.payee, f.amount) for f in life.facts("Clearing")]
    more_bank, more_chips = 77_333_333_333, 38_666_666_667
    assert got == [
        ("lab", "bank", bank),
        ("lab", "chips", chips),
        ("outside", "bank", more_bank),
        ("outside", "chips", more_chips),
    ]
    assert [(f.holder, f.credit) for f in life.facts("Writedown")] == [
        ("bank", 200 * unit - bank - more_bank),
        ("chips", 100 * unit - chips - more_chips),
    ]
    assert life.facts("Payment")[1:] == [spent("lab", 10 * unit)]  # costs
    assert life.world.readings.cash("lab") == 0
    assert life.world.readings.debt("lab") == 0
    assert lost(life.world) == []


def test_two_who_owe_each_other_are_settled_at_once() -> None:
    """By hand, alpha = beta = 1: the lab holds 10 and owes the cloud 60 and the bank 60; the cloud holds 20
    and owes the lab 40 and the bank 80. Half of x goes to the cloud, a third of y to the lab: x = 10 + y/3, y
    = 20 + x/2, so x = 20, y = 30. Nobody gives anything for the lab; the cloud's business brings the 90 that
    are left of its debts. The lab is owed 30 of them and passes them on, 15 to the cloud and 15 to the bank,
    so that others give 75: 25 to the lab and 50 to the bank, beside 5 and 10 of what the lab passed on.
    """
    unit = 1_000_000_000
    life = world(
        lent("lab", "cloud", 60 * unit),
        lent("lab", "bank", 60 * unit),
        lent("cloud", "lab", 40 * unit),
        lent("cloud", "bank", 80 * unit),
        default_alpha=1.0,
        default_beta=1.0,
        default_recovery=0.0,
    )
    cash = life.world.readings.cash
    spend = {who: (cash(who) or 0) - held * unit for who, held in (("lab", 10), ("cloud", 20))}
    life.told(DAY + 1, *(spent(who, sum_) for who, sum_ in spend.items()))
    failed(life, "lab", "cloud")
    # the cent that the lab was left worth is given too
    sums = [(f.payer, f.payee, round(f.amount / unit)) for f in life.facts("Clearing")]
    paid = [one for one in sums if one[2]]
    assert sorted(paid[:4]) == [
        ("cloud", "bank", 20),
        ("cloud", "lab", 10),
        ("lab", "bank", 10),
        ("lab", "cloud", 10),
    ]
    assert sorted(paid[4:]) == [
        ("cloud", "bank", 10),
        ("cloud", "lab", 5),
        ("lab", "bank", 15),
        ("lab", "cloud", 15),
        ("outside", "bank", 50),
        ("outside", "lab", 25),
    ]
    losses = [(f.holder, round(f.credit / unit)) for f in life.facts("Writedown")]
    assert sorted(losses) == [("bank", 35), ("cloud", 35)]
    assert lost(life.world) == broken(life.world) == []


def test_who_is_settled_itself_passes_on_what_others_give_and_what_a_guarantor_pays() -> None:
    """The lab holds nothing, owes the cloud 100 and the bank 100, and the maker of chips guarantees 60 of it;
    the cloud holds nothing and owes the bank 80; neither business is worth anything, so others give 40
    percent: 80 for the lab, half to each, and 32 for the cloud, which passes its 40 on beside that and owes
    8. Of the 60 guaranteed each gets half: the cloud pays its 8 out of that, keeps 22 and is in default no
    longer.
    """
    life = world(
        lent("lab", "cloud", 100),
        lent("lab", "bank", 100),
        lent("cloud", "bank", 80),
        Guarantee(guarantor="chips", beneficiary="lab", ceiling=60),
        spent("lab", 50_000_000_200),
        spent("cloud", 99_999_999_980),
    ).priced(DAY + 1, 1e-12 * PRICE)
    failed(life, "lab", "cloud", until=LAST + CLOSE)
    assert [(f.debtor, f.payer, f.payee, f.amount) for f in life.facts("Clearing")] == [
        ("cloud", "outside", "bank", 32),
        ("cloud", "cloud", "bank", 40),
        ("lab", "outside", "cloud", 40),
        ("lab", "outside", "bank", 40),
        ("lab", "chips", "cloud", 30),
        ("lab", "chips", "bank", 30),
        ("cloud", "cloud", "bank", 8),
    ]
    assert [(f.holder, f.asset, f.credit) for f in life.facts("Writedown")] == [
        ("cloud", "lab", 30),
        ("bank", "lab", 30),
    ]
    assert life.world.readings.cash("cloud") == 22
    assert life.facts("Emergence") == [Emergence(debtor="cloud", moment=LAST + CLOSE)]
    assert lost(life.world) == broken(life.world) == []


def test_pledged_shares_are_seized_and_others_sold_and_who_then_paid_all_is_alive() -> None:
    """A founder owes 430 bn on 30,000,000 shares at 10,000 (300 bn): all are sold; the other 130 bn come of
    more of those it holds, 1e9 ln(1 - 0.013 exp(0.03)) as their price falls from where these left it.
    """
    life = world(*drawn(430_000_000_000, 30_000_000), lent("founder", "bank", 0)).told(
        DAY + 1, spent("founder", 430_000_000_000)
    )
    failed(life, "founder")
    assert [f.shares for f in life.facts("Trade")] == [30_000_000, 13_486_444]
    assert life.world.fold.sum("stake", "founder/cloud") == STAKE - 43_486_444
    assert [f.shares for f in life.facts("Liquidation")] == [30_000_000]
    assert life.facts("Writedown") == []
    assert life.facts("Emergence") == [Emergence(debtor="founder", moment=LAST + CLOSE)]
    assert broken(life.world) == []


@pytest.mark.parametrize(("sector", "parts"), [(0.0, False), (5.0, True)])
def test_what_is_sold_in_a_default_presses_the_sector_and_some_of_it_stays(
    sector: float, *, parts: bool
) -> None:
    """Of each step six tenths stay; other companies feel it where the story says so, and only there."""
    life = world(
        *drawn(430_000_000_000, 30_000_000),
        lent("founder", "bank", 0),
        impact=1.0,
        sector_impact=sector,
        impact_transient=0.4,
    ).told(DAY + 1, spent("founder", 430_000_000_000))
    sales = failed(life, "founder").facts("Trade")
    assert [(sale.lasting / 6, sale.spill is not None) for sale in sales] == [
        (pytest.approx(sale.impact / 4, abs=1), parts) for sale in sales
    ]
    assert (life.world.readings.log_price("chips", LAST + CLOSE) < 0) == parts


def test_debts_of_the_opening_are_owed_to_somebody_outside() -> None:
    """100 owed at the opening, 50 held: half of that is paid; nobody values the lab, so 75 are lost."""
    plain = credit((COURT,), **SETTLED)
    lab = evolve(plain.actors[4], opening=(balance("cash", 50), balance("debt", 100)))
    life = failed(Life(evolve(plain, actors=(*plain.actors[:4], lab))), "lab")
    assert life.facts("Clearing") == [
        Clearing(payer="lab", payee="outside", debtor="lab", amount=25, settles=25)
    ]
    (loss,) = life.facts("Writedown")
    assert (loss.holder, loss.loan, loss.credit, loss.forgiven) == ("outside", None, 75, 75)
    assert life.world.readings.debt("lab") == 0


def test_of_what_somebody_outside_is_owed_its_like_pays_a_part_and_nothing_moves() -> None:
    life = failed(world(lent("lab", "outside", 100), spent("lab", 50_000_000_100)), "lab")
    (loss,) = life.facts("Writedown")
    assert (loss.credit, loss.forgiven) == (60, 100)
    assert life.facts("Clearing") == []
    assert life.world.readings.debt("lab") == 0


def ordered(buyer: str, seller: str, amount: int) -> Order:
    name = named("order", buyer, seller, moment=DAY)
    return Order(buyer=buyer, seller=seller, order=name, amount=amount)


def test_sellers_claim_damages_for_what_it_had_still_to_take() -> None:
    """The lab holds 60, owes the bank 60 and has 400 on order, of which a tenth is 40. Half of 60 is paid, 12
    and 18; nobody gives anything for the rest. What the seller does not get was in no books of its own; what
    the lab itself was to deliver costs it nothing more.
    """
    life = world(
        lent("lab", "bank", 60),
        ordered("lab", "chips", 400),
        ordered("cloud", "lab", 900),
        spent("lab", 50_000_000_000),
        default_damages=0.1,
        default_recovery=0.0,
    )
    failed(life, "lab", until=LAST + CLOSE)
    paid = [(f.payee, f.loan, f.amount, f.settles) for f in life.facts("Clearing")]
    assert paid == [("chips", None, 12, None), ("bank", "bond:lab:bank:0", 18, 18)]
    assert [(f.holder, f.credit) for f in life.facts("Writedown")] == [("bank", 42)]
    assert life.facts("Emergence") == []
    assert lost(life.world) == []


def test_others_give_for_a_private_business_no_more_than_its_sales_are_worth_to_them() -> None:
    """Of a post-money of 1,000 the lab, which sells nothing, is worth nothing to who asks a return."""
    for asks, kept in ({}, 490), ({"required_return": 0.25, "exit_sales": 10.0, "exit_years": 3.0}, 50):
        life = world(lent("lab", "bank", 10), spent("lab", 50_000_000_010), **asks)
        life.told(DAY + 1, Repricing(asset="lab", post_money=1_000, log_mark=0))
        assert failed(life, "lab").world.fold.last("post_money", "lab") == kept


def test_orders_by_and_from_it_stop() -> None:
    parties = (("lab", "chips", 7), ("cloud", "lab", 9), ("cloud", "chips", 5))
    life = failed(world(*(ordered(*one) for one in parties)), "lab")
    assert [(f.order, f.amount) for f in life.facts("Cancellation")] == [
        ("order:cloud:lab:86400", 9),
        ("order:lab:chips:86400", 7),
    ]
    assert life.world.fold.state["outstanding"] == {"order:cloud:chips:86400": 5}


# --- owners, guarantors ---------------------------------------------------------------------------


def cloud(price: float) -> Life:
    """The cloud, worth 10,000 bn times the price, owes 500 bn and holds nothing."""
    unit = 1_000_000_000
    life = world(lent("cloud", "bank", 500 * unit), spent("cloud", 600 * unit))
    return failed(life.priced(DAY + 1, price * PRICE), "cloud")


def test_creditors_are_paid_out_of_what_the_business_brings_and_owners_keep_what_is_over() -> None:
    """Half of 10,000 is 5,000: 500 are paid, and 4,500 of 10,000 are kept."""
    life = cloud(1.0)
    assert [(f.payer, f.amount) for f in life.facts("Clearing")] == [("outside", 500_000_000_000)]
    assert life.facts("Writedown") == []
    assert life.world.readings.value("cloud", 3 * DAY) == pytest.approx(4.5e12, rel=1e-8)
    assert life.facts("Emergence") == [Emergence(debtor="cloud", moment=LAST + CLOSE)]


def test_owners_are_left_a_twentieth_where_the_business_brings_too_little() -> None:
    """Half of 600 is 300 of 500: 200 are lost. Half of 100 is 50; but 40 percent is the least, so 300 are."""
    for price, loss in ((0.06, 200_000_000_000), (0.01, 300_000_000_000)):
        life = cloud(price)
        (lost_,) = life.facts("Writedown")
        assert lost_.credit == pytest.approx(loss, rel=1e-8)
        fall = life.events("Repricing")[-1]
        assert fall.fact.lasting == round(log(0.05) * 1e9)
        assert [life.log.event("main", cause).kind for cause in fall.causes] == ["Writedown"]
        assert life.facts("Emergence") == []


def test_the_register_of_a_private_company_falls_too() -> None:
    life = world(lent("lab", "bank", 10), spent("lab", 50_000_000_010))
    life.told(DAY + 1, Repricing(asset="lab", post_money=1_000, log_mark=0))
    failed(life, "lab")
    assert life.world.fold.last("post_money", "lab") == 490  # half of 1,000 less 10
    assert life.world.readings.value("lab", 3 * DAY) == 490


def guaranteed(cash: int) -> Life:
    """The lab owes the bank 100 and holds nothing; the maker of chips guarantees 70 and holds so much."""
    life = world(
        lent("lab", "bank", 100),
        Guarantee(guarantor="chips", beneficiary="lab", ceiling=70),
        spent("lab", 50_000_000_100),
        spent("chips", 1_000_000_000_000 - cash),
        default_recovery=0.0,
    )
    return failed(life, "lab", until=LAST + CLOSE)


def test_a_guarantee_is_called_for_what_is_lost() -> None:
    life = guaranteed(500)
    loan = "bond:lab:bank:0"
    assert life.facts("Clearing") == [
        Clearing(payer="chips", payee="bank", debtor="lab", loan=loan, amount=70, settles=70, called=70)
    ]
    assert life.facts("Writedown") == [
        Writedown(holder="bank", asset="lab", loan=loan, credit=30, forgiven=30)
    ]
    assert life.world.fold.sum("guaranteed", "chips") == life.world.fold.sum("backed", "chips/lab") == 0


def test_a_guarantor_who_cannot_pay_is_in_default_itself() -> None:
    life = guaranteed(50)
    assert [f.amount for f in life.facts("Clearing")] == [50]
    assert life.facts("Default")[1:] == [Default(debtor="chips", amount=20, moment=LAST + CLOSE)]


# --- afterwards -----------------------------------------------------------------------------------


def test_it_files_and_emerges_after_stated_times_if_it_holds_anything_or_never() -> None:
    gone, back = spent("lab", 50_000_000_010), Payment(payer="outside", payee="lab", amount=1)
    life = failed(world(lent("lab", "bank", 10), gone), "lab", until=50 * DAY)
    assert life.facts("Filing") == [Filing(debtor="lab", moment=32 * DAY + CLOSE)]
    life.told(50 * DAY, back).lived(200 * DAY)
    assert life.facts("Emergence") == [Emergence(debtor="lab", moment=122 * DAY + CLOSE)]
    late = failed(world(lent("lab", "bank", 10), gone), "lab", until=130 * DAY)
    late.told(130 * DAY, back).lived(239 * DAY)
    assert late.facts("Emergence") == [Emergence(debtor="lab", moment=212 * DAY + CLOSE)]
    never = world(lent("lab", "bank", 10), gone, default_emerge_days=0.0)
    failed(never, "lab", until=50 * DAY).told(50 * DAY, back).lived(239 * DAY)
    assert len(never.facts("Filing")) == 1
    assert never.facts("Emergence") == []


def test_who_owes_nobody_anything_and_cannot_go_on_does_not_come_back_at_once() -> None:
    order = Order(buyer="lab", seller="chips", order=named("order", "lab", "chips", moment=DAY), amount=9)
    life = failed(world(order), "lab", until=40 * DAY)
    assert len(life.facts("Cancellation")) == len(life.facts("Filing")) == 1
    assert life.facts("Emergence") == []


def test_who_takes_less_than_it_costs_does_not_come_back_and_is_worth_next_to_nothing_once_it_files() -> None:
    """The lab owes 10, holds 500 bn and pays a dollar a year to run."""
    for costs, back, kept in ((1.0, [], 0.05), (0.0, [LAST + CLOSE], 1.0)):
        life = world(lent("lab", "bank", 10), running_costs=costs)
        life.told(DAY + 1, Repricing(asset="lab", post_money=1_000_000, log_mark=0))
        failed(life, "lab", until=200 * DAY)
        assert [fact.moment for fact in life.facts("Emergence")] == back
        assert life.world.readings.value("lab", 200 * DAY) == kept * 1_000_000


def test_nothing_is_settled_where_nobody_is_in_default() -> None:
    assert world(lent("lab", "bank", 10)).lived(100 * DAY).events("Clearing", "Filing", "Writedown") == []
