"""DebtRank on the published example of three banks, in both versions."""

import pytest

from narrative.analysis.measures.debtrank import debtrank, path

CLAIMS = {"a": {"b": 1.0}, "b": {"a": 10.0, "c": 3.0}, "c": {"a": 3.0, "b": 2.0}}
BUFFERS = {"a": 2.0, "b": 5.0, "c": 2.0}
SIZES = {"a": 10.0, "b": 100.0, "c": 30.0}


@pytest.mark.parametrize(
    ("repeatedly", "expected"),
    [
        (False, {"a": 0.9285714, "b": 0.25, "c": 0.6642857}),
        (True, {"a": 0.9285714, "b": 0.25, "c": 0.75}),
    ],
)
def test_each_default_of_the_published_example(repeatedly: bool, expected: dict[str, float]) -> None:
    for first, lost in expected.items():
        found = debtrank(CLAIMS, BUFFERS, SIZES, {first: 1.0}, repeatedly=repeatedly)
        assert found.lost == pytest.approx(lost, abs=1e-6)


def test_a_tenth_lost_by_everybody() -> None:
    found = debtrank(CLAIMS, BUFFERS, SIZES, dict.fromkeys(BUFFERS, 0.1))
    assert found.stress == pytest.approx({"a": 0.15, "b": 0.26, "c": 0.30}, abs=1e-6)
    assert found.lost == pytest.approx(0.160714, abs=1e-6)


def test_the_way_is_that_of_most() -> None:
    """C is owed by b alone, and b by a."""
    claims = {"b": {"a": 4.0}, "c": {"b": 1.0, "a": 0.1}}
    found = debtrank(claims, {"a": 1.0, "b": 5.0, "c": 1.0}, dict.fromkeys("abc", 1.0), {"a": 1.0})
    assert found.stress == pytest.approx({"a": 1.0, "b": 0.8, "c": 0.9})
    assert path(found, "c") == ["a", "b", "c"]
    assert path(found, "a") == ["a"]


def test_without_a_buffer_any_loss_is_the_end() -> None:
    found = debtrank({"b": {"a": 1.0}}, {"a": 1.0, "b": 0.0}, {"a": 1.0, "b": 1.0}, {"a": 0.5})
    assert found.stress == {"a": 0.5, "b": 0.5}
    found = debtrank({"b": {"a": 1.0}}, {"a": 1.0, "b": -3.0}, {"a": 1.0, "b": 1.0}, {"a": 1.0})
    assert found.stress["b"] == 1.0


def test_a_claim_on_oneself_is_none() -> None:
    assert debtrank({"a": {"a": 9.0}}, {"a": 1.0}, {"a": 1.0}, {"a": 0.5}).stress == {"a": 0.5}
