"""What the news does not explain of quoted prices, equations (16) to (18): worked out by hand."""

from math import exp, log

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from support.anchored import CLOSE, ISSUED, PRICES, SHARES, anchored
from support.asking import ask
from support.lives import lived
from support.tiny import DAY

from events.log import Log
from events.market_facts import Quote, Residual
from events.record_facts import Opening
from narrative.books.readings import NANO
from narrative.engine.run import world_at
from narrative.story.model import Priced, Story


def residuals(log: Log, branch: str = "main") -> dict[tuple[int, str], Residual]:
    return {
        (event.moment // DAY, event.fact.asset): event.fact
        for event in log.read(branch)
        if isinstance(event.fact, Residual)
    }


def test_every_price_is_the_quote_once_its_residual_is_posted():
    log = lived(anchored())
    at = {event.moment: event.position for event in log.read("main")}
    for day, prices in PRICES.items():
        moment = day * DAY + CLOSE + 1
        world = world_at(log, "main", at[moment])
        for asset, price in prices.items():
            if asset != "index":
                assert world.readings.price(asset, moment) == pytest.approx(price, rel=1e-9), (day, asset)


def test_a_first_quote_is_its_own_and_a_later_one_has_the_markets_part():
    found = residuals(lived(anchored()))
    first = found[1, "cloud"]
    assert (first.market, first.sector) == (0, 0)
    assert first.own == round(log(100_000 * 10**9 / (95 * 10**12)) / NANO)
    # The third day's words are read between the first and the second quote: 0.5 * (A / MC)**0.5 in ln.
    step = 0.5 * (10**12 / (100_000 * 10**9)) ** 0.5
    assert step == pytest.approx(0.05)
    second = found[2, "cloud"]
    assert second.market == round(1.5 * log(10_100 / 10_000) / NANO)
    moved = log(110_000 / 100_000)
    assert second.gap == pytest.approx((moved - _left(step)) / NANO, abs=2)
    assert second.market + second.sector + second.own == second.gap


def _left(step: float) -> float:
    """What is left of the step at the close: a quarter lasts, three fifths of the rest halve in 25 days."""
    waited = CLOSE + 1 - 10 * 3600
    fast, slow = (2.0 ** (-waited / (days * DAY)) for days in (25, 250))
    return step * (0.25 + 0.75 * (0.6 * fast + 0.4 * slow))


def test_policy_is_no_part_of_the_market():
    """A cut that surprises by 10 bp lifts every price by 5 x 10 / 1e4: beyond that the market moves."""
    found = residuals(lived(anchored()))
    assert found[5, "chips"].market == round(1.5 * (log(10_050 / 10_100) - 0.005) / NANO)


def test_a_company_listed_late_is_carried_from_its_round():
    first = residuals(lived(anchored()))[5, "lab"]
    assert first.issued == SHARES["lab"]
    assert (first.market, first.sector) == (0, 0)
    step = 0.5 * (10**12 / (15 * 10**12)) ** 0.5
    grown = 3 * DAY + CLOSE + 1 - 10 * 3600
    fast, slow = (2.0 ** (-grown / (days * DAY)) for days in (25, 250))
    told = step * (0.25 + 0.75 * (0.6 * fast + 0.4 * slow)) + 0.005
    assert first.gap == pytest.approx((log(40_000 * 5 * 10**8 / (15 * 10**12)) - told) / NANO, abs=2)


def test_a_missing_close_is_bridged_and_told_issues_are_counted_once():
    found = residuals(lived(anchored()))
    assert (7, "cloud") not in found
    assert found[8, "cloud"].market == round(1.5 * log(10_400 / 10_200) / NANO)
    assert found[7, "chips"].issued is None  # the stake of the sixth day brought them
    assert ISSUED == 10**8


def test_an_issue_that_nobody_told_is_the_quotes():
    story = anchored()
    grown = [evolve_quote(one, one.shares + 7) if one.asset == "cloud" else one for one in story.quotes]
    found = residuals(lived(evolve(story, quotes=tuple(grown))))
    assert found[1, "cloud"].issued == 7
    assert found[2, "cloud"].issued is None


def evolve_quote(one: Priced, shares: int) -> Priced:
    return Priced(one.moment, one.asset, one.price, shares)


def test_own_beside_news_is_a_memo():
    found = residuals(lived(anchored()))
    assert found[2, "cloud"].beside_news == found[2, "cloud"].own
    assert found[8, "cloud"].beside_news is None


def test_the_reference_is_free_of_seed_and_cast():
    texts = set()
    for seed, cast in ((1, "market"), (2, "market"), (1, "full"), (3, "none")):
        (opening,) = lived(anchored(), seed=seed, cast=cast).read("main", 1, 1)
        assert isinstance(opening.fact, Opening)
        texts.add(Story.load(opening.fact.text).reference)
    assert len(texts) == 1
    assert texts != {()}


def test_a_story_without_quotes_has_no_reference():
    (opening,) = lived(evolve(anchored(), quotes=())).read("main", 1, 1)
    assert "reference" not in opening.fact.text


BETA = st.floats(-3.0, 3.0, allow_nan=False)


@settings(max_examples=20, deadline=None)
@given(market=BETA, sector=BETA, prices=st.lists(st.integers(1_000, 10**6), min_size=5, max_size=5))
def test_parts_add_up_to_the_whole_move_whatever_the_betas(market, sector, prices):
    story = anchored(market_beta=market, sector_beta=sector)
    days = (1, 2, 5, 6, 8)
    paid = dict(zip(days, prices, strict=True))
    quotes = tuple(
        Priced(q.moment, q.asset, paid[q.moment // DAY], q.shares)
        if q.asset == "cloud" and q.moment // DAY in paid
        else q
        for q in story.quotes
    )
    history = lived(evolve(story, quotes=quotes), until=8 * DAY + CLOSE + 1)
    for fact in residuals(history).values():
        assert fact.market + fact.sector + fact.own == fact.gap
    whole = log_price(world_at(history, "main"), "cloud")
    assert whole == pytest.approx(log(prices[-1] * 10**9 / (95 * 10**12)), abs=1e-9)


def log_price(world, asset):
    return world.readings.log_price(asset, world.moment)


def test_a_branch_is_the_record_times_what_the_supposition_does():
    """Equation (18), at every quote; whom it does not touch equals the record to the unit."""
    log = lived(anchored())
    ask(log, "calm", without=["words"])
    for day, prices in PRICES.items():
        moment = day * DAY + CLOSE + 1
        record, branch = (world_at(log, name, log.position_at(name, moment)) for name in ("main", "calm"))
        for asset in prices.keys() - {"index"}:
            there, here = (w.readings.value(asset, moment) for w in (branch, record))
            moved = branch.readings.log_price(asset, moment) - record.readings.log_price(asset, moment)
            assert there == pytest.approx(here * exp(moved), rel=1e-9)
            if asset == "chips":
                assert there == here
    assert branch.readings.value("cloud", moment) < record.readings.value("cloud", moment)


def test_with_nothing_own_kept_the_news_alone_moves_a_branch():
    log = lived(anchored())
    ask(log, "other", set={"residual_own": 0.0}, at="1970-01-01")
    found = residuals(log, "other")
    assert {fact.own for (day, _), fact in found.items()} == {0}
    assert {fact.market for fact in found.values()} == {fact.market for fact in residuals(log).values()}


def test_sparse_quotes_post_nothing_between_and_sum_to_the_dense_ones():
    story = anchored(market_beta=0.0)
    dense, sparse = (
        residuals(lived(evolve(story, quotes=tuple(q for q in story.quotes if q.moment // DAY in days))))
        for days in (PRICES, (1, 9))
    )
    assert {day for day, asset in sparse if asset == "cloud"} == {1, 9}
    all_of_it, at_once = (
        sum(fact.own for (_, asset), fact in found.items() if asset == "chips") for found in (dense, sparse)
    )
    assert abs(all_of_it - at_once) <= len(PRICES)


def test_quotes_are_told_and_are_the_records():
    log = lived(anchored())
    told = [event for event in log.read("main") if isinstance(event.fact, Quote)]
    assert len(told) == sum(map(len, PRICES.values()))
    assert {event.origin for event in told} == {"recorded"}
    assert {event.moment % DAY for event in told} == {CLOSE}
