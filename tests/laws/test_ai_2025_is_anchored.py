"""ai-2025 is anchored to its record: prices are quotes, what the news leaves open is a logged part, and a
branch moves the recorded world. Expected sums are worked out by hand from closes that others know.
"""

import shutil
from collections.abc import Iterator
from functools import cache
from math import exp, log
from pathlib import Path

import pytest
from attrs import evolve
from support.asking import ask
from support.full_cast import history as full
from support.lives import AI, lived, named

from events.event import Event
from events.log import Log
from events.market_facts import Quote, Repricing, Residual
from narrative.books.decomposition import decomposed
from narrative.books.readings import NANO
from narrative.engine.run import world_at
from narrative.engine.world import World, unfold
from narrative.story.catalogue import find_story
from narrative.story.model import INDEX, Story
from narrative.story.observed import read_observed
from narrative.whatif.prepared import what_if_file

STORY: Story = named(AI)
INDICES = {actor.id for actor in STORY.actors if INDEX in actor.roles}


@cache
def history() -> Log:
    """The record and its market, with the prepared what-if that takes Oracle's contract away."""
    log_ = lived(STORY)
    ask(log_, "without", from_=what_if_file("no-oracle-contract", find_story(AI)))
    return log_


def at_quotes(branch: str) -> Iterator[tuple[int, World]]:
    """The world at each moment with residuals, once all of them are posted; the same object every time."""
    events = list(history().read(branch))
    for event, world in zip(events, unfold(iter(events)), strict=True):
        last = event.position == len(events) or events[event.position].moment > event.moment
        if last and isinstance(event.fact, Residual):
            yield event.moment, world


@cache
def quotes() -> dict[int, dict[str, int]]:
    """What the record says was paid, by the moment at which it is posted."""
    found: dict[int, dict[str, int]] = {}
    for event in history().read("main"):
        if isinstance(event.fact, Quote) and event.fact.asset not in INDICES:
            found.setdefault(event.moment + 1, {})[event.fact.asset] = event.fact.price
    return found


def closing(day: str) -> World:
    """The world of the record one second before the close of a day, when its quotes have been read."""
    log_ = history()
    moment = STORY.calendar.at(f"{day}T15:59:59")
    return world_at(log_, "main", log_.position_at("main", moment))


# --- prices -------------------------------------------------------------------------------------


def test_every_price_is_the_quote_once_its_residual_is_posted() -> None:
    paid, found = quotes(), 0
    for moment, world in at_quotes("main"):
        for asset, price in paid[moment].items():
            assert world.readings.price(asset, moment) == pytest.approx(price, rel=1e-9), (asset, moment)
            found += 1
    assert found == sum(map(len, paid.values())) > 2_000


@pytest.mark.parametrize(
    ("asset", "day", "cents", "shares", "millions"),
    [
        ("oracle", "2025-09-10", 32833, 2_808_833_000, 922_224),
        ("amd", "2025-10-06", 20371, 1_622_843_689, 330_589),
        ("nvidia", "2025-10-30", 20289, 24_300_000_000, 4_930_227),
        ("oracle", "2025-10-30", 25689, 2_841_714_000, 730_008),
        ("microsoft", "2025-10-28", 54207, 7_433_166_379, 4_029_296),
        ("coreweave", "2025-03-28", 4000, 473_480_931, 18_939),
    ],
)
def test_closes_that_others_know(asset: str, day: str, cents: int, shares: int, millions: int) -> None:
    world = closing(day)
    assert round(cents * shares / 10**8) == millions
    assert world.readings.price(asset, world.moment) == pytest.approx(cents, rel=1e-9)
    assert world.readings.value(asset, world.moment) == pytest.approx(cents * shares, rel=1e-9)


@pytest.mark.parametrize(
    ("holder", "asset", "day", "shares", "dollars"),
    [
        ("larry-ellison", "oracle", "2025-09-10", 277_000_000, 90_947_410_000),
        ("larry-ellison", "oracle", "2025-10-30", 346_000_000, 88_883_940_000),
        ("softbank", "arm", "2025-10-30", 769_000_000, 127_231_050_000),
    ],
)
def test_collateral_at_closes(holder: str, asset: str, day: str, shares: int, dollars: int) -> None:
    world = closing(day)
    assert world.readings.pledges(holder) == {asset: shares}
    assert world.readings.collateral(holder, world.moment) == pytest.approx(dollars * 100, rel=1e-9)


# --- parts --------------------------------------------------------------------------------------


def moved(world: World, asset: str) -> int:
    """The parts of a price since the opening, without the shares issued since, in 1e-9 ln."""
    parts = decomposed(world.readings, asset, world.moment)
    assert parts is not None
    return parts.whole - parts.opening - parts.issued


def test_the_parts_of_oracles_price_are_the_whole_of_its_rise() -> None:
    assert round(log(328.33 / 139.45), 9) == 0.856313086
    assert moved(closing("2025-09-10"), "oracle") == pytest.approx(856_313_086, abs=2)


@pytest.mark.parametrize(("market", "sector", "weight"), [(0.0, 0.0, 1.0), (-1.7, 2.9, 0.3)])
def test_they_are_whatever_the_betas(market: float, sector: float, weight: float) -> None:
    other = {"market_beta": market, "sector_beta": sector, "sector_weight_in": weight}
    parameters = tuple(
        evolve(one, value=other.get(one.name.partition(".")[0], one.value)) for one in STORY.parameters
    )
    moment = STORY.calendar.at("2025-09-10T15:59:59")
    record = tuple(quote for quote in STORY.quotes if quote.moment < moment)
    log_ = lived(evolve(STORY, parameters=parameters, quotes=record), until=moment)
    assert moved(world_at(log_, "main"), "oracle") == pytest.approx(856_313_086, abs=2)


def test_policy_took_more_than_a_hundredth_from_every_price_by_october_2025() -> None:
    """24 basis points of surprises, at 5 a year of duration."""
    for asset in ("oracle", "nvidia", "microsoft"):
        parts = decomposed(closing("2025-10-30").readings, asset, STORY.calendar.at("2025-10-30T15:59:59"))
        assert parts is not None
        assert parts.policy == -12_000_000


# --- branches -----------------------------------------------------------------------------------


def steps(branch: str) -> dict[str, list[tuple[int, Repricing]]]:
    """What the news did to each price, and when, in a branch."""
    found: dict[str, list[tuple[int, Repricing]]] = {}
    for event in history().read(branch):
        if isinstance(event.fact, Repricing):
            found.setdefault(event.fact.asset, []).append((event.moment, event.fact))
    return found


def read(world: World, moment: int) -> dict[str, tuple[float, float, int | None]]:
    """Of each company quoted then: its price, the ln of it that is told, and its value."""
    readings, found = world.readings, {}
    for asset in quotes()[moment]:
        price = readings.price(asset, moment)
        assert price is not None
        told = readings.log_price(asset, moment) - NANO * readings.unexplained(asset)
        found[asset] = (price, told, readings.value(asset, moment))
    return found


def test_a_branch_is_the_record_times_what_is_supposed_at_every_quote() -> None:
    """Equation (18); and whom nothing supposed touches equals the record to the unit."""
    ours, theirs = steps("main"), steps("without")
    touched = {asset for asset in ours.keys() | theirs.keys() if ours.get(asset) != theirs.get(asset)}
    assert "oracle" in touched
    alike = lower = 0
    record = {moment: read(world, moment) for moment, world in at_quotes("main")}
    for moment, world in at_quotes("without"):
        for asset, (price, told, value) in read(world, moment).items():
            paid, told_there, value_there = record[moment][asset]
            assert paid == pytest.approx(quotes()[moment][asset], rel=1e-9)
            assert log(price / paid) == pytest.approx(told - told_there, abs=1e-9), (asset, moment)
            assert price == pytest.approx(paid * exp(told - told_there), rel=1e-9)
            if asset not in touched:
                assert value == value_there
                alike += 1
            elif asset == "oracle" and price < paid * 0.9:
                lower += 1
    assert alike > 1_500
    assert lower > 20


def test_a_branch_posts_the_residuals_of_the_record() -> None:
    assert residuals(history().read("without")) == residuals(history().read("main"))


# --- the reference ------------------------------------------------------------------------------


def residuals(events: Iterator[Event]) -> dict[tuple[int, str], Residual]:
    return {
        (event.moment, event.fact.asset): event.fact for event in events if isinstance(event.fact, Residual)
    }


def test_the_reference_is_free_of_seed_and_cast() -> None:
    wanted = residuals(history().read("main"))
    assert len(wanted) > 2_000
    for other in (lived(STORY, seed=2), full(1), full(2)):
        assert residuals(other.read("main")) == wanted


WILD = """
[[observation]]
date = 2026-05-15
actor = "nvidia"
kind = "market_value"
value = 99
unit = "USD tn"
source = "the test"
confidence = "low"

[[observation]]
date = 2026-05-18
actor = "oracle"
kind = "return_pct"
value = -99
source = "the test"
confidence = "low"
event_ids = ["ai-2025-143"]
"""


@pytest.mark.parametrize("cast", ["market", "full"])
def test_a_wild_observation_after_the_record_changes_no_byte(
    cast: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = lived(STORY, cast=cast).head("main").digest
    shutil.copytree(find_story(AI), tmp_path / AI)
    with (tmp_path / AI / "observed.toml").open("a", encoding="utf-8") as file:
        file.write(WILD)
    monkeypatch.chdir(tmp_path)  # where the story is found by its name
    wild = named(AI)
    last = read_observed(tmp_path / AI, wild).last("nvidia", STORY.calendar.at("2026-05-15"))
    assert last is not None
    assert last.value == 99 * 10**14
    assert wild.dump() == STORY.dump()
    assert lived(wild, cast=cast).head("main").digest == digest
