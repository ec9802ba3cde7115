"""Prices and results of ai-2025. Expected closes and sums were worked out apart from the program."""

import csv
import datetime as dt
import importlib.util
import itertools
import re
import subprocess
import sys
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "replays" / "ai-2025"
UNTIL = "2026-04-30"  # the record's last day; what came later judges what is fitted
# Weekdays on which New York did not trade.
CLOSED = {
    "2024-09-02", "2024-11-28", "2024-12-25", "2025-01-01", "2025-01-09", "2025-01-20", "2025-02-17",
    "2025-04-18", "2025-05-26", "2025-06-19", "2025-07-04", "2025-09-01", "2025-11-27", "2025-12-25",
    "2026-01-01", "2026-01-19", "2026-02-16", "2026-04-03",
}  # fmt: skip  # a year a line or two


def quotes():
    with (FOLDER / "quotes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def results():
    return tomllib.loads((FOLDER / "results.toml").read_text())["result"]


def actors():
    return {actor["id"] for actor in tomllib.loads((FOLDER / "replay.toml").read_text())["actor"]}


def close(actor, day):
    found = [row for row in quotes() if (row["actor"], row["date"]) == (actor, day)]
    return Decimal(found[0]["close"]), int(found[0]["shares"] or 0)


def trailing(actor, field, at):
    """The last four quarters of an actor that were known at a moment."""
    known = [r for r in results() if r["actor"] == actor and moment(r) <= at]
    return sum(r[field] for r in sorted(known, key=lambda r: r["period"])[-4:])


def moment(result):
    """When a result was known: a day alone is its morning."""
    day = result["published"]
    return day if isinstance(day, dt.datetime) else dt.datetime.combine(day, dt.time(9))


def estimate():
    spec = importlib.util.spec_from_file_location("ai_2025_estimate", FOLDER / "estimate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- prices -------------------------------------------------------------------------------------


def test_quotes_stand_in_order_once_each():
    places = [(row["date"], row["actor"]) for row in quotes()]
    assert places == sorted(set(places))


def test_quotes_are_of_actors_and_no_later_than_the_record():
    assert {row["actor"] for row in quotes()} <= actors()
    assert max(row["date"] for row in quotes()) == UNTIL


def test_quotes_are_of_days_on_which_new_york_traded():
    days = {row["date"] for row in quotes()}
    assert not days & CLOSED
    assert not [day for day in days if dt.date.fromisoformat(day).weekday() > 4]


def test_the_index_has_every_session():
    day, every = dt.date(2024, 7, 31), set()
    while day.isoformat() <= UNTIL:
        if day.weekday() <= 4 and day.isoformat() not in CLOSED:
            every.add(day.isoformat())
        day += dt.timedelta(days=1)
    assert {row["date"] for row in quotes() if row["actor"] == "us-market"} == every


def test_no_price_jumps_by_half_as_it_would_at_a_split():
    last = {}
    for row in quotes():
        price = float(row["close"])
        assert price > 0
        assert 0.5 < price / last.get(row["actor"], price) < 1.5, row
        last[row["actor"]] = price


def test_counts_of_shares_are_whole_or_left_out():
    for row in quotes():
        assert row["shares"] == "" or int(row["shares"]) > 10**6, row
    assert {row["shares"] for row in quotes() if row["actor"] == "us-market"} == {""}


@pytest.mark.parametrize(
    ("actor", "day", "price", "value"),
    [
        ("oracle", "2024-07-31", "139.45", "384.305"),
        ("oracle", "2025-09-10", "328.33", "922.224"),
        ("amd", "2025-10-06", "203.71", "330.589"),
        ("nvidia", "2025-10-30", "202.89", "4930.227"),
        ("oracle", "2025-10-30", "256.89", "730.008"),
        ("arm", "2025-10-30", "165.45", "175.255"),
        ("microsoft", "2025-10-28", "542.07", "4029.296"),
        ("coreweave", "2025-03-28", "40.00", "18.939"),
    ],
)
def test_closes_that_others_know(actor, day, price, value):
    found, shares = close(actor, day)
    assert found == Decimal(price)
    assert round(found * shares / 10**9, 3) == Decimal(value)


def test_no_close_is_less_a_dividend():
    # the session before a share went without its dividend, as the snapshot of that day had it
    assert close("alphabet", "2024-09-06")[0] == Decimal("150.92")
    assert close("meta", "2025-09-19")[0] == Decimal("778.38")
    assert close("broadcom", "2024-12-20")[0] == Decimal("220.79")


# --- results ------------------------------------------------------------------------------------


def test_results_are_of_actors_once_a_quarter_and_no_later_than_the_record():
    places = [(r["actor"], r["period"]) for r in results()]
    assert len(places) == len(set(places))
    assert {actor for actor, _ in places} <= actors()
    assert max(moment(r) for r in results()).date().isoformat() <= UNTIL


def test_a_quarter_is_told_after_its_end_and_in_order():
    for actor in {r["actor"] for r in results()}:
        told = [r for r in results() if r["actor"] == actor]
        assert [r["period"] for r in told] == sorted(r["period"] for r in told)
        assert [moment(r) for r in told] == sorted(moment(r) for r in told)
        assert all(0 < (moment(r).date() - r["period"]).days < 65 for r in told if r["period"].year > 2024)


def test_results_come_out_on_sessions():
    for r in results():
        day = moment(r).date()
        assert day.weekday() <= 4, r
        assert day.isoformat() not in CLOSED, r


def test_every_result_says_whence_and_how_sure():
    for r in results():
        assert r["source"]
        assert r["confidence"] in ("high", "medium", "low", "assumption")
        assert not ("memory" in r["source"] and r["confidence"] == "high")


def test_no_quarter_is_missing_between_two():
    for actor in {r["actor"] for r in results()}:
        ends = [r["period"].year * 12 + r["period"].month for r in results() if r["actor"] == actor]
        assert ends == list(range(ends[0], ends[-1] + 1, 3)), actor


@pytest.mark.parametrize(
    ("actor", "field", "at", "sum_"),
    [
        ("nvidia", "revenue", "2024-08-01", 79_774),
        ("nvidia", "revenue", "2025-10-30", 165_218),
        ("nvidia", "operating", "2024-08-01", 47_740),
        ("nvidia", "operating", "2025-10-30", 95_981),
        ("oracle", "revenue", "2024-08-01", 52_961),
        ("oracle", "revenue", "2025-09-09", 57_399),
        ("oracle", "revenue", "2025-09-10", 59_018),  # 14,926 came out the evening before, 13,307 left
        ("microsoft", "revenue", "2024-08-01", 245_122),
        ("microsoft", "revenue", "2025-10-30", 293_812),
    ],
)
def test_four_quarters_as_known_at_a_close(actor, field, at, sum_):
    assert trailing(actor, field, dt.datetime.fromisoformat(f"{at}T16:00:00")) == sum_


def test_backlogs_are_those_that_the_timeline_tells():
    timeline = tomllib.loads((FOLDER / "timeline.toml").read_text())["event"]
    told = {entry["id"]: entry for entry in timeline}
    found = [r["backlog"] for r in results() if r["actor"] == "oracle" and "backlog" in r]
    rises = [told[f"ai-2025-{name}"]["stated"] * 1000 for name in ("019", "034", "050", "101b", "127")]
    assert found[0] == 97_000
    assert [b - a for a, b in itertools.pairwise(found)] == rises


# --- betas --------------------------------------------------------------------------------------


def test_a_share_that_is_twice_the_index_has_a_beta_of_two():
    module = estimate()
    index = {"2025-01-03": 0.01, "2025-01-10": -0.02, "2025-01-17": 0.03, "2025-01-24": 0.0}
    fit = module.slope(index, {day: 2 * move + 0.001 for day, move in index.items()})
    assert fit.value == pytest.approx(2)
    assert fit.error == pytest.approx(0, abs=1e-9)


def test_betas_are_estimated_on_nothing_later_than_october_2025():
    quoted = estimate().closes(FOLDER)
    assert min(min(series) for series in quoted.values()) >= "2024-08-01"
    assert max(max(series) for series in quoted.values()) == "2025-10-31"


def test_the_weighted_mean_of_sector_betas_is_about_one():
    # every share that was quoted throughout; those listed later weigh little
    module = estimate()
    found = list(module.estimates(module.closes(FOLDER)))
    weights = [1 / one.spread[0] for one in found]
    mean = sum(w * one.sector[0] for w, one in zip(weights, found, strict=True)) / sum(weights)
    assert mean == pytest.approx(1, abs=0.05)


def test_the_estimate_runs_by_itself():
    command = [sys.executable, str(FOLDER / "estimate.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    tables = tomllib.loads(done.stdout)["parameter"]
    assert len(tables) == 18 * 3
    assert all(table["low"] < table["value"] < table["high"] for table in tables)


# --- entries beside results -----------------------------------------------------------------------


def entries():
    return tomllib.loads((FOLDER / "timeline.toml").read_text())["event"]


def test_what_is_told_on_the_day_of_results_is_told_with_them_after_the_close():
    published = {(r["actor"], moment(r).date()): moment(r) for r in results()}
    told = [e for e in entries() if isinstance(e["date"], dt.datetime)]
    days = {(e["actor"], e["date"].date()): e["date"] for e in told}
    both = days.keys() & published.keys()
    assert len(both) > 15
    assert {key: days[key] for key in both} == {key: published[key] for key in both}
    whole = [e["id"] for e in entries() if (e["actor"], e["date"]) in published]  # a day without its hour
    assert whole == []


def test_a_quarter_in_a_headline_is_the_one_reported():
    revenues = {(r["actor"], moment(r)): r["revenue"] for r in results() if "revenue" in r}
    found = []
    for entry in entries():
        said = re.search(r"reports (\d+\.\d) billion of quarterly revenue", entry["headline"])
        if said and (entry["actor"], entry["date"]) in revenues:
            found.append(entry["id"])
            assert Decimal(said[1]) == round(Decimal(revenues[entry["actor"], entry["date"]]) / 1000, 1)
            parts = [e["unattributed"] for e in entries() if e["kind"] == "Delivery"
                     and (e["actor"], e["date"]) == (entry["actor"], entry["date"])]  # fmt: skip  # one list
            assert sum(parts) < float(said[1])
    assert len(found) == 7


def test_plans_of_spending_say_of_which_period_they_speak():
    plans = [e for e in entries() if e["kind"] == "Announcement" and "apital expenditure" in e["instrument"]]
    assert len(plans) > 8
    assert [e["id"] for e in plans if not {"since", "until"} <= e.keys()] == []
    assert all(e["since"] <= e["until"] and day(e) <= e["until"] for e in plans)


def day(entry):
    date = entry["date"]
    return date.date() if isinstance(date, dt.datetime) else date


def test_nothing_that_happened_is_told_as_an_intention():
    reports = [entry for entry in entries() if entry["kind"] == "Report"]
    assert len(reports) == 19
    assert {entry.get("status", "firm") for entry in reports} == {"firm", "reported", "denied"}


def test_what_became_known_later_says_when():
    late = {e["id"]: (e["date"], e["known"]) for e in entries() if "known" in e}
    assert set(late) == {"ai-2025-055b", "ai-2025-088b", "ai-2025-110"}
    assert all(date < known for date, known in late.values())
