"""A history as a supposition finds it, read off its opening and what was supposed before."""

from collections.abc import Mapping

from attrs import evolve, frozen

from narrative.story.model import Entry, Story
from narrative.story.supposition import Supposed, amended
from narrative.story.values import Ground


@frozen(kw_only=True)
class Standing:
    """A history's timeline, what it withholds and its parameters; `since` is the moment from which it can be
    supposed upon: its opening, or its own latest supposition.
    """

    story: Story
    timeline: tuple[Entry, ...]
    withheld: Mapping[str, str]
    parameters: Mapping[str, float]
    since: int

    @staticmethod
    def of(story: Story) -> "Standing":
        """A story of which nothing has been supposed."""
        parameters = {parameter.name: parameter.value for parameter in story.parameters}
        return Standing(
            story=story, timeline=story.entries, withheld={}, parameters=parameters, since=story.start
        )

    def under(self, supposed: Supposed, at: int) -> "Standing":
        """The history after a supposition at that moment: its timeline amended, its parameters set."""
        return evolve(
            self,
            timeline=amended(self.timeline, supposed),
            withheld={**self.withheld, **supposed.without},
            parameters={**self.parameters, **supposed.set},
            since=at,
        )

    @property
    def ground(self) -> Ground:
        """The names, calendar and unit of money against which the words of a supposition are read."""
        story = self.story
        return Ground(
            calendar=story.calendar,
            unit=story.money,
            actors={actor.id for actor in story.actors},
            roles={role for actor in story.actors for role in actor.roles},
            narratives={narrative.id for narrative in story.narratives},
            entries={entry.id for entry in self.timeline},
        )
