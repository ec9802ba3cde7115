"""Answers of the verbs that live. Moments are ISO texts in the story's calendar."""

import msgspec

from narrative.verbs.answers.base import Answer


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


class Forked(Answer, frozen=True):
    """A branch that supposes something. It was forked after `fork_position` of `parent`, at the moment `at`,
    and holds `events` in all; after the fork so many are `recorded`, `lived` (modelled) and `supposed`.
    `withheld` says of each entry of the timeline that was not told why.
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
    question: str
    until: str
    db: str
