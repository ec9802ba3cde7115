"""Shapley shares: what each of several players adds to a whole, on average over all orders of joining.

``phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S))``. The shares add up to
``v(all) - v(nobody)`` exactly, which is why they are worked out in fractions; who changes nothing in any
company has none, and two who add alike have the same.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial, floor

Company = frozenset[str]  # players who are there together


def companies(players: Collection[str]) -> Iterator[Company]:
    """Every company of some players, nobody first and all of them last."""
    for size in range(len(players) + 1):
        yield from map(frozenset, combinations(players, size))


def shapley(players: Sequence[str], worth: Mapping[Company, int | Fraction]) -> dict[str, Fraction]:
    """The share of each player in what all of them are worth more than nobody; `worth` has every company."""
    many = len(players)
    shares = {}
    for player in players:
        others = [one for one in players if one != player]
        shares[player] = sum(
            (
                Fraction(factorial(len(there)) * factorial(many - len(there) - 1), factorial(many))
                * (worth[there | {player}] - worth[there])
                for there in companies(others)
            ),
            Fraction(0),
        )
    return shares


def rounded(parts: Mapping[str, Fraction]) -> dict[str, int]:
    """Parts in whole units that add up to the whole, rounded: each is rounded down, and of what is left those
    with the largest remainders get one each, of equal ones the first.
    """
    found = {name: floor(part) for name, part in parts.items()}
    left = round(sum(parts.values(), Fraction(0))) - sum(found.values())
    for name in sorted(parts, key=lambda name: found[name] - parts[name])[:left]:
        found[name] += 1
    return found
