"""Files that appear whole or not at all: written beside their place, then renamed.

Whatever is handed on goes through here, so here stands what keeps a log from being written over: a
database, the files that SQLite and the writer keep beside it, and the folder of its kept tables.
"""

import errno
import glob
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from select import select
from shutil import copyfileobj, rmtree
from tempfile import TemporaryDirectory
from typing import BinaryIO
from weakref import finalize

from events.errors import Unwritable, Wrong

LARGEST = 1 << 26  # bytes of a file that is read whole: four times a table of 100,000 facts
PATIENCE = 2.0  # seconds in which somebody must have begun to write into a pipe that is to be read
_DATABASE = b"SQLite format 3\0"  # how one begins
_ITS_OWN = ("-lock", "-wal", "-shm", "-journal", ".kept")  # ends of the names of what stands beside one
# How the header of a rollback journal begins: SQLite, file format, 3.
_JOURNAL = bytes.fromhex("d9d505f920a163d7")


# The files that this process has open as logs: their devices and numbers, by who has them open.
_HELD: dict[int, tuple[int, int]] = {}


class Taken(Unwritable):
    """Something stands already where a file or folder was to be written."""

    code = 3


class BadFormat(Wrong):
    """A format in which nothing is written, or that does not fit what was asked."""


def held(log: object, path: Path) -> Callable[[], object]:
    """Take note that a log has a file open, until it lets go by what this gives. To open such a file here
    once more and to close it would take every lock from SQLite that it has on it (POSIX locks are a
    process's), and let the next reader delete the journal of a log that is being written.
    """
    found = path.stat()
    _HELD[id(log)] = found.st_dev, found.st_ino
    return finalize(log, _HELD.pop, id(log), None)


def is_held(path: Path) -> bool:
    """Whether this process has a file open as a log: it is not to be opened as anything else."""
    try:
        found = path.stat()
    except OSError:
        return False
    return (found.st_dev, found.st_ino) in tuple(_HELD.values())


@contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """A file open to be read from its beginning. Raises OSError, for a database that is open here and for a
    pipe that nobody has written to for `PATIENCE` too: whoever reads one waits without end.
    """
    if is_held(path):
        raise OSError(errno.EBUSY, "it is a database that is open here", str(path))
    waits = os.O_NONBLOCK if path.is_fifo() else 0  # to open one waits for its other end
    with os.fdopen(os.open(path, os.O_RDONLY | waits), "rb") as file:
        if waits:
            if not select([file], [], [], PATIENCE)[0]:
                raise OSError(errno.EPIPE, "it is a pipe, and nobody writes to it", str(path))
            os.set_blocking(file.fileno(), True)
        yield file


def read_whole(path: Path) -> bytes:
    """The bytes of a file of at most `LARGEST`. Raises OSError, for a larger one too: a file with a hole of
    gigabytes is small to send.
    """
    with reading(path) as file:
        found = file.read(LARGEST + 1)
    if len(found) > LARGEST:
        raise OSError(errno.EFBIG, f"it has more than {LARGEST >> 20} MB", str(path))
    return found


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Yield a path to write to; the file there then replaces the one at `path`, or at the end of its links.
    A pipe or a terminal, as /dev/stdout, is given the whole of it at the end. Raises Unwritable.
    """
    mode = _mode(path)
    if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):
        with _poured(path) as part:
            yield part
        return
    end = _end(path)
    with _placed(end) as part:
        if stat.S_ISDIR(mode):
            raise Unwritable(f"{path} is a directory, so no file can be written there; name a file.")
        if mode and not stat.S_ISREG(mode):
            raise Unwritable(f"{path} is a device or a socket and no file; name a file.")
        if mode:
            _as_private(part, mode)
        yield part
        _durable(part)
        part.replace(end)
        _durable(end.absolute().parent)


@contextmanager
def new_beside(path: Path) -> Iterator[Path]:
    """Yield a path to write a new database to, which then stands at `path`. Raises Taken, Unwritable."""
    spare_logs(path)
    taken = Taken(f"{path} exists already, and nothing is written over it. Name a new file.")
    if os.path.lexists(path):  # a link that leads nowhere too; a name too long is told below
        raise taken
    with _placed(path) as part:
        yield part
        _durable(part)
        try:
            os.link(part, path)  # unlike a renaming, it spares what came there meanwhile
        except FileExistsError:
            raise taken from None
        except OSError:  # a file system without links
            if os.path.lexists(path):
                raise taken from None
            part.rename(path)
        _remove(part)  # its second name: a file of two is not written to
        _durable(path.absolute().parent)


@contextmanager
def folder_beside(path: Path, files: tuple[str, ...]) -> Iterator[Path]:
    """Yield an empty folder to fill, which then replaces the one at `path`. Raises Unwritable, and Taken
    where a file stands there, or a folder that holds other files than `files`.
    """
    path = _end(path)
    with _placed(path) as part:
        if path.is_dir() and path.samefile(Path.cwd()):  # which no renaming moves out of the way
            raise Unwritable(f"{path} is the folder you stand in, so it stays; name a folder inside it.")
        if path.exists() and not path.is_dir():
            raise Taken(f"{path} is a file, and a folder was to be written there; name another.")
        if path.is_dir() and {entry.name for entry in path.iterdir()} - set(files):
            raise Taken(
                f"{path} holds other files than {', '.join(files)}; nothing was written. Name another."
            )
        part.mkdir()
        if path.is_dir():
            part.chmod(stat.S_IMODE(path.stat().st_mode))
            for old in path.iterdir():
                spare(old)
                _as_private(part / old.name, old.stat().st_mode)
        yield part
        for file in (*part.iterdir(), part):
            _durable(file)
        if path.is_dir():
            old = part.with_name(part.name + "-old")
            path.rename(old)
            part.rename(path)
            rmtree(old, ignore_errors=True)
        else:
            part.rename(path)
        _durable(path.absolute().parent)


def _durable(path: Path) -> None:
    """Have a file's bytes, or a folder's names, on disk: a power cut after a renaming must not undo it."""
    try:
        file = os.open(path, os.O_RDONLY)
    except PermissionError:  # Windows opens no folder
        return
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that knows no such thing
            raise
    finally:
        os.close(file)


def _as_private(part: Path, mode: int) -> None:
    """Make an empty file that is for no other eyes than what it takes the place of."""
    part.touch()
    part.chmod(stat.S_IMODE(mode))


def _mode(path: Path) -> int:
    """The mode (`st_mode`) of what stands at a path; 0 for nothing."""
    try:
        return path.stat().st_mode
    except OSError:  # nothing, or a place that one cannot come to, which writing will tell
        return 0


def _end(path: Path) -> Path:
    """The path that a link leads to in the end; any other path as it is. Raises Unwritable for a ring."""
    end = Path(os.path.realpath(path)) if path.is_symlink() else path
    if end.is_symlink():
        raise unwritable(path, "its links lead round in a ring")
    return end


@contextmanager
def _poured(path: Path) -> Iterator[Path]:
    """Yield a path to write to; all of it then goes into a pipe or a terminal, which no renaming replaces."""
    with TemporaryDirectory() as room:
        part = Path(room) / "whole"
        yield part
        try:
            with part.open("rb") as whole, path.open("wb") as end:
                copyfileobj(whole, end)
        except BrokenPipeError:
            raise  # its reader had enough
        except OSError as error:
            raise unwritable(path, error.strerror or str(error)) from None


@contextmanager
def _placed(path: Path) -> Iterator[Path]:
    folder = path.absolute().parent
    if not folder.is_dir():
        raise Unwritable(f"{path} cannot be written: {folder} is no directory. Make it, or name another.")
    part = part_of(folder / path.name)
    try:
        spare(path)
        sweep(path)
        yield part
    except OSError as error:
        raise unwritable(path, error.strerror or str(error)) from None
    finally:
        _remove(part)


def part_of(path: Path) -> Path:
    """The path at which this process writes what is to stand at another."""
    return path.with_name(f".{path.name}-{_process()}.part")


def sweep(path: Path) -> None:
    """Clear away the parts of `path` that killed processes left, and put back a folder of which one died
    between its two renamings.
    """
    for left in path.absolute().parent.glob(f".{glob.escape(path.name)}-*.part*"):
        named = re.fullmatch(r"((?:\d+\.)?)(\d+)\.part(-old)?", left.name.removeprefix(f".{path.name}-"))
        if named is None or named[1] not in ("", _room()):  # who lives in another container is not known
            continue
        if int(named[2]) != os.getpid() and _lives(int(named[2])):
            continue
        if named[3] and not path.exists():
            left.rename(path)
        else:
            _remove(left)


def _process() -> str:
    """The number of this process, behind that of the container whose processes are counted with it: two that
    share a folder may each have a process of the same number.
    """
    return f"{_room()}{os.getpid()}"


def _room() -> str:
    try:
        return f"{Path('/proc/self/ns/pid').stat().st_ino}."
    except OSError:  # a system without such rooms
        return ""


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # somebody else's, or none that can be asked for
        return True
    return True


def _remove(part: Path) -> None:
    for end in ("", *_ITS_OWN):
        left = part.with_name(part.name + end)
        with suppress(OSError):
            rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def unled(path: Path) -> Path:
    """A path that nobody named, which goes by the name of a story or a file. Raises Unwritable where a link
    stands there: whoever made the folder would choose where it leads.
    """
    if path.is_symlink():
        raise Unwritable(
            f"{path} is a link, and it was not you who named it. Name the file to be written yourself "
            "(`--db`, `-o` or `--story`); a link that you name is followed."
        )
    return path


def spare(path: Path) -> None:
    """Raises Unwritable where a database stands, or what is kept beside one."""
    if _is_database(path.absolute()):
        raise Unwritable(f"{path} is a database, and nothing is written over one; name another file.")
    _spare_beside(path)


def spare_logs(path: Path) -> None:
    """Raises Unwritable where a database, new or there already, would be taken for what is kept beside
    another, or another for what is kept beside it, or be read together with what was left of one.
    """
    whole = Path(os.path.realpath(path))
    spare_neighbours(path)
    try:
        _spare_beside(path)
        for end in ("-wal", "-journal"):
            left = Path(f"{whole}{end}")
            if whole.exists() and (whole.stat().st_size or (end == "-journal" and _begins(left))):
                continue
            if left.exists() and left.stat().st_size:
                raise Unwritable(
                    f"{left.name} stands beside {path}, left of a database that is gone, and would be read "
                    "into a new one. Put that database back, move what is left away, or name a new file."
                )
    except OSError as error:
        raise unwritable(path, error.strerror or str(error)) from None


def spare_neighbours(path: Path) -> None:
    """Raises Unwritable where a database stands under a name of what is kept beside `path`: SQLite deletes
    what it takes for a journal, by reading alone.
    """
    whole = Path(os.path.realpath(path))
    for end in _ITS_OWN:
        try:
            found = _is_database(Path(f"{whole}{end}"))
        except OSError:  # not ours to read, and not to delete
            continue
        if found:
            raise Unwritable(
                f"{whole.name}{end} beside {path} is a database of its own, under the name of a part of "
                f"{path}: it would be lost. Rename one of the two, or name another file."
            )


def _begins(journal: Path) -> bool:
    """Whether a rollback journal undoes the beginning of a database, as a kill leaves it beside an empty one:
    it begins otherwise than journals do, and is not read, or says that there were no pages before.
    """
    with suppress(OSError), journal.open("rb") as file:
        head = file.read(20)
        return not head.startswith(_JOURNAL) or head[16:20] == bytes(4)
    return True


def _spare_beside(path: Path) -> None:
    whole, real = path.absolute(), Path(os.path.realpath(path))
    for place in (whole, *whole.parents, real, *real.parents):
        for end in _ITS_OWN:
            log = place.name.removesuffix(end)
            if place.name.endswith(end) and log and _is_database(place.with_name(log)):
                raise Unwritable(f"{path} belongs to the database {log}; name another file.")


def _is_database(path: Path) -> bool:
    if not path.is_file():  # to look into a pipe would wait for somebody to write
        return False
    if is_held(path):
        return True
    with path.open("rb") as file:
        return file.read(len(_DATABASE)) == _DATABASE


def unwritable(path: Path, said: str) -> Unwritable:
    return Unwritable(
        f"{path} could not be written ({said}), and nothing was left there. Make room, or name a place "
        "where you may write."
    )
