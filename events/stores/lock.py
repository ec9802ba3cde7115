"""The advisory lock of the one live writer: a file beside the log.

The kernel lets go of it when its process ends, however it ends, so a killed run leaves nothing to
clear away by hand.
"""

import os
import re
import sys
from pathlib import Path

from events.errors import Locked, Unwritable

if sys.platform != "win32":
    import fcntl


_MOUNTS = Path("/proc/self/mountinfo")


def mounted(log: Path) -> bool:
    """Whether a log is a mount of its own, as a file is that a container is given: a second name of one file
    that the file does not know of.
    """
    try:
        lines = _MOUNTS.read_bytes().splitlines()
    except OSError:  # a system that tells of none
        return False
    place = os.fsencode(os.path.realpath(log))
    return any(re.sub(rb"\\(\d{3})", _octal, line.split(b" ")[4]) == place for line in lines)


def _octal(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 8)])


class Lock:
    """Held from the first `take` until `drop`."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._path = log.with_name(log.name + "-lock")
        self._file: int | None = None

    def take(self) -> None:
        """Hold it. Raises Locked when another writer does, Unwritable where no file can be made."""
        if sys.platform == "win32" or self._file is not None:
            return
        while self._file is None:
            try:
                # A link there is nobody's lock, and where it leads was chosen by whoever made the folder.
                file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
            except OSError as error:
                raise Unwritable(
                    f"{self._log} cannot be written: {self._path.name} cannot be made beside it "
                    f"({error.strerror}). `narrative backup` copies it to a directory you may write to."
                ) from None
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(file)
                raise Locked(
                    f"{self._log} is being written by another process. Wait for it to end, or fork "
                    "a copy made with `narrative backup`."
                ) from None
            if self._still(file):
                self._file = file
            else:  # its holder removed the file between our opening and our locking
                os.close(file)

    def _still(self, file: int) -> bool:
        try:
            return os.path.samestat(os.fstat(file), self._path.stat())
        except FileNotFoundError:
            return False

    def drop(self) -> None:
        """Let go. The file is removed first, while nobody else can hold it."""
        if self._file is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None
