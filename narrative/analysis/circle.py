"""The circle's turns in a log: found by causes and links, never assumed.

A turn starts at an event of the circle's first step. For each further step the event taken is, first,
the earliest later one that descends from the turn so far, by causes of processes or links that a
source draws; else the earliest later one with a party of that turn, within a window; else, out of
order, the last earlier one with such a party. A step nobody took is missing. An event belongs to one
turn only. The first kind of bond is marked `cause` and ties; the others are `party` and `earlier`: the
record seldom says why, and what only shares a party makes no turn whole.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from heapq import heapify, heappop, heappush
from itertools import islice
from typing import Any

from attrs import evolve, field, frozen

from events.books.accounts import posted
from events.event import OUTSIDE, Event
from events.facts import Order, Payment
from events.fields import Fact
from narrative.analysis.ties import drawn, tying
from narrative.books.table import FIRM, RUNGS, TABLE
from narrative.story.calendar import DAY
from narrative.story.model import Step, Story

WINDOW = 365 * DAY
TIED = frozenset({"start", "cause"})  # bonds that make a turn whole

_SHEET = ("cash", "debt", "backlog", "stake", "warrants", "pledged", "invested", "delivered", "announced")


@frozen
class Taken:
    """A step of a turn as an event took it. `bond`: start, cause, party, or earlier (out of order).
    `paid`: its money moved or its goods came; an order is paid once all of it was, later than it was placed.
    """

    step: int
    event: Event
    bond: str
    paid: bool = False


@frozen
class Turn:
    """One turn of the circle, whole, loose or broken off."""

    taken: tuple[Taken, ...]
    missing: tuple[int, ...] = field(default=())


def turns(story: Story, events: Sequence[Event]) -> list[Turn]:
    """Every turn of a story's circle, in order of its first step."""
    steps = sorted(story.circle, key=lambda step: step.step)
    if not steps:
        return []
    sought = _Sought(story, steps, events)
    settled = _settled(events)
    found = []
    for start in sought.matching[steps[0].step]:
        if start.position in sought.used:
            continue
        taken = [Taken(steps[0].step, start, "start")]
        sought.used.add(start.position)
        missing = []
        for step in steps[1:]:
            following = sought.following(taken, step.step)
            if following is None:
                missing.append(step.step)
            else:
                taken.append(following)
                sought.used.add(following.event.position)
        weighed = tuple(evolve(one, paid=_paid(one.event.fact, settled)) for one in taken)
        found.append(Turn(weighed, tuple(missing)))
    return found


class _Sought:
    """The events that may take a step, and which of them a turn has `used`.

    Whatever is asked costs in proportion to what lies between an event and the answer, and not to the
    history: effects are followed forwards in order of position, and an event from which none that is
    free can be come to is not followed again, since none becomes free later.
    """

    def __init__(self, story: Story, steps: Iterable[Step], events: Sequence[Event]) -> None:
        holders = holders_of(story)
        self.events = events
        self.matching = {step.step: [e for e in events if takes(step, e, holders)] for step in steps}
        self.used: set[int] = set()
        self._places = {step: {e.position for e in found} for step, found in self.matching.items()}
        self._barren: dict[int, set[int]] = {step: set() for step in self.matching}
        self._effects: dict[int, list[int]] = {}
        by = drawn(story)
        for event in events:
            for cause in tying(event, events, by):
                self._effects.setdefault(cause, []).append(event.position)

    def following(self, taken: Sequence[Taken], step: int) -> Taken | None:
        """The event that takes a step after those of a turn so far, and by which bond; None for none."""
        last = taken[-1].event
        heir = self._descendant([one.event.position for one in taken], last.position, step)
        if heir is not None:
            return Taken(step, heir, "cause")
        names = {party for t in taken for party in parties(t.event.fact) if party} - {OUTSIDE}
        found, moment = self.matching[step], lambda event: event.moment
        start, middle, end = (
            bisect_left(found, last.moment - WINDOW, key=moment),
            bisect_right(found, last.position, key=lambda event: event.position),
            bisect_right(found, last.moment + WINDOW, key=moment),
        )
        later = next((e for e in islice(found, middle, end) if self._near(e, names)), None)
        if later is not None:
            return Taken(step, later, "party")
        earlier = next(
            (found[i] for i in range(middle - 1, start - 1, -1) if self._near(found[i], names)), None
        )
        return Taken(step, earlier, "earlier") if earlier is not None else None

    def _near(self, event: Event, names: set[str]) -> bool:
        return event.position not in self.used and bool(names.intersection(parties(event.fact)))

    def _descendant(self, heirs: Iterable[int], after: int, step: int) -> Event | None:
        """The earliest free event of a step after a position that goes back by its causes to an heir."""
        places, barren = self._places[step], self._barren[step]
        if not self.matching[step] or self.matching[step][-1].position <= after:
            return None
        ahead = [effect for heir in heirs for effect in self._effects.get(heir, ())]
        heapify(ahead)
        seen: set[int] = set()
        free = False
        while ahead:
            position = heappop(ahead)
            if position in seen or position in barren:
                continue
            seen.add(position)
            if position in places and position not in self.used:
                if position > after:
                    return self.events[position - 1]
                free = True
            for effect in self._effects.get(position, ()):
                heappush(ahead, effect)
        if not free:
            barren |= seen
        return None


def _settled(events: Iterable[Event]) -> Counter[str]:
    """The sum paid on each order that a payment names, in the smallest unit."""
    settled: Counter[str] = Counter()
    for event in events:
        if isinstance(event.fact, Payment) and event.fact.order is not None:
            settled[event.fact.order] += event.fact.amount
    return settled


def _paid(fact: Fact, settled: Counter[str]) -> bool:
    if isinstance(fact, Order) and fact.amount:
        return settled[fact.order] >= fact.amount
    return rung(fact)[0] in ("paid", "delivered")


def holders_of(story: Story) -> dict[str, set[str]]:
    """By actor, the names under which a step may mean it: its id and its roles."""
    return {actor.id: {actor.id, *actor.roles} for actor in story.actors}


def takes(step: Step, event: Event, holders: Mapping[str, set[str]]) -> bool:
    """Whether an event is of a step's kinds, between a step's roles or actors."""
    if event.kind not in step.kinds:
        return False
    wanted = (step.from_, step.to)
    return all(
        not want or holders.get(party or "", set()).intersection(want)
        for want, party in zip(wanted, parties(event.fact), strict=False)
    )


def parties(fact: Fact) -> tuple[str | None, ...]:
    """The acting party and the other one, as far as a kind has them."""
    return tuple(getattr(fact, name) for name in fact.parties)


def rung(fact: Fact) -> tuple[str | None, int | None]:
    """The rung an event stands on, and its sum there; (None, None) for words and shares alone."""
    stands = firm_rung(type(fact).__name__)
    for name in FIRM:
        amount = getattr(fact, name, None)
        if amount and stands is not None:
            return stands, amount
    ceiling = getattr(fact, "ceiling", None)
    return ("announced", ceiling) if ceiling else (None, None)


@cache
def firm_rung(kind: str) -> str | None:
    """The rung on which the firm sum of a kind stands by the posting table, or None. Cash that moves is paid,
    lent or not; shares and pledges move none.
    """
    grown = [row.account for row in TABLE.rows(kind) if row.value in FIRM and row.sign > 0]
    return next((account for account in grown if account in RUNGS), "paid" if "cash" in grown else None)


def in_order(turn: Turn) -> bool:
    """Whether every step was taken, each after the one before, tied to it or not."""
    return not turn.missing and all(t.bond != "earlier" for t in turn.taken)


def whole(turn: Turn) -> bool:
    """Whether every step was taken and each is tied to one before it: to share a party is no tie."""
    return not turn.missing and all(t.bond in TIED for t in turn.taken)


def in_cash(turn: Turn) -> bool:
    """Whether a turn is whole, and every step paid: words, pledges and open orders are no cash."""
    return whole(turn) and all(t.paid for t in turn.taken)


def table(story: Story, found: Iterable[Turn]) -> list[dict[str, Any]]:
    """Turns as plain data: each step with date, sum, rung, origin and what it added to whose books."""
    words = {step.step: step.text for step in story.circle}
    return [
        {
            "turn": number,
            "whole": whole(turn),
            "in_order": in_order(turn),
            "in_cash": in_cash(turn),
            "missing": [{"step": step, "text": words[step]} for step in turn.missing],
            "steps": [_step(story, t, words[t.step]) for t in turn.taken],
        }
        for number, turn in enumerate(found, 1)
    ]


def _step(story: Story, taken: Taken, text: str) -> dict[str, Any]:
    event = taken.event
    stands, amount = rung(event.fact)
    return {
        "step": taken.step,
        "text": text,
        "bond": taken.bond,
        "position": event.position,
        "moment": story.calendar.iso(event.moment),
        "kind": event.kind,
        "origin": event.origin,
        "actor": event.actor,
        "parties": [party for party in parties(event.fact) if party],
        "rung": stands,
        "amount": amount,
        "paid": taken.paid,
        "headline": event.fact.told.headline if event.fact.told else None,
        "books": [
            {"account": account, "key": key, "amount": added}
            for account, key, added in posted(TABLE.rows(event.kind), event.fact)
            if account in _SHEET and not key.startswith(OUTSIDE)
        ],
    }
