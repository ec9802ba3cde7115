"""Readings for the charts: at every event while they are few, at a sample when they are many."""

from itertools import pairwise
from math import exp

import pytest
from support.anchored import CLOSE, anchored
from support.lives import lived
from support.tiny import DAY, ten_days

from narrative.analysis.record import parts, rise
from narrative.analysis.replay import reading, rungs, walk
from narrative.engine.run import world_at
from narrative.pages import samples
from narrative.pages.samples import kept, packed, readings, sampled, spanned


def test_few_moments_are_all_there_with_some_between():
    found = sampled([0, 100, 1_000], [], 2_000)
    assert {0, 100, 1_000, 2_000} <= set(found)
    assert found == sorted(set(found))
    assert max(later - one for one, later in pairwise(found)) <= 2 * 2_000 // samples.BETWEEN


def test_many_moments_are_sampled_and_those_that_matter_stay():
    found = sampled(range(0, 1_000_000, 10), [123_450, 7], 1_000_000)
    assert {0, 7, 123_450, 1_000_000} <= set(found)
    assert len(found) <= samples.MOST + samples.BETWEEN + 3
    assert max(later - one for one, later in pairwise(found)) <= 2_010


def test_what_lies_outside_the_history_is_not_sampled():
    assert min(sampled([50, 60], [10, 70], 60)) == 50
    assert max(sampled([50, 60], [10, 70], 60)) == 60


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 1, 1, 2, 2, None], {"at": [0, 3, 5], "is": [1, 2, None]}),
        ([1, 2, 3], [1, 2, 3]),
        ([], {"at": [], "is": []}),
        ([None, None, None], {"at": [0], "is": [None]}),
    ],
)
def test_a_series_that_changes_seldom_is_where_it_changes(values, expected):
    assert packed(values) == expected


def unpacked(series, length):
    if isinstance(series, list):
        return series
    found = [None] * length
    for at, value in zip(series["at"], series["is"], strict=True):
        found[at:] = [value] * (length - at)
    return found


def test_readings_are_those_of_replay_to_six_figures():
    log = lived(ten_days())
    moments = [0, 1 * DAY, 2 * DAY, 5 * DAY, 50 * DAY]
    found = kept(readings(log.read("main"), moments, 2))
    for i, (moment, world) in enumerate(walk(log, "main", moments)):
        for actor in world.story.actors:
            told = reading(world, actor.id, moment)
            for name, scale in (("valuation", 10**8), ("backlog", 10**8), ("belief_share", 1)):
                series = found[name].get(actor.id)
                value = unpacked(series, len(moments))[i] if series else None
                known = series is not None and told[name] is not None
                assert value == (pytest.approx(told[name] / scale, rel=5e-6, abs=1e-6) if known else None)
        for rung, total in rungs(world).items():
            assert unpacked(found["totals"][rung], len(moments))[i] == total
    assert "founder" not in found["valuation"]  # nobody knows what it is worth


def test_what_is_explained_of_a_value_is_sampled_where_there_are_quotes():
    """By the sixth day news moved the cloud by 0.5 * 0.01 ** 0.5, of which some has faded, and a surprise of
    ten points by 10 / 10,000 a year of duration; closes by far more.
    """
    log = lived(anchored())
    at = 6 * DAY + CLOSE + 2
    found = readings(list(log.read()), [0, at], 2)["explained"]["cloud"]
    made = parts(world := world_at(log, "main", log.position_at("main", at)), "cloud", at)
    told = made.told + made.faded + made.policy + made.flow + made.liquidity
    assert found[0] is None
    assert found[1] == pytest.approx(95 * 10**4 * exp(told * 1e-9), rel=5e-6)
    assert found[1] < 0.9 * world.readings.value("cloud", at) / 10**8
    assert not any(readings(list(lived(ten_days()).read()), [DAY], 2)["explained"]["cloud"])


def test_belief_is_spanned_at_times_that_do_not_tell_how_long_a_history_is(monkeypatch):
    monkeypatch.setattr(samples, "FORTNIGHT", 2 * DAY)
    events = list(lived(anchored()).read())
    found = spanned(events, 11 * DAY)
    assert [moment // DAY for moment, _ in found] == [2, 4, 6, 8, 10]
    assert spanned(events, 7 * DAY) == found[:3]
    assert spanned(list(lived(ten_days()).read()), 10 * DAY) == []
    assert all(len(ends) == 3 for _, by in found for ends in by.values())
    assert any("cloud" in by for _, by in found)


def test_a_branch_carries_only_what_differs_from_the_main_line():
    main = {"valuation": {"a": [1, 2, 3, 4], "b": [5, 6, 7, 8]}, "totals": {"paid": [0, 0, 1, 1]}}
    branch = {"valuation": {"a": [3, 4], "b": [9, 9.5]}, "totals": {"paid": [1, 1]}}
    assert kept(branch, main, 2) == {"valuation": {"b": [9, 9.5]}, "totals": {}}
    shorter = {"valuation": {"a": [3], "b": [7]}, "totals": {"paid": [1]}}
    assert kept(shorter, main, 2) == {"valuation": {}, "totals": {}}


def test_the_shares_of_a_recorded_rise_are_sampled_where_there_are_quotes():
    log = lived(anchored())
    moments = [DAY, 5 * DAY, 10 * DAY]
    totals = readings(list(log.read()), moments, 2)["totals"]
    for i, (at, world) in enumerate(walk(log, "main", moments)):
        found = rise(world, at)
        if found is None:
            assert totals["rise_lifted"][i] is None
            continue
        assert totals["rise_gained"][i] == found.plain["gained"]
        larger, other = ("shares", "shares_lost")[
            :: 1 if found.plain["gained"] >= found.plain["lost"] else -1
        ]
        own = found.plain[larger]["own"]
        assert totals[f"{larger}_own"][i] == (None if own is None else pytest.approx(own, abs=1e-6))
        assert totals[f"{other}_own"][i] is None  # the page says nothing of the smaller side
        assert totals["gained"][i] is None  # nor what the model makes of a rise that is on record
    assert totals["rise_lifted"][0] is None
    assert totals["rise_lowered"][2] == 2
    plain = readings(list(lived(ten_days()).read()), [DAY], 2)["totals"]
    assert not any(name.startswith(("rise_", "shares_")) for name in plain)
