"""Whether the journal beside a file is the file's own.

SQLite knows one by its name alone: where somebody puts another file, a backup say, in the place of one
whose writer was killed, it would read, and write into it, pages of what stood there before. Each writer
marks the file when it begins and with every commit; file and journal must bear marks that fit.
"""

import os
import sqlite3
from pathlib import Path
from time import sleep
from urllib.parse import quote

from events.errors import Damaged

LOOKS = 5  # at both, before they are said not to fit: a writer may begin between two looks
PAUSE = 0.05  # seconds between two looks

Marks = tuple[bytes, bytes | None]  # the mark, and the one before it where the file may still bear that


def check_journal(path: Path) -> None:
    """Raises Damaged where the journal beside a file was written for another. Changes neither."""
    whole = Path(os.path.realpath(path))
    journal = whole.with_name(whole.name + "-wal")
    if not (whole.exists() and journal.exists() and journal.stat().st_size):
        return
    for _ in range(LOOKS):
        # A connection that may only read moves nothing from the journal into the file.
        both, alone = _marks(whole, "mode=ro"), _marks(whole, "mode=ro&immutable=1")
        if both is None or alone is None or alone[0] in both:
            return
        sleep(PAUSE)
    raise Damaged(
        f"{path} is damaged: the journal {journal.name} beside it was written for another file, so one of "
        "the two was put in another's place. Neither was changed. Put back the file that was there; or "
        "`narrative restore BACKUP DB` puts a backup there, and sets both aside."
    )


def _marks(path: Path, mode: str) -> Marks | None:
    """The marks that a file bears, with its journal or alone; None where it has none that can be read."""
    try:
        db = sqlite3.connect(f"file:{quote(str(path.absolute()))}?{mode}", uri=True, isolation_level=None)
    except sqlite3.Error:
        return None
    try:
        found: Marks | None = db.execute("SELECT mark, former FROM marks").fetchone()
    except (sqlite3.Error, UnicodeError):
        return None
    else:
        return found
    finally:
        db.close()
