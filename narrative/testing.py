"""A test for writers of processes: a history that is cut after any moment lives on as if it had not been.

from narrative.testing import cut_anywhere
cut_anywhere("my_package.short_seller", "loop")
"""

from itertools import pairwise
from types import ModuleType

from attrs import evolve

from events.log import Log, open_log
from narrative.engine.begin import begin
from narrative.engine.run import live
from narrative.engine.world import unfold
from narrative.story.cast import parts
from narrative.story.catalogue import find_story
from narrative.story.declared import BadProcess, trusting
from narrative.story.model import Role, Story
from narrative.story.reader import read_story


@trusting()  # whoever names it here trusts it
def cut_anywhere(
    process: str | ModuleType, story: str | Story, *, actor: str | None = None, seed: int = 1
) -> int:
    """Live a story with a process in its cast, cut it after every moment, live one moment on from
    each cut, and compare: the number of cuts. A process that keeps nothing differs nowhere.

    `process` is a dotted path or a module; a story that casts it already is taken as it is, any other
    gives it the role of `actor` (the first actor by default). Raises BadProcess, which names the cut.
    """
    name = process if isinstance(process, str) else process.__name__
    told = story if isinstance(story, Story) else read_story(find_story(story))
    told = _with(told, name, actor or told.actors[0].id)
    log = open_log(None)
    live(log, "main", begin(log, "main", told, seed=seed, cast="full", until=told.until), told.until)
    ends = _ends(log)
    worlds = unfold(log.read("main"))  # never lived, so nothing that a process keeps is in them
    for (position, _), (following, moment) in pairwise(ends):
        branch = f"cut-{position}"
        log.fork(branch, "main", position)
        live(log, branch, next(world for world in worlds if world.position == position).copy(), moment)
        if _digests(log, branch, position) != _digests(log, "main", position, following):
            raise BadProcess(
                f"After a cut at position {position} the story with {name} lived on otherwise: something "
                "is kept that cannot be read off the world."
            )
    return len(ends) - 1


def _with(story: Story, process: str, actor: str) -> Story:
    if any(part.process == process for part in parts(story, "full")):
        return story
    role = Role(process=process, latency=1, of=(actor,))
    return evolve(story, cast=evolve(story.cast, role=(*story.cast.role, role)))


def _ends(log: Log) -> list[tuple[int, int]]:
    """(last position, moment) of every moment."""
    ends = {row.moment: row.position for row in log.rows("main")}
    return [(position, moment) for moment, position in ends.items()]


def _digests(log: Log, branch: str, position: int, last: int | None = None) -> list[bytes]:
    return [row.digest for row in log.rows(branch, position + 1, last)]
