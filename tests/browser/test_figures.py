"""Numbers on the page are written as everywhere else."""

import random
from math import inf, nan

from narrative.story.calendar import DAY, Calendar
from narrative.text.numbers import change, count, money, points, share

UNITS = (
    {"currency": "USD", "digits": 2},
    {"currency": "GBP", "digits": 0},
    {"currency": "livres", "digits": 3},
)


def awkward():
    """Every edge of a scale, ties that round to even, and random sizes."""
    yield from (
        0,
        1,
        -1,
        4,
        5,
        49,
        50,
        99,
        100,
        149,
        150,
        250,
        350,
        999,
        1_000,
        1_050,
        12_345,
        99_949,
        99_950,
    )
    for power in range(2, 16):
        for tail in (-1, 0, 1, 5, 10 ** (power - 1) // 2):
            yield 10**power + tail
            yield -(10**power) * 9_995 // 1_000
            yield 10**power * 9_995 // 10_000
            yield 10**power * 99_949 // 100_000
    dice = random.Random(4)
    for _ in range(600):
        yield round(dice.choice((-1, 1)) * 10 ** dice.uniform(0, 15.9))


def test_money_reads_the_same_on_the_page(reader, ai_page):
    reader.open(ai_page)
    values = list(awkward())
    for unit in UNITS:
        for figures in (2, 3, 4):
            code = "return arguments[0].map((value) => narrative.money(value, arguments[1], arguments[2]))"
            found = reader.js(code, values, unit, figures)
            assert found == [money(value, unit, figures=figures) for value in values]
    assert reader.js("return narrative.money(null, arguments[0])", UNITS[0]) == money(None, UNITS[0])


def test_shares_and_changes_read_the_same_on_the_page(reader, ai_page):
    reader.open(ai_page)
    dice = random.Random(5)
    values = [0, 0.004, 0.005, 0.0049999, 0.015, 0.025, -0.004, -0.006, 1, 0.995, 0.12345, 0.0005, -0.0005]
    values += [0.0125, 0.0375, -0.0125, 2.5, -1, *(dice.uniform(-2, 2) for _ in range(400))]
    for name, written in (("share", share), ("change", change), ("points", points)):
        found = reader.js(f"return arguments[0].map(narrative.{name})", values)
        assert found == [written(value) for value in values]
        assert reader.js(f"return [narrative.{name}(null)]") == [written(None)]
    assert reader.js("return [narrative.share(NaN), narrative.change(Infinity)]") == [share(nan), change(inf)]
    assert reader.js("return [0, 999, 1000, 1234567].map(narrative.count)") == list(
        map(count, (0, 999, 1000, 1234567))
    )


def test_dates_are_the_storys_in_either_calendar(reader, ai_page):
    reader.open(ai_page)
    dice = random.Random(6)
    moments = [0, -1, DAY, -DAY, *(dice.randrange(-30_000_000_000, 10_000_000_000) for _ in range(500))]
    for kind in ("gregorian", "julian"):
        calendar = Calendar(kind=kind)
        found = reader.js(
            "return arguments[0].map((at) => narrative.dateOf(at, arguments[1]))", moments, kind == "julian"
        )
        assert [tuple(date) for date in found] == [calendar.date(moment) for moment in moments]
        days = [calendar.date(moment) for moment in moments]
        code = "return arguments[0].map(([y, m, d]) => narrative.momentOf(y, m, d, arguments[1]))"
        back = reader.js(code, days, kind == "julian")
        assert back == [calendar.moment(*day) for day in days]
