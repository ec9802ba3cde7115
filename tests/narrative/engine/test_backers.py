"""Prices that buyers give for a private company, worked out by hand. The lab's last round was at 1,000
billion units; sales of 100 billion a year that do not grow are worth ten times that in two years, and so,
at 25 percent a year, 640 billion today.
"""

from math import exp, log

import pytest
from support.credit import BUYERS, CLOSE, Life, credit
from support.tiny import DAY

from events.facts import Sale
from events.fields import Fact
from events.funding_facts import Funding, Shortfall
from events.market_facts import Repricing
from narrative.engine.backers import worth
from narrative.engine.level import level
from narrative.engine.processes.funding import pre_money
from narrative.story.model import Role

REVIEW = 30 * DAY + CLOSE
LAST, GIVEN = 1_000_000_000_000, 640_000_000_000
TERMS = BUYERS | {"exit_sales": 10.0, "fund_least": 0.65}
AGE = REVIEW - 1
# a sale that says of the story so far: 100 billion a year
FLAT = Sale(seller="lab", amount=round(100_000_000_000 * (1 - exp(-AGE / (365.25 * DAY)))))


def lived(*facts: Fact) -> Life:
    life = Life(credit((Role(process="funding", latency=1, of=("lab",)),), **TERMS))
    return life.told(AGE, FLAT, *facts)


def asked(*facts: Fact) -> int | None:
    return pre_money(lived(*facts).world, "lab", REVIEW)


def market(part: float) -> list[Repricing]:
    """All that is listed at so much of what it opened with."""
    return [Repricing(asset=one, lasting=round(log(part) * 1e9)) for one in ("cloud", "chips")]


def test_owners_who_need_not_sell_take_no_less_than_the_least() -> None:
    assert asked() is None  # 640 are less than 0.65 of 1,000


def test_who_was_short_since_its_last_round_takes_what_is_given() -> None:
    short = Shortfall(actor="lab", needed=900_000_000_000, room=0)
    assert asked(short) == pytest.approx(GIVEN, rel=1e-6)
    assert asked(short, Funding(company="lab", investor="outside", post_money=LAST)) is None


def test_the_multiple_falls_with_what_is_listed_and_does_not_rise_with_it() -> None:
    """A third party's shares at 40 percent: 256 are given for what was worth 640."""
    for part, given in ((0.4, 256_000_000_000), (1.0, GIVEN), (2.0, GIVEN)):
        world = lived(*market(part)).world
        assert level(world, REVIEW) == pytest.approx(part, rel=1e-6)
        assert worth(world, "lab", REVIEW) == pytest.approx(given, rel=1e-6)
