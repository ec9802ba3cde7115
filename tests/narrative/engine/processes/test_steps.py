"""How large a step of a price is, equation (7), and what takes it back."""

from collections.abc import Sequence
from math import log

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from support.tiny import balance, told
from support.worlds import began, played, tale

from events.event import Draft
from events.facts import Announcement, Cancellation, Order, Retraction, Writedown
from events.fields import Fact
from events.market_facts import Repricing
from narrative.books.readings import LARGEST
from narrative.engine.processes.market import decide
from narrative.engine.world import World
from narrative.story.model import Role, Story

READS = {
    "Announcement": ("subject", "counterparty"),
    "Retraction": ("subject",),
    "Order": ("seller",),
    "Cancellation": ("seller", "buyer"),
    "Writedown": ("holder",),
}
ROLE = Role(process="market", latency=60, reads=READS)
VOICE = {"modelled_tone": 0.5, "modelled_strength": 1.0, "words_tone": 0.5, "words_spread": 0.0}
PAPER = {"impulse_coefficient": 0.47, "impulse_exponent": 0.67, "silent_step": 0.03, "fatigue_rate": 0.0}


def worth(value: int, **parameters: float) -> Story:
    """The tiny story with a cloud worth so much."""
    plain = tale(VOICE | parameters, (), (ROLE,))
    opened = (balance("value", value), balance("shares", 100), balance("cash", 500))
    actors = (evolve(a, opening=opened) if a.id == "cloud" else a for a in plain.actors)
    return evolve(plain, actors=tuple(actors))


class Market:
    """A world whose market reads what a test puts into it, an hour after the last."""

    def __init__(self, story: Story) -> None:
        self.log, self.world = began(story)

    def hears(self, *facts: Fact, origin: str = "modelled") -> list[Repricing]:
        """What the market makes of facts of one moment; it is appended."""
        moment = max(self.world.moment, 0) + 3_600
        self._append(moment, [(Draft("test", fact, origin),) for fact in facts])
        acts = decide(self.world, played(self.world, "market", "market"), moment + 60)
        self._append(moment + 60, acts)
        return [draft.fact for act in acts for draft in act]

    def _append(self, moment: int, acts: Sequence[tuple[Draft, ...]]) -> None:
        for event in self.log.append("main", self.world.position, moment, acts):
            self.world.step(event)


def steps(found: list[Repricing]) -> list[tuple[str, int | None]]:
    return [(fact.asset, fact.attributed) for fact in found]


def pending(world: World) -> dict[str, int]:
    return dict(world.fold.state["pending"])


def order(amount: int | None = 2_500, **more: object) -> Order:
    return Order(buyer="lab", seller="cloud", order="o", amount=amount, **more)


def cancelled(amount: int) -> Cancellation:
    return Cancellation(buyer="lab", seller="cloud", order="o", amount=amount)


# --- how large ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "sum_", "tone", "strength", "expected"),
    [
        (678_361, 317_000, 1.0, 1.0, 0.282312),  # entry 050 of ai-2025: as printed in the paper
        (15_835, 9_700, 0.75, 0.6, 0.152301),  # entry 084, over the last quoted value
    ],
)
def test_a_step_as_the_paper_prints_it(
    value: int, sum_: int, tone: float, strength: float, expected: float
) -> None:
    said = told("e", tone=tone, strength=strength)
    (fact,) = Market(worth(value, **PAPER)).hears(order(sum_, told=said), origin="recorded")
    assert fact.attributed == pytest.approx(expected * 1e9, abs=1e3)
    assert (fact.fast or 0) + (fact.slow or 0) + (fact.lasting or 0) == fact.attributed
    assert (fact.order, fact.stands) == ("o", sum_)


def test_naming_a_small_sum_moves_no_less_than_naming_none() -> None:
    """One unit to a company worth 10,000 would be a step of 0.005 by its sum; silence is 0.05."""
    for amount in (1, None):
        said = order(amount, told=told("e", tone=0.5, strength=1.0))
        ((_, step),) = steps(Market(worth(10_000)).hears(said, origin="recorded"))
        assert step == round(0.5 * 0.05 * 1e9)
        words = Announcement(subject="cloud", ceiling=amount)
        assert {step for _, step in steps(Market(worth(10_000)).hears(words))} == {round(0.5 * 0.05 * 1e9)}


def test_an_order_that_a_process_made_moves_by_its_sum_alone() -> None:
    """At half tone 0.5 * 0.5 * (1 / 10,000) ** 0.5 = 0.0025: a board that orders often moves nobody much."""
    ((_, step),) = steps(Market(worth(10_000)).hears(order(1)))
    assert step == round(0.5 * 0.5 * 0.01 * 1e9)


def test_no_step_does_more_than_double_a_price_or_halve_it() -> None:
    """500 times the value would be 0.5 * sqrt(500) = 11.2 in ln at full tone."""
    for tone, way in ((1.0, 1), (-1.0, -1)):
        said = told("e", tone=tone, strength=1.0)
        ((_, step),) = steps(Market(worth(10_000)).hears(order(5_000_000, told=said), origin="recorded"))
        assert step == way * LARGEST
        assert abs(step or 0) * 1e-9 <= log(2) < (abs(step or 0) + 1) * 1e-9


@given(
    value=st.integers(1, 2**40),
    sum_=st.integers(0, 2**45),
    tone=st.floats(-1, 1),
    strength=st.floats(0, 1),
    power=st.floats(0.5, 1.0),
)
def test_a_step_has_bounds_and_parts(
    value: int, sum_: int, tone: float, strength: float, power: float
) -> None:
    said = told("e", tone=tone, strength=strength)
    market = Market(worth(value, impulse_exponent=power, fatigue_rate=0.0))
    for fact in market.hears(order(sum_, told=said), origin="recorded"):
        step = fact.attributed or 0
        assert (fact.fast or 0) + (fact.slow or 0) + (fact.lasting or 0) == step
        assert min(round(abs(tone) * strength * 0.05 * 1e9), LARGEST) <= abs(step) <= LARGEST


# --- losses ---------------------------------------------------------------------------------------


def test_a_loss_of_a_tenth_moves_its_holder_by_ln_nine_tenths() -> None:
    (fact,) = Market(worth(100)).hears(Writedown(holder="cloud", asset="lab", amount=6, loan="l", credit=4))
    assert (fact.asset, fact.attributed, fact.lasting) == ("cloud", -105_360_516, -105_360_516)
    assert (fact.fast, fact.slow, fact.fatigue) == (None, None, None)


def test_a_loss_of_all_and_more_is_bounded() -> None:
    assert steps(Market(worth(100)).hears(Writedown(holder="cloud", asset="lab", amount=100))) == [
        ("cloud", -LARGEST)
    ]


# --- taken back -----------------------------------------------------------------------------------


def tenth() -> Market:
    """A market that took an order of 2,500 for a step of 0.10: by 0.5 * 0.4 * sqrt(1/4)."""
    market = Market(worth(10_000, impulse_coefficient=0.4, fatigue_rate=0.0))
    assert steps(market.hears(order())) == [("cloud", 100_000_000)]
    assert pending(market.world) == {"cloud/o": 100_000_000}
    return market


def test_half_of_an_order_cancelled_takes_back_half_of_what_it_gave_and_all_of_it_all() -> None:
    market = tenth()
    assert steps(market.hears(cancelled(1_250))) == [("cloud", -50_000_000)]
    assert pending(market.world) == {"cloud/o": 50_000_000}
    assert steps(market.hears(cancelled(1_250))) == [("cloud", -50_000_000)]
    assert not any(market.world.fold.state[name] for name in ("pending", "pending_sum"))
    assert market.world.fold.sum("lasting", "cloud") == 0


def test_all_at_once_takes_back_all() -> None:
    market = tenth()
    assert steps(market.hears(cancelled(2_500))) == [("cloud", -100_000_000)]
    assert not pending(market.world)
    assert market.hears(cancelled(2_500)) == []


def test_halves_read_in_one_moment_add_up() -> None:
    market = tenth()
    found = market.hears(cancelled(1_250), cancelled(1_250))
    assert steps(found) == [("cloud", -50_000_000), ("cloud", -50_000_000)]
    assert not pending(market.world)


@given(st.lists(st.integers(1, 900), min_size=1, max_size=6))
def test_however_an_order_is_cancelled_no_more_goes_than_came(parts: list[int]) -> None:
    market = tenth()
    left, gone = 2_500, 0
    for part in parts:
        taken = min(part, left)
        if taken:
            gone += sum(step or 0 for _, step in steps(market.hears(cancelled(taken))))
        left -= taken
    assert gone == pytest.approx(-100_000_000 * (2_500 - left) / 2_500, abs=len(parts))
    assert (not pending(market.world)) == (left == 0)


def test_an_order_that_moved_nothing_has_nothing_to_take_back() -> None:
    assert Market(worth(10_000)).hears(cancelled(2_500)) == []


def test_an_order_and_its_cancellation_read_together_come_to_nothing() -> None:
    market = Market(worth(10_000))
    found = steps(market.hears(order(), cancelled(2_500)))
    assert sum(step or 0 for _, step in found) == 0
    assert not pending(market.world)


def words(entry: str, **more: object) -> Announcement:
    said = told(entry, status="intention", tone=1.0, strength=0.5)
    return Announcement(subject="lab", counterparty="cloud", told=said, **more)


def test_a_told_retraction_takes_back_what_its_announcement_gave_whatever_its_own_tone() -> None:
    market = Market(worth(10_000))
    gave = dict(steps(market.hears(words("plan", ceiling=900), origin="recorded")))
    assert gave["cloud"]
    gone = Retraction(subject="lab", of="plan", told=told("gone", tone=-0.1, strength=0.1))
    taken = dict(steps(market.hears(gone, origin="recorded")))
    assert taken == {asset: -(step or 0) for asset, step in gave.items()}
    assert not pending(market.world)


def test_a_part_of_a_plan_taken_back_takes_that_part() -> None:
    market = Market(worth(10_000))
    gave = dict(steps(market.hears(words("plan", ceiling=900), origin="recorded")))
    gone = Retraction(subject="lab", of="plan", ceiling=300, told=told("gone", tone=-0.1, strength=0.1))
    taken = dict(steps(market.hears(gone, origin="recorded")))
    assert taken["cloud"] == pytest.approx(-(gave["cloud"] or 0) / 3, abs=1)


def test_words_that_name_nothing_told_before_are_read_as_words() -> None:
    market = Market(worth(10_000))
    gone = Retraction(subject="cloud", told=told("gone", tone=-0.5, strength=1.0))
    assert steps(market.hears(gone, origin="recorded")) == [("cloud", -25_000_000)]


def test_an_entry_that_takes_the_place_of_another_takes_nothing_back() -> None:
    market = Market(worth(10_000))
    market.hears(words("plan", ceiling=900), origin="recorded")
    assert market.hears(Retraction(subject="lab", of="plan", ceiling=900), origin="recorded") == []
    assert pending(market.world)
