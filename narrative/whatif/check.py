"""Checking a story: every fault of all its files, prepared what-ifs and what markets did included."""

from pathlib import Path

from attrs import evolve

from narrative.story.catalogue import find_story
from narrative.story.faults import Fault, StoryFaults
from narrative.story.model import Story
from narrative.story.observed import sighted
from narrative.story.reader import read_files, told
from narrative.whatif.prepared import check_what_ifs


def check_story(story: str | Path) -> tuple[Fault, ...]:
    """Every fault of a story, given by its name or its folder, in order; none for a good one."""
    return checked(story)[0]


def checked(story: str | Path) -> tuple[tuple[Fault, ...], Story | None]:
    """Every fault of a story, or of its worst file as many as are told; and the story itself where its own
    files have none.
    """
    folder = find_story(story)
    try:
        return _checked(folder)
    except StoryFaults as many:
        return many.faults, None


def _checked(folder: Path) -> tuple[tuple[Fault, ...], Story | None]:
    files = read_files(folder)
    ids = [seen.id for seen in files.seen if seen.id is not None]
    ground = evolve(files.ground, entries=ids if len(ids) == len(files.seen) else None)
    if files.head is not None and files.head.record is not None:
        quoted = {quote.asset for quote in files.quotes}
        ground = evolve(ground, quoted=quoted, recorded=files.head.record.until)
    _, faults = sighted(folder, ground)
    good = None if files.faults else told(folder, files)
    asked = () if good is None else check_what_ifs(folder, good)  # each is read against a whole story
    return (*files.faults, *asked, *sorted(set(faults))), good
