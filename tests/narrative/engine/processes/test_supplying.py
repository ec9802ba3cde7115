"""Suppliers that deliver, against figures worked out by hand."""

from support.lives import lived
from support.tiny import DAY, entry, told
from support.worlds import facts_of, grown, played, tale

from events.event import Event
from events.facts import Cancellation, Delay, Delivery, Order, Payment
from events.funding_facts import Default
from narrative.engine.processes.supplying import capacity, decide, due
from narrative.engine.world import World
from narrative.story.model import Role

CLOSE = 16 * 3600
WORKS = {
    "supply_review": 5.0,
    "supply_capacity": 6.0,  # dollars a review: 600 cents
    "supply_yield": 0.0,
    "supply_instalments": 4.0,
    "supply_patience": 2.0,
    "delivery_delay": 0.0,
    "slip_days": 7.0,
}
ROLE = Role(process="supplying", latency=1, of=("cloud",))
FIRST = 10 * DAY + CLOSE


def named(moment: int) -> str:
    return f"order:lab:cloud:{moment}"


def order(amount: int = 1_000, *, moment: int = DAY, due: int = 10 * DAY) -> Order:
    return Order(buyer="lab", seller="cloud", order=named(moment), amount=amount, due=due)


def owing(*facts: object, **more: float) -> World:
    return grown(tale(WORKS | more, (), (ROLE,)), (DAY, facts or (order(),)))


def shipped(world: World, now: int) -> list[list[object]]:
    return facts_of(decide(world, played(world, "supplying", "cloud"), now))


def next_due(world: World, now: int) -> int | None:
    return due(world, played(world, "supplying", "cloud"), now)


def test_an_instalment_is_delivered_and_paid_in_one_act() -> None:
    world = owing()
    (act,) = decide(world, played(world, "supplying", "cloud"), FIRST)
    assert [draft.fact for draft in act] == [
        Delivery(seller="cloud", buyer="lab", order=named(DAY), amount=250),
        Payment(payer="lab", payee="cloud", order=named(DAY), amount=250, settles=250),
    ]
    assert act[0].causes == (world.position,)  # the order
    assert act[1].within == (0,)


def test_what_a_delivery_costs_is_paid_in_the_same_act() -> None:
    world = owing(cost_share=0.4)
    (act,) = decide(world, played(world, "supplying", "cloud"), FIRST)
    assert act[2].fact == Payment(payer="cloud", payee="outside", amount=100)  # two fifths of 250
    assert act[2].within == (0,)
    assert [d.fact for d in act[:2]] == [
        d.fact for d in decide(owing(), played(world, "supplying", "cloud"), FIRST)[0]
    ]


def test_instalments_are_of_the_order_and_the_last_is_what_is_left() -> None:
    part = Delivery(seller="cloud", buyer="lab", order=named(DAY), amount=900)
    assert [act[0].amount for act in shipped(owing(order(), part), FIRST)] == [100]
    assert [act[0].amount for act in shipped(owing(order(1_001)), FIRST)] == [251]  # rounded up


def test_nothing_ships_before_it_is_due() -> None:
    world = owing()
    assert next_due(world, DAY) == FIRST
    assert next_due(world, FIRST) == FIRST + 5 * DAY
    assert shipped(world, FIRST - 5 * DAY) == []


def test_a_supplier_with_nothing_open_waits_for_nothing() -> None:
    others = Order(buyer="lab", seller="chips", order="order:lab:chips:1", amount=5, due=10 * DAY)
    assert next_due(owing(others), DAY) is None
    assert shipped(owing(others), FIRST) == []


def test_what_capacity_does_not_reach_slips_and_says_so() -> None:
    first, second, third = order(2_000), order(1_600, moment=2, due=9 * DAY), order(1_200, moment=DAY + 1)
    # instalments of 500, 400 and 300; 400 ships first, then 200 of 500, then nothing
    sent = shipped(owing(first, second, third), FIRST)
    later = FIRST + 7 * DAY
    assert [fact for act in sent for fact in act if not isinstance(fact, Payment)] == [
        Delivery(seller="cloud", buyer="lab", order=named(2), amount=400),
        Delivery(seller="cloud", buyer="lab", order=named(DAY), amount=200),
        Delay(subject="cloud", counterparty="lab", order=named(DAY), until=later),
        Delay(subject="cloud", counterparty="lab", order=named(DAY + 1), until=later),
    ]


def test_a_supplier_delivers_more_the_more_it_was_delivered() -> None:
    chips = Delivery(seller="chips", buyer="cloud", amount=40_000)
    world = owing(order(), chips, supply_yield=0.5)
    assert capacity(world, "cloud", DAY) == 600 + round(0.5 * 40_000 * 5 / 365.25)
    assert capacity(world, "cloud", 701 * DAY) == 600 + round(0.5 * 20_000 * 5 / 365.25)  # half-life 700


def test_a_works_that_makes_an_instalment_less_three_cents_a_day_slips_by_them() -> None:
    """A year has 365.25 days, so that chips of 3,652,500 which yield themselves once a year make exactly
    10,000 a day; a year of 365 days would make 10,006, and reach an instalment of 10,003.

    An order of 20,006 is to come in two of those, first on the tenth day. That day brings 10,000 and slips
    by the 3 that are missing, for a week; the seventeenth brings 10,000 again, and the twenty-fourth the
    last 6.
    """
    year = {"supply_review": 1.0, "supply_capacity": 0.0, "supply_yield": 1.0, "supply_instalments": 2.0}
    lasts = {"capacity_half_life": 1e7}  # days: chips do not age
    chips = {"seller": "chips", "buyer": "cloud", "order": "chips", "amount": 3_652_500}
    bought = {"seller": "cloud", "buyer": "outside", "order": "bought", "amount": 20_006, "due": 10 * DAY}
    record = (
        entry("chips", DAY, Order(**chips, told=told("chips"))),
        entry("came", 2 * DAY, Delivery(**chips, told=told("came"))),
        entry("bought", 3 * DAY, Order(**bought, told=told("bought"))),
    )
    events = list(lived(tale(WORKS | year | lasts, (), (ROLE,), record), until=40 * DAY).read("main"))
    sent = [(e.moment, e.fact.amount) for e in events if e.kind == "Delivery" and e.actor == "cloud"]
    assert sent == [(FIRST, 10_000), (FIRST + 7 * DAY, 10_000), (FIRST + 14 * DAY, 6)]
    slipped = [(e.moment, e.fact.until) for e in events if e.kind == "Delay"]
    assert slipped == [(FIRST, FIRST + 7 * DAY), (FIRST + 7 * DAY, FIRST + 14 * DAY)]


def test_a_delay_is_said_once_and_then_kept() -> None:
    until = 10 * DAY + 30 * DAY
    late = [[Delay(subject="cloud", counterparty="lab", order=named(DAY), until=until)]]
    world = owing(delivery_delay=30.0)
    assert shipped(world, FIRST) == late
    again = grown(tale(WORKS | {"delivery_delay": 30.0}, (), (ROLE,)), (DAY, (order(),)), (FIRST, late[0]))
    assert next_due(again, FIRST) == until + CLOSE
    assert [act[0].amount for act in shipped(again, until + CLOSE)] == [250]


def test_orders_of_a_buyer_in_default_are_cancelled() -> None:
    world = owing(order(), Default(debtor="lab", moment=DAY))
    lost = Cancellation(buyer="lab", seller="cloud", order=named(DAY), amount=1_000)
    assert shipped(world, FIRST) == [[lost]]


def test_an_order_is_given_up_when_its_buyer_is_too_far_behind_and_cannot_pay() -> None:
    broke = Payment(payer="lab", payee="chips", amount=800)  # it holds 200, an instalment is 250
    world = owing(order(), broke)
    assert [type(fact) for act in shipped(world, FIRST + 5 * DAY) for fact in act] == [Delivery, Payment]
    lost = Cancellation(buyer="lab", seller="cloud", order=named(DAY), amount=1_000)
    assert shipped(world, FIRST + 10 * DAY) == [[lost]]  # two instalments behind
    paid = Delivery(seller="cloud", buyer="lab", order=named(DAY), amount=250)
    assert [len(act) for act in shipped(owing(order(), broke, paid), FIRST + 10 * DAY)] == [2]  # one behind
    assert [len(act) for act in shipped(owing(), FIRST + 10 * DAY)] == [2]  # far behind, but it can pay


def test_with_a_switch_who_cannot_pay_in_time_is_in_default() -> None:
    broke = Payment(payer="lab", payee="chips", amount=800)
    world = owing(order(), broke, default_orders=1.0)
    late = FIRST + 10 * DAY
    lost = Cancellation(buyer="lab", seller="cloud", order=named(DAY), amount=1_000)
    missed = Default(debtor="lab", creditor="cloud", amount=250, moment=late)
    assert shipped(world, late) == [[lost, missed]]


def test_where_a_court_settles_it_the_order_is_left_to_the_court() -> None:
    broke = Payment(payer="lab", payee="chips", amount=800)
    late, court = FIRST + 10 * DAY, Role(process="insolvency", latency=1)
    plain = tale(WORKS | {"default_orders": 1.0}, (), (ROLE, court))
    missed = Default(debtor="lab", creditor="cloud", amount=250, moment=late)
    world = grown(plain, (DAY, (order(),)), (DAY + 1, (broke,)))
    assert shipped(world, late) == [[missed]]
    lost = grown(plain, (DAY, (order(),)), (DAY + 1, (broke, missed)))
    assert shipped(lost, late + 5 * DAY) == []


def test_a_told_order_ships_by_its_own_date_or_by_the_storys_assumption() -> None:
    dated = entry(
        "a", DAY, Order(buyer="lab", seller="cloud", order="a", amount=80, due=12 * DAY, told=told("a"))
    )
    undated = entry("b", DAY, Order(buyer="lab", seller="cloud", order="b", amount=40, told=told("b")))
    for lead, expected in ((None, {"a": 15}), (30.0, {"a": 15, "b": 35})):
        assumed = WORKS if lead is None else WORKS | {"told_lead": lead}
        log = lived(tale(assumed, (), (ROLE,), (dated, undated)), until=36 * DAY)
        first: dict[str, int] = {}
        for event in log.read("main"):
            if event.kind == "Delivery":
                first.setdefault(event.fact.order, event.moment)
        assert first == {name: day * DAY + CLOSE for name, day in expected.items()}


def test_a_delivery_that_cannot_be_paid_uses_up_no_capacity() -> None:
    """The lab holds 500 and cannot pay 600; all of the capacity of 600 is there for the 400 of others."""
    first = order(2_400, due=9 * DAY)  # 600 an instalment
    broke = Payment(payer="lab", payee="outside", amount=500)
    other = Order(
        buyer="outside", seller="cloud", order=f"order:outside:cloud:{DAY}", amount=1_600, due=10 * DAY
    )
    sent = [fact for act in shipped(owing(first, broke, other), FIRST) for fact in act]
    assert [(fact.buyer, fact.amount) for fact in sent if isinstance(fact, Delivery)] == [
        ("lab", 600),
        ("outside", 400),
    ]
    assert not any(isinstance(fact, Delay) for fact in sent)


def test_a_buyers_cash_pays_once_for_what_is_delivered_in_one_review() -> None:
    """1,000 pay the first 600 and not the second, which will be refused; and the 300 of the third."""
    orders = order(2_400, due=8 * DAY), order(2_400, moment=2, due=9 * DAY), order(1_200, moment=3)
    sent = shipped(owing(*orders, supply_capacity=12.0), FIRST)
    assert [act[0].amount for act in sent] == [600, 600, 300]


def test_nothing_is_delivered_to_a_buyer_whose_cash_nobody_knows_and_nothing_given_up() -> None:
    unknown = Order(buyer="chips", seller="cloud", order=f"order:chips:cloud:{DAY}", amount=100, due=10 * DAY)
    assert shipped(owing(unknown), FIRST) == []
    assert shipped(owing(unknown), FIRST + 100 * DAY) == []


def test_everybody_outside_can_pay() -> None:
    some = Order(
        buyer="outside", seller="cloud", order=f"order:outside:cloud:{DAY}", amount=400, due=10 * DAY
    )
    assert [act[0].amount for act in shipped(owing(some), FIRST + 50 * DAY)] == [100]


def refused(events: list[Event]) -> list[Event]:
    return [event for event in events if event.kind == "Refusal"]


def test_who_cannot_pay_is_refused_and_asked_again_at_the_next_review() -> None:
    big = entry(
        "a", DAY, Order(buyer="lab", seller="cloud", order="a", amount=2_400, due=10 * DAY, told=told("a"))
    )
    events = list(lived(tale(WORKS, (), (ROLE,), (big,)), until=21 * DAY).read("main"))
    # instalments of 600 from a purse of 1,000: one is paid
    assert [e.moment for e in events if e.kind == "Payment"] == [FIRST]
    assert [e.moment for e in refused(events)] == [FIRST + 5 * DAY, FIRST + 10 * DAY]
    assert {(e.fact.kind, e.fact.purse, e.fact.needed, e.fact.held) for e in refused(events)} == {
        ("Delivery", "lab", 600, 400)
    }
