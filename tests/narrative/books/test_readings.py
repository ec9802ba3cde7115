"""Values of companies that have no price: registers that rounds alone move."""

import pytest
from support.tiny import DAY, story, told
from support.worlds import grown

from events.errors import Overflow
from events.facts import Announcement, Trade
from events.funding_facts import Funding
from events.market_facts import PolicyRate, Repricing


def a_round(post_money: int) -> Funding:
    return Funding(company="lab", investor="outside", amount=70, post_money=post_money)


def test_neither_news_nor_the_central_bank_moves_a_private_value() -> None:
    step = Repricing(asset="lab", fast=200_000_000, lasting=300_000_000, log_mark=None)
    surprise = PolicyRate(bank="cloud", rate=500, surprise=100)
    world = grown(story(()), (DAY, [a_round(5_000)]), (2 * DAY, [step, surprise]))
    for at in (2 * DAY, 3 * DAY, 80 * DAY):
        assert world.readings.value("lab", at) == 5_000
    assert world.readings.registered("lab")
    assert not world.readings.registered("cloud")


def test_between_a_round_and_its_mark_nothing_spikes() -> None:
    """Readers had made it dearer by e^0.5 when a round set another price: the round's price is the value at
    once, an hour before the market has marked it."""
    world = grown(
        story(()), (DAY, [Repricing(asset="lab", lasting=500_000_000)]), (2 * DAY, [a_round(7_000)])
    )
    assert world.readings.value("lab", 2 * DAY) == 7_000


def test_the_next_round_may_follow_what_was_read_since_the_mark() -> None:
    mark = Repricing(asset="lab", log_mark=500_000_000)
    world = grown(
        story(()),
        (DAY, [Repricing(asset="lab", lasting=500_000_000), a_round(7_000), mark]),
        (2 * DAY, [Repricing(asset="lab", lasting=693_147_181)]),
    )
    assert world.readings.implied("lab", 2 * DAY) == 14_000
    assert world.readings.value("lab", 2 * DAY) == 7_000


def test_a_rate_moves_prices_through_its_surprise_alone() -> None:
    """With a duration of 5, 25 points unexpected are 1.25 %; an expected step of 200 is nothing."""
    plain, expected, unexpected = (
        grown(story(()), (DAY, facts)).readings.log_price("cloud", 2 * DAY)
        for facts in (
            [Announcement(subject="lab", told=told("words"))],
            [PolicyRate(bank="lab", rate=300, surprise=0)],
            [PolicyRate(bank="lab", rate=300, surprise=25)],
        )
    )
    assert plain == expected == 0.0
    assert unexpected == -5.0 * 25 / 1e4


def test_values_together_are_each_asset_s_value() -> None:
    """A register, an unknown company and listed ones that news, trades and the sector move."""
    trade = Trade(
        seller="outside", buyer="lab", asset="cloud", shares=1, amount=7, impact=30_000_000, spill=-9_000_000
    )
    facts = [a_round(5_000), Repricing(asset="cloud", fast=90_000_000, slow=-7_000_000, lasting=3_000_000)]
    world = grown(
        story(()), (DAY, [*facts, trade]), (2 * DAY, [PolicyRate(bank="lab", rate=300, surprise=9)])
    )
    names = [*(actor.id for actor in world.story.actors), "nobody"]
    for at in (2 * DAY, 2 * DAY + 5_000, 90 * DAY):
        found = world.readings.values(names, at)
        assert found == {name: world.readings.value(name, at) for name in names}
        assert (found["lab"], found["nobody"]) == (5_000, None)
        value, belief, _ = world.readings.believed("cloud", at)
        assert (value, belief) == (found["cloud"], world.readings.belief("cloud", at))


def test_a_value_beyond_counting_is_refused_alone_and_together() -> None:
    far = grown(story(()), (DAY, [Repricing(asset="cloud", lasting=2**52)])).readings
    with pytest.raises(Overflow, match="beyond what can be counted"):
        far.value("cloud", DAY)
    with pytest.raises(Overflow, match="beyond what can be counted"):
        far.values(["cloud"], DAY)
