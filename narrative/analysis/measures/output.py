"""Output: what was announced, ordered, paid and delivered, and how much sales grew of it, gross and net.

Sales of a window (payments to named sellers, and what customers outside pay) are held against those of
the window before. Net of what is circular they leave out what sellers' own stakes and loans could have
paid; net of what is undelivered, what was paid beyond what was delivered.
"""

from collections import Counter
from collections.abc import Sequence

from attrs import frozen

from events.event import OUTSIDE, Event
from events.facts import Delivery, Payment, Sale
from narrative.analysis.measures.circulation import returned
from narrative.analysis.measures.deals import FINANCE, deals, flows, reached
from narrative.analysis.replay import rungs, usual
from narrative.engine.world import World
from narrative.story.calendar import DAY

DEFINITION = (
    "The four rungs, never added; beside them what was paid as usual, which nobody promised (costs, and "
    "business that the story does not tell), and what customers outside pay for use (sales from outside "
    "hold the part of both that comes from there); revenue as companies reported it, four "
    "quarters added up, now and when the story opens; and growth of sales from one window to the next: "
    "gross, net of what the sellers' own stakes and loans in that window could have paid (between the "
    "largest seller's part and all of them, since the same money may have come back to several), and net of "
    "what was paid on orders beyond what was delivered."
)
SOURCE = "the books; self-financed sales by maximum flow (Ford and Fulkerson 1956)"
WINDOW = 365 * DAY


@frozen
class Window:
    """The sales of a span of time, and what of them is from outside, circular (at least, at most) and paid
    but not delivered. In the smallest unit.
    """

    since: int
    until: int
    sales: int
    outside: int
    circular_low: int
    circular_high: int
    undelivered: int


@frozen
class Growth:
    """Growth of sales from one window to the next, as a part of the first, low to high; None of nothing."""

    low: float | None
    high: float | None


@frozen
class Output:
    """The rungs, reported revenue then and now of the companies that told both, and two windows of sales."""

    rungs: dict[str, int]
    usual: int
    outside: int
    reported_then: int
    reported: int
    companies: int
    before: Window
    now: Window

    @property
    def gross(self) -> Growth:
        """Growth of all sales."""
        return _growth((self.before.sales, self.before.sales), (self.now.sales, self.now.sales))

    @property
    def net_of_circular(self) -> Growth:
        """Growth of the sales that sellers' own money did not pay."""
        return _growth(_net(self.before), _net(self.now))

    @property
    def net_of_undelivered(self) -> Growth:
        """Growth of the sales that were delivered."""
        before, now = (one.sales - one.undelivered for one in (self.before, self.now))
        return _growth((before, before), (now, now))


def _net(window: Window) -> tuple[int, int]:
    return window.sales - window.circular_high, window.sales - window.circular_low


def _growth(before: tuple[int, int], now: tuple[int, int]) -> Growth:
    """From the least now over the most before to the most over the least."""
    low = now[0] / before[1] - 1 if before[1] > 0 else None
    high = now[1] / before[0] - 1 if before[0] > 0 else None
    return Growth(low, high)


def output(world: World, events: Sequence[Event], at: int) -> Output:
    """The output of a history up to a moment. A window is a year, or half of what was lived where that is
    less.
    """
    start = events[0].moment
    length = min(WINDOW, (at - start) // 2)
    then, now = _reported(world, start), _reported(world, at)
    both = sorted(then.keys() & now.keys())
    return Output(
        rungs=rungs(world),
        usual=usual(world),
        outside=sum(world.fold.state["revenue"].values()),
        reported_then=sum(then[company] for company in both),
        reported=sum(now[company] for company in both),
        companies=len(both),
        before=_window(world, events, at - 2 * length, at - length),
        now=_window(world, events, at - length, at),
    )


def _reported(world: World, at: int) -> dict[str, int]:
    """Revenue of four quarters as last reported by a moment, by company."""
    found: dict[str, int] = {}
    for result in sorted(world.story.results, key=lambda one: (one.moment, one.period)):
        if result.moment <= at and result.trailing_revenue is not None:
            found[result.company] = result.trailing_revenue
    return found


def _window(world: World, events: Sequence[Event], since: int, until: int) -> Window:
    """The sales after one moment and up to another."""
    within = [event for event in events if since < event.moment <= until]
    paid, ordered, delivered = Counter[str](), Counter[str](), Counter[str]()
    outside = 0
    for event in within:
        fact = event.fact
        if isinstance(fact, Payment) and fact.payee != OUTSIDE:
            paid[fact.payee] += fact.amount
            if fact.order is not None:  # any other is for what was had already
                ordered[fact.payee] += fact.amount
            outside += fact.amount * (fact.payer == OUTSIDE)
        elif isinstance(fact, Sale):
            outside += fact.amount
            paid[fact.seller] += fact.amount
        elif isinstance(fact, Delivery):
            delivered[fact.seller] += (fact.amount or 0) + (fact.unattributed or 0)
    sums = reached(deals(world.story, within), "paid")
    total, sales, finance = flows(sums), flows(sums, "purchase"), flows(sums, *FINANCE)
    circular = [returned(total, seller, out=finance, back=sales) for seller in {payee for _, payee in sales}]
    return Window(
        since=since,
        until=until,
        sales=sum(paid.values()),
        outside=outside,
        circular_low=max(circular, default=0),
        circular_high=min(sum(circular), sum(paid.values())),
        undelivered=sum(max(amount - delivered[seller], 0) for seller, amount in ordered.items()),
    )
