"""Closing a moment: what each act may take, when several want it at once."""

from attrs import evolve
from support.tiny import DAY
from support.worlds import grown, tale

from events.event import Act, Draft
from events.facts import Cancellation, Delivery, Order, Payment, Trade
from events.fields import Fact
from events.funding_facts import Cure, Loan, MarginCall, Pledge, Release, Repayment, ShareLoan, ShareReturn
from events.record_facts import Refusal
from narrative.engine.settlement import Noted, settle
from narrative.engine.world import World
from narrative.story.cast import Part

ORDER = Order(buyer="lab", seller="cloud", order="o", amount=100)
LOAN = Loan(borrower="founder", lender="lab", loan="l", amount=100, secured=100)
PLEDGE = Pledge(pledger="founder", lender="lab", asset="cloud", shares=8, loan="l")
CALL = MarginCall(lender="lab", borrower="founder", loan="l", call="c", amount=40, due=9)
SOLD = Trade(seller="founder", buyer="outside", asset="cloud", shares=20, amount=0)
BOUGHT = Trade(seller="outside", buyer="founder", asset="cloud", shares=30)


def world(*facts: Fact) -> World:
    """The lab opens with 1,000 and the cloud with 500; then these."""
    return grown(tale({}), (DAY, facts))


def noted(process: str, actor: str, *facts: Fact, index: int = 0) -> Noted:
    return Noted(Part(process, actor), index, tuple(Draft(actor, fact) for fact in facts))


def pays(payer: str, payee: str, amount: int) -> Payment:
    return Payment(payer=payer, payee=payee, amount=amount)


def stood(acts: list[Act]) -> list[Fact]:
    return [draft.fact for act in acts for draft in act]


# --- cash ---------------------------------------------------------------------------------------


def test_a_purse_is_spent_once_in_a_moment() -> None:
    first, second = pays("cloud", "lab", 300), pays("cloud", "outside", 300)
    acts = settle(world(), [noted("ordering", "cloud", second), noted("earning", "cloud", first)])
    refusal = Refusal(process="ordering", kind="Payment", purse="cloud", needed=300, held=200)
    assert stood(acts) == [first, refusal]


def test_two_acts_may_spend_a_purse_to_the_last() -> None:
    acts = [
        noted("earning", "cloud", pays("cloud", "lab", 300)),
        noted("ordering", "cloud", pays("cloud", "lab", 200)),
    ]
    assert not any(isinstance(fact, Refusal) for fact in stood(settle(world(), acts)))


def test_what_comes_in_by_another_act_of_the_moment_cannot_be_spent_yet() -> None:
    into, out = pays("lab", "cloud", 400), pays("cloud", "outside", 600)
    acts = settle(world(), [noted("earning", "cloud", into), noted("ordering", "cloud", out)])
    assert stood(acts)[1] == Refusal(process="ordering", kind="Payment", purse="cloud", needed=600, held=500)


def test_an_act_may_spend_what_it_takes_in() -> None:
    facts = pays("lab", "cloud", 400), pays("cloud", "outside", 900)
    assert stood(settle(world(), [noted("earning", "cloud", *facts)])) == list(facts)


def test_what_is_told_is_never_refused_and_counts_against_the_others() -> None:
    told, other = pays("cloud", "lab", 700), pays("cloud", "outside", 1)
    acts = settle(world(), [noted("earning", "cloud", other), noted("telling", "story", told)])
    refusal = Refusal(process="earning", kind="Payment", purse="cloud", needed=1, held=-200)
    assert stood(acts) == [told, refusal]


def test_a_purse_that_nobody_knows_is_not_spent_whatever_came_in() -> None:
    """How much cash chips opened with the story does not say."""
    before = world(pays("lab", "chips", 300))
    acts = settle(before, [noted("investing", "chips", pays("chips", "lab", 100))])
    assert stood(acts) == [Refusal(process="investing", kind="Payment", purse="chips", needed=100, held=0)]
    through = pays("lab", "chips", 300), pays("chips", "cloud", 300)
    assert stood(settle(before, [noted("investing", "chips", *through)])) == list(through)


# --- what is left of an order, a loan, a call, a stake ------------------------------------------


def refused(before: tuple[Fact, ...], first: Noted, second: Noted) -> Refusal:
    """Of two acts in a moment the second is refused."""
    found = stood(settle(world(*before), [second, first]))
    assert found[:-1] == [draft.fact for draft in first.act]
    assert isinstance(found[-1], Refusal)
    return found[-1]


def test_an_order_is_not_cancelled_and_delivered_in_one_moment() -> None:
    cancelled = Cancellation(buyer="lab", seller="cloud", order="o", amount=100)
    delivered = Delivery(seller="cloud", buyer="lab", order="o", amount=60), pays("lab", "cloud", 60)
    wanted = Refusal(
        process="supplying", kind="Delivery", purse="o", account="outstanding", needed=60, held=0
    )
    supplying = noted("supplying", "cloud", *delivered)
    assert refused((ORDER,), noted("telling", "story", cancelled), supplying) == wanted
    assert refused((ORDER,), noted("ordering", "lab", cancelled), supplying) == wanted


def test_two_deliveries_share_what_is_outstanding() -> None:
    first, second = (
        noted("supplying", "cloud", Delivery(seller="cloud", buyer="lab", order="o", amount=60), index=i)
        for i in (0, 1)
    )
    found = refused((ORDER,), first, second)
    assert (found.needed, found.held) == (60, 40)


def test_a_loan_is_not_repaid_twice() -> None:
    first, second = (
        noted(process, "lab", Repayment(borrower="lab", lender="founder", loan="l", amount=70))
        for process in ("funding", "lending")
    )
    lent = Loan(borrower="lab", lender="founder", loan="l", amount=100)
    assert refused((lent,), first, second) == Refusal(
        process="lending", kind="Repayment", purse="l", account="owed", needed=70, held=30
    )


def test_shares_behind_a_loan_come_free_once() -> None:
    free = Release(pledger="founder", lender="lab", asset="cloud", shares=5, loan="l")
    found = refused((LOAN, PLEDGE), noted("lending", "lab", free), noted("pledging", "founder", free))
    assert (found.account, found.needed, found.held) == ("secured", 5, 3)


def test_shares_that_stood_behind_two_loans_are_sold_once() -> None:
    """Of 30 shares 20 were pledged twice."""
    loans = [evolve(LOAN, loan=name) for name in ("l", "m")]
    pledges = [evolve(PLEDGE, loan=name, shares=20) for name in ("l", "m")]
    first, second = (
        noted(
            "lending",
            lender,
            Release(pledger="founder", lender=lender, asset="cloud", shares=20, loan=name),
            SOLD,
        )
        for lender, name in (("bank", "l"), ("lab", "m"))
    )
    found = refused((BOUGHT, *loans, *pledges), first, second)
    assert (found.purse, found.account, found.needed, found.held) == ("founder", "stake", 20, 10)


def test_who_sells_short_borrows_the_shares_first() -> None:
    sale = evolve(SOLD, seller="lab")
    (naked,) = stood(settle(world(), [noted("shorts.bear", "lab", sale)]))
    assert isinstance(naked, Refusal)
    assert (naked.purse, naked.account, naked.needed, naked.held) == ("lab", "stake", sale.shares, 0)
    lent = ShareLoan(borrower="lab", lender="outside", asset="cloud", shares=sale.shares)
    assert stood(settle(world(), [noted("shorts.bear", "lab", lent, sale)])) == [lent, sale]


def test_nobody_gives_back_more_shares_than_it_borrowed_or_gets_more_margin_than_it_left() -> None:
    lent = ShareLoan(borrower="founder", lender="outside", asset="cloud", shares=5, margin=7)
    for more in ({"shares": 6}, {"margin": 8}):
        back = ShareReturn(borrower="founder", lender="outside", asset="cloud", **more)
        (found,) = stood(settle(world(BOUGHT, lent), [noted("trading", "founder", back)]))
        assert isinstance(found, Refusal)
        account, had = ("borrowed", 5) if "shares" in more else ("short_margin", 7)
        assert (found.purse, found.account, found.needed, found.held) == ("founder", account, had + 1, had)


def test_a_call_is_cured_once() -> None:
    cured = Cure(borrower="founder", lender="lab", call="c", amount=40)
    found = refused((LOAN, CALL), noted("lending", "lab", cured), noted("pledging", "founder", cured))
    assert (found.purse, found.account, found.needed, found.held) == ("c", "called", 40, 0)


def test_an_act_may_close_what_it_opens() -> None:
    facts = ORDER, Delivery(seller="cloud", buyer="lab", order="o", amount=100)
    assert stood(settle(world(), [noted("supplying", "cloud", *facts)])) == list(facts)


def test_everybody_outside_may_sell_what_nobody_counts() -> None:
    sold = Trade(seller="outside", buyer="founder", asset="chips", shares=9, amount=0)
    assert stood(settle(world(), [noted("trading", "founder", sold)])) == [sold]
