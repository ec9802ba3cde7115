"""The turns of a circle as a table: what each step was, and what nobody did."""

from random import Random
from time import process_time

import pytest
from support.lives import AI, lived, named
from support.tiny import DAY, entry, story, told

from events.event import Event
from events.facts import Announcement, Investment, Order
from events.funding_facts import Funding
from narrative.analysis.circle import WINDOW, holders_of, parties, table, takes, turns
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


# --- The same turns as by looking through everything, and in time that grows with the history alone.


def made(position: int, moment: int, fact, causes=()) -> Event:
    return Event(position, moment, type(fact).__name__, "modelled", "lab", causes, fact, b"")


def history_of(chance: Random, length: int) -> list[Event]:
    """Facts of three kinds between three parties, each caused by up to three earlier ones."""
    found: list[Event] = []
    for position in range(1, length + 1):
        one, other = chance.sample(("lab", "cloud", "chips"), 2)
        fact = chance.choice(
            (
                Order(buyer=one, seller=other, order=f"o{position}", amount=1),
                Funding(company=one, investor="outside", amount=1),
                Investment(investor=one, company=other, amount=1),
            )
        )
        causes = (
            tuple(sorted({chance.randrange(1, position) for _ in range(chance.randrange(4))}))
            if position > 1
            else ()
        )
        found.append(made(position, position * 30 * DAY, fact, causes))
    return found


def looked_through(told, events) -> list[list[tuple[int, str] | None]]:
    """Turns as the top of `circle` defines them, found by looking through every event for every step."""
    ancestors: dict[int, set[int]] = {}
    for event in events:
        ancestors[event.position] = set(event.causes).union(*(ancestors[cause] for cause in event.causes))
    holders, used, found = holders_of(told), set(), []
    first, *rest = sorted(told.circle, key=lambda step: step.step)
    for start in (event for event in events if takes(first, event, holders)):
        if start.position in used:
            continue
        turn, row = [start], [(start.position, "start")]
        used.add(start.position)
        for step in rest:
            free = [e for e in events if takes(step, e, holders) and e.position not in used]
            after = [e for e in free if e.position > turn[-1].position]
            heirs = {e.position for e in turn}
            names = {party for e in turn for party in parties(e.fact) if party} - {"outside"}
            near = [
                e for e in free
                if names & set(parties(e.fact)) and abs(e.moment - turn[-1].moment) <= WINDOW
            ]  # fmt: skip  # one list
            kin = next((e for e in after if ancestors[e.position] & heirs), None)
            party = next((e for e in near if e in after), None)
            taken = kin or party or (near[-1] if near else None)
            bond = "cause" if kin else "party" if party else "earlier"
            row.append((taken.position, bond) if taken else None)
            if taken:
                turn.append(taken)
                used.add(taken.position)
        found.append(row)
    return found


@pytest.mark.parametrize("seed", range(20))
def test_turns_are_those_of_their_definition(seed):
    told = story(())
    events = history_of(Random(seed), 150)
    found = []
    for turn in turns(told, events):
        row = {one.step: (one.event.position, one.bond) for one in turn.taken}
        found.append([row.get(step.step) for step in sorted(told.circle, key=lambda step: step.step)])
    assert found == looked_through(told, events)
    assert len(found) > 2


def test_turns_of_a_long_history_are_found_in_time_that_grows_with_it():
    # Every order is caused by the order before, every investment by the one before, so that each of the turns
    # would look through all that follows it, and back through all before.
    events = []
    for position in range(1, 20_001):
        order = Order(buyer="lab", seller="cloud", order=f"o{position}", amount=1)
        back = Investment(investor="chips", company="lab", amount=1)
        causes = (position - 2,) if position > 2 else ()
        events.append(made(position, position * DAY, order if position % 2 else back, causes))
    started = process_time()
    assert len(turns(story(()), events)) == 10_000
    assert process_time() - started < 5
