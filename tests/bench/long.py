"""A long log in a file, to measure on: the made-up mania of `histories`, a moment an event."""

from pathlib import Path

from histories import facts

from events import writing
from events.event import Draft
from events.log import open_log


def long_log(path: Path, events: int) -> Path:
    """A log of that many events at that path; made only if it is not there."""
    if path.exists():
        return path
    writing.MOMENTS, writing.SECONDS = 10_000, 1e9  # nobody measures how it is made
    with open_log(path) as log:
        for position, (moment, actor, fact) in enumerate(facts(events)):
            log.append("main", position, moment, [(Draft(actor, fact),)])
    return path
