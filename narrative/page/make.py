"""The verb `page`: gather, put together, write."""

import shlex
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from events.formats.beside import beside
from narrative.compare import check_apart
from narrative.history import History
from narrative.living import performed

BRANCHES = 6  # of a database whose branches were not named


def page(history: str, *others: str, output: str | Path | None = None) -> dict[str, Any]:
    """One self-contained HTML file of a history, in which it can be looked at without this program.

    Its other branches come along, at most six of them, unless `others` names which. `output` is
    ``./<story>.html`` if absent. Raises MissingChart without the extra `page`, TwiceNamed, Unwritable.
    """
    # Not before they are needed: they look at what was observed, which nobody who lives a history may.
    from narrative.page.assemble import assembled  # noqa: PLC0415
    from narrative.page.gather import gathered  # noqa: PLC0415

    with ExitStack() as stack:
        found = [stack.enter_context(performed(name)) for name in (history, *others)]
        check_apart(found)
        lines = found if others else [found[0], *_branches(found[0])]
        data = gathered(lines)
        path = Path(f"{data['story']['id']}.html") if output is None else Path(output)
        data["command"] = _command(history, others, path)
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


def _command(history: str, others: tuple[str, ...], path: Path) -> str:
    named = (Path(name).name if "/" in name else name for name in (history, *others))
    return shlex.join(["narrative", "page", *named, "-o", path.name])
