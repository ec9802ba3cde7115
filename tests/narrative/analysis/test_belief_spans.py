"""Belief by its definitions, off a small story with quotes and results: every figure worked out by hand."""

from math import exp, log

import pytest
from attrs import evolve
from support.anchored import CLOSE, PRICES, SHARES, anchored
from support.lives import lived
from support.tiny import DAY, entry, ten_days, told

from events.facts import Announcement
from events.market_facts import Repricing, Residual
from narrative.analysis.belief_spans import backed_spans, belief_spans, reported_by
from narrative.analysis.replay import along
from narrative.books.readings import NANO, whole_step
from narrative.story.model import Reported, Story

FADED, WHOLE = "faded, less growth and deliveries", "whole moves beside news"


def results(company: str, moment: int, revenue: int | None, income: int | None = None) -> Reported:
    """A result of whose quarters nothing is known but the sum of four."""
    return Reported(
        moment, company, moment - DAY, None, None, None, revenue, income, income, None, None, "the test",
        "high", None,
    )  # fmt: skip  # one row


TOLD = (
    results("cloud", -5 * DAY, 10 * 10**12, 10**12),
    results("chips", -5 * DAY, 10 * 10**12, -(10**12)),
    results("cloud", 6 * DAY, 11 * 10**12, 3 * 10**12),
    results("chips", 7 * DAY, 20 * 10**12, 10**12),
    results("chips", 9 * DAY, None, 10**12),
)


@pytest.fixture(scope="module")
def log_of():
    story = anchored()
    return lived(evolve(story, results=TOLD))


def spans(log, at: int):
    events = [event for event in log.read("main") if event.moment <= at]
    *_, (_, world) = along(events, [at])
    return belief_spans(world, events, at), world, events


def ends(span):
    """The ends of a span by what gives them."""
    return dict(zip(span["by"], (span["low"], span["high"]), strict=True))


def test_results_known_at_the_opening_are_the_base_and_the_last_told_count(log_of):
    at = 6 * DAY + CLOSE + 2
    found = spans(log_of, at)[0]["cloud"]["above_results"]
    value = PRICES[6]["cloud"] * SHARES["cloud"]
    ends = {
        name: 1 - 95 / (value / 10**12) * grown for name, grown in {"revenue": 1.1, "operating": 3.0}.items()
    }
    assert (found["low"], found["high"]) == pytest.approx((ends["operating"], ends["revenue"]), abs=1e-7)
    assert found["by"][1] == "revenue"


def test_before_anything_is_told_results_are_those_of_the_opening(log_of):
    found = spans(log_of, DAY + CLOSE + 2)[0]["cloud"]
    assert found["above_results"]["low"] == found["above_results"]["high"] == pytest.approx(1 - 95 / 100)
    assert found["growth"]["low"] == pytest.approx(1 - 1 / (0.07 * 100))
    assert found["growth"]["high"] == pytest.approx(1 - 1 / (0.11 * 100))


def test_what_a_result_leaves_unknown_is_unknown_though_it_was_known_before(log_of):
    at = 9 * DAY + CLOSE + 2
    found, world, _ = spans(log_of, at)
    assert world.fold.last("trailing_revenue", "chips") == 20 * 10**12
    assert found["chips"]["above_results"] is None  # its income was a loss at the opening
    assert found["chips"]["growth"]["by"][0] == "net income at 7 %"


def test_the_whole_moves_are_those_that_the_books_hold(log_of):
    at = 9 * DAY + CLOSE + 2
    found, world, _ = spans(log_of, at)
    for asset in ("cloud", "chips", "lab"):
        whole = NANO * (world.fold.sum("attributed", asset) + world.fold.sum("own_news", asset))
        ends = [found[asset]["announced"][end] for end in ("low", "high")]
        assert min(abs(end - (1 - exp(-max(whole, 0.0)))) for end in ends) < 1e-9, asset


def test_the_least_is_what_stands_of_a_step_less_what_revenue_grew(log_of):
    at = 6 * DAY + CLOSE + 2
    found, world, events = spans(log_of, at)
    steps = [
        e.fact
        for e in events
        if isinstance(e.fact, Repricing) and e.fact.asset == "cloud" and whole_step(e.fact)
    ]
    besides = [
        e.fact.own
        for e in events
        if isinstance(e.fact, Residual) and e.fact.asset == "cloud" and e.fact.beside_news is not None
    ]
    step, beside = sum(map(whole_step, steps)), sum(besides)
    assert step > 0
    assert step + beside > 0
    left = world.readings.belief("cloud", at) + NANO * world.fold.sum("lasting", "cloud")
    stands = min(step, step + beside) / step * left - log(1.1)
    least = 1 - exp(-max(stands, 0.0))
    assert found["cloud"]["announced"]["low"] == pytest.approx(least, abs=1e-9)


def test_news_that_quotes_tell_apart_is_weighed_apart():
    """The cloud falls by a third beside the good news of the ninth day: nothing of that is left, and all
    of what the second day's words did.
    """
    good = Announcement(
        subject="cloud", ceiling=10**12, told=told("more", status="intention", tone=1.0, strength=1.0)
    )
    story = evolve(anchored(), results=TOLD[:2])  # revenue stands still
    more = lived(evolve(story, entries=(*story.entries, entry("more", 9 * DAY + 9 * 3600, good))))
    at = 9 * DAY + CLOSE + 2
    with_it, without = (ends(spans(one, at)[0]["cloud"]["announced"]) for one in (more, lived(story)))
    assert with_it[FADED] == pytest.approx(without[FADED])
    assert with_it[FADED] > 0
    assert with_it[WHOLE] < without[WHOLE]


def test_the_claim_is_read_at_the_highest_value_so_far(log_of):
    found = spans(log_of, 9 * DAY + CLOSE + 2)[0]["cloud"]["claim"]
    rise = log(140 / 95)
    assert found["top"] == 140 * 10**12
    assert found["day"] == "1970-01-09"
    assert found["high"] == pytest.approx(1 - log(1.1) / rise, abs=1e-9)
    assert found["low"] == pytest.approx(1 - log(3.0) / rise, abs=1e-9)
    assert found["verdict"] == "undecided"


def test_without_quotes_and_results_all_is_unknown():
    log = lived(ten_days())
    found = spans(log, 9 * DAY)[0]
    assert found
    assert all(
        one == dict.fromkeys(("announced", "above_results", "growth", "claim", "break_even"))
        for one in found.values()
    )


def test_nothing_that_came_later_is_seen(log_of):
    at = 5 * DAY + CLOSE + 2
    story: Story = evolve(anchored(), results=(*TOLD[:2], results("cloud", 6 * DAY, 1, 1)))
    assert spans(lived(story), at)[0] == spans(log_of, at)[0]


# --- what rests on belief, and what was reported ----------------------------------------------------


def test_a_collateral_is_as_much_belief_as_its_shares_by_their_worth():
    """300 of shares of which 10 to 50 % are announced, and 100 of which 30 to 70 % are: 15 to 55 %."""
    known = {
        "cloud": {"announced": {"low": 0.1, "high": 0.5}, "above_results": None},
        "chips": {"announced": {"low": 0.3, "high": 0.7}, "above_results": {"low": 0.0, "high": 0.1}},
    }
    found = backed_spans(known, {"cloud": 300, "chips": 100})
    assert found == {"announced": {"low": 0.15, "high": 0.55}, "above_results": None}
    assert backed_spans(known, {"chips": 100})["above_results"] == {"low": 0.0, "high": 0.1}
    assert backed_spans(known, {"chips": 0})["announced"] is None


def test_the_last_result_that_was_published_is_reported_with_its_day(log_of):
    def last(at):
        *_, (_, world) = along(log_of.read("main"), [at])
        return reported_by(world, at)["chips"]

    day = anchored().calendar.day
    assert (last(7 * DAY)["published"], last(7 * DAY)["revenue"]) == (day(7 * DAY), 20 * 10**12)
    assert (last(7 * DAY - 1)["published"], last(7 * DAY - 1)["net"]) == (day(-5 * DAY), -(10**12))
    assert last(9 * DAY)["revenue"] is None
    assert last(9 * DAY)["period"] == day(8 * DAY)


def test_how_much_of_revenues_growth_must_be_circular_is_told(log_of):
    """The chip maker rose from 98 to 106 or so, and reported 10, then 20: 10 * 106 / 98 would have done."""
    at = 8 * DAY
    found, world, _ = spans(log_of, at)
    value = world.readings.value("chips", at)
    spare = 20 - 10 * value / (98 * 10**12)
    assert found["chips"]["break_even"] == pytest.approx(spare / 10, abs=1e-8)
    assert found["cloud"]["break_even"] is None  # its price outran its revenue
