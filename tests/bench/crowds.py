"""Many actors: ``python tests/bench/crowds.py [YEARS]``, one JSON line a size.

Each is lived into a database, in a process of its own, and gives events a second of processor, the load of
the machine, the most memory, and what of it stood before anything was lived.
The loop is put beside itself so many times, each copy with actors of its own; a copy has five.
"""

import json
import os
import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from attrs import evolve, fields_dict

from events.log import open_log
from narrative.engine.begin import begin
from narrative.engine.run import live
from narrative.story.catalogue import find_story
from narrative.story.model import Story
from narrative.story.reader import read_story

YEAR = 365 * 86_400


def copies(count: int) -> Story:
    """The loop so many times over, in one story."""
    story = read_story(find_story("loop"))
    ids = [actor.id for actor in story.actors]

    def named(one: str, number: int) -> str:
        return f"{one}-{number}" if one in ids and number else one

    actors, links, parameters = [], [], list(story.parameters)
    for number in range(count):
        for actor in story.actors:
            opening = tuple(
                evolve(b, asset=named(b.asset, number)) if "asset" in fields_dict(type(b)) and b.asset else b
                for b in actor.opening
            )
            actors.append(evolve(actor, id=named(actor.id, number), opening=opening))
        links += [evolve(r, from_=named(r.from_, number), to=named(r.to, number)) for r in story.links]
        for one in story.parameters if number else ():
            name, dot, whose = one.name.partition(".")
            if dot:
                parameters.append(evolve(one, name=f"{name}.{named(whose, number)}"))
    return evolve(story, actors=tuple(actors), links=tuple(links), parameters=tuple(parameters))


def measured(count: int, years: int) -> dict[str, float]:
    """One size, lived and counted."""
    story = copies(count)
    end = story.start + years * YEAR
    before = _most()
    with TemporaryDirectory() as folder, open_log(Path(folder) / "crowd.db") as log:
        start = process_time()
        world = begin(log, "main", story, seed=1, cast="full", until=end)
        pen = live(log, "main", world, end)
        took = process_time() - start
    line = {"actors": 5 * count, "years": years, "events": pen.events, "seconds": round(took, 1)}
    line |= {"events_a_second": round(pen.events / took), "load": round(os.getloadavg()[0], 1)}
    return line | {"most_memory_MiB": _most(), "before_MiB": before}


def _most() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    years = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    for count in (1, 4, 20):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:  # memory counts from nothing
            print(json.dumps(alone.submit(measured, count, years).result()), flush=True)
