"""Insolvency: whoever is in default is settled with all it owes at the close after, and may come back.

At that close everything is one act. Orders by and from a debtor stop, and sellers may claim
`default_damages` of what it had still to take. What is pledged to a lender is seized and sold; listed shares
that the debtor holds besides are sold as far as they are needed. It pays out of what it then holds and what
the others in default pay it, by `narrative.engine.clearing`: `default_alpha` and `default_beta` of that where
it is not enough, and the rest of it goes in costs. For a company's business others give `default_alpha` of
what it is worth to them, as far as anything is owed, and `default_recovery` of that at least. Who stands
behind the debtor is called for what is lost, up to its guarantee, and is itself in default where it cannot.
Creditors who are settled themselves pass on to their own what they get in either way, by the same clearing.
The rest is lost: creditors write it down, and it is owed no longer. Owners keep what is over of the
`default_alpha`, and `default_equity` of the value at least: a share is never worth less than nothing.

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
from narrative.engine.clearing import Cleared, clear, dealt
from narrative.engine.defaults import DEFAULTED, defaulted, in_default, missed
from narrative.engine.estates import (
    Claim,
    Settling,
    business,
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
from narrative.engine.settlement import moves
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
OPTIONAL = (
    *PRESSING,
    "running_costs",
    "base_growth",
    "core_income",
    "cost_share",
    "default_damages",
    "default_custom",
    "required_return",
    "growth_most",
    "exit_years",
    "exit_sales",
)


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
    return yearly(world, debtor, at) >= 0.0 and (cash > 0 or not running(world, debtor, YEAR_IN_DAYS, at))


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
        mine = [*cancelled(settling, debtor, seen), *claims_on(settling, debtor)]
        cash = max(world.readings.cash(debtor) or 0, 0)
        owed = sum(claim.owed for claim in mine)
        sold_off(settling, debtor, owed - cash - settling.brought.get(debtor, 0))
        held[debtor] = cash + settling.brought.get(debtor, 0)
        claims += mine
    rest = _paid(settling, held, claims)
    rest, brought = _recovered(settling, debtors, rest)
    left = _guaranteed(settling, debtors, rest)
    moved = moves(tuple(settling.drafts))
    for debtor in debtors:
        out, into = moved.get(("cash", debtor), (0, 0))
        cash = (world.readings.cash(debtor) or 0) + into - out
        _lost(settling, debtor, [pair for pair in left if pair[0].debtor == debtor], brought[debtor], cash)
    return settling.drafts


Rest = list[tuple[Claim, int]]  # claims, each with what its holder has not got of it


def _cleared(held: dict[str, int], rest: Rest, alpha: float = 1.0, beta: float = 1.0) -> Cleared:
    """The payments of claims out of the purses of their debtors."""
    owed: dict[str, dict[str, int]] = {debtor: {} for debtor in held}
    for claim, due in rest:
        to = owed[claim.debtor]
        to[claim.creditor] = to.get(claim.creditor, 0) + due
    return clear(held, owed, alpha=alpha, beta=beta)


def _paid_as(settling: Settling, rest: Rest, found: Cleared, given: dict[str, int]) -> Rest:
    """Claims are paid as they were cleared, and what is left of them. Of what each debtor pays, others pay
    what is `given`; who is owed by it and outside is paid that by its like, which moves nothing.
    """
    groups: dict[tuple[str, str], dict[str, int]] = {}
    for place, (claim, due) in enumerate(rest):
        groups.setdefault((claim.debtor, claim.creditor), {})[f"{place:06}"] = due
    paid: dict[str, dict[str, int]] = {}
    for (debtor, creditor), mine in groups.items():
        paid.setdefault(debtor, {}).update(dealt(found.paid[debtor].get(creditor, 0), mine))
    left: Rest = []
    by_others = {debtor: dealt(given.get(debtor, 0), mine) for debtor, mine in paid.items()}
    for place, (claim, due) in enumerate(rest):
        amount = paid[claim.debtor].get(f"{place:06}", 0)
        others = by_others[claim.debtor].get(f"{place:06}", 0)
        if claim.creditor == OUTSIDE:
            claim.settled += others
        else:
            paid_out(settling, OUTSIDE, claim, others)
        paid_out(settling, claim.debtor, claim, amount - others)
        left.append((claim, due - amount))
    return left


def _paid(settling: Settling, held: dict[str, int], claims: list[Claim]) -> Rest:
    """Everybody is paid out of what there is, and what is left of each purse goes in costs."""
    known, rest = settling.world.parameters, [(claim, claim.owed) for claim in claims]
    found = _cleared(held, rest, known["default_alpha"], known["default_beta"])
    left = _paid_as(settling, rest, found, {})
    for debtor, lost in found.costs.items():
        if lost:
            fact = Payment(payer=debtor, payee=OUTSIDE, amount=lost)
            settling.add(debtor, fact, settling.because(debtor))
    return left


def _recovered(settling: Settling, debtors: list[str], rest: Rest) -> tuple[Rest, dict[str, int]]:
    """The rest is paid out of what other debtors pay, and then what others give for a company's business; a
    creditor who is settled itself passes it on to its own. The rest of that, and what was given.
    """
    pots = {
        debtor: _brings(settling, debtor, sum(due for claim, due in rest if claim.debtor == debtor))
        for debtor in debtors
    }
    found = _cleared(pots, rest)
    given = {}
    for debtor in debtors:
        takes = sum(paid.get(debtor, 0) for paid in found.paid.values())
        given[debtor] = max(sum(found.paid[debtor].values()) - takes, 0)
    return _paid_as(settling, rest, found, given), given


def _brings(settling: Settling, debtor: str, rest: int) -> int:
    """The sum that others give for a debtor's business, where so much is still owed."""
    world = settling.world
    value = business(world, debtor, settling.now)
    if value is None:
        return 0
    least = floor(world.parameter("default_recovery", debtor) * rest)
    return min(max(floor(world.parameters["default_alpha"] * value), least), rest)


def _guaranteed(settling: Settling, debtors: list[str], rest: Rest) -> Rest:
    """Guarantors pay what is lost, up to what they guaranteed and as far as their cash reaches; what a
    creditor who is settled itself gets so goes on to its own.
    """
    world, left = settling.world, rest
    purses: dict[str, int] = {}
    for key, ceiling in sorted(world.fold.state["backed"].items()):
        guarantor, _, debtor = key.partition("/")
        mine = {
            f"{i:06}": owed
            for i, (claim, owed) in enumerate(left)
            if claim.debtor == debtor and claim.creditor != guarantor and owed
        }
        called = min(ceiling, sum(mine.values()))
        if debtor not in debtors or called <= 0 or in_default(world, guarantor):
            continue
        cash = purses.setdefault(guarantor, max(world.readings.cash(guarantor) or 0, 0))
        got = dict.fromkeys(debtors, 0)
        for i, amount in dealt(min(called, cash), mine).items():
            claim, owed = left[int(i)]
            paid_out(settling, guarantor, claim, amount, called=True)
            left[int(i)] = (claim, owed - amount)
            if claim.creditor in got:
                got[claim.creditor] += amount
        purses[guarantor] -= min(called, cash)
        fact = missed(world, guarantor, None, called - cash, settling.now)
        if fact is not None:
            settling.add(guarantor, fact, settling.because(debtor))
        if any(got.values()):
            left = _paid_as(settling, left, _cleared(got, left), {})
    return left


def _lost(settling: Settling, debtor: str, left: Rest, brought: int, cash: int) -> None:
    """Creditors write down what they have not got. Owners keep what a sale of the business brings beyond what
    was `brought` of it, if anything, and else next to nothing. Who paid everybody may go on at once with the
    cash it is left with.
    """
    world = settling.world
    places = [written_off(settling, claim, lost) for claim, lost in left]
    value, sold = world.readings.value(debtor, settling.now), business(world, debtor, settling.now)
    short = any(lost for _, lost in left)
    if (brought or short) and value and sold is not None:
        beyond = (world.parameters["default_alpha"] * sold - brought) / value
        kept = min(max(beyond, world.parameter("default_equity", debtor)), 1.0)
        devalued(settling, debtor, kept, min([place for place in places if place is not None], default=None))
    if (left or owes(world, debtor)) and not short and goes_on(world, debtor, cash, settling.now):
        settling.add(debtor, Emergence(debtor=debtor, moment=settling.now), settling.because(debtor))
