"""Where chapters are cut, what is told together, and what is worth telling."""

from attrs import evolve
from support.tiny import DAY, story, told

from events.event import Event
from events.facts import Announcement, Delivery, Investment, Order, Payment, Retraction
from events.fields import Told
from events.funding_facts import Funding, Interest, MarginCall
from events.market_facts import Repricing
from narrative.prose.chapters import cuts, steps_of
from narrative.prose.falls import Fall
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
    cut = cuts(story(()), [at(0, WORDS, 1)], [], 100 * DAY)
    assert [(one.moment, one.title) for one in cut] == [(0, "The build-up")]
    assert "no turn of the circle, no break and no fall" in how_cut(Speech(story(())), cut, [])


def turning(day, position, *, tied=True):
    """The events of a turn, each caused by the one before where they are tied."""
    causes = [(), *((position + i,) if tied else () for i in range(len(TURN) - 1))]
    return [
        at(day + i, fact, position + i)._replace(causes=cause)
        for i, (fact, cause) in enumerate(zip(TURN, causes, strict=True))
    ]


def test_a_whole_turn_opens_a_chapter_and_is_told_by_its_steps():
    events = [FIRST, *turning(20, 2)]
    cut = cuts(story(()), events, [], 100 * DAY)
    assert [(one.moment // DAY, one.title) for one in cut] == [(0, "The build-up"), (20, "The first turn")]
    assert steps_of(story(()), events)[4] == "(Step 3 of the first whole turn of the circle.)"


def test_steps_that_only_share_a_party_open_no_chapter():
    events = [FIRST, *turning(20, 2, tied=False)]
    assert [one.title for one in cuts(story(()), events, [], 100 * DAY)] == ["The build-up"]
    assert steps_of(story(()), events) == {}


def test_a_break_goes_before_a_fall_and_a_fall_before_a_turn():
    events = [FIRST, *turning(30, 2), at(61, CALL, 5)]
    fall = Fall(top=32 * DAY, bottom=62 * DAY, size=0.2, lowest=1)
    cut = cuts(story(()), events, [fall], 100 * DAY)
    # the turn of day 30 is too close to the fall of day 32, and its bottom too close to the call
    assert [(one.moment // DAY, one.title) for one in cut] == [
        (0, "The build-up"),
        (32, "The fall"),
        (61, "The break"),
    ]
    assert how_cut(Speech(story(())), cut, [fall]) == (
        "Chapters are cut where the listed companies together stand highest before their largest fall "
        "(2 February 1970) and where the first margin call comes (3 March 1970); that fall is 20.0 % in "
        "the model."
    )


def test_each_recorded_fall_is_told_by_its_months_and_its_size():
    falls = [
        Fall(top=20 * DAY, bottom=40 * DAY, size=0.2, lowest=1, recorded=True),
        Fall(top=340 * DAY, bottom=400 * DAY, size=0.16, lowest=1, recorded=True),
    ]
    cut = cuts(story(()), [FIRST], falls, 500 * DAY)
    assert [(one.moment // DAY, one.title) for one in cut] == [
        (0, "The build-up"),
        (20, "The fall of January to February 1970"),
        (41, "After the fall of January to February 1970"),
        (340, "The fall of December 1970 to February 1971"),
        (401, "After the fall of December 1970 to February 1971"),
    ]
    assert [one.fall for one in cut] == [None, falls[0], None, falls[1], None]
    assert how_cut(Speech(story(())), cut, falls) == (
        "Chapters are cut where the listed companies together stand highest before a fall of at least 15 % "
        "by closes on record (21 January 1970 and 7 December 1970) and the day after they stand lowest "
        "(11 February 1970 and 6 February 1971); those falls are 20.0 % and 16.0 % by closes on record."
    )


def test_where_two_falls_are_too_near_the_deeper_one_is_told():
    shallow = Fall(top=100 * DAY, bottom=125 * DAY, size=0.16, lowest=1, recorded=True)
    deep = Fall(top=130 * DAY, bottom=155 * DAY, size=0.3, lowest=1, recorded=True)
    cut = cuts(story(()), [FIRST], [shallow, deep], 500 * DAY)  # a chapter is at least 20 days
    assert [one.moment // DAY for one in cut] == [0, 100, 130, 156]
    assert [one.fall for one in cut] == [None, shallow, deep, None]


def test_a_chapter_in_which_prices_rise_again_is_not_called_the_fall_alone():
    fall = Fall(top=30 * DAY, bottom=98 * DAY, size=0.2, lowest=1)  # its low is too near the end
    cut = cuts(story(()), [FIRST], [fall], 100 * DAY)
    assert [(one.moment // DAY, one.title) for one in cut] == [
        (0, "The build-up"),
        (30, "The fall and after"),
    ]
    over = cuts(story(()), [FIRST], [evolve(fall, bottom=99 * DAY)], 100 * DAY)
    assert over[-1].title == "The fall"  # it ends where the history does


def test_a_low_alone_says_whose_it_is():
    fall = Fall(top=DAY, bottom=50 * DAY, size=0.2, lowest=1, recorded=True)
    (_, low) = cuts(story(()), [FIRST], [fall], 100 * DAY)  # the top is too near the beginning
    assert low.title == "After the fall"
    assert low.why == (
        "the day after the listed companies together stand lowest in a fall of at least 15 % "
        "by closes on record"
    )


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


def test_a_turn_with_every_step_is_said_to_be_neither_whole_nor_closed_in_cash():
    words = Announcement(subject="lab", counterparty="cloud", ceiling=9)
    money = Funding(company="lab", investor="outside", amount=9)
    back = Investment(investor="chips", company="lab", amount=9)
    events = [at(day, fact, day) for day, fact in enumerate((words, money, back), 1)]
    assert turned(story(()), events) == (
        "The circle was begun once; one of these turns has every step, none with each tied to one "
        "before by a cause or a source, and none closed in cash."
    )


def test_a_turn_that_is_tied_throughout_is_closed_in_cash_only_where_each_step_was_paid():
    assert turned(story(()), [FIRST, *turning(20, 2)]) == (
        "The circle was begun once; one of these turns has every step, one with each tied to one "
        "before by a cause or a source, and none closed in cash."  # it begins with words
    )
