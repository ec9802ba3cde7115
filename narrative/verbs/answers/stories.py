"""Answers of the verbs of stories. Days are written by the story's calendar, as 2025-12-31."""

import msgspec

from narrative.verbs.answers.base import UNSET, Answer, UnsetType


class StoryListed(Answer, frozen=True):
    """A story that can be run by name: its days, how many entries its timeline has, and the questions of its
    prepared what-ifs by name.
    """

    story: str
    title: str
    question: str
    from_: str = msgspec.field(name="from")
    until: str
    entries: int
    what_ifs: dict[str, str]


class Begun(Answer, frozen=True):
    """A new story and the paths of the files that were written."""

    story: str
    files: list[str]


class Definition(Answer, frozen=True):
    """A word of the screens in plain sentences, with its other names and the words beside it."""

    word: str
    says: str
    also: list[str]
    see: list[str]


class Rested(Answer, frozen=True):
    """An `entry` by its id, or an `opening` by actor and account, whose source is of the `rank` memory or
    aggregator.
    """

    what: str
    name: str
    rank: str
    source: str


class Checked(Answer, frozen=True):
    """The faults of a story as ``file:line: what``; `entries` is None where there are any.
    `code` names the processes of somebody's own that it casts, which run only where they are trusted.
    `sources`, where they were asked for, is what rests on memory or an aggregator.
    """

    story: str
    entries: int | None
    faults: list[str]
    code: list[str]
    sources: list[Rested] | UnsetType = UNSET
