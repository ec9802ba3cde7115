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


class BadForm(Wrong):
    """A form that no history has, or that does not fit what was asked."""


def history(name: str) -> "Frames":
    """A history as polars frames (see `narrative.frames`): a story's name or a database file, with
    `@branch`. A story's name is performed first where its database is absent.
    """
    from narrative.frames import opened  # noqa: PLC0415  # polars

    return opened(name)


def query(history: str, sql: str) -> list[dict[str, Any]]:
    """The rows that a SELECT over a history's tables gives (`narrative.frames` lists them)."""
    from narrative.query import found, plain  # noqa: PLC0415  # polars

    return plain(found(history, sql))


def export(history: str, *, form: str, output: str | Path) -> dict[str, Any]:
    """Write a history in another form: `jsonl` (the whole database, or with `@branch` that branch and
    its parents as far as it reads them), `parquet` or `csv` (a folder of events, postings and
    readings), `beancount` (the journal of firm cash).
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
    plain facts, in a new folder. Raises BadFile or StoryFaults with every fault, Taken where
    something stands already.
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
