"""Tells the timeline's entries, and the quotes and results of the record, when their moment comes; and
that the time is over which a plan spoke of, less what was taken back of it before.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import log
from typing import TypeVar

from attrs import evolve

from events.books.accounts import posted
from events.event import Act, Draft
from events.facts import Cancellation, Delay, Delivery, Issue, Lapse, Order, Retraction
from events.fields import Fact, Told
from events.market_facts import Quote, Split
from events.record_facts import Result, Withheld
from narrative.books.readings import NANO
from narrative.books.table import TABLE
from narrative.engine.ground import grounded
from narrative.engine.splitting import worked_out
from narrative.engine.stakes import private
from narrative.engine.world import World
from narrative.story.cast import Part
from narrative.story.model import Entry, Priced, Reported

ACCOUNTS = ("timeline",)
T = TypeVar("T", Entry, Priced, Reported)


def due(world: World, part: Part, now: int) -> int | None:  # noqa: ARG001  # the timeline has one teller
    """The moment of the next entry, quote or result, or of the next end of a plan's time, after now."""
    moments = [
        series[index].moment
        for series in (world.timeline.entries, world.story.quotes, world.story.results)
        if (index := bisect_right(series, now, key=_moment)) < len(series)
    ]
    ends = world.timeline.ends
    over = bisect_right(ends, now, key=_end)
    return min([*moments, *(moment for moment, _ in ends[over : over + 1])], default=None)


def decide(world: World, part: Part, now: int) -> list[Act]:  # noqa: ARG001  # as above
    """One act: all entries of the moment in the order of the timeline, so that one can name another, and
    the quotes and results of it, and the plans whose time is over."""
    page = Page(world)
    for entry in _of(world.timeline.entries, now):
        page.tell(entry)
    quotes = (
        Draft(one.asset, Quote(asset=one.asset, price=one.price, shares=one.shares, moment=now), "recorded")
        for one in _of(world.story.quotes, now)
    )
    results = (Draft(one.company, _result(world, one), "recorded") for one in _of(world.story.results, now))
    for name in _over(world, now):
        page.lapse(name)
    act = (*page.drafts, *quotes, *results)
    return [act] if act else []


def _over(world: World, now: int) -> list[str]:
    """The entries whose plan's time ends at this very moment."""
    ends = world.timeline.ends
    return [name for _, name in ends[bisect_left(ends, now, key=_end) : bisect_right(ends, now, key=_end)]]


def _end(one: tuple[int, str]) -> int:
    return one[0]


def _result(world: World, one: Reported) -> Result:
    day = world.story.calendar.day(one.period)
    told = Told(
        entry=f"result:{one.company}:{day}",
        headline=f"{one.company} reports its quarter to {day}",
        source=one.source,
        confidence=one.confidence,
        url=one.url,
    )
    return Result(
        told=told,
        company=one.company,
        period=one.period,
        revenue=one.revenue,
        operating=one.operating,
        net=one.net,
        trailing_revenue=one.trailing_revenue,
        trailing_operating=one.trailing_operating,
        trailing_net=one.trailing_net,
        capex=one.capex,
        backlog=one.backlog,
    )


def _moment(one: Entry | Priced | Reported) -> int:
    return one.moment


def _of(series: Sequence[T], now: int) -> Sequence[T]:
    """The items of one moment, out of a series in order of moments."""
    return series[bisect_left(series, now, key=_moment) : bisect_right(series, now, key=_moment)]


class Page:
    """The drafts of all that is told in one moment, and their effect so far on orders and announcements."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.drafts: list[Draft] = []
        self._here: dict[str, int] = {}  # entry -> offset
        self._moved: dict[tuple[str, str], int] = {}

    def tell(self, entry: Entry) -> None:
        """Add one entry: what it replaces is taken back first, and it names what it rests on."""
        asked = self.world.timeline.withheld.get(entry.id)
        told = grounded(self.world, entry, self._here.keys())
        if asked is not None or told.fact is None:
            withheld = Withheld(entry=entry.id, reason=told.reason if asked is None else asked)
            self.drafts.append(Draft(entry.actor, withheld, "modelled" if asked is None else "supposed"))
            return
        fact, origin = told.fact, "supposed" if entry.id in self.world.timeline.supposed else "recorded"
        if told.reason and fact.told is not None:
            fact, origin = evolve(fact, told=evolve(fact.told, note=told.reason)), "modelled"
        start = len(self.drafts)
        for link in entry.links:
            if link.kind == "replaces" and (link.id in self.world.told or link.id in self._here):
                causes, within = self._places([link.id])
                for undone in self._undo(link.id):
                    self._add(Draft(entry.actor, undone, origin, causes=causes, within=within))
        causes, within = self._places([link.id for link in entry.links])
        within = tuple(sorted({*within, *range(start, len(self.drafts))}))
        first, *more = self._told(fact)
        self._add(Draft(entry.actor, first, origin, causes=causes, within=within))
        self._here[entry.id] = head = len(self.drafts) - 1
        for further in more:
            self._add(Draft(entry.actor, further, origin, within=(head,)))

    def lapse(self, name: str) -> None:
        """Say of an announcement that its time is over, if it was told and something of it still stands."""
        entry, causes, within = self.world.timeline.named[name], *self._places([name])
        left = (getattr(entry.fact, "ceiling", None) or 0) - self._sum("retracted", name)
        if (causes or within) and left > 0:
            origin = "supposed" if name in self.world.timeline.supposed else "recorded"
            fact = Lapse(subject=entry.actor, of=name, ceiling=left)
            self._add(Draft(entry.actor, fact, origin, causes=causes, within=within))

    def _add(self, draft: Draft) -> None:
        self.drafts.append(draft)
        for account, key, amount in posted(_FOLLOWED.get(type(draft.fact).__name__, ()), draft.fact):
            self._moved[account, key] = self._moved.get((account, key), 0) + amount

    def _sum(self, account: str, key: str) -> int:
        return self.world.fold.sum(account, key) + self._moved.get((account, key), 0)

    def _places(self, names: Sequence[str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Positions of entries told before, and offsets of those told in this moment."""
        told, here = self.world.told, self._here
        return (
            tuple(sorted({told[name] for name in names if name in told and name not in here})),
            tuple(sorted({here[name] for name in names if name in here})),
        )

    def _undo(self, replaced: str) -> list[Fact]:
        """The facts that take back what is left of a replaced entry, so that its money is counted once."""
        fact = self.world.timeline.named[replaced].fact
        found: list[Fact] = []
        ceiling = (getattr(fact, "ceiling", None) or 0) - self._sum("retracted", replaced)
        if ceiling > 0:
            found.append(Retraction(subject=getattr(fact, fact.parties[0]), of=replaced, ceiling=ceiling))
        if isinstance(fact, Order):
            left = self._sum("outstanding", fact.order)
            if left > 0:
                found.append(
                    Cancellation(buyer=fact.buyer, seller=fact.seller, order=fact.order, amount=left)
                )
        return found

    def _keys(self, account: str) -> list[str]:
        moved = {key for name, key in self._moved if name == account}
        return sorted({*self.world.fold.state[account], *moved})

    def _told(self, fact: Fact) -> Sequence[Fact]:
        """The facts that an entry comes to."""
        if isinstance(fact, Split):
            return worked_out(self.world, fact, self._sum, self._keys)
        if isinstance(fact, Issue):
            return (evolve(fact, diluted=self._diluted(fact)),)
        return (self._attributed(fact),)

    def _diluted(self, fact: Issue) -> int | None:
        """By how much the log price falls, in 1e-9 ln: ln(N / (N + n)) for n shares given for nothing beside
        N, of a company that is worth its shares at their price.
        """
        shares, counted = self._sum("shares", fact.issuer), self.world.fold.last("floated", fact.issuer)
        if (
            fact.consideration is not None
            or not fact.shares
            or not counted
            or private(self.world, fact.issuer)
        ):
            return None
        return round(log(shares / (shares + fact.shares)) / NANO)

    def _attributed(self, fact: Fact) -> Fact:
        """A delivery beyond what is outstanding of its order is unattributed, never a negative backlog."""
        if isinstance(fact, Delay) and fact.order and not self._sum("outstanding", fact.order):
            return evolve(fact, until=None)  # nothing is left of it to come later
        if not isinstance(fact, Delivery) or fact.amount is None:
            return fact
        matched = min(fact.amount, self._sum("outstanding", fact.order) if fact.order else 0)
        rest = fact.amount - matched
        return evolve(fact, amount=matched or None, unattributed=(fact.unattributed or 0) + rest or None)


_SUMMED = ("outstanding", "retracted", "shares", "stake", "pledged", "warrants", "borrowed", "secured")
_FOLLOWED = {
    kind: tuple(row for row in TABLE.rows(kind) if row.account in _SUMMED)
    for kind in {row.kind for row in TABLE.postings}
}
