"""A secret of this user's, by which what this program remembered here is told from what somebody else wrote.

Snapshots and kept tables are caches: a file that is handed on may bring any. Whoever can write them can
work out a plain checksum as well, so theirs is made with 32 bytes that lie with the user and nowhere else.
Where those cannot be kept, each process has its own, and nothing is lost but time.
"""

import hmac
import os
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

LENGTH = 32
_HOME = ("narrative-engine", "secret")


def mine(*values: object) -> bytes:
    """A checksum of plain values that nobody makes who has not this user's secret."""
    return hmac.digest(_secret(), ascii(values).encode(), sha256)


@cache
def _secret() -> bytes:
    try:
        state = Path(os.environ.get("XDG_STATE_HOME", ""))
        if not state.is_absolute():  # it would lie in the folder one is in, which may be a stranger's
            state = Path.home() / ".local" / "state"
        return _kept(state.joinpath(*_HOME))
    except (OSError, RuntimeError):  # no home, or one that cannot be written to
        return os.urandom(LENGTH)


def _kept(path: Path) -> bytes:
    """The secret in a file, made there if there is none; whoever comes second takes the first one's."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_name(f".{path.name}-{os.getpid()}")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(os.urandom(LENGTH))
            with suppress(FileExistsError):
                os.link(part, path)
        finally:
            part.unlink(missing_ok=True)
    found = path.read_bytes()
    if len(found) != LENGTH:
        raise OSError(f"{path} holds no secret")
    return found
