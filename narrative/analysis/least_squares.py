"""Least squares of spans on a grid: half-lives and duration are sought on it, and for each of its points the
scale of told steps and the betas follow in closed form.

Sums of products are kept week by week, so that drawing weeks anew, which tells how sure a fit is, costs no
second look at the spans.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product
from operator import mul

from attrs import frozen

from narrative.analysis.between_quotes import Model, Span

LEAST = 10  # spans that make a beta; an asset with fewer keeps the one that is written
Grid = tuple[Sequence[float], Sequence[float], Sequence[float]]
Point = tuple[float, float, float]  # the two half-lives, and the duration
Sums = tuple[list[float], ...]  # by week: of yy, xy, xx, xn, nn, yn; y is the move, x the index, n the news


@frozen
class Squares:
    """Sums of products by week, for each asset at each point of a grid; `kept` are betas as written, of
    assets with too few spans.
    """

    weeks: tuple[int, ...]
    points: tuple[Point, ...]
    sums: Sequence[Mapping[str, Sums]]
    kept: Mapping[str, float]

    def solved(self, times: Sequence[int]) -> Model:
        """The model that errs least, by squares, where each week counts so many times. Of points that are as
        good the first is taken.
        """
        return min((self._at(i, times) for i in range(len(self.points))), key=lambda one: one[0])[1]

    def _at(self, i: int, times: Sequence[int]) -> tuple[float, Model]:
        """The sum of squares that is left at a point, and the model there."""
        whole = {asset: [sum(map(mul, times, one)) for one in sums] for asset, sums in self.sums[i].items()}
        left = along = across = 0.0  # of yy, nn and yn, each less what the index explains
        for yy, xy, xx, xn, nn, yn in whole.values():
            left += yy - (xy * xy / xx if xx else 0.0)
            along += nn - (xn * xn / xx if xx else 0.0)
            across += yn - (xy * xn / xx if xx else 0.0)
        scale = across / along if along > 0.0 else 0.0
        betas = {asset: (xy - scale * xn) / xx for asset, (_, xy, xx, xn, _, _) in whole.items() if xx}
        return left - scale * across, Model(*self.points[i], scale, {**self.kept, **betas})


def squares(found: Sequence[Span], grid: Grid, written: Mapping[str, float]) -> Squares:
    """The sums of some spans at every point of a grid of fast and slow half-lives and durations."""
    many = Counter(span.asset for span in found)
    kept = {asset: written.get(asset, 0.0) for asset, count in many.items() if count < LEAST}
    weeks = sorted({span.week for span in found})
    place = {week: i for i, week in enumerate(weeks)}
    news = {pair: [span.news(*pair) for span in found] for pair in product(grid[0], grid[1])}
    points = tuple(product(grid[0], grid[1], grid[2]))
    sums = []
    for fast, slow, duration in points:
        at: dict[str, Sums] = {asset: tuple([0.0] * len(weeks) for _ in range(6)) for asset in sorted(many)}
        for span, n in zip(found, news[fast, slow], strict=True):
            y, x = span.beyond_policy(duration)
            if span.asset in kept:
                y, x = y - kept[span.asset] * x, 0.0
            products = (y * y, x * y, x * x, x * n, n * n, y * n)
            for column, value in zip(at[span.asset], products, strict=True):
                column[place[span.week]] += value
        sums.append(at)
    return Squares(tuple(weeks), points, sums, kept)
