"""Insolvency: whoever is in default is settled with all it owes at the close after, and may come back.

At that close everything is one act. What is pledged to a lender is seized and sold; listed shares that the
debtor holds besides are sold as far as they are needed. It pays out of what it then holds and what the
others in default pay it, by `narrative.engine.clearing`: `default_alpha` and `default_beta` of that where it
is not enough, and the rest of it goes in costs. For a company's business others give `default_alpha` of its
value, as far as anything is owed, and `default_recovery` of that at least. Who stands behind the debtor is
called for what is lost, up to its guarantee, and is itself in default where it cannot. The rest is lost:
creditors write it down, and it is owed no longer. Owners keep what is over of the `default_alpha`, and
`default_equity` of the value at least: a share is never worth less than nothing. Orders by and from it stop.

A debtor that owed somebody and paid everybody is in default no longer, if what it takes covers what it costs
and it has something to pay that with.
Another asks a court for protection `default_file_days` after its default; if it cannot go on so, its owners
are then left `default_equity`. It is in default no longer `default_emerge_days` after that if it then holds
any cash and can go on, or as long after that again; where that is 0, never.
"""

from math import floor

from events.event import OUTSIDE, Act, Draft
from events.facts import Payment
from events.funding_facts import Emergence, Filing
from narrative.engine.clearing import clear, dealt
from narrative.engine.defaults import DEFAULTED, defaulted, in_default, missed
from narrative.engine.estates import (
    Claim,
    Settling,
    cancelled,
    claims_on,
    devalued,
    open_debts,
    owes,
    paid_out,
    sold_off,
    written_off,
)
from narrative.engine.income import running, yearly
from narrative.engine.loans import SECURED
from narrative.engine.pressure import PRESSING
from narrative.engine.world import World
from narrative.story.calendar import DAY, YEAR_IN_DAYS
from narrative.story.cast import Part

ACCOUNTS = (*DEFAULTED, *SECURED, "filed", "debt", "outstanding", "timeline")
PARAMETERS = (
    "default_recovery",
    "default_alpha",
    "default_beta",
    "default_equity",
    "default_file_days",
    "default_emerge_days",
    "impact",
)
OPTIONAL = (*PRESSING, "running_costs", "core_income", "cost_share")


def due(world: World, part: Part, now: int) -> int | None:  # noqa: ARG001  # one part, for everybody
    """The next close at which anything is to be settled, filed or over."""
    close = world.story.calendar.close_after
    moments = []
    for debtor in defaulted(world):
        if open_debts(world, debtor):
            moments.append(close(now))
        elif (moment := _next_step(world, debtor, now + 1)[0]) is not None:
            moments.append(close(max(now, moment - 1)))
    return min(moments, default=None)


def decide(world: World, part: Part, now: int) -> list[Act]:  # noqa: ARG001  # as above
    """One act that settles everything, and a step of each debtor's own."""
    settling = [debtor for debtor in defaulted(world) if open_debts(world, debtor)]
    acts = [tuple(_settled(world, settling, now))] if settling else []
    for debtor in defaulted(world):
        moment, step = _next_step(world, debtor, now)
        cash = world.readings.cash(debtor) or 0
        ready = step is Filing or (cash > 0 and goes_on(world, debtor, cash, now))
        if debtor not in settling and moment is not None and moment <= now and ready:
            acts.append(_stepped(Settling(world, now), debtor, step))
    return acts


def goes_on(world: World, debtor: str, cash: int, at: int) -> bool:
    """Whether a debtor can go on: what it takes in a year covers what it costs, and a purse that is empty
    does not fail it at its next review.
    """
    return yearly(world, debtor, at) >= 0.0 and (cash > 0 or not running(world, debtor, YEAR_IN_DAYS))


def _stepped(settling: Settling, debtor: str, step: type[Filing | Emergence]) -> Act:
    """A filing or an emergence; who files with nothing to go on with is worth next to nothing."""
    world, now = settling.world, settling.now
    place = settling.add(debtor, step(debtor=debtor, moment=now), settling.because(debtor))
    if step is Filing and not goes_on(world, debtor, 1, now):
        devalued(settling, debtor, world.parameter("default_equity", debtor), place)
    return tuple(settling.drafts)


def _next_step(world: World, debtor: str, now: int) -> tuple[int | None, type[Filing | Emergence]]:
    """When a debtor files, or once it has, when its default may be over: the last moment for it by now that
    no close has passed, or the next.
    """
    since, filed = world.fold.last("defaulted", debtor) or 0, world.fold.last("filed", debtor)
    if filed is None or filed < since:
        return since + round(world.parameter("default_file_days", debtor) * DAY), Filing
    days = round(world.parameter("default_emerge_days", debtor))
    if days <= 0:
        return None, Emergence
    tried = max((now - filed) // (days * DAY), 1)
    moment = filed + tried * days * DAY
    missed_it = world.story.calendar.close_after(moment - 1) < now
    return moment + missed_it * days * DAY, Emergence


# --- the settlement -----------------------------------------------------------------------------


def _settled(world: World, debtors: list[str], now: int) -> list[Draft]:
    settling, seen = Settling(world, now), set[str]()
    claims: list[Claim] = []
    held: dict[str, int] = {}
    for debtor in debtors:
        cancelled(settling, debtor, seen)
        mine = claims_on(settling, debtor)
        cash = max(world.readings.cash(debtor) or 0, 0)
        owed = sum(claim.owed for claim in mine)
        sold_off(settling, debtor, owed - cash - settling.brought.get(debtor, 0))
        held[debtor] = cash + settling.brought.get(debtor, 0)
        claims += mine
    rest = _paid(settling, held, claims)
    left = _guaranteed(settling, debtors, _recovered(settling, debtors, rest))
    for debtor in debtors:
        unpaid = sum(owed for claim, owed in rest if claim.debtor == debtor)
        over = held[debtor] - sum(claim.owed for claim in claims if claim.debtor == debtor)
        _lost(settling, debtor, [pair for pair in left if pair[0].debtor == debtor], unpaid, over)
    return settling.drafts


Rest = list[tuple[Claim, int]]  # claims, each with what its holder has not got of it


def _paid(settling: Settling, held: dict[str, int], claims: list[Claim]) -> Rest:
    """Everybody is paid out of what there is, and what is left of each purse goes in costs."""
    owed: dict[str, dict[str, int]] = {debtor: {} for debtor in held}
    for claim in claims:
        to = owed[claim.debtor]
        to[claim.creditor] = to.get(claim.creditor, 0) + claim.owed
    known = settling.world.parameters
    found = clear(held, owed, alpha=known["default_alpha"], beta=known["default_beta"])
    rest: Rest = []
    for debtor in sorted(owed):
        for creditor, paid in found.paid[debtor].items():
            mine = {i: c for i, c in enumerate(claims) if (c.debtor, c.creditor) == (debtor, creditor)}
            parts = dealt(paid, {f"{i:06}": claim.owed for i, claim in mine.items()})
            for i, amount in parts.items():
                paid_out(settling, debtor, mine[int(i)], amount)
                rest.append((mine[int(i)], mine[int(i)].owed - amount))
        costs = found.costs.get(debtor, 0)
        if costs:
            fact = Payment(payer=debtor, payee=OUTSIDE, amount=costs)
            settling.add(debtor, fact, settling.because(debtor))
    return rest


def _recovered(settling: Settling, debtors: list[str], rest: Rest) -> Rest:
    """A part of the rest is what others give for a company's business. Nothing comes so to a creditor who is
    settled itself: it would be left with it.
    """
    world, left = settling.world, []
    owed_by = {who: sum(owed for claim, owed in rest if claim.debtor == who) for who in debtors}
    for claim, owed in rest:
        value, whole, part = world.readings.value(claim.debtor, settling.now), owed_by[claim.debtor], 0
        if value is not None and claim.creditor not in debtors:
            brings = floor(world.parameters["default_alpha"] * value)
            least = floor(world.parameter("default_recovery", claim.debtor) * owed)
            part = owed if brings >= whole else max(owed * brings // whole, least)
            if claim.creditor == OUTSIDE:  # paid by its like, which moves nothing
                claim.settled = part
            else:
                paid_out(settling, OUTSIDE, claim, part)
        left.append((claim, owed - part))
    return left


def _guaranteed(settling: Settling, debtors: list[str], rest: Rest) -> Rest:
    """Guarantors pay what is lost, up to what they guaranteed and as far as their cash reaches; not to
    creditors who are settled themselves.
    """
    world, left = settling.world, dict(enumerate(rest))
    purses: dict[str, int] = {}
    for key, ceiling in sorted(world.fold.state["backed"].items()):
        guarantor, _, debtor = key.partition("/")
        mine = {
            f"{i:06}": owed
            for i, (claim, owed) in left.items()
            if claim.debtor == debtor and claim.creditor not in (guarantor, *debtors) and owed
        }
        called = min(ceiling, sum(mine.values()))
        if debtor not in debtors or called <= 0 or in_default(world, guarantor):
            continue
        cash = purses.setdefault(guarantor, max(world.readings.cash(guarantor) or 0, 0))
        for i, amount in dealt(min(called, cash), mine).items():
            claim, owed = left[int(i)]
            paid_out(settling, guarantor, claim, amount, called=True)
            left[int(i)] = (claim, owed - amount)
        purses[guarantor] -= min(called, cash)
        fact = missed(world, guarantor, None, called - cash, settling.now)
        if fact is not None:
            settling.add(guarantor, fact, settling.because(debtor))
    return list(left.values())


def _lost(settling: Settling, debtor: str, left: Rest, rest: int, over: int) -> None:
    """Creditors write down what they have not got. Owners keep what a sale of the business brings beyond what
    was still to be paid, if anything, and else next to nothing. Who paid everybody may go on with what is
    `over` at once.
    """
    world = settling.world
    places = [written_off(settling, claim, lost) for claim, lost in left]
    value = world.readings.value(debtor, settling.now)
    if rest and value:
        beyond = world.parameters["default_alpha"] - rest / value
        kept = min(max(beyond, world.parameter("default_equity", debtor)), 1.0)
        devalued(settling, debtor, kept, min([place for place in places if place is not None], default=None))
    paid = owes(world, debtor) and not any(lost for _, lost in left)
    if paid and goes_on(world, debtor, over, settling.now):
        settling.add(debtor, Emergence(debtor=debtor, moment=settling.now), settling.because(debtor))
