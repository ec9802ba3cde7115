"""Comparing histories: where they part, and how far apart they come.

Branches of one file share their digests up to where they part, so that point is found by halving.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from attrs import frozen

from events.codec import encode
from events.event import Event
from narrative.calendar import DAY
from narrative.history import History
from narrative.replay import reading, reading_names, walk
from narrative.world import World


@frozen
class Parting:
    """Where two histories part: the last position and moment they share."""

    position: int
    moment: int


def parting(one: History, other: History) -> Parting:
    """The last position at which two histories agree, by halving over their digests."""
    low, high = 0, min(h.log.head(h.branch).position for h in (one, other))
    while low < high:
        middle = (low + high + 1) // 2
        if _digest(one, middle) == _digest(other, middle):
            low = middle
        else:
            high = middle - 1
    moment = next(iter(one.log.rows(one.branch, low, low)))[1] if low else 0
    return Parting(low, moment)


def _digest(history: History, position: int) -> bytes:
    return next(iter(history.log.rows(history.branch, position, position)))[7]


def differing(one: History, other: History) -> dict[str, Any]:
    """What two histories share, the first event in which they differ, how many events each has for
    itself by kind, and the readings that differ at their common end."""
    common = parting(one, other)
    tails = [list(h.log.read(h.branch, common.position + 1)) for h in (one, other)]
    only = [Counter(map(match, tail)) for tail in tails]
    worlds, at = _worlds((one, other))
    calendar = worlds[0].story.calendar
    names = [actor.id for actor in worlds[0].story.actors]
    return {
        **_money(worlds[0]),
        "common": common.position,
        "moment": calendar.iso(common.moment),
        "first": {
            label: _event(tail[0], calendar.iso(tail[0].moment)) if tail else None
            for label, tail in zip(("A", "B"), tails, strict=True)
        },
        "only": {
            label: dict(sorted(Counter(kind for _, kind, _, _ in (mine - others).elements()).items()))
            for label, mine, others in (("A", only[0], only[1]), ("B", only[1], only[0]))
        },
        "at": calendar.iso(at),
        "readings": [
            {"actor": actor, "reading": name, "A": first[name], "B": second[name]}
            for actor in names
            for first, second in [[reading(world, actor, at) for world in worlds]]
            for name in reading_names()
            if first[name] != second[name]
        ],
    }


def compared(histories: Sequence[History], *, every: int = DAY) -> dict[str, Any]:
    """Two or more histories on one time axis, from where the first two part to the earliest end.

    For each actor and reading that ever differs from the first history: the value at the end in each,
    and the widest gap with its day.
    """
    partings = [parting(histories[0], other) for other in histories[1:]]
    first = min(partings, key=lambda p: p.position)
    _, until = _worlds(histories)
    moments = [*range(first.moment, until, every), until]
    columns = [list(_series(history, moments)) for history in histories]
    world = next(iter(walk(histories[0].log, histories[0].branch, [until])))[1]
    calendar = world.story.calendar
    rows = []
    for actor in world.story.actors:
        for name in reading_names():
            lines = [[at[actor.id][name] for at in column] for column in columns]
            if any(line != lines[0] for line in lines[1:]):
                rows.append(_row(actor.id, name, lines, [calendar.day(m) for m in moments]))
    return {
        **_money(world),
        "branches": [f"{h.path}@{h.branch}" for h in histories],
        "common": first.position,
        "since": calendar.iso(first.moment),
        "until": calendar.iso(until),
        "moments": [calendar.iso(m) for m in moments],
        "rows": rows,
    }


def _row(actor: str, name: str, lines: list[list[Any]], days: list[str]) -> dict[str, Any]:
    gaps = [
        (abs(value - base), day)
        for line in lines[1:]
        for base, value, day in zip(lines[0], line, days, strict=True)
        if base is not None and value is not None
    ]
    widest = max(gaps, default=(None, None), key=lambda gap: gap[0])
    parted = next(d for d, *values in zip(days, *lines, strict=True) if any(v != values[0] for v in values))
    return {
        "actor": actor,
        "reading": name,
        "end": [line[-1] for line in lines],
        "gap": widest[0],
        "gap_on": widest[1],
        "parted_on": parted,
        "series": lines,
    }


def _series(history: History, moments: Sequence[int]) -> "list[dict[str, dict[str, Any]]]":
    return [
        {actor.id: reading(world, actor.id, moment) for actor in world.story.actors}
        for moment, world in walk(history.log, history.branch, moments)
    ]


def _worlds(histories: Sequence[History]) -> tuple[list[World], int]:
    """The histories' worlds at the earliest of their ends."""
    heads = [h.log.head(h.branch) for h in histories]
    until = min(max(head.moment or 0, head.lived or head.moment or 0) for head in heads)
    return [next(iter(walk(h.log, h.branch, [until])))[1] for h in histories], until


def _money(world: World) -> dict[str, Any]:
    return {"currency": world.story.money.currency, "digits": world.story.money.digits}


def match(event: Event) -> tuple[int, str, str, bytes]:
    """What events of two histories are matched by: never by position."""
    return event.moment, event.kind, event.actor, encode(event.fact)


def _event(event: Event, moment: str) -> dict[str, Any]:
    told = event.fact.told
    return {
        "position": event.position,
        "moment": moment,
        "kind": event.kind,
        "origin": event.origin,
        "actor": event.actor,
        "headline": told.headline if told else None,
    }
