"""Money that named parties pay, owe or say they will pay each other, read off the facts of a log.

Purchases, stakes bought of the company itself, and loans of those who also buy or sell; not repayments,
interest, shares that change hands, nor words that name no payer, and nothing to or from governments,
central banks and everyone whom nobody names: with them the whole economy is a circle.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

from attrs import evolve, frozen

from events.event import Event
from events.facts import Cancellation, Investment, Order, Payment, Retraction
from events.fields import Fact
from events.funding_facts import Funding, Loan
from narrative.analysis.measures.circulation import Flows
from narrative.books.flows import flow
from narrative.story.model import Story

Rung = Literal["announced", "committed", "paid"]
Kind = Literal["purchase", "stake", "loan"]
RUNGS: tuple[Rung, ...] = get_args(Rung)
FINANCE: tuple[Kind, ...] = ("stake", "loan")
_KINDS: dict[type[Fact], Kind] = {
    Payment: "purchase",
    Order: "purchase",
    Cancellation: "purchase",
    Investment: "stake",
    Funding: "stake",
    Loan: "loan",
}
AUTHORITIES = frozenset({"government", "central-bank"})


@frozen
class Deal:
    """A sum on one rung from a payer to a payee, in the smallest unit; below zero where it is taken back."""

    position: int
    moment: int
    rung: Rung
    kind: Kind
    payer: str
    payee: str
    amount: int


def parties(story: Story) -> list[str]:
    """The actors of a story whose deals count."""
    return [actor.id for actor in story.actors if not AUTHORITIES.intersection(actor.roles)]


def deals(story: Story, events: Iterable[Event]) -> list[Deal]:
    """The deals of events among the named actors of a story, in order. A retraction takes back from the entry
    that it names; a loan counts where its lender is a buyer or a seller too.
    """
    inside = set(parties(story))
    told: dict[str, Deal] = {}
    found: list[Deal] = []
    for event in events:
        fact = event.fact
        for deal in _deals(event):
            found.append(deal)
            if fact.told is not None and deal.rung == "announced":
                told[fact.told.entry] = deal
        if isinstance(fact, Retraction) and fact.of in told and fact.ceiling:
            of = told[fact.of]
            found.append(evolve(of, position=event.position, moment=event.moment, amount=-fact.ceiling))
    traders = {party for deal in found if deal.kind == "purchase" for party in (deal.payer, deal.payee)}
    return [
        deal
        for deal in found
        if {deal.payer, deal.payee} <= inside
        and deal.payer != deal.payee
        and (deal.kind != "loan" or deal.payer in traders)
    ]


def _deals(event: Event) -> list[Deal]:
    """Each sum of a fact on its rung: firm and no more than promised may stand side by side."""
    fact = event.fact
    kind, moved = _KINDS.get(type(fact)), flow(fact)
    if kind is None or moved is None:
        return []
    sums = {moved.rung: moved.amount, "announced": getattr(fact, "ceiling", None)}
    return [
        Deal(event.position, event.moment, rung, kind, moved.giver, moved.taker, amount)
        for rung in RUNGS
        if (amount := sums.get(rung))
    ]


Sums = Mapping[tuple[str, str, Kind], int]


def reached(found: Sequence[Deal], rung: Rung) -> Sums:
    """The sum of each kind from each payer to each payee that stands on a rung or further. Rungs are never
    added: it is the largest of those from that rung on, and less may not have been meant.
    """
    by_rung: dict[Rung, dict[tuple[str, str, Kind], int]] = {name: defaultdict(int) for name in RUNGS}
    for deal in found:
        by_rung[deal.rung][deal.payer, deal.payee, deal.kind] += deal.amount
    further = [by_rung[name] for name in RUNGS[RUNGS.index(rung) :]]
    keys = sorted({key for sums in further for key in sums})
    largest = {key: max(sums.get(key, 0) for sums in further) for key in keys}
    return {key: amount for key, amount in largest.items() if amount > 0}


def flows(sums: Sums, *kinds: Kind) -> Flows:
    """Sums of some kinds, or of all where none is named, added up by payer and payee."""
    total: dict[tuple[str, str], int] = defaultdict(int)
    for (payer, payee, kind), amount in sums.items():
        if not kinds or kind in kinds:
            total[payer, payee] += amount
    return dict(total)
