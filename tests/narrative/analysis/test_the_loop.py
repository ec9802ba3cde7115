"""The story `loop`: alive, neither dead nor exploding, and each switch cuts what it says it cuts."""

from collections import Counter
from functools import cache

import pytest
from attrs import evolve
from support.lives import lived, named

from events.fields import LIMIT
from events.log import Log
from narrative.engine.run import world_at

LOOP = named("loop")
SEED = 12


@cache
def under(seed: int = SEED, **values: float) -> Log:
    """The loop with acting parameters set from its beginning; a double underscore is the dot before an
    actor.
    """
    wanted = {name.replace("__", "."): value for name, value in values.items()}
    assert wanted.keys() <= {parameter.name for parameter in LOOP.parameters}
    changed = tuple(evolve(p, value=wanted.get(p.name, p.value)) for p in LOOP.parameters)
    return lived(evolve(LOOP, parameters=changed), seed=seed)


def kinds(log: Log, actor: str | None = None) -> Counter[str]:
    return Counter(event.kind for event in log.read("main") if actor in (None, event.actor))


def test_nothing_is_told() -> None:
    assert LOOP.entries == ()
    opening = ("Opening", "Endowment", "OpenLoan")
    assert {event.origin for event in under().read("main") if event.kind not in opening} == {"modelled"}


@pytest.mark.parametrize("seed", range(1, 7))
def test_a_year_has_hundreds_of_events_and_no_sum_near_the_limit(seed: int) -> None:
    log = under(seed)
    assert 100 < log.head("main").position < 5_000
    world = world_at(log, "main")
    money = ("cash", "debt", "announced", "committed", "paid", "delivered", "backlog")
    assert max(abs(held) for account in money for held in world.fold.state[account].values()) < LIMIT / 100
    for actor in LOOP.actors:
        if actor.listed:
            value = world.readings.value(actor.id, world.moment)
            assert value is not None
            assert 0.2 < value / (world.fold.last("value", actor.id) or 1) < 5


def test_most_seeds_turn_and_some_do_not() -> None:
    orders = [kinds(under(seed), "lab")["Order"] for seed in range(1, 9)]
    assert sum(count > 0 for count in orders) >= 6


def test_deliveries_are_paid_and_caused_by_their_orders() -> None:
    events = list(under().read("main"))
    by_position = {event.position: event for event in events}
    deliveries = [event for event in events if event.kind == "Delivery"]
    assert deliveries
    for event in deliveries:
        assert [by_position[cause].kind for cause in event.causes] == ["Order"]
        paid = by_position[event.position + 1]
        assert (paid.kind, paid.causes, paid.fact.amount) == ("Payment", (event.position,), event.fact.amount)


def test_orders_that_answer_words_or_money_name_them() -> None:
    events = list(under().read("main"))
    causes = {events[cause - 1].kind for event in events if event.kind == "Order" for cause in event.causes}
    assert "Announcement" in causes
    assert causes <= {"Announcement", "Funding", "Investment", "Loan"}


def test_no_announcements() -> None:
    assert kinds(under(announce_rate=0.0))["Announcement"] == 0


def test_no_pledging() -> None:
    found = kinds(under(pledge_share=0.0), "founder")
    assert found["Pledge"] == found["Loan"] == found["Investment"] == 0


def test_no_chip_order() -> None:
    found = kinds(under(order_leverage__cloud=0.0), "cloud")
    assert found["Order"] == 0
    assert kinds(under(order_leverage__cloud=0.0), "chips")["Delivery"] == 0


def test_no_reinvestment() -> None:
    found = kinds(under(invest_share=0.0), "chips")
    assert found["Investment"] == found["Loan"] == 0


def test_flat_rounds_are_sold_at_the_last_post_money() -> None:
    """Where buyers ask for no return, that is; those who do may pay less, or more."""
    for premium, flat in ((0.0, True), (1.0, False)):
        events = list(under(fund_premium=premium, required_return=0.0).read("main"))
        last, found = 150 * 10**9, []
        for event in events:
            if event.kind == "Funding" and event.actor == "lab":
                found.append(event.fact.post_money - event.fact.amount == last)
            last = getattr(event.fact, "post_money", None) or last
        assert found
        assert all(found) is flat


@pytest.mark.parametrize("days", [30, 90, 270])
def test_a_delay_puts_first_deliveries_off(days: int) -> None:
    plain = next(event.moment for event in under().read("main") if event.kind == "Delivery")
    late = [
        event.moment for event in under(delivery_delay=float(days)).read("main") if event.kind == "Delivery"
    ]
    assert min(late) >= plain + (days - 30) * 86_400  # reviews are thirty days apart
    assert kinds(under(delivery_delay=float(days)))["Delay"] > 0


def test_demand_that_is_real_pays_more() -> None:
    earned = [world_at(under(demand=demand), "main").fold.sum("revenue", "lab") for demand in (0.0, 0.3, 3.0)]
    assert earned[0] == 0
    assert earned[0] < earned[1] < earned[2]
