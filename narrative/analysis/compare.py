"""Comparing histories: where they part, and how far apart they come.

Branches of one file share their digests up to where they part, so that point is found by halving.
Histories that were opened apart, as by another seed, share nothing, and are laid side by side from the
later opening on.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from events.codec import encode
from events.errors import Wrong
from events.event import Event
from events.market_facts import Quote
from narrative.analysis.collapse import collapse, plain
from narrative.analysis.ends import kept
from narrative.analysis.every import DAILY, Every
from narrative.analysis.history import History, lived_to, story_of
from narrative.analysis.record import follows_closes
from narrative.analysis.replay import along, reading, reading_names, walk
from narrative.engine.world import World
from narrative.story.calendar import Calendar
from narrative.story.model import Story


class NotComparable(Wrong):
    """Histories that cannot be laid side by side."""


class TwiceNamed(Wrong):
    """One history was named twice, where each is to stand beside another."""


@frozen
class Parting:
    """The last position and moment that two histories share; 0 and 0 where they share nothing."""

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
    moment = one.log.event(one.branch, low).moment if low else 0
    return Parting(low, moment)


def _digest(history: History, position: int) -> bytes:
    return history.log.event(history.branch, position).digest


def differing(one: History, other: History) -> dict[str, Any]:
    """Two histories as plain data: the last position they share, each one's first event beyond it, how many
    each has for itself by kind, and the readings that differ at their common end. Raises NotComparable.
    """
    _, at = _span((one, other))
    common = parting(one, other)
    tails = [list(h.log.read(h.branch, common.position + 1)) for h in (one, other)]
    only = [Counter(map(match, tail)) for tail in tails]
    worlds = [next(walk(h.log, h.branch, [at]))[1] for h in (one, other)]
    calendar = worlds[0].story.calendar
    return {
        **worlds[0].story.money.plain,
        **_residuals(worlds),
        "common": common.position,
        "moment": calendar.iso(common.moment) if common.position else None,
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
            for actor in _actors(worlds)
            for first, second in [[reading(world, actor, at) for world in worlds]]
            for name in reading_names()
            if first[name] != second[name]
        ],
    }


def compared(
    histories: Sequence[History], whole: Sequence[Sequence[Event]], *, every: Every = DAILY
) -> dict[str, Any]:
    """Two or more histories, and the `whole` of their events, on one time axis, from where the first of them
    parts from another, or, where they share nothing, from the latest opening, to the earliest end. Raises
    NotComparable.

    For each actor and reading that ever differs from the first history: the value at the end in each,
    and the widest gap with its day.
    """
    opened, until = _span(histories)
    first = min((parting(histories[0], other) for other in histories[1:]), key=lambda p: p.position)
    since = first.moment if first.position else opened
    moments = every.moments(since, until, story_of(histories[0]).calendar)
    logs = [[event for event in log if event.moment <= until] for log in whole]
    columns, worlds = zip(*(_series(log, moments) for log in logs), strict=True)
    world, calendar = worlds[0], worlds[0].story.calendar
    rows = []
    for actor in _actors(worlds):
        for name in reading_names():
            lines = [[at[actor][name] for at in column] for column in columns]
            if any(line != lines[0] for line in lines[1:]):
                rows.append(_row(actor, name, lines, [calendar.day(m) for m in moments]))
    return {
        **world.story.money.plain,
        **_residuals(worlds),
        **_recorded(logs, world.story.calendar),
        "branches": [_name(h) for h in histories],
        "common": first.position,
        "since": calendar.iso(since),
        "until": calendar.iso(until),
        "moments": [calendar.iso(m) for m in moments],
        "rows": rows,
        "collapses": [
            plain(collapse(log, until), each.story) for log, each in zip(logs, worlds, strict=True)
        ],
    }


def _recorded(logs: Iterable[Sequence[Event]], calendar: Calendar) -> dict[str, Any]:
    """The day of the last close that each history goes through, None of one whose prices are others; nothing
    where no price is recorded.
    """
    found = []
    for log in logs:
        last = next((e.moment for e in reversed(log) if isinstance(e.fact, Quote)), None)
        found.append(calendar.day(last) if last is not None and follows_closes(log) else None)
    return {"recorded": found} if any(found) else {}


def _residuals(worlds: Sequence[World]) -> dict[str, Any]:
    """How much each history keeps of what news does not explain; nothing where no price is recorded."""
    found = [kept(world) for world in worlds]
    return {"residuals": found} if any(one is not None for one in found) else {}


def _row(actor: str, name: str, lines: list[list[Any]], days: list[str]) -> dict[str, Any]:
    gaps = [
        (abs(value - base), day, abs(base))
        for line in lines[1:]
        for base, value, day in zip(lines[0], line, days, strict=True)
        if base is not None and value is not None
    ]
    widest = max(gaps, default=(None, None, None), key=lambda gap: gap[0])
    parted = next(d for d, *values in zip(days, *lines, strict=True) if any(v != values[0] for v in values))
    return {
        "actor": actor,
        "reading": name,
        "end": [line[-1] for line in lines],
        "gap": widest[0],
        "gap_part": widest[0] / widest[2] if widest[2] else None,
        "gap_on": widest[1],
        "parted_on": parted,
        "series": lines,
    }


def _series(events: Sequence[Event], moments: Sequence[int]) -> tuple[list[dict[str, dict[str, Any]]], World]:
    """Every actor's readings at each of `moments`, and the world as it stood after the last."""
    rows = []
    for moment, world in along(events, moments):
        rows.append({actor.id: reading(world, actor.id, moment) for actor in world.story.actors})
    return rows, world


def _actors(worlds: Sequence[World]) -> list[str]:
    """The actors that every one of the worlds has."""
    known = [{actor.id for actor in world.story.actors} for world in worlds]
    return [actor.id for actor in worlds[0].story.actors if all(actor.id in one for one in known)]


def _span(histories: Sequence[History]) -> tuple[int, int]:
    """The latest opening and the earliest end of histories that can be laid side by side."""
    check_alike(histories)
    opens, ends = max(histories, key=_opened), min(histories, key=lived_to)
    if _opened(opens) > lived_to(ends):
        iso = story_of(opens).calendar.iso
        raise NotComparable(
            f"{_name(ends)} ends on {iso(lived_to(ends))}, before {_name(opens)} opens on "
            f"{iso(_opened(opens))}, so there is no time in which to compare them; live the first further."
        )
    return _opened(opens), lived_to(ends)


def check_alike(histories: Sequence[History], *, cast: bool = False) -> Story:
    """The story that histories tell, as the first of them has it. Raises NotComparable where they tell
    two stories or count in two units or calendars; with `cast`, also where an actor is in one alone or
    the circle has other steps.
    """
    one, first = histories[0], story_of(histories[0])
    for other in histories[1:]:
        second = story_of(other)
        units = [_unit(story) for story in (first, second)]
        alone = {actor.id for actor in first.actors} ^ {actor.id for actor in second.actors}
        if first.id != second.id:
            raise NotComparable(
                f"{_name(one)} tells {first.id} and {_name(other)} tells {second.id}; only histories of one "
                "story can be compared."
            )
        if units[0] != units[1]:
            raise NotComparable(
                f"{_name(one)} counts in {units[0]} and {_name(other)} in {units[1]}; run one of the two "
                "anew in the unit of the other."
            )
        if cast and (alone or len(first.circle) != len(second.circle)):
            what = f"{', '.join(sorted(alone))}" if alone else "a step of the circle"
            raise NotComparable(
                f"{first.id} was edited between {_name(one)} and {_name(other)}: one has {what} "
                "and the other has not; run one of the two anew, or see `narrative compare`."
            )
    return first


def check_apart(histories: Sequence[History]) -> None:
    """Raises TwiceNamed where one history stands twice among those named."""
    named = Counter((Path(one.path).resolve(), one.branch) for one in histories)
    for one in histories:
        if named[Path(one.path).resolve(), one.branch] > 1:
            raise TwiceNamed(f"{_name(one)} is named twice; name each history once.")


def _opened(history: History) -> int:
    return history.log.opening(history.branch).moment


def _name(history: History) -> str:
    return f"{history.path}@{history.branch}"


def _unit(story: Story) -> str:
    return f"{story.money.currency} of {story.money.digits} decimals by the {story.calendar.kind} calendar"


def match(event: Event) -> tuple[int, str, str, bytes]:
    """The key by which events of two histories are matched: moment, kind, actor, fact; never position."""
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
