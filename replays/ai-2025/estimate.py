"""How far each quoted share moved with the market and with its sector: betas and weights, off quotes.csv.

Run it: `python estimate.py`. It reads the story's own quotes.csv beside it and nothing else, and prints
[[parameter]] tables for replay.toml.

Method: log returns between the last sessions of weeks (quotes are sparse, and every share has those), from
August 2024 to October 2025; nothing later is looked at. Ordinary least squares with a constant of each
share's return on the index gives `market_beta`. What that leaves, e, has a common and an own part: the weight
of a share is one over the standard deviation of its e, the factor of a week is the weighted mean of all e of
that week, and least squares of e on it gives `sector_beta`. A share's own e is in the factor, as it is where
a story is anchored; so the weighted mean of all own parts is about nothing.

Ranges are two standard errors to either side. The policy part of the market, at most 0.6 percent in a week,
is not taken out. Errors are taken as alike and unrelated from week to week, and the factor as if it were
measured without error.
"""

import csv
import datetime as dt
import itertools
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

INDEX = "us-market"
FIRST, LAST = "2024-08-01", "2025-10-31"
LEAST = 5  # shares that make a factor, and weeks that make a beta

Series = dict[str, float]


class Slope(NamedTuple):
    """A slope with its standard error, and what the line leaves, by week."""

    value: float
    error: float
    left: Series


class Estimate(NamedTuple):
    """What was estimated of one share, each with its standard error, over so many weeks."""

    actor: str
    market: tuple[float, float]
    sector: tuple[float, float]
    spread: tuple[float, float]  # the standard deviation of e
    weeks: int


def closes(folder: Path) -> dict[str, Series]:
    """The closes of each actor by date, in the period of estimation."""
    found: dict[str, Series] = {}
    with (folder / "quotes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if FIRST <= row["date"] <= LAST:
                found.setdefault(row["actor"], {})[row["date"]] = float(row["close"])
    return found


def weeks_ends(days: Sequence[str]) -> list[str]:
    """The last session of each week."""
    last = {dt.date.fromisoformat(day).isocalendar()[:2]: day for day in sorted(days)}
    return list(last.values())


def returns(series: Series, ends: Sequence[str]) -> Series:
    """Log returns from one week's end to the next, by the week's end, where both are quoted."""
    pairs = itertools.pairwise(ends)
    return {day: math.log(series[day] / series[ago]) for ago, day in pairs if ago in series and day in series}


def slope(on: Mapping[str, float], of: Mapping[str, float]) -> Slope:
    """The least-squares slope of `of` on `on` with a constant, over the weeks that both have."""
    days = [day for day in of if day in on]
    n = len(days)
    x_mean, y_mean = sum(on[day] for day in days) / n, sum(of[day] for day in days) / n
    squares = sum((on[day] - x_mean) ** 2 for day in days)
    value = sum((on[day] - x_mean) * (of[day] - y_mean) for day in days) / squares
    left = {day: of[day] - y_mean - value * (on[day] - x_mean) for day in days}
    error = math.sqrt(sum(e * e for e in left.values()) / (n - 2) / squares)
    return Slope(value, error, left)


def estimates(quoted: Mapping[str, Series]) -> Iterator[Estimate]:
    """The estimate of each share, by name."""
    ends = weeks_ends(list(quoted[INDEX]))
    index = returns(quoted[INDEX], ends)
    moves = {actor: returns(series, ends) for actor, series in sorted(quoted.items()) if actor != INDEX}
    fits = {actor: slope(index, move) for actor, move in moves.items() if len(move) >= LEAST}
    spreads = {actor: _spread(fit.left) for actor, fit in fits.items()}
    common = factor({actor: fit.left for actor, fit in fits.items()}, spreads)
    for actor, fit in fits.items():
        own = slope(common, fit.left)
        n = len(fit.left)
        spread = spreads[actor]
        yield Estimate(
            actor,
            (fit.value, fit.error),
            (own.value, own.error),
            (spread, spread / math.sqrt(2 * (n - 2))),
            n,
        )


def factor(left: Mapping[str, Series], spreads: Mapping[str, float]) -> Series:
    """The weighted mean of what the market leaves, by week, where enough shares are quoted."""
    days = sorted({day for series in left.values() for day in series})
    found: Series = {}
    for day in days:
        there = [actor for actor, series in left.items() if day in series]
        if len(there) >= LEAST:
            weight = sum(1 / spreads[actor] for actor in there)
            found[day] = sum(left[actor][day] / spreads[actor] for actor in there) / weight
    return found


def _spread(left: Series) -> float:
    return math.sqrt(sum(e * e for e in left.values()) / (len(left) - 2))


def tables(found: Estimate) -> Iterator[str]:
    """The [[parameter]] tables of one share."""
    spread, error = found.spread
    rows = (
        ("market_beta", found.market[0], *_span(*found.market), "1"),
        ("sector_beta", found.sector[0], *_span(*found.sector), "1"),
        ("sector_weight_in", 1 / spread, 1 / (spread + 2 * error), 1 / (spread - 2 * error), "1 per ln"),
    )
    for name, value, low, high, unit in rows:
        yield "\n".join(
            (
                "[[parameter]]",
                f'name = "{name}.{found.actor}"',
                f"value = {value:.3f}",
                f"low = {low:.3f}",
                f"high = {high:.3f}",
                f'unit = "{unit}"',
                'reads = "reading"',
                'source = "estimated on the record"',
                f'confidence = "{"medium" if found.weeks >= 50 else "low"}"',
                f'note = "{found.weeks} weeks, August 2024 to October 2025."',
            )
        )


def _span(value: float, error: float) -> tuple[float, float]:
    return value - 2 * error, value + 2 * error


def main() -> None:
    """Print the tables of all shares."""
    quoted = closes(Path(__file__).parent)
    printed = [table for found in estimates(quoted) for table in tables(found)]
    sys.stdout.write("\n\n".join(printed) + "\n")


if __name__ == "__main__":
    main()
