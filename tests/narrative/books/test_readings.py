"""Values of companies that have no price: registers that rounds alone move."""

from support.tiny import DAY, story, told
from support.worlds import grown

from events.facts import Announcement
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
