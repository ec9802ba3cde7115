"""New shares for new money, at the price of the day.

A private company's post-money is marked where it is set: its log price goes into the same act, so that
the value read right after is the post-money itself.
"""

from events.event import Draft
from events.facts import Investment, Issue, Repricing
from narrative.readings import NANO
from narrative.world import World


def shares_for(world: World, company: str, amount: int, at: int) -> int | None:
    """New shares that an amount buys; None where its price is unknown, or too high for one."""
    price = world.readings.price(company, at)
    return round(amount / price) or None if price else None


def private(world: World, company: str) -> bool:
    """Whether a company is worth its last post-money, having no traded price."""
    return company not in world.listed or world.fold.last("value", company) is None


def invested(
    world: World,
    investor: str,
    company: str,
    amount: int,
    at: int,
    *,
    causes: tuple[int, ...] = (),
    within: tuple[int, ...] = (),
) -> list[Draft]:
    """An investor buys new shares at today's value, and what that makes a private company worth."""
    value = world.readings.value(company, at)
    post_money = None if value is None or not private(world, company) else value + amount
    fact = Investment(
        investor=investor,
        company=company,
        amount=amount,
        shares=shares_for(world, company, amount, at),
        post_money=post_money,
    )
    drafts = [Draft(investor, fact, causes=causes, within=within)]
    if post_money is not None:
        drafts.append(marked(world, company, post_money, at, causes=causes, within=within))
    return drafts


def issued(company: str, holder: str, shares: int, within: tuple[int, ...] = ()) -> Draft:
    """Shares for money that another fact of the act moved."""
    return Draft(company, Issue(issuer=company, holder=holder, shares=shares), within=within)


def marked(
    world: World,
    company: str,
    post_money: int,
    at: int,
    *,
    causes: tuple[int, ...] = (),
    within: tuple[int, ...] = (),
) -> Draft:
    """The log price at which a post-money was set."""
    log_mark = round(world.readings.log_price(company, at) / NANO)
    fact = Repricing(asset=company, log_mark=log_mark, value=post_money)
    return Draft("market", fact, causes=causes, within=within)
