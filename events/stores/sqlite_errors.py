"""SQLite's errors as our sentences."""

from events.errors import RESTORE, Damaged, Locked, NotALog, Refused, Unwritable, Wrong, WrongPosition

_BUSY = {"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"}  # the last: its journal's index is held
_UNWRITABLE = {"SQLITE_FULL", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN"}
# Of the disk's own errors, these are met when reading back what was written.
_UNREADABLE = {"SQLITE_IOERR_READ", "SQLITE_IOERR_SHORT_READ", "SQLITE_IOERR_CORRUPTFS"}


# What no sound file gives; so is what cannot be decoded, which is no error of SQLite's.
_DAMAGED = {"SQLITE_CORRUPT", "SQLITE_FORMAT", "SQLITE_MISMATCH", "SQLITE_SCHEMA"}


def _starts(name: str, families: set[str]) -> bool:
    return any(name == family or name.startswith(family + "_") for family in families)


def full(error: Exception) -> bool:
    """Whether an error means that the place written to takes no more, or nothing at all."""
    name = getattr(error, "sqlite_errorname", "")
    return _starts(name, _UNWRITABLE) or (_starts(name, {"SQLITE_IOERR"}) and name not in _UNREADABLE)


def wrong(where: str, error: Exception, *, begun: bool = True) -> Wrong:
    """Our error for one of SQLite's (or of decoding what it returned). `begun`: there are events."""
    name = getattr(error, "sqlite_errorname", "")
    said = "".join(letter if letter.isprintable() else "?" for letter in str(error))  # it may quote damage
    if _starts(name, _BUSY):
        return Locked(f"{where} is locked by another program. Close that program and try again.")
    if full(error) and not begun:
        return Unwritable(
            f"{where} could not be written ({said}). Nothing was begun there: make room or allow "
            "writing, and run the story again."
        )
    if full(error):
        return Unwritable(
            f"{where} could not be written ({said}). All that was appended before is safe: make room "
            "or allow writing, and `narrative resume` completes the run."
        )
    if name == "SQLITE_NOTADB":
        return NotALog(f"{where} is not an event log: it is no SQLite file, or its first page is lost.")
    if name.startswith("SQLITE_CONSTRAINT"):
        return WrongPosition(f"Another writer has moved {where}. Read again and decide again.")
    return _damaged(where, name, said)


def _damaged(where: str, name: str, said: str) -> Wrong:
    """The error Damaged for a failed read, or Refused where SQLite names a cause that is no damage."""
    if name and not _starts(name, _DAMAGED) and name not in _UNREADABLE and not said.startswith("no such "):
        return Refused(f"{where} could not be used as asked: SQLite says {said}. Nothing in it is lost.")
    return Damaged(f"{where} is damaged ({said}). {RESTORE}")
