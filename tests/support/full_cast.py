"""The record of 2025 with everyone playing, lived past its end."""

from functools import cache

from events.log import Log
from narrative.story.cast import Part, parts
from narrative.story.model import Story
from support.lives import AI, lived, named

SEEDS = (1, 2, 3)
STORY: Story = named(AI)
END = STORY.calendar.at("2027-12-31")


@cache
def woken(seed: int) -> tuple[Log, list[int]]:
    """A history of a seed, lived once, and when somebody woke; branches of it do not touch its main."""
    turns: list[int] = []
    return lived(STORY, seed=seed, cast="full", until=END, turns=turns), turns


def history(seed: int) -> Log:
    return woken(seed)[0]


def played_by(process: str) -> list[Part]:
    """The parts of the full cast that a process plays."""
    return [part for part in parts(STORY, "full") if part.process == process]
