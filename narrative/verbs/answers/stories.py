"""Answers of the verbs of stories. Days are written by the story's calendar, as 2025-12-31."""

import msgspec

from narrative.verbs.answers.base import Answer


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


class Checked(Answer, frozen=True):
    """The faults of a story as ``file:line: what``; `entries` is None where there are any."""

    story: str
    entries: int | None
    faults: list[str]
