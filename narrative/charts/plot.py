"""The charts of `plot`: a reading, the rungs or the circle of one or more histories."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import evolve

from events.event import Event
from events.files import beside
from events.market_facts import Quote
from narrative.analysis.circle import turns, whole
from narrative.analysis.compare import check_alike, check_apart
from narrative.analysis.history import History, lived_to
from narrative.analysis.observing import observed_of
from narrative.analysis.record import every_close, explained, follows_closes
from narrative.analysis.replay import along, reading, rungs, walk
from narrative.analysis.resolve import actor_named, reading_named
from narrative.books.table import RUNGS
from narrative.charts.alternative import alternative, described
from narrative.charts.caption import caption_of
from narrative.charts.draw import BROKEN, WHOLE, Chart, Line, check_drawn, drawn
from narrative.charts.moves import Move, largest_moves
from narrative.charts.window import Asked, BadChart, Points, Window, window
from narrative.story.model import Story
from narrative.text.words import clean

WIDEST = {1: 6, 2: 3}  # how many actors are drawn by themselves, of one history and of more
SHARES = ("belief_share", "loan_to_value")
TITLES = {
    "valuation": "Value", "belief": "Belief in the log price", "belief_share": "Belief as a part of value",
    "loan_to_value": "Loan-to-value", "collateral": "Pledged collateral", "backlog": "Backlog, and delivered",
    "rungs": "Announced, committed, paid, delivered", "circle": "Turns of the circle",
}  # fmt: skip  # one table


def what_named(what: str, output: str | Path) -> str:
    """The name of the reading to draw. Raises UnknownReading, BadChart (`output` is no .svg or .png)."""
    name = reading_named("rungs" if what.strip().lower() == "funnel" else what, ("rungs", "circle"))
    check_drawn(output)
    return name


def plotted(
    found: Sequence[History],
    labels: Sequence[str],
    name: str,
    actors: Sequence[str],
    asked: Asked,
    path: Path,
) -> dict[str, Any]:
    """Draw a chart into a file; gives what is on it. Raises BadChart, TwiceNamed, Unwritable."""
    drawing = chart(found, labels, name, actors, asked)
    suffix, words = path.suffix.lower(), alternative(drawing)
    with beside(path) as part:
        part.write_bytes(described(drawn(drawing, suffix), suffix, drawing.title, words))
    return {
        "what": name,
        "histories": list(labels),
        "file": str(path),
        "lines": [
            {"name": line.name, "history": line.history, "measure": line.measure, "points": len(line.points)}
            for line in drawing.lines
        ],
        "observed": sum(len(line.observed) for line in drawing.lines),
        "moves": [
            {
                "asset": move.asset, "moment": drawing.calendar.iso(move.moment), "step": move.step,
                "moved": move.moved, "headline": move.headline, "source": move.source,
            }
            for move in drawing.moves
        ],
        "caption": " ".join(drawing.caption),
        "alt": words,
    }  # fmt: skip  # a move in three lines


def chart(
    found: Sequence[History], labels: Sequence[str], name: str, who: Sequence[str], asked: Asked
) -> Chart:
    """A chart of what `what_named` gives, of histories of one story. Raises BadChart, BadDate, TwiceNamed."""
    if not found:
        raise BadChart(
            "plot takes a history and what to draw of it, as in: narrative plot ai-2025 valuation."
        )
    check_apart(found)
    story = check_alike(found)
    wanted = [actor_named(story, actor) for actor in who]
    _check(name, wanted, asked, len(found), story)
    span = window(asked, story, min(lived_to(history) for history in found))
    events: list[Event] = []
    if name == "circle":
        lines = _turns(found[0], labels[0], story)
    elif name == "rungs":
        lines = _rungs(found, labels, span)
    else:
        # Of one history's values the events are kept, for its closes and moves, so that the log is read once;
        # others are read as they are asked for, however long.
        events = list(found[0].log.read(found[0].branch)) if name == "valuation" and len(found) == 1 else []
        lines = _readings(found, labels, story, name, wanted, span, events)
    if not any(value is not None for line in lines for _, value in line.points):
        whose = f" of {', '.join(who)}" if who else ""
        raise BadChart(f"{labels[0]} knows no {name.replace('_', ' ')}{whose}, so there is nothing to draw.")
    moves = _moves(events, story, lines, span)
    title = TITLES.get(name, name.replace("_", " ").capitalize())
    title += f", 100 on {story.calendar.long_day(span.base)}" if span.base is not None else ""
    actors = {line.name for line in lines}
    alone = name in ("rungs", "circle", "backlog") or len(actors) < 2 or span.base is not None
    return Chart(
        what=name,
        title=f"{title}: {clean(story.title)}",
        lines=tuple(lines),
        unit="index" if span.base is not None else _UNITS.get(name, "money"),
        money=(story.money.currency, story.money.digits),
        calendar=story.calendar,
        span=(span.since, _end(lines, span, asked)),
        log=asked.log,
        caption=caption_of(name, story, found, labels, lines, moves),
        moves=moves,
        panels=not (alone or asked.together),
    )


_UNITS = dict.fromkeys(SHARES, "share") | {"belief": "plain", "circle": "plain"}


def _check(name: str, wanted: Sequence[str], asked: Asked, histories: int, story: Story) -> None:
    """Raises BadChart for what cannot be asked together."""
    if wanted and name in ("rungs", "circle"):
        raise BadChart(f"{TITLES[name]} is a chart of the whole story; leave --actor away.")
    if name == "circle" and histories > 1:
        raise BadChart("The circle is drawn of one history at a time; plot each by itself.")
    if name == "circle" and asked != Asked():
        raise BadChart(
            "The circle is drawn whole, at its steps, and counted in turns; leave --every, --since, --until, "
            "--index, --log and --together away."
        )
    if name == "circle" and not story.circle:
        raise BadChart(f"{story.id} has no circle; add a circle to its replay.toml, or plot rungs.")
    if asked.index is not None and (name == "rungs" or name in _UNITS):
        raise BadChart(
            f"{TITLES[name]} cannot be 100 on a day; --index is for sums of one actor, such as valuation."
        )


def _end(lines: Sequence[Line], span: Window, asked: Asked) -> int:
    """The end of the axis: the last close where all lines are closes, so that no month stands empty."""
    if asked.until is not None or not all(line.recorded for line in lines):
        return span.until
    return max(at for line in lines for at, _ in line.points)


def _moves(events: Sequence[Event], story: Story, lines: Sequence[Line], span: Window) -> tuple[Move, ...]:
    """The told moves to be named: of the companies drawn, on a chart of one history's values, whose events
    these are; none on others.
    """
    drawn_lines = {line.name: line for line in lines}
    names, spans = {}, {}
    for actor in story.actors:
        if (line := drawn_lines.get(clean(actor.name))) is not None:
            names[actor.id] = line.name
            ends = (line.points[0][0], line.points[-1][0]) if line.recorded else (span.since, span.until)
            spans[actor.id] = ends
    return largest_moves(events, story, names, spans)


def _readings(
    found: Sequence[History],
    labels: Sequence[str],
    story: Story,
    name: str,
    wanted: Sequence[str],
    span: Window,
    events: Sequence[Event],
) -> list[Line]:
    columns = [name, "delivered"] if name == "backlog" else [name]
    series: dict[tuple[int, str, str], list[tuple[int, float | None]]] = {}
    told: dict[str, list[tuple[int, float | None]]] = {}
    closed = _closes(events if story.quotes else (), story, span.moments[-1])
    several = name == "valuation" and len(found) > 1 and bool(story.quotes)
    both = _last_closes(found, span.moments[-1]) if several else {}
    for index, history in enumerate(found):
        worlds = along(events, span.moments) if events else walk(history.log, history.branch, span.moments)
        for at, world in worlds:
            for actor in wanted or [actor.id for actor in story.actors]:
                values = reading(world, actor, at)
                if actor in closed:
                    told.setdefault(actor, []).append((at, explained(world, actor, at)))
                for column in columns:
                    series.setdefault((index, actor, column), []).append((at, values[column]))
    who = wanted or _widest(series, name, len(found))
    twice = Counter(actor.name for actor in story.actors)
    names = {a.id: clean(f"{a.name} ({a.id})" if twice[a.name] > 1 else a.name) for a in story.actors}
    observed = observed_of(found[0])
    lines = []
    for (index, actor, column), points in series.items():
        if actor not in who or not any(value for _, value in points):
            continue
        seen = [
            (row.moment, row.value)
            for row in observed.rows
            if name == "valuation"
            and index == 0
            and row.kind == "market_value"
            and row.actor == actor
            and span.base is None
            and span.since <= row.moment <= span.until
        ]
        label = labels[index] if len(found) > 1 else ""
        if actor in closed:
            under = _under(closed[actor], told[actor])
            line = Line(names[actor], label, column, closed[actor], (), recorded=True, explained=under)
        else:
            last = both.get((index, actor))
            line = Line(names[actor], label, column, tuple(points), tuple(seen), closed=last)
        lines.append(_seen_through(line, span))
    order = {names[actor]: i for i, actor in enumerate(who)}
    return sorted(lines, key=lambda line: order[line.name])


def _seen_through(line: Line, span: Window) -> Line:
    """A line within a window, 100 where that says so."""

    def of(points: Points) -> tuple[tuple[int, float | None], ...]:
        return span.within(span.rebased(points, line.name)) if points else ()

    return evolve(line, points=of(line.points), explained=of(line.explained))


def _closes(events: Sequence[Event], story: Story, until: int) -> dict[str, tuple[tuple[int, float], ...]]:
    """The closes on record of each actor up to a moment, from its opening value on. None in a history
    that supposes anything: its values are no record.
    """
    if any(event.origin == "supposed" for event in events):
        return {}
    found: dict[str, list[tuple[int, float]]] = {}
    for asset, position, value in every_close(events):
        if (at := events[position - 1].moment) <= until:
            found.setdefault(asset, []).append((at, float(value)))
    for actor in story.actors:
        opening = next((b.amount for b in actor.opening if b.account == "value"), None)
        if actor.id in found and actor.listed and opening:
            found[actor.id].insert(0, (story.start, float(opening)))
    return {asset: tuple(points) for asset, points in found.items()}


def _last_closes(found: Sequence[History], until: int) -> dict[tuple[int, str], int]:
    """The moment of the last close of each actor up to a moment, by the number of its history; none of one
    whose prices are others.
    """
    last: dict[tuple[int, str], int] = {}
    for index, history in enumerate(found):
        events = list(history.log.read(history.branch))
        if follows_closes(events):
            for event in events:
                if isinstance(event.fact, Quote) and event.moment <= until:
                    last[index, event.fact.asset] = event.moment
    return last


def _under(
    closes: Sequence[tuple[int, float]], told: Sequence[tuple[int, float | None]]
) -> tuple[tuple[int, float | None], ...]:
    """The points of an explained value: the first close, then those known up to the last; empty if none."""
    (first, opening), (last, _) = closes[0], closes[-1]
    known = [(at, value) for at, value in told if value is not None and first < at <= last]
    return ((first, opening), *known) if known else ()


def _widest(
    series: dict[tuple[int, str, str], list[tuple[int, float | None]]], name: str, histories: int
) -> list[str]:
    """Whom to draw where nobody is named: the largest, or those whom two histories tell most apart."""
    sizes: dict[str, float] = {}
    for (index, actor, column), points in series.items():
        if column != name or index:
            continue
        known = [value for _, value in points if value is not None]
        if histories > 1:
            other = dict(series[1, actor, column])
            gaps = [abs(v - o) for at, v in points if v is not None and (o := other.get(at)) is not None]
            sizes[actor] = max(gaps, default=0.0)
        elif known and any(known):
            sizes[actor] = known[-1]
    if not any(sizes.values()):  # alike: as of one history
        return _widest(series, name, 1) if histories > 1 else []
    order = sorted((actor for actor in sizes if sizes[actor] or histories == 1), key=lambda a: -sizes[a])
    most = WIDEST[min(histories, 2)] if name != "backlog" else 3
    return order[:most]


def _rungs(found: Sequence[History], labels: Sequence[str], span: Window) -> list[Line]:
    lines = []
    for index, history in enumerate(found):
        seen = [(at, rungs(world)) for at, world in walk(history.log, history.branch, span.moments)]
        label = labels[index] if len(found) > 1 else ""
        lines += [Line(rung, label, "rungs", tuple((at, float(t[rung])) for at, t in seen)) for rung in RUNGS]
    return lines


def _turns(history: History, label: str, story: Story) -> list[Line]:
    """A line a turn: its steps at their dates, at the height of the turn's number."""
    lines = []
    for number, turn in enumerate(turns(story, list(history.log.read(history.branch))), 1):
        steps = sorted(turn.taken, key=lambda taken: taken.event.moment)
        points = tuple((taken.event.moment, float(number)) for taken in steps)
        marks = tuple(f"{taken.step}" for taken in steps)
        lines.append(Line(f"turn {number}", label, WHOLE if whole(turn) else BROKEN, points, marks=marks))
    return lines
