"""Looking at a history: fold it to any moment, or over a span. Nothing is decided here."""

from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import Any

from events.event import ORIGINS, Event
from events.log import Log
from events.market_facts import Repricing
from narrative.analysis.circle import holders_of, takes
from narrative.books.readings import Readings, whole_step
from narrative.books.table import RUNGS
from narrative.engine.world import World
from narrative.story.model import Story
from narrative.story.rounds import priced_since

SPARKS = 32


def walk(log: Log, branch: str, moments: Iterable[int]) -> Iterator[tuple[int, World]]:
    """The world of a branch as it stood after each moment; the same object every time, stepped."""
    return along(log.read(branch), moments)


def along(events: Iterable[Event], moments: Iterable[int]) -> Iterator[tuple[int, World]]:
    """The world that events make, the opening first, as it stood after each moment; the same object
    every time, stepped. For events that were read already: `walk` reads a log.
    """
    coming = iter(events)
    world = World(next(coming))
    ahead = next(coming, None)
    for moment in moments:
        while ahead is not None and ahead.moment <= moment:
            world.step(ahead)
            ahead = next(coming, None)
        yield moment, world


def reading(world: World, actor: str, at: int) -> dict[str, Any]:
    """The readings of one actor; None is unknown. Money in smallest units, shares of one as parts."""
    return read_off(world.readings, actor, at)


def read_off(readings: Readings, actor: str, at: int) -> dict[str, Any]:
    """The readings of one actor off any accounts; None is unknown. Units as in `reading`."""
    fold = readings.fold
    value, belief, share = readings.believed(actor, at)
    collateral = readings.collateral(actor, at)
    return {
        "valuation": value,
        "belief": None if belief is None else round(belief, 9),
        "belief_share": None if share is None else round(share, 9),
        "collateral": collateral,
        "loan_to_value": readings.loan_to_value(actor, at) if collateral else None,
        "cash": readings.cash(actor),
        "debt": readings.debt(actor),
        "backlog": fold.sum("backlog", actor),
        **{rung: fold.sum(rung, actor) for rung in RUNGS},
    }


def sparks(events: Sequence[Event], at: int) -> tuple[dict[str, list[int | None]], World]:
    """Each actor's valuation at evenly spaced moments from the opening to `at`, and the world then."""
    start = events[0].moment
    moments = sorted({start + (at - start) * i // (SPARKS - 1) for i in range(SPARKS)})
    found: dict[str, list[int | None]] = {}
    for moment, world in along(events, moments):
        for actor in world.story.actors:
            found.setdefault(actor.id, []).append(world.readings.value(actor.id, moment))
    return found, world


def reading_names() -> tuple[str, ...]:
    """The names of an actor's readings, in the order of a row."""
    return (
        "valuation", "belief", "belief_share", "collateral", "loan_to_value", "cash", "debt", "backlog",
        *RUNGS,
    )  # fmt: skip  # one list


def rungs(world: World) -> dict[str, int]:
    """Totals of the four rungs over all actors; they are never added to one another."""
    return {rung: sum(world.fold.state[rung].values()) for rung in RUNGS}


def usual(world: World) -> int:
    """The sum of payments that nobody promised: business as usual, which stands on no rung."""
    return sum(world.fold.state["usual"].values())


def circle(world: World, events: Iterable[Event]) -> list[dict[str, Any]]:
    """Each step of the story's circle with the positions of the events that show it, by origin; its state
    is the first origin that has any, or "missing".
    """
    holders = holders_of(world.story)
    steps: list[dict[str, Any]] = [
        {"step": step.step, "text": step.text, "state": "missing", **{origin: [] for origin in ORIGINS}}
        for step in world.story.circle
    ]
    for event in events:
        for step, found in zip(world.story.circle, steps, strict=True):
            if takes(step, event, holders):
                found[event.origin].append(event.position)
    for found in steps:
        found["state"] = next((origin for origin in ORIGINS if found[origin]), "missing")
    return steps


def repricings(events: Iterable[Event], story: Story) -> list[tuple[Event, int]]:
    """Repricing events with their whole step in 1e-9 ln, largest first. Left out are marks alone, and what
    readers make of a company without a price: its value is a register, which no news moves.
    """
    priced = priced_since(story)
    steps = [
        (event, whole_step(event.fact))
        for event in events
        if isinstance(event.fact, Repricing) and event.moment >= priced.get(event.fact.asset, inf)
    ]
    return sorted((pair for pair in steps if pair[1]), key=lambda pair: (-abs(pair[1]), pair[0].position))
