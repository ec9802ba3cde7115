"""Belief in ai-2025 by its definitions, against a reckoning that reads the story's files alone."""

import csv
import datetime as dt
import tomllib
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from support.lives import named

from events.log import open_log
from narrative.analysis.belief_spans import belief_spans
from narrative.analysis.replay import along
from narrative.engine.begin import begin
from narrative.engine.run import live
from narrative.story.model import Story

FOLDER = Path(__file__).parents[2] / "replays" / "ai-2025"
CLOSE = dt.time(16)
DAYS = ("2025-03-28", "2025-09-10", "2025-10-30", "2026-04-30")
FIGURES = ("revenue", "operating", "net")
Spans = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def read() -> Mapping[str, Spans]:
    """The program's spans at the close of each day."""
    story: Story = named("ai-2025")
    moments = [story.calendar.written(day, story.calendar.close) for day in DAYS]
    with open_log(None) as log:
        world = begin(log, "main", story, seed=1, cast="market", until=moments[-1])
        live(log, "main", world, moments[-1])
        events = list(log.read("main"))
    return {
        day: belief_spans(world, [event for event in events if event.moment <= at], at)
        for day, (at, world) in zip(DAYS, along(events, moments), strict=True)
    }


# --- the same, from the files -----------------------------------------------------------------------


def openings() -> dict[str, float]:
    """Values at the opening, in millions."""
    story = tomllib.loads((FOLDER / "replay.toml").read_text(encoding="utf-8"))
    return {
        actor["id"]: float(row["amount"]) * 1000
        for actor in story["actor"]
        for row in actor.get("opening", ())
        if row["account"] == "value" and "amount" in row
    }


def values(day: str) -> dict[str, float]:
    """Market values of a close on record, in millions."""
    with (FOLDER / "quotes.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["date"] == day and row["shares"]]
    return {row["actor"]: float(row["close"]) * int(row["shares"]) / 1e6 for row in rows}


def year(actor: str, at: dt.datetime) -> dict[str, float | None]:
    """Four quarters that follow each other, as known at a moment; None where one lacks the figure."""
    found = tomllib.loads((FOLDER / "results.toml").read_text(encoding="utf-8"))["result"]
    known = sorted(
        (r for r in found if r["actor"] == actor and published(r) <= at), key=lambda r: r["period"]
    )[-4:]
    whole = len(known) == 4 and all((b["period"] - a["period"]).days < 120 for a, b in pairwise(known))
    return {
        name: sum(r[name] for r in known) if whole and all(name in r for r in known) else None
        for name in FIGURES
    }


def published(result: Mapping[str, Any]) -> dt.datetime:
    day = result["published"]
    return day if isinstance(day, dt.datetime) else dt.datetime.combine(day, dt.time(9))


@pytest.mark.parametrize("day", DAYS)
def test_spans_are_those_of_the_files(read: Mapping[str, Spans], day: str) -> None:
    start = dt.datetime.combine(dt.date(2024, 8, 1), dt.time(0))
    now = dt.datetime.combine(dt.date.fromisoformat(day), CLOSE)
    opening, seen = openings(), 0
    for actor, value in values(day).items():
        base, last = year(actor, start), year(actor, now)
        if actor in opening:
            ratios = [
                1 - opening[actor] * last[name] / (base[name] * value)
                for name in FIGURES
                if (base[name] or 0) > 0 and (last[name] or 0) > 0
            ]
            span = read[day][actor]["above_results"]
            assert (span is None) == (not ratios), actor
            if span is not None:
                assert (span["low"], span["high"]) == pytest.approx((min(ratios), max(ratios)), abs=1e-6), (
                    actor
                )
                seen += 1
        span = read[day][actor]["growth"]
        if last["operating"] is None or last["net"] is None:
            assert span is None, actor
        else:
            earned = max(last["net"], 0.83 * last["operating"], 0.0)
            ends = (1 - earned / (0.07 * value), 1 - earned / (0.11 * value))
            assert (span["low"], span["high"]) == pytest.approx(ends, abs=1e-6), actor
    assert seen >= 2  # a week's last session has all of them, another day those that entries name


@pytest.mark.parametrize(
    ("actor", "day", "low", "high"),
    [
        ("nvidia", "2025-10-30", -0.2092, -0.1738),
        ("oracle", "2025-09-10", 0.5047, 0.5356),  # by net income 1 - 0.416716 * 12,441 / 10,468; by revenue
    ],
)
def test_above_paid_results(read: Mapping[str, Spans], actor: str, day: str, low: float, high: float) -> None:
    span = read[day][actor]["above_results"]
    assert (span["low"], span["high"]) == pytest.approx((low, high), abs=1e-4)


def test_a_claim_holds_of_one_fails_of_another_and_is_open_of_a_third(read: Mapping[str, Spans]) -> None:
    last = read["2026-04-30"]
    said = {actor: last[actor]["claim"]["verdict"] for actor in ("oracle", "nvidia", "amd")}
    assert said == {"oracle": "holds", "nvidia": "fails", "amd": "undecided"}
    # Operating income of the last four quarters, 19,581 over 15,354; revenue as known at the top, 59,018
    # over 52,961; both against ln(922.224 / 384.305) = 0.87535.
    assert last["oracle"]["claim"]["low"] == pytest.approx(1 - 0.24318 / 0.87535, abs=1e-4)
    assert last["oracle"]["claim"]["high"] == pytest.approx(1 - 0.10829 / 0.87535, abs=1e-4)
    assert (last["oracle"]["claim"]["day"], last["nvidia"]["claim"]["day"]) == ("2025-09-10", "2026-04-24")


def test_spans_lie_in_order_and_what_was_announced_within_a_whole(read: Mapping[str, Spans]) -> None:
    for found in read.values():
        for one in found.values():
            for name in ("announced", "above_results", "growth"):
                assert one[name] is None or one[name]["low"] <= one[name]["high"] <= 1
            assert one["announced"] is None or one["announced"]["low"] >= 0
