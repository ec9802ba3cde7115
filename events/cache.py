"""Tables of long histories, kept as Parquet beside the database: a cache, and never the truth.

Its folder may be deleted at any time, and nothing is lost but time. A file is believed only if its
name says that it was made of the very history at hand (by its last digest) in the very form that
is asked for, by a program of this user's, and its bytes are those that were written.
"""

from collections.abc import Callable
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path

from attrs import frozen

from events.errors import Wrong
from events.files import part_of, sweep
from events.secret import mine

_FORM = "1"  # of what is kept; raise it when the same key would hold something else


@frozen
class Kept:
    """The tables kept of one branch of one database, as its last digest stands."""

    folder: Path
    digest: bytes

    @classmethod
    def of(cls, db: Path, branch: str, digest: bytes) -> "Kept":
        return cls(db.with_name(db.name + ".kept") / branch, digest)

    def find(self, table: str, form: object) -> Path | None:
        """The file of a table in a form, if one is kept and is what was written."""
        for path in self._named(table):
            try:
                with path.open("rb") as file:
                    if path.name == self._name(table, form, file_digest(file, "sha256").hexdigest()):
                        return path
            except OSError:  # it goes away, or is not for us
                continue
        return None

    def keep(self, table: str, form: object, write: Callable[[Path], object]) -> Path | None:
        """Keep what `write` writes, instead of what was kept of that table before; None where nothing
        can be kept.
        """
        part = part_of(self.folder / table)
        if self._is_led():
            return None
        try:
            self.folder.parent.mkdir(mode=0o700, exist_ok=True)  # the log may be private
            self.folder.mkdir(exist_ok=True)
            sweep(self.folder / table)
            old = self._named(table)
            write(part)
            with part.open("rb") as file:
                path = self.folder / self._name(table, form, file_digest(file, "sha256").hexdigest())
            part.replace(path)
            for stale in old:
                if stale != path:
                    stale.unlink(missing_ok=True)
        except (OSError, Unkept):
            return None
        else:
            return path
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def drop(self, name: str) -> None:
        """Let go of every table whose name begins so, and of the folder where nothing else is kept."""
        if self._is_led():
            return
        with suppress(OSError):
            for path in self._named(name):
                path.unlink(missing_ok=True)
            self.folder.rmdir()
            self.folder.parent.rmdir()

    def _is_led(self) -> bool:
        """Whether a link leads away from beside the database: whoever made it chose where."""
        return self.folder.is_symlink() or self.folder.parent.is_symlink()

    def _named(self, table: str) -> list[Path]:
        return sorted(self.folder.glob(f"{table}-*.parquet"))

    def _name(self, table: str, form: object, content: str) -> str:
        key = sha256(f"{_FORM}\n{form!r}\n".encode() + self.digest).hexdigest()
        return f"{table}-{key[:32]}-{mine(key, content).hex()[:32]}.parquet"


class Unkept(Wrong):
    """A table could not be written to where it was to be kept."""
