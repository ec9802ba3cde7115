"""A page written to its file: which histories stand on it, and what is said of it afterwards."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from events.files import beside, unled
from narrative.analysis.compare import check_apart
from narrative.analysis.history import History, meant, story_of
from narrative.pages.assemble import assembled
from narrative.pages.gather import gathered

BRANCHES = 6  # of a database whose branches were not named


def written(found: Sequence[History], named: Sequence[str], output: str | Path | None) -> dict[str, Any]:
    """Write the page of histories, which were asked for by these names; of one, its database's other branches
    come along. Raises TwiceNamed, MissingChart, Unwritable.
    """
    check_apart(found)
    lines = list(found) if len(found) > 1 else [found[0], *_branches(found[0])]
    data = gathered(lines)
    # By its last part alone: a name that a file brings along never leads elsewhere.
    path = unled(Path(f"{Path(data['story']['id']).name}.html")) if output is None else Path(output)
    end = meant(found[0])
    if end is not None:  # which the title says, so that nobody takes a page of half a run for the whole
        day = story_of(found[0]).calendar.day(end)
        data["story"]["title"] += f" (its run was cut short of {day}, where it was to end)"
    data["command"] = _command(named, path)
    text = assembled(data)
    ends = [_end(line) for line in lines]
    with beside(path) as part:
        part.write_text(text, encoding="utf-8")
    return {
        "page": str(path),
        "bytes": len(text.encode()),
        "story": data["story"]["id"],
        "events": ends[0]["events"],
        "digest": ends[0]["digest"],
        "branches": ends,
    }


def _branches(main: History) -> list[History]:
    """The database's other branches, the oldest first."""
    names = [branch.name for branch in main.log.branches() if branch.name != main.branch]
    return [History(main.log, name, main.path) for name in names[:BRANCHES]]


def _end(line: History) -> dict[str, Any]:
    head = line.log.head(line.branch)
    return {"branch": line.branch, "db": line.path, "events": head.position, "digest": head.digest.hex()}


def _command(named: Sequence[str], path: Path) -> str:
    short = (Path(name).name if "/" in name else name for name in named)
    return shlex.join(["narrative", "page", *short, "-o", path.name])
