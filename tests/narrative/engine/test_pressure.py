"""What forced sales do to prices, equation (26): of a cloud worth 10,000 and a chip maker worth 40,000."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tiny import DAY
from support.worlds import began, grown, tale

from events.event import Draft
from events.facts import Trade
from narrative.analysis.attribution import figure
from narrative.books.decomposition import decomposed
from narrative.books.readings import LARGEST
from narrative.engine.pressure import pressure
from narrative.engine.world import World

PLAIN = {"impact": 1.0, "sector_impact": 5.0, "impact_transient": 0.4}


def sold(shares: int, **parameters: float) -> tuple[World, Trade]:
    """A world in which so many of the cloud's hundred shares were sold on the first day, and the sale."""
    story = tale(PLAIN | parameters)
    moved: dict[str, Any] = pressure(grown(story), "cloud", -shares, DAY)._asdict()
    trade = Trade(seller="lab", buyer="outside", asset="cloud", shares=shares, amount=100 * shares, **moved)
    return grown(story, (DAY, [trade])), trade


def test_a_tenth_sold_presses_its_own_price_and_every_other() -> None:
    """A tenth of the shares at a multiplier of one: 0.10, of which 0.06 stays. 1,000 of 50,000 listed at
    five: 0.10 for everyone."""
    world, trade = sold(10)
    assert (trade.impact, trade.lasting, trade.spill) == (-40_000_000, -60_000_000, -100_000_000)
    readings = world.readings
    assert readings.log_price("cloud", DAY) == pytest.approx(-0.20)
    assert readings.log_price("chips", DAY) == pytest.approx(-0.10)
    assert readings.log_price("cloud", 6 * DAY) == pytest.approx(-0.06 - 0.02 - 0.05)  # half after five days
    assert readings.log_price("chips", 6 * DAY) == pytest.approx(-0.05)
    assert readings.log_price("cloud", 400 * DAY) == pytest.approx(-0.06)
    assert readings.log_price("chips", 400 * DAY) == pytest.approx(0.0)


def test_who_moves_more_with_the_sector_feels_more_of_it() -> None:
    readings = sold(10, sector_beta=2.0, sector_beta__chips=0.5)[0].readings
    assert readings.log_price("chips", DAY) == pytest.approx(-0.05)
    assert readings.log_price("cloud", DAY) == pytest.approx(-0.10 - 0.20)


def test_the_switches_leave_the_sector_and_what_stays_out() -> None:
    _, off = sold(10, sector_impact=0.0, impact_transient=1.0)
    assert (off.impact, off.lasting, off.spill) == (-100_000_000, None, None)
    bare = grown(tale({"impact": 1.0}))  # a story that has neither
    assert pressure(bare, "cloud", -10, DAY) == (-100_000_000, None, None)


def test_shares_bought_press_the_other_way() -> None:
    world = grown(tale(PLAIN))
    down, up = (pressure(world, "cloud", shares, DAY) for shares in (-10, 10))
    assert tuple(up) == tuple(-(step or 0) for step in down)


def test_the_whole_company_dumped_at_the_ends_of_the_ranges_is_bounded() -> None:
    _, trade = sold(100, impact=3.0, sector_impact=8.0, impact_transient=0.0)
    assert (trade.impact, trade.lasting, trade.spill) == (0, -LARGEST, -LARGEST)


@given(
    shares=st.integers(1, 100),
    transient=st.floats(0, 1),
    spill=st.floats(0, 8),
    beta=st.floats(-1, 3),
    days=st.integers(0, 60),
)
def test_the_parts_of_a_price_add_up_whatever_was_sold(
    shares: int, transient: float, spill: float, beta: float, days: int
) -> None:
    world, trade = sold(
        shares, impact_transient=transient, sector_impact=spill, sector_beta__cloud=beta, sector_beta=1.0
    )
    at = (1 + days) * DAY
    made = decomposed(world.readings, "cloud", at)
    assert made is not None
    assert abs(made.faded) <= 2  # nothing was told: it is what rounding leaves
    assert made.whole == made.opening + made.flow + made.faded
    assert (trade.impact or 0) + (trade.lasting or 0) == pytest.approx(max(-shares * 10**7, -LARGEST), abs=1)


def test_why_gives_the_pressure_to_the_trade_that_made_it() -> None:
    story = tale(PLAIN | {"sector_beta__chips": 0.5})
    log, world = began(story)
    moved = pressure(world, "cloud", -10, DAY)._asdict()
    trade = Trade(seller="lab", buyer="outside", asset="cloud", shares=10, amount=1_000, **moved)
    for event in log.append("main", world.position, DAY, [(Draft("test", trade),)]):
        world.step(event)
    events = list(log.read("main"))
    for asset, ln in (("cloud", -40_000_000 - 60_000_000 - 100_000_000), ("chips", -50_000_000)):
        made = figure(world, events, asset, "valuation", DAY)
        (step,) = [part for part in made.parts if part.role == "step"]
        assert step.row.kind == "Trade"
        assert step.ln == pytest.approx(ln, abs=1)
        assert made.residual_ln == 0
