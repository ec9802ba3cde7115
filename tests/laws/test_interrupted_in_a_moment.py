"""A moment is whole or is not: whoever is stopped while deciding, nobody's acts of it are appended,
and what is lived on from there is what would have been lived.

Tried: without `pen.failed`, SimPy closes the moment before it tells of the failure, without the part
that failed; each of these then ends with another digest.
"""

from importlib import import_module

import pytest

from events.log import open_log
from narrative.engine.begin import begin
from narrative.engine.run import live, world_at
from narrative.story.catalogue import find_story
from narrative.story.reader import read_story

UNTIL = 200 * 86_400  # after the story's start


@pytest.mark.parametrize(
    "name", ["announcing", "ordering", "supplying", "earning", "investing", "funding", "pledging", "market"]
)
@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_a_part_that_is_stopped_while_deciding_leaves_its_moment_unlived(name, error, monkeypatch) -> None:
    story = read_story(find_story("loop"))
    end = story.start + UNTIL
    whole = open_log(None)
    live(whole, "main", begin(whole, "main", story, seed=3, cast="full", until=end), end)

    module = import_module(f"narrative.engine.processes.{name}")
    plain, calls = module.decide, []

    def stopped(world, part, now):
        acts = plain(world, part, now)
        calls.append(now)
        if acts:
            monkeypatch.setattr(module, "decide", plain)
            raise error("stopped")
        return acts

    monkeypatch.setattr(module, "decide", stopped)
    log = open_log(None)
    with pytest.raises(error):
        live(log, "main", begin(log, "main", story, seed=3, cast="full", until=end), end)
    head = log.head("main")
    assert head.moment < calls[-1]
    live(log, "main", world_at(log, "main"), end, since=head.lived)
    assert log.head("main").digest == whole.head("main").digest
