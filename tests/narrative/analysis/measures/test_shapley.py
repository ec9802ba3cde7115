"""Shapley shares: of games whose shares are known, and by the average over all orders of joining."""

from fractions import Fraction
from itertools import permutations
from math import factorial
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrative.analysis.measures.shapley import companies, rounded, shapley


def test_two_gloves_of_one_hand_and_one_of_the_other() -> None:
    """A pair is worth 1: whoever has the rare glove gets two thirds of it."""
    worth = {there: int("left" in there and len(there) > 1) for there in companies(["left", "a", "b"])}
    assert shapley(["left", "a", "b"], worth) == {
        "left": Fraction(2, 3),
        "a": Fraction(1, 6),
        "b": Fraction(1, 6),
    }


def test_a_runway_is_paid_by_those_who_need_each_length_of_it() -> None:
    """Littlechild and Owen 1973: costs 12, 20 and 33 come to 4, 4 + 8 / 2 and 8 + 13."""
    lengths = {"short": 12, "middle": 20, "long": 33}
    worth = {there: max((lengths[one] for one in there), default=0) for there in companies(list(lengths))}
    assert shapley(list(lengths), worth) == {"short": 4, "middle": 8, "long": 21}


@pytest.mark.parametrize("seed", range(20))
def test_shares_are_the_average_over_all_orders_and_add_up_exactly(seed: int) -> None:
    lot = Random(seed)
    players = list("abcde")[: 1 + seed % 5]
    worth = {there: lot.randint(-(10**15), 10**15) for there in companies(players)}
    found = shapley(players, worth)
    assert sum(found.values()) == worth[frozenset(players)] - worth[frozenset()]
    joined = dict.fromkeys(players, 0)
    for order in permutations(players):
        for i, player in enumerate(order):
            joined[player] += worth[frozenset(order[: i + 1])] - worth[frozenset(order[:i])]
    assert found == {one: Fraction(total, factorial(len(players))) for one, total in joined.items()}


def test_who_changes_nothing_has_no_share() -> None:
    worth = {there: 7 * ("a" in there) for there in companies(["a", "idle"])}
    assert shapley(["a", "idle"], worth) == {"a": 7, "idle": 0}


@given(st.lists(st.fractions(max_denominator=60, min_value=-1000, max_value=1000), min_size=1, max_size=6))
def test_rounded_parts_add_up_to_the_rounded_whole_and_none_is_a_unit_away(parts: list[Fraction]) -> None:
    found = rounded({str(i): part for i, part in enumerate(parts)})
    assert sum(found.values()) == round(sum(parts))
    assert all(abs(found[str(i)] - part) <= 1 for i, part in enumerate(parts))


def test_what_is_left_goes_to_the_largest_remainder() -> None:
    assert rounded({"a": Fraction(1, 3), "b": Fraction(2, 3), "c": Fraction(-5, 2)}) == {
        "a": 0,
        "b": 1,
        "c": -3,
    }
