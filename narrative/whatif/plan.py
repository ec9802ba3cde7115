"""From what is asked to what is supposed: which entries it reaches, and from which moment on.

The rules of design section 5: touched entries lie strictly after the fork moment; what follows an
entry gone without is withheld and what follows one moved moves along, unless kept; parameters stay
within their ranges. Everything that breaks a rule is noted where it was asked.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import define, evolve, field, frozen

from events.market_facts import Split
from narrative.story.convert import Spot
from narrative.story.entries import read_entries, reread
from narrative.story.faults import Page, did_you_mean
from narrative.story.keys import entry_fields
from narrative.story.links import BACKWARD, ring
from narrative.story.model import Entry
from narrative.story.supposition import GONE, Supposed, amended, following, moved, postponed
from narrative.whatif.request import Asked, BadSupposition, Request, as_written
from narrative.whatif.state import Standing


@frozen(kw_only=True)
class Plan:
    """A supposition as it holds from the moment `at` on, and where each entry of it was asked for."""

    at: int
    supposed: Supposed
    written: Mapping[str, Mapping[str, Any]]  # entries changed, with their fields as they were asked
    moved: Mapping[str, int]  # followers that move along, by seconds
    why: Mapping[str, str]  # what each of them follows
    spots: Mapping[str, Spot]


@define(kw_only=True)
class _Weighing:
    """A request being weighed against a history: what is asked is gathered in it, step by step. `limit`:
    whatever is touched lies after it.
    """

    standing: Standing
    limit: int
    forked: bool  # whether the limit was asked for, with --at
    entries: dict[str, Entry]
    spots: dict[str, Spot] = field(factory=dict)
    gone: dict[str, str] = field(factory=dict)
    injected: list[Entry] = field(factory=list)
    changed: dict[str, Entry] = field(factory=dict)
    written: dict[str, dict[str, Any]] = field(factory=dict)
    moved: dict[str, int] = field(factory=dict)
    why: dict[str, str] = field(factory=dict)

    def known(self, asked: Asked, label: str) -> Entry | None:
        """The entry that is named, if it is one and still to be told."""
        entry = self.entries.get(asked.name)
        spot = evolve(asked.spot, label=label)
        if entry is None:
            where = "`narrative show` gives the id of one that was told, as told.entry."
            remedy = did_you_mean(asked.name, self.entries, where)
            spot.fault(f' names "{asked.name}", which is no entry of this history', remedy)
            return None
        why = self.standing.withheld.get(entry.id)
        if entry.moment <= self.limit:
            spot.fault(*self._told(entry, "told" if why is None else "withheld"))
        elif why is not None:
            spot.fault(f' names "{entry.id}", which is withheld in this history: {why}', "Leave it out.")
        elif isinstance(entry.fact, Split) and self._quoted(entry.actor):
            what = f' names "{entry.id}", a split, and prices on record are of the shares after it'
            spot.fault(what, "Leave it as it is.")
        else:
            return entry
        return None

    def _quoted(self, asset: str) -> bool:
        return any(quote.asset == asset for quote in self.standing.story.quotes)

    def _told(self, entry: Entry, how: str) -> tuple[str, str]:
        iso = self.standing.story.calendar.iso
        what = f' names "{entry.id}", which was {how} on {iso(entry.moment)}'
        if self.forked:
            remedy = f"What was told stays told: fork earlier, as with --at {iso(entry.moment - 1)}."
            return f"{what}, and the fork is at {iso(self.limit)}", remedy
        remedy = "Ask it of the history that this one was forked off, or say --at when."
        return f"{what}, before this branch was supposed upon on {iso(self.limit)}", remedy


def plan(standing: Standing, asked: Request, at: int | None = None) -> Plan:
    """The plan that a request comes to in a history; `at` is the fork moment where one was asked for.

    Raises BadSupposition with everything that is wrong in it.
    """
    limit = standing.since if at is None else at
    entries = {entry.id: entry for entry in standing.timeline}
    weighing = _Weighing(standing=standing, limit=limit, forked=at is not None, entries=entries)
    _without(weighing, asked)
    _change(weighing, asked)
    _inject(weighing, asked)
    kept = _kept(weighing, asked)
    resting = following(_now(weighing), weighing.gone, keep=kept)
    for name in weighing.changed:
        if name in weighing.gone:
            weighing.spots[name].fault(" is changed and gone without", "Ask for one of the two.")
        elif name in resting:
            what = f" is changed and would be withheld: {resting[name]}"
            weighing.spots[name].fault(what, f"Keep it with --keep {name}, or leave it be.")
    weighing.gone.update(resting)
    _move(weighing, kept)
    parameters = _set(weighing, asked.set)
    off = _off(weighing, asked.off)
    _check_dates(weighing)
    supposed = Supposed(
        question=asked.question or "",
        inject=tuple(weighing.injected),
        without=weighing.gone,
        change=tuple(weighing.changed[e.id] for e in standing.timeline if e.id in weighing.changed),
        set=parameters,
        off=off,
        reseed=asked.reseed,
    )
    _check_links(weighing, kept, amended(standing.timeline, supposed))
    if asked.faults:
        raise BadSupposition(asked.faults)
    return Plan(
        at=_fork(weighing) if at is None else at,
        supposed=supposed,
        written=weighing.written,
        moved=weighing.moved,
        why=weighing.why,
        spots=weighing.spots,
    )


def _without(weighing: _Weighing, asked: Request) -> None:
    for one in asked.without:
        entry = weighing.known(one, "without")
        if entry is not None:
            weighing.gone[entry.id] = GONE
            weighing.spots[entry.id] = one.spot


def _kept(weighing: _Weighing, asked: Request) -> set[str]:
    """The entries not to be withheld or moved along with another: kept, injected, told or withheld before."""
    told = {entry.id for entry in weighing.standing.timeline if entry.moment <= weighing.limit}
    kept = {*told, *weighing.standing.withheld, *(entry.id for entry in weighing.injected)}
    for one in asked.keep:
        if one.name in weighing.gone:
            evolve(one.spot, label="keep").fault(
                f' names "{one.name}", which is gone without', "Ask for one of the two."
            )
        elif weighing.known(one, "keep") is not None:
            kept.add(one.name)
    return kept


def _change(weighing: _Weighing, asked: Request) -> None:
    for one in asked.change:
        entry = weighing.known(one, "change")
        if entry is None:
            continue
        entry = weighing.changed.get(entry.id, entry)
        spot = evolve(one.spot, label=f'entry "{entry.id}"', ground=weighing.standing.ground)
        written = as_written(spot, one.value, entry_fields(entry.kind))
        fresh = reread(spot, entry, written)
        if fresh is None:
            continue
        seconds = fresh.moment - entry.moment
        if seconds:
            given = {f.attribute for f in entry_fields(entry.kind) if f.name in written}
            fresh = evolve(fresh, fact=postponed(fresh.fact, seconds, but={*given, "moment"}))
        weighing.changed[entry.id] = fresh
        weighing.written.setdefault(entry.id, {}).update(one.value)
        weighing.spots[entry.id] = spot


def _inject(weighing: _Weighing, asked: Request) -> None:
    for page in asked.pages:
        tables = {"event": page.data["event"]} if "event" in page.data else {}
        events = Page(page.file, page.text, tables, page.faults, page.torn)
        for seen in read_entries(events, weighing.standing.ground):
            spot = Spot(page=page, path=seen.path, label=f'entry "{seen.id}"')
            if seen.id in weighing.entries or seen.id in weighing.spots:
                spot.under("id").fault(" is there already", "What is injected takes an id of its own.")
            if seen.id is not None:
                weighing.spots.setdefault(seen.id, spot)
            if seen.entry is not None:
                weighing.injected.append(seen.entry)


def _now(weighing: _Weighing) -> list[Entry]:
    """The timeline with what was changed and injected, in the order in which it stood."""
    return [weighing.changed.get(e.id, e) for e in weighing.standing.timeline] + weighing.injected


def _move(weighing: _Weighing, kept: set[str]) -> None:
    """Let what follows an entry whose date was changed move along with it."""
    dated = {
        name: entry.moment - weighing.entries[name].moment
        for name, entry in weighing.changed.items()
        if entry.moment != weighing.entries[name].moment
    }
    for name, seconds in dated.items():
        along = following(_now(weighing), [name], keep={*kept, *dated, *weighing.gone})
        for follower, why in along.items():
            weighing.why.setdefault(follower, why)
            if weighing.moved.setdefault(follower, seconds) != seconds:
                what = f' moves "{follower}" along, which follows another that moves by another time'
                remedy = "Change its date itself, or keep it."
                weighing.spots[name].fault(what, remedy)
    for follower, seconds in weighing.moved.items():
        entry = weighing.changed.get(follower, weighing.entries[follower])
        weighing.changed[follower] = moved(entry, seconds)
        weighing.spots.setdefault(follower, Spot(page=Page("", "", {})))


def _set(weighing: _Weighing, settings: Iterable[Asked]) -> dict[str, float]:
    """The parameters that are acting and stay within their ranges."""
    story = weighing.standing.story
    known = {parameter.name: parameter for parameter in story.parameters}
    acting = [name for name, parameter in known.items() if parameter.reads == "acting"]
    actors = {actor.id for actor in story.actors}
    found: dict[str, float] = {}
    for one in settings:
        base, dot, actor = one.name.partition(".")
        parameter = known.get(one.name) or known.get(base)
        spot = evolve(one.spot, label="set")
        if parameter is None:
            remedy = did_you_mean(base, acting, "`narrative replay` and replay.toml tell which there are.")
            spot.fault(f' names "{one.name}", which is no parameter of this story', remedy)
        elif dot and actor not in actors:
            spot.fault(f' names "{actor}", which is no actor of this story', did_you_mean(actor, actors))
        elif parameter.reads == "reading":
            remedy = "Only acting parameters can be supposed; how a history is read is fixed when it opens."
            spot.fault(f" names {one.name}, by which the history is read", remedy)
        elif not parameter.low <= one.value <= parameter.high:
            spot.fault(
                f": {one.name} = {one.value:g} is outside {parameter.low:g} to {parameter.high:g}",
                "Stay within the range that the story gives it, or widen the range there.",
            )
        else:
            found[one.name] = one.value
    return found


def _off(weighing: _Weighing, asked: Iterable[Asked]) -> tuple[tuple[str, str], ...]:
    """The pairs, giver before taker, between whom no link is to hold."""
    actors = [actor.id for actor in weighing.standing.story.actors]
    found: list[tuple[str, str]] = []
    for one in asked:
        giver, arrow, taker = (part.strip() for part in one.name.partition("->"))
        unknown = next((name for name in (giver, taker) if name not in actors), None)
        spot = evolve(one.spot, label="off")
        if not arrow:
            spot.fault(f' has "{one.name}", which is no link', "It takes giver->taker, as two actors.")
        elif unknown is not None:
            what = f' names "{unknown}", which is no actor of this story'
            spot.fault(what, did_you_mean(unknown, actors))
        else:
            found.append((giver, taker))
    return tuple(dict.fromkeys(found))


def _check_dates(weighing: _Weighing) -> None:
    """Fault entries injected or changed: those up to the fork, and those asked for beyond the story."""
    story = weighing.standing.story
    iso = story.calendar.iso
    for entry in (*weighing.injected, *weighing.changed.values()):
        spot = weighing.spots[entry.id].under("date")
        if entry.moment <= weighing.limit:
            what = f"the fork at {iso(weighing.limit)}"
            if not weighing.forked:
                what = f"{iso(weighing.limit)}, from when on this history can be supposed upon"
            evolve(spot, label=f'entry "{entry.id}"').fault(
                f" would be told on {iso(entry.moment)}, not after {what}", "Date it later, or fork earlier."
            )
        elif entry.moment > story.until and entry.id not in weighing.moved:
            spot.fault(
                f" of {iso(entry.moment)} lies beyond the story, which ends on {iso(story.until)}",
                "Date it within the story.",
            )


def _check_links(weighing: _Weighing, kept: set[str], timeline: tuple[Entry, ...]) -> None:
    """Entries asked for link to entries, and to earlier ones where they must, as `check` has it of a
    timeline. What is kept at its own date may stay before what it follows.
    """
    order = {entry.id: i for i, entry in enumerate(timeline)}
    touched = {entry.id for entry in weighing.injected} | weighing.changed.keys()
    for entry in (one for one in timeline if one.moment > weighing.limit):
        for link in entry.links:
            asked = entry.id if entry.id in touched else link.id
            if asked not in touched or not {entry.id, link.id}.isdisjoint(weighing.gone):
                continue
            spot = evolve(weighing.spots[asked], label=f'entry "{entry.id}"')
            if link.id not in order:
                spot.fault(
                    f' {link.kind} "{link.id}", which is no entry of this history',
                    did_you_mean(link.id, order),
                )
            elif link.kind == "follows" and entry.id in kept and entry.id in weighing.entries:
                continue
            elif link.kind in BACKWARD and order[link.id] > order[entry.id]:
                what = f' {link.kind} "{link.id}", which would come later'
                spot.fault(what, "Change the date of both, or go without one.")
    _check_rings(weighing, timeline, order)


def _check_rings(weighing: _Weighing, timeline: tuple[Entry, ...], order: Mapping[str, int]) -> None:
    """No entry comes back to itself by its links: money told once would count as told elsewhere."""
    graph = {
        order[entry.id]: {order[link.id] for link in entry.links if link.id in order} for entry in timeline
    }
    while found := ring(graph):
        names = [timeline[i].id for i in found]
        asked = next((name for name in reversed(names) if name in weighing.spots), None)
        if asked is not None:
            rest = " to ".join(f'"{name}"' for name in names)
            spot = evolve(weighing.spots[asked], label=f'entry "{asked}"')
            spot.fault(f": links run in a ring: {rest}", "Take one of them out.")
        graph[found[0]].discard(found[1])


def _fork(weighing: _Weighing) -> int:
    """The last second before the earliest entry touched; where none is, as early as can be."""
    named = {*weighing.gone, *weighing.changed}
    moments = [weighing.entries[name].moment for name in named]
    moments += [entry.moment for entry in (*weighing.injected, *weighing.changed.values())]
    return min(moments) - 1 if moments else weighing.limit
