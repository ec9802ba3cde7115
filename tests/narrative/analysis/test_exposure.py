"""Exposure: sums by pair and rung as posted by hand, and who is hurt if one fails."""

import pytest
from support.lives import lived, named
from support.tiny import DAY, link, told
from support.tiny import entry as told_at
from support.worlds import began, tale

from events.event import OUTSIDE, Draft, Event
from events.facts import Cancellation, Delivery, Investment, Order, Retraction, Writedown
from events.fields import Fact
from events.funding_facts import Guarantee, Loan, Repayment
from narrative.analysis.exposure import Exposure, buffers_of, exposures, failing, twice, written_down
from narrative.engine.world import World
from narrative.story.model import Story


def logged(*facts: Fact, story: Story | None = None) -> tuple[World, list[Event]]:
    log, world = began(story or tale({}))
    for day, fact in enumerate(facts, 1):
        for event in log.append("main", world.position, day * DAY, [(Draft("test", fact),)]):
            world.step(event)
    return world, list(log.read("main"))


def of(world: World, events: list[Event]) -> dict[tuple[str, str, str], tuple[str, int]]:
    """Exposures among the named, by debtor, holder and kind."""
    found = exposures(world, events, world.moment)
    return {
        (one.debtor, one.holder, one.kind): (one.rung, one.amount)
        for one in found
        if OUTSIDE not in (one.debtor, one.holder)
    }


def test_each_kind_stands_on_its_rung_and_only_what_is_open() -> None:
    found = of(
        *logged(
            Loan(borrower="cloud", lender="founder", loan="a", amount=500),
            Loan(borrower="cloud", lender="founder", loan="b", amount=50),
            Repayment(borrower="cloud", lender="founder", loan="a", amount=100),
            Repayment(borrower="cloud", lender="founder", loan="b", amount=50),
            Order(buyer="lab", seller="cloud", order="one", amount=80),
            Delivery(seller="cloud", buyer="lab", order="one", amount=30),
            Order(buyer="lab", seller="cloud", order="two", amount=7),
            Cancellation(buyer="lab", seller="cloud", order="two", amount=7),
            Investment(investor="chips", company="lab", amount=40),
            Guarantee(guarantor="chips", beneficiary="cloud", ceiling=9),
        )
    )
    assert found == {
        ("cloud", "founder", "loan"): ("paid", 400),
        ("lab", "cloud", "order"): ("committed", 50),
        ("lab", "chips", "stake"): ("paid", 40),
        ("chips", "cloud", "guarantee"): ("announced", 9),
    }


def test_a_promise_is_less_what_was_paid_of_it_and_taken_back() -> None:
    said = told_at("said", DAY, Investment(investor="chips", company="lab", ceiling=100, told=told("said")))
    paid = told_at(
        "paid", 2 * DAY, Investment(investor="chips", company="lab", amount=30, told=told("paid")),
        (link("pays", "said"),),
    )  # fmt: skip  # one entry
    story = tale({}, entries=(said, paid))
    events = list(lived(story).read("main"))
    world = World(events[0])
    for event in events[1:]:
        world.step(event)
    assert of(world, events)["chips", "lab", "promise"] == ("announced", 70)
    whole = Investment(investor="chips", company="lab", ceiling=100, told=told("said"))
    back = Retraction(subject="chips", of="said", ceiling=100)
    assert of(*logged(whole, back)) == {}


def test_a_loss_is_passed_on_and_says_by_which_way() -> None:
    """Cloud is worth 10,000 and has lent the lab 8,000; chips, worth 40,000, has lent cloud 5,000."""
    found = [
        Exposure("lab", "cloud", "loan", "paid", 8_000),
        Exposure("cloud", "chips", "loan", "paid", 5_000),
        Exposure("lab", "chips", "order", "committed", 4_000),
        Exposure("lab", OUTSIDE, "stake", "paid", 600),
    ]
    lab, cloud = failing(found, {"lab": 1_000, "cloud": 10_000, "chips": 40_000})
    assert (lab.actor, cloud.actor) == ("lab", "cloud")
    first, second, last = lab.losses
    # 8,000 of 10,000; then 0.8 of the 5,000; an order of 4,000 at the most, passed on in the same step.
    assert (first.actor, first.low, first.high, first.path) == ("cloud", 8_000, 8_000, ("lab", "cloud"))
    assert (second.actor, second.low, second.path) == ("chips", 4_000, ("lab", "cloud", "chips"))
    assert second.high == 8_000
    assert (last.actor, last.low) == (OUTSIDE, 600)
    assert lab.low == pytest.approx((8_000 + 4_000) / 51_000)


def test_worth_counted_twice_is_what_companies_hold_of_each_other() -> None:
    """Chips puts 200 into cloud, worth 10,000 in 100 shares, for two more: 200 of 50,200 count twice."""
    world, events = logged(Investment(investor="chips", company="cloud", amount=200, shares=2))
    assert twice(exposures(world, events, world.moment), world, world.moment) == (50_200, 200)


def test_losses_taken_name_the_events_that_brought_them() -> None:
    log, world = began(tale({}))
    first = world.position + 1
    stake = Investment(investor="chips", company="lab", amount=40)
    loss = Writedown(holder="chips", asset="lab", amount=30)
    log.append("main", first - 1, DAY, [(Draft("test", stake),)])
    log.append("main", first, 2 * DAY, [(Draft("test", loss, causes=(first,)),)])
    (row,) = written_down(list(log.read("main")))
    assert row == {"actor": "chips", "of": "lab", "amount": 30, "path": [first, first + 1]}


@pytest.mark.parametrize(("name", "cast"), [("loop", "full"), ("ai-2025", "market"), ("ai-2025", "full")])
def test_all_that_is_owed_and_held_in_the_stories_is_told_once(name: str, cast: str) -> None:
    story = named(name)
    events = list(lived(story, cast=cast).read("main"))
    world = World(events[0])
    for event in events[1:]:
        world.step(event)
    found = exposures(world, events, story.until)
    for actor in story.actors:
        lent = sum(one.amount for one in found if (one.debtor, one.kind) == (actor.id, "loan"))
        assert lent == world.fold.sum("debt", actor.id)
        stakes = sum(one.amount for one in found if (one.debtor, one.kind) == (actor.id, "stake"))
        value = world.readings.value(actor.id, story.until)
        assert stakes == value or value is None
    buffers = buffers_of(world, story.until)
    for row in failing(found, buffers):
        assert 0 <= row.low <= row.high < 1
        for loss in row.losses:
            assert loss.path[0] == row.actor
            assert loss.path[-1] == loss.actor
            assert loss.actor == OUTSIDE or loss.high <= buffers[loss.actor]


def test_in_loop_the_founder_is_hurt_by_way_of_the_cloud() -> None:
    story = named("loop")
    events = list(lived(story).read("main"))
    world = World(events[0])
    for event in events[1:]:
        world.step(event)
    found = failing(exposures(world, events, story.until), buffers_of(world, story.until))
    lab = next(row for row in found if row.actor == "lab")
    assert next(loss for loss in lab.losses if loss.actor == "founder").path == ("lab", "cloud", "founder")
