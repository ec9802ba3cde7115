"""The measures by name, each of a history as it stood at a moment, as plain data."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import asdict, frozen

from events.codec import nearest
from events.errors import Wrong
from events.event import Event
from narrative.analysis.every import Every
from narrative.analysis.history import History
from narrative.analysis.measures import circularity
from narrative.engine.world import World
from narrative.text.numbers import short

MONTHLY = Every(0, months=1)


class UnknownMeasure(Wrong):
    """A measure that there is not."""


@frozen
class Span:
    """A history up to a moment: its events from the opening on, and the world that they make."""

    world: World
    events: Sequence[Event]
    moment: int

    @property
    def months(self) -> list[int]:
        """The last second of each month of it, and its last moment."""
        story = self.world.story
        return MONTHLY.ends(story.start, self.moment, story.calendar)


def measured(history: History, name: str, position: int, moment: int) -> dict[str, Any]:
    """A measure of a history at a moment: definition, source and figures. Raises UnknownMeasure."""
    check_measure(name)
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
        **plain(Span(world, events, moment)),
    }


def check_measure(name: str) -> None:
    """Raises UnknownMeasure, with the nearest, for a name that is no measure's."""
    if name not in MEASURES:
        near = nearest(name.lower(), MEASURES)
        hint = f'Did you mean "{near}"?' if near else f"There are: {', '.join(MEASURES)}."
        raise UnknownMeasure(f'"{short(name)}" is no measure. {hint}')


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


MEASURES: Mapping[str, tuple[Any, Callable[[Span], dict[str, Any]]]] = {
    "circularity": (circularity, _circularity),
}
