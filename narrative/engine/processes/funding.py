"""Companies raise money before what they have promised falls due.

At each review a company adds up what it must pay within `fund_runway` months: the instalments of open
orders, the loans that fall due by then and the interest on the others, and its running costs. What its
cash, and `fund_income` of what it will be left with of its sales, does not cover in any month of them it
borrows, up to `debt_share` of its value less what it owes; for the rest it sells new shares to whoever is
outside. A listed company sells them at the price of the day, `fund_round` of its value at most. A private
one sells no more than `fund_round` of its post-money in a round whose price follows belief by
`fund_premium`: at 0 rounds are flat, at 1 the last post-money is carried all the way with the log price.

Money is scarce where the story says so (`narrative.engine.backers`). Buyers with a `required_return` pay
no more than a private company's sales are worth to them: where that is above what it asks, the price goes
`fund_upwards` of the way; where it is below, the round is a down round, and below `fund_least` of the last
post-money there is none: but who was short since its last round takes what is given. Whoever is outside
has a budget, which those who review at one moment share. A company whose cash nobody knows raises nothing.

What a company needs beyond what it can raise until then is a Shortfall, where the story gives an
`order_cut`: that part of the gap it takes out of its orders, of the latest due first, each instalment by
as much. A listed company can sell shares at each review until then; a loan is given only once.
"""

from math import ceil, exp, floor, inf, log

from events.event import OUTSIDE, Act, Draft
from events.fields import LIMIT
from events.funding_facts import Funding, Loan, Shortfall
from narrative.engine.backers import asked, borrowable, budget, lender_to, worth
from narrative.engine.defaults import in_default
from narrative.engine.ids import named
from narrative.engine.income import running, yearly
from narrative.engine.loans import lending_rate
from narrative.engine.orders import cut, instalment, placed, promised_by
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
OPTIONAL = (
    "board_spread",
    "order_cut",
    "fund_income",
    "fund_upwards",
    "fund_least",
    "required_return",
    "growth_most",
    "exit_years",
    "exit_sales",
    "outside_budget",
    "outside_liquidity",
    "swing_haircut",
    "interest_coverage",
    "running_costs",
    "core_income",
    "cost_share",
    "base_capacity",
    "base_growth",
)
DEEDS = {"Funding": "company", "Loan": "borrower", "Cancellation": "buyer"}
MONTH = YEAR_IN_DAYS * DAY / 12


def due(world: World, part: Part, now: int) -> int | None:
    """The next review."""
    return world.sitting(now, world.days("fund_review", part.actor), part.actor)


def decide(world: World, part: Part, now: int) -> list[Act]:
    """A bond and a round, as far as each is needed and can be had; fewer orders where that is too little."""
    company = part.actor
    cash = world.readings.cash(company)
    if cash is None or in_default(world, company):
        return []
    short, until = _short(world, company, now)
    if short <= cash:
        return []
    short -= cash
    causes = tuple(sorted({at for _, source in falling_due(world, company, now, until) for at in source}))
    bond, shares = _room(world, company, now, until)
    acts: list[Act] = []
    if borrowed := min(short, bond):
        acts.append((Draft(company, _bond(world, company, borrowed, now), causes=causes),))
    if sold := min(short - borrowed, shares):
        acts.append(_shares(world, company, sold, causes, now))
    sales = 1 if private(world, company) else (until - now) // (world.days("fund_review", company) * DAY)
    room = bond + shares * max(sales, 1)
    if short > room and world.optional("order_cut", company) > 0.0:
        acts += _too_little(world, company, short, room, now, until)
    return acts


def _room(world: World, company: str, now: int, until: int) -> tuple[int, int]:
    """The sums that a company could borrow now, and raise by one sale of shares."""
    given = floor(min(budget(world, now) / _reviewing(world, now), LIMIT))
    bond = borrowable(world, company, now, until)
    from_outside = lender_to(world, company) == OUTSIDE
    bond = min(bond, given) if from_outside else bond
    return bond, min(_sellable(world, company, now), given - bond if from_outside else given)


def _too_little(world: World, company: str, short: int, room: int, now: int, until: int) -> list[Act]:
    """The shortfall, and what of orders due until then is given up for it, the latest due first."""
    wants = (Draft(company, Shortfall(actor=company, needed=short, room=room)),)
    acts: list[Act] = [wants]
    missing = ceil(world.optional("order_cut", company) * (short - room))
    for order in promised_by(world, company):
        outstanding = world.fold.sum("outstanding", order)
        until_then = _instalments(world, order, outstanding, now, until)
        if missing > 0 and until_then:
            less = min(missing, until_then)
            fact = cut(world, order, -(-outstanding * less // until_then))
            acts.append((Draft(company, fact, causes=world.source(order)),))
            missing -= less
    return acts


def _short(world: World, company: str, now: int) -> tuple[int, int]:
    """The most that a company will have had to pay, beyond what it is left with, by the end of a month of
    its runway, and that end. What it is left with of its sales counts from the month after; its running
    costs count in full.
    """
    runway, costs = world.parameter("fund_runway", company), running(world, company, YEAR_IN_DAYS, now)
    income = world.optional("fund_income", company) * (yearly(world, company, now) + costs)
    found = []
    for month in (*range(1, ceil(runway)), runway):
        until = now + round(month * MONTH)
        owing = sum(amount for amount, _ in falling_due(world, company, now, until))
        found.append((owing + ceil(costs * month / 12 - income * max(month - 1, 0) / 12), -until))
    most, end = max(found)
    return most, -end


def _reviewing(world: World, now: int) -> int:
    """How many companies review at this moment: the budget of who is outside is theirs alike."""
    boards = [part.actor for part in world.parts if part.process == "funding"]
    return max(sum(_sits(world, company, now) for company in boards), 1)


def _sits(world: World, company: str, now: int) -> bool:
    return world.sitting(now - 1, world.days("fund_review", company), company) == now


def falling_due(world: World, company: str, now: int, until: int) -> list[tuple[int, tuple[int, ...]]]:
    """Sums a company must pay from now to a moment, each with what opened it."""
    orders = [
        (_instalments(world, order, outstanding, now, until), world.source(order))
        for order, outstanding in sorted(world.fold.state["outstanding"].items())
        if placed(world, order)[0][:1] == (company,)
    ]
    return [(amount, source) for amount, source in [*orders, *asked(world, company, until)] if amount]


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


def _bond(world: World, company: str, amount: int, now: int) -> Loan:
    lender = lender_to(world, company)
    return Loan(
        borrower=company,
        lender=lender,
        loan=named("bond", company, lender, moment=now),
        amount=amount,
        rate=lending_rate(world, lender),
        due=now + round(world.parameter("fund_term", company) * DAY),
        accrued=now,
    )


def _sellable(world: World, company: str, now: int) -> int:
    """The sum that new shares would bring at once: of a private company's post-money, or a listed one's
    value, `fund_round`; nothing where nobody buys.
    """
    closed, part = private(world, company), world.parameter("fund_round", company)
    before = pre_money(world, company, now) if closed else world.readings.value(company, now)
    if not before or not 0.0 < part < 1.0:
        return 0
    return round(before * part / (1.0 - part)) if closed else floor(part * before)


def _shares(world: World, company: str, amount: int, causes: tuple[int, ...], now: int) -> Act:
    """A round of a private company, or new shares of a listed one."""
    closed = private(world, company)
    before = (pre_money(world, company, now) if closed else world.readings.value(company, now)) or 0
    post_money = before + amount if closed else None
    raised = Funding(company=company, investor=OUTSIDE, amount=amount, post_money=post_money)
    drafts = [Draft(company, raised, causes=causes)]
    shares = round(world.fold.sum("shares", company) * amount / before)
    if shares:
        drafts.append(issued(company, OUTSIDE, shares, within=(0,)))
    if post_money is not None:
        drafts.append(marked(world, company, post_money, now, within=(0,)))
    return tuple(drafts)


def pre_money(world: World, company: str, at: int) -> int | None:
    """The value of a private company before a round: its last post-money, carried with the log price by
    `fund_premium`, and then towards what buyers would pay for its sales. None where it is unknown, or
    where nobody buys, or too far below the last for owners who need not sell.
    """
    base = world.fold.last("post_money", company) or world.fold.last("value", company)
    implied = world.readings.implied(company, at)
    if not base or not implied:
        return None
    carried: float = base * (implied / base) ** world.parameter("fund_premium", company)
    most = inf if company in world.listed else worth(world, company, at)
    least = 0.0 if world.fold.last("short", company) else world.optional("fund_least", company)
    if most < least * base or most <= 0.0:
        return None
    if most < carried:
        return round(most)
    upwards = world.optional("fund_upwards", company)
    return round(carried if most == inf else carried * exp(upwards * log(most / carried)))
