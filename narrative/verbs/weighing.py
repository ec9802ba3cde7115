"""The verbs that weigh: the turns of the story's circle, and how strongly it feeds itself."""

from typing import TYPE_CHECKING, Any

from narrative.analysis.circle import in_cash, in_order, table, turns
from narrative.analysis.gains import table as gains
from narrative.analysis.history import place, story_of
from narrative.engine.run import world_at
from narrative.verbs.living import performed

if TYPE_CHECKING:
    pass


def loop(history: str, *, at: str | None = None) -> dict[str, Any]:
    """The turns of the story's circle by rung and origin, with missing steps, and the loop gains."""
    with performed(history) as found:
        story = story_of(found)
        position, moment = place(found, at, story.calendar)
        events = list(found.log.read(found.branch, 1, position))
        turned = turns(story, events)
        return {
            "story": story.id,
            "branch": found.branch,
            "position": position,
            "moment": story.calendar.iso(moment),
            **story.money.plain,
            "circle": [{"step": step.step, "text": step.text} for step in story.circle],
            "turns": table(story, turned),
            "gains": gains(world_at(found.log, found.branch, position), moment),
            "whole": sum(not turn.missing for turn in turned),
            "in_order": sum(map(in_order, turned)),
            "in_cash": sum(map(in_cash, turned)),
        }
