"""A fit of the reading parameters on which recorded prices depend, on a part of the record, held against the
rest of it. Nothing that was observed after the record is looked at.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import evolve

from events.errors import Wrong
from narrative.analysis.between_quotes import Model, Span, spans
from narrative.analysis.least_squares import Grid, squares
from narrative.analysis.score import Estimate, estimate, reference
from narrative.engine.chance import Chance
from narrative.story.model import Story

METHOD = (
    "least squares of moves between quotes on told steps and the index, in closed form at each point of a "
    "grid of half-lives (evenly in ln) and durations over their declared ranges; intervals by drawing whole "
    "weeks anew"
)
SOURCE = "ordinary least squares; block bootstrap (Künsch 1989), with weeks as blocks"
GRID = ("belief_half_life_fast", "belief_half_life_slow", "duration")
BETA = "market_beta"
SCALE = "told steps"  # no parameter of a story: all of them times so much
POINTS = 5  # of the grid along each parameter
REFITS = 200  # with training weeks drawn anew
DRAWS = 1_000  # of weeks of the rest
WEEKS = 8  # at least, on either side
ERRORS = ("fitted", "written", "no_reaction", "still", "over_written", "over_none", "over_still")


class BadFit(Wrong):
    """A part of the record that leaves too little on one side of it."""


def fitted(story: Story, until: str | None) -> dict[str, Any]:
    """The fit of a story's reading parameters on its record up to a day, and how it does on the rest, as
    plain data; on two thirds of the quoted days where no day is given. Raises NoRecord, BadFit and BadDate.
    """
    record, events = reference(story)
    every = spans(story, events)
    last = _last(story, every, until)
    training = [span for span in every if span.moment <= last]
    rest = [span for span in every if span.moment > last]
    _check(story, training, rest)
    written = _written(story, sorted({span.asset for span in every}))
    fast, slow, duration = (_points(story, name) for name in GRID)
    grid = fast, slow, duration
    sums = squares(training, grid, written.betas)
    found = sums.solved([1] * len(sums.weeks))
    refits = [sums.solved(times) for times in drawn(len(sums.weeks), REFITS, "fit: a training week")]
    model = evolve(found, betas={**written.betas, **found.betas})
    told = errors([span for span in rest if span.told], model, written)
    iso = story.calendar.iso
    return {
        "story": story.id,
        "method": METHOD,
        "source": SOURCE,
        "until": iso(last),
        "record": iso(record.until),
        "training": _size(training),
        "rest": _size(rest),
        "refits": REFITS,
        "draws": DRAWS,
        "parameters": list(_parameters(story, written, found, refits, grid)),
        "all": errors(rest, model, written),
        "told": told,
        "better": surely(told["over_none"]),
    }


def _last(story: Story, found: Sequence[Span], until: str | None) -> int:
    if until is not None:
        return story.calendar.at(until)
    days = sorted({span.moment for span in found})
    return days[2 * len(days) // 3 - 1] if days else story.start


def _check(story: Story, training: Sequence[Span], rest: Sequence[Span]) -> None:
    for side, where in ((training, "to estimate on"), (rest, "to hold it against")):
        weeks = len({span.week for span in side})
        if weeks < WEEKS:
            first, last = (story.calendar.day(at) for at in _ends([*training, *rest], story))
            raise BadFit(
                f"{weeks} weeks of quotes are left {where}, and less than {WEEKS} say nothing. {story.id} "
                f"is quoted from {first} to {last}; give a day between."
            )


def _ends(found: Sequence[Span], story: Story) -> tuple[int, int]:
    moments = [at for span in found for at in (span.since, span.moment)] or [story.start]
    return min(moments), max(moments)


def _points(story: Story, name: str) -> list[float]:
    """The points of the grid along a parameter: over its declared range, of half-lives evenly in ln."""
    one = next(parameter for parameter in story.parameters if parameter.name == name)
    if one.low == one.high:
        return [one.value]
    steps = [i / (POINTS - 1) for i in range(POINTS)]
    if name == GRID[-1] or one.low <= 0.0:
        return [one.low + (one.high - one.low) * step for step in steps]
    return [one.low * (one.high / one.low) ** step for step in steps]


def _written(story: Story, assets: Sequence[str]) -> Model:
    """The model by the values that the story gives."""
    known = {parameter.name: parameter.value for parameter in story.parameters}
    betas = {asset: known.get(f"{BETA}.{asset}", known.get(BETA, 0.0)) for asset in assets}
    fast, slow, duration = (known[name] for name in GRID)
    return Model(fast, slow, duration, 1.0, betas)


def _size(found: Sequence[Span]) -> dict[str, int]:
    return {
        "spans": len(found),
        "told": sum(span.told for span in found),
        "weeks": len({span.week for span in found}),
        "assets": len({span.asset for span in found}),
    }


def drawn(many: int, draws: int, purpose: str) -> Iterator[list[int]]:
    """How many times each of so many weeks counts in each draw, put back each time, by addressed chance."""
    chance = Chance(0)
    for draw in range(draws):
        times = [0] * many
        for place in range(many):
            times[int(chance.uniform("fit", purpose, str(draw), place) * many)] += 1
        yield times


# --- what is said of it ---------------------------------------------------------------------------


def _parameters(
    story: Story, written: Model, found: Model, refits: Sequence[Model], grid: Grid
) -> Iterator[dict[str, Any]]:
    """Each number as it is written and as it was fitted, with the middle 95 % of what weeks drawn anew make
    of it, and its declared range; `at_end` where that cut it off.
    """
    own, fit, drawn = _numbers(written), _numbers(found), [_numbers(one) for one in refits]
    ranges = {parameter.name: (parameter.low, parameter.high) for parameter in story.parameters}
    ends = {name: points for name, points in zip(GRID, grid, strict=True) if len(points) > 1}
    for name, value in fit.items():
        bounds = estimate(value, [row[name] for row in drawn if name in row])
        least, most = ranges.get(name, ranges.get(name.partition(".")[0], (None, None)))
        yield {
            "parameter": name,
            "written": own[name],
            "fitted": value,
            "low": bounds["low"],
            "high": bounds["high"],
            "least": least,
            "most": most,
            "at_end": name in ends and value in (ends[name][0], ends[name][-1]),
        }


def surely(found: Estimate) -> bool | None:
    """Whether something is surely above zero, or below; None where its interval holds zero, or is none."""
    low, high = found["low"], found["high"]
    if low is None or high is None or low <= 0.0 <= high:
        return None
    return low > 0.0


def _numbers(model: Model) -> dict[str, float]:
    """The numbers of a model by name."""
    grid = dict(zip(GRID, (model.fast, model.slow, model.duration), strict=True))
    return {
        SCALE: model.scale,
        **grid,
        **{f"{BETA}.{who}": beta for who, beta in sorted(model.betas.items())},
    }


def errors(found: Sequence[Span], model: Model, written: Model) -> dict[str, Estimate]:
    """Mean absolute errors in ln over spans, of the fit and of its rivals: the story's own values, the fit
    without any reaction to news, and prices that stand still; and by how much the fit's is less than each.
    Intervals hold 95 % of draws of weeks.
    """
    rivals = (model, written, evolve(model, scale=0.0))
    by_week: dict[int, list[list[float]]] = defaultdict(list)
    for span in found:
        by_week[span.week].append([*(one.miss(span) for one in rivals), abs(span.move)])
    sums = [[sum(column) for column in zip(*by_week[week], strict=True)] for week in sorted(by_week)]
    counts = [len(by_week[week]) for week in sorted(by_week)]

    def means(times: Sequence[int]) -> dict[str, float]:
        whole = sum(n * count for n, count in zip(times, counts, strict=True))
        fit, own, none, still = (
            sum(n * row[i] for n, row in zip(times, sums, strict=True)) / whole for i in range(4)
        )
        return dict(zip(ERRORS, (fit, own, none, still, own - fit, none - fit, still - fit), strict=True))

    if not sums:
        return {name: estimate(None, []) for name in ERRORS}
    value = means([1] * len(sums))
    draws = [means(times) for times in drawn(len(sums), DRAWS, "fit: a week held out")]
    return {name: estimate(value[name], [one[name] for one in draws]) for name in ERRORS}
