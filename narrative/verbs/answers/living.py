"""Answers of the verbs that live. Moments are ISO texts in the story's calendar."""

import msgspec

from narrative.verbs.answers.base import UNSET, Answer, Collapse, Money, UnsetType
from narrative.verbs.answers.ensembles import Chance


class Lived(Answer, frozen=True):
    """How far a branch was lived. `events` counts all that it holds, `appended` those that are new, `moments`
    the moments in which they were appended; the opening counts in all three. `digest` is hexadecimal, of
    the whole history; `db` the path of its database.
    """

    branch: str
    events: int
    appended: int
    moments: int
    from_: str = msgspec.field(name="from")
    until: str
    digest: str
    db: str


class Ended(Answer, frozen=True):
    """The value of an actor that a branch moves, at a moment: in its `parent`, and as `reached` by the branch
    and by the one at the other end where that was lived too. None is unknown.
    """

    actor: str
    at: str
    parent: Money
    reached: list[Money | None]


class Forked(Answer, frozen=True):
    """A branch that supposes something. It was forked after `fork_position` of `parent`, at the moment `at`,
    and holds `events` in all; after the fork so many are `recorded`, `lived` (modelled) and `supposed`.
    `withheld` says of each entry of the timeline that was not told why; `shrunk` of each that was told
    smaller; `unsettled` are entries told as recorded of somebody who is worth more than a tenth more or less
    than in the parent. `unmoved` says why nothing at all
    differs from the parent, where that is so. `supposes` is the what-ifs file that
    asks the same, shocks spelt out. `collapse` is None where the story does not define it in figures.

    Where prices are recorded, `residual` says how much of what news does not explain the branch keeps, by
    parameter; `other_end` names the branch that keeps nothing of each asset's own, where it was lived too;
    `ends` are the values that the branch moves, most first, in `currency` of so many `digits`. Where seeds
    were asked for, `chance` says what the branch does beside chance.
    """

    branch: str
    parent: str
    fork_position: int
    at: str
    digest: str
    events: int
    recorded: int
    lived: int
    supposed: int
    withheld: dict[str, str]
    shrunk: dict[str, str]
    unsettled: list[str]
    unmoved: str | None
    question: str
    until: str
    db: str
    supposes: str
    collapse: Collapse | None
    residual: dict[str, float] | UnsetType = UNSET
    other_end: str | UnsetType | None = UNSET
    currency: str | UnsetType = UNSET
    digits: int | UnsetType = UNSET
    ends: list[Ended] | UnsetType = UNSET
    chance: Chance | UnsetType = UNSET
