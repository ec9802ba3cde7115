"""Files that appear whole or not at all: written beside their place, then renamed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree

from events.errors import Unwritable


class Taken(Unwritable):
    """Something stands already where a file or folder was to be written."""

    code = 3


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Where to write what is to become that file, which it replaces. Raises Unwritable."""
    if path.is_dir():
        raise Unwritable(f"{path} is a directory, so no file can be written there; name a file.")
    with _placed(path) as part:
        yield part
        part.replace(path)


@contextmanager
def folder_beside(path: Path, files: tuple[str, ...]) -> Iterator[Path]:
    """Where to write what is to become that folder of those files. Raises Unwritable, and Taken where
    a folder stands that holds anything else.
    """
    if path.exists() and not path.is_dir():
        raise Taken(f"{path} is a file, and a folder was to be written there; name another.")
    if path.is_dir() and {entry.name for entry in path.iterdir()} - set(files):
        raise Taken(f"{path} holds other files than {', '.join(files)}; nothing was written. Name another.")
    with _placed(path) as part:
        part.mkdir()
        yield part
        if path.is_dir():
            old = part.with_name(part.name + "-old")
            path.rename(old)
            part.rename(path)
            rmtree(old, ignore_errors=True)
        else:
            part.rename(path)


@contextmanager
def _placed(path: Path) -> Iterator[Path]:
    folder = path.absolute().parent
    if not folder.is_dir():
        raise Unwritable(f"{path} cannot be written: {folder} is no directory. Make it, or name another.")
    part = folder / f".{path.name}-{os.getpid()}.part"
    try:
        yield part
    except OSError as error:
        raise unwritable(path, error.strerror or str(error)) from None
    finally:
        with suppress(OSError):
            rmtree(part) if part.is_dir() else part.unlink(missing_ok=True)


def unwritable(path: Path, said: str) -> Unwritable:
    return Unwritable(
        f"{path} could not be written ({said}), and nothing was left there. Make room, or name a place "
        "where you may write."
    )
