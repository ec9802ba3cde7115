"""Which events a price brought something on by: calls, loans on shares and losses, by prices told by hand."""

from math import log

import pytest
from click import unstyle
from support.credit import CLOSE, LENDER, OWNER, PRICE, Life, credit, drawn, secured
from support.tiny import DAY

from events.event import Draft, Event
from events.facts import Investment, Trade
from events.market_facts import Repricing
from narrative.analysis.detail import traced
from narrative.analysis.history import History
from narrative.cli.drawn import tree_lines
from narrative.prose import explain
from narrative.prose.sentences import Speech
from narrative.story.model import Role

NANO = 1e-9
MAKER = Role(process="investing", latency=1, of=("chips",))


def step(part: float, asset: str = "cloud") -> Repricing:
    return Repricing(asset=asset, lasting=round(log(1.0 + part) / NANO))


def moved(life: Life, kind: str, *, effects: bool = False) -> list[Event]:
    """The movers of the price that the first event of a kind answers."""
    event = life.events(kind)[0]
    found = traced(History(life.log, "main", ""), event.position, effects=effects, depth=1)
    return [one.event for one in found if one.priced]


def called(*falls: float) -> Life:
    """3 of 10 billion on pledged shares, with so many falls on the days after, and the call."""
    life = secured(300_000_000_000, 100_000_000).lived(DAY)
    for day, part in enumerate(falls, 1):
        life.told(day * DAY + 1, step(part))
    return life.lived(len(falls) * DAY + CLOSE)


def test_a_call_answers_the_fall_that_brought_it() -> None:
    life = called(-0.5)
    assert [event.kind for event in life.events("MarginCall")] == ["MarginCall"]
    assert [event.fact for event in moved(life, "MarginCall")] == [step(-0.5)]


def test_of_several_falls_those_that_make_up_half_of_the_way() -> None:
    """In ln −0.02, −0.105 and −0.03 make −0.155, of which the middle one alone is half; of −0.05 twice and
    −0.06 the last makes less than half of −0.165, and the first of the others more with it."""
    assert [event.moment for event in moved(called(-0.02, -0.1, -0.03), "MarginCall")] == [2 * DAY + 1]
    even = moved(called(-0.05, -0.05, -0.06), "MarginCall")
    assert [event.moment for event in even] == [DAY + 1, 3 * DAY + 1]


def test_only_falls_since_the_price_was_highest() -> None:
    """A fall that was made good again brought on nothing."""
    life = secured(300_000_000_000, 100_000_000)
    life.told(2, step(-0.5)).told(3, step(1.0)).lived(DAY).told(DAY + 1, step(-0.45)).lived(DAY + CLOSE)
    assert [event.moment for event in moved(life, "MarginCall")] == [DAY + 1]


def test_a_fall_before_the_loan_brought_no_call() -> None:
    """150 billion on shares worth 500 after a fall to a half, and then 350."""
    life = Life(credit((LENDER,))).told(1, step(-0.5)).told(2, *drawn(150_000_000_000, 100_000_000, at=2))
    life.lived(DAY).told(DAY + 1, step(-0.3)).lived(DAY + CLOSE)
    assert [event.moment for event in moved(life, "MarginCall")] == [DAY + 1]


def test_a_call_that_no_price_brought_names_none() -> None:
    """Lent above the limit: called at the first close, at the price at which it was lent."""
    life = secured(430_000_000_000, 100_000_000).lived(DAY)
    assert life.events("MarginCall")
    assert moved(life, "MarginCall") == []


def test_the_pressure_of_a_sale_moves_a_price_as_news_does() -> None:
    life = secured(300_000_000_000, 100_000_000).lived(DAY)
    sale = Trade(seller="outside", buyer="outside", asset="cloud", impact=-690_000_000)
    life.told(DAY + 1, sale).lived(DAY + CLOSE)
    assert [event.kind for event in moved(life, "MarginCall")] == ["Trade"]


def test_from_the_fall_to_the_call() -> None:
    life = called(-0.5)
    assert [event.kind for event in moved(life, "Repricing", effects=True)] == ["MarginCall"]


def test_a_loan_on_shares_answers_the_rise_that_made_room_for_it() -> None:
    """The founder draws all it may at its first review; after a rise it may draw more."""
    life = Life(credit((LENDER, OWNER))).lived(8 * DAY)
    assert len(life.events("Loan")) == 1
    life.told(8 * DAY + 1, step(0.5)).lived(15 * DAY)
    _, second = life.events("Loan")
    found = traced(History(life.log, "main", ""), second.position, effects=False, depth=1)
    assert [one.event.moment for one in found if one.priced] == [8 * DAY + 1]
    assert moved(life, "Loan") == []  # the first answers no price


def test_a_loss_on_a_stake_answers_the_fall_since_it_was_bought() -> None:
    life = Life(credit((MAKER,)))
    life.told(1, step(-0.3))
    put = Investment(investor="chips", company="cloud", amount=100_000_000, shares=14_285)
    life.told(2, put).told(3, step(-0.6)).lived(31 * DAY)
    (loss,) = life.events("Writedown")
    assert [event.moment for event in moved(life, "Writedown")] == [3]
    assert loss.causes == ()


def test_a_loss_on_a_private_company_answers_its_round() -> None:
    life = Life(credit((MAKER,)))
    put = Investment(investor="chips", company="lab", amount=100_000_000, part=100_000)
    life.told(2, put).told(3, Trade(seller="outside", buyer="outside", asset="lab", post_money=10**11))
    life.lived(31 * DAY)
    assert [event.moment for event in moved(life, "Writedown")] == [3]


def test_what_was_told_answers_nothing() -> None:
    """The record gives its own causes, or none."""
    life = Life(credit()).told(1, step(0.5))
    acts = [tuple(Draft("test", fact, "recorded") for fact in drawn(100, 10))]
    for event in life.log.append("main", life.world.position, 2, acts):
        life.world.step(event)
    assert moved(life, "Loan") == []


def test_what_a_price_ties_is_told_from_what_an_act_names() -> None:
    life = called(-0.5)
    event, history = life.events("MarginCall")[0], History(life.log, "main", "")
    found = traced(history, event.position, effects=False, depth=1)
    assert [(one.event.kind, one.priced) for one in found[1:]] == [("Loan", False), ("Repricing", True)]
    told = explain.traced(history, event.position, Speech(life.world.story), effects=False, depth=1)
    assert [line.endswith("(by its price)") for line in map(unstyle, tree_lines(told))] == [
        False,
        False,
        True,
    ]
    assert life.world.readings.price("cloud", event.moment) == pytest.approx(PRICE / 2)
