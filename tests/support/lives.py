"""Living stories in memory, and cutting what was lived."""

from collections.abc import Sequence

from events.log import Log, open_log
from narrative.engine.begin import begin
from narrative.engine.run import live, world_at
from narrative.story.cast import Part
from narrative.story.catalogue import find_story
from narrative.story.model import Story
from narrative.story.reader import read_story

AI = "ai-2025"


def named(name: str) -> Story:
    return read_story(find_story(name))


def lived(
    story: Story,
    *,
    seed: int = 1,
    cast: str | None = None,
    until: int | None = None,
    parts: Sequence[Part] | None = None,
    log: Log | None = None,
    turns: list[int] | None = None,
) -> Log:
    """A history of a story, in memory unless a log is given; `turns` takes the moments at which
    somebody woke.
    """
    log = open_log(None) if log is None else log
    end = story.until if until is None else until
    world = begin(log, "main", story, seed=seed, cast=cast or story.cast.default, until=end)
    progress = None if turns is None else (lambda moment, events, until: turns.append(moment))
    live(log, "main", world, end, parts=parts, progress=progress)
    return log


def moments(log: Log, branch: str = "main") -> list[tuple[int, int]]:
    """(last position, moment) of every moment of a branch."""
    ends: dict[int, int] = {}
    for event in log.read(branch):
        ends[event.moment] = event.position
    return [(position, moment) for moment, position in ends.items()]


def next_batch(log: Log, branch: str, position: int, until: int, *, snapshots: bool = True) -> list[bytes]:
    """Fork after a position, suppose nothing, live one moment that appends: the digests appended."""
    name = f"cut-{position}-{snapshots}"
    log.fork(name, branch, position)
    world = world_at(log, name, snapshots=snapshots)
    live(log, name, world, until)
    return [row.digest for row in log.rows(name, position + 1)]
