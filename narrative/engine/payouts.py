"""Payouts of companies to their owners: what they earned and need not keep.

A company keeps what it opened with, or `payout_cushion` years of what it takes if that is more; all that it
has promised and not paid; what its loans ask within a year; and a year of running costs. Nor does it pay out
what lenders and buyers of shares put in: only what it earned, of which losses and what it bought are made up
first, as by company law (Companies Act 2006, section 830). Of the rest it pays `payout_share` at each review
to those who hold its shares, each by its part; what nobody is known to hold is held outside. In default it
keeps the running costs of thirteen weeks, the span of a court's budget, and pays all the rest to those
outside who gave for its business. A story without `payout_share`, or with 0, has none.
"""

from math import floor

from events.event import OUTSIDE, Draft
from events.facts import Dividend
from narrative.engine.backers import asked
from narrative.engine.clearing import dealt
from narrative.engine.defaults import in_court
from narrative.engine.income import running, takings
from narrative.engine.world import World
from narrative.story.calendar import DAY, YEAR_IN_DAYS

PAYING = ("payout_share", "payout_cushion")
WEEKS = 13  # of costs that a company in court keeps


def dividends(world: World, company: str, cash: int, at: int) -> list[Draft]:
    """The dividends of a company that holds so much cash, a fact a holder, in the order of the alphabet."""
    share = min(max(world.optional("payout_share", company), 0.0), 1.0)
    if not share:
        return []
    lost = in_court(world, company)
    if lost:
        amount = max(cash - running(world, company, 7 * WEEKS, at), 0)
    else:
        amount = floor(share * max(min(cash - needed(world, company, at), earned(world, company, cash)), 0))
    held = {OUTSIDE: 1} if lost else holders(world, company)
    parts = dealt(amount, {holder: shares * amount for holder, shares in held.items()})  # none is too little
    return [
        Draft(company, Dividend(company=company, holder=holder, amount=part))
        for holder, part in sorted(parts.items())
        if part
    ]


def needed(world: World, company: str, at: int) -> int:
    """The cash that a company not in default keeps, in the smallest unit."""
    cushion = floor(world.optional("payout_cushion", company) * takings(world, company, at))
    promised = max(world.fold.sum("obligations", company), 0)
    loans = sum(amount for amount, _ in asked(world, company, at + round(YEAR_IN_DAYS * DAY)))
    return (
        max(opened_with(world, company, "cash"), cushion)
        + promised
        + loans
        + running(world, company, YEAR_IN_DAYS, at)
    )


def earned(world: World, company: str, cash: int) -> int:
    """The part of its cash that a company earned since the opening and kept, after what it bought, lost and
    paid out: all but what it opened with, owes more than it then did, and raised for shares.
    """
    borrowed = world.fold.sum("debt", company) - opened_with(world, company, "debt")
    return cash - opened_with(world, company, "cash") - borrowed - world.fold.sum("raised", company)


def opened_with(world: World, company: str, account: str) -> int:
    """A company's cash, or debt, at the opening; 0 where nobody knows it."""
    return next(
        (
            balance.opened(world.opening.cast) or 0
            for actor in world.story.actors
            if actor.id == company
            for balance in actor.opening
            if balance.account == account
        ),
        0,
    )


def holders(world: World, company: str) -> dict[str, int]:
    """Shares of a company by who holds them; one of somebody outside where none is on file."""
    stakes = (key.partition("/") for key in world.fold.state["stake"])
    found = {
        holder: max(world.fold.sum("stake", f"{holder}/{asset}"), 0)
        for holder, _, asset in stakes
        if asset == company and holder != company
    }
    return found if any(found.values()) else {OUTSIDE: 1}
