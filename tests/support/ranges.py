"""Stories whose parameters stand somewhere else in their ranges."""

from random import Random

from attrs import evolve

from narrative.story.model import Parameter, Story


def drawn(story: Story, draw: int) -> Story:
    """A story whose acting parameters stand somewhere in their ranges, every third at an end."""
    lot = Random(draw)

    def put(parameter: Parameter) -> Parameter:
        if parameter.reads != "acting":
            return parameter
        low, high = parameter.low, parameter.high
        value = lot.choice((low, high)) if lot.random() < 1 / 3 else lot.uniform(low, high)
        return evolve(parameter, value=value)

    return evolve(story, parameters=tuple(map(put, story.parameters)))
