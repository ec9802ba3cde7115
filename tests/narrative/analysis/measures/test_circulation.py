"""Maximum circulation: a table worked out by hand, a linear programme, and the order of payments."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from narrative.analysis.measures.circulation import Circulation, Flows, circulating, returned

# Payments, the part that goes round, and by actor the part of receipts its own outlays could have paid.
TABLE = [
    ({"AB": 100, "BA": 100}, Fraction(1), {"A": 1, "B": 1}),
    ({"AB": 100, "BA": 50}, Fraction(2, 3), {"A": 1, "B": Fraction(1, 2)}),
    ({"AB": 100, "BC": 100}, Fraction(0), {"A": 0, "B": 0, "C": 0}),
    ({"AB": 100, "BC": 100, "CA": 100}, Fraction(1), {"A": 1, "B": 1, "C": 1}),
    ({"AB": 100, "AC": 100, "BA": 100}, Fraction(2, 3), {"A": 1, "B": 1, "C": 0}),
    (
        {"NO": 100, "OR": 300, "RN": 40},
        Fraction(120, 440),
        {"N": 1, "O": Fraction(40, 100), "R": Fraction(40, 300)},
    ),
]


@pytest.mark.parametrize(("given", "part", "actors"), TABLE)
def test_the_published_table_exactly(given, part, actors) -> None:
    flows = {(pair[0], pair[1]): amount for pair, amount in given.items()}
    assert Fraction(circulating(flows), sum(flows.values())) == part
    for actor, own in actors.items():
        received = sum(amount for (_, payee), amount in flows.items() if payee == actor)
        assert Fraction(returned(flows, actor), received or 1) == own


def history(seed: int) -> list[tuple[str, str, int]]:
    """Random payments among a few actors, some of them several times, some of tiny and some of huge sums."""
    chance = Random(seed)
    names = "abcdefgh"[: chance.randint(2, 8)]
    largest = chance.choice([3, 100, 10**13])
    pairs = [tuple(chance.sample(names, 2)) for _ in range(chance.randint(1, 30))]
    return [(a, b, chance.randint(1, largest)) for a, b in pairs]


def summed(payments: list[tuple[str, str, int]]) -> dict[tuple[str, str], int]:
    flows: dict[tuple[str, str], int] = {}
    for payer, payee, amount in payments:
        flows[payer, payee] = flows.get((payer, payee), 0) + amount
    return flows


def in_order(payments: list[tuple[str, str, int]]) -> int:
    found = Circulation()
    for payment in payments:
        found.pay(*payment)
    return found.total


def programme(flows: Flows) -> float:
    """The same by scipy's simplex: as much into each node as out of it, as much as possible in all."""
    edges = sorted(flows)
    nodes = sorted({node for edge in edges for node in edge})
    balance = np.zeros((len(nodes), len(edges)))
    for column, (a, b) in enumerate(edges):
        balance[nodes.index(a), column] = -1
        balance[nodes.index(b), column] = 1
    unit = max(flows.values())
    bounds = [(0, flows[edge] / unit) for edge in edges]
    every, zero = np.ones(len(edges)), np.zeros(len(nodes))
    solved = linprog(-every, A_eq=balance, b_eq=zero, bounds=bounds, method="highs")
    return -solved.fun * unit


@pytest.mark.parametrize("block", range(5))
def test_five_hundred_random_histories_agree_with_a_linear_programme_in_any_order(block: int) -> None:
    some = 0
    for seed in range(100 * block, 100 * block + 100):
        payments = history(seed)
        flows = summed(payments)
        total = circulating(flows)
        some += total > 0
        assert total == pytest.approx(programme(flows), rel=1e-7, abs=1e-6)
        for turn in range(3):
            Random(turn).shuffle(payments)
            assert in_order(payments) == total
        assert 2 * sum(min(f, flows.get((b, a), 0)) for (a, b), f in flows.items() if a < b) <= total
    assert some > 50


@pytest.mark.parametrize("seed", range(60))
def test_what_comes_back_is_the_maximum_flow_of_scipy(seed: int) -> None:
    chance = Random(seed)
    names = "abcdefgh"[: chance.randint(3, 8)]
    pairs = [(a, b) for a in names for b in names if a != b and chance.random() < 0.6]
    flows = {pair: chance.randint(1, 20) for pair in pairs}
    size = len(names) + 1  # the last node is where money comes back to the first
    room = np.zeros((size, size), dtype=np.int32)
    for (a, b), amount in flows.items():
        room[names.index(a), names.index(b) or size - 1] = amount
    assert returned(flows, names[0]) == maximum_flow(csr_array(room), 0, size - 1).flow_value


def test_a_short_way_taken_first_is_given_up_for_two_longer_ones() -> None:
    """Over a and d 1 comes back; but b leads to d alone, and a could have gone by c and f."""
    ways = ("sa", "ad", "ds", "sb", "be", "ed", "ac", "cf", "fs")
    assert returned({(way[0], way[1]): 1 for way in ways}, "s") == 2


def test_a_payment_to_oneself_goes_nowhere() -> None:
    assert circulating({("a", "a"): 5}) == 0
    assert returned({("a", "a"): 5}, "a") == 0


def test_first_and_last_hops_may_be_of_other_sums() -> None:
    """Of 100 put in, 60 is ordered on and 30 comes back as purchases; other receipts do not count."""
    flows = {("v", "c"): 100, ("c", "d"): 60, ("d", "v"): 45, ("c", "v"): 10}
    assert returned(flows, "v") == 55
    assert returned(flows, "v", out={("v", "c"): 100}, back={("d", "v"): 30}) == 30
    assert returned(flows, "v", out={}) == 0
