"""A plan whose time is over no longer stands announced and is counted as past."""

import pytest
from attrs import evolve
from support.asking import ask
from support.lives import lived
from support.tiny import DAY, entry, link, story, told

from events.facts import Announcement, Lapse, Order, Retraction
from events.fields import Fact
from events.log import Log
from narrative.analysis.past import past_plans
from narrative.engine.run import world_at
from narrative.story.model import Entry, Reported, Story

END = 50 * DAY - 1


def plan(**more: object) -> Entry:
    fact = Announcement(subject="cloud", ceiling=1_000, until=END, told=told("plan", status="intention"))
    return entry("plan", 2 * DAY, evolve(fact, **more))


def back(day: int, ceiling: int) -> Entry:
    fact = Retraction(subject="cloud", of="plan", ceiling=ceiling, told=told(f"back{day}"))
    return entry(f"back{day}", day * DAY, fact)


def lapses(log: Log, branch: str = "main") -> list[tuple[int, Fact, str, tuple[int, ...]]]:
    return [(e.moment, e.fact, e.origin, e.causes) for e in log.read(branch) if isinstance(e.fact, Lapse)]


def books(log: Log, branch: str = "main") -> tuple[int, int]:
    """What stands announced by the cloud at the end, and what is past."""
    fold = world_at(log, branch).fold
    return fold.sum("announced", "cloud"), fold.sum("past", "cloud")


def told_at(log: Log, name: str) -> int:
    return next(e.position for e in log.read("main") if e.fact.told and e.fact.told.entry == name)


def test_when_its_time_is_over_a_plan_is_past() -> None:
    log = lived(story((plan(),)))
    assert lapses(log) == [
        (END, Lapse(subject="cloud", of="plan", ceiling=1_000), "recorded", (told_at(log, "plan"),))
    ]
    assert books(log) == (0, 1_000)


def test_what_was_taken_back_before_is_not_past() -> None:
    log = lived(story((plan(), back(10, 300), back(20, 200))))
    assert [fact.ceiling for _, fact, *_ in lapses(log) if isinstance(fact, Lapse)] == [500]
    assert books(log) == (0, 500)


@pytest.mark.parametrize(
    "more", [{"until": None}, {"until": 200 * DAY}, {"ceiling": None}], ids=["open", "later", "no sum"]
)
def test_a_plan_without_an_end_in_the_story_or_without_a_sum_does_not_lapse(more: dict[str, object]) -> None:
    assert lapses(lived(story((plan(**more),)))) == []


def test_nothing_is_said_of_a_plan_that_was_taken_back_whole() -> None:
    assert lapses(lived(story((plan(), back(10, 1_000))))) == []


def test_what_replaces_a_plan_that_is_past_takes_nothing_back() -> None:
    fact = Order(buyer="cloud", seller="chips", order="after", amount=400, told=told("after"))
    log = lived(story((plan(), entry("after", 60 * DAY, fact, (link("replaces", "plan"),)))))
    assert [e.kind for e in log.read("main") if e.kind == "Retraction"] == []
    assert books(log) == (0, 1_000)


def test_what_was_replaced_before_does_not_lapse() -> None:
    fact = Order(buyer="cloud", seller="chips", order="first", amount=400, told=told("first"))
    log = lived(story((plan(), entry("first", 30 * DAY, fact, (link("replaces", "plan"),)))))
    assert lapses(log) == []
    assert books(log) == (0, 0)


# --- branches ---------------------------------------------------------------------------------------


def test_a_plan_that_is_withheld_never_lapses() -> None:
    log = lived(story((plan(),)))
    ask(log, "without", without=("plan",))
    assert lapses(log, "without") == []
    assert books(log, "without") == (0, 0)


def test_a_branch_that_tells_it_smaller_lets_so_much_lapse() -> None:
    log = lived(story((plan(),)))
    ask(log, "smaller", change={"plan": {"ceiling": 4}})
    ((moment, fact, origin, _),) = lapses(log, "smaller")
    assert (moment, fact, origin) == (END, Lapse(subject="cloud", of="plan", ceiling=400), "supposed")


def test_told_later_it_ends_so_much_later() -> None:
    log = lived(story((plan(),)))
    ask(log, "later", change={"plan": {"date": "1970-01-08T00:00:00"}})  # day 7 in place of day 2
    assert [moment for moment, *_ in lapses(log, "later")] == [END + 5 * DAY]


# --- beside what was reported -------------------------------------------------------------------------


def reported(period: int, capex: int | None, published: int) -> Reported:
    return Reported(
        published, "cloud", period, None, None, None, None, None, None, capex, None, "filing", "high", None
    )


def year(**more: object) -> Story:
    """A plan for the year 1970, and four quarters reported a month after each, 100, 200, 300, 400."""
    quarters = tuple(
        reported(end * DAY - 1, 100 * (i + 1), (end + 30) * DAY) for i, end in enumerate((90, 181, 273, 365))
    )
    before = reported(-1, 7_000, 20 * DAY)  # of the quarter before the year
    fact = plan(since=0, until=365 * DAY - 1, **more)
    return evolve(story((fact,), until=500 * DAY), results=(before, *quarters))


@pytest.mark.parametrize(
    ("day", "spent", "quarters"), [(370, 600, 3), (394, 600, 3), (395, 1_000, 4), (499, 1_000, 4)]
)
def test_a_past_plan_stands_beside_what_was_reported_spent_by_then(
    day: int, spent: int, quarters: int
) -> None:
    log = lived(year())
    events = [event for event in log.read("main") if event.moment <= day * DAY]
    (row,) = past_plans(world_at(log, "main"), events, day * DAY)
    assert (row["ceiling"], row["since"], row["until"]) == (1_000, "1970-01-01", "1970-12-31")
    assert (row["spent"], row["quarters"], row["quarters_of"]) == (spent, quarters, 4)


def test_a_plan_with_another_party_is_no_capital_spending() -> None:
    log = lived(year(counterparty="chips"))
    (row,) = past_plans(world_at(log, "main"), list(log.read("main")), 499 * DAY)
    assert (row["spent"], row["quarters"], row["quarters_of"]) == (None, None, None)
