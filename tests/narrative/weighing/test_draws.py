"""Draws over ranges: one in every stratum, each parameter's own, and no range that is none."""

from collections import Counter

import pytest
from support.lives import named

from narrative.story.cast import parts
from narrative.weighing.draws import BadRange, latin, ranged

LOOP = named("loop")
PLAYING = {part.process for part in parts(LOOP, "full")}


def test_every_stratum_of_every_range_is_drawn_from_once() -> None:
    drawn = latin({"a": (0.0, 1.0), "b": (-5.0, 5.0)}, 20)
    assert Counter(int(one["a"] * 20) for one in drawn) == dict.fromkeys(range(20), 1)
    assert Counter(int((one["b"] + 5) * 2) for one in drawn) == dict.fromkeys(range(20), 1)
    assert [one["a"] for one in drawn] != sorted(one["a"] for one in drawn)
    assert [int(one["a"] * 20) for one in drawn] != [int((one["b"] + 5) * 2) for one in drawn]


def test_a_parameters_draws_do_not_change_with_which_others_are_drawn() -> None:
    alone, beside = latin({"a": (0.0, 1.0)}, 7), latin({"b": (0.0, 2.0), "a": (0.0, 1.0)}, 7)
    assert [one["a"] for one in alone] == [one["a"] for one in beside]


def test_ranges_are_those_that_somebody_who_plays_reads() -> None:
    every = ranged(LOOP, PLAYING, ["ranges"])
    known = {one.name: one for one in LOOP.parameters}
    assert "announce_rate" in every
    assert all(known[name].reads == "acting" and low < high for name, (low, high) in every.items())
    assert "announce_rate" not in ranged(LOOP, {"telling"}, ["ranges"])


def test_a_range_can_be_narrowed_beside_the_others() -> None:
    found = ranged(LOOP, PLAYING, ["announce_rate=0.01..0.02", "ranges"])
    assert found["announce_rate"] == (0.01, 0.02)
    assert len(found) > 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("announce_rate=0.02..0.01", "upside down"),
        ("announce_rate=0.02..0.02", "upside down or empty"),
        ("announce_rate=low..high", "LOW..HIGH"),
        ("announce_rate=0.0..9", "goes beyond"),
        ("anounce_rate", "Did you mean"),
        ("duration", "no range that could be drawn"),  # a reading's: fixed when a history opens
    ],
)
def test_a_range_that_is_none_is_refused_in_a_sentence(asked: str, said: str) -> None:
    with pytest.raises(BadRange, match=said):
        ranged(LOOP, PLAYING, [asked])
