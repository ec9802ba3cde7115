"""Falls of the listed companies together: by hand on the small story, and by a reading of the CSV alone."""

import csv
from collections import defaultdict

import pytest
from attrs import evolve
from support.anchored import CLOSE, PRICES, SHARES, anchored
from support.lives import AI, lived, named
from support.tiny import DAY

from narrative.prose.chapters import FALL, Cut
from narrative.prose.chronicle import worth
from narrative.prose.falls import DEEP, falls_of, largest_fall, on_record, recorded_falls
from narrative.prose.framing import how_cut
from narrative.prose.sentences import Speech
from narrative.story.catalogue import find_story


def test_a_recorded_fall_is_from_the_highest_sum_of_closes_to_the_lowest():
    """On the eighth day cloud, chips and lab stand at 1,400, 540 and 610; on the ninth at 450, 400 and 300.
    The chip maker has issued 100 million shares to its two billion, and of each of the cloud's there are two.
    """
    events = list(lived(anchored()).read())
    (fall,) = recorded_falls(events, 20 * DAY)
    shares = SHARES | {"chips": SHARES["chips"] + 10**8}
    split = shares | {"cloud": 2 * SHARES["cloud"]}
    high = sum(PRICES[8][one] * count for one, count in shares.items())
    low = sum(PRICES[9][one] * count for one, count in split.items())
    assert (fall.top, fall.bottom) == (8 * DAY + CLOSE, 9 * DAY + CLOSE)
    assert fall.size == pytest.approx(1 - low / high)
    assert fall.lowest == pytest.approx(low, rel=1e-8)
    assert fall.recorded
    assert falls_of(events, 20 * DAY) == [fall]


def test_a_shallow_fall_is_none_and_the_largest_stands_in_for_it():
    events = list(lived(anchored()).read())
    assert recorded_falls(events, 8 * DAY + CLOSE) == []
    assert falls_of(events, 8 * DAY + CLOSE) == [largest_fall(events, 8 * DAY + CLOSE)]


def test_two_falls_are_told_apart_where_the_first_was_made_good():
    """100 to 80, back to 95 (which undoes a fall of 15 % from 80 and is below 100), then 95 to 70."""
    story = anchored()
    path = {1: 100_000, 2: 80_000, 5: 95_000, 6: 90_000, 8: 70_000}
    quotes = tuple(
        evolve_quote(one, path[one.moment // DAY])
        for one in story.quotes
        if one.asset == "cloud" and one.moment // DAY in path
    )
    events = list(lived(evolve(story, quotes=quotes, entries=())).read())
    found = recorded_falls(events, 20 * DAY)
    assert [(fall.top // DAY, fall.bottom // DAY) for fall in found] == [(1, 2), (5, 8)]
    assert [fall.size for fall in found] == pytest.approx([0.2, 1 - 70 / 95])


def evolve_quote(quote, price):
    return type(quote)(quote.moment, quote.asset, price, quote.shares)


def test_what_is_supposed_has_no_recorded_fall():
    events = list(lived(anchored()).read())
    supposed = [*events[:-1], events[-1]._replace(origin="supposed")]
    assert not any(fall.recorded for fall in falls_of(supposed, 20 * DAY))


def test_where_prices_are_on_record_a_rise_or_fall_is_not_called_the_models():
    events = list(lived(anchored()).read())
    fall = largest_fall(events, 12 * DAY)
    assert fall is not None
    assert fall.recorded
    cut = [Cut(0, "The build-up", ""), Cut(fall.top, FALL, "where they stand highest", fall)]
    assert how_cut(Speech(anchored()), cut, [fall]).endswith(" % by closes on record.")
    assert not on_record(events, 0, DAY - 1)  # nothing is quoted yet
    assert not on_record(events, 0, 20 * DAY)  # the record ended long before
    assert not on_record([*events, events[-1]._replace(origin="supposed")], 0, 12 * DAY)
    ends = 100, 90
    (said,) = worth(Speech(anchored()), (0, 12 * DAY), ends, None, recorded=True)
    assert said.text.startswith("By closes on record the listed companies together fell by 10.0 %")


def test_the_falls_of_ai_2025_are_those_of_its_csv():
    """A reading of quotes.csv alone: the sum of last closes, each times its shares. The deepest fall from the
    highest sum before is the first; from its low on it is the second. Two small companies have no count of
    shares on file at first, so that the sums are theirs less.
    """
    days, last = defaultdict(dict), {}
    with (find_story(AI) / "quotes.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["shares"]:
                days[row["date"]][row["actor"]] = float(row["close"]) * float(row["shares"])
    sums = {}
    for day in sorted(days):
        last |= days[day]
        sums[day] = sum(last.values())
    expected, since = [], min(sums)
    for _ in range(2):
        after = [day for day in sums if day >= since]
        highs = {day: max((d for d in after if d <= day), key=sums.get) for day in after}
        low = min(after, key=lambda day: sums[day] / sums[highs[day]])
        expected.append((highs[low], low, 1 - sums[low] / sums[highs[low]]))
        since = low
    story = named(AI)
    log = lived(story, cast="market", until=story.record.until)
    falls = recorded_falls(list(log.read()), story.record.until)
    found = [(*map(story.calendar.day, (fall.top, fall.bottom)), fall.size) for fall in falls]
    assert [one[:2] for one in found] == [("2025-01-24", "2025-04-04"), ("2025-11-03", "2026-03-27")]
    assert [one[:2] for one in found] == [one[:2] for one in expected]
    assert [one[2] for one in found] == pytest.approx([one[2] for one in expected], abs=2e-4)
    assert all(one[2] >= DEEP for one in expected)
