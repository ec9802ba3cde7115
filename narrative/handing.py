"""Handing a history on, to other tools and to other people, and taking one back.

The verbs `query`, `export` and `import_` of Python, and `history`, which gives frames. What needs
polars waits until it is asked for.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from events.errors import NotALog, Wrong
from events.formats.restoring import restore
from events.log import Log
from narrative.history import MAIN
from narrative.living import performed
from narrative.story.drafting import drafted
from narrative.world import World

if TYPE_CHECKING:
    from narrative.frames import Frames

FORMS = ("jsonl", "parquet", "csv", "beancount")
ROWS = ("csv", "json", "parquet")  # as what the rows of a query are written


class BadForm(Wrong):
    """A form that no history has, or that does not fit what was asked."""


def history(name: str) -> "Frames":
    """A history as polars frames (see `narrative.frames`): a story's name or a database file, with
    `@branch`. A story's name is performed first where its database is absent.
    """
    from narrative.frames import opened  # noqa: PLC0415  # polars

    return opened(name)


def query(
    history: str, sql: str, *, form: str | None = None, output: str | Path | None = None
) -> list[dict[str, Any]]:
    """The rows that a SELECT over a history's tables gives, each a mapping of its columns, moments as
    text (`narrative.frames` lists the tables, and gives frames instead). `output` names a file to write
    them to as well, in `form` (csv, json or parquet), which its suffix says where it is not given.

    Raises BadQuery for SQL that cannot be answered, BadForm, Unwritable, and what opening a history
    raises (BadAddress, UnknownBranch, NotALog, Damaged).
    """
    wanted = row_form(form, output)
    from narrative.query import found, plain, save  # noqa: PLC0415  # polars

    rows = found(history, sql)
    if output is not None:
        save(rows, wanted, Path(output))
    return plain(rows)


def row_form(form: str | None, output: str | Path | None) -> str:
    """In which form rows are given; those for a file by its name where none is said. Raises BadForm."""
    known = ROWS if output is not None else ("table", *ROWS)
    if output is None and form == "parquet":
        raise BadForm("Parquet is no text: name a file with -o.")
    found = form or ("table" if output is None else Path(output).suffix.removeprefix(".").lower())
    if found not in known:
        said = f'"{form}" is no form of rows' if form else f"{output} says no form"
        raise BadForm(f"{said}: add --format {', '.join(known[:-1])} or {known[-1]}.")
    return found


def export(history: str, *, form: str, output: str | Path) -> dict[str, Any]:
    """Write a history in another form: `jsonl` (the whole database, or with `@branch` that branch and
    its parents as far as it reads them), `parquet` or `csv` (a folder of events, postings and
    readings), `beancount` (the journal of firm cash).

    Gives history, branch, format, files (the paths written), events (how many: of jsonl those of every
    branch in the file, else those of the branch) and digest (of the branch). Raises BadForm, Unwritable,
    Taken where a folder holds other files, TooFar for a date that Beancount cannot write, and what
    opening a history raises (BadAddress, UnknownBranch, NotALog, Damaged).
    """
    from narrative import exporting  # noqa: PLC0415  # polars

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
            raise BadForm(f'"{form}" is no form of a history; it is one of {", ".join(FORMS)}.')
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
    StoryFaults with every fault in it, Taken where something stands already, Unwritable, BadForm where
    a file and its target do not belong together, NotALog and BadFact for a log that no story opens.
    """
    path = Path(file)
    if path.suffix.lower() == ".csv":
        if db is not None:
            raise BadForm(
                f"{path} is read as plain facts, which become a story and no database; give --story."
            )
        return drafted(path, path.with_suffix("") if story is None else Path(story))
    if story is not None:
        raise BadForm(f"{path} is read as an exported history, which becomes a database; give --db.")
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
