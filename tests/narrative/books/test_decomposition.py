"""The parts of a value, each worked out from what the story says, and their sum."""

from math import log

import pytest
from support.anchored import CLOSE, PRICES, anchored
from support.lives import AI, lived, named
from support.tiny import DAY

from narrative.books.decomposition import decomposed
from narrative.engine.run import world_at


def test_at_a_quote_the_parts_sum_to_the_quoted_value():
    history = lived(anchored(), until=9 * DAY + CLOSE + 1)
    world = world_at(history, "main")
    for asset, shares in (("cloud", 2 * 10**9), ("chips", 21 * 10**8)):
        parts = decomposed(world.readings, asset, world.moment)
        assert parts.whole == pytest.approx(log(PRICES[9][asset] * shares) * 1e9, abs=2)


def test_each_part_is_what_its_cause_did():
    history = lived(anchored(), until=9 * DAY + CLOSE + 1)
    world = world_at(history, "main")
    parts = decomposed(world.readings, "cloud", world.moment)
    assert parts.opening == round(log(95 * 10**12) * 1e9)
    assert parts.told == pytest.approx(0.05e9, abs=3)  # 0.5 * sqrt(1e12 / 1e14)
    assert parts.faded < 0
    assert (parts.flow, parts.liquidity, parts.issued) == (0, 0, 0)
    assert parts.policy == 5_000_000  # 5 x 10 bp
    chips = decomposed(world.readings, "chips", world.moment)
    assert chips.issued == round(log(21 / 20) * 1e9)
    assert chips.told == 0


def test_a_private_company_has_no_parts():
    world = world_at(lived(anchored()), "main")
    assert decomposed(world.readings, "lab", world.moment) is None


@pytest.mark.parametrize("cast", ["market", "full"])
def test_the_parts_of_every_listed_company_give_its_value(cast):
    world = world_at(lived(named(AI), cast=cast), "main")
    found = 0
    for actor in sorted(world.listed):
        parts, value = (
            decomposed(world.readings, actor, world.moment),
            world.readings.value(actor, world.moment),
        )
        if parts is not None:
            found += 1
            assert parts.whole == pytest.approx(log(value) * 1e9, abs=2)
    assert found > 10
