"""Events that are told together: one, what the same hand did with it, and how the market took it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from attrs import field, frozen

from events.event import Event
from events.facts import Cancellation, Delivery, Dividend, Issue, Note, Payment, Retraction, Sale
from events.funding_facts import (
    Clearing,
    Cure,
    Default,
    Emergence,
    Filing,
    Interest,
    Liquidation,
    MarginCall,
    Release,
    Repayment,
    ShareLoan,
    ShareReturn,
    Shortfall,
)
from events.market_facts import Quote, Repricing, Residual
from events.record_facts import Endowment, Opening, OpenLoan, Refusal, Result, Supposition, Withheld
from narrative.analysis.circle import rung
from narrative.prose.sentences import step_of

# The opening's facts stand in the cast list; of prices it is told where they stood and how they moved.
OPENING = (Opening, Endowment, OpenLoan)
PRICES = (Quote, Residual)
# Told before anything else, however small.
GRAVE = (Supposition, MarginCall, Liquidation, Default, Clearing, Filing, Emergence, Shortfall, Note)
# What comes round again and again, and is worth a sentence only when it is large.
ROUTINE = (
    Interest, Repayment, Delivery, Payment, Sale, Dividend, Release, Refusal, Issue, Cure, Result, ShareLoan,
    ShareReturn,
)  # fmt: skip  # one list

WEARS = 0.85


@frozen
class Item:
    """An event with what followed from it in the same act, and the repricings it caused."""

    head: Event
    also: tuple[Event, ...] = field(default=())
    taken: tuple[Event, ...] = field(default=())

    @property
    def events(self) -> tuple[Event, ...]:
        """Everything in it."""
        return (self.head, *self.also, *self.taken)


def items(events: Iterable[Event]) -> list[Item]:
    """Events after the opening, put together; in the order of their heads."""
    owner: dict[int, int] = {}
    heads: list[Event] = []
    also: list[list[Event]] = []
    taken: list[list[Event]] = []
    waiting: list[Event] = []  # records of what an entry replaces, which stand before that entry
    for event in events:
        if isinstance(event.fact, OPENING + PRICES):
            continue
        if (
            event.origin != "modelled"
            and event.fact.told is None
            and isinstance(event.fact, Retraction | Cancellation)
        ):
            waiting.append(event)
            continue
        place = _owner(event, owner, heads)
        if place is None:
            place = len(heads)
            heads.append(event)
            also.append([])
            taken.append([])
        elif _reprices(event):
            taken[place].append(event)
        else:
            also[place].append(event)
        owner[event.position] = place
        if waiting and waiting[0].moment == event.moment and event.fact.told is not None:
            also[place] += waiting
            waiting = []
    found = [Item(h, tuple(a), tuple(t)) for h, a, t in zip(heads, also, taken, strict=True)]
    return sorted([*found, *map(Item, waiting)], key=lambda item: item.head.position)


def _owner(event: Event, owner: Mapping[int, int], heads: Sequence[Event]) -> int | None:
    """The item that an event belongs to: of the act it was part of, or of the news it reads."""
    for cause in event.causes:
        place = owner.get(cause)
        if place is not None and (_reprices(event) or heads[place].moment == event.moment):
            return place
    return None


def _reprices(event: Event) -> bool:
    """True for a repricing by the model's market; a price on record is told by itself."""
    return isinstance(event.fact, Repricing) and event.origin == "modelled"


def weights(found: Sequence[Item], turned: Iterable[int] = (), apart: Iterable[int] = ()) -> list[float]:
    """How much each item deserves to be told: by its largest sum among all, by how far prices moved on
    it, and whether a turn of the circle went through it, or another history goes without it (`apart`).
    """
    sums = [max((rung(e.fact)[1] or 0 for e in (item.head, *item.also)), default=0) for item in found]
    largest = max(sums, default=0) or 1
    through, alone = set(turned), set(apart)
    seen: Counter[tuple[str, str]] = Counter()
    weighed = []
    for item, amount in zip(found, sums, strict=True):
        weight = (amount / largest) ** 0.5 + 2 * max((abs(step_of(e.fact)) for e in item.taken), default=0.0)
        weight += abs(step_of(item.head.fact)) if isinstance(item.head.fact, Repricing) else 0.0
        told = item.head.fact.told
        weight += (told.strength or 0.0) / 2 if told is not None else 0.0
        weight *= 0.3 if isinstance(item.head.fact, ROUTINE) and item.head.origin == "modelled" else 1.0
        # What the same hand has done before is told less and less.
        same = (item.head.kind, item.head.actor if item.head.origin == "modelled" else item.head.origin)
        weight *= WEARS ** seen[same] if item.head.origin == "modelled" else 1.0
        weight += 0.3 * (not seen[same]) + 1.0 * any(e.position in through for e in item.events)
        seen[same] += 1
        withheld = isinstance(item.head.fact, Withheld)
        weight += 1.0 * withheld + 3.0 * (item.head.position in alone)
        weight += 3.0 * (item.head.origin == "supposed" and not withheld)
        weighed.append(weight + 10 * any(isinstance(e.fact, GRAVE) for e in item.events))
    return weighed
