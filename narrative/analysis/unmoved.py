"""Whether a branch that supposes something changed nothing, and why."""

from collections import Counter
from collections.abc import Sequence

from events.event import Event
from events.record_facts import Supposition
from narrative.analysis.compare import match, parting
from narrative.analysis.history import History, lived_to, opening_of, story_of
from narrative.analysis.replay import along, reading
from narrative.story.cast import parts
from narrative.story.parameters import asked_by
from narrative.story.supposition import Supposed


def unmoved(one: History, other: History, logs: Sequence[Sequence[Event]]) -> str | None:
    """Why another history differs from the first in no event that was not supposed, and in no reading at
    their common end, in words; None where it does. `logs` are the events of the two, from the opening.
    """
    at, common = min(lived_to(one), lived_to(other)), parting(one, other).position
    tails = [[event for event in log[common:] if event.moment <= at] for log in logs]
    retold = {_entry(event) for event in tails[1] if event.origin == "supposed"} - {None}
    lived = [
        [event for event in tail if not isinstance(event.fact, Supposition) and _entry(event) not in retold]
        for tail in tails
    ]
    if Counter(map(match, lived[0])) != Counter(map(match, lived[1])):
        return None
    worlds = [next(along(log, [at]))[1] for log in logs]
    actors = [actor.id for actor in worlds[0].story.actors]
    if any(reading(worlds[0], actor, at) != reading(worlds[1], actor, at) for actor in actors):
        return None
    facts = [event.fact for tail in tails for event in tail]
    supposed = [Supposed.load(fact.text) for fact in facts if isinstance(fact, Supposition)]
    if not supposed:
        return "it supposes nothing"
    playing = {part.process for part in parts(story_of(other), opening_of(other).cast)}
    idle = sorted({name for each in supposed for name in each.set if not asked_by(playing, name)})
    alone = all(each == Supposed(set=each.set, question=each.question) for each in supposed)
    if idle and alone and all(each.set.keys() <= set(idle) for each in supposed):
        return f"nobody who plays in this history reads {', '.join(idle)}"
    if not lived[1]:
        return "nothing happens after it parts"
    day = story_of(other).calendar.day(at)
    return f"what it supposes reaches no event and no reading up to {day}"


def _entry(event: Event) -> str | None:
    return event.fact.told.entry if event.fact.told is not None else None
