"""The money that lenders and buyers of new shares still give: by a budget, by what a company earns, by the
return that they ask. Each bound stands only where the story gives its parameter.
"""

from math import exp, floor, inf

from events.event import OUTSIDE
from narrative.books.readings import NANO
from narrative.engine.income import growth, most_sold, use, yearly
from narrative.engine.level import level
from narrative.engine.loans import BASIS, lending_rate, loans
from narrative.engine.margins import swung
from narrative.engine.world import World


def budget(world: World, at: int) -> float:
    """The sum that whoever is outside may still lend or invest: `outside_budget` a year, more or less with
    money in markets by `outside_liquidity`, less what it put in and was not repaid within a year.
    """
    a_year = world.optional("outside_budget", OUTSIDE, inf)
    if a_year == inf:
        return inf
    easy = exp(
        world.optional("outside_liquidity", OUTSIDE) * NANO * world.fold.fading("liquidity", "market", at)
    )
    return max(world.story.money.smallest(a_year * easy) - world.fold.fading("supplied", OUTSIDE, at), 0.0)


def borrowable(world: World, company: str, at: int, until: int | None = None) -> int:
    """The sum that lenders would still give a company: a share of its value after a haircut, and no more
    than its income carries the interest of so many times over, less its debt; 0 where either is unknown.
    What falls due up to `until` is no debt here: it is paid back with what is borrowed.
    """
    value, debt = world.readings.value(company, at), world.readings.debt(company)
    if value is None or debt is None:
        return 0
    if until is not None:
        due = [loan for loan in loans(world, borrower=company) if loan.due is not None and loan.due <= until]
        debt -= sum(loan.owed for loan in due if loan.asset is None)
    counted = value * max(1.0 - haircut(world, company, at), 0.0)
    room = floor(world.parameter("debt_share", company) * counted)
    return max(min(room, floor(min(carried(world, company, at), room))) - debt, 0)


def asked(world: World, company: str, until: int) -> list[tuple[int, tuple[int, ...]]]:
    """Sums that a company's loans ask of it up to a moment, each with what opened it: all that is owed on
    those that fall due by then, the interest on the others that have no shares behind them.
    """
    found = []
    for loan in loans(world, borrower=company):
        falls_due = loan.due is not None and loan.due <= until
        if falls_due or loan.asset is None:
            found.append((loan.to_date(until) if falls_due else loan.interest(until), loan.source))
    return found


def haircut(world: World, company: str, at: int) -> float:
    """The part of a company's value on which nobody lends: `swing_haircut` for each ln by which its price
    has swung of late: `narrative.engine.margins.swung`.
    """
    return world.optional("swing_haircut", company) * swung(world, company, at)


def carried(world: World, company: str, at: int) -> float:
    """The debt whose interest at today's rate a company's yearly income is `interest_coverage` times."""
    times = world.optional("interest_coverage", company)
    rate = lending_rate(world, lender_to(world, company)) / BASIS
    if times <= 0.0 or rate <= 0.0:
        return inf
    return max(yearly(world, company, at), 0.0) / (times * rate)


def lender_to(world: World, company: str) -> str:
    """The lender of a company: the first whom the story links to it, else whoever is outside."""
    return next(iter(world.linked("lends", to=company)), OUTSIDE)


def worth(world: World, company: str, at: int) -> float:
    """The most that buyers pay for a whole private company: its sales `exit_years` from now, were they to
    grow on as they do (`growth_most` a year at most, and never past `demand_limit`), at `exit_sales` times
    them, brought back to today at `required_return` a year. That multiple is one of listed companies: where
    these fell below what they are worth on record, it falls with them. Without bound where the story gives
    no such return.
    """
    asked, times = world.optional("required_return", company), world.optional("exit_sales", company, inf)
    if asked <= 0.0 or times == inf:
        return inf
    grows = min(max(growth(world, company, at), -1.0), world.optional("growth_most", company, inf))
    years = world.optional("exit_years", company)
    sales: float = use(world, company, at) * (1.0 + grows) ** years
    times *= min(level(world, at), 1.0)
    found: float = min(sales, most_sold(world, company)) * times / (1.0 + asked) ** years
    return found
