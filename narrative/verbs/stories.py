"""The verbs of stories: which there are, beginning one, checking one, and what files may hold."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from events.codec import schema as fact_schema
from narrative.story.library import find_story, list_stories, new_story
from narrative.story.reader import read_story
from narrative.story.schema import story_schemas
from narrative.whatif.check import check_story
from narrative.whatif.prepared import prepared

if TYPE_CHECKING:
    pass


def stories() -> list[dict[str, Any]]:
    """Every story that can be run by name."""
    found = []
    for name in list_stories():
        folder = find_story(name)
        story = read_story(folder)
        found.append(
            {
                "story": story.id,
                "title": story.title,
                "question": story.question,
                "from": story.calendar.day(story.start),
                "until": story.calendar.day(story.until),
                "entries": len(story.entries),
                "what_ifs": prepared(folder),
            }
        )
    return found


def new(path: str | Path) -> dict[str, Any]:
    """A small story of one's own to start from, which passes `check`."""
    return {"story": Path(path).name, "files": [str(file) for file in new_story(Path(path))]}


def check(story: str) -> dict[str, Any]:
    """Every fault of a story's files, as `file:line: what`; none for a good one."""
    folder = find_story(story)
    faults = check_story(folder)
    entries = None if faults else len(read_story(folder).entries)
    return {"story": folder.name, "entries": entries, "faults": [str(fault) for fault in faults]}


def schema() -> dict[str, Any]:
    """JSON Schema of every kind of fact, and of the files of a story."""
    return {"facts": msgspec.json.decode(msgspec.json.encode(fact_schema())), **story_schemas()}
