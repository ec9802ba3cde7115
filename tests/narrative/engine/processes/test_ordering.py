"""Boards that order, against figures worked out by hand."""

from math import floor, inf, log

import pytest
from support.tiny import DAY
from support.worlds import grown, played, relation, tale

from events.event import Act
from events.facts import Announcement, Cancellation, Delivery, Order, Payment
from events.funding_facts import Default, Funding, Loan
from events.market_facts import Repricing
from narrative.engine.processes.ordering import concerns, decide, due, pace, room, split, useful
from narrative.engine.world import World
from narrative.story.cast import Part
from narrative.story.model import Role

CLOSE = 16 * 3600
BOARD = {
    "order_review": 10.0,
    "order_leverage": 3.0,
    "order_belief": 0.1,
    "order_lead": 45.0,
    "order_least": 5.0,  # dollars: 500 cents
}
LINKS = (relation("supplies", "cloud", "lab"), relation("supplies", "chips", "lab"))
READS = {"Announcement": ("subject",), "Funding": ("company",)}
ROLE = Role(process="ordering", latency=3600, of=("lab",), reads=READS)
BELIEF = Repricing(asset="lab", fast=200_000_000)
AT = 10 * DAY + CLOSE  # a review


def believing(*facts: object, links=LINKS, **more: float) -> World:
    """A world in which 0.2 of ln is believed of the lab at the review of day 10."""
    return grown(tale(BOARD | more, links, (ROLE,)), (AT - DAY, facts or (BELIEF,)), (AT - 1, (BELIEF,)))


def ordered(acts: list[Act]) -> list[tuple[str, int]]:
    return [(draft.fact.seller, draft.fact.amount) for act in acts for draft in act]


def lab(world: World) -> Part:
    return played(world, "ordering", "lab")


def test_a_board_orders_what_it_dares_from_every_supplier_alike() -> None:
    world = believing()
    acts = decide(world, lab(world), AT)
    assert ordered(acts) == [("cloud", 1_500), ("chips", 1_500)]  # three times its 1,000, by two
    assert acts[0][0].fact == Order(
        buyer="lab", seller="cloud", order=f"order:lab:cloud:{AT}", amount=1_500, due=AT + 45 * DAY
    )


def test_what_is_promised_and_not_paid_leaves_less_room() -> None:
    order = Order(buyer="lab", seller="cloud", order="old", amount=1_200)
    paid = Payment(payer="lab", payee="cloud", order="old", amount=200, settles=200)
    world = believing(order, paid)
    assert room(world, "lab", AT) == 3 * 800 - 1_000
    assert ordered(decide(world, lab(world), AT)) == [("cloud", 700), ("chips", 700)]


def test_nobody_promises_a_multiple_of_cash_that_nobody_knows() -> None:
    """How much cash chips opened with the story does not say, whatever came in since."""
    world = believing(Payment(payer="lab", payee="chips", amount=500))
    assert room(world, "chips", AT) == 0


def test_an_order_too_small_for_two_goes_to_the_first() -> None:
    assert split(999, 500, ["cloud", "chips"]) == [("cloud", 999)]
    assert split(1_001, 500, ["cloud", "chips"]) == [("cloud", 501), ("chips", 500)]
    assert split(499, 500, ["cloud", "chips"]) == []
    assert split(-5, 500, ["cloud"]) == []


def test_no_order_unless_more_is_believed_than_the_threshold() -> None:
    world = believing(order_belief=0.45)  # 0.2 faded by a day, and 0.2 more
    assert decide(world, lab(world), AT) == []
    once = grown(tale(BOARD, LINKS, (ROLE,)), (AT - 25 * DAY + 20 * DAY, (BELIEF,)))
    later = AT + 20 * DAY  # twenty-five days after 0.2 was believed: exactly 0.1
    assert once.readings.belief("lab", later) == 0.1
    assert decide(once, lab(once), later) == []
    assert decide(once, lab(once), later - 10 * DAY) != []


def test_leverage_of_nothing_is_the_switch_that_stops_orders() -> None:
    world = believing(order_leverage__lab=0.0)
    assert decide(world, lab(world), AT) == []


def test_who_has_defaulted_orders_nothing() -> None:
    world = believing(BELIEF, Default(debtor="lab", moment=AT - DAY))
    assert decide(world, lab(world), AT) == []


def test_an_announcement_is_answered_at_its_latency_and_named_as_the_cause() -> None:
    said = AT + DAY
    words = Announcement(subject="lab", counterparty="chips", ceiling=90_000)
    world = grown(tale(BOARD, LINKS, (ROLE,)), (AT, (BELIEF,)), (said, (words,)))
    assert due(world, lab(world), said) == said + 3600
    (act,) = decide(world, lab(world), said + 3600)
    assert (act[0].fact.seller, act[0].fact.amount) == ("chips", 3_000)
    assert act[0].causes == (world.position,)


def test_news_of_others_is_no_reason_to_order_between_reviews() -> None:
    raised = Funding(company="cloud", investor="outside", amount=10)
    world = grown(tale(BOARD, LINKS, (ROLE,)), (AT, (BELIEF,)), (AT + DAY, (raised,)))
    assert decide(world, lab(world), AT + DAY + 3600) == []


def test_a_fact_concerns_the_actor_it_names_in_a_field_that_is_read() -> None:
    raised = Funding(company="lab", investor="cloud", amount=10)
    world = grown(tale(BOARD, LINKS, (ROLE,)), (AT, (raised,)))
    event = world.mailbox.unread[-1].event
    assert concerns(lab(world), event)
    assert not concerns(Part("ordering", "cloud", 1, READS), event)


def test_reviews_come_at_closes_strictly_later() -> None:
    world = believing()
    assert due(world, lab(world), 0) == CLOSE  # day 0 is a multiple of ten
    assert due(world, lab(world), CLOSE) == 10 * DAY + CLOSE


def test_an_actor_without_suppliers_has_nothing_to_review() -> None:
    world = believing(links=(relation("supplies", "outside", "lab"),))
    assert due(world, lab(world), 0) is None


# --- days of one's own, and a pace ----------------------------------------------------------------


def test_boards_review_on_days_of_their_own_as_far_as_the_spread_reaches() -> None:
    def days(actor: str, spread: float) -> set[int]:
        world = grown(tale(BOARD | {"board_spread": spread}, LINKS, (ROLE,)))
        first = world.sitting(0, 30, actor)
        assert world.sitting(first, 30, actor) == first + 30 * DAY  # each thirty days whatever the spread
        assert (first - CLOSE) % DAY == 0
        return {first // DAY}

    names = ("lab", "cloud", "chips", "founder", "bank", "meta", "oracle")
    assert set().union(*(days(name, 0.0) for name in names)) == {0}
    spread = set().union(*(days(name, 1.0) for name in names))
    assert len(spread) > 4
    assert max(spread) < 30
    half = set().union(*(days(name, 0.5) for name in names))
    assert max(half) < 15


def test_a_board_orders_no_more_than_its_pace_between_two_reviews() -> None:
    """It dares 3,000 and paces a third of that: 1,000 at a review, nothing more for ten days, then again."""
    world = believing(order_pace=1 / 3)
    assert ordered(decide(world, lab(world), AT)) == [("cloud", 500), ("chips", 500)]
    lately = Order(buyer="lab", seller="cloud", order=f"order:lab:cloud:{AT - DAY}", amount=400)
    world = believing(lately, order_pace=1 / 3)
    assert ordered(decide(world, lab(world), AT)) == [("cloud", 600)]
    assert pace(world, "lab", AT + 9 * DAY) == 1_000
    assert pace(world, "lab", AT) == 600


def test_a_board_keeps_what_its_loans_ask_within_a_year() -> None:
    """It holds 1,000 and a loan of 300 falls due within the year: three times 700, less nothing promised."""
    due_ = AT + 365 * DAY
    loan = Loan(borrower="lab", lender="chips", loan="credit:lab:chips:1", secured=None, amount=300, due=due_)
    spent = Payment(payer="lab", payee="chips", amount=300)
    assert room(believing(loan, spent, order_reserve=1.0), "lab", AT) == 3 * 700
    assert room(believing(loan, spent, order_reserve=0.5), "lab", AT) == 3 * 1_000
    assert room(believing(loan, spent), "lab", AT) == 3 * 1_000


def test_nothing_is_ordered_from_who_is_busy_for_longer_than_boards_wait() -> None:
    """A cloud that delivers a dollar each ten days has 36.525 a year: two years' worth are 7,305 cents."""
    works = {"supply_review": 10.0, "supply_capacity": 1.0, "supply_yield": 0.0, "supply_instalments": 1.0}
    for waiting, sellers in ((7_305, ["cloud", "chips"]), (7_306, ["chips"])):
        order = Order(buyer="founder", seller="cloud", order="order:founder:cloud:1", amount=waiting, due=5)
        world = believing(order, order_queue=2.0, **works)
        assert [seller for seller, _ in ordered(decide(world, lab(world), AT))] == sellers
    told_alone = believing(order, order_queue=2.0)  # whose deliveries are told: nobody knows what it can do
    assert [seller for seller, _ in ordered(decide(told_alone, lab(told_alone), AT))] == ["cloud", "chips"]


@pytest.mark.parametrize(
    ("ordered_on", "delivered", "sellers"),
    [
        (AT - 11 * DAY, 0, ["chips"]),  # promised at once, and the cloud has reviewed since
        (AT - 10 * DAY, 0, ["cloud", "chips"]),  # it may still come at this review
        (AT - 11 * DAY, 1, ["cloud", "chips"]),  # begun
    ],
)
def test_nothing_more_is_ordered_from_who_has_not_begun_what_it_promised(
    ordered_on: int, delivered: int, sellers: list[str]
) -> None:
    name = f"order:lab:cloud:{ordered_on}"
    told = [Order(buyer="lab", seller="cloud", order=name, amount=100, due=ordered_on)]
    if delivered:
        told.append(Delivery(seller="cloud", buyer="lab", order=name, amount=delivered))
    world = believing(*told, supply_review=10.0)
    assert [seller for seller, _ in ordered(decide(world, lab(world), AT))] == sellers


def test_what_was_given_up_within_a_year_is_not_promised_again() -> None:
    """It dares 3,000; of an order 1,000 was given up a day ago, half of which has faded by then."""
    name = "order:lab:cloud:1"
    before = (
        Order(buyer="lab", seller="cloud", order=name, amount=1_000, due=50 * DAY),
        Cancellation(buyer="lab", seller="cloud", order=name, amount=1_000),
    )
    fades = {"trailing_half_life": 1.0}
    assert room(believing(*before, order_wary=1.0, **fades), "lab", AT) == 2_500
    assert room(believing(*before, order_wary=0.5, **fades), "lab", AT) == 2_750
    assert room(believing(*before, **fades), "lab", AT) == 3_000


def test_a_board_has_no_more_on_order_than_can_be_used() -> None:
    """Customers pay 8 dollars at most, half a dollar for one of capacity: 16 dollars of it, or 1,600 cents.
    An order takes 45 + 5 days; capacity halves in so many, so ln 2 of it must be made anew. It has 500 of
    capacity, of a day ago, and 300 to deliver.
    """
    has = (
        Order(buyer="lab", seller="cloud", order="had", amount=500),
        Delivery(seller="cloud", buyer="lab", order="had", amount=500),
        Payment(payer="lab", payee="cloud", order="had", amount=0, settles=500),
        Order(buyer="founder", seller="lab", order="sold", amount=300),
    )
    works = {"supply_review": 5.0, "supply_instalments": 1.0, "demand": 0.5, "demand_limit": 8.0}
    half = {"capacity_half_life": 50.0}
    fades = 500 * 0.5 ** (1 / 50)
    world = believing(*has, order_use=1.0, **works, **half)
    assert room(world, "lab", AT) == floor(1_600 * (1 + log(2)) + 300 - fades)
    assert room(believing(*has, **works, **half), "lab", AT) == 3_000
    assert useful(believing(*has, order_use=1.0, **works | {"demand": 0.0}, **half), "lab", AT) == inf


# --- orders follow funding ------------------------------------------------------------------------


def test_of_what_a_customer_gives_up_a_part_is_given_up_in_turn_the_latest_first() -> None:
    """A customer gives up 1,000; half of it goes, at the supplier: an order of 300 and 200 of one of 400."""
    own = [
        Order(buyer="lab", seller="chips", order="order:lab:chips:1", amount=400, due=50 * DAY),
        Order(buyer="lab", seller="cloud", order="order:lab:cloud:2", amount=300, due=60 * DAY),
    ]
    sold = Order(buyer="cloud", seller="lab", order="order:cloud:lab:3", amount=1_000, due=40 * DAY)
    lost = Cancellation(buyer="cloud", seller="lab", order="order:cloud:lab:3", amount=1_000)
    reads = READS | {"Cancellation": ("seller",)}
    role = Role(process="ordering", latency=3600, of=("lab",), reads=reads)
    for follow, left in ((0.5, [("cloud", 300, None), ("chips", 200, 200)]), (0.0, [])):
        world = grown(
            tale(BOARD | {"order_follow": follow}, LINKS, (role,)), (DAY, (*own, sold)), (AT, (lost,))
        )
        acts = decide(world, lab(world), AT + 3600)
        assert [(d.fact.seller, d.fact.amount, d.fact.ordered) for act in acts for d in act] == left
        assert all(d.causes == (world.position,) for act in acts for d in act)
