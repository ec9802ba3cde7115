"""Companies raise money before what they have promised falls due.

At each review a company adds up what it must pay within `fund_runway` months: the instalments of open
orders and the loans that fall due by then. What its cash does not cover it borrows, up to `debt_share`
of its value less what it owes; for the rest it sells new shares to whoever is outside. A listed company
sells them at the price of the day, `fund_round` of its value at most. A private one sells `fund_round`
of its post-money in a round whose price follows belief by `fund_premium`: at 0 rounds are flat, at 1 the
last post-money is carried all the way with the log price.
A company whose cash nobody knows raises nothing.
"""

from math import floor

from events.event import OUTSIDE, Act, Draft
from events.funding_facts import Funding, Loan
from narrative.engine.defaults import in_default
from narrative.engine.ids import named
from narrative.engine.loans import lending_rate, loans
from narrative.engine.orders import instalment, placed
from narrative.engine.stakes import issued, marked, private
from narrative.engine.world import World
from narrative.story.calendar import DAY, YEAR_IN_DAYS
from narrative.story.cast import Part
from narrative.story.parameters import HEARD

ACCOUNTS = ("timeline",)
PARAMETERS = (
    "fund_review",
    "fund_runway",
    "fund_round",
    "fund_premium",
    "fund_term",
    "debt_share",
    "lending_rate",
    *HEARD,
)
OPTIONAL = ("board_spread",)
DEEDS = {"Funding": "company", "Loan": "borrower"}
MONTH = YEAR_IN_DAYS * DAY / 12


def due(world: World, part: Part, now: int) -> int | None:
    """The next review."""
    return world.sitting(now, world.days("fund_review", part.actor), part.actor)


def decide(world: World, part: Part, now: int) -> list[Act]:
    """A bond and a round, as far as each is needed and can be had."""
    company = part.actor
    cash = world.readings.cash(company)
    if cash is None or in_default(world, company):
        return []
    until = now + round(world.parameter("fund_runway", company) * MONTH)
    owing = falling_due(world, company, now, until)
    short = sum(amount for amount, _ in owing) - cash
    causes = tuple(sorted({position for _, source in owing for position in source}))
    if short <= 0:
        return []
    acts: list[Act] = []
    borrowed = min(short, borrowable(world, company, now))
    if borrowed:
        acts.append((Draft(company, _bond(world, company, borrowed, now), causes=causes),))
    if short > borrowed:
        acts += _shares(world, company, short - borrowed, causes, now)
    return acts


def falling_due(world: World, company: str, now: int, until: int) -> list[tuple[int, tuple[int, ...]]]:
    """Sums a company must pay from now to a moment, each with what opened it."""
    orders = [
        (_instalments(world, order, outstanding, now, until), world.source(order))
        for order, outstanding in sorted(world.fold.state["outstanding"].items())
        if placed(world, order)[0][:1] == (company,)
    ]
    repayments = [
        (loan.to_date(until), loan.source)
        for loan in loans(world, borrower=company)
        if loan.due is not None and loan.due <= until
    ]
    return [(amount, source) for amount, source in orders if amount] + repayments


def _instalments(world: World, order: str, outstanding: int, now: int, until: int) -> int:
    """The sum of an order that its seller will deliver from now to a moment: an instalment a review, from its
    due moment on; all that is outstanding where the story's sellers know no instalments.
    """
    parties, start = placed(world, order)
    if start is None or start > until:
        return 0
    if "supply_instalments" not in world.parameters:
        return outstanding
    seller = parties[1]
    period = world.days("supply_review", seller) * DAY
    each = instalment(world, order, seller)
    return min(outstanding, each * ((until - max(now, start)) // period + 1))


def borrowable(world: World, company: str, at: int) -> int:
    """The sum that lenders would still give a company: a share of its value, less its debt; 0 where either
    is unknown.
    """
    value, debt = world.readings.value(company, at), world.readings.debt(company)
    if value is None or debt is None:
        return 0
    return max(floor(world.parameter("debt_share", company) * value) - debt, 0)


def _bond(world: World, company: str, amount: int, now: int) -> Loan:
    lender = next(iter(world.linked("lends", to=company)), OUTSIDE)
    return Loan(
        borrower=company,
        lender=lender,
        loan=named("bond", company, lender, moment=now),
        amount=amount,
        rate=lending_rate(world, lender),
        due=now + round(world.parameter("fund_term", company) * DAY),
        accrued=now,
    )


def _shares(world: World, company: str, short: int, causes: tuple[int, ...], now: int) -> list[Act]:
    """A round of a private company, or new shares of a listed one."""
    closed, part = private(world, company), world.parameter("fund_round", company)
    before = pre_money(world, company, now) if closed else world.readings.value(company, now)
    if not before or not 0.0 < part < 1.0:
        return []
    amount = round(before * part / (1.0 - part)) if closed else min(short, floor(part * before))
    post_money = before + amount if closed else None
    raised = Funding(company=company, investor=OUTSIDE, amount=amount, post_money=post_money)
    drafts = [Draft(company, raised, causes=causes)]
    shares = round(world.fold.sum("shares", company) * amount / before)
    if shares:
        drafts.append(issued(company, OUTSIDE, shares, within=(0,)))
    if post_money is not None:
        drafts.append(marked(world, company, post_money, now, within=(0,)))
    return [tuple(drafts)]


def pre_money(world: World, company: str, at: int) -> int | None:
    """The value of a private company before a round: its last post-money, carried with the log price by
    `fund_premium`. None where it is unknown.
    """
    base = world.fold.last("post_money", company) or world.fold.last("value", company)
    value = world.readings.value(company, at)
    if not base or not value:
        return None
    carried: float = (value / base) ** world.parameter("fund_premium", company)
    return round(base * carried)
