"""The turns of a circle as a table: what each step was, and what nobody did."""

from support.lives import AI, lived, named
from support.tiny import DAY, entry, story, told

from events.facts import Announcement, Investment, Order
from events.funding_facts import Funding
from narrative.analysis.circle import table, turns
from narrative.analysis.history import History
from narrative.tables.source import TURNS, Source
from narrative.tables.sql import answered

ORDER = entry("order", DAY, Order(buyer="lab", seller="cloud", order="order", amount=900, told=told("order")))
RAISE = entry("raise", 9 * DAY, Funding(company="lab", investor="outside", amount=50, told=told("raise")))
BACK = entry("back", 12 * DAY, Investment(investor="chips", company="lab", amount=70, told=told("back")))
WORDS = entry(
    "words",
    20 * DAY,
    Announcement(subject="lab", counterparty="cloud", ceiling=800, told=told("words", status="intention")),
)


def source(*entries) -> Source:
    return Source(History(lived(story(entries), cast="none"), "main", "in memory"))


def test_a_row_is_a_step_and_what_nobody_did_is_missing():
    there = source(ORDER, RAISE, BACK, WORDS)
    found = there.frame("turns")
    assert list(found.columns) == list(TURNS)
    events = {event.position: event for event in there.history.log.read("main")}
    taken = [events[position] for position in found["position"].drop_nulls()]
    assert [event.fact.told.entry for event in taken] == ["order", "raise", "back", "words"]
    assert found["moment"].dt.epoch("s").to_list()[:4] == [DAY, 9 * DAY, 12 * DAY, 20 * DAY]
    steps = ("a lab announces", "the lab raises", "chips invests back")
    nobody = (None,) * 8
    assert found.drop("position", "moment").rows() == [
        (1, 1, steps[0], "start", "Order", "recorded", "lab", "cloud", "committed", 900, False, "order"),
        (1, 2, steps[1], "party", "Funding", "recorded", "lab", "outside", "paid", 50, True, "raise"),
        (1, 3, steps[2], "party", "Investment", "recorded", "chips", "lab", "paid", 70, True, "back"),
        (
            2,
            1,
            steps[0],
            "start",
            "Announcement",
            "recorded",
            "lab",
            "cloud",
            "announced",
            800,
            False,
            "words",
        ),
        (2, 2, steps[1], "missing", *nobody),
        (2, 3, steps[2], "missing", *nobody),
    ]


def test_steps_of_a_long_history_are_those_that_loop_tells():
    tale = named(AI)
    log = lived(tale)
    there = Source(History(log, "main", "in memory"))
    rows = {
        (turn["turn"], step["step"]): (step["position"], step["rung"], step["amount"], step["paid"])
        for turn in table(tale, turns(tale, list(log.read("main"))))
        for step in turn["steps"]
    }
    found = answered(there, "SELECT turn, step, position, rung, amount, paid FROM turns")
    assert {(turn, step): rest for turn, step, *rest in map(list, found.rows()) if rest[0] is not None} == {
        place: list(row) for place, row in rows.items()
    }
    assert found.height == len({turn for turn, _ in rows}) * len(tale.circle)
    assert found["turn"].is_sorted()


def test_a_story_without_a_circle_has_no_turns():
    there = Source(History(lived(story((ORDER,), circle=()), cast="none"), "main", "in memory"))
    assert there.frame("turns").rows() == []
