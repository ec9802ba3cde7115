"""Told steps beside the recorded moves after them: worked out by hand on the small story with quotes."""

from math import exp, log, log1p
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner
from support.anchored import CLOSE, anchored
from support.lives import lived
from support.tiny import DAY, entry, told

import narrative
from events.facts import Announcement
from narrative.analysis.judge import scored
from narrative.analysis.score import NoRecord, Pair, cases, estimates, measures, ranks, spearman
from narrative.cli import main
from narrative.story.model import Entry, Story
from narrative.story.observed import Observation, Observed

NOTHING = Observed(())


def words(name: str, moment: int, tone: float) -> Entry:
    """Words of 10**12 about the cloud."""
    return entry(
        name, moment,
        Announcement(
            subject="founder", counterparty="cloud", ceiling=10**12,
            told=told(name, status="intention", tone=tone, strength=1.0),
        ),
    )  # fmt: skip  # one call


def with_words(*more: Entry) -> Story:
    story = anchored()
    return evolve(story, entries=tuple(sorted((*story.entries, *more), key=lambda one: one.moment)))


def test_a_step_stands_beside_the_move_from_the_quote_before_to_the_quote_after():
    (case,) = cases(lived(anchored()).read("main"))
    assert (case.asset, case.entries, case.headline) == ("cloud", ("words",), "words")
    assert (case.since, case.moment) == (DAY + CLOSE, 2 * DAY + CLOSE)
    assert case.step == pytest.approx(0.5 * (10**12 / 10**14) ** 0.5, abs=2e-9)
    assert case.move == pytest.approx(log(110_000 / 100_000))
    assert case.market == pytest.approx(1.5 * log(10_100 / 10_000), abs=1e-9)
    assert case.amount == pytest.approx(log1p(0.01))


def test_steps_between_two_quotes_add_up_and_bridge_a_missing_close():
    """The cloud has no close on the seventh day. Its readers are tired by what they read before."""
    later = (words("bad", 6 * DAY + 17 * 3600, -1.0), words("worse", 7 * DAY + 17 * 3600, -1.0))
    first, second = cases(lived(with_words(*later)).read("main"))
    assert first.entries == ("words",)
    assert second.entries == ("bad", "worse")
    assert (second.since, second.moment) == (6 * DAY + CLOSE, 8 * DAY + CLOSE)
    read = [2 * DAY + 10 * 3600, 6 * DAY + 18 * 3600, 7 * DAY + 18 * 3600]
    size = 0.05  # the silent step: by the sum it would be 0.5 * sqrt(10**12 / (128_000 * 10**9)) = 0.044
    tired = [sum(2.0 ** (-(now - then) / (60 * DAY)) for then in read if then < now) for now in read]
    assert second.step == pytest.approx(-size * sum(exp(-0.1 * n) for n in tired[1:]), abs=4e-9)
    assert second.move == pytest.approx(log(140_000 / 128_000))
    assert second.amount == pytest.approx(-2 * log1p(10**12 / (128_000 * 10**9)))


def test_words_at_the_close_are_held_against_the_next_session():
    (_, case) = cases(lived(with_words(words("late", 5 * DAY + CLOSE, 1.0))).read("main"))
    assert (case.since, case.moment) == (5 * DAY + CLOSE, 6 * DAY + CLOSE)


def test_what_no_quote_follows_or_precedes_is_no_case():
    early, late = words("early", DAY + 9 * 3600, 1.0), words("late", 9 * DAY + 17 * 3600, 1.0)
    found = cases(lived(with_words(early, late)).read("main"))
    assert [case.entries for case in found] == [("words",)]


def test_measures():
    pairs = [Pair(0.1, 0.5, 0.2), Pair(-0.2, 0.1, 0.0), Pair(-0.6, -0.3, -0.2)]
    assert measures(pairs) == pytest.approx(
        {
            "sign": 2 / 3,
            "rank": 1.0,
            "error": 1.0 / 3,
            "no_reaction": 0.3,
            "constant": 0.2,  # steps of 0.3: 0.2 + 0.4 + 0.0
            "amount": 0.5 / 3,
            "over_none": 0.3 - 1.0 / 3,
            "over_constant": 0.2 - 1.0 / 3,
            "over_amount": 0.5 / 3 - 1.0 / 3,
        }
    )


def test_a_price_that_stood_still_has_no_sign():
    assert measures([Pair(0.1, 0.0, 0.0)])["sign"] is None
    assert measures([Pair(0.1, 0.0, 0.0), Pair(0.1, 0.2, 0.0)])["sign"] == 1.0


def test_nothing_is_said_of_nothing():
    assert set(measures([]).values()) == {None}
    assert estimates([], [])["error"] == {"value": None, "low": None, "high": None}


def test_ranks_are_shared_by_equals():
    assert ranks([1.0, 2.0, 2.0, 4.0]) == [1.0, 2.5, 2.5, 4.0]
    assert spearman([1, 2, 2, 4], [1, 3, 2, 4]) == pytest.approx(4.5 / 22.5**0.5)
    assert spearman([3, 2, 1], [1, 2, 3]) == pytest.approx(-1.0)
    assert spearman([1, 1, 1], [1, 2, 3]) is None


def test_intervals_hold_days_together_and_are_the_same_each_time():
    pairs = [Pair(0.1, 0.1 * number, 0.0) for number in range(1, 9)]
    apart, together = (estimates(pairs, days, draws=200) for days in (range(8), [0] * 4 + [1] * 4))
    assert apart == estimates(pairs, range(8), draws=200)
    assert apart["error"]["low"] < apart["error"]["value"] < apart["error"]["high"]
    # Of two days there are three draws: twice the one, both, twice the other.
    assert (together["error"]["low"], together["error"]["high"]) == pytest.approx((0.15, 0.55))
    one = estimates(pairs, [5] * 8, draws=20)["error"]
    assert (one["value"], one["low"], one["high"]) == (
        pytest.approx(0.35),
        None,
        None,
    )  # a day bounds nothing


def test_the_largest_miss_comes_first():
    found = scored(with_words(words("bad", 8 * DAY + 17 * 3600, 1.0)), NOTHING)
    assert [row["entries"] for row in found["reactions"]] == [["bad"], ["words"]]
    for row in found["reactions"]:
        assert row["miss"] == pytest.approx(row["move"] - row["market"] - row["step"])
    assert (found["cases"], found["entries"], found["assets"], found["days"]) == (2, 2, 1, 2)
    raw, adjusted = (found[name]["no_reaction"]["value"] for name in ("raw", "adjusted"))
    moves = [(log(1.1), 1.5 * log(1.01)), (log(9 / 14), 1.5 * log(90 / 104))]
    assert raw == pytest.approx(sum(abs(move) for move, _ in moves) / 2)
    assert adjusted == pytest.approx(sum(abs(move - market) for move, market in moves) / 2, abs=1e-8)


def test_what_a_parameter_was_fitted_on_is_left_out():
    story = with_words(words("bad", 8 * DAY + 17 * 3600, 1.0))
    first, *rest = story.parameters
    found = scored(evolve(story, parameters=(evolve(first, fitted=("words",)), *rest)), NOTHING)
    assert (found["cases"], found["fitted"]) == (1, 1)
    assert [row["entries"] for row in found["reactions"]] == [["bad"]]


def test_a_story_without_quotes_cannot_be_scored():
    with pytest.raises(NoRecord, match="tiny has no quotes"):
        scored(evolve(anchored(), quotes=()), NOTHING)
    with pytest.raises(NoRecord, match="loop"):
        narrative.score("loop")


def observation(day: int, kind: str, value: float, *entries: str) -> Observation:
    return Observation(day * DAY + CLOSE, "cloud", kind, value, "the test", entries)


def test_a_story_that_is_not_quoted_is_held_against_what_was_observed():
    """Words of the second day between two observed values, and beside a return that names them."""
    story = evolve(anchored(), quotes=(), record=None)
    rows = [observation(1, "market_value", 100e12), observation(2, "return_pct", 8.0, "words")]
    rows += [observation(day, "market_value", value) for day, value in ((2, 104e12), (5, 90e12))]
    found = scored(story, Observed(tuple(rows)))
    assert (found["until"], found["cases"], found["observed"]["cases"]) == (None, 0, 2)
    assert found["raw"]["sign"]["value"] is None
    by_value, by_return = sorted(found["observed"]["reactions"], key=lambda row: row["move"])
    assert (by_value["move"], by_return["move"]) == (pytest.approx(log(1.04)), pytest.approx(log(1.08)))
    step = 0.5 * (10**12 / 95e12) ** 0.5  # of the opening's value: nothing is quoted
    for row in (by_value, by_return):
        assert (row["entries"], row["market"]) == (["words"], 0.0)
        assert row["step"] == pytest.approx(max(step, 0.05), abs=2e-9)
    assert found["observed"]["raw"]["error"]["value"] == pytest.approx(
        (abs(log(1.04) - by_value["step"]) + abs(log(1.08) - by_return["step"])) / 2
    )


def test_what_was_observed_of_others_is_no_part_of_the_record_and_what_was_fitted_on_is_left_out():
    story = anchored()
    rows = Observed((observation(2, "one_day_return_pct", 8.0, "words"),))
    both, alone = scored(story, rows), scored(story, NOTHING)
    assert both.pop("observed")["cases"] == 1
    assert alone.pop("observed") is None
    assert both == alone
    first, *rest = story.parameters
    fitted = scored(evolve(story, parameters=(evolve(first, fitted=("words",)), *rest)), rows)
    assert (fitted["observed"]["cases"], fitted["observed"]["fitted"]) == (0, 1)


def test_what_nothing_told_repriced_is_no_case():
    rows = (observation(2, "return_pct", 8.0, "plan"), observation(2, "return_pct", -100.0, "words"))
    assert scored(anchored(), Observed(rows))["observed"] is None


def test_the_score_of_2025_is_as_it_stands_in_the_docs():

    done = CliRunner().invoke(main, ["score", "ai-2025"])
    assert done.exit_code == 0, done.output
    table = done.stdout.split("\n\n")[1]
    page = Path(narrative.__file__).parents[1] / "docs" / "measured.md"
    assert table in page.read_text(encoding="utf-8")
