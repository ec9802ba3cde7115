"""The gist of a repricing says where its figure goes beyond what is known."""

import pytest
from support.anchored import anchored
from support.tiny import DAY, story

from events.event import Event
from events.facts import Payment, Sale
from events.fields import Fact, Told
from events.funding_facts import Cure, Funding, MarginCall
from events.market_facts import Repricing
from narrative.prose.gist import gist
from narrative.prose.moving import left_of_calls
from narrative.prose.sentences import Speech


@pytest.mark.parametrize(("news", "far"), [(1_000, False), (1_001, True), (None, False)])
def test_a_sum_above_the_value_is_beyond_what_was_fitted(news: int | None, *, far: bool) -> None:
    fact = Repricing(asset="cloud", lasting=7, attributed=7, news=news, value=1_000, tone=1, strength=1)
    event = Event(9, 0, "Repricing", "modelled", "market", (), fact, b"")
    assert gist(event, Speech(story(()))).endswith(", beyond what (7) was fitted on") == far


def test_what_a_sale_made_lasting_is_no_step_of_7() -> None:
    fact = Repricing(asset="cloud", lasting=7, fast=-7, news=1_001, value=1_000)
    assert "fitted" not in gist(
        Event(9, 0, "Repricing", "modelled", "market", (), fact, b""), Speech(story(()))
    )


def test_news_of_a_company_without_a_price_is_of_its_next_round() -> None:
    """A register is not moved by news: what readers make of it is where the next round would be made."""
    words, fact = Speech(anchored()), Repricing(asset="lab", lasting=10**8)
    event = Event(9, 2 * DAY, "Repricing", "modelled", "market", (), fact, b"")
    assert gist(event, words) == "lab's next round +10.5 %"
    assert words.told(event) == "Lab's next round gains 10.5 %."
    later = Event(9, 6 * DAY, "Repricing", "modelled", "market", (), fact, b"")
    assert gist(later, words) == "lab +10.5 %"
    mark = Event(9, 2 * DAY, "Repricing", "modelled", "market", (), Repricing(asset="lab", log_mark=5), b"")
    assert gist(mark, words) == "lab marked anew"


def test_who_is_paid_by_customers_does_not_stand_first_among_its_own_deeds() -> None:
    """Customers outside stand first there: what the lab pays goes on with a name of its own."""
    facts = [
        Sale(seller="lab", amount=300),
        Payment(payer="lab", payee="outside", amount=100),
        Payment(payer="lab", payee="chips", amount=50),
    ]
    events = [
        Event(9 + n, 0, type(fact).__name__, "modelled", "lab", (), fact, b"") for n, fact in enumerate(facts)
    ]
    assert Speech(story(())).done(events) == (
        "customers outside pay Lab $3 for use; Lab pays others outside $1 and pays Chips $0.5"
    )


def test_what_is_told_smaller_is_not_said_in_the_words_of_the_record() -> None:
    note = "lab is worth 50 % of what it was on record"
    said = Told(entry="e", headline="Lab raises at 20", source="a paper", confidence="high", note=note)
    fact = Funding(company="lab", investor="outside", amount=300, post_money=1_000, told=said)
    recorded, modelled = (
        Event(9, 0, "Funding", origin, "lab", (), fact, b"") for origin in ("recorded", "modelled")
    )
    words = Speech(story(()))
    assert gist(recorded, words) == "Lab raises at 20"
    beside = f"(told smaller than recorded: {note}; as recorded: Lab raises at 20)"
    for text in (gist(modelled, words), words.told(modelled)):
        assert text.startswith("Lab raises $3 of equity")
        assert "at a value of $10" in text
        assert beside in text


def test_a_part_of_a_margin_call_is_over_and_the_rest_stands() -> None:
    """Of a call for 10 dollars 4 are met, then 6: the first leaves 6, the second nothing."""
    who = {"borrower": "lab", "lender": "chips", "call": "a"}
    facts: list[Fact] = [
        MarginCall(**who, loan="l", amount=1_000, due=9),
        *(Cure(**who, amount=amount, reason="cash was paid") for amount in (400, 600)),
    ]
    events = [
        Event(n, 0, type(fact).__name__, "modelled", "chips", (), fact, b"%d" % n)
        for n, fact in enumerate(facts, 1)
    ]
    words = Speech(story(()), left_of_calls(events))
    assert [gist(event, words) for event in events[1:]] == [
        "$4 of the margin call on Lab is over, and $6 of it still stands: cash was paid",
        "the margin call on Lab, for $6, is over: cash was paid",
    ]
