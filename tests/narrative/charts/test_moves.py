"""The told moves that a chart names: the largest, within what is drawn, beside what prices did."""

from math import exp

import pytest
from attrs import evolve
from support.anchored import CLOSE, anchored
from support.lives import lived
from support.tiny import DAY, told

from events.event import Draft
from events.facts import Announcement
from narrative.analysis.history import History
from narrative.charts.draw import BOLD, PLAIN, Chart, specification
from narrative.charts.moves import NAMED, Move, largest_moves
from narrative.charts.plot import chart
from narrative.charts.window import Asked
from narrative.engine.run import live, world_at
from narrative.story.calendar import Calendar

WORDS = "Cloud, 3 January 1970: news read as +5.1 %, price +10.0 % to the next close. words"


def drawing(**asked: str) -> Chart:
    return chart([History(lived(anchored()), "main", "x.db")], ["x"], "valuation", ["cloud"], Asked(**asked))


def test_the_move_is_the_step_beside_what_the_price_did_to_the_next_close():
    """Words of 10**12 about a value of 10**14 are a step of 0.5 * 0.01 ** 0.5 ln; the price goes from 1,000
    to 1,100 between the closes around them.
    """
    (move,) = drawing().moves
    assert (move.asset, move.name, move.headline) == ("cloud", "Cloud", "words")
    assert move.step == pytest.approx(exp(0.05) - 1, abs=1e-8)
    assert move.moved == pytest.approx(0.1)
    assert move.words(Calendar()) == WORDS
    assert f"1. {WORDS}" in drawing().caption


def test_what_lies_before_the_span_is_not_named():
    story = anchored()
    assert drawing(since=story.calendar.day(4 * DAY)).moves == ()


def test_of_two_histories_the_recorded_one_is_bold_as_far_as_closes_go():
    log_ = lived(anchored())
    supposed = Draft("story", Announcement(subject="cloud", ceiling=1, told=told("if")), "supposed")
    at = log_.position_at("main", 3 * DAY)
    log_.fork("if", "main", at)
    log_.append("if", at, 3 * DAY + 1, [(supposed,)])
    live(log_, "if", world_at(log_, "if"), 20 * DAY)
    pair = [History(log_, "main", "x.db"), History(log_, "if", "x.db")]
    drawn = chart(pair, ["x", "x@if"], "valuation", ["cloud"], Asked())
    record, branch = drawn.lines
    assert (record.history, record.closed, branch.closed) == ("x", 9 * DAY + CLOSE, None)
    assert "what is bold goes through closes on record" in drawn.caption[0]
    assert "Sources: the test, to" in drawn.caption[-2]
    rows = [row for row in _data(specification(drawn, pytest.importorskip("altair"))) if row.get("wide")]
    ends = [
        max(r["x"] for r in rows if (r["history"], r["wide"]) == kind) for kind in (("x", BOLD), ("x", PLAIN))
    ]
    assert ends[0] <= record.closed < ends[1]
    assert {row["wide"] for row in rows if row["history"] == "x@if"} == {PLAIN}
    met = min(row["x"] for row in rows if (row["history"], row["wide"]) == ("x", PLAIN))
    assert met == ends[0]


def _data(plain):
    """Every row of data in a chart's specification."""
    if isinstance(plain, dict):
        for key, value in plain.items():
            if key == "values" and isinstance(value, list):
                yield from (row for row in value if isinstance(row, dict))
            else:
                yield from _data(value)
    elif isinstance(plain, list):
        for one in plain:
            yield from _data(one)


def test_no_move_is_named_before_its_line_begins():
    story = anchored()
    events = list(lived(story).read("main"))
    assert len(largest_moves(events, story, {"cloud": "Cloud"}, {"cloud": (0, 9 * DAY)})) == 1
    assert largest_moves(events, story, {"cloud": "Cloud"}, {"cloud": (3 * DAY, 9 * DAY)}) == ()
    assert largest_moves(events, story, {"cloud": "Cloud"}, {"cloud": (0, 2 * DAY)}) == ()
    assert largest_moves(events, story, {"chips": "Chips"}, {"chips": (0, 9 * DAY)}) == ()


def test_three_are_named_the_largest_in_order_of_time():
    """The same words again and again tire their readers: each moves less than the one before it."""
    story = anchored()
    words = next(one for one in story.entries if one.id == "words")
    again = [
        evolve(
            words,
            id=f"again-{n}",
            moment=words.moment + n * 60,
            fact=evolve(words.fact, told=told(f"again-{n}", status="intention", tone=1.0, strength=1.0)),
        )
        for n in range(1, 5)
    ]
    entries = tuple(sorted((*story.entries, *again), key=lambda one: one.moment))
    events = list(lived(evolve(story, entries=entries)).read("main"))
    found = largest_moves(events, story, {"cloud": "Cloud"}, {"cloud": (0, 9 * DAY)})
    assert [move.headline for move in found] == ["words", "again-1", "again-2"]
    assert NAMED == len(found) == 3
    assert found[0].moment < found[1].moment < found[2].moment


def test_its_number_stands_where_the_line_next_has_a_point():
    import altair as alt

    spec = specification(drawing(), alt)
    numbers = (
        [row for data in spec["datasets"].values() for row in data if row.get("mark") == "1"]
        if ("datasets" in spec)
        else [row for layer in spec["layer"] for row in layer["data"]["values"] if row.get("mark") == "1"]
    )
    assert {(row["x"], row["y"]) for row in numbers} == {(2 * DAY + CLOSE, 1_100.0)}  # $ bn


def test_where_no_price_is_on_record_it_says_so():
    move = Move("lab", "Lab", 0, -0.25, None, "Words", "A paper")
    assert move.words(Calendar()) == "Lab, 1 January 1970: news read as −25.0 %, no price on record. Words"
