"""The verbs that weigh: the turns of the story's circle, and how strongly it feeds itself."""

from narrative.analysis.gains import looped
from narrative.analysis.history import place, story_of
from narrative.verbs.answers.base import answered
from narrative.verbs.answers.weighing import Loop
from narrative.verbs.living import performed


def loop(history: str, *, at: int | str | None = None) -> Loop:
    """The turns of the story's circle by rung and origin, with missing steps, and the loop gains.

    `at` is a date (its end), an ISO time or ``#position``; the end of what was lived if absent. Money is
    in smallest units. Raises BadDate, BadPosition, and what opening a history raises (BadAddress,
    UnknownBranch, NotALog, Damaged).
    """
    with performed(history) as found:
        return answered(Loop, looped(found, *place(found, at, story_of(found).calendar)))
