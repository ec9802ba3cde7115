"""Handing a history on, to other tools and to other people, and taking one back.

The verbs `query`, `export` and `import_` of Python, and `history`, which gives frames. What needs
polars waits until it is asked for.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from events.errors import Unwritable
from narrative.history import address

if TYPE_CHECKING:
    from narrative.frames import Frames


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


def apart(history: str, output: Path) -> None:
    """Raises Unwritable where a file would be written over the very history it comes from."""
    db = address(history).path
    own = {db.absolute().resolve(), *(db.with_name(db.name + end).absolute() for end in ("-wal", "-shm"))}
    if output.absolute().resolve() in own:
        raise Unwritable(f"{output} is the history itself, which nothing is written over; name another file.")
