"""New shares for new money, at the price of the day.

A private company's value is a register, not a price: it moves at rounds and nothing else moves it. Money
put into it between rounds buys no shares yet. A round logs the log price at which its post-money was
set: the next one may follow what readers came to believe since.
"""

from events.event import Draft
from events.facts import Investment, Issue
from events.market_facts import Repricing
from narrative.books.readings import NANO
from narrative.engine.world import World


def private(world: World, company: str) -> bool:
    """True where a company is worth its last post-money, having no traded price."""
    return world.readings.registered(company)


def shares_for(world: World, company: str, amount: int, at: int) -> int | None:
    """Shares of a listed company that an amount buys; None where its price is unknown, or too high
    for one.
    """
    price = None if private(world, company) else world.readings.price(company, at)
    return round(amount / price) or None if price else None


def invested(
    world: World,
    investor: str,
    company: str,
    amount: int,
    at: int,
    *,
    causes: tuple[int, ...] = (),
    within: tuple[int, ...] = (),
) -> Draft:
    """An investor puts money into a company, for new shares where they have a traded price; else the fact
    says what part of the company's value it was.
    """
    shares = shares_for(world, company, amount, at)
    value = world.readings.value(company, at) if private(world, company) else None
    part = round(amount / value / NANO) if value else None
    fact = Investment(investor=investor, company=company, amount=amount, shares=shares, part=part)
    return Draft(investor, fact, causes=causes, within=within)


def cost_of(world: World, holder: str, company: str, shares: int) -> int | None:
    """The cost, not written off, of so many of a holder's shares, in the smallest unit; None for nothing."""
    key = f"{holder}/{company}"
    stake, put_in = world.fold.sum("stake", key), world.fold.sum("invested", key)
    return round(put_in * min(shares / stake, 1.0)) or None if stake > 0 and put_in > 0 else None


def issued(company: str, holder: str, shares: int, within: tuple[int, ...] = ()) -> Draft:
    """Shares for money that another fact of the act moved."""
    return Draft(company, Issue(issuer=company, holder=holder, shares=shares), within=within)


def marked(
    world: World,
    company: str,
    post_money: int | None,
    at: int,
    *,
    causes: tuple[int, ...] = (),
    within: tuple[int, ...] = (),
) -> Draft:
    """The market marks a company at the log price at which its post-money was set."""
    log_mark = round(world.readings.log_price(company, at) / NANO)
    fact = Repricing(asset=company, log_mark=log_mark, value=post_money)
    return Draft("market", fact, causes=causes, within=within)
