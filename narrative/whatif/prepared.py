"""Prepared what-ifs: the suppositions that a story brings along, each with its question."""

from pathlib import Path
from typing import Any

from events.errors import Wrong
from narrative.story.catalogue import find_story, list_stories
from narrative.story.faults import Fault, did_you_mean, listed
from narrative.story.model import Story
from narrative.story.reader import read_story
from narrative.story.toml import read_page
from narrative.whatif.plan import Plan, plan
from narrative.whatif.request import BadSupposition, file_page, fork_moment, request
from narrative.whatif.shocks import shocked
from narrative.whatif.state import Standing

FOLDER = "what-ifs"


def prepared(folder: Path | str) -> dict[str, str]:
    """The questions of a story's prepared what-ifs, by name."""
    return {path.stem: str(read_page(path).data.get("question", "")) for path in _files(Path(folder))}


def listing() -> list[dict[str, Any]]:
    """Every story that can be run by name, as plain data."""
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


def what_if_file(name: str | Path, folder: Path | None) -> Path:
    """The file that `--from` means: a path, or the name of one prepared in the story's folder."""
    path = Path(name)
    if path.suffix == ".toml" or path.is_file():
        return path
    files = {file.stem: file for file in _files(folder)} if folder is not None else {}
    if str(name) in files:
        return files[str(name)]
    otherwise = f"There are {listed(files)}." if files else "This history's story has none; name a file."
    raise Wrong(
        f'"{name}" is neither a file nor a what-if prepared here. {did_you_mean(str(name), files, otherwise)}'
    )


def planned(path: Path, story: Story) -> Plan:
    """The plan of a what-ifs file in a story of which nothing is supposed yet. Raises BadSupposition."""
    standing = Standing.of(story)
    asked = shocked(request(file_page(path)), standing)
    return plan(standing, asked, fork_moment(asked, story))


def check_what_ifs(folder: Path, story: Story) -> tuple[Fault, ...]:
    """Every fault of a story's prepared what-ifs, as far as it shows before anything is lived."""
    found: list[Fault] = []
    for path in _files(folder):
        try:
            planned(path, story)
        except BadSupposition as bad:
            found += bad.faults
    return tuple(found)


def _files(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("*.toml"))
