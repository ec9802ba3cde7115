"""Where chapters are cut, what is told together, and what is worth telling."""

from support.anchored import anchored
from support.lives import lived
from support.tiny import DAY, story, told

from events.event import Event
from events.facts import Announcement, Delivery, Investment, Order, Payment, Retraction
from events.fields import Told
from events.funding_facts import Funding, Interest, MarginCall
from events.market_facts import Repricing
from narrative.prose.chapters import FALL, Cut, Fall, cuts, largest_fall, on_record, steps_of
from narrative.prose.chronicle import worth
from narrative.prose.framing import how_cut, turned
from narrative.prose.items import items, weights
from narrative.prose.parts import Notes
from narrative.prose.sentences import Speech

WORDS = Announcement(subject="lab", counterparty="cloud", ceiling=100)
TURN = (
    WORDS,
    Funding(company="lab", investor="outside", amount=50),
    Investment(investor="chips", company="lab", amount=50),
)
CALL = MarginCall(lender="lab", borrower="founder", loan="l", call="c", amount=5, due=DAY)


def at(day, fact, position, **more):
    plain = {
        "kind": type(fact).__name__,
        "origin": "modelled",
        "actor": "x",
        "causes": (),
        "digest": b"",
    } | more
    return Event(position=position, moment=day * DAY, fact=fact, **plain)


FIRST = at(0, Order(buyer="cloud", seller="chips", order="o"), 1)


def test_a_history_without_turn_break_or_fall_is_one_chapter():
    cut = cuts(story(()), [at(0, WORDS, 1)], None, 100 * DAY)
    assert [(one.moment, one.title) for one in cut] == [(0, "The build-up")]
    assert "no turn of the circle, no break and no fall" in how_cut(Speech(story(())), cut, None)


def test_a_turn_with_every_step_opens_a_chapter_and_is_told_by_its_steps():
    events = [FIRST, *(at(20 + i, fact, 2 + i) for i, fact in enumerate(TURN))]
    cut = cuts(story(()), events, None, 100 * DAY)
    assert [(one.moment // DAY, one.title) for one in cut] == [(0, "The build-up"), (20, "The first turn")]
    assert steps_of(story(()), events)[4] == "(Step 3 of the first whole turn of the circle.)"


def test_a_break_goes_before_a_fall_and_a_fall_before_a_turn():
    events = [FIRST, *(at(30 + i, fact, 2 + i) for i, fact in enumerate(TURN)), at(61, CALL, 5)]
    fall = Fall(top=32 * DAY, bottom=62 * DAY, size=0.2, lowest=1)
    cut = cuts(story(()), events, fall, 100 * DAY)
    # the turn of day 30 is too close to the fall of day 32, and its bottom too close to the call
    assert [(one.moment // DAY, one.title) for one in cut] == [
        (0, "The build-up"),
        (32, "The fall"),
        (61, "The break"),
    ]
    assert how_cut(Speech(story(())), cut, fall) == (
        "Chapters are cut where the listed companies together stand highest before their largest fall "
        "(2 February 1970) and where the first margin call comes (3 March 1970); that fall is 20.0 % in "
        "the model."
    )


def test_where_prices_are_on_record_a_rise_or_fall_is_not_called_the_models():
    events = list(lived(anchored()).read())
    fall = largest_fall(events, 12 * DAY)
    assert fall is not None
    assert fall.recorded
    cut = [Cut(0, "The build-up", ""), Cut(fall.top, FALL, "where they stand highest")]
    assert how_cut(Speech(anchored()), cut, fall).endswith(" % by closes on record.")
    assert not on_record(events, 0, DAY - 1)  # nothing is quoted yet
    assert not on_record(events, 0, 20 * DAY)  # the record ended long before
    assert not on_record([*events, at(11, TURN[0], 99, origin="supposed")], 0, 12 * DAY)
    ends = 100, 90
    (said,) = worth(Speech(anchored()), (0, 12 * DAY), ends, None, recorded=True)
    assert said.text.startswith("By closes on record the listed companies together fell by 10.0 %")


def test_what_one_hand_did_at_once_and_how_it_was_taken_are_told_together():
    deal = Order(buyer="lab", seller="cloud", order="o", amount=100, told=told("deal"))
    events = [
        at(1, Retraction(subject="lab", ceiling=5, of="words"), 1, origin="recorded"),
        at(1, deal, 2, origin="recorded"),
        at(2, Repricing(asset="cloud", fast=10**8), 3, causes=(2,)),
        at(9, Delivery(seller="cloud", buyer="lab", order="o", amount=10), 4, causes=(2,)),
        at(9, Payment(payer="lab", payee="cloud", amount=10), 5, causes=(4,)),
        at(9, Interest(borrower="lab", lender="chips", loan="l", amount=1), 6),
    ]
    told_ = [
        (i.head.position, [e.position for e in i.also], [e.position for e in i.taken]) for i in items(events)
    ]
    assert told_ == [(2, [1], [3]), (4, [5], []), (6, [], [])]


def test_what_breaks_comes_first_and_what_comes_round_comes_last():
    interest = Interest(borrower="lab", lender="chips", loan="l", amount=100)
    order = Order(buyer="lab", seller="cloud", order="o", amount=100)
    events = [at(1, interest, 1), at(2, order, 2), at(3, order, 3), at(4, CALL, 4)]
    found = items(events)
    weighed = weights(found)
    assert max(weighed) == weighed[3]
    assert weighed[0] < weighed[1]
    assert weighed[2] < weighed[1]  # the same hand again
    assert weights(found, apart=[1])[0] == weighed[0] + 3
    assert weights(found, turned=[1])[0] == weighed[0] + 1


def test_equal_sources_have_one_number_and_many_stand_in_one_note():
    notes = Notes()
    told_by = [Told(entry="e", headline="h", source=source, confidence="high") for source in "abacd"]
    events = [at(1, Announcement(subject="lab", told=one), i) for i, one in enumerate(told_by, 1)]
    assert notes.of(events) == (1, 2, 3, 4)
    assert notes.of(events[:1]) == notes.of(events[2:3]) == (1,)
    assert notes.together(events) == (5,)
    assert notes.together(events[:3]) == (1, 2)
    assert [len(note.sources) for note in notes.rows()] == [1, 1, 1, 1, 4]


def test_a_story_without_a_circle_is_not_said_to_lack_its_turns():
    assert turned(story((), circle=()), []) == "The story names no circle."
    assert turned(story(()), []) == "The circle was never begun."


def test_a_turn_in_order_is_not_said_to_be_closed_in_cash():
    words = Announcement(subject="lab", counterparty="cloud", ceiling=9)
    money = Funding(company="lab", investor="outside", amount=9)
    back = Investment(investor="chips", company="lab", amount=9)
    events = [at(day, fact, day) for day, fact in enumerate((words, money, back), 1)]
    assert turned(story(()), events) == (
        "The circle was begun once; one of these turns has every step, one in the story's order, and none "
        "closed in cash."
    )
