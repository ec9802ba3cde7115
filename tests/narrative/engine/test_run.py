"""The tiny story told and read: every expected figure is worked out by hand in its test."""

from math import exp, log

import pytest
from attrs import evolve
from support.tiny import DAY, entry, link, story, told

from events.errors import Overflow
from events.facts import Announcement, Delay, Delivery, Order
from events.log import open_log
from events.market_facts import Fiscal
from narrative.engine.begin import begin
from narrative.engine.run import live, world_at
from narrative.story.model import Story


def lived(tale: Story, *, cast: str = "market", until: int | None = None):
    log_ = open_log(None)
    end = tale.until if until is None else until
    world = begin(log_, "main", tale, seed=1, cast=cast, until=end)
    live(log_, "main", world, end)
    return log_


def kinds(log_) -> list[str]:
    return [event.kind for event in log_.read("main")]


def test_a_history_opens_with_the_story_and_its_endowments(tiny: Story) -> None:
    events = list(lived(tiny, cast="none").read("main"))
    assert events[0].kind == "Opening"
    assert [e.kind for e in events[1:7]] == ["Endowment"] * 6  # five known balances and the pledge
    assert {e.moment for e in events[:7]} == {0}


@pytest.mark.parametrize("cast", ["none", "market"])
def test_what_a_history_opens_with_is_on_record_and_nobody_decided_it(tiny: Story, cast: str) -> None:
    """● recorded is what was told with its source, ◆ modelled what a process decided: none has run yet."""
    opened = [event for event in lived(tiny, cast=cast).read("main") if event.moment == tiny.start]
    assert {event.kind: event.origin for event in opened} == {"Opening": "recorded", "Endowment": "recorded"}
    assert [event for event in opened if event.origin != "recorded"] == []


def test_the_record_alone_is_told_without_a_market(tiny: Story) -> None:
    assert kinds(lived(tiny, cast="none"))[7:] == ["Announcement", "Retraction", "Order", "Funding"]


def test_an_entry_that_replaces_another_takes_its_sum_back_first(tiny: Story) -> None:
    world = world_at(lived(tiny), "main")
    assert world.fold.sum("announced", "lab") == 0
    assert world.fold.sum("committed", "lab") == 2_000
    assert world.fold.sum("backlog", "cloud") == 2_000


def test_what_two_entries_replace_is_taken_back_once(tiny: Story) -> None:
    again = entry(
        "again", 4 * DAY, Announcement(subject="lab", ceiling=50, told=told("again", status="intention")),
        (link("replaces", "words"),),
    )  # fmt: skip
    world = world_at(lived(evolve(tiny, entries=(*tiny.entries[:2], again))), "main")
    assert world.fold.sum("announced", "lab") == 2_500 - 2_500 + 50


def test_a_delay_of_what_is_delivered_leaves_nothing_behind() -> None:
    big = entry("big", DAY, Order(buyer="lab", seller="cloud", order="big", amount=9, told=told("big")))
    all_ = entry("all", 2 * DAY, Delivery(seller="cloud", order="big", amount=9, told=told("all")))
    late = entry("late", 3 * DAY, Delay(subject="cloud", order="big", until=9 * DAY, told=told("late")))
    fold = world_at(lived(story((big, all_, late))), "main").fold
    assert fold.state["due"] == fold.state["outstanding"] == {}


def test_two_deliveries_of_one_moment_share_what_is_outstanding() -> None:
    big = entry("big", DAY, Order(buyer="lab", seller="cloud", order="big", amount=100, told=told("big")))
    halves = [
        entry(name, 2 * DAY, Delivery(seller="cloud", order="big", amount=60, told=told(name)))
        for name in ("one", "two")
    ]
    world = world_at(lived(story((big, *halves))), "main")
    assert world.fold.sum("backlog", "cloud") == 0
    assert world.fold.sum("outstanding", "big") == 0
    assert world.fold.sum("unattributed", "cloud") == 20


def test_an_order_and_its_delivery_in_one_moment_meet() -> None:
    big = entry("big", DAY, Order(buyer="lab", seller="cloud", order="big", amount=100, told=told("big")))
    all_ = entry("all", DAY, Delivery(seller="cloud", order="big", amount=100, told=told("all")))
    world = world_at(lived(story((big, all_))), "main")
    assert world.fold.sum("unattributed", "cloud") == 0
    assert world.fold.sum("delivered", "cloud") == 100


def test_an_entry_that_replaces_one_of_its_own_moment_takes_it_back() -> None:
    first = entry("a1", DAY, Announcement(subject="lab", ceiling=50, told=told("a1", status="intention")))
    second = entry(
        "a2", DAY, Announcement(subject="lab", ceiling=70, told=told("a2", status="intention")),
        (link("replaces", "a1"),),
    )  # fmt: skip
    log_ = lived(story((first, second)))
    assert world_at(log_, "main").fold.sum("announced", "lab") == 70
    taken_back = next(e for e in log_.read("main") if e.kind == "Retraction")
    assert taken_back.causes == (taken_back.position - 1,)


def test_entries_of_one_moment_are_told_in_the_order_of_the_timeline() -> None:
    names = ["c", "a", "b"]
    entries = tuple(
        entry(n, DAY, Announcement(subject="lab", told=told(n, status="intention"))) for n in names
    )
    events = list(lived(story(entries)).read("main"))
    assert [e.fact.told.entry for e in events if e.kind == "Announcement"] == names


def test_told_acts_stand_before_what_others_do_in_their_moment(tiny: Story) -> None:
    late = entry("late", DAY + 3600, Announcement(subject="lab", told=told("late", status="intention")))
    log_ = lived(evolve(tiny, entries=(tiny.entries[0], late)))
    kinds_ = [e.kind for e in log_.read("main") if e.moment == DAY + 3600]
    assert kinds_ == ["Announcement", "Repricing"]


def test_a_replaced_order_is_cancelled_for_what_is_outstanding() -> None:
    first = entry(
        "first", DAY, Order(buyer="lab", seller="cloud", order="first", amount=300, told=told("first"))
    )
    part = entry("part", 2 * DAY, Delivery(seller="cloud", order="first", amount=100, told=told("part")))
    second = entry(
        "second",
        3 * DAY,
        Order(buyer="lab", seller="cloud", order="second", amount=900, told=told("second")),
        (link("replaces", "first"),),
    )
    world = world_at(lived(story((first, part, second))), "main")
    assert world.fold.sum("committed", "lab") == 100 + 900
    assert world.fold.sum("outstanding", "first") == 0
    assert world.fold.sum("backlog", "cloud") == 900


def test_a_delivery_beyond_its_order_is_unattributed() -> None:
    first = entry(
        "first", DAY, Order(buyer="lab", seller="cloud", order="first", amount=300, told=told("first"))
    )
    much = entry("much", 2 * DAY, Delivery(seller="cloud", order="first", amount=500, told=told("much")))
    stray = entry("stray", 3 * DAY, Delivery(seller="cloud", amount=40, told=told("stray")))
    world = world_at(lived(story((first, much, stray))), "main")
    assert world.fold.sum("backlog", "cloud") == 0
    assert world.fold.sum("delivered", "cloud") == 540
    assert world.fold.sum("unattributed", "cloud") == 200 + 40


def test_the_market_reads_a_fact_at_its_latency_and_names_its_cause(tiny: Story) -> None:
    events = list(lived(tiny).read("main"))
    words = next(e for e in events if e.kind == "Announcement")
    repriced = [e for e in events if e.causes == (words.position,) and e.kind == "Repricing"]
    assert [(e.fact.asset, e.moment) for e in repriced] == [("cloud", DAY + 3600)]  # the lab has no value yet


def test_a_step_is_equation_seven_split_three_ways(tiny: Story) -> None:
    events = list(lived(tiny).read("main"))
    first = next(e.fact for e in events if e.kind == "Repricing")
    step = 0.5 * (2_500 / 10_000) ** 0.5  # c (A/MC)^gamma, tone and strength 1, nobody tired
    assert step == 0.25
    assert first.lasting == 62_500_000  # a quarter of 0.25 ln
    assert first.fast == 112_500_000  # 0.6 of the remaining 0.1875
    assert first.slow == 75_000_000
    assert (first.news, first.value, first.tone, first.strength) == (2_500, 10_000, 10**6, 10**6)


def test_readers_tire(tiny: Story) -> None:
    events = list(lived(tiny).read("main"))
    second = [e for e in events if e.kind == "Repricing" and e.fact.asset == "cloud"][1]
    tired = 2 ** (-2 / 60)  # one deal two days ago, half-life sixty days
    value = 10_000 * exp(0.0625 + 0.1125 * 2 ** (-2 / 25) + 0.075 * 2 ** (-2 / 250))
    step = 0.5 * 0.5 * 0.5 * (2_000 / value) ** 0.5 * exp(-0.1 * tired)
    assert second.fact.value == round(value)
    assert second.fact.lasting == pytest.approx(step * 0.25e9, rel=1e-4)


def test_a_private_company_is_marked_at_its_post_money(tiny: Story) -> None:
    log_ = lived(tiny)
    mark = [e for e in log_.read("main") if e.kind == "Repricing"][-1]
    assert (mark.fact.asset, mark.fact.log_mark, mark.fact.fast) == ("lab", 0, None)
    world = world_at(log_, "main")
    assert world.readings.value("lab", 90 * DAY) == 5_000


def test_belief_fades_by_its_half_lives(tiny: Story) -> None:
    log_ = lived(tiny, until=2 * DAY)
    world = world_at(log_, "main")
    at = DAY + 3600 + 250 * DAY
    assert world.readings.belief("cloud", at) == pytest.approx(0.1125 / 1024 + 0.075 / 2, rel=1e-12)
    assert world.readings.belief_share("cloud", at) == pytest.approx(
        1 - exp(-(0.1125 / 1024 + 0.0375)), rel=1e-12
    )
    assert log(world.readings.value("cloud", at) / 10_000) == pytest.approx(
        0.0625 + 0.1125 / 1024 + 0.0375, abs=1e-4
    )


def test_a_sector_fact_reprices_every_listed_actor_with_a_value() -> None:
    tariffs = entry("tariffs", DAY, Fiscal(government="lab", told=told("tariffs", tone=-1.0, strength=1.0)))
    events = [e.fact for e in lived(story((tariffs,))).read("main") if e.kind == "Repricing"]
    assert [fact.asset for fact in events] == ["chips", "cloud"]
    assert events[0].lasting == round(-0.5 * 0.05 * 0.25 * 1e9)  # weight, silent step, lasting share


def test_words_without_tone_move_no_price() -> None:
    plain = entry(
        "plain", DAY, Announcement(subject="cloud", ceiling=900, told=told("plain", status="intention"))
    )
    assert "Repricing" not in kinds(lived(story((plain,))))


def test_an_announcement_moves_no_money(tiny: Story) -> None:
    only = evolve(tiny, entries=tiny.entries[:1])
    world = world_at(lived(only), "main")
    assert world.fold.state["cash"] == {"lab": 1_000, "cloud": 500, "outside": -1_500}


def test_cash_sums_to_zero_at_every_position(tiny: Story) -> None:
    log_ = lived(tiny)
    for position in range(1, log_.head("main").position + 1):
        world = world_at(log_, "main", position, snapshots=False)
        assert sum(world.fold.state["cash"].values()) == 0


def test_unknown_is_not_zero(tiny: Story) -> None:
    readings = world_at(lived(tiny), "main").readings
    assert readings.cash("cloud") == 500
    assert readings.cash("chips") is None
    assert readings.debt("cloud") is None


def test_collateral_is_pledged_shares_at_the_price(tiny: Story) -> None:
    world = world_at(lived(evolve(tiny, entries=())), "main")
    assert world.readings.collateral("founder", 50 * DAY) == 2_000  # 20 of 100 shares of 10,000
    assert world.readings.collateral("lab", 50 * DAY) is None
    assert world.readings.loan_to_value("founder", 50 * DAY) is None  # nobody knows its debt


def test_what_the_books_cannot_hold_is_refused_before_it_is_appended() -> None:
    half = 2**52 + 1
    huge = [
        entry(name, day * DAY, Order(buyer="lab", seller="cloud", order=name, amount=half, told=told(name)))
        for day, name in ((1, "one"), (2, "two"))
    ]
    tale = story(tuple(huge))
    log_ = open_log(None)
    world = begin(log_, "main", tale, seed=1, cast="none", until=tale.until)
    with pytest.raises(Overflow, match=r"backlog\[cloud\]"):
        live(log_, "main", world, tale.until)
    assert kinds(log_)[-1] == "Order"
    assert world_at(log_, "main").fold.sum("backlog", "cloud") == half
