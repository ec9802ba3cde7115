"""The verbs of stories: which there are, beginning one, checking one, what words mean and files may hold."""

from pathlib import Path
from typing import Any

import msgspec

from events.codec import schema as fact_schema
from narrative.story.catalogue import find_story, new_story
from narrative.story.provenance import resting
from narrative.story.schema import story_schemas
from narrative.text.glossary import WORDS, defined
from narrative.verbs.answers import answers_schema
from narrative.verbs.answers.base import UNSET, answered
from narrative.verbs.answers.stories import Begun, Checked, Definition, Rested, StoryListed
from narrative.whatif.check import checked
from narrative.whatif.prepared import listing


def stories() -> list[StoryListed]:
    """Every story that can be run by name, with its days in its own calendar, how many entries its timeline
    has, and the questions of its prepared what-ifs.

    >>> [story.story for story in stories()]
    ['ai-2025', 'loop']
    """
    return answered(list[StoryListed], listing())


def new(path: str | Path) -> Begun:
    """Write a small story of one's own to start from into the folder `path`; it passes `check`.

    Gives the paths of its files. Raises StoryTaken where something stands there already.
    """
    return Begun(story=Path(path).resolve().name, files=[str(file) for file in new_story(Path(path))])


def check(story: str | Path, *, sources: bool = False) -> Checked:
    """Every fault of a story's files, given by name or folder, as ``file:line: what``; none for a good one.
    Nothing that it casts is imported.

    With `sources` also the openings and entries of a good one that rest on memory or an aggregator.
    Raises UnknownStory.

    >>> check("loop").faults
    []
    """
    folder = find_story(story)
    faults, told = checked(folder)
    good = None if faults else told
    return Checked(
        story=folder.resolve().name,
        entries=None if good is None else len(good.entries),
        faults=[str(fault) for fault in faults],
        code=[] if good is None else sorted({role.process for role in good.cast.role if "." in role.process}),
        sources=answered(list[Rested], resting(good)) if sources and good is not None else UNSET,
    )


def define(word: str | None = None) -> list[Definition]:
    """The definition of a word that screens use, under any of its names; of every word without one.

    Raises UnknownWord with the closest ones.

    >>> define("rungs")[0].word
    'rung'
    """
    found = WORDS if word is None else (defined(word),)
    return [Definition(one.word, one.says, list(one.also), list(one.see)) for one in found]


def schema() -> dict[str, dict[str, Any]]:
    """JSON Schema of every kind of fact (`facts`), of each file of a story, and of what every command prints
    as JSON (`answers`, a property a command).

    >>> sorted(schema()["answers"]["properties"])[:3]
    ['backup', 'branches', 'check']
    """
    facts = msgspec.json.decode(msgspec.json.encode(fact_schema()))
    return {"facts": facts, **story_schemas(), "answers": answers_schema()}
