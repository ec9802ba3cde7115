"""Suppliers deliver what was ordered in equal instalments, and are paid on delivery.

An open order is due first at its due moment; from then on each review ships one instalment of it, as
far as capacity reaches: `supply_capacity` a review, and `supply_yield` a year for each unit of what the
supplier itself was delivered. What capacity does not reach slips, and says so. A buyer who cannot pay
makes the act a Refusal, which uses up no capacity; the supplier tries again at its next review, and
cancels what is outstanding once the buyer is `supply_patience` instalments behind and still cannot pay,
or is in default. With `default_orders` a buyer who cannot pay is then in default; where a court settles
that, it is the court that stops its orders. Nothing is delivered to
a buyer whose cash nobody knows. `delivery_delay` puts every promised due moment off. A told order without
a due moment waits `told_lead` days, where the story assumes that, and is not delivered where it does not.
What a delivery costs its seller (`cost_share` of it, where the story gives one) is paid in the same act, to
who hosts the seller or to whoever is outside.
"""

from math import inf
from operator import attrgetter

from attrs import frozen

from events.event import OUTSIDE, Act, Draft
from events.facts import Cancellation, Delay, Delivery, Payment
from narrative.engine import income
from narrative.engine.defaults import has_court, in_court, in_default, missed
from narrative.engine.orders import instalment, ordered, placed
from narrative.engine.world import World
from narrative.story.calendar import DAY, YEAR_IN_DAYS
from narrative.story.cast import Part
from narrative.story.parameters import HEARD

ACCOUNTS = ("outstanding", "due", "timeline")
PARAMETERS = (
    "supply_review",
    "supply_capacity",
    "supply_yield",
    "supply_instalments",
    "supply_patience",
    "delivery_delay",
    "slip_days",
    *HEARD,
)
OPTIONAL = ("told_lead", "default_orders", "cost_share")
DEEDS = {"Delivery": "seller", "Cancellation": "seller"}
SHIPPING = ("outstanding", "due", "promised", "ordered")


@frozen
class Open:
    """An order of which something is outstanding. `start` is when it ships first, as last said;
    `promised` what the order itself said.
    """

    order: str
    buyer: str
    outstanding: int
    instalment: int
    delivered: int
    promised: int
    start: int


def due(world: World, part: Part, now: int) -> int | None:
    """The first review at which one of the supplier's open orders may ship."""
    open_ = open_orders(world, part.actor)
    if not open_:
        return None
    return world.review(max(now, open_[0].start - 1), world.days("supply_review", part.actor))


def decide(world: World, part: Part, now: int) -> list[Act]:
    """An instalment, a delay or a cancellation for each order that should ship."""
    seller = part.actor
    left = capacity(world, seller, now)
    slip = round(world.parameter("slip_days", seller) * DAY)
    delay = round(world.parameter("delivery_delay", seller) * DAY)
    purses: dict[str, float | None] = {}
    acts: list[Act] = []
    for order in open_orders(world, seller):
        until = order.promised + delay
        if now < order.start or in_court(world, order.buyer):
            continue
        if lost(world, seller, order, now):
            acts.append(_cancelled(world, seller, order, now))
        elif now < until:
            acts.append(_delayed(world, seller, order, until))
        elif (cash := purses.setdefault(order.buyer, purse(world, order.buyer))) is not None:
            wanted = min(order.instalment, order.outstanding)
            sent = min(wanted, left)
            if sent:
                acts.append(_delivered(world, seller, order, sent))
            if sent <= cash:  # else it is refused, and others get what it does not
                left -= sent
                purses[order.buyer] = cash - sent
                if sent < wanted:
                    acts.append(_delayed(world, seller, order, now + slip))
    return acts


def purse(world: World, buyer: str) -> float | None:
    """The sum a buyer can pay, without bound for outside customers; None where nobody knows its cash."""
    return inf if buyer == OUTSIDE else world.readings.cash(buyer)


def open_orders(world: World, seller: str) -> tuple[Open, ...]:
    """A supplier's open orders that have a moment at which to ship, in the order in which they do."""
    return world.cached(SHIPPING, seller, lambda: _open_orders(world, seller))


def _open_orders(world: World, seller: str) -> tuple[Open, ...]:
    found = world.each("outstanding", lambda order: _open(world, order))
    return tuple(
        sorted([one for who, one in found if who == seller and one], key=attrgetter("start", "order"))
    )


def _open(world: World, order: str) -> tuple[str, Open | None]:
    """The seller of an order, and the order as it stands; "" and None where it cannot ship yet."""
    fold, (parties, start) = world.fold, placed(world, order)
    if len(parties) != 2 or start is None:
        return "", None
    buyer, seller = parties
    outstanding, promised = fold.sum("outstanding", order), fold.last("promised", order)
    return seller, Open(
        order=order,
        buyer=buyer,
        outstanding=outstanding,
        instalment=instalment(world, order, seller),
        delivered=ordered(world, order) - outstanding,
        promised=start if promised is None else promised,
        start=start,
    )


def lost(world: World, seller: str, order: Open, at: int) -> bool:
    """Whether a supplier gives an order up: the buyer is in default, or too far behind and cannot pay."""
    if in_default(world, order.buyer):
        return True
    period = world.days("supply_review", seller) * DAY
    behind = (at - order.start) // period * order.instalment - order.delivered
    cash = purse(world, order.buyer)
    cannot = cash is not None and cash < min(order.instalment, order.outstanding)
    return cannot and behind >= world.parameter("supply_patience", seller) * order.instalment


def capacity(world: World, seller: str, at: int) -> int:
    """The sum that a supplier can deliver at one review, in the smallest unit."""
    own = world.story.money.smallest(world.parameter("supply_capacity", seller))
    years = world.days("supply_review", seller) / YEAR_IN_DAYS
    built = world.parameter("supply_yield", seller) * world.fold.fading("capacity", seller, at) * years
    return own + round(built)


def _delivered(world: World, seller: str, order: Open, amount: int) -> Act:
    goods = Delivery(seller=seller, buyer=order.buyer, order=order.order, amount=amount)
    money = Payment(payer=order.buyer, payee=seller, order=order.order, amount=amount, settles=amount)
    return (
        Draft(seller, goods, causes=world.source(order.order)),
        Draft(order.buyer, money, within=(0,)),
        *income.paid(seller, income.host(world, seller), income.of_sales(world, seller, amount), (0,)),
    )


def _delayed(world: World, seller: str, order: Open, until: int) -> Act:
    fact = Delay(subject=seller, counterparty=order.buyer, order=order.order, until=until)
    return (Draft(seller, fact, causes=world.source(order.order)),)


def _cancelled(world: World, seller: str, order: Open, now: int) -> Act:
    source = world.source(order.order)
    fact = Cancellation(buyer=order.buyer, seller=seller, order=order.order, amount=order.outstanding)
    owed = min(order.instalment, order.outstanding)
    lost = missed(world, order.buyer, seller, owed, now)
    if lost is None or world.optional("default_orders", seller) <= 0.0:
        return (Draft(seller, fact, causes=source),)
    if has_court(world):
        return (Draft(seller, lost, causes=source),)
    return Draft(seller, fact, causes=source), Draft(seller, lost, within=(0,))
