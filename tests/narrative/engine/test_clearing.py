"""Clearing against published examples, hand arithmetic and independent solvers: linear programming for
Eisenberg and Noe, a fixed point in floats for Rogers and Veraart.
"""

from random import Random

import pytest
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

from narrative.engine.clearing import Owed, clear, dealt

UNIT = 10**14  # smallest units in one of the examples': what they print can be told to 1e-12


def cleared(held, owed, alpha=1.0, beta=1.0):
    """Payments in the examples' own units, in the order of debtors, and who defaults."""
    found = clear(
        {who: round(e * UNIT) for who, e in held.items()},
        {who: {to: round(due * UNIT) for to, due in claims.items()} for who, claims in owed.items()},
        alpha=alpha,
        beta=beta,
    )
    return [sum(found.paid[who].values()) / UNIT for who in sorted(owed)], found.defaults


# --- published ------------------------------------------------------------------------------------


def test_the_greatest_vector_of_two_banks_that_each_just_can() -> None:
    """Rogers and Veraart, example 3.3: from nothing upwards one ends at (1, 1), which settles nothing."""
    owed = {"a": {"b": 2}, "b": {"a": 2.2}}
    assert cleared({"a": 1, "b": 1}, owed, 0.5, 0.5) == ([2.0, 2.2], ())


def test_who_is_paid_to_the_last_unit_what_it_owes_is_not_in_default() -> None:
    owed = {"a": {"b": 2.2}, "b": {"a": 2.2}}
    assert cleared({"a": 1, "b": 1}, owed, 0.5, 0.5) == ([2.2, 2.2], ())
    assert cleared({}, {"a": {"b": 2.2}, "b": {"a": 2.2}}, 0.5, 0.5) == ([2.2, 2.2], ())


def test_a_ring_in_which_all_default() -> None:
    """Rogers and Veraart, section 5.1 with n = 6, a = 2, eps = 1, gamma = 0.4: 4/15 and 8/15 in turn. Read
    here as: each owes the next 1 and others 1 (2 together), every other one holds 1; in default it pays
    gamma of what it holds and all it is paid. By hand: 4/15 = 1/2 * 8/15, 8/15 = 2/5 + 1/2 * 4/15.
    """
    ring = "abcdef"
    held = {who: float(i % 2) for i, who in enumerate(ring)}
    owed = {who: {ring[(i + 1) % 6]: 1.0, "out": 1.0} for i, who in enumerate(ring)}
    paid, lost = cleared(held, owed, 0.4, 1.0)
    assert paid == pytest.approx([4 / 15, 8 / 15] * 3, abs=1e-12)
    assert lost == tuple(ring)


HELD = {"a": 0.5, "b": 0.625, "c": 0.75}
THREE = {
    "a": {"b": 0.5, "c": 0.5, "out": 1.5},
    "b": {"a": 0.5, "c": 0.5, "out": 0.5},
    "c": {"a": 0.5, "b": 0.5, "out": 0.5},
}


def test_three_banks_that_owe_each_other_and_others() -> None:
    """The input in the documentation of the R package `systemicrisk`, solved by two other methods."""
    paid, lost = cleared(HELD, THREE)
    assert paid == pytest.approx([1.473214, 1.419643, 1.5], abs=1e-6)
    assert lost == ("a", "b")
    paid, lost = cleared(HELD, THREE, 0.5, 0.7)
    assert paid == pytest.approx([0.502020, 0.514705, 0.565381], abs=1e-6)
    assert lost == ("a", "b", "c")


def test_a_chain_that_ends_where_it_began() -> None:
    """By hand: a has 18, is paid 2 and owes 21; b has 18, is paid 4 * 20/21 and owes 21; c can pay."""
    owed = {"a": {"b": 4, "out": 17}, "b": {"c": 3, "out": 18}, "c": {"a": 2, "out": 8}}
    paid, lost = cleared({"a": 18, "b": 18, "c": 9}, owed)
    assert paid == pytest.approx([20, 21, 10], abs=1e-9)
    assert lost == ("a",)


# --- whole units ----------------------------------------------------------------------------------


def test_an_amount_is_dealt_by_largest_remainder() -> None:
    """By hand: 100 over 1 : 1 : 1 is 33 each and one over; 10 over 6 : 5 : 4 is 4, 3 1/3, 2 2/3."""
    assert dealt(100, {"a": 50, "b": 50, "c": 50}) == {"a": 34, "b": 33, "c": 33}
    assert dealt(10, {"a": 6, "b": 5, "c": 4}) == {"a": 4, "b": 3, "c": 3}
    assert dealt(99, {"a": 6, "b": 5}) == {"a": 6, "b": 5}
    assert dealt(7, {}) == {}


def test_a_debtor_alone_pays_what_it_holds_less_the_costs() -> None:
    found = clear({"lab": 1_000}, {"lab": {"bank": 3_000, "chips": 1_500}}, alpha=0.5, beta=0.7)
    assert found.paid == {"lab": {"bank": 333, "chips": 167}}  # 500 by 2 : 1
    assert found.costs == {"lab": 500}
    assert found.defaults == ("lab",)


def test_who_owes_nothing_and_who_holds_nothing() -> None:
    assert clear({"a": 5}, {}).paid == {}
    assert clear({}, {"a": {"b": 7}}).paid == {"a": {"b": 0}}
    assert clear({}, {"a": {"b": 0}}).defaults == ()


# --- random networks ------------------------------------------------------------------------------


def network(seed: int) -> tuple[dict[str, int], Owed]:
    """Up to 200 debtors, each with a few creditors, some of them outside, in sums of all sizes."""
    draw = Random(seed)
    names = [f"n{i:03}" for i in range(draw.randint(1, draw.choice([10, 50, 200])))]
    owed = {
        who: {
            to: draw.randint(1, 10 ** draw.randint(7, 11))
            for to in draw.sample([*names, "out"], min(draw.randint(1, 6), len(names)))
            if to != who
        }
        for who in names
    }
    for who in names:
        owed[who]["out"] = draw.randint(1, 10**10)
    size = draw.choice([10**8, 10**9, 10**10, 10**11])
    return {who: draw.randint(0, size) for who in names}, owed


SEEDS = range(500)


def matrix(held, owed):
    names = sorted(owed)
    place = {who: i for i, who in enumerate(names)}
    whole = [sum(owed[who].values()) for who in names]
    into = [[] for _ in names]
    for who in names:
        for to, due in owed[who].items():
            if to in place:
                into[place[to]].append((place[who], due / whole[place[who]]))
    return names, [held[who] for who in names], whole, into


def by_linear_programme(held, owed):
    """Eisenberg and Noe, theorem 1: the clearing vector maximises what is paid, within what each can pay."""
    names, purses, whole, into = matrix(held, owed)
    limits = lil_matrix((len(names), len(names)))  # on the part of its debt that each pays
    for i, parts in enumerate(into):
        limits[i, i] = 1.0
        for j, part in parts:
            limits[i, j] -= part * whole[j] / whole[i]
    found = linprog(
        [-1.0] * len(names),
        A_ub=limits.tocsr(),
        b_ub=[e / w for e, w in zip(purses, whole, strict=True)],
        bounds=(0.0, 1.0),
    )
    assert found.status == 0, found.message
    return {who: part * w for who, part, w in zip(names, found.x, whole, strict=True)}


def by_iteration(held, owed, alpha, beta):
    """Rogers and Veraart's own map, in floats, from payment in full downwards until nothing moves."""
    names, purses, whole, into = matrix(held, owed)
    paid = [float(w) for w in whole]
    for _ in range(100_000):
        got = [sum(paid[j] * part for j, part in parts) for parts in into]
        after = [
            w if e + g >= w - 0.25 else alpha * e + beta * g
            for e, g, w in zip(purses, got, whole, strict=True)
        ]
        if max(abs(a - b) for a, b in zip(after, paid, strict=True)) < 1e-4:
            break
        paid = after
    return dict(zip(names, paid, strict=True))


def balanced(held, owed, found) -> None:
    """Nobody pays more than it has or owes or is paid more than it is owed; nothing comes of nothing."""
    for who, claims in owed.items():
        into = sum(found.paid[payer].get(who, 0) for payer in owed)
        out = sum(found.paid[who].values())
        assert all(0 <= found.paid[who].get(to, 0) <= due for to, due in claims.items())
        assert out == sum(claims.values()) or who in found.defaults or out == held[who] + into
        assert held[who] + into - out - found.costs.get(who, 0) >= 0
        if who in found.defaults:
            assert held[who] + into == out + found.costs[who]


@pytest.mark.parametrize("fifty", range(10))
def test_random_networks_agree_with_a_linear_programme(fifty: int) -> None:
    for seed in SEEDS[fifty * 50 : fifty * 50 + 50]:
        held, owed = network(seed)
        found = clear(held, owed)
        balanced(held, owed, found)
        expected, size = by_linear_programme(held, owed), max(sum(c.values()) for c in owed.values())
        for who in owed:
            assert abs(sum(found.paid[who].values()) - expected[who]) <= max(1_000, 2e-7 * size), (seed, who)


@pytest.mark.parametrize("fifty", range(10))
def test_random_networks_with_costs_agree_with_a_fixed_point(fifty: int) -> None:
    for seed in SEEDS[fifty * 50 : fifty * 50 + 50]:
        held, owed = network(seed)
        draw = Random(-seed)
        alpha, beta = draw.randint(0, 100) / 100, draw.randint(0, 100) / 100
        found = clear(held, owed, alpha=alpha, beta=beta)
        balanced(held, owed, found)
        expected = by_iteration(held, owed, alpha, beta)
        for who in owed:
            assert abs(sum(found.paid[who].values()) - expected[who]) <= 1_000, (seed, who)
