"""A fit: spans by hand, least squares beside numpy's, what was planted is found, noise is called noise."""

import json
from math import log
from pathlib import Path
from random import Random

import numpy as np
import pytest
from attrs import evolve
from click.testing import CliRunner
from support.anchored import CLOSE, anchored
from support.lives import lived
from support.tiny import DAY

import narrative
from events.errors import Wrong
from narrative.analysis.between_quotes import Model, Span, Step, spans
from narrative.analysis.fit import DRAWS, ERRORS, SCALE, drawn, errors, fitted, surely
from narrative.analysis.least_squares import LEAST, squares
from narrative.analysis.score import NoRecord
from narrative.cli import main
from narrative.story.calendar import BadDate

WEEK = 7 * DAY
WORDS = (2 * DAY + 10 * 3600, 0.5 * 0.01**0.5)  # an hour after they were told, and their step


# --- spans ----------------------------------------------------------------------------------------


def test_a_span_has_its_move_the_index_and_the_surprise_within_it() -> None:
    found = spans(anchored(), lived(anchored()).read("main"))
    cloud = [span for span in found if span.asset == "cloud"]
    days = [(span.since // DAY, span.moment // DAY) for span in cloud]
    assert days == [(1, 2), (2, 5), (5, 6), (6, 8), (8, 9)]  # no close on the seventh day
    assert [span.move for span in cloud] == pytest.approx(
        [log(1.1), log(1.2), log(128 / 132), log(140 / 128), log(90 / 140)]  # two shares for one on the ninth
    )
    index = [10_100 / 10_000, 10_050 / 10_100, 10_200 / 10_050, 10_400 / 10_200, 9_000 / 10_400]
    assert [span.index for span in cloud] == pytest.approx(list(map(log, index)))
    assert [span.surprise for span in cloud] == [0, -10, 0, 0, 0]
    assert [span.told for span in cloud] == [True, False, False, False, False]
    assert cloud[1].beyond_policy(5.0) == pytest.approx((log(1.2) - 0.005, log(10_050 / 10_100) - 0.005))


def test_news_is_told_steps_less_what_fades() -> None:
    span = Span(
        "a", 10 * DAY, 20 * DAY, 0.0, 0.0, 0.0, ((5 * DAY, 0.4, 0.2, 1.0), (15 * DAY, 0.08, 0.0, 0.01))
    )
    old = 0.4 * (2**-3 - 2**-1) + 0.2 * (2**-1.5 - 2**-0.5)  # by half-lives of 5 and 10 days
    assert span.news(5.0, 10.0) == pytest.approx(old + 0.01 + 0.08 / 2)
    quick = evolve(span, since=DAY)  # all of it is told within
    assert quick.news(5.0, 10.0) == pytest.approx(0.4 / 8 + 0.2 * 2**-1.5 + 1.0 + 0.01 + 0.04)


def test_a_told_step_is_the_storys_own() -> None:
    (_, size) = WORDS
    cloud = next(s for s in spans(anchored(), lived(anchored()).read("main")) if s.asset == "cloud")
    ((at, fast, slow, lasting),) = cloud.steps
    assert (at, fast + slow + lasting) == (WORDS[0], pytest.approx(size, abs=2e-9))


def test_what_a_parameter_was_fitted_on_is_left_out() -> None:
    story = anchored()
    first, *rest = story.parameters
    fit_on = evolve(story, parameters=(evolve(first, fitted=("words",)), *rest))
    before, after = (spans(one, lived(anchored()).read("main")) for one in (story, fit_on))
    assert [one for one in before if one not in after] == [
        one for one in before if one.asset == "cloud" and one.moment == 2 * DAY + CLOSE
    ]


# --- least squares --------------------------------------------------------------------------------


def planted(model: Model, noise: float, seed: int = 1, weeks: int = 60) -> list[Span]:
    """Spans of three assets, a week each, that move as a model says, give or take some noise."""
    lot, found = Random(seed), []
    for asset in ("a", "b", "c"):
        steps: list[Step] = []
        for week in range(weeks):
            since = 4 * DAY + week * WEEK  # a Monday
            if lot.random() < 0.5:
                size = lot.gauss(0, 0.1)
                steps.append((since + lot.randrange(1, WEEK), 0.3 * size, 0.2 * size, 0.5 * size))
            index, surprise = lot.gauss(0, 0.02), lot.choice((0, 0, 0, 10, -20))
            span = Span(asset, since, since + WEEK, 0.0, index, float(surprise), tuple(steps))
            policy = -model.duration * surprise / 1e4
            told = model.scale * span.news(model.fast, model.slow)
            move = told + policy + model.betas[asset] * (index - policy) + lot.gauss(0, noise)
            found.append(evolve(span, move=move))
    return found


TRUE = Model(20.0, 200.0, 5.0, 0.7, {"a": 1.5, "b": 0.5, "c": -0.3})
GRID = ([10.0, 20.0, 40.0], [100.0, 200.0], [4.0, 5.0, 6.0])


def test_what_was_planted_is_found() -> None:
    found = squares(planted(TRUE, 0.0), GRID, {})
    solved = found.solved([1] * len(found.weeks))
    assert (solved.fast, solved.slow, solved.duration) == (20.0, 200.0, 5.0)
    assert solved.scale == pytest.approx(0.7)
    assert solved.betas == pytest.approx(TRUE.betas)


@pytest.mark.parametrize("seed", range(5))
def test_the_closed_form_is_numpys_least_squares_however_often_weeks_count(seed: int) -> None:
    every = planted(TRUE, 0.05, seed)
    sums = squares(every, ([20.0], [200.0], [5.0]), {})
    times = next(drawn(len(sums.weeks), 1, f"test {seed}"))
    solved = sums.solved(times)
    chosen = [span for span in every for _ in range(times[sums.weeks.index(span.week)])]
    rows = [
        [span.news(20.0, 200.0), *(span.beyond_policy(5.0)[1] * (span.asset == who) for who in "abc")]
        for span in chosen
    ]
    oracle = np.linalg.lstsq(np.array(rows), np.array([s.beyond_policy(5.0)[0] for s in chosen]), rcond=None)[
        0
    ]
    assert [solved.scale, *(solved.betas[who] for who in "abc")] == pytest.approx(list(oracle))


def test_of_the_grid_the_point_that_leaves_least_is_taken() -> None:
    every = planted(TRUE, 0.05)
    sums = squares(every, GRID, {})
    best = sums.solved([1] * len(sums.weeks))

    def left(model: Model) -> float:
        return sum(model.miss(span) ** 2 for span in every)

    for point in sums.points:
        alone = squares(every, ([point[0]], [point[1]], [point[2]]), {})
        assert left(best) <= left(alone.solved([1] * len(sums.weeks))) + 1e-12


def test_too_few_spans_keep_the_beta_that_is_written() -> None:
    every = [*planted(TRUE, 0.0), *(evolve(span, asset="new") for span in planted(TRUE, 0.0)[: LEAST - 1])]
    solved = squares(every, GRID, {"new": 1.5})
    assert solved.solved([1] * len(solved.weeks)).betas == pytest.approx(TRUE.betas | {"new": 1.5})


# --- held against the rest ------------------------------------------------------------------------


def test_errors_are_mean_distances_of_what_each_foretells() -> None:
    """Steps that last: 0.1 told and 0.08 moved; then nothing told, 0.02 moved, 0.03 by the index."""
    told = Span("a", 0, WEEK, 0.08, 0.0, 0.0, ((DAY, 0.0, 0.0, 0.1),))
    quiet = Span("a", WEEK, 2 * WEEK, 0.02, 0.02, 0.0, ((DAY, 0.0, 0.0, 0.1),))
    fit, own = Model(20.0, 200.0, 5.0, 0.5, {"a": 1.5}), Model(20.0, 200.0, 5.0, 1.0, {"a": 1.0})
    found = {name: one["value"] for name, one in errors([told, quiet], fit, own).items()}
    assert found == pytest.approx(
        {
            "fitted": (0.03 + 0.01) / 2,
            "written": (0.02 + 0.0) / 2,
            "no_reaction": (0.08 + 0.01) / 2,
            "still": (0.08 + 0.02) / 2,
            "over_written": -0.01,
            "over_none": 0.025,
            "over_still": 0.03,
        }
    )
    assert errors([], fit, own) == {name: {"value": None, "low": None, "high": None} for name in ERRORS}


@pytest.mark.parametrize(("noise", "surely"), [(0.01, True), (1.0, False)])
def test_a_reaction_that_is_there_is_surely_better_than_none_and_noise_is_not(
    noise: float, *, surely: bool
) -> None:
    every = planted(TRUE, noise)
    over = errors([span for span in every if span.told], TRUE, TRUE)["over_none"]
    assert over["low"] is not None
    assert (over["low"] > 0) is surely


def test_draws_of_weeks_are_the_same_each_time_and_as_many_as_there_are() -> None:
    one, other = (list(drawn(9, 50, "test")) for _ in range(2))
    assert one == other
    assert {sum(times) for times in one} == {9}
    assert one != list(drawn(9, 50, "another"))
    assert len({tuple(times) for times in one}) > 40


def test_what_is_sure_is_on_one_side_of_nothing() -> None:
    bounds = [(0.1, 0.2), (-0.2, -0.1), (-0.1, 0.1), (0.0, 0.1), (None, None)]
    found = [surely({"value": 0.0, "low": low, "high": high}) for low, high in bounds]
    assert found == [True, False, None, None, None]


def test_the_fit_of_2025_is_as_it_stands_in_the_docs() -> None:
    done = CliRunner().invoke(main, ["fit", "ai-2025", "--until", "2025-10-31"], env={"COLUMNS": "110"})
    assert done.exit_code == 0, done.output
    page = Path(narrative.__file__).parents[1] / "docs" / "measured.md"
    text = page.read_text(encoding="utf-8")
    numbers, errors_, said = done.stdout.split("\n\n")[1:4]
    assert "\n".join(numbers.splitlines()[:5]) in text
    assert errors_ in text
    assert said.splitlines()[0] in text.replace("\n", " ")


def test_the_fit_of_2025_holds_back_what_came_after_the_day_and_says_what_it_is_worth() -> None:
    done = CliRunner().invoke(main, ["fit", "ai-2025", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert "2025-08" < found["until"][:7] < "2025-12"
    assert (found["record"][:10], found["draws"]) == ("2026-04-30", DRAWS)
    names = [one["parameter"] for one in found["parameters"]]
    assert names[:4] == [SCALE, "belief_half_life_fast", "belief_half_life_slow", "duration"]
    assert len([name for name in names if name.startswith("market_beta.")]) == 18
    low, high = (found["told"]["over_none"][end] for end in ("low", "high"))
    assert found["better"] is (None if low <= 0 <= high else low > 0)
    for one in found["parameters"]:
        assert one["low"] <= one["high"]


@pytest.mark.parametrize(
    ("story", "until", "kind", "said"),
    [
        ("ai-2025", "2024-09-01", Wrong, "weeks of quotes are left to estimate on"),
        ("ai-2025", "2026-04-15", Wrong, "weeks of quotes are left to hold it against"),
        ("ai-2025", "nix", BadDate, "is no date"),
        ("loop", None, NoRecord, "loop has no quotes"),
    ],
)
def test_bad_input_is_one_sentence(story: str, until: str | None, kind: type[Wrong], said: str) -> None:
    with pytest.raises(kind, match=said) as caught:
        narrative.fit(story, until=until)
    assert "\n" not in str(caught.value)


def test_few_quotes_are_too_few() -> None:
    with pytest.raises(Wrong, match="less than 8 say nothing"):
        fitted(anchored(), None)
