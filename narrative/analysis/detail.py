"""One event or one figure with all that is known of it: gathered from a history, in nobody's words."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from attrs import frozen

from events.books.accounts import posted
from events.codec import to_event
from events.event import Event, Row
from events.search import Sought
from narrative.analysis.attribution import Figure, Part, figure, once, searches
from narrative.analysis.causes import Link, Trail, tree
from narrative.analysis.history import History
from narrative.analysis.observing import observed_of
from narrative.analysis.pricing import ANSWERS, RARE, movers
from narrative.analysis.record import CLOSING, Close, NamedPart, closes, named_parts
from narrative.books.table import TABLE
from narrative.engine.run import world_at
from narrative.engine.world import World
from narrative.story.observed import Observation, Observed


class Posting(NamedTuple):
    """One posting of an event: the amount that it adds to an account, or `sets` it to."""

    account: str
    key: str
    amount: int
    sets: bool


class Touched(NamedTuple):
    """An account that an event touched, before and after it, at the event's moment; None is unknown."""

    account: str
    key: str
    before: float | None
    after: float | None


class Priced(NamedTuple):
    """Pledged shares, and the price of one of them: the two that make their worth."""

    asset: str
    shares: int
    price: float | None


@frozen
class Explained:
    """A figure taken apart at a moment. `world`: as it stood; `events`: those up to it; `observed`: the
    market value seen last before the moment, where a value was asked for and one was seen; `missing`: that
    what was observed was not found, in words; `closed`: the
    last close on record, and `named`: the parts of the value by their names, where quotes are.
    """

    figure: Figure
    moment: int
    world: World
    events: Trail
    observed: Observation | None
    missing: str | None
    closed: Close | None
    named: list[NamedPart]

    def behind(self, part: Part) -> tuple[Event, Event]:
        """The event of a part, and the one that was told of behind it: a repricing stands on news. Where
        nobody told any, as where processes alone act, it is the next cause, not the first of a long chain.
        """
        event = behind = to_event(part.row)
        while behind.fact.told is None and behind.causes:
            behind = self.events[behind.causes[0]]
        if behind.fact.told is None and event.causes:
            behind = self.events[event.causes[0]]
        return event, behind

    def priced(self, part: Part) -> list[Priced]:
        """Of a pledge, each asset with the price that makes its worth: a reading of its own."""
        assets = [(m.key.partition("/")[2], m.amount) for m in part.moved if m.account == "pledged"]
        return [Priced(a, shares, self.world.readings.price(a, self.moment)) for a, shares in assets]


def trail(history: History, end: int | None = None) -> Trail:
    """The events of a history up to a position (its end if absent), read as they are asked for."""
    last = history.log.head(history.branch).position if end is None else end
    return Trail(history.log, history.branch, last)


def postings(event: Event) -> list[Posting]:
    """The postings of an event, which add to accounts or set them, in the order of the posting table."""
    sets = {account.name for account in TABLE.accounts if account.fold in ("last", "extreme")}
    rows = posted(TABLE.rows(event.kind), event.fact)
    return [Posting(account, key, amount, account in sets) for account, key, amount in rows]


def touched(history: History, event: Event) -> list[Touched]:
    """Each account that an event touched, once, in the order of its postings."""
    keys = list(dict.fromkeys((posting.account, posting.key) for posting in postings(event)))
    if not keys:
        return []
    world = world_at(history.log, history.branch, max(event.position - 1, 1))
    before = [_held(world, account, key, event.moment) for account, key in keys]
    if event.position > 1:
        world.step(event)
    after = [_held(world, account, key, event.moment) for account, key in keys]
    return [Touched(*key, *held) for key, *held in zip(keys, before, after, strict=True)]


def _held(world: World, account: str, key: str, at: int) -> float | None:
    fold = TABLE.account(account).fold
    if fold == "fading":
        return world.fold.fading(account, key, at)
    return world.fold.sum(account, key) if fold == "sum" else world.fold.last(account, key)


class Reasons:
    """The causes of events, and the movers of the prices that they answer, each looked up once."""

    def __init__(self, history: History) -> None:
        self.events, self._history = trail(history), history
        self._known: dict[int, tuple[int, ...]] = {}

    def movers(self, position: int) -> tuple[int, ...]:
        """Positions of the events that moved the price which an event answers."""
        if position not in self._known:
            self._known[position] = self._movers(self.events[position])
        return self._known[position]

    def _movers(self, event: Event) -> tuple[int, ...]:
        if event.kind not in ANSWERS or event.origin != "modelled":
            return ()
        log, branch = self._history.log, self._history.branch
        opened = log.position_at(branch, event.moment - 1)
        before = world_at(log, branch, opened)
        return movers(event, before, lambda wanted: log.find(branch, wanted, 1, opened))

    def causes(self, positions: Sequence[int]) -> dict[int, tuple[int, ...]]:
        """The positions of the causes of each event, and of the movers of the price that it answers."""
        named = self.events.causes(positions)
        return {each: (*named[each], *self.movers(each)) for each in positions}

    def effects(self, positions: Sequence[int]) -> dict[int, tuple[int, ...]]:
        """The positions of the events that name each as a cause, and of calls and losses that answer a price
        which it moved.
        """
        log, branch = self._history.log, self._history.branch
        found = {each: list(led) for each, led in self.events.effects(positions).items()}
        end = log.head(branch).position
        for row in log.find(branch, Sought(kinds=RARE), min(positions) + 1, end):
            for mover in self.movers(row.position):
                if mover in found:
                    found[mover].append(row.position)
        return {each: tuple(sorted(led)) for each, led in found.items()}


class Step(NamedTuple):
    """A line of a tree with its event; `priced` where a price ties it to the line it hangs on."""

    link: Link
    event: Event
    priced: bool


def traced(history: History, position: int, *, effects: bool, depth: int | None) -> list[Step]:
    """The tree of an event's causes, or of its effects."""
    reasons = Reasons(history)
    found: list[Step] = []
    line: list[Event] = []  # the events from the root down to where a link hangs
    for link in tree(position, reasons.effects if effects else reasons.causes, depth):
        event = reasons.events[link.position]
        del line[link.depth :]
        caused, cause = (event, line[-1]) if effects and line else (line[-1] if line else event, event)
        found.append(Step(link, event, bool(line) and cause.position not in caused.causes))
        line.append(event)
    return found


def _searched(
    history: History, world: World, place: tuple[int, int], of: tuple[str, str]
) -> Iterator[Iterator[Row]]:
    """The rows that each search for the postings of an actor's reading finds up to a (position, moment)."""
    log, branch = history.log, history.branch
    position, moment = place
    for each in searches(world, *of, moment):
        first = log.position_at(branch, each.since - 1) + 1 if each.since > world.opened else 1
        yield log.find(branch, each.sought, first, position)


def explained(history: History, place: tuple[int, int], actor: str, reading: str) -> Explained:
    """An actor's reading at a (position, moment), taken apart."""
    position, moment = place
    world = world_at(history.log, history.branch, position)
    made = figure(world, once(_searched(history, world, place, (actor, reading))), actor, reading, moment)
    if not made.whole:
        history.log.check(history.branch, 1, position)
    seen = observed_of(history) if reading == "valuation" else Observed(())
    closed, named = None, []
    if reading == "valuation" and (quoted := world.fold.last("quoted_at", actor)) is not None:
        since = history.log.position_at(history.branch, quoted - 1) + 1
        rows = history.log.find(history.branch, Sought(kinds=CLOSING), since, position)
        closed = closes(world, [to_event(row) for row in rows]).get(actor)
        named = named_parts(world, actor, moment)
    return Explained(
        made, moment, world, trail(history, position), seen.last(actor, moment), seen.missing, closed, named
    )
