"""Prices as causes: which events moved a price so far that somebody acted on it.

A process reads a price, and not who moved it, so an act that answers a price names none of its movers: a
margin call names its loans, a loan on shares and a loss on a stake name nothing. The movers are read off the
price itself. They are the largest steps of it, each as far as it had not faded, since the price was highest,
or lowest where it rose, after what stood before: the newest loan, of a call; the loan before, of a loan on
shares; the last time that the holder put money in or wrote some off, of a loss. As many are taken as make up
half of the way, and at most `FEW`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from events.codec import to_event
from events.event import Event, Row
from events.facts import Writedown
from events.funding_facts import Loan, MarginCall
from events.search import Sought
from narrative.analysis.attribution import Part, figure, once, searches
from narrative.engine.defaults import in_default
from narrative.engine.loans import asset_behind, facilities
from narrative.engine.world import World

FEW = 5
HALF = 0.5
ANSWERS = ("MarginCall", "Loan", "Writedown")  # the kinds that may answer a price
RARE = ("MarginCall", "Writedown")  # of the kinds that answer a price, those that are looked up from it
COUNTING = frozenset(
    {"shares", "floated", "value", "mark", "quoted"}
)  # accounts that make no step of a price
# Of the kinds by which a holder books a stake, or writes it down, the fields that say whose and of what.
BOOKED = {
    "Funding": ("investor", "company"),
    "Investment": ("investor", "company"),
    "Trade": ("buyer", "asset"),
    "Writedown": ("holder", "asset"),
}

# The rows of a history that may be those sought, in order.
Find = Callable[[Sought], Iterable[Row | Event]]


class Way(NamedTuple):
    """The way of an asset's price that an act answers: since after which position, and up or down."""

    asset: str
    since: int
    sign: int


def movers(event: Event, before: World, find: Find) -> tuple[int, ...]:
    """Positions of the events that moved the price which an event answers, in the order of the log; nothing
    where it answers none. `before` is the world as the event's moment opened, and `find` looks no further.
    """
    way = answered(event, before, find)
    if way is None:
        return ()
    if in_default(before, way.asset):
        return (before.broke[way.asset],)
    if before.readings.value(way.asset, event.moment) is None:
        return ()
    ahead = searches(before, way.asset, "valuation", event.moment)
    rows = once(find(each.sought) for each in ahead)
    made = figure(before, rows, way.asset, "valuation", event.moment)
    # Nothing but the last round moves what a register says; of a price, new shares are no step.
    role = "base" if before.readings.registered(way.asset) else "step"
    steps = {
        part.row.position: part.ln or 0
        for part in made.parts
        if part.role == role and part.row.position > way.since and not COUNTING.issuperset(_accounts(part))
    }
    return tuple(sorted(steps if role == "base" else _largest(steps, way.sign)))


def _accounts(part: Part) -> set[str]:
    return {moved.account for moved in part.moved} or {"post_money"}


def _largest(steps: Mapping[int, int], sign: int) -> list[int]:
    """The steps that make up half of the way from where the price was farthest back, the largest first."""
    way = gone = 0
    ahead: list[int] = []
    last: list[int] = []  # those of the way
    for place in sorted(steps, reverse=True):
        gone += sign * steps[place]
        ahead.append(place)
        if gone > way:
            way, last = gone, ahead.copy()
    gone, found = 0, list[int]()
    for place in sorted(last, key=lambda place: (-sign * steps[place], place)):
        if gone >= HALF * way or len(found) == FEW:
            break
        gone += sign * steps[place]
        found.append(place)
    return found


def answered(event: Event, before: World, find: Find) -> Way | None:
    """The way of a price that an act answers; None for what answers none, and for what its cause explains."""
    fact = event.fact
    if isinstance(fact, Writedown) and fact.amount and not event.causes:
        return Way(fact.asset, _booked(fact, find), -1)
    if isinstance(fact, Loan) and fact.secured and not event.causes:
        asset, sign = asset_behind(before, fact.loan), 1
        since = _borrowed(before, fact, asset)
    elif isinstance(fact, MarginCall):
        asset, sign, since = asset_behind(before, fact.loan), -1, max(event.causes, default=0)
    else:
        return None
    return None if asset is None else Way(asset, since, sign)


def _borrowed(world: World, fact: Loan, asset: str | None) -> int:
    """The position of the loan before one, on the same shares."""
    standing = facilities(world, borrower=fact.borrower, lender=fact.lender)
    loans = [loan for one in standing if one.asset == asset for loan in one.loans]
    return max((place for loan in loans for place in loan.source), default=0)


def _booked(fact: Writedown, find: Find) -> int:
    """The position at which a holder last put money into a company, or last wrote some of it off."""
    holder = b'"%b"' % fact.holder.encode()
    last = 0
    for row in find(Sought(kinds=set(BOOKED), holding=(holder,))):
        event = row if isinstance(row, Event) else to_event(row)
        if tuple(getattr(event.fact, name) for name in BOOKED[event.kind]) == (fact.holder, fact.asset):
            last = event.position
    return last
