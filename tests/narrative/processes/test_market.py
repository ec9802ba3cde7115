"""How the market hears what processes did, which nobody told."""

import pytest
from tiny import DAY
from worlds import grown, played, tale

from events.facts import Announcement, Delay, Order, Retraction, Sale
from narrative.processes.market import decide
from narrative.scenario import Role

READS = {
    "Announcement": ("subject",),
    "Order": ("seller",),
    "Delay": ("subject",),
    "Sale": ("seller",),
    "Retraction": ("subject",),
}
ROLE = Role(process="market", latency=60, reads=READS)


def heard(fact: object, **voice: float) -> list[int | None]:
    """The lasting parts of what the market makes of one modelled fact, a quarter of each step."""
    world = grown(tale({"modelled_tone": 0.8, "modelled_strength": 0.5} | voice, (), (ROLE,)), (DAY, [fact]))
    acts = decide(world, played(world, "market", "market"), DAY + 60)
    return [draft.fact.lasting for act in acts for draft in act]


def test_a_modelled_order_is_good_news_of_the_story_s_tone_and_strength() -> None:
    order = Order(buyer="lab", seller="cloud", order="o", amount=2_500)
    step = 0.8 * 0.5 * 0.5 * 0.5  # tone, strength, c, (2,500 / 10,000) ** 0.5
    assert heard(order) == [pytest.approx(step / 4 * 1e9)]


def test_a_modelled_delay_is_bad_news() -> None:
    assert heard(Delay(subject="cloud")) == [pytest.approx(-0.8 * 0.5 * 0.05 / 4 * 1e9)]


def test_a_kind_without_a_sign_moves_no_price() -> None:
    assert heard(Sale(seller="cloud", amount=500)) == []
    assert heard(Retraction(subject="cloud", ceiling=500)) == []


def test_no_tone_or_no_strength_moves_no_price() -> None:
    words = Announcement(subject="cloud", ceiling=500)
    assert heard(words, modelled_tone=0.0) == []
    assert heard(words, modelled_strength=0.0) == []
