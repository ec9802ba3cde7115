"""Customers that pay for use, against figures worked out by hand."""

from math import log

from attrs import evolve
from support.tiny import DAY
from support.worlds import assumed, facts_of, grown, played, relation, tale

from events.facts import Delivery, Dividend, Payment, Sale
from events.funding_facts import Default, Shortfall
from events.market_facts import Repricing
from narrative.engine.income import running
from narrative.engine.processes.earning import decide, due, earned
from narrative.engine.world import World
from narrative.story.model import Record, Role

CLOSE = 16 * 3600
TRADE = {"earn_review": 30.0, "demand": 2.0, "demand_limit": 1e9, "lasting_conversion": 1.0}
ROLE = Role(process="earning", latency=1, of=("cloud", "lab"))
BUILT = Delivery(seller="chips", buyer="cloud", amount=1_000)
AT = 30 * DAY + CLOSE
MONTH = round(2.0 * 1_000 * 30 / 365.25)  # 164 cents


def built(*facts: object, **more: float) -> World:
    """A cloud to which 1,000 was delivered at the very review."""
    return grown(tale(TRADE | more, (), (ROLE,)), (AT, (BUILT, *facts)))


def done(world: World, now: int = AT) -> list[list[object]]:
    return facts_of(decide(world, played(world, "earning", "cloud"), now))


def test_a_sale_is_demand_times_capacity_for_the_days_of_a_review() -> None:
    assert MONTH == 164
    assert done(built()) == [[Sale(seller="cloud", amount=164)]]


def test_capacity_fades_over_its_life_and_so_does_what_it_earns() -> None:
    assert earned(built(), "cloud", 30, AT + 700 * DAY) == 82


def test_demand_has_a_limit_a_year() -> None:
    assert earned(built(demand_limit=10.0), "cloud", 30, AT) == round(1_000 * 30 / 365.25)
    assert done(built(demand=0.0)) == []
    assert earned(built(demand__cloud=20.0), "cloud", 30, AT) == round(20_000 * 30 / 365.25)


def test_a_sale_makes_belief_lasting_and_moves_no_price() -> None:
    world = built(Repricing(asset="cloud", fast=200_000_000, slow=100_000_000))
    value = 13_499  # 10,000 * exp(0.3)
    step = round(164 / value * 1e9)
    of_fast = round(164 / value * 1e9 * 2 / 3)
    made = Repricing(
        asset="cloud", fast=-of_fast, slow=-(step - of_fast), lasting=step, news=164, value=value
    )
    assert done(world) == [[Sale(seller="cloud", amount=164), made]]


def test_no_more_becomes_lasting_than_is_believed() -> None:
    world = built(Repricing(asset="cloud", fast=3_000, slow=-1_000), lasting_conversion=5.0)
    ((_, made),) = done(world)
    assert (made.fast, made.slow, made.lasting) == (-2_000, 0, 2_000)


def test_where_nothing_is_believed_a_sale_stands_alone() -> None:
    for fact in (Repricing(asset="cloud", fast=-5), Repricing(asset="cloud", fast=5, slow=-5)):
        assert [len(act) for act in done(built(fact))] == [1]


def test_without_a_value_there_is_no_belief_to_convert() -> None:
    lab = Delivery(seller="cloud", buyer="lab", amount=1_000)
    world = built(lab, Repricing(asset="lab", fast=200_000_000))
    assert facts_of(decide(world, played(world, "earning", "lab"), AT)) == [[Sale(seller="lab", amount=164)]]


def test_the_repricing_names_the_sale_as_its_cause() -> None:
    world = built(Repricing(asset="cloud", fast=200_000_000))
    (act,) = decide(world, played(world, "earning", "cloud"), AT)
    assert [draft.within for draft in act] == [(), (0,)]


def test_an_actor_without_capacity_has_no_review() -> None:
    world = built()
    assert due(world, played(world, "earning", "cloud"), AT) == 60 * DAY + CLOSE
    assert due(world, played(world, "earning", "lab"), AT) is None


def test_of_a_seller_in_default_some_customers_stay_away() -> None:
    """A quarter of them: 123 of 164."""
    lost = Default(debtor="cloud", moment=AT)
    assert done(built(default_custom=0.25)) == [[Sale(seller="cloud", amount=164)]]
    assert done(built(lost, default_custom=0.25)) == [[Sale(seller="cloud", amount=123)]]


def test_cash_that_it_need_not_keep_goes_to_its_owners() -> None:
    """The cloud opens with 500 and is given 5,000. Of 5,500 its costs of 2,435 a year take 200 at once, and
    it keeps 500 and those of a year: half of 2,365 is paid.
    """
    world = built(purse(5_000), demand=0.0, payout_share=0.5, running_costs=24.35)
    ((cost,), (paid,)) = done(world)
    assert cost == Payment(payer="cloud", payee="outside", amount=200)
    assert paid == Dividend(company="cloud", holder="outside", amount=1_182)
    assert done(built(purse(5_000), demand=0.0, running_costs=24.35)) == [[cost]]


# --- what it costs --------------------------------------------------------------------------------


def test_a_sale_pays_its_costs_to_whoever_is_outside() -> None:
    ((sale, cost),) = done(built(cost_share=0.25))
    assert sale == Sale(seller="cloud", amount=164)
    assert cost == Payment(payer="cloud", payee="outside", amount=41)  # a quarter of 164


def test_where_a_link_says_who_hosts_it_the_host_is_paid() -> None:
    plain = tale(TRADE | {"cost_share": 0.25}, (relation("hosts", "lab", "cloud"),), (ROLE,))
    ((_, cost),) = done(grown(plain, (AT, (BUILT,))))
    assert cost == Payment(payer="cloud", payee="lab", amount=41)


def purse(amount: int) -> Payment:
    """So much comes into the purse of the cloud, which opens with 500."""
    return Payment(payer="outside", payee="cloud", amount=amount)


def test_costs_that_do_not_depend_on_sales_are_paid_without_any() -> None:
    """365.25 dollars a year are 36,525 cents, 3,000 in thirty days; and no demand brings none in."""
    world = built(purse(60_000), demand=0.0, running_costs=365.25)
    assert done(world) == [[Payment(payer="cloud", payee="outside", amount=3_000)]]


def test_what_the_purse_does_not_reach_is_said() -> None:
    world = built(purse(500), demand=0.0, running_costs=365.25)
    assert done(world) == [
        [
            Payment(payer="cloud", payee="outside", amount=1_000),
            Shortfall(actor="cloud", needed=3_000, room=1_000),
        ]
    ]


def test_business_outside_the_story_brings_in_what_is_kept_of_it() -> None:
    world = built(demand=0.0, core_income=365.25)
    assert done(world) == [[Payment(payer="outside", payee="cloud", amount=3_000)]]


def test_capacity_from_before_the_story_earns_and_does_not_fade() -> None:
    """Five dollars are 500 cents; a thousand more were delivered, of which half is left after 730 days."""
    world = built(base_capacity=5.0)
    assert earned(world, "cloud", 30, AT) == round(2.0 * 1_500 * 30 / 365.25)
    assert earned(world, "cloud", 30, AT + 700 * DAY) == round(2.0 * 1_000 * 30 / 365.25)
    lone = grown(tale(TRADE | {"base_capacity": 5.0}, (), (ROLE,)))
    assert due(lone, played(lone, "earning", "cloud"), CLOSE) == AT
    assert done(lone) == [[Sale(seller="cloud", amount=round(2.0 * 500 * 30 / 365.25))]]


def test_business_of_before_grew_to_what_it_is_when_the_record_ends() -> None:
    """By ln 2 a year, two years before the end of the record: a quarter of its sales and of its costs."""
    years = round(2 * 365.25 * DAY)
    record = Record(until=AT + years, source="a filing", confidence="high")
    has = TRADE | {"base_capacity": 40.0, "running_costs": 3.6525}
    plain = evolve(tale(has, (), (ROLE,)), record=record)
    growing = evolve(plain, parameters=assumed(**has, base_growth=log(2.0)))
    for story, part in ((plain, 1.0), (growing, 0.25)):
        world = grown(story)
        assert earned(world, "cloud", 30, AT) == round(part * 2.0 * 4_000 * 30 / 365.25)
        assert earned(world, "cloud", 30, AT + years) == round(2.0 * 4_000 * 30 / 365.25)
        assert running(world, "cloud", 365.25, AT) == round(part * 365.25)
        assert running(world, "cloud", 365.25, AT + 2 * years) == 365


def test_with_a_switch_who_cannot_pay_its_running_costs_is_in_default() -> None:
    ((*_, missed),) = done(built(purse(500), demand=0.0, running_costs=365.25, default_costs=1.0))
    assert missed == Default(debtor="cloud", creditor="outside", amount=2_000, moment=AT)


def test_a_purse_that_nobody_knows_pays_no_running_costs() -> None:
    world = built(demand=0.0, running_costs=365.25)
    part = played(world, "earning", "lab")
    assert (world.readings.cash("chips"), part.actor) == (None, "lab")
    assert decide(world, evolve(part, actor="chips"), AT) == []
