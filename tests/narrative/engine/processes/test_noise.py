"""Chance in prices: a cloud and chips that are listed, and a lab that is not."""

from statistics import mean, stdev
from typing import Any

import pytest
from attrs import evolve
from support.anchored import anchored
from support.credit import CLOSE, Life, broken, credit
from support.lives import lived
from support.tiny import DAY
from support.worlds import facts_of

from narrative.books.readings import LARGEST
from narrative.engine.processes.noise import decide, due
from narrative.engine.run import world_at
from narrative.engine.world import unfold
from narrative.story.cast import Part
from narrative.story.model import Role
from narrative.testing import cut_anywhere

MARKET = Part("noise", "market")
ROLE = Role(process="noise", latency=1)


def life(seed: int = 1, **parameters: float) -> Life:
    return Life(credit((ROLE,), **({"noise_daily": 0.03} | parameters)), seed=seed)


def drawn(one: Life, now: int) -> dict[str, Any]:
    return {fact.asset: fact for (fact,) in facts_of(decide(one.world, MARKET, now))}


def test_steps_have_the_spread_that_is_asked_for_and_no_drift() -> None:
    one = life(impact_transient=1.0)
    steps = [drawn(one, day * DAY + CLOSE)["cloud"].impact / 1e9 for day in range(4_000)]
    assert stdev(steps) == pytest.approx(0.03, rel=4 / (2 * 4_000) ** 0.5)
    assert abs(mean(steps)) < 4 * 0.03 / 4_000**0.5


def test_each_listed_share_has_its_own_and_moves_nothing_else() -> None:
    found = drawn(life(impact_transient=0.4, noise_daily__chips=0.0), CLOSE)
    assert list(found) == ["cloud"]
    fact = found["cloud"]
    assert (fact.seller, fact.buyer, fact.shares, fact.amount) == ("outside", "outside", None, None)
    whole = fact.impact + fact.lasting
    assert abs(fact.impact - 0.4 * whole) <= 1


def test_a_step_is_bounded() -> None:
    for day in range(20):
        for fact in drawn(life(noise_daily=50.0, impact_transient=1.0), day * DAY).values():
            assert abs(fact.impact) <= LARGEST


def test_it_is_drawn_at_an_address_and_off_at_nothing() -> None:
    assert drawn(life(), CLOSE) == drawn(life(announce_rate=9.0), CLOSE) != drawn(life(2), CLOSE)
    assert due(life().world, MARKET, 0) == CLOSE
    assert due(life(noise_daily=0.0).world, MARKET, 0) is None


def test_nothing_is_drawn_where_prices_are_quoted() -> None:
    plain = anchored()
    assert plain.record is not None
    role = evolve(plain.cast, role=(*plain.cast.role, ROLE))
    least = evolve(plain.parameters[0], name="noise_daily", value=0.02, reads="acting")
    noisy = evolve(plain, cast=role, parameters=(*plain.parameters, least))
    log = lived(noisy, cast="full")
    first = due(world_at(log, "main"), MARKET, plain.start)
    assert first is not None
    assert first > plain.record.until
    drawn_at = [event.moment for event in log.read("main") if event.kind == "Trade"]
    assert all(moment > plain.record.until for moment in drawn_at)


def test_its_history_is_conserved_and_the_same_from_every_cut() -> None:
    plain = evolve(life().world.story, until=40 * DAY)
    for world in unfold(lived(plain).read("main")):
        assert broken(world) == []
    assert cut_anywhere("noise", plain) == 40
