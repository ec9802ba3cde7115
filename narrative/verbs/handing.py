"""The verbs that hand on: pages, charts, other formats, copies, and whether a history is what it was."""

import shlex
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from events.branch import MAIN
from events.errors import Damaged, NotALog
from events.files import BadFormat, beside
from events.formats.restore import restore
from events.log import Log, open_log
from narrative.analysis.compare import check_apart
from narrative.analysis.history import History, address, begun
from narrative.analysis.verify import damage, relived, unreadable
from narrative.charts.draw import drawn
from narrative.charts.plot import BadChart, chart, what_named
from narrative.engine.world import World
from narrative.story.from_csv import drafted
from narrative.verbs.living import exists, performed, present
from narrative.whatif.check import check_story

DRAWN = (".svg", ".png")
FORMS = ("jsonl", "parquet", "csv", "beancount")
BRANCHES = 6  # of a database whose branches were not named


def page(history: str, *others: str, output: str | Path | None = None) -> dict[str, Any]:
    """One self-contained HTML file of a history, in which it can be looked at without this program.

    Its other branches come along, at most six of them, unless `others` names which. `output` is
    ``./<story>.html`` if absent. Raises MissingChart without the extra `page`, TwiceNamed, Unwritable.
    """
    # Not before they are needed: they look at what was observed, which nobody who lives a history may.
    from narrative.pages.assemble import assembled  # noqa: PLC0415
    from narrative.pages.gather import gathered  # noqa: PLC0415

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


def plot(
    histories: str | Sequence[str],
    what: str,
    *,
    output: str | Path,
    actors: str | Sequence[str] = (),
    every: str | None = None,
    log: bool = False,
) -> dict[str, Any]:
    """One chart of a reading, the rungs or the circle, written to `output` (.svg or .png). Several
    histories of one story stand on one chart. Raises BadChart, TwiceNamed.
    """
    path, name = Path(output), what_named(what)
    histories, actors = ([one] if isinstance(one, str) else list(one) for one in (histories, actors))
    if path.suffix.lower() not in DRAWN:
        raise BadChart(f"{path} ends in no format that is drawn; end it in .svg or .png.")
    with ExitStack() as stack:
        found = [stack.enter_context(performed(history)) for history in histories]
        drawing = chart(found, list(histories), name, actors, every, log=log)
    with beside(path) as part:
        part.write_bytes(drawn(drawing, path.suffix.lower()))
    return {
        "what": name,
        "histories": list(histories),
        "file": str(path),
        "lines": [
            {"name": line.name, "history": line.history, "measure": line.measure, "points": len(line.points)}
            for line in drawing.lines
        ],
        "observed": sum(len(line.observed) for line in drawing.lines),
        "caption": " ".join(drawing.caption),
    }


def export(history: str, *, form: str, output: str | Path) -> dict[str, Any]:
    """Write a history in another form: `jsonl` (the whole database, or with `@branch` that branch and
    its parents as far as it reads them), `parquet` or `csv` (a folder of events, postings and
    readings), `beancount` (the journal of firm cash).

    Gives history, branch, format, files (the paths written), events (how many: of jsonl those of every
    branch in the file, else those of the branch) and digest (of the branch). Raises BadFormat, Unwritable,
    Taken where a folder holds other files, TooFar for a date that Beancount cannot write, and what
    opening a history raises (BadAddress, UnknownBranch, NotALog, Damaged).
    """
    from narrative.tables import export as exporting  # noqa: PLC0415  # polars

    path = Path(output)
    with performed(history) as found:
        head = found.log.head(found.branch)
        files, events = [path], head.position
        if form == "jsonl":
            events = exporting.as_jsonl(found, found.branch if "@" in Path(history).name else None, path)
        elif form == "beancount":
            exporting.as_beancount(found, path)
        elif form in {"parquet", "csv"}:
            files = exporting.as_tables(found, form, path)
        else:
            raise BadFormat(f'"{form}" is no form of a history; it is one of {", ".join(FORMS)}.')
        return {
            "history": history,
            "branch": found.branch,
            "format": form,
            "files": [str(file) for file in files],
            "events": events,
            "digest": head.digest.hex(),
        }


def import_(
    file: str | Path, *, db: str | Path | None = None, story: str | Path | None = None
) -> dict[str, Any]:
    """Take back what was exported as JSON Lines, into a new database; or make a new story of a CSV of
    plain facts, in a new folder.

    Gives of a database db, branches (their names), events (how many it holds) and digests (by branch);
    of a story story, files and entries. Raises BadFile where the file cannot be read, BadFile or
    StoryFaults with every fault in it, Taken where something stands already, Unwritable, BadFormat where
    a file and its target do not belong together, NotALog and BadFact for a log that no story opens.
    """
    path = Path(file)
    if path.suffix.lower() == ".csv":
        if db is not None:
            raise BadFormat(
                f"{path} is read as plain facts, which become a story and no database; give --story."
            )
        return drafted(path, path.with_suffix("") if story is None else Path(story), check_story)
    if story is not None:
        raise BadFormat(f"{path} is read as an exported history, which becomes a database; give --db.")
    target = path.with_suffix(".db") if db is None else Path(db)
    reader = restore(path, target, _begins)
    parts = reader.header.branches if reader.header else ()
    return {
        "db": str(target),
        "branches": [part.name for part in parts],
        "events": sum(part.events - part.position for part in parts),
        "digests": {part.name: part.digest for part in parts},
    }


def _begins(log: Log) -> None:
    """Raises NotALog or BadFact for a log that no story opens."""
    for opening in log.read(MAIN, 1, 1):
        World(opening)
        return
    raise NotALog(f"The file holds no events of {MAIN}, so no story opens it; export the history again.")


def verify(history: str) -> dict[str, Any]:
    """Whether the bytes are those that were appended, living again gives the same, and both folds agree."""
    where = present(address(history))
    exists(where)
    try:
        with open_log(where.path, create=False, read_only=True) as log:
            found = damage(log)  # nothing is asked of the log before all its bytes were looked at
            if found is None:
                begun(log, where)
                found = relived(log)
            return found
    except Damaged as error:
        return unreadable(error)


def backup(history: str, path: str | Path) -> dict[str, Any]:
    """A copy of a history's database, whole even while it is being written."""
    with performed(history) as found:
        found.log.backup(Path(path))
        return {"db": found.path, "backup": str(path), "branches": len(found.log.branches())}
