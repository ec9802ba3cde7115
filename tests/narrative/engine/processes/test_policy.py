"""A central bank at 4 percent, over a cloud worth 10^13 and chips worth five times as much."""

from math import exp
from typing import Any

import pytest
from attrs import evolve
from support.credit import ACTORS, CLOSE, Life, credit
from support.lives import lived
from support.tiny import DAY, entry, told
from support.worlds import facts_of

from events.market_facts import Liquidity, PolicyRate, Repricing
from narrative.engine.loans import lending_rate
from narrative.engine.processes.policy import above_mean, decide, due
from narrative.story.cast import Part
from narrative.story.model import Actor, Balance, Entry, Role, Story
from narrative.testing import cut_anywhere

BANK = Part("policy", "fed")
TERMS = {
    "policy_reaction": 5.0,
    "policy_review": 45.0,
    "policy_surprise": 0.2,
    "policy_liquidity": 0.5,
    "lending_rate": 300.0,
    "trend_half_life_slow": 60.0,
}
OPENED = Balance(account="rate", number=400, moment=0, source="the test", confidence="assumption")
FED = Actor(id="fed", name="Fed", roles=("central-bank",), opening=(OPENED,))
SURE = {"policy_reaction": 1e6}


def money(entries: tuple[Entry, ...] = (), **parameters: float) -> Story:
    plain = credit((Role(process="policy", latency=1, of=("fed",)),), entries=entries, **(TERMS | parameters))
    return evolve(plain, actors=(*ACTORS, FED))


def moved(step: float, **parameters: float) -> Life:
    """Both shares move by so much in ln."""
    whole = round(step * 1e9)
    facts = [Repricing(asset=asset, lasting=whole, attributed=whole) for asset in ("cloud", "chips")]
    return Life(money(**parameters)).told(2, *facts)


def decided(life: Life, now: int) -> list[Any]:
    return [fact for act in facts_of(decide(life.world, BANK, now)) for fact in act]


def test_the_total_is_below_its_mean_by_what_has_not_faded_of_a_fall() -> None:
    life = moved(-0.2)
    assert above_mean(life.world, 2) == pytest.approx(-0.2)
    assert above_mean(life.world, 2 + 60 * DAY) == pytest.approx(-0.1)
    only = round(-0.2 * 1e9)
    one = Life(money()).told(2, Repricing(asset="cloud", lasting=only, attributed=only))
    worth = exp(-0.2) * 1e13
    assert above_mean(one.world, 2) == pytest.approx(-0.2 * worth / (worth + 5e13))


def test_a_fall_is_answered_by_a_quarter_of_a_percent_and_money() -> None:
    """A fifth of 25 basis points is a surprise; half a standard deviation of liquidity is added."""
    assert decided(moved(-0.2, **SURE), 45 * DAY) == [
        PolicyRate(bank="fed", rate=375, surprise=-5),
        Liquidity(bank="fed", impulse=500_000_000),
    ]


def test_how_often_it_cuts_rises_with_the_fall() -> None:
    """At a fall of 0.1 by the chance 1 - exp(-5 * 0.1) = 0.39, at 0.4 by 0.86: of 400 seeds."""
    for fall, chance in ((0.1, 1 - exp(-0.5)), (0.4, 1 - exp(-2.0))):
        cuts = 0
        for seed in range(400):
            life = Life(money(trend_half_life_slow=1e7), seed=seed)
            step = round(-fall * 1e9)
            for asset in ("cloud", "chips"):
                life.told(life.world.position + 2, Repricing(asset=asset, lasting=step, attributed=step))
            cuts += bool(decided(life, 45 * DAY))
        assert cuts / 400 == pytest.approx(chance, abs=4 * (chance * (1 - chance) / 400) ** 0.5)


def test_a_market_that_stands_or_rises_is_left_alone() -> None:
    assert decided(moved(0.0, **SURE), 45 * DAY) == []
    assert decided(moved(0.3, **SURE), 45 * DAY) == []


def test_what_it_cut_it_takes_back_and_no_more() -> None:
    life = moved(0.3, **SURE).told(3, PolicyRate(bank="fed", rate=390, surprise=0))
    assert decided(life, 45 * DAY) == [
        PolicyRate(bank="fed", rate=400, surprise=2),
        Liquidity(bank="fed", impulse=-200_000_000),
    ]


def test_the_rate_last_told_is_the_one_it_returns_to() -> None:
    cut = evolve(PolicyRate(bank="fed", rate=300, surprise=0), told=told("cut"))
    life = Life(money((entry("cut", 1, cut),), **SURE))
    rise = 300_000_000
    life.told(2, PolicyRate(bank="fed", rate=290, surprise=0))
    life.told(3, *(Repricing(asset=one, lasting=rise, attributed=rise) for one in ("cloud", "chips")))
    assert decided(life, 45 * DAY)[0].rate == 300


def test_a_rate_ends_at_nothing() -> None:
    life = moved(-0.2, **SURE).told(3, PolicyRate(bank="fed", rate=10, surprise=0))
    assert decided(life, 45 * DAY)[0].rate == 0
    life.told(4, PolicyRate(bank="fed", rate=0, surprise=0))
    assert decided(life, 45 * DAY) == []
    assert decided(moved(-0.2, **SURE).told(3, PolicyRate(bank="fed", rate=-50, surprise=0)), 45 * DAY) == []


def test_a_cut_makes_loans_cheaper_and_lifts_prices() -> None:
    """5 basis points of surprise at a duration of 5 years, and half a deviation of money at 0.015."""
    life = moved(-0.2, duration=5.0, liquidity_sensitivity=0.015, **SURE)
    now = 45 * DAY
    before = life.world.readings.log_price("cloud", now)
    assert lending_rate(life.world, "bank") == 700
    life.told(now, *decided(life, now))
    assert lending_rate(life.world, "bank") == 675
    assert life.world.readings.log_price("cloud", now) - before == pytest.approx(0.0025 + 0.0075)


def test_it_meets_at_reviews_and_not_at_all_where_it_does_not_react() -> None:
    assert due(moved(0.0).world, BANK, CLOSE) == 45 * DAY + CLOSE
    assert due(moved(0.0, policy_reaction=0.0).world, BANK, 10) is None
    plain = evolve(money(), actors=(*ACTORS, evolve(FED, opening=())))
    assert due(Life(plain).world, BANK, 10) is None


NEUTRAL = {"policy_neutral": 390.0, "policy_pace": 1.0}


def test_it_comes_down_to_its_neutral_rate_whatever_the_market_does_and_stays_there() -> None:
    for step in (0.0, 0.3):
        life = moved(step, **NEUTRAL)
        assert decided(life, 45 * DAY)[0] == PolicyRate(bank="fed", rate=390, surprise=-2)
        life.told(45 * DAY, PolicyRate(bank="fed", rate=390, surprise=0))
        assert decided(life, 90 * DAY) == []


def test_from_below_it_returns_to_its_neutral_rate_and_no_further() -> None:
    life = moved(0.3, **NEUTRAL, **SURE).told(3, PolicyRate(bank="fed", rate=380, surprise=0))
    assert decided(life, 45 * DAY)[0].rate == 390


def test_how_often_it_comes_down_is_its_pace() -> None:
    cuts = sum(
        bool(decided(Life(money(**NEUTRAL | {"policy_pace": 0.3}), seed=s), 45 * DAY)) for s in range(400)
    )
    assert cuts / 400 == pytest.approx(0.3, abs=4 * (0.3 * 0.7 / 400) ** 0.5)
    still = moved(0.0, policy_reaction=0.0, **NEUTRAL | {"policy_pace": 0.0})
    assert due(still.world, BANK, 10) is None
    assert due(moved(0.0, policy_reaction=0.0, **NEUTRAL).world, BANK, 10) is not None


def test_a_crash_that_it_answers_is_the_same_from_every_cut() -> None:
    fall = Repricing(asset="chips", lasting=-400_000_000, attributed=-400_000_000)
    crash = entry("crash", 20 * DAY, evolve(fall, told=told("crash")))
    plain = money((crash,), **SURE)
    log = lived(plain)
    kinds = [event.kind for event in log.read("main")]
    assert kinds.count("PolicyRate") == kinds.count("Liquidity") > 1
    assert cut_anywhere("policy", plain) > 3
