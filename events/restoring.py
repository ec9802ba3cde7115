"""A backup put in the place of a log: whole or not at all, and what stood there set aside, never lost."""

import os
from itertools import count
from pathlib import Path

from attrs import frozen

from events.errors import Damaged, Unwritable
from events.files import unwritable
from events.log import open_log
from events.stores.lock import Lock

_TOGETHER = ("", "-wal", "-journal")  # what SQLite needs to read what stood there
_MADE_ANEW = ("-shm",)


@frozen
class PutBack:
    """A backup in its place: how many branches it has, and the new name of what stood there, if anything."""

    branches: int
    aside: Path | None


def put_back(backup: Path, path: Path) -> PutBack:
    """Put a copy of a backup at a path. Whatever stands there is renamed, with its journal.

    Raises NotALog or Damaged for a backup that is none or not whole, Locked where somebody writes what stands
    there, Unwritable.
    """
    if path.exists() and backup.exists() and path.samefile(backup):
        raise Unwritable(f"{path} is the backup itself; name the database that it is to be put in place of.")
    if path.is_dir():
        raise Unwritable(f"{path} is a directory; name the database that the backup is to replace.")
    with open_log(backup, create=False, read_only=True) as log, log.still():
        faults = log.verify()
        if faults:
            raise Damaged(f"The backup {backup} is damaged itself ({faults[0].what}); nothing was changed.")
        lock = Lock(path.resolve())
        lock.take()
        try:
            aside = _set_aside(path.resolve())
            try:
                log.backup(path.resolve())
            except BaseException as error:
                if aside is not None:
                    _put_again(aside, path.resolve(), error)
                raise
            return PutBack(len(log.branches()), aside)
        except OSError as error:
            raise unwritable(path, error.strerror or str(error)) from None
        finally:
            lock.drop()


def _put_again(aside: Path, path: Path, error: BaseException) -> None:
    """Give back the name to what stood at a path, where nothing else came to stand there meanwhile. Raises
    Unwritable, and leaves it where it was set aside, where something did.
    """
    if any(_beside(path, end).exists() for end in _TOGETHER):
        raise Unwritable(
            f"{path} came to be while the backup was to be put there, and was not touched. What stood there "
            f"before is {aside} now; nothing is lost."
        ) from error
    _move(aside, path)


def _set_aside(path: Path) -> Path | None:
    """Rename what stands at a path, and its journal; gives its new name, None where nothing stood there."""
    if not any(path.with_name(path.name + end).exists() for end in _TOGETHER):
        return None
    names = (path.with_name(f"{path.name}.aside{'' if n == 1 else f'-{n}'}") for n in count(1))
    aside = next(name for name in names if _takes(name, path))
    for end in _MADE_ANEW:
        _beside(path, end).unlink(missing_ok=True)
    _move(path, aside)
    return aside


def _takes(name: Path, path: Path) -> bool:
    """Whether nothing has that name, or only what a killed restore of that path has given it."""
    taken = [end for end in _TOGETHER if _beside(name, end).exists()]
    both = [end for end in taken if _beside(path, end).exists()]
    same = all(_beside(path, end).samefile(_beside(name, end)) for end in both)
    return same and (bool(both) or not taken)


def _move(path: Path, to: Path) -> None:
    """Rename what stands at a path, and its journal. Whenever this is killed, all of it stands under one of
    the names: a database without its journal would be a shorter history.
    """
    ends = [end for end in _TOGETHER if _beside(path, end).exists()]
    try:
        for end in reversed(ends):
            if not _beside(to, end).exists():
                os.link(_beside(path, end), _beside(to, end))
    except OSError:  # a file system without links
        for end in reversed(ends):
            _beside(path, end).replace(_beside(to, end))
    for end in ends:
        _beside(path, end).unlink(missing_ok=True)


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)
