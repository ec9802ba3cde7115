"""Customers outside the story pay for the use of what was delivered.

At each review an actor earns ``demand`` a year for each unit of its capacity, up to `demand_limit` a
year; capacity fades over its economic life. Use is what turns belief into lasting value: the sale
moves ``lasting_conversion * sale / value`` of ln from the fading parts of belief to the lasting part,
never more than is believed. The price does not move in that moment: it only stops fading so far.

A story may give an actor capacity from before it (`base_capacity`), which does not fade, and grew to what it
is when the record ends (`base_growth`); what of a sale its costs take (`cost_share`: paid to who hosts it,
else outside); what it pays a year whatever it sells (`running_costs`), and keeps a year of business outside
the story (`core_income`). Costs are paid as far as the purse reaches; what it does not reach is a Shortfall,
and with `default_costs` a default. What it earned and need not keep goes to its owners:
`narrative.engine.payouts`.
"""

from events.event import OUTSIDE, Act, Draft
from events.facts import Payment, Sale
from events.funding_facts import Shortfall
from events.market_facts import Repricing
from narrative.books.readings import NANO
from narrative.engine import income
from narrative.engine.defaults import missed
from narrative.engine.payouts import PAYING, dividends
from narrative.engine.world import World
from narrative.story.calendar import YEAR_IN_DAYS
from narrative.story.cast import Part

ACCOUNTS = ("capacity", "timeline")
PARAMETERS = ("earn_review", "demand", "demand_limit", "lasting_conversion")
OPTIONAL = (
    *PAYING,
    "base_capacity",
    "base_growth",
    "cost_share",
    "running_costs",
    "core_income",
    "default_costs",
    "default_custom",
)
DEEDS = {"Sale": "seller", "Dividend": "company"}
OWN = ("base_capacity", "running_costs", "core_income", "payout_share")


def due(world: World, part: Part, now: int) -> int | None:
    """The next review, for an actor to whom anything was delivered, or that has a business of its own."""
    actor = part.actor
    if actor not in world.fold.state["capacity"] and not any(world.optional(name, actor) for name in OWN):
        return None
    return world.review(now, world.days("earn_review", actor))


def decide(world: World, part: Part, now: int) -> list[Act]:
    """A sale, the belief that it makes lasting, and what it cost; then what is paid and kept beside it."""
    seller, days = part.actor, world.days("earn_review", part.actor)
    amount = earned(world, seller, days, now)
    acts: list[Act] = []
    if amount:
        made = conversion(world, seller, amount, now)
        lasting = [Draft("market", made, within=(0,))] if made is not None else []
        spent = income.paid(seller, income.host(world, seller), income.of_sales(world, seller, amount), (0,))
        acts.append((Draft(seller, Sale(seller=seller, amount=amount)), *lasting, *spent))
    cash = world.readings.cash(seller)
    return acts if cash is None else acts + _beside(world, seller, cash, days, now)


def _beside(world: World, actor: str, cash: int, days: int, now: int) -> list[Act]:
    """The part that an actor keeps of business outside the story, and running costs as far as it can pay."""
    kept, owed = income.kept(world, actor, days), income.running(world, actor, days, now)
    acts: list[Act] = []
    if kept:
        acts.append((Draft(actor, Payment(payer=OUTSIDE, payee=actor, amount=kept)),))
    paid = min(owed, max(cash, 0))
    drafts = income.paid(actor, OUTSIDE, paid)
    if paid < owed:
        drafts.append(Draft(actor, Shortfall(actor=actor, needed=owed, room=paid)))
        lost = missed(world, actor, OUTSIDE, owed - paid, now)
        if lost is not None and world.optional("default_costs", actor) > 0.0:
            drafts.append(Draft(actor, lost, within=(len(drafts) - 1,)))
    acts += [tuple(drafts)] if drafts else []
    owners = tuple(dividends(world, actor, cash - paid, now))
    return [*acts, owners] if owners else acts


def earned(world: World, seller: str, days: int, at: int) -> int:
    """The sum that outside customers pay a seller for so many days of use, in the smallest unit."""
    return round(income.use(world, seller, at) * days / YEAR_IN_DAYS)


def conversion(world: World, asset: str, amount: int, at: int) -> Repricing | None:
    """The belief in an asset that a sale makes lasting; None where there is none to convert."""
    value = world.readings.value(asset, at)
    fast = world.fold.fading("belief_fast", asset, at)
    slow = world.fold.fading("belief_slow", asset, at)
    believed = min(max(fast, 0.0) + max(slow, 0.0), fast + slow)
    if not value or believed <= 0.0:
        return None
    step = min(world.parameter("lasting_conversion", asset) * amount / value / NANO, believed)
    of_fast = round(step * max(fast, 0.0) / (max(fast, 0.0) + max(slow, 0.0)))
    of_slow = round(step) - of_fast
    if not of_fast and not of_slow:
        return None
    return Repricing(
        asset=asset, fast=-of_fast, slow=-of_slow, lasting=of_fast + of_slow, news=amount, value=value
    )
