"""Processes remember nothing and change nothing: asked twice, they answer twice alike.

Every part of the loop is asked at every tenth event of a history that holds forced sales, at the
moment it is due and at one at which it is not.
"""

from collections.abc import Iterator

from support.lives import lived, named

from narrative.engine.world import World, unfold
from narrative.story.cast import Part
from narrative.story.declared import module_of

STRIDE = 10
SEED = 20


def looked_at() -> Iterator[World]:
    """The same world object, stepped through the history."""
    return (world for world in unfold(lived(named("loop"), seed=SEED).read("main")) if world.position > 17)


def asked(world: World, part: Part) -> list[object]:
    module = module_of(part.process)
    when = module.due(world, part, world.moment)
    moments = [world.moment + 1] if when is None else [world.moment + 1, when]
    return [when, *(module.decide(world, part, moment) for moment in moments)]


def test_asked_twice_they_answer_alike_and_the_world_stands_as_it_stood() -> None:
    for world in looked_at():
        if world.position % STRIDE == 0:
            before = world.dump()
            for part in world.parts:
                assert asked(world, part) == asked(world, part), (world.position, part.name)
            assert world.dump() == before


def test_they_are_due_strictly_later() -> None:
    for world in looked_at():
        if world.position % STRIDE == 0:
            for part in world.parts:
                for now in (world.moment, world.moment + 7_200, world.moment + 40 * 86_400):
                    due = module_of(part.process).due(world, part, now)
                    assert due is None or due > now, (world.position, part.name, now)


def test_another_that_knows_the_same_answers_the_same() -> None:
    warm = list(looked_at())[-1]
    cold = list(looked_at())[-1]
    assert warm is not cold
    for part in warm.parts:
        assert asked(warm, part) == asked(cold, part), part.name
