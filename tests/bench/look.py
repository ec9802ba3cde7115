"""Looking into a long history: ``python tests/bench/look.py``. One JSON line a figure.

The made-up mania of `histories` in a story that opens like any other, a million events of it in a
file. Each figure is of a command in a process of its own, least of the rounds; `beyond` is what it
takes longer than the same command on the first events of the same story.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from attrs import evolve
from histories import COMPANIES, facts

from events import writing
from events.event import Draft
from events.log import open_log
from narrative.run import Pen, begin
from narrative.scenario import Actor, Balance, Story
from narrative.stories import find_story
from narrative.timeline import read_story


def story() -> Story:
    """The story `loop` with the forty listed companies of the mania, and nobody to act."""
    loop = read_story(find_story("loop"))
    actors = tuple(
        Actor(id=name, name=name, listed=True, opening=(_held("value", 10**15), _held("cash", 10**12)))
        for name in COMPANIES
    )
    cast = evolve(loop.cast, default="none", role=())
    return evolve(loop, id="mania", actors=actors, links=(), circle=(), cast=cast)


def _held(account: str, amount: int) -> Balance:
    return Balance(account=account, amount=amount, moment=0, source="made up", confidence="high")


def history(path: Path, events: int) -> Path:
    """A history of that many events at that path; made only if it is not there."""
    if path.exists():
        return path
    writing.MOMENTS, writing.SECONDS = 10_000, 1e9  # nobody measures how it is made
    told = story()
    with open_log(path) as log:
        world = begin(log, "main", told, seed=1, cast="none", until=told.until)
        pen, start = Pen(log, "main", world, ()), told.start
        for moment, actor, fact in facts(events - world.position):
            pen.append(start + moment, [(Draft(actor, fact),)])
    return path


if __name__ == "__main__":
    history(Path(sys.argv[1]), int(sys.argv[2]))
