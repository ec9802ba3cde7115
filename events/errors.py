"""Errors of the event room: one sentence each, with the values and the remedy.

`Wrong` is the root every door catches. `code` is the exit status a command ends with:
2 for bad usage or input, 3 for a conflict with another writer or another history.
"""

# What Damaged ends with.
RESTORE = "`narrative verify` lists all that is wrong; `narrative restore BACKUP DB` puts a backup there."


class Wrong(Exception):
    """Something a user can mend; its text is the whole message."""

    code = 2


class WrongPosition(Wrong):
    """An append expected another end of the branch than the one found."""

    code = 3


class Locked(Wrong):
    """Another live writer holds the log."""

    code = 3


class BranchTaken(Wrong):
    """A branch of that name exists already."""

    code = 3


class UnknownBranch(Wrong):
    """No branch of that name."""


class BadName(Wrong):
    """A name, or a question, that a branch cannot bear."""


class UnknownKind(Wrong):
    """No kind of fact of that name or version."""


class NotBetweenMoments(Wrong):
    """A cut was asked for inside a moment."""


class BadFact(Wrong):
    """A fact whose fields break its own rules."""


class NotALog(Wrong):
    """The file is not an event log, or is of a newer schema."""


class Unwritable(Wrong):
    """The log cannot be written: read-only, or the disk is full."""


class Linked(Unwritable):
    """A file has several names, and could be written by two of them at once."""

    code = 3


class Refused(Wrong):
    """SQLite would not do what it was asked, for a reason of its own."""


class Damaged(Wrong):
    """Bytes in the log are not those that were appended."""


class Overflow(Wrong):
    """A sum left the range in which integers are exact (±2**53)."""
