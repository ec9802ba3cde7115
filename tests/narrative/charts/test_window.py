"""The span of a chart, and the day on which every line is 100: on the small story with quotes, by hand."""

import pytest
from attrs import evolve
from support.anchored import CLOSE, PRICES, SHARES, anchored
from support.lives import lived
from support.tiny import DAY

from narrative.analysis.history import History
from narrative.charts.draw import Chart
from narrative.charts.plot import chart
from narrative.charts.window import Asked, BadChart, Window, window


def of(who: tuple[str, ...] = ("cloud",), **asked: str | bool) -> Chart:
    story = anchored()
    found = History(lived(story), "main", "x.db")
    return chart([found], ["x"], "valuation", who, Asked(**asked))  # type: ignore[arg-type]  # words and flags


def day(number: int) -> str:
    return anchored().calendar.day(number * DAY)


def test_a_span_holds_the_closes_of_its_days_and_no_other():
    (line,) = of(since=day(2), until=day(6)).lines
    closes = {2: 110_000, 5: 132_000, 6: 128_000}
    assert line.points == tuple((n * DAY + CLOSE, float(price * 10**9)) for n, price in closes.items())
    assert all(2 * DAY <= at < 7 * DAY for at, _ in line.explained)


def test_every_line_is_100_on_the_day_that_is_named_by_its_last_close_until_then():
    drawing = of(("cloud", "chips"), index=day(7))  # the cloud has no close on the seventh day
    cloud, chips = (dict(line.points) for line in drawing.lines)
    assert cloud[6 * DAY + CLOSE] == 100
    assert chips[7 * DAY + CLOSE] == 100
    split = 2  # for one on the ninth day
    assert cloud[9 * DAY + CLOSE] == pytest.approx(100 * split * PRICES[9]["cloud"] / PRICES[6]["cloud"])
    shares = SHARES["chips"], SHARES["chips"] + 10**8  # 100 million were issued on the sixth day
    bought = 100 * PRICES[6]["chips"] * shares[0] / (PRICES[7]["chips"] * shares[1])
    assert chips[6 * DAY + CLOSE] == pytest.approx(bought)
    assert not drawing.panels  # what is 100 on a day is to be compared
    assert drawing.title.startswith(f"Value, 100 on {anchored().calendar.long_day(7 * DAY)}: ")
    assert drawing.unit == "index"


def test_the_day_of_100_may_lie_before_the_span():
    (line,) = of(index=day(1), since=day(8)).lines
    assert [value for _, value in line.points] == pytest.approx([140.0, 90.0])


def test_who_has_no_value_by_then_is_named():
    with pytest.raises(BadChart, match="Lab has no value yet on the day that is to be 100"):
        Window(0, 9, (1, 5, 9), 1).rebased([(1, None), (5, 3.0)], "Lab")


def test_points_are_parts_of_a_hundred_of_the_last_known_one():
    assert Window(0, 9, (), 5).rebased([(1, 4.0), (5, None), (9, 5.0)], "x") == [
        (1, 100.0),
        (5, None),
        (9, 125.0),
    ]
    assert Window(2, 9, ()).within([(1, 1.0), (2, 2.0), (9, 3.0), (10, 4.0)]) == ((2, 2.0), (9, 3.0))


def test_a_panel_an_actor_unless_they_are_asked_for_together():
    assert of(("cloud", "chips")).panels
    assert not of(("cloud", "chips"), together=True).panels
    assert not of(("cloud",)).panels


def test_a_chart_of_closes_alone_ends_with_the_last_of_them():
    assert of().span[1] == 9 * DAY + CLOSE
    assert of(until=day(12)).span[1] == 13 * DAY - 1
    assert of(("cloud", "lab"), together=True).span[1] >= 9 * DAY + CLOSE


def test_a_span_without_time_says_which_days_there_are():
    story = anchored()
    lived_to = 19 * DAY
    for asked in (Asked(since=day(8), until=day(3)), Asked(since=day(30))):
        with pytest.raises(BadChart, match=f"the history goes from {day(0)} to {day(19)}"):
            window(asked, story, lived_to)
    assert window(Asked(until=day(400)), story, lived_to).until == lived_to
    assert window(Asked(since=story.calendar.day(-9 * DAY)), evolve(story), lived_to).since == story.start
