"""Suppliers put part of what customers pay them back into customers.

What they read says when. A payment received: `invest_share` of it goes into the payer, if the story
links the supplier to it as an investor, else evenly into the companies it is linked to; of that,
`invest_vendor_share` is lent as vendor credit for `invest_term` days and the rest is invested. An
order won: the customer is given warrants on the supplier's own shares, worth `invest_warrants` of the
order. A loan raised by a company that the supplier backs: it guarantees `invest_guarantee` of it.
Where buyers ask a return (`required_return`), a supplier puts less into a company whose last round was dear.

At each review, an investment that has lost more than `writedown_threshold` of its cost is written
down to what it is worth; one in a company in default, to nothing, and so is what was lent to it where
nobody settles what it owes.
"""

from math import floor

from events.event import OUTSIDE, Act, Draft, Event
from events.facts import Investment, Issue, Order, Payment, Trade, Writedown
from events.funding_facts import Funding, Guarantee, Loan
from narrative.books.readings import NANO
from narrative.engine.backers import worth
from narrative.engine.defaults import DEFAULTED, defaulted, in_court, in_default
from narrative.engine.ids import named
from narrative.engine.loans import OWED, Owing, lending_rate, loans
from narrative.engine.stakes import invested, shares_for
from narrative.engine.world import World
from narrative.story.calendar import DAY
from narrative.story.cast import Part
from narrative.story.parameters import HEARD

ACCOUNTS = ("unread", "invested", *OWED, "impaired", *DEFAULTED, "timeline")
PARAMETERS = (
    "invest_review",
    "invest_share",
    "invest_vendor_share",
    "invest_term",
    "invest_warrants",
    "invest_guarantee",
    "writedown_threshold",
    "lending_rate",
    *HEARD,
)
OPTIONAL = ("required_return", "growth_most", "exit_years", "exit_sales")
DEEDS = {"Investment": "investor", "Issue": "issuer", "Guarantee": "guarantor", "Writedown": "holder"}
NEEDS = {"cash": None}


def due(world: World, part: Part, now: int) -> int | None:
    """The next fact to read, or the next review of what was invested."""
    moments = [world.next_letter(part.name, now)]
    if _costs(world, part.actor) or lost_credit(world, part.actor):
        moments.append(world.review(now, world.days("invest_review", part.actor)))
    return min((moment for moment in moments if moment is not None), default=None)


def decide(world: World, part: Part, now: int) -> list[Act]:
    """Acts on the facts read: money, warrants and guarantees for customers; at a review, write-downs."""
    supplier = part.actor
    read = world.letters(part.name, now)
    acts = _back(world, supplier, read, now)
    for event in read:
        fact = event.fact
        if isinstance(fact, Order) and fact.seller == supplier:
            acts += _sweetened(world, event, fact, now)
        elif isinstance(fact, Loan) and fact.borrower in world.linked("guarantees", of=supplier):
            acts += _guaranteed(world, supplier, event, fact)
    if world.review(now - 1, world.days("invest_review", part.actor)) == now:
        acts += _written_down(world, supplier, now)
    return acts


# --- into customers -----------------------------------------------------------------------------


def _back(world: World, supplier: str, read: list[Event], now: int) -> list[Act]:
    """One act a company, for all the payments read in this moment."""
    budgets: dict[str, tuple[int, tuple[int, ...]]] = {}
    for event in read:
        fact = event.fact
        if isinstance(fact, Payment) and fact.payee == supplier != event.actor:  # no booking of its own
            companies = _companies(world, supplier, fact.payer)
            share = floor(world.parameter("invest_share", supplier) * fact.amount)
            for company in companies:
                budget, causes = budgets.get(company, (0, ()))
                put = floor(share // len(companies) * appetite(world, company, now))
                budgets[company] = (budget + put, (*causes, event.position))
    return [
        _put_in(world, supplier, company, budget, causes, now)
        for company, (budget, causes) in sorted(budgets.items())
        if budget > 0
    ]


def appetite(world: World, company: str, at: int) -> float:
    """The part of what it would put into a company that a supplier does put in: all of it for a listed one,
    and less as the last post-money of another is more than buyers would pay for its sales.
    """
    last = world.fold.last("post_money", company)
    if company in world.listed or not last:
        return 1.0
    return min(worth(world, company, at) / last, 1.0)


def _companies(world: World, supplier: str, payer: str) -> list[str]:
    """The payer, if it is one of those the supplier invests in; else all of them but the defaulted."""
    linked = [company for company in world.linked("invests", of=supplier) if company != OUTSIDE]
    alive = [company for company in linked if not in_default(world, company)]
    return [payer] if payer in alive else alive


def _put_in(world: World, supplier: str, company: str, budget: int, causes: tuple[int, ...], now: int) -> Act:
    """Vendor credit, and a stake for the rest."""
    credit = max(min(floor(world.parameter("invest_vendor_share", supplier) * budget), budget), 0)
    drafts = []
    if credit:
        lent = Loan(
            borrower=company,
            lender=supplier,
            loan=named("credit", company, supplier, moment=now),
            amount=credit,
            rate=lending_rate(world, supplier),
            due=now + round(world.parameter("invest_term", supplier) * DAY),
            accrued=now,
        )
        drafts.append(Draft(supplier, lent, causes=causes))
    if budget > credit:
        drafts.append(invested(world, supplier, company, budget - credit, now, causes=causes))
    return tuple(drafts)


def _sweetened(world: World, event: Event, order: Order, now: int) -> list[Act]:
    """Warrants on the seller's own shares, given to who ordered."""
    worth = max(floor(world.parameter("invest_warrants", order.seller) * (order.amount or 0)), 0)
    warrants = shares_for(world, order.seller, worth, now)
    if not warrants:
        return []
    fact = Issue(issuer=order.seller, holder=order.buyer, warrants=warrants)
    return [(Draft(order.seller, fact, causes=(event.position,)),)]


def _guaranteed(world: World, supplier: str, event: Event, loan: Loan) -> list[Act]:
    ceiling = floor(world.parameter("invest_guarantee", supplier) * (loan.amount or 0))
    if ceiling <= 0 or supplier == loan.lender:
        return []
    fact = Guarantee(guarantor=supplier, beneficiary=loan.borrower, ceiling=ceiling)
    return [(Draft(supplier, fact, causes=(event.position,)),)]


# --- what it is worth ---------------------------------------------------------------------------


def _written_down(world: World, holder: str, now: int) -> list[Act]:
    acts: list[Act] = []
    kept = 1.0 - world.parameter("writedown_threshold", holder)
    for company, cost in _costs(world, holder):
        worth = _worth(world, holder, company, cost, now)
        if worth is not None and worth < kept * cost:
            fact = Writedown(holder=holder, asset=company, amount=cost - worth)
            acts.append((Draft(holder, fact),))
    for loan in lost_credit(world, holder):
        lost = Writedown(holder=holder, asset=loan.borrower, loan=loan.name, credit=loan.owed)
        acts.append((Draft(holder, lost, causes=loan.source),))
    return acts


def lost_credit(world: World, holder: str) -> list[Owing]:
    """The loans of a holder to companies in default, without shares behind them and not written down."""
    gone, written = defaulted(world), world.fold.state["impaired"]
    return [
        loan
        for loan in (loans(world, lender=holder) if gone else ())
        if loan.asset is None
        and loan.borrower in gone
        and loan.name not in written
        and not in_court(world, loan.borrower)
    ]


def _worth(world: World, holder: str, company: str, cost: int, at: int) -> int | None:
    """The stake at today's price; without shares on file, as much of the company's value as the money was
    when it went in; None where neither is known. Dilution by later rounds is not counted.
    """
    if in_default(world, company):
        return 0
    readings, key = world.readings, f"{holder}/{company}"
    stake, price = world.fold.sum("stake", key), readings.price(company, at)
    if stake and price is not None:
        return round(stake * price)
    value, base = readings.value(company, at), world.fold.last("post_money", company)
    told, of_told = _told(world, holder, company)
    of_made = NANO * world.fold.sum("part", key)
    if not of_made:  # what a process put in says its part; of the rest the last post-money is all there is
        rest = cost + world.fold.sum("written_down", key) - told
        if rest and not base:
            return None
        of_made = rest / base if base else 0.0
    return None if value is None else round((of_told + of_made) * value)


def _told(world: World, holder: str, company: str) -> tuple[int, float]:
    """The sum that the record says a holder put into a company whose worth then is on record, and the part of
    the company that it was (1 is all).
    """
    opened = (actor.opening for actor in world.story.actors if actor.id == company)
    known = {b.account: b.opened(world.opening.cast) for balances in opened for b in balances}
    worth = known.get("post_money") or known.get("value")
    amount, part = 0, 0.0
    for entry in world.timeline.entries:
        fact = entry.fact
        if entry.id in world.told and isinstance(fact, Funding | Investment | Trade):
            of = fact.asset if isinstance(fact, Trade) else fact.company
            worth = (of == company and fact.post_money) or worth
            if of == company and worth and fact.amount and getattr(fact, "investor", None) == holder:
                amount += fact.amount
                part += fact.amount / worth
    return amount, part


def _costs(world: World, holder: str) -> list[tuple[str, int]]:
    """Companies that a holder invested in, each with the cost not written down, in the smallest unit."""
    keys = ((*key.split("/"), cost) for key, cost in sorted(world.fold.state["invested"].items()))
    return [(company, cost) for investor, company, cost in keys if investor == holder and cost > 0]
