"""Tails: each is what a branch of the same history would be, event for event, and its figures are theirs."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from support.lives import lived, named

from events.facts import Investment
from events.funding_facts import Funding, Loan
from events.log import Log
from narrative.analysis.collapse import collapse
from narrative.analysis.history import History
from narrative.story.calendar import DAY
from narrative.weighing.tails import Cut, cut, supposed, tail
from narrative.whatif.fork import suppose
from narrative.whatif.request import BadSupposition, Request, flags_page, request

STORY = named("loop")
AT = STORY.calendar.at("2025-06-30")
SHOCK = "market -40% 2025-07-02"


@pytest.fixture(scope="module")
def log() -> Log:
    return lived(STORY, cast="full")


@pytest.fixture(scope="module")
def before(log: Log) -> Cut:
    return cut(History(log, "main", ""), AT, STORY.until)


def asked(**flags: object) -> Request:
    return request(None, flags_page(**flags))


def test_a_tail_that_supposes_nothing_is_the_history_itself(log: Log, before: Cut) -> None:
    found = tail(before, keep=True)
    assert found.log == tuple(log.read("main", before.position + 1))
    assert found.digest == log.head().digest
    assert found.verdict == collapse(list(log.read("main")), STORY.until)


def test_a_tail_is_what_a_branch_would_be_event_for_event(log: Log, before: Cut) -> None:
    flags = {"shock": [SHOCK], "set": {"announce_rate": 0.08}}
    suppose(History(log, "main", ""), "other", asked(at="2025-06-30", reseed=7, **flags))
    what = supposed(before, asked(**flags))
    found = tail(before, what, 7, keep=True)
    branch = list(log.read("other", before.position + 2))
    assert [event[:-1] for event in found.log[1:]] == [event[:-1] for event in branch]
    assert found.verdict == collapse(list(log.read("other")), STORY.until)


def test_its_sums_are_of_its_events_and_its_values_of_its_closes(log: Log, before: Cut) -> None:
    found = tail(before, keep=True)
    loans = sum(event.fact.amount for event in found.log if isinstance(event.fact, Loan))
    equity = [event.fact.amount for event in found.log if isinstance(event.fact, Funding | Investment)]
    assert found.sums["borrowed"] == loans
    assert found.sums["raised"] == sum(amount or 0 for amount in equity)
    assert found.low == min(found.total) <= found.total[-1] <= max(found.total)
    assert found.closes[0] == STORY.calendar.at("2025-07-01T16:00:00")
    assert {later - sooner for sooner, later in zip(found.closes, found.closes[1:], strict=False)} == {DAY}
    listed = [actor.id for actor in STORY.actors if actor.listed]
    assert sum(found.end[name] or 0 for name in listed) == found.total[-1]
    assert all((found.peak[name] or 0) >= (found.end[name] or 0) for name in found.end)


def test_one_seed_is_one_chance_and_another_is_another(before: Cut) -> None:
    assert tail(before, seed=7) == tail(before, seed=7)
    assert tail(before, seed=7).digest != tail(before, seed=8).digest


def test_a_tail_lived_elsewhere_is_the_same(before: Cut) -> None:
    what = supposed(before, asked(shock=[SHOCK]))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        there = pool.submit(tail, before, what, 7).result()
    assert there == tail(before, what, 7)


def test_a_shock_without_a_date_comes_in_the_next_second(before: Cut) -> None:
    what = supposed(before, asked(shock=["market -40%"]))
    assert {entry.moment for entry in what.inject} == {AT + 1}


def test_what_does_not_read_at_a_cut_is_refused(before: Cut) -> None:
    with pytest.raises(BadSupposition, match="does not read"):
        supposed(before, asked(shock=["market"]))
    with pytest.raises(BadSupposition, match="is outside"):
        supposed(before, asked(set={"announce_rate": 90}))


def test_a_cut_before_a_weekend_is_judged_over_its_days_too(log: Log) -> None:
    friday = STORY.calendar.at("2025-07-04")
    found = tail(cut(History(log, "main", ""), friday, STORY.until))
    assert found.closes[0] == STORY.calendar.at("2025-07-05T16:00:00")
    assert found.verdict == collapse(list(log.read("main")), STORY.until)
