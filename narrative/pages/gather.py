"""Everything a page shows of some histories, as plain data: read once, looked at ever after."""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import chain, takewhile
from pathlib import Path
from typing import Any

from attrs import frozen

from events.branch import MAIN
from events.event import ORIGINS, Event
from events.facts import KINDS, Note
from events.record_facts import Supposition
from narrative.analysis.compare import Parting, check_alike, match, parting
from narrative.analysis.ends import end_shown
from narrative.analysis.history import History, lived_to
from narrative.analysis.observing import observed_of
from narrative.analysis.overview import assumptions
from narrative.analysis.record import follows_closes
from narrative.analysis.replay import along, circle, repricings
from narrative.analysis.verdicts import judged_of, swings
from narrative.books.flows import named, promised
from narrative.books.table import UNITS
from narrative.engine.run import world_at
from narrative.engine.world import World
from narrative.pages.columns import Key, Names, closes, columns, facts, left_open, weighed
from narrative.pages.samples import Series, kept, readings, sampled, spanned
from narrative.prose.framing import ranked, weak
from narrative.prose.kinds import KINDS as TELLINGS
from narrative.prose.names import OUTSIDERS
from narrative.prose.names import Names as Spoken
from narrative.story.model import INDEX, Story
from narrative.story.observed import FRESH, Observed
from narrative.story.provenance import rank
from narrative.story.rounds import priced_since
from narrative.text.glossary import WORDS
from narrative.text.words import MATCHED

_WEIGHTY = 100  # repricings whose moments are sampled whatever else is left out


@frozen
class Line:
    """One history on the page: what it shares with the first, and its own events from there."""

    history: History
    shared: Parting
    events: tuple[Event, ...]


def gathered(histories: Sequence[History]) -> dict[str, Any]:
    """The page's data. The first history is its main line; the others are told from where they part.
    Raises NotComparable.
    """
    check_alike(histories, cast=True)
    main = histories[0]
    world = world_at(main.log, main.branch, 1)
    story, names, words = world.story, Names(), Names()
    for actor in story.actors:
        names.of(actor.id)
    lines = [_line(history, main) for history in histories]
    observed, swung = observed_of(main), swings(main)
    moments = _moments(lines, story, observed)
    branches = _branches(lines, moments, (names, words), observed)
    return {
        "story": _story(story),
        "kinds": list(KINDS),
        "phrases": phrases(),
        "outsiders": OUTSIDERS,
        "in_money": sorted(name for name, unit in UNITS.items() if unit == "money"),
        "actors": _actors(story),
        "circle": _nodes(story),
        "moments": _steps(moments),
        "sampled": len({e.moment for e in lines[0].events} - set(moments)) > 0,
        "branches": branches,
        "names": list(names.numbers),
        "told": [told | {"rank": rank(told["source"])} for told in map(json.loads, words.numbers)],
        "observed": _observations(observed, story),
        "fresh": FRESH,
        "missing": observed.missing,
        "quoted": bool(story.quotes),
        "priced": priced_since(story),
        "reported": _reported(story),
        "fitted": sorted({name for parameter in story.parameters for name in parameter.fitted}),
        "claims": judged_of(main),
        "weak": [*weak(assumptions(world, swung)), ranked("swing" if swung else "width", main.path)],
        "words": {word.word: word.says for word in WORDS},
    }


def _reported(story: Story) -> dict[str, list[tuple[int, int]]]:
    """The revenue of four quarters that each company reported, with the moment of each, in order."""
    found: dict[str, list[tuple[int, int]]] = {}
    for one in story.results:
        if one.trailing_revenue is not None:
            found.setdefault(one.company, []).append((one.moment, one.trailing_revenue))
    return found


def phrases() -> dict[str, dict[str, Any]]:
    """The short sentences of each kind, and in which of their fields the giver, the taker and who acts
    are named: the page knows the two of every event, and all fields of those it carries whole.
    """
    found = {}
    for kind, fact in KINDS.items():
        giver, taker = named(kind)
        acts = fact.parties[0] if fact.parties else None
        found[kind] = {"forms": TELLINGS[kind].short, "from": giver, "to": taker, "acts": acts}
    return found


def _actors(story: Story) -> list[dict[str, Any]]:
    """The actors; `said` is what a sentence calls them, and an `index` is said to be one."""
    spoken = Spoken(story)
    return [
        {"id": actor.id, "name": actor.name, "said": spoken(actor.id), "listed": actor.listed}
        | ({"index": True} if "index" in actor.roles else {})
        for actor in story.actors
    ]


def _line(history: History, main: History) -> Line:
    shared = Parting(0, 0) if history is main else parting(main, history)
    return Line(history, shared, tuple(history.log.read(history.branch, shared.position + 1)))


def _moments(lines: Sequence[Line], story: Story, observed: Observed) -> list[int]:
    weighty = (event.moment for line in lines for event, _ in repricings(line.events, story)[:_WEIGHTY])
    notes = (
        event.moment for line in lines for event in line.events if isinstance(event.fact, Note | Supposition)
    )
    seen = (row.moment for row in observed.rows if row.kind == "market_value")
    ends = [lived_to(line.history) for line in lines]
    told = (event.moment for line in lines for event in line.events)
    return sampled(told, chain(weighty, notes, seen, ends), max(ends))


def _branches(
    lines: Sequence[Line], moments: Sequence[int], names: tuple[Names, Names], observed: Observed
) -> list[dict[str, Any]]:
    """Each history, told beside the first."""
    same = {match(event): event.position for event in lines[0].events} if len(lines) > 1 else {}
    found, main = [], None
    for line in lines:
        branch = _branch(line, lines[0], moments, names, observed, same if main else {})
        series: Series = branch["series"]
        branch["series"] = kept(series, main, branch["since"])
        main = main or series
        found.append(branch)
    return found


def _branch(
    line: Line,
    main: Line,
    moments: Sequence[int],
    names: tuple[Names, Names],
    observed: Observed,
    same: Mapping[Key, int],
) -> dict[str, Any]:
    history, until = line.history, lived_to(line.history)
    world = world_at(history.log, history.branch, 1)
    common, since = line.shared.position, bisect_right(moments, line.shared.moment) if line is not main else 0
    events = [*main.events[:common], *line.events]
    entries = {event.position: event.fact.told.entry for event in events if event.fact.told}
    own, left = facts(line.events, names[1], same)
    row = next(b for b in history.log.branches() if b.name == history.branch)
    lived = takewhile(lambda moment: moment <= until, moments[since:])
    return {
        "name": _label(history, main.history),
        "parent": row.parent,
        "question": row.question,
        "end": None if history.branch == MAIN else end_shown(history.branch, _at_end(events)),
        "digest": history.log.head(history.branch).digest.hex(),
        "until": until,
        "common": common,
        "since": since,
        "events": columns(line.events, names[0], promised(events)),
        "facts": own,
        "left_out": left,
        "observed": weighed(line.events, entries, observed),
        "closes": closes(events, common, 10 ** (world.story.money.digits + 6)),
        "left_open": left_open(line.events),
        "series": readings(events, list(lived), world.story.money.digits),
        "spans": spanned(events, until),
        "follows": follows_closes(events),
        "steps": [
            [place for place in sorted(chain(*(step[origin] for origin in ORIGINS))) if place > common]
            for step in circle(world, events)
        ],
    }


def _at_end(events: Sequence[Event]) -> World:
    """The world that events make, at their end."""
    return next(along(events, [events[-1].moment]))[1]


def _label(history: History, main: History) -> str:
    """A branch's name; with its file's before it where that is another one."""
    return history.branch if history.path == main.path else f"{Path(history.path).stem}@{history.branch}"


def _story(story: Story) -> dict[str, Any]:
    return {
        "id": story.id,
        "title": story.title,
        "question": story.question,
        "edition": story.edition,
        **story.money.plain,
        "calendar": story.calendar.kind,
        "narratives": {narrative.id: narrative.sentence for narrative in story.narratives},
        "steps": [step.text for step in story.circle],
        "matched": f"Steps are {MATCHED}." if story.circle else "",
        "indices": [actor.id for actor in story.actors if INDEX in actor.roles],
    }


def _nodes(story: Story) -> list[str]:
    """The actors of the circle, in the order in which its steps first name them; all of them where the
    story names no circle.
    """
    if not story.circle:
        return [actor.id for actor in story.actors]
    wanted = [holder for step in story.circle for holder in (*step.from_, *step.to)]
    found: dict[str, None] = {}
    for holder in wanted:
        found |= {actor.id: None for actor in story.actors if holder in (actor.id, *actor.roles)}
    return list(found)


def _observations(observed: Observed, story: Story) -> dict[str, list[list[Any]]]:
    """Observed market values by actor: the moment, millions, and the source."""
    found: dict[str, list[list[Any]]] = {}
    scale = 10 ** (story.money.digits + 6)
    for row in observed.rows:
        if row.kind == "market_value":
            value = float(f"{row.value / scale:.6g}")
            found.setdefault(row.actor, []).append([row.moment, value, row.source])
    return found


def _steps(moments: Sequence[int]) -> list[int]:
    return [now - before for before, now in zip([0, *moments], moments, strict=False)]
