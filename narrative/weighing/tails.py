"""Tails: what becomes of a history after a cut, lived many times over and measured, and not kept.

A `Cut` holds all that living on needs, and no file: it can be sent to another process or another machine.
A tail is a pure function of its cut, what is supposed and a seed. Chance has addresses, so two tails of one
seed meet the same chance wherever what is supposed does not reach, and their difference is its own doing.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from attrs import evolve, field, frozen

from events.event import Draft, Event
from events.facts import Order
from events.funding_facts import Default, Loan
from events.onward import Onward
from events.record_facts import Supposition
from narrative.analysis.collapse import Verdict, judged, of, totals
from narrative.analysis.history import History
from narrative.engine.run import live, world_at
from narrative.engine.world import World, needed
from narrative.story.calendar import DAY
from narrative.story.convert import Spot
from narrative.story.supposition import Supposed
from narrative.whatif.plan import plan
from narrative.whatif.request import Asked, Request
from narrative.whatif.shocks import shocked
from narrative.whatif.state import Standing

# Accounts of which a tail gives the change, in all purses together.
CHANGES = ("announced", "committed", "paid", "delivered", "raised", "revenue")
SUMS = (*CHANGES, "ordered", "borrowed", "defaults")


@frozen(kw_only=True, cache_hash=True)
class Cut:
    """A history at a moment, ready to be lived on from.

    `at` is the moment it is cut at, `position` the last event up to there and `digest` its digest; `since` is
    the moment from which it can be supposed upon; `until` is where tails end. `world` and `letters` are a
    snapshot and the events it needs; `closes` and `lost` are the values and the defaults before the cut by
    which collapse is judged.
    """

    opening: Event
    world: bytes
    letters: tuple[Event, ...]
    position: int
    digest: bytes
    at: int
    since: int
    until: int
    closes: tuple[tuple[int, int], ...]
    lost: tuple[tuple[int, str], ...]


@frozen(kw_only=True)
class Tail:
    """A history's figures after a cut. Money in smallest units, and None is unknown.

    `seed` is the one it was lived by, None for the history's own; `events` counts those after the cut, of
    which the last has `digest`; `verdict` is over the whole history, None where its story does not define
    collapse. `closes` are moments, and `total` is what listed actors are worth together at each; `end` and
    `peak` are values by actor, at the last close and at the highest. `sums` are totals after the cut by the
    names of SUMS: changes of accounts, all that was ordered and borrowed, and how many defaulted. `log` holds
    the events, if they were asked for.
    """

    seed: int | None
    events: int
    digest: bytes
    verdict: Verdict | None
    closes: tuple[int, ...]
    total: tuple[int, ...]
    end: Mapping[str, int | None]
    peak: Mapping[str, int | None]
    sums: Mapping[str, int]
    log: tuple[Event, ...] = field(default=(), repr=False)

    @property
    def low(self) -> int:
        """The lowest value of all listed actors together."""
        return min(self.total)


def cut(found: History, at: int, until: int, since: int | None = None) -> Cut:
    """A history cut at a moment that it was lived to, for tails that end at `until`. `since` is the moment of
    its latest supposition, where it has one.
    """
    log, branch = found.log, found.branch
    opening, position = log.opening(branch), log.position_at(branch, at)
    world = world_at(log, branch, position)
    data = world.dump()
    before = list(log.read(branch, 1, position))
    return Cut(
        opening=opening,
        world=data,
        letters=tuple(log.event(branch, place) for place in needed(data)),
        position=position,
        digest=log.event(branch, position).digest,
        at=at,
        since=opening.moment if since is None else since,
        until=until,
        closes=tuple(totals(before, of(world.story), at)),
        lost=tuple(_defaults(before)),
    )


def _defaults(events: Sequence[Event]) -> Iterator[tuple[int, str]]:
    yield from ((event.moment, event.fact.debtor) for event in events if isinstance(event.fact, Default))


def supposed(before: Cut, asked: Request, drawn: Mapping[str, float] | None = None) -> Supposed:
    """The supposition of a request at a cut, where a shock without a date comes in the next second. A shock
    that is a part of a parameter is a part of what is `drawn`, where it is. Whether the books can take it
    shows when it is lived. Raises BadSupposition.
    """
    world = world_of(before)
    iso = world.story.calendar.iso(before.at)
    state = Standing(
        story=world.story,
        timeline=world.timeline.entries,
        withheld=world.timeline.withheld,
        parameters={**world.timeline.parameters, **(drawn or {})},
        since=before.since,
    )
    asked = evolve(asked, at=Asked(name="at", value=iso, spot=Spot(page=asked.pages[0])))
    asked = shocked(asked, state, lambda actor, _: world.readings.value(actor, before.at))
    return plan(state, asked, before.at).supposed


def tail(before: Cut, what: Supposed | None = None, seed: int | None = None, *, keep: bool = False) -> Tail:
    """Live one tail of a cut, under a supposition and by a seed of its own where they are given. `keep` gives
    its events too. Raises what living raises: Overflow, and whatever a process of somebody's own does.
    """
    what = Supposed() if what is None else what
    what = what if seed is None else evolve(what, reseed=seed)
    log = Onward(before.position, before.digest)
    world = world_of(before).copy()
    if not what.nothing:
        fact = Supposition(text=what.dump())
        act = (Draft("story", fact, "supposed"),)
        for event in log.append("main", before.position, before.at, [act]):
            world.step(event)
    live(log, "main", world, before.until, since=before.at)
    return _measured(before, log.kept, seed, keep=keep)


@lru_cache(maxsize=4)  # a worker lives many tails of one cut, short ones and long ones
def world_of(before: Cut) -> World:
    """The world at a cut. Nobody steps it: whoever lives on takes a copy."""
    world = World(before.opening)
    world.restore(before.position, before.world, {event.position: event for event in before.letters})
    return world


def _measured(before: Cut, events: Sequence[Event], seed: int | None, *, keep: bool) -> Tail:
    """All that a tail gives, read off its events."""
    world = world_of(before).copy()
    story = world.story
    starts = {name: sum(world.fold.state[name].values()) for name in CHANGES}
    meant = of(story)
    names, listed = [a.id for a in story.actors], [a.id for a in story.actors if a.listed]
    # Each day as collapse has them, those without a session too: values fade on them.
    first = before.at - before.at % DAY + story.calendar.close
    closes = range(first if first > before.at else first + DAY, before.until + 1, DAY) or (before.until,)
    total, judged_by, peak, end = [], list(before.closes), dict.fromkeys(names), dict.fromkeys(names)
    for close in _stepped(world, events, closes):
        end = world.readings.values(names, close)
        peak = {name: _higher(peak[name], value) for name, value in end.items()}
        total.append(sum(end[name] or 0 for name in listed))
        judged_by.append((close, sum(end[name] or 0 for name in listed if name in meant)))
    lost = list(_defaults(events))
    sums = {name: sum(world.fold.state[name].values()) - starts[name] for name in CHANGES}
    return Tail(
        seed=seed,
        events=len(events),
        digest=events[-1].digest if events else before.digest,
        verdict=judged(story, judged_by, [*before.lost, *lost]),
        closes=tuple(closes),
        total=tuple(total),
        end=end,
        peak=peak,
        sums=sums
        | {
            "ordered": sum(event.fact.amount or 0 for event in events if isinstance(event.fact, Order)),
            "borrowed": sum(event.fact.amount or 0 for event in events if isinstance(event.fact, Loan)),
            "defaults": len(lost),
        },
        log=tuple(events) if keep else (),
    )


def _stepped(world: World, events: Sequence[Event], closes: Sequence[int]) -> Iterator[int]:
    """Each close, once a world has been stepped to it; to all that is left at last."""
    done = 0
    for close in closes:
        while done < len(events) and events[done].moment <= close:
            world.step(events[done])
            done += 1
        yield close
    for event in events[done:]:
        world.step(event)


def _higher(one: int | None, other: int | None) -> int | None:
    return other if one is None or (other is not None and other > one) else one
