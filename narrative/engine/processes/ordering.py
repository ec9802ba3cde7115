"""Boards turn money and belief into orders.

Equation (9): while the belief in a buyer is above `order_belief`, what it has promised to pay may
reach `order_leverage` times the cash it holds. A board meets at its reviews, and whenever a fact that
it reads and that concerns its company reaches it; that fact is then the order's cause, and a supplier
it names gets the order. Otherwise the order is split evenly over the suppliers the story links.
Where the story gives an `order_pace`, a board orders no more than that part of what it dares to promise
between one review and the next; where it gives a `board_spread`, boards review on days of their own. It
keeps what its loans ask within `order_reserve` years, and orders nothing from a supplier whose orders
would keep it busy for more than `order_queue` years, where the story's sellers know what they can deliver,
nor from one that let a review of its own pass without beginning to deliver what it had promised the board.
Orders follow funding: of what a customer gives up, `order_follow` is given up in turn of what the board has
ordered itself, of the latest due first, spread over what is left of its term. Of what was given up of its
orders within a year it promises `order_wary` of it not again. And it has no more on order than `order_use`
times what customers outside pay for (`demand_limit`) and fades while an order is delivered, and what it has
itself to deliver.
"""

from collections.abc import Sequence
from math import floor, inf, log

from events.event import OUTSIDE, Act, Draft, Event
from events.facts import Cancellation, Order
from narrative.engine.backers import asked
from narrative.engine.defaults import in_default
from narrative.engine.ids import moment_of, named, parts_of
from narrative.engine.income import before, most_sold
from narrative.engine.orders import cut, ordered, placed, promised_by
from narrative.engine.processes.supplying import capacity, open_orders
from narrative.engine.world import World
from narrative.story.calendar import DAY, YEAR_IN_DAYS
from narrative.story.cast import Part
from narrative.story.parameters import HEARD

ACCOUNTS = ("unread", "timeline")
PARAMETERS = ("order_review", "order_leverage", "order_belief", "order_lead", "order_least", *HEARD)
OPTIONAL = (
    "order_pace",
    "order_follow",
    "order_queue",
    "order_reserve",
    "board_spread",
    "order_wary",
    "order_use",
    "demand",
    "demand_limit",
    "base_capacity",
    "base_growth",
)
DEEDS = {"Order": "buyer", "Cancellation": "buyer"}
NEEDS = {"cash": None}


def due(world: World, part: Part, now: int) -> int | None:
    """The next review or the next fact to read, for an actor that has suppliers."""
    if not _sellers(world, part.actor):
        return None
    review = world.sitting(now, world.days("order_review", part.actor), part.actor)
    letter = world.next_letter(part.name, now, lambda event: concerns(part, event))
    return review if letter is None else min(review, letter)


def decide(world: World, part: Part, now: int) -> list[Act]:
    """Orders up to what the board dares to promise; where a customer gave up some, fewer of its own."""
    buyer = part.actor
    heard = [event for event in world.letters(part.name, now) if concerns(part, event)]
    lost = [event for event in heard if isinstance(event.fact, Cancellation)]
    if lost:
        return _followed(world, buyer, lost)
    if not heard and world.sitting(now - 1, world.days("order_review", buyer), buyer) != now:
        return []
    believed = world.readings.belief(buyer, now) > world.parameter("order_belief", buyer)
    if not believed or in_default(world, buyer):
        return []
    least = max(world.story.money.smallest(world.parameter("order_least", buyer)), 1)
    amounts = split(
        min(room(world, buyer, now), pace(world, buyer, now)), least, _wanted(world, buyer, heard, now)
    )
    causes = tuple(event.position for event in heard)
    return [
        (Draft(buyer, _order(world, buyer, seller, amount, now), causes=causes),)
        for seller, amount in amounts
    ]


def _followed(world: World, buyer: str, lost: Sequence[Event]) -> list[Act]:
    """The orders that a board gives up of its own orders because customers gave up theirs."""
    given_up = sum(getattr(event.fact, "amount", 0) for event in lost)
    left = round(world.optional("order_follow", buyer) * given_up)
    causes = tuple(event.position for event in lost)
    acts: list[Act] = []
    for order in promised_by(world, buyer):
        if left > 0:
            fact = cut(world, order, left)
            acts.append((Draft(buyer, fact, causes=causes),))
            left -= fact.amount
    return acts


def room(world: World, buyer: str, at: int) -> int:
    """The sum that a buyer may still promise: a multiple of its cash, less what was given up of late, and no
    more than is of use, less what it has promised and not paid; 0 or less where nobody knows its cash.
    """
    lost = world.optional("order_wary", buyer) * world.fold.fading("given_up", buyer, at)
    most = min(dared(world, buyer, at) - lost, useful(world, buyer, at))
    return floor(most) - world.fold.sum("obligations", buyer)


def useful(world: World, buyer: str, at: int) -> float:
    """The sum that a buyer can have on order and use: `order_use` times the capacity for which customers
    outside pay, what of it fades while an order is delivered, and what it has itself to deliver, less the
    capacity that it has. Without bound where nothing bounds what they pay.
    """
    times, paid = world.optional("order_use", buyer), world.optional("demand", buyer)
    if times <= 0.0 or paid <= 0.0:
        return inf
    wanted, upkept = most_sold(world, buyer) / paid, before(world, buyer, at)
    fades = log(2.0) * _term(world, buyer) / world.fold.half_lives["capacity_half_life"]
    whole = wanted + max(wanted - upkept, 0.0) * fades + world.fold.sum("backlog", buyer)
    return max(times * whole - upkept - world.fold.fading("capacity", buyer, at), 0.0)


def _term(world: World, buyer: str) -> float:
    """Seconds from an order to its last instalment, by the slowest of a buyer's suppliers."""
    days = max(
        (
            world.days("supply_instalments", seller) * world.days("supply_review", seller)
            for seller in _sellers(world, buyer)
            if "supply_instalments" in world.parameters
        ),
        default=0,
    )
    return (world.parameter("order_lead", buyer) + days) * DAY


def dared(world: World, buyer: str, at: int) -> int:
    """The sum that a buyer may have promised and not paid: a multiple of the cash that it need not keep for
    what its loans ask within `order_reserve` years.
    """
    years = world.optional("order_reserve", buyer)
    kept = asked(world, buyer, at + round(years * YEAR_IN_DAYS * DAY)) if years > 0.0 else []
    cash = max((world.readings.cash(buyer) or 0) - sum(amount for amount, _ in kept), 0)
    return round(world.parameter("order_leverage", buyer) * cash)


def pace(world: World, buyer: str, at: int) -> int:
    """The sum that a buyer may still order at a moment: `order_pace` of what it dares to have promised, less
    what it ordered within one period of its reviews before; all that it dares where there is no such pace.
    """
    part = world.optional("order_pace", buyer, 1.0)
    if part >= 1.0:
        return dared(world, buyer, at)
    since = at - world.days("order_review", buyer) * DAY
    lately = [
        ordered(world, order)
        for order in world.fold.state["outstanding"]
        if moment_of(order) > since and placed(world, order)[0][:1] == (buyer,)
    ]
    return round(part * dared(world, buyer, at)) - sum(lately)


def split(amount: int, least: int, sellers: Sequence[str]) -> list[tuple[str, int]]:
    """An amount over as many sellers as get at least `least` each, the first getting what is left over."""
    count = min(len(sellers), amount // least) if amount > 0 else 0
    if count == 0:
        return []
    each, rest = divmod(amount, count)
    return [(seller, each + (rest if i == 0 else 0)) for i, seller in enumerate(sellers[:count])]


def concerns(part: Part, event: Event) -> bool:
    """True where a fact names the part's actor in one of the fields that the part reads."""
    return any(getattr(event.fact, name, None) == part.actor for name in part.reads[event.kind])


def _sellers(world: World, buyer: str) -> list[str]:
    return [seller for seller in world.linked("supplies", to=buyer) if seller != OUTSIDE]


def _wanted(world: World, buyer: str, heard: Sequence[Event], now: int) -> list[str]:
    late = _late(world, buyer, now)
    sellers = [s for s in _sellers(world, buyer) if s not in late and not _busy(world, buyer, s, now)]
    said = {getattr(event.fact, "counterparty", None) for event in heard}
    return [seller for seller in sellers if seller in said] or sellers


def _late(world: World, buyer: str, at: int) -> set[str]:
    """The sellers that have delivered nothing of what a buyer's board ordered, though a review of theirs has
    passed since the day that was promised.
    """
    late = set()
    for order in promised_by(world, buyer):
        parties, promised = parts_of(order, "order"), world.fold.last("promised", order)
        if parties is None or promised is None or "supply_review" not in world.parameters:
            continue
        overdue = at - promised > world.days("supply_review", parties[1]) * DAY
        if overdue and world.fold.sum("outstanding", order) == ordered(world, order):
            late.add(parties[1])
    return late


def _busy(world: World, buyer: str, seller: str, at: int) -> bool:
    """Whether what a seller has still to deliver of its orders is more than `order_queue` years' worth; never
    where the story's sellers know no capacity.
    """
    years = world.optional("order_queue", buyer, inf)
    if years == inf or "supply_capacity" not in world.parameters:
        return False
    waiting = sum(one.outstanding for one in open_orders(world, seller))
    reviews = years * YEAR_IN_DAYS / world.days("supply_review", seller)
    return waiting > capacity(world, seller, at) * reviews


def _order(world: World, buyer: str, seller: str, amount: int, now: int) -> Order:
    return Order(
        buyer=buyer,
        seller=seller,
        order=named("order", buyer, seller, moment=now),
        amount=amount,
        due=now + round(world.parameter("order_lead", buyer) * DAY),
    )
