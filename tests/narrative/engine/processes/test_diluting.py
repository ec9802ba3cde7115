"""Shares given for nothing dilute: the price falls by ln(N / (N + n)), and the value stays."""

from math import log as ln

import pytest
from attrs import evolve
from support.anchored import CLOSE, anchored
from support.lives import lived
from support.tiny import DAY, entry, story, told

from events.facts import Issue
from events.log import Log
from events.market_facts import Residual
from narrative.books.decomposition import decomposed
from narrative.books.readings import NANO
from narrative.engine.run import world_at
from narrative.story.model import Story


def issue(issuer: str = "cloud", **more: object) -> Story:
    """The cloud, worth 10,000 in 100 shares, gives 25 more to the lab."""
    fact = Issue(issuer=issuer, holder="lab", shares=25, told=told("given"))
    return story((entry("given", 5 * DAY, evolve(fact, **more)),))


def given(log: Log) -> Issue:
    (fact,) = [event.fact for event in log.read("main") if isinstance(event.fact, Issue)]
    return fact


def test_given_for_nothing_they_leave_the_value_and_lower_the_price() -> None:
    log = lived(issue())
    readings = world_at(log, "main").readings
    assert given(log).diluted == round(log_of(100, 125))
    assert readings.value("cloud", 6 * DAY) == 10_000
    assert readings.price("cloud", 6 * DAY) == pytest.approx(80.0)


def log_of(before: int, after: int) -> float:
    """ln(N / (N + n)) in 1e-9."""
    return ln(before / after) / NANO


def test_given_for_something_they_add_to_the_value_at_the_price() -> None:
    log = lived(issue(consideration="the shares of another"))
    readings = world_at(log, "main").readings
    assert given(log).diluted is None
    assert readings.value("cloud", 6 * DAY) == 12_500
    assert readings.price("cloud", 6 * DAY) == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("issuer", "more"),
    [("cloud", {"shares": None, "warrants": 25}), ("chips", {}), ("lab", {})],
    ids=["warrants", "shares not counted", "private"],
)
def test_what_no_price_a_share_is_known_of_is_not_diluted(issuer: str, more: dict[str, object]) -> None:
    assert given(lived(issue(issuer, **more))).diluted is None


@pytest.mark.parametrize(("consideration", "issued"), [(None, 0.0), ("cash", ln(1.25))])
def test_it_is_a_part_of_what_was_issued(consideration: str | None, issued: float) -> None:
    world = world_at(lived(issue(consideration=consideration)), "main")
    made = decomposed(world.readings, "cloud", 6 * DAY)
    assert made is not None
    assert made.issued == pytest.approx(issued / NANO, abs=2)
    assert made.whole == pytest.approx(ln(10_000) / NANO + issued / NANO, abs=2)
    assert (made.told, made.own, made.market, made.sector) == (0, 0, 0, 0)
    assert abs(made.faded) <= 2


def test_a_second_gift_dilutes_by_what_there_is_then() -> None:
    fact = Issue(issuer="cloud", holder="lab", shares=25, told=told("again"))
    plain = issue()
    log = lived(evolve(plain, entries=(*plain.entries, entry("again", 5 * DAY, fact))))
    steps = [event.fact.diluted for event in log.read("main") if isinstance(event.fact, Issue)]
    assert steps == [round(log_of(100, 125)), round(log_of(125, 150))]
    assert world_at(log, "main").readings.value("cloud", 6 * DAY) == 10_000


def test_a_quote_after_it_is_its_price_and_finds_nothing_untold() -> None:
    """A tenth more shares of the cloud before the ninth day: what they take off is named."""
    plain = anchored()
    fact = Issue(issuer="cloud", holder="lab", shares=10**8, told=told("gift"))
    gift = entry("gift", 8 * DAY + 20 * 3600, fact)
    entries = tuple(sorted((*plain.entries, gift), key=lambda one: one.moment))
    quotes = tuple(
        type(one)(one.moment, one.asset, one.price, (10**9 + 10**8) * 2)
        if (one.asset, one.moment) == ("cloud", 9 * DAY + CLOSE)
        else one
        for one in plain.quotes
    )
    log = lived(evolve(plain, entries=entries, quotes=quotes))
    moment = 9 * DAY + CLOSE + 1
    world = world_at(log, "main", log.position_at("main", moment))
    assert world.readings.price("cloud", moment) == pytest.approx(45_000, rel=1e-9)
    here, there = (
        next(
            e.fact
            for e in one.read("main")
            if isinstance(e.fact, Residual) and (e.moment, e.fact.asset) == (moment, "cloud")
        )
        for one in (log, lived(plain))
    )
    assert here.issued is None
    assert here.gap - there.gap == pytest.approx(ln(1.1) / NANO, abs=3)
