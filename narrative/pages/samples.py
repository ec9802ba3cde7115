"""Readings for the charts: at the moments of events while they are few, at a sample of them when many."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from events.event import Event
from narrative.analysis.belief_spans import belief_spans
from narrative.analysis.overview import belief_of_rise
from narrative.analysis.record import OWN, SPLIT, explained, rise
from narrative.analysis.replay import along, rungs
from narrative.books.table import RUNGS
from narrative.engine.world import World
from narrative.story.calendar import DAY

MOST = 1_000  # moments of events at which readings are taken
BETWEEN = 500  # evenly spaced moments besides, in which belief is seen to fade
MONEY = ("valuation", "backlog", "delivered")
SHARES = ("belief_share", "loan_to_value")
EXPLAINED = "explained"  # a value by news and policy alone, where prices are on record
DEFINITIONS = ("announced", "above_results", "growth")
SPANS = (
    50  # times in a story at which belief is spanned, at the hour it opens, no oftener than each fortnight
)
FORTNIGHT = 14 * DAY


def sampled(moments: Iterable[int], always: Iterable[int], end: int) -> list[int]:
    """At most so many of the moments, evenly by rank, those wanted `always`, and some in between."""
    known = sorted(set(moments))
    if len(known) > MOST:
        known = [known[i * (len(known) - 1) // (MOST - 1)] for i in range(MOST)]
    chosen = sorted({*known, *(moment for moment in always if known[0] <= moment <= end), end})
    step = max((end - chosen[0]) // BETWEEN, 1)
    between = [
        one + (other - one) * i // parts
        for one, other in pairwise(chosen)
        if (parts := (other - one) // step) > 1
        for i in range(1, parts)
    ]
    return sorted({*chosen, *between})


Series = dict[str, dict[str, list[Any]]]


def readings(events: Iterable[Event], moments: Sequence[int], digits: int) -> Series:
    """Each actor's readings, and the totals that the finding names, at those moments of a history of
    those events.

    Money is in millions to six figures, or to as many as say the same in three; shares are to a
    millionth, None is unknown.
    """
    series: Series = {name: {} for name in (*MONEY, *SHARES, EXPLAINED)}
    columns: dict[str, list[list[Any]]] = {}  # of each actor, in the order of its row
    totals: dict[str, list[Any]] = {name: [] for name in (*RUNGS, "past", "gained", "share")}
    scale = 10 ** (digits + 6)
    for moment, world in along(events, moments):
        for actor in world.story.actors:
            if actor.id not in columns:
                columns[actor.id] = [of.setdefault(actor.id, []) for of in series.values()]
            for column, value in zip(columns[actor.id], _row(world, actor.id, moment, scale), strict=True):
                column.append(value)
        told = belief_of_rise(world, moment)
        past = sum(world.fold.state["past"].values())
        risen = _risen(world, moment)
        if risen.get("rise_gained") is not None:  # what prices on record did is said instead
            told = dict.fromkeys(told)
        sums = {**rungs(world), "past": past, "gained": told["gained"], "share": _round(told["share"])}
        for name, value in (sums | risen).items():
            totals.setdefault(name, []).append(value)
    return {**series, "totals": totals}


def _risen(world: World, at: int) -> dict[str, Any]:
    """The rise of quoted companies by name of figure: sums in smallest units, counts, and parts of one. Empty
    where a story has no quotes; figures are None before the first quote, and the parts of the smaller
    side, of which the page says nothing.
    """
    if not world.story.quotes:
        return {}
    found = rise(world, at)
    plain = found.plain if found else None
    sums = {f"rise_{name}": plain[name] if plain else None for name in _RISE}
    larger = None if plain is None else "shares" if plain["gained"] >= plain["lost"] else "shares_lost"
    for name in ("shares", "shares_lost"):
        sums |= {
            f"{name}_{part}": _round(plain[name][part]) if plain and name == larger else None
            for part in (*SPLIT, *OWN)
        }
    return sums


_RISE = ("gained", "lost", "lifted", "lowered")


def kept(series: Series, main: Series | None = None, since: int = 0) -> dict[str, dict[str, Any]]:
    """The series as a page carries them: a branch's own alone where they differ from the main line's
    from the moment of that number on.
    """
    if main is None:
        return {
            name: {key: packed(values) for key, values in found.items() if name == "totals" or any(values)}
            for name, found in series.items()
        }
    return {
        name: {
            key: packed(values)
            for key, values in found.items()
            if values != main[name][key][since : since + len(values)]
        }
        for name, found in series.items()
    }


def _row(world: World, actor: str, at: int, scale: int) -> tuple[float | None, ...]:
    """An actor's MONEY, SHARES and EXPLAINED, in that order."""
    readings = world.readings
    value = readings.value(actor, at)
    sums = (value, *(world.fold.sum(name, actor) for name in MONEY[1:]))
    shares = (
        readings.belief_share(actor, at) if value is not None else None,
        readings.loan_to_value(actor, at),
    )
    alone = explained(world, actor, at)
    return (
        *[_millions(value, scale) for value in sums],
        *[_round(value) for value in shares],
        _millions(None if alone is None else round(alone), scale),
    )


def spanned(events: Sequence[Event], until: int) -> list[tuple[int, dict[str, list[list[float] | None]]]]:
    """Belief in each company by its definitions, the least and the greatest of each, at times that the
    story alone sets; None is unknown, and companies of whom all is are left out. `events` are a history's
    from its opening.
    """
    story, start = World(events[0]).story, events[0].moment
    step = max((story.until - start) // SPANS // DAY * DAY, FORTNIGHT)
    at = range(start + step, until + 1, step) if story.quotes else ()
    found = []
    for moment, world in along(events, at):
        so_far = events[: bisect_right(events, moment, key=lambda event: event.moment)]
        spans = belief_spans(world, so_far, moment)
        ends = {actor: [_ends(one[name]) for name in DEFINITIONS] for actor, one in spans.items()}
        found.append((moment, {actor: those for actor, those in ends.items() if any(those)}))
    return found


def _ends(span: Mapping[str, Any] | None) -> list[float] | None:
    return None if span is None else [round(span[end], 6) for end in ("low", "high")]


def _millions(value: int | None, scale: int) -> float | None:
    """Six figures; more where six would end in a tie that three, as people read it, round otherwise."""
    if not value:
        return value
    whole = value / scale
    six = float(f"{whole:.6g}")
    return _short(six if f"{six:.3g}" == f"{whole:.3g}" else float(f"{whole:.12g}"))


def _round(share: float | None) -> float | None:
    """A share to a millionth; what is there at all stays more than nothing."""
    if share is None:
        return None
    return _short(round(share, 6) or (1e-6 if share > 0 else 0))


def _short(value: float) -> float:
    return int(value) if value == int(value) else value


def packed(values: Sequence[Any]) -> Any:
    """A series as it is, or where it changes seldom: where it changes, and to what."""
    turns = [i for i, value in enumerate(values) if i == 0 or value != values[i - 1]]
    if len(turns) * 2 > len(values):
        return list(values)
    return {"at": turns, "is": [values[i] for i in turns]}
