"""Indices of sensitivity by SALib: which of several numbers a figure depends on, by Morris and by Sobol."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from events.errors import Wrong
from narrative.weighing.draws import Ranges

SEED = 1  # of the points that are tried, and of the resampling
Figure = Callable[[Sequence[Mapping[str, float]]], Sequence[float]]  # at each of some points


class NoIndices(Wrong):
    """SALib is not installed, or was given too little to work with."""


def morris(ranges: Ranges, count: int, figure: Figure) -> dict[str, dict[str, float]]:
    """By parameter the mean absolute step of a figure when it alone moves (`steps`), its 95 % reach
    (`steps_reach`) and how much that differs from place to place (`spread`): Morris (1991), Campolongo and
    others (2007), over so many paths through the ranges. Raises NoIndices.
    """
    sample, analyze = _salib("morris")
    problem = _problem(ranges)
    points = sample.sample(problem, count, seed=SEED)
    found = analyze.analyze(problem, points, _array(figure(_named(ranges, points))), seed=SEED)
    return {
        name: {
            "steps": float(found["mu_star"][i]),
            "steps_reach": float(found["mu_star_conf"][i]),
            "spread": float(found["sigma"][i]),
        }
        for i, name in enumerate(ranges)
    }


def sobol(ranges: Ranges, count: int, figure: Figure) -> dict[str, dict[str, float]]:
    """By parameter the part of a figure's variance that it makes alone (`first`) and with others (`whole`),
    each with its 95 % reach: Sobol (2001), Saltelli and others (2010). Raises NoIndices.
    """
    sample, analyze = _salib("sobol")
    problem = _problem(ranges)
    points = sample.sample(problem, count, calc_second_order=False, seed=SEED)
    values = _array(figure(_named(ranges, points)))
    if values.min() == values.max():
        raise NoIndices("The figure is the same at every point of the ranges, so nothing moves it.")
    found = analyze.analyze(problem, values, calc_second_order=False, seed=SEED)
    return {
        name: {
            "first": float(found["S1"][i]),
            "first_reach": float(found["S1_conf"][i]),
            "whole": float(found["ST"][i]),
            "whole_reach": float(found["ST_conf"][i]),
        }
        for i, name in enumerate(ranges)
    }


def _salib(method: str) -> tuple[Any, Any]:
    try:
        return import_module(f"SALib.sample.{method}"), import_module(f"SALib.analyze.{method}")
    except ImportError:
        raise NoIndices(
            f'{method} asks SALib, which is not installed: pip install "narrative-engine[doubt]".'
        ) from None


def _array(values: Sequence[float]) -> Any:
    return import_module("numpy").array(values, dtype=float)  # comes with SALib


def _problem(ranges: Ranges) -> dict[str, Any]:
    return {"num_vars": len(ranges), "names": list(ranges), "bounds": [list(one) for one in ranges.values()]}


def _named(ranges: Ranges, points: Any) -> list[dict[str, float]]:
    return [dict(zip(ranges, map(float, point), strict=True)) for point in points]
