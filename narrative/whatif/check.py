"""Checking a story: every fault of all its files, prepared what-ifs and what markets did included."""

from pathlib import Path

from attrs import evolve

from narrative.story.catalogue import find_story
from narrative.story.faults import Fault
from narrative.story.observed import sighted
from narrative.story.reader import read_files, told
from narrative.whatif.prepared import check_what_ifs


def check_story(story: str | Path) -> tuple[Fault, ...]:
    """Every fault of a story, given by its name or its folder, in order; none for a good one."""
    folder = find_story(story)
    files = read_files(folder)
    ids = [seen.id for seen in files.seen if seen.id is not None]
    ground = evolve(files.ground, entries=ids if len(ids) == len(files.seen) else None)
    if files.head is not None and files.head.record is not None:
        quoted = {quote.asset for quote in files.quotes}
        ground = evolve(ground, quoted=quoted, recorded=files.head.record.until)
    _, faults = sighted(folder, ground)
    # A what-if is read against a whole story.
    asked = () if files.faults else check_what_ifs(folder, told(folder, files))
    return (*files.faults, *asked, *sorted(set(faults)))
