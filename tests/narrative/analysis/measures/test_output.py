"""Output, injection and gains by hand: sales gross and net, purchases news stands for, bounds of gains."""

from math import expm1

import pytest
from support.lives import lived, named
from support.tiny import DAY
from support.worlds import began, tale

from events.event import OUTSIDE, Draft, Event
from events.facts import Delivery, Investment, Order, Payment, Sale
from events.fields import Fact, Told
from events.market_facts import Repricing
from narrative.analysis.gains import upward
from narrative.analysis.measures.injection import injection
from narrative.analysis.measures.looping import gains
from narrative.analysis.measures.output import Growth, output
from narrative.analysis.replay import reading
from narrative.engine.world import World


def logged(*days: tuple[int, Fact]) -> tuple[World, list[Event]]:
    log, world = began(tale({}))
    for day, fact in days:
        for event in log.append("main", world.position, day * DAY, [(Draft("test", fact),)]):
            world.step(event)
    return world, list(log.read("main"))


def test_growth_gross_and_net() -> None:
    """Two windows of 50 days. Chips sells 100, then 300, of which it had put 90 into the lab that paid it;
    cloud sells 40 outside in each; of the 300 only 260 is delivered.
    """
    world, events = logged(
        (5, Order(buyer="lab", seller="chips", order="one", amount=400)),
        (10, Payment(payer="lab", payee="chips", order="one", amount=100, settles=100)),
        (11, Delivery(seller="chips", buyer="lab", order="one", amount=100)),
        (12, Sale(seller="cloud", amount=40)),
        (60, Investment(investor="chips", company="lab", amount=90)),
        (70, Payment(payer="lab", payee="chips", order="one", amount=300, settles=300)),
        (71, Delivery(seller="chips", buyer="lab", order="one", amount=260)),
        (80, Sale(seller="cloud", amount=40)),
    )
    found = output(world, events, 100 * DAY)
    assert (found.before.sales, found.now.sales) == (140, 340)
    assert (found.before.outside, found.now.outside) == (40, 40)
    assert (found.now.circular_low, found.now.circular_high, found.now.undelivered) == (90, 90, 40)
    assert found.gross == Growth(340 / 140 - 1, 340 / 140 - 1)
    assert found.net_of_circular == Growth(250 / 140 - 1, 250 / 140 - 1)
    assert found.net_of_undelivered == Growth(300 / 140 - 1, 300 / 140 - 1)
    assert found.rungs == {"announced": 0, "committed": 400, "paid": 490, "delivered": 360}
    assert found.outside == 80


def test_what_nobody_promised_is_on_no_rung() -> None:
    """Of 1,000 paid 100 settle an order and a source tells of 60; the others are costs and income."""
    told = Told(entry="e", headline="Lab pays chips", source="a filing", confidence="high")
    world, events = logged(
        (5, Order(buyer="lab", seller="chips", order="one", amount=100)),
        (10, Payment(payer="lab", payee="chips", order="one", amount=100, settles=100)),
        (11, Payment(payer="lab", payee="chips", amount=60, told=told)),
        (12, Payment(payer="chips", payee=OUTSIDE, amount=40)),
        (13, Payment(payer=OUTSIDE, payee="cloud", amount=800)),
    )
    found = output(world, events, 100 * DAY)
    assert (found.rungs["paid"], found.usual, found.outside) == (160, 840, 0)
    for actor, paid in (("lab", 160), ("chips", 0), (OUTSIDE, 0)):
        assert reading(world, actor, 100 * DAY)["paid"] == paid


def test_the_same_money_may_have_come_back_to_several() -> None:
    """Chips and cloud put 50 each into the lab, which pays them 30 and 20: at least 30, at most both."""
    world, events = logged(
        (60, Investment(investor="chips", company="lab", amount=50)),
        (61, Investment(investor="cloud", company="lab", amount=50)),
        (62, Payment(payer="lab", payee="chips", amount=30)),
        (63, Payment(payer="lab", payee="cloud", amount=20)),
    )
    found = output(world, events, 100 * DAY)
    assert (found.now.circular_low, found.now.circular_high) == (30, 50)
    assert found.now.undelivered == 0  # what names no order is for what was had already
    assert found.gross == Growth(None, None)


def test_reported_revenue_is_of_companies_that_told_it_then_and_now() -> None:
    """Ten told four quarters both before August 2024 and by 2026."""
    story = named("ai-2025")
    events = list(lived(story).read("main"))
    world = World(events[0])
    for event in events[1:]:
        world.step(event)
    found = output(world, events, story.until)
    assert found.companies == 10
    assert found.reported > found.reported_then > 0


def test_purchases_that_news_stands_for() -> None:
    """0.1 ln of 1,000 is what 100 buys at a multiplier of 1, 33 at 3 and 200 at a half."""
    world, events = logged(
        (2, Investment(investor="chips", company="lab", amount=5)),
        (10, Repricing(asset="lab", fast=60_000_000, slow=0, lasting=40_000_000, value=1_000)),
        (40, Repricing(asset="lab", fast=-90_000_000, value=1_000)),
        (60, Investment(investor="cloud", company="lab", amount=21)),
        (80, Investment(investor="cloud", company="lab", amount=7)),
    )
    (found,) = injection(world.story, events, 99 * DAY)
    assert (found.asset, found.rises, found.gained) == ("lab", 1, round(1_000 * expm1(0.1)))
    assert (found.purchases, found.purchases_low, found.purchases_high) == (100, 33, 200)
    assert (found.raised, found.raised_after) == (33, 21)
    assert (found.days_after, found.days_otherwise) == (61, 39)
    assert found.raised_by_gained == pytest.approx(21 / 105)


def test_the_range_of_the_multiplier_is_the_storys_where_it_gives_one() -> None:
    _, events = logged((10, Repricing(asset="lab", fast=100_000_000, value=1_000)))
    (found,) = injection(tale({"impact": 2.0}), events, 99 * DAY)
    assert (found.purchases_low, found.purchases, found.purchases_high) == (50, 50, 50)


def test_gains_lie_within_their_bounds_and_leave_the_world_as_it_was() -> None:
    story = named("loop")
    events = list(lived(story).read("main"))
    world = World(events[0])
    for event in events[1:]:
        world.step(event)
    before = dict(world.parameters)
    found = gains(world, story.until)
    assert dict(world.parameters) == before
    up, down = found["cloud"]
    assert up is not None
    assert down is not None
    assert up.value == upward(world, "cloud", story.until).gain
    assert up.low < up.value < up.high
    # The multiplier of flows is 1, from 0.5 to 3, and the gain is in proportion to it.
    assert down.low <= 0.5 * down.value * 1.000001
    assert down.high >= 3 * down.value * 0.999999
    assert up.most in before


def test_a_gain_that_no_assumption_moves_has_no_width() -> None:
    """Parameters of the tiny story have no range at all."""
    world, _ = logged()
    assert {one.high - one.low for pair in gains(world, 0).values() for one in pair if one} <= {0.0}
