"""The measures by name, each of a history as it stood at a moment, as plain data."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import asdict, frozen

from events.codec import nearest
from events.errors import Wrong
from events.event import Event
from narrative.analysis.every import Every
from narrative.analysis.history import History
from narrative.analysis.measures import (
    circularity,
    exuberance,
    injection,
    leverage,
    leverage_cycle,
    looping,
    output,
)
from narrative.analysis.replay import along
from narrative.engine.world import World
from narrative.story.calendar import DAY
from narrative.text.numbers import short

MONTHLY = Every(0, months=1)


class UnknownMeasure(Wrong):
    """A measure that there is not."""


class BadPayoff(Wrong):
    """A payoff of which there is no benchmark, or for a measure that has none."""


@frozen
class Span:
    """A history up to a moment: its events from the opening on, and the world that they make; and the bad
    payoff of a benchmark beside it.
    """

    world: World
    events: Sequence[Event]
    moment: int
    payoff: float

    @property
    def months(self) -> list[int]:
        """The last second of each month of it, and its last moment."""
        story = self.world.story
        return MONTHLY.ends(story.start, self.moment, story.calendar)


def measured(history: History, name: str, position: int, moment: int, payoff: float) -> dict[str, Any]:
    """A measure of a history at a moment: definition, source and figures."""
    module, plain = MEASURES[name]
    events = list(history.log.read(history.branch, 1, position))
    world = World(events[0])
    for event in events[1:]:
        world.step(event)
    return {
        "measure": name,
        "definition": module.DEFINITION,
        "source": module.SOURCE,
        "story": world.story.id,
        "branch": history.branch,
        "position": position,
        "moment": world.story.calendar.iso(moment),
        **world.story.money.plain,
        **plain(Span(world, events, moment, payoff)),
    }


def check_measure(name: str, *others: str, history: str) -> None:
    """Raises UnknownMeasure for a name that is no measure's, with the nearest, or with the right order where
    `history`, the argument beside it, is one; `others` are measures too.
    """
    known = [*MEASURES, *others]
    if name not in known:
        if history in known:
            raise UnknownMeasure(
                f'"{short(name)}" is no measure, and "{history}" is one: the measure comes first, as in '
                f"`narrative measure {history} {short(name)}`."
            )
        near = nearest(name.lower(), known)
        hint = f'Did you mean "{near}"?' if near else f"There are: {', '.join(known)}."
        raise UnknownMeasure(f'"{short(name)}" is no measure. {hint}')


def check_payoff(name: str, payoff: float | None) -> None:
    """Raises BadPayoff for a payoff that no benchmark takes."""
    if payoff is None:
        return
    if name != LEVERAGE:
        raise BadPayoff(f"{name} has no benchmark, so it takes no payoff: that is for leverage.")
    if not 0.0 <= payoff <= leverage_cycle.MOST:
        raise BadPayoff(
            f"{payoff:g} is no payoff on bad news: write a part of the good one, from 0 to "
            f"{leverage_cycle.MOST:g}."
        )


def _circularity(span: Span) -> dict[str, Any]:
    story = span.world.story
    rungs = [
        {
            **asdict(level, recurse=False),
            "share": level.share,
            "chance": level.chance and asdict(level.chance),
            "actors": [asdict(one) for one in level.actors],
            "rings": [asdict(ring) for ring in level.rings],
        }
        for level in circularity.circularity(story, span.events)
    ]
    path = [
        {
            "moment": story.calendar.iso(point.moment),
            "rungs": {
                rung: {"gross": gross, "circulating": point.circulating[rung]}
                for rung, gross in point.gross.items()
            },
        }
        for point in circularity.over_time(story, span.events, span.months)
    ]
    return {"rungs": rungs, "over_time": path}


def _output(span: Span) -> dict[str, Any]:
    found, iso = output.output(span.world, span.events, span.moment), span.world.story.calendar.iso
    return {
        "rungs": found.rungs,
        "outside": found.outside,
        "usual": found.usual,
        "reported_then": found.reported_then,
        "reported": found.reported,
        "companies": found.companies,
        "windows": [
            {**asdict(one), "since": iso(one.since), "until": iso(one.until)}
            for one in (found.before, found.now)
        ],
        "gross": asdict(found.gross),
        "net_of_circular": asdict(found.net_of_circular),
        "net_of_undelivered": asdict(found.net_of_undelivered),
    }


def _injection(span: Span) -> dict[str, Any]:
    story = span.world.story
    middle, low, high = injection.multiplier(story)
    return {
        "multiplier": {"value": middle, "low": low, "high": high},
        "assets": [
            {**asdict(one), "raised_by_gained": one.raised_by_gained}
            for one in injection.injection(story, span.events, span.moment)
        ],
    }


def _exuberance(span: Span) -> dict[str, Any]:
    """Log prices of what is quoted, up to the end of the record; of all listed where nothing is quoted."""
    story = span.world.story
    quoted = {quote.asset for quote in story.quotes}
    end = span.moment if story.record is None else min(span.moment, story.record.until)
    step = 1 + (end - story.start) // (7 * DAY) // exuberance.MOST
    weeks = list(range(story.start + 7 * DAY - 1, end + 1, 7 * DAY * step))
    series: dict[str, list[float]] = {}
    for moment, world in along(span.events, weeks):
        for actor in sorted(world.listed & quoted if quoted else world.listed):
            series.setdefault(actor, []).append(world.readings.log_price(actor, moment))
    found = {actor: exuberance.exuberance(values) for actor, values in series.items()}
    rows = [
        {
            **asdict(one, recurse=False),
            "asset": actor,
            "episodes": [
                {
                    "since": story.calendar.iso(weeks[episode.first]),
                    "until": story.calendar.iso(weeks[episode.last]),
                    "rising": episode.rising,
                }
                for episode in one.episodes
            ],
        }
        for actor, one in found.items()
        if one is not None
    ]
    return {"weeks": step, "assets": sorted(rows, key=lambda row: (-row["gsadf"], row["asset"]))}


def _gains(span: Span) -> dict[str, Any]:
    found = looping.gains(span.world, span.moment)
    return {
        "actors": {
            actor: {"up": up and asdict(up), "down": down and asdict(down)}
            for actor, (up, down) in found.items()
        }
    }


def _leverage(span: Span) -> dict[str, Any]:
    iso = span.world.story.calendar.iso
    return {
        "payoff": span.payoff,
        "benchmark": _benchmark(span.payoff),
        "over_time": [
            {
                "moment": iso(moment),
                "owners": [{"actor": owner, **_pledged(one)} for owner, one in owners.items()],
            }
            for moment, owners in leverage.over_time(span.events, span.months)
        ],
        "falls": [
            {
                **asdict(one, recurse=False),
                "since": iso(one.since),
                "until": iso(one.until),
                "amplification": one.amplification
                and dict(zip(("low", "high"), one.amplification, strict=True)),
                "before": _pledged(one.before),
                "after": _pledged(one.after),
            }
            for one in leverage.falls(span.events, span.moment)
        ],
    }


def _benchmark(payoff: float) -> dict[str, Any]:
    found = leverage_cycle.cycle(payoff)
    return {
        "alone": asdict(leverage_cycle.alone(payoff)),
        "leveraged": asdict(leverage_cycle.leveraged(payoff)),
        **asdict(found),
        "fall": found.fall,
        "news": found.news,
        "amplification": found.amplification,
    }


def _pledged(one: leverage.Pledged) -> dict[str, Any]:
    return {
        **asdict(one),
        "loan_to_value": one.loan_to_value,
        "leverage": one.leverage,
        "leverage_anew": one.leverage_anew,
    }


LEVERAGE = "leverage"
MEASURES: Mapping[str, tuple[Any, Callable[[Span], dict[str, Any]]]] = {
    "circularity": (circularity, _circularity),
    "output": (output, _output),
    "injection": (injection, _injection),
    "exuberance": (exuberance, _exuberance),
    "gains": (looping, _gains),
    LEVERAGE: (leverage, _leverage),
}
