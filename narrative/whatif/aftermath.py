"""The outcome of a supposition, as plain data: the branch, what is told in it, what not, how it stands."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from events.event import Event
from events.record_facts import Withheld
from narrative.analysis.collapse import collapse, plain
from narrative.analysis.history import History, story_of
from narrative.analysis.unmoved import unmoved
from narrative.engine.run import world_at
from narrative.engine.world import World
from narrative.whatif.plan import Plan

MOVED = 0.1  # of the value of a party, up or down: from there on what is told of it stands on other ground


def unlived(found: History, name: str, planned: Plan) -> dict[str, Any]:
    """The result of a branch that is not made: it ends where it would begin."""
    position = found.log.position_at(found.branch, planned.at)
    return _of(found, name, planned, position, []) | {
        "digest": found.log.event(found.branch, position).digest.hex(),
        "events": position,
        "until": story_of(found).calendar.iso(planned.at),
        "unsettled": [],
        "unmoved": None,
        "collapse": None,
    }


def aftermath(found: History, name: str, planned: Plan, position: int) -> dict[str, Any]:
    """The result of a branch of an open history that was forked after a position and lived."""
    log, story = found.log, story_of(found)
    head, tail = log.head(name), list(log.read(name, position + 1))
    until = head.lived or (tail[-1].moment if tail else planned.at)
    shared = list(log.read(name, 1, position))
    before, after = [*shared, *log.read(found.branch, position + 1)], [*shared, *tail]
    return _of(found, name, planned, position, tail) | {
        "digest": head.digest.hex(),
        "events": head.position,
        "until": story.calendar.iso(until),
        "unsettled": unsettled(found, position, tail),
        "unmoved": unmoved(found, History(log, name, found.path), (before, after)),
        "collapse": plain(collapse(after, until), story),
    }


def _of(found: History, name: str, planned: Plan, position: int, tail: Sequence[Event]) -> dict[str, Any]:
    """The part that every result has, of the events after the fork."""
    origins = [event.origin for event in tail]
    withheld = {event.fact.entry: event.fact.reason for event in tail if isinstance(event.fact, Withheld)}
    told = (event.fact.told for event in tail if event.origin == "modelled")
    return {
        "branch": name,
        "parent": found.branch,
        "fork_position": position,
        "at": story_of(found).calendar.iso(planned.at),
        "recorded": origins.count("recorded"),
        "lived": origins.count("modelled"),
        "supposed": origins.count("supposed"),
        "withheld": {**planned.supposed.without, **withheld},
        "shrunk": {one.entry: one.note or "" for one in told if one is not None},
        "question": planned.supposed.question,
        "db": found.path,
    }


def unsettled(found: History, position: int, tail: Sequence[Event]) -> list[str]:
    """The entries that a branch of an open history tells as recorded after the fork, while a party of them is
    worth more than a tenth more or less than in the parent, just before; in the order in which they are told.
    Beyond the parent's last event it is compared with the parent as it then stands.
    """
    told = [event for event in tail if event.origin == "recorded" and event.fact.told is not None]
    moments = sorted({event.moment - 1 for event in told})
    before, after = (world_at(found.log, found.branch, position) for _ in range(2))
    parents = _stepped(before, found.log.read(found.branch, position + 1), moments)
    branches = _stepped(after, tail, moments)
    actors = [actor.id for actor in before.story.actors]
    moved = {
        moment: {actor for actor in actors if _moved(one, other, actor, moment)}
        for moment, one, other in zip(moments, parents, branches, strict=True)
    }
    return [
        event.fact.told.entry
        for event in told
        if event.fact.told is not None and moved[event.moment - 1] & set(_parties(event))
    ]


def _stepped(world: World, events: Iterable[Event], moments: Sequence[int]) -> Iterator[World]:
    """A world at each of some moments, the same object stepped."""
    coming = iter(events)
    ahead = next(coming, None)
    for moment in moments:
        while ahead is not None and ahead.moment <= moment:
            world.step(ahead)
            ahead = next(coming, None)
        yield world


def _parties(event: Event) -> Iterator[str]:
    yield from (getattr(event.fact, name) or "" for name in event.fact.parties)


def _moved(before: World, after: World, actor: str, moment: int) -> bool:
    one, other = (world.readings.value(actor, moment) for world in (before, after))
    return bool(one and other is not None and abs(other - one) > MOVED * one)
