"""Cross-holdings: the example of two companies that hold half of each other."""

import numpy as np
import pytest

from narrative.analysis.measures.crossholdings import book_values, dependency, market_values, own_assets

HALVES = {"a": {"b": 0.5}, "b": {"a": 0.5}}


def test_halves_of_each_other() -> None:
    found = dependency(HALVES, ("a", "b"))
    assert found["a"] == pytest.approx({"a": 2 / 3, "b": 1 / 3}, abs=1e-12)
    assert found["b"] == pytest.approx({"a": 1 / 3, "b": 2 / 3}, abs=1e-12)


def test_books_count_twice_and_markets_once() -> None:
    assets = {"a": 1.0, "b": 1.0}
    assert sum(book_values(HALVES, assets).values()) == pytest.approx(4)
    assert sum(market_values(HALVES, assets).values()) == pytest.approx(2)


def test_a_linear_solver_agrees() -> None:
    chance = np.random.default_rng(5)
    for _ in range(20):
        names = [f"n{i}" for i in range(6)]
        parts = chance.random((6, 6)) * (1 - np.eye(6)) / 7
        assets = dict(zip(names, chance.random(6) * 100, strict=True))
        holdings = {a: {b: parts[i, j] for j, b in enumerate(names)} for i, a in enumerate(names)}
        solved = np.linalg.solve(np.eye(6) - parts, np.array(list(assets.values())))
        assert list(book_values(holdings, assets).values()) == pytest.approx(list(solved), rel=1e-9)
        assert own_assets(holdings, book_values(holdings, assets)) == pytest.approx(assets, rel=1e-9)
        assert sum(market_values(holdings, assets).values()) == pytest.approx(sum(assets.values()), rel=1e-9)


def test_a_company_held_whole_has_no_value() -> None:
    with pytest.raises(ValueError, match="b is held whole by others"):
        book_values({"a": {"b": 0.6}, "c": {"b": 0.4}}, {"a": 1.0, "b": 1.0, "c": 1.0})
