"""The record of 2025 with everyone playing, lived past its end."""

from functools import cache

from lives import AI, lived, named

from events.log import Log
from narrative.cast import Part, parts
from narrative.scenario import Story

SEEDS = (1, 2, 3)
STORY: Story = named(AI)
END = STORY.calendar.at("2027-12-31")


@cache
def history(seed: int) -> Log:
    """A history of a seed, lived once; branches of it do not touch its main."""
    return lived(STORY, seed=seed, cast="full", until=END)


def played_by(process: str) -> list[Part]:
    """The parts of the full cast that a process plays."""
    return [part for part in parts(STORY, "full") if part.process == process]
