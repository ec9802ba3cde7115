"""The what-ifs that ship: each is without fault, can be lived, and does what its name says."""

from functools import cache
from pathlib import Path

import pytest
from support.asking import ask, end
from support.lives import AI, lived, named

from events.event import Event
from events.log import Log
from narrative.story.catalogue import find_story, list_stories
from narrative.whatif.check import check_story
from narrative.whatif.prepared import prepared, what_if_file

TURNING = 3  # a seed of loop
APRIL = named("loop").calendar.at("2025-04-01")
SHIPPED = [(story, name) for story in list_stories() for name in prepared(find_story(story))]


@cache
def history(story: str) -> Log:
    return lived(named(story))


def file(story: str, name: str) -> Path:
    return what_if_file(name, find_story(story))


@cache
def branch(story: str, name: str) -> list[Event]:
    """Everything a prepared what-if tells and lives."""
    log = history(story)
    told = ask(log, name, from_=file(story, name))
    return list(log.read(name, told["fork_position"] + 1))


def entries(events: list[Event]) -> set[str]:
    return {event.fact.told.entry for event in events if event.fact.told is not None}


def withheld(events: list[Event]) -> set[str]:
    return {event.fact.entry.removeprefix("ai-2025-") for event in events if event.kind == "Withheld"}


@pytest.mark.parametrize("story", list_stories())
def test_every_story_and_what_it_prepares_is_without_fault(story: str) -> None:
    assert check_story(story) == ()


@pytest.mark.parametrize(("story", "name"), SHIPPED)
def test_each_asks_one_question_and_can_be_lived(story: str, name: str) -> None:
    question = prepared(find_story(story))[name]
    assert question.endswith("?")
    assert "\n" not in question
    events = branch(story, name)
    assert events[0].kind == "Supposition"
    assert history(story).head(name).lived == named(story).until


@cache
def full(story: str, seed: int = 1) -> Log:
    return lived(named(story), seed=seed, cast="full")


def done(log: Log, branch: str, fork: int) -> list[tuple[int, object]]:
    """All that happens after a fork, but for what is supposed and what it withholds."""
    after = [event for event in log.read(branch) if event.moment > fork]
    return [(e.moment, e.fact) for e in after if e.kind not in ("Supposition", "Withheld")]


@pytest.mark.parametrize(("story", "name"), SHIPPED)
def test_each_makes_a_difference_with_the_full_cast(story: str, name: str) -> None:
    # Whether the lab gets a round, and how late the cloud orders, is chance: of loop, a year with both.
    log = full(story, seed=TURNING if story == "loop" else 1)
    told = ask(log, name, from_=file(story, name))
    fork = named(story).calendar.at(told["at"])
    assert done(log, name, fork) != done(log, "main", fork)


def test_the_year_of_loop_by_which_they_are_judged_has_a_round_and_late_orders() -> None:
    events = [event for event in full("loop", TURNING).read("main") if event.moment > APRIL]
    assert [event for event in events if event.kind == "Funding" and event.fact.company == "lab"]
    assert [event for event in events if event.kind == "Order" and event.fact.seller == "chips"]


def test_a_supposition_of_nothing_makes_no_difference() -> None:
    told = ask(full("loop"), "nothing", at="2025-03-01", set={"demand": 0.3})
    fork = named("loop").calendar.at(told["at"])
    assert done(full("loop"), "nothing", fork) == done(full("loop"), "main", fork)


# --- ai-2025 ------------------------------------------------------------------------------------


def test_without_the_oracle_contract_nothing_of_it_is_told() -> None:
    events = branch(AI, "no-oracle-contract")
    gone = {"037", "042", "051", "059", "104", "107", "117", "118", "m05", "m10", "m10b"}
    assert withheld(events) == gone
    assert not [e for e in events if e.kind == "Loan" and e.fact.borrower == "oracle"]
    assert not [e for e in events if e.kind == "Order" and e.fact.seller == "oracle"]
    (backlog,) = [e for e in events if e.fact.told and e.fact.told.entry == "ai-2025-050"]
    assert (backlog.origin, backlog.fact.told.stated) == ("supposed", 17 * 10**11)


def test_without_cuts_the_rate_stays_where_it_was() -> None:
    world = end(history(AI), "main")
    assert world.fold.last("rate", "federal-reserve") == 375
    rates = [e.fact.rate for e in branch(AI, "no-fed-cuts") if e.kind == "PolicyRate"]
    assert rates == [450] * 4
    assert end(history(AI), "no-fed-cuts").fold.last("rate", "federal-reserve") == 450


def test_without_reinvestment_the_chip_maker_gives_its_customers_nothing() -> None:
    events = branch(AI, "no-chip-reinvestment")
    assert withheld(events) == {"023", "053", "056", "092", "113", "116", "122", "124b", "142"}
    customers = {"coreweave", "openai", "anthropic", "xai-chip-vehicle"}
    told = [e for e in events if e.kind in ("Investment", "Guarantee", "Funding", "Loan")]
    given = [e for e in told if "nvidia" in {getattr(e.fact, name) for name in e.fact.parties}]
    assert not [e for e in given if customers & {getattr(e.fact, name) for name in e.fact.parties}]
    assert given  # what it puts into others stays
    invested = end(history(AI), "no-chip-reinvestment").fold.state["invested"]
    assert invested["nvidia/intel"] == 5 * 10**11


def test_a_delay_tells_the_same_ninety_days_later() -> None:
    events = branch(AI, "delay-90")
    before = {entry.id: entry.moment for entry in named(AI).entries}
    later = {
        e.fact.told.entry: e.moment - before[e.fact.told.entry]
        for e in events
        if e.origin == "supposed" and e.fact.told
    }
    moved = {"037", "042", "050", "051", "059", "101", "104", "107", "117", "118", "m05"}
    assert later == {f"ai-2025-{name}": 90 * 86_400 for name in moved}
    told = {name for name in entries(events) if not name.startswith("result:")}
    assert told == {name for name, moment in before.items() if moment > events[0].moment}
    for account in ("committed", "announced", "debt", "cash"):
        ours, theirs = (end(history(AI), name).fold.state[account] for name in ("delay-90", "main"))
        assert ours == theirs, account
