"""The parts of a cast: processes that play actors."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen

from events.event import OUTSIDE
from narrative.story.model import Actor, Role, Story

READERS = ("market", "anchoring")  # who reads for the whole market: the default cast
ALONE = (*READERS, "insolvency", "noise")  # one part plays for everybody


@frozen
class Part:
    """One process playing one actor, from `since` to `until` where the story gives it a span."""

    process: str
    actor: str
    latency: int = 1
    reads: Mapping[str, tuple[str, ...]] = {}
    since: int | None = None
    until: int | None = None
    name: str = field()  # what tells this part from the others of its cast

    @name.default
    def _named(self) -> str:
        return f"{self.process}:{self.actor}"


def parts(story: Story, cast: str) -> tuple[Part, ...]:
    """The parts of a cast: "none" tells the record, "market" adds its readers, "full" everyone."""
    found = [Part("telling", "story")]
    for role in story.cast.role:
        if cast == "full" or (cast == "market" and role.process in READERS):
            found += [
                Part(role.process, actor, role.latency, role.reads, role.from_, role.until)
                for actor in played(story.actors, role)
            ]
    return tuple(_told_apart(found))


def _told_apart(found: Iterable[Part]) -> Iterator[Part]:
    """Yield parts, a number behind the name of each that plays its actor a second time."""
    seen: Counter[str] = Counter()
    for part in found:
        seen[part.name] += 1
        yield part if seen[part.name] == 1 else evolve(part, name=f"{part.name}:{seen[part.name]}")


def played(actors: Iterable[Actor], role: Role) -> list[str]:
    """The actors that a role is of: all of them where it does not say."""
    if role.process in ALONE:
        return ["market"]
    found = [actor.id for actor in actors if not role.of or {actor.id, *actor.roles}.intersection(role.of)]
    return [*found, OUTSIDE] if OUTSIDE in role.of else found
