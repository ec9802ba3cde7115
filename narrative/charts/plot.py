"""The charts of `plot`: a reading, the rungs or the circle of one or more histories."""

from collections.abc import Sequence
from math import exp
from pathlib import Path
from typing import Any

from events.errors import Wrong
from events.event import Event
from events.files import beside
from narrative.analysis.circle import turns
from narrative.analysis.compare import check_alike, check_apart
from narrative.analysis.every import Every
from narrative.analysis.every import every as step_of
from narrative.analysis.history import History, lived_to
from narrative.analysis.record import every_close, parts
from narrative.analysis.replay import along, reading, rungs, walk
from narrative.analysis.resolve import actor_named, reading_named
from narrative.books.table import RUNGS
from narrative.charts.draw import BROKEN, WHOLE, Chart, Line, drawn
from narrative.engine.world import World
from narrative.story.calendar import DAY, Calendar
from narrative.story.model import Story
from narrative.story.observed import observed_beside
from narrative.text.words import clean

POINTS = 240  # on each line, where no step is said
MOST = 2_000  # points on a line, where a step is said
WIDEST = {1: 6, 2: 3}  # how many actors are drawn by themselves, of one history and of more
SHARES = ("belief_share", "loan_to_value")
TITLES = {
    "valuation": "Value", "belief": "Belief in the log price", "belief_share": "Belief as a part of value",
    "loan_to_value": "Loan-to-value", "collateral": "Pledged collateral", "backlog": "Backlog, and delivered",
    "rungs": "Announced, committed, paid, delivered", "circle": "Turns of the circle",
}  # fmt: skip  # one table


class BadChart(Wrong):
    """A chart that cannot be drawn: no such reading or actor, or nothing known to draw."""


DRAWN = (".svg", ".png")


def what_named(what: str, output: str | Path) -> str:
    """The name of the reading to draw. Raises UnknownReading, BadChart (`output` is no .svg or .png)."""
    name = reading_named("rungs" if what.strip().lower() == "funnel" else what, ("rungs", "circle"))
    if Path(output).suffix.lower() not in DRAWN:
        raise BadChart(f"{output} ends in no format that is drawn; end it in .svg or .png.")
    return name


def plotted(
    found: Sequence[History],
    labels: Sequence[str],
    name: str,
    actors: Sequence[str],
    every: str | None,
    *,
    log: bool,
    path: Path,
) -> dict[str, Any]:
    """Draw a chart into a file; gives what is on it. Raises BadChart, TwiceNamed, Unwritable."""
    drawing = chart(found, labels, name, actors, every, log=log)
    with beside(path) as part:
        part.write_bytes(drawn(drawing, path.suffix.lower()))
    return {
        "what": name,
        "histories": list(labels),
        "file": str(path),
        "lines": [
            {"name": line.name, "history": line.history, "measure": line.measure, "points": len(line.points)}
            for line in drawing.lines
        ],
        "observed": sum(len(line.observed) for line in drawing.lines),
        "caption": " ".join(drawing.caption),
    }


def chart(
    found: Sequence[History],
    labels: Sequence[str],
    name: str,
    asked: Sequence[str],
    every: str | None,
    *,
    log: bool,
) -> Chart:
    """A chart of what `what_named` gives, of histories of one story. Raises BadChart, TwiceNamed."""
    if not found:
        raise BadChart(
            "plot takes a history and what to draw of it, as in: narrative plot ai-2025 valuation."
        )
    check_apart(found)
    story = check_alike(found)
    wanted = [actor_named(story, actor) for actor in asked]
    if wanted and name in ("rungs", "circle"):
        raise BadChart(f"{TITLES[name]} is a chart of the whole story; leave --actor away.")
    if name == "circle" and len(found) > 1:
        raise BadChart("The circle is drawn of one history at a time; plot each by itself.")
    if name == "circle" and (every is not None or log):
        raise BadChart("The circle is drawn at its steps and counted in turns; leave --every and --log away.")
    if name == "circle" and not story.circle:
        raise BadChart(f"{story.id} has no circle; add a circle to its replay.toml, or plot rungs.")
    until = min(lived_to(history) for history in found)
    moments = _moments(story.start, until, every, story.calendar)
    if name == "circle":
        lines = _turns(found[0], labels[0], story)
    elif name == "rungs":
        lines = _rungs(found, labels, moments)
    else:
        lines = _readings(found, labels, story, name, wanted, moments)
    if not any(value is not None for line in lines for _, value in line.points):
        whose = f" of {', '.join(asked)}" if asked else ""
        raise BadChart(f"{labels[0]} knows no {name.replace('_', ' ')}{whose}, so there is nothing to draw.")
    return Chart(
        what=name,
        title=f"{TITLES.get(name, name.replace('_', ' ').capitalize())}: {clean(story.title)}",
        lines=tuple(lines),
        unit="share" if name in SHARES else "plain" if name in ("belief", "circle") else "money",
        money=(story.money.currency, story.money.digits),
        calendar=story.calendar,
        span=(story.start, until),
        log=log,
        caption=_caption(name, story, found, labels, lines),
    )


def _moments(start: int, until: int, every: str | None, calendar: Calendar) -> list[int]:
    """The moments at which lines have points, in seconds. Raises BadChart where they are more than MOST."""
    step = Every(max((until - start) // POINTS, 1)) if every is None else step_of(every)
    points = (until - start) // (step.seconds or step.months * 28 * DAY)
    if points > MOST:
        raise BadChart(
            f"Every {every} is {points:,} points on a line, of which at most {MOST:,} are drawn; say "
            f"--every {-(-(until - start) // (MOST * DAY))}d or more."
        )
    return step.moments(start, until, calendar)


def _readings(
    found: Sequence[History],
    labels: Sequence[str],
    story: Story,
    name: str,
    wanted: Sequence[str],
    moments: list[int],
) -> list[Line]:
    columns = [name, "delivered"] if name == "backlog" else [name]
    series: dict[tuple[int, str, str], list[tuple[int, float | None]]] = {}
    explained: dict[str, list[tuple[int, float | None]]] = {}
    # Of what may hold closes the events are kept, so that the log is read once; others are read as they are
    # asked for, however long.
    kept = name == "valuation" and len(found) == 1 and bool(story.quotes)
    events = list(found[0].log.read(found[0].branch)) if kept else []
    closed = _closes(events, story, moments[-1])
    for index, history in enumerate(found):
        worlds = along(events, moments) if kept else walk(history.log, history.branch, moments)
        for at, world in worlds:
            for actor in wanted or [actor.id for actor in story.actors]:
                values = reading(world, actor, at)
                if actor in closed:
                    explained.setdefault(actor, []).append((at, _explained(world, actor, at)))
                for column in columns:
                    series.setdefault((index, actor, column), []).append((at, values[column]))
    who = wanted or _widest(series, name, len(found))
    names = {actor.id: clean(actor.name) for actor in story.actors}
    observed = observed_beside(story)
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
            and moments[0] <= row.moment <= moments[-1]
        ]
        label = labels[index] if len(found) > 1 else ""
        if actor in closed:
            under = _under(closed[actor], explained[actor])
            line = Line(names[actor], label, column, closed[actor], (), recorded=True, explained=under)
        else:
            line = Line(names[actor], label, column, tuple(points), tuple(seen))
        lines.append(line)
    order = {names[actor]: i for i, actor in enumerate(who)}
    return sorted(lines, key=lambda line: order[line.name])


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


def _under(
    closes: Sequence[tuple[int, float]], explained: Sequence[tuple[int, float | None]]
) -> tuple[tuple[int, float | None], ...]:
    """The points of an explained value: the first close, then those known up to the last; empty if none."""
    (first, opening), (last, _) = closes[0], closes[-1]
    known = [(at, value) for at, value in explained if value is not None and first < at <= last]
    return ((first, opening), *known) if known else ()


def _explained(world: World, actor: str, at: int) -> float | None:
    """A company's value, in smallest units, if only news, trades, policy and liquidity moved it; or None."""
    made = parts(world, actor, at)
    if made is None:
        return None
    return exp((made.whole - made.market - made.sector - made.own) * 1e-9)


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


def _rungs(found: Sequence[History], labels: Sequence[str], moments: list[int]) -> list[Line]:
    lines = []
    for index, history in enumerate(found):
        seen = [(at, rungs(world)) for at, world in walk(history.log, history.branch, moments)]
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
        lines.append(Line(f"turn {number}", label, BROKEN if turn.missing else WHOLE, points, marks=marks))
    return lines


def _caption(
    name: str,
    story: Story,
    found: Sequence[History],
    labels: Sequence[str],
    lines: Sequence[Line],
) -> tuple[str, ...]:
    heads = [history.log.head(history.branch) for history in found]
    which = "; ".join(
        f"{label} at #{head.position}, digest {head.digest.hex()[:16]}…"
        for label, head in zip(labels, heads, strict=True)
    )
    seen = "Lines are the replay's"
    if any(line.recorded for line in lines):
        seen = "Bold lines join closes on record"
        seen += (
            "; thin ones are what news and policy explain" if any(line.explained for line in lines) else ""
        )
        seen += "" if all(line.recorded for line in lines) else "; the others are the replay's"
    seen += "; rings are what was observed." if any(line.observed for line in lines) else "."
    if name == "rungs":
        seen = "Lines are the replay's, and are never added together."
    if name == "circle":
        seen = "Numbers are the circle's steps; a turn in blue took each of them, one in orange broke off."
    return (
        f"{seen} A replay, not a forecast.",
        f"Story {story.id}, edition {clean(story.edition)}: {clean(which)}",
    )
