"""Indices by SALib, held to the Ishigami function, of which they are known in closed form."""

from math import pi, sin

import pytest

pytest.importorskip("SALib")

from narrative.weighing.indices import NoIndices, morris, sobol

RANGES = dict.fromkeys(("x1", "x2", "x3"), (-pi, pi))
A, B = 7.0, 0.1


def ishigami(points):
    """Ishigami and Homma (1990)."""
    return [sin(one["x1"]) + A * sin(one["x2"]) ** 2 + B * one["x3"] ** 4 * sin(one["x1"]) for one in points]


def test_sobols_indices_of_the_ishigami_function_come_out() -> None:
    variance = A**2 / 8 + B * pi**4 / 5 + B**2 * pi**8 / 18 + 1 / 2
    first = {
        "x1": (B * pi**4 / 5 + B**2 * pi**8 / 50 + 1 / 2) / variance,
        "x2": A**2 / 8 / variance,
        "x3": 0.0,
    }
    together = 8 * B**2 * pi**8 / 225 / variance
    whole = {"x1": first["x1"] + together, "x2": first["x2"], "x3": together}
    found = sobol(RANGES, 1024, ishigami)
    for name in RANGES:
        assert found[name]["first"] == pytest.approx(first[name], abs=0.03)
        assert found[name]["whole"] == pytest.approx(whole[name], abs=0.03)


def test_morris_of_a_line_are_its_slopes_and_nothing_differs_from_place_to_place() -> None:
    found = morris(
        {"a": (0.0, 2.0), "b": (0.0, 1.0)}, 10, lambda points: [3 * p["a"] - p["b"] for p in points]
    )
    assert found["a"]["steps"] == pytest.approx(6.0)  # over the whole of its range
    assert found["b"]["steps"] == pytest.approx(1.0)
    assert found["a"]["spread"] == pytest.approx(0.0, abs=1e-9)


def test_salibs_own_functions_come_out_through_ours() -> None:
    """Its Sobol G, of which the indices are known: V_i = 1 / (3 (1 + a_i)^2), V = prod(1 + V_i) - 1."""
    own = pytest.importorskip("SALib.test_functions.Sobol_G")
    numpy = pytest.importorskip("numpy")
    a = numpy.array([0.0, 1.0, 4.5, 9.0, 99.0])
    names = [f"x{i}" for i in range(len(a))]
    alone = 1 / (3 * (1 + a) ** 2)
    variance = numpy.prod(1 + alone) - 1
    found = sobol(
        dict.fromkeys(names, (0.0, 1.0)),
        1024,
        lambda points: [
            float(one) for one in own.evaluate(numpy.array([list(p.values()) for p in points]), a)
        ],
    )
    for name, part in zip(names, alone, strict=True):
        whole = part * (numpy.prod(1 + alone) / (1 + part)) / variance
        assert found[name]["first"] == pytest.approx(part / variance, abs=0.03)
        assert found[name]["whole"] == pytest.approx(whole, abs=0.03)


def test_what_nothing_moves_has_no_indices() -> None:
    with pytest.raises(NoIndices, match="nothing moves it"):
        sobol(RANGES, 8, lambda points: [1.0] * len(points))
