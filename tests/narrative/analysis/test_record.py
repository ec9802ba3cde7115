"""Last closes, and shares of a rise, worked out by hand beside what the record gives."""

from math import expm1
from math import log as ln_of

import pytest
from attrs import evolve
from support.anchored import CLOSE, PRICES, SHARES, anchored
from support.lives import AI, lived, named
from support.tiny import DAY, ten_days

from events.event import Event
from events.funding_facts import MarginCall
from events.log import Log
from narrative.analysis.history import History
from narrative.analysis.overview import picture
from narrative.analysis.record import OWN, SPLIT, least_pledged, rise
from narrative.books.decomposition import decomposed
from narrative.engine.run import world_at
from narrative.story.model import Priced


def seen(log: Log, at: int):
    events = list(log.read("main", 1, log.position_at("main", at)))
    return picture(History(log, "main", "small.db"), events, at)


@pytest.fixture(scope="module")
def log() -> Log:
    return lived(anchored())


def test_a_close_on_record_stands_with_its_day_and_its_shares(log: Log) -> None:
    actors = seen(log, 7 * DAY + 20 * 3600)["actors"]  # the cloud had no close that day
    assert actors["cloud"]["recorded"] == PRICES[6]["cloud"] * SHARES["cloud"]
    assert actors["chips"]["recorded"] == PRICES[7]["chips"] * 21 * 10**8
    days = {name: actors[name]["recorded_on"] for name in ("cloud", "chips", "lab")}
    day = anchored().calendar.day
    assert days == {"cloud": day(6 * DAY), "chips": day(7 * DAY), "lab": day(7 * DAY)}
    assert {actors[name]["recorded"] for name in ("index", "bank", "founder")} == {None}
    assert actors["lab"]["parts"] is None  # it had no value of its own at the opening


def test_a_close_keeps_the_shares_of_its_day_where_no_source_counts_them() -> None:
    story = anchored()
    bare = (Priced(q.moment, q.asset, q.price, None) for q in story.quotes if q.asset != "lab")
    silent = evolve(story, quotes=tuple(bare))
    # The chip maker issues on the sixth day after the close; the seventh is the first close with them.
    six = seen(lived(silent), 6 * DAY + 20 * 3600)["actors"]["chips"]
    assert six["recorded"] == PRICES[6]["chips"] * SHARES["chips"]
    assert six["valuation"] > six["recorded"]


def test_a_story_without_quotes_has_no_record_of_prices() -> None:
    story = ten_days()
    told = seen(lived(story), story.until)
    assert told["rise"] is None
    assert {(a["recorded"], a["recorded_on"], a["parts"]) for a in told["actors"].values()} == {(None,) * 3}


def test_gains_are_at_constant_shares_and_losers_stand_apart(log: Log) -> None:
    told = seen(log, 8 * DAY + CLOSE + 1)["rise"]
    cloud, chips = 95 * 10**12, 98 * 10**12
    moved = cloud * (140_000 * SHARES["cloud"] / cloud - 1), chips * (54_000 * SHARES["chips"] / chips - 1)
    assert (told["lifted"], told["lowered"], told["lost"]) == (2, 0, 0)
    assert told["gained"] == pytest.approx(sum(moved), rel=1e-8)
    assert told["issued"] == pytest.approx(54_000 * 10**8, rel=1e-6)
    fallen = seen(log, 9 * DAY + CLOSE + 1)["rise"]
    assert (fallen["lifted"], fallen["lowered"], fallen["gained"]) == (0, 2, 0)
    assert fallen["lost"] == pytest.approx(cloud - 90_000 * 10**9 + chips - 40_000 * 2 * 10**9, rel=1e-8)
    assert set(fallen["shares"].values()) == {None}


@pytest.mark.parametrize("day", [2, 5, 8, 9])
def test_the_parts_of_what_markets_moved_add_up_to_it(log: Log, day: int) -> None:
    at = day * DAY + CLOSE + 1
    world = world_at(log, "main", log.position_at("main", at))
    found = rise(world, at)
    assert found is not None
    for side in (found.up, found.down):
        parts = [side.split[name] for name in SPLIT]
        assert sum(parts) == pytest.approx(side.moved, rel=1e-12, abs=1e-3)
        ways = [side.split[name] for name in OWN]
        assert sum(ways) == pytest.approx(side.split["own"], rel=1e-12, abs=1e-3)
        assert all(part * way * side.moved >= 0 for part, way in zip(ways, (1, -1), strict=True))
    made = decomposed(world.readings, "cloud", at)
    ln = made.whole - made.opening - made.issued
    own = 95 * 10**12 * expm1(ln * 1e-9) * made.own / ln
    side = found.up if ln > 0 else found.down
    other = decomposed(world.readings, "chips", at)
    ln = other.whole - other.opening - other.issued
    if (ln > 0) == (side is found.up):
        own += 98 * 10**12 * expm1(ln * 1e-9) * other.own / ln
    assert side.split["own"] == pytest.approx(own, rel=1e-9)
    assert made.whole == pytest.approx(log_of_value(world, at), abs=2)


def test_a_loan_that_nobody_knows_is_bounded_by_the_calls_that_were_not_made(log: Log) -> None:
    events = list(log.read("main"))
    day_of = {day: day * DAY + CLOSE for day in PRICES}
    for day, least in ((1, 1), (2, 1), (8, 1), (9, 9)):
        found = least_pledged(event for event in events if event.moment <= day_of[day])["founder"]
        pledged = 2 * 10**6 if least == 9 else 10**6  # each share of the cloud is two by then
        assert found == (day_of[least], pledged * PRICES[least]["cloud"])
    (row,) = seen(log, 10 * DAY)["pledged"]
    assert (row["least"], row["least_on"]) == (9 * 10**10, anchored().calendar.day(9 * DAY))
    assert row["loan_below"] is None  # no parameter says at what loan-to-value it is called
    call = MarginCall(lender="bank", borrower="founder", loan="l", call="c", amount=1, due=9 * DAY)
    called = Event(1, DAY, "MarginCall", "recorded", "bank", (), call, b"")
    assert least_pledged([*events, called]) == {}


@pytest.mark.parametrize(
    ("day", "actor", "worth"),
    [
        ("2025-09-10", "larry-ellison", 277_000_000 * 32_833),
        ("2025-10-30", "larry-ellison", 346_000_000 * 25_689),
        ("2025-10-30", "softbank", 769_000_000 * 16_545),
    ],
)
def test_collateral_is_worth_its_close(ai: Log, day: str, actor: str, worth: int) -> None:
    at = named(AI).calendar.written(day, 16 * 3600) - 1
    world = world_at(ai, "main", ai.position_at("main", at))
    assert world.readings.collateral(actor, at) == pytest.approx(worth, rel=2e-9)


@pytest.fixture(scope="module")
def ai() -> Log:
    return lived(named(AI))


def log_of_value(world, at: int) -> float:
    return ln_of(world.readings.value("cloud", at)) * 1e9
