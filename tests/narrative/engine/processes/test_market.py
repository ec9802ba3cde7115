"""How the market hears what processes did, which nobody told."""

import pytest
from support.tiny import DAY
from support.worlds import began, grown, played, tale

from events.event import Draft
from events.facts import Announcement, Delay, Investment, Order, Retraction, Sale, Writedown
from events.fields import Fact
from events.funding_facts import Default, Funding
from events.market_facts import Quote
from narrative.engine.chance import Chance
from narrative.engine.processes.market import decide
from narrative.story.model import Role

READS = {
    "Announcement": ("subject",),
    "Order": ("seller",),
    "Delay": ("subject",),
    "Sale": ("seller",),
    "Retraction": ("subject",),
    "Funding": ("company",),
    "Investment": ("company",),
    "Cancellation": ("seller",),
    "Writedown": ("asset",),
    "Default": ("debtor",),
}
ROLE = Role(process="market", latency=60, reads=READS)


def heard(fact: object, seed: int = 1, **voice: float) -> list[int | None]:
    """The lasting parts of what the market makes of one modelled fact, a quarter of each step."""
    plain = {"modelled_tone": 0.8, "modelled_strength": 0.5, "words_tone": 0.2, "words_spread": 0.6}
    world = grown(tale(plain | voice, (), (ROLE,)), (DAY, [fact]), seed=seed)
    acts = decide(world, played(world, "market", "market"), DAY + 60)
    return [draft.fact.lasting for act in acts for draft in act]


def test_a_modelled_order_is_good_news_of_the_story_s_tone_and_strength() -> None:
    order = Order(buyer="lab", seller="cloud", order="o", amount=2_500)
    step = 0.8 * 0.5 * 0.5 * 0.5  # tone, strength, c, (2,500 / 10,000) ** 0.5
    assert heard(order) == [pytest.approx(step / 4 * 1e9)]


def test_a_modelled_delay_is_bad_news() -> None:
    assert heard(Delay(subject="cloud")) == [pytest.approx(-0.8 * 0.5 * 0.05 / 4 * 1e9)]


GOOD = (
    Order(buyer="lab", seller="cloud", order="o", amount=2_500),
    Funding(company="cloud", investor="outside", amount=2_500),
    Investment(investor="chips", company="cloud", amount=2_500),
)
BAD = (Writedown(holder="chips", asset="cloud", amount=2_500),)


@pytest.mark.parametrize(("sign", "fact"), [(1, fact) for fact in GOOD] + [(-1, fact) for fact in BAD])
def test_money_put_in_lifts_a_price_and_money_given_up_lowers_it(sign: int, fact: Fact) -> None:
    """A buyer, a round and an investor are good news of a company; a stake that its holder writes down is
    bad news of it, all of 2,500 to a company worth 10,000."""
    step = 0.8 * 0.5 * 0.5 * (2_500 / 10_000) ** 0.5  # tone, strength, c, root of the share in its value
    assert heard(fact) == [pytest.approx(sign * step / 4 * 1e9)]


def test_a_default_is_bad_news_of_the_debtor() -> None:
    assert heard(Default(debtor="cloud", moment=DAY)) == [pytest.approx(-0.8 * 0.5 * 0.05 / 4 * 1e9)]


def test_a_kind_without_a_sign_moves_no_price() -> None:
    assert heard(Sale(seller="cloud", amount=500)) == []
    assert heard(Retraction(subject="cloud", ceiling=500)) == []


def test_words_are_taken_well_or_ill_by_a_draw_of_their_own() -> None:
    words = Announcement(subject="cloud", ceiling=2_500)
    full = 0.5 * 0.5 * 0.5 / 4 * 1e9  # strength, c, root of a quarter; the lasting quarter
    mark = Chance(1).uniform("market", "market: how words are taken", "test", DAY)
    assert heard(words) == [pytest.approx((0.2 + (2 * mark - 1) * 0.6) * full, abs=1)]
    assert heard(words, words_spread=0.0) == [pytest.approx(0.2 * full, abs=1)]
    taken = [heard(words, seed=seed)[0] for seed in range(1, 30)]
    assert min(taken) < 0 < max(taken)
    assert all(-0.4 * full - 1 < lasting < 0.8 * full + 1 for lasting in taken)


def test_whoever_words_touch_they_are_taken_alike() -> None:
    words = Announcement(subject="cloud", counterparty="chips", ceiling=2_500)
    reads = {"Announcement": ("subject", "counterparty")}
    role = Role(process="market", latency=60, reads=reads)
    plain = {"modelled_tone": 0.8, "modelled_strength": 0.5, "words_tone": 0.2, "words_spread": 0.6}
    world = grown(tale(plain, (), (role,)), (DAY, [words]))
    tones = {act[0].fact.tone for act in decide(world, played(world, "market", "market"), DAY + 60)}
    assert len(tones) == 1


def test_no_tone_or_no_strength_moves_no_price() -> None:
    order = Order(buyer="lab", seller="cloud", order="o", amount=500)
    assert heard(order, modelled_tone=0.0) == []
    assert heard(order, modelled_strength=0.0) == []
    assert heard(Announcement(subject="cloud", ceiling=500), words_tone=0.0, words_spread=0.0) == []


def test_what_the_record_took_back_without_a_word_moves_no_price() -> None:
    plain = {"modelled_tone": 0.8, "modelled_strength": 0.5, "words_tone": 0.2, "words_spread": 0.0}
    log, world = began(tale(plain, (), (ROLE,)))
    undone = (Draft("story", Announcement(subject="cloud", ceiling=500), "recorded"),)
    for event in log.append("main", world.position, DAY, [undone]):
        world.step(event)
    assert decide(world, played(world, "market", "market"), DAY + 60) == []


@pytest.mark.parametrize("failed", [False, True])
def test_news_of_who_was_in_default_is_held_against_its_value_and_not_its_last_quote(failed: bool) -> None:
    """A hundred shares stand at a last quote of 10,000; in this history all of them are worth that."""
    said = [
        Quote(asset="cloud", price=10_000, moment=DAY),
        *([Default(debtor="cloud", moment=DAY)] if failed else []),
    ]
    plain = {"modelled_tone": 0.8, "modelled_strength": 0.5}
    order = Order(buyer="lab", seller="cloud", order="o", amount=2_500)
    world = grown(tale(plain, (), (ROLE,)), (DAY, said), (2 * DAY, [order]))
    value = world.readings.value("cloud", 2 * DAY)
    assert value == 10_000
    acts = decide(world, played(world, "market", "market"), 2 * DAY + 60)
    steps = [draft.fact.lasting for act in acts for draft in act if draft.fact.lasting is not None]
    step = 0.8 * 0.5 * 0.5 * (2_500 / (10_000 if failed else 1_000_000)) ** 0.5
    assert steps[-1] == pytest.approx(step / 4 * 1e9, rel=1e-6)
