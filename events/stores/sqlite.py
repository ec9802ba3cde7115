"""A log in one SQLite file.

Write-ahead journal, so that readers are never blocked; `synchronous=FULL`, so that what was
committed survives a power cut; integer keys alone on the hot path. Every failure of SQLite leaves
here as one of our sentences.
"""

import os
import sqlite3
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

from events.errors import RESTORE, BranchTaken, Damaged, Linked, NotALog, Unwritable, WrongPosition
from events.files import held, new_beside, spare_logs, spare_neighbours, sweep, unwritable
from events.stores import sqlite_schema as schema
from events.stores.lock import Lock, mounted
from events.stores.protocol import Batch, BranchRow, Found, HeadRow, Snapshot, State, Stored, Wanted, sealed
from events.stores.sqlite_errors import full, wrong
from events.stores.sqlite_journal import Marks, check_journal
from events.stores.sqlite_search import query

APPLICATION = 0x6E617272  # "narr"
SCHEMA = 1
READING = "BEGIN"  # a transaction that writes nothing
PATIENCE = 2.0  # seconds to wait for a lock that somebody holds for a moment

_ROWS = "SELECT id, moment, name, causes, fact, digest FROM events WHERE id BETWEEN ? AND ? ORDER BY id"
_INSERT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)"
_MANY = 50
_INSERT_MANY = _INSERT + ", (?, ?, ?, ?, ?, ?)" * (_MANY - 1)


class SqliteStore:
    """A log in one file. `first` is written into a file that holds nothing yet."""

    def __init__(self, path: Path, first: Batch | None, *, read_only: bool) -> None:
        self.where = str(path)
        self._path = path.absolute()  # the folder one is in may change while it is open
        self._read_only = read_only
        self._lock = Lock(path.resolve())
        self._version = -1
        self._lay: tuple[int, ...] | None = None  # how the files lay, where they are read without a journal
        self._begun = True  # as far as known
        self._mode = "rwc" if first else "rw"
        self._mark: Marks | None = None  # of this session, once it writes
        self._file: tuple[int, int] | None = None  # the one that is written: its device and number
        self._lookers: list[sqlite3.Connection] | None = []  # idle ones; None once closed
        if path.exists() and not path.is_file():
            raise NotALog(f"{path} is not a file, so it is no event log.")
        if first is None and not path.exists():
            raise NotALog(f"There is no file {path}. `narrative run STORY --db {path}` makes one.")
        if first is None:
            spare_neighbours(path)
        else:
            spare_logs(path)
        check_journal(path)
        if not path.exists():
            self._lock.take()  # what is restored here stands aside for a moment, and is not to be begun anew
        try:
            self._db = self._connect(self._mode)
            try:
                self._open(first)
            except BaseException:
                self._db.close()
                raise
        finally:
            self._lock.drop()
        self._let_go = held(self, self._path)

    def _connect(self, mode: str, *, shared: bool = False) -> sqlite3.Connection:
        uri = f"file:{quote(str(self._path))}?mode={mode}"
        try:
            return sqlite3.connect(
                uri, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=not shared
            )
        except sqlite3.Error as error:
            raise Unwritable(f"{self.where} cannot be opened here ({error}).") from None

    def _open(self, first: Batch | None) -> None:
        found = self._entered()
        if found == (0, 0, 0):
            self._create(first)
        elif found[0] != APPLICATION:
            raise NotALog(f"{self.where} is a database of another program, not an event log.")
        elif found[1] != SCHEMA:
            raise NotALog(
                f"{self.where} is an event log of schema {found[1]}; this program reads schema {SCHEMA}. "
                "Install the version that wrote it."
            )
        else:
            what = schema.strange(self._all(schema.ASKED))
            if what:
                raise Damaged(f"{self.where} is damaged: {what}. {RESTORE}")
        self._all("PRAGMA synchronous=FULL")
        self._all("PRAGMA trusted_schema=OFF")

    def _identity(self) -> tuple[int, int, int]:
        (application,), (schema,), (tables,) = (
            self._all(query)[0]
            for query in (
                "PRAGMA application_id",
                "PRAGMA user_version",
                "SELECT count(*) FROM sqlite_master",
            )
        )
        return application, schema, tables

    def _create(self, first: Batch | None) -> None:
        if first is None or self._read_only:
            raise NotALog(f"{self.where} is empty: no history was begun in it. Run the story again.")
        self._begun = False
        self._all("PRAGMA journal_mode=WAL")
        self._all("PRAGMA synchronous=FULL")
        with self._transaction():
            if self._identity() != (0, 0, 0):  # somebody else was faster
                return
            for statement in schema.STATEMENTS:
                self._db.execute(statement)
            self._db.execute(f"PRAGMA application_id={APPLICATION}")
            self._db.execute(f"PRAGMA user_version={SCHEMA}")
            self._write_mark((os.urandom(16), None))
            self._put(first)

    def _all(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            return self._db.execute(query, values).fetchall()
        except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
            raise  # the caller's mistake, such as reading a closed log
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            raise wrong(self.where, error, begun=self._begun) from None

    @contextmanager
    def _transaction(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
        try:
            self._db.execute(begin)
            if self._mark is not None and begin != READING:
                self._write_mark(self._mark)
            yield
            self._db.execute("COMMIT")
        except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
            raise
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            raise wrong(self.where, error, begun=self._begun) from None
        finally:
            if self._db.in_transaction:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")

    def hold(self) -> None:
        if self._read_only:
            raise Unwritable(f"{self.where} was opened for reading only.")
        self._check_place()
        if not os.access(self._path, os.W_OK):
            raise Unwritable(
                f"{self.where} is a read-only file. `narrative backup` copies it whole; write to the copy."
            )
        if self._path.stat().st_nlink > 1:  # one may be of a part whose process was killed as it was placed
            sweep(self._path)
        links = self._path.stat().st_nlink
        if links > 1:  # lock and journal go by name: two names of one file would have two of each
            raise Linked(
                f"{self.where} is one of {links} names of one file (hard links), and a history is written by "
                "one name alone. `narrative backup` copies it whole; write to the copy, or remove the others."
            )
        if mounted(self._path):
            raise Linked(
                f"{self.where} is mounted here as one file, which may have another name elsewhere, and a "
                "history is written by one name alone. Mount the folder it lies in; or `narrative backup` "
                "copies it whole, and write to the copy."
            )
        self._lock.take()
        if self._mark is None:
            self._begin_session()

    def _begin_session(self) -> None:
        """Mark the file as this writer's, and every commit after it: a journal that was left behind is known
        for the file's own, or for another's, by that. The file bears the journal's mark or the one before.
        """
        moved = self._moved()
        with self._transaction():
            self._db.execute(schema.MARKS.replace("TABLE", "TABLE IF NOT EXISTS", 1))
            before: Marks | None = self._db.execute("SELECT mark, former FROM marks").fetchone()
            if before is None or moved:
                before = os.urandom(16), None if before is None else before[0]
            self._write_mark(before)
        self._mark = (before[0], None) if self._moved() else before
        found = self._path.stat()
        self._file = found.st_dev, found.st_ino

    def _check_place(self) -> None:
        """Raises Unwritable where the name no longer leads to the file that is written here."""
        if self._file is None:
            return
        try:
            found = self._path.stat()
        except OSError:
            found = None
        if found is None or (found.st_dev, found.st_ino) != self._file:
            raise Unwritable(
                f"{self.where} was moved, deleted or replaced while it was being written here, so what was "
                f"appended is not under that name. Put the file back beside {self._path.name}-wal, which "
                "holds the latest of it, and `narrative resume` completes it."
            )

    def _moved(self) -> bool:
        """Move the journal into the file; whether all of it is there, which a reader may prevent."""
        self._all("PRAGMA busy_timeout=0")
        busy = self._all("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]
        self._all(f"PRAGMA busy_timeout={round(PATIENCE * 1000)}")
        return not busy

    def _write_mark(self, marks: Marks) -> None:
        self._db.execute("INSERT OR REPLACE INTO marks VALUES (1, ?, ?)", marks)

    def _entered(self) -> tuple[int, int, int]:
        """The identity of the file, read as it lies where its directory cannot be written: there is no room
        for the journal's index there. Somebody else may write it all the same, which `changed` then sees.
        """
        try:
            return self._identity()
        except Unwritable:
            self._lay = self._lying()
            if self._lay[-1]:
                raise
            self._db.close()
            self._mode = "ro&immutable=1"
            self._db = self._connect(self._mode)
            return self._identity()

    def _lying(self) -> tuple[int, ...]:
        """Whatever changes when somebody writes: which file it is, its size and time, and the journal's."""
        found, journal = self._path.stat(), self._path.with_name(self._path.name + "-wal")
        return (
            found.st_ino,
            found.st_size,
            found.st_mtime_ns,
            journal.stat().st_size if journal.exists() else 0,
        )

    def _anew(self) -> None:
        for looker in self._lookers or ():
            looker.close()
        self._lookers = []
        self._db.close()
        self._mode, self._lay, self._version = "rw", None, -1
        self._db = self._connect(self._mode)
        self._entered()

    def changed(self) -> bool:
        if self._lay is not None and self._lying() != self._lay:
            self._anew()
        version: int = self._all("PRAGMA data_version")[0][0]
        seen, self._version = self._version, version
        return seen != version

    @contextmanager
    def still(self) -> Iterator[None]:
        with self._transaction(READING):
            self._all("SELECT 1 FROM sqlite_master LIMIT 1")  # from here on nothing newer is seen
            yield

    def state(self) -> State:
        with nullcontext() if self._db.in_transaction else self._transaction(READING):
            branches = self._db.execute(
                "SELECT id, name, parent, position, question, seal FROM branches ORDER BY id"
            ).fetchall()
            heads = self._db.execute(
                "SELECT branch, position, digest, lived, target, seal FROM heads ORDER BY branch"
            ).fetchall()
            names = self._db.execute("SELECT id, kind, origin, actor, seal FROM names ORDER BY id").fetchall()
        return State(
            tuple(BranchRow(*row) for row in branches), tuple(HeadRow(*row) for row in heads), tuple(names)
        )

    def write(self, batch: Batch) -> None:
        self._begun = any(before is None or before.position for before, _ in batch.heads)
        self._check_place()
        try:
            with self._transaction():
                self._put(batch)
        except (WrongPosition, BranchTaken):
            if not self._written(batch):  # an interrupt may fall between a commit and its being noted
                raise

    def _put(self, batch: Batch) -> None:
        db = self._db
        for row in batch.branches:
            if db.execute("SELECT 1 FROM branches WHERE name = ?", (row.name,)).fetchone():
                raise BranchTaken(f"{self.where} has a branch {row.name} already. Choose another name.")
            db.execute(
                "INSERT INTO branches VALUES (?, ?, ?, ?, ?, ?)",
                (row.id, row.name, row.parent, row.position, row.question, row.seal),
            )
        for before, after in batch.heads:
            self._move(before, after)
        db.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?)", batch.names)
        # A statement of many rows takes two thirds of the time of as many statements.
        many = len(batch.events) // _MANY * _MANY
        for start in range(0, many, _MANY):
            db.execute(_INSERT_MANY, tuple(chain.from_iterable(batch.events[start : start + _MANY])))
        db.executemany(_INSERT, batch.events[many:])
        db.executemany("INSERT INTO seals VALUES (?, ?)", batch.seals)

    def _written(self, batch: Batch) -> bool:
        query = "SELECT 1 FROM heads WHERE branch = ? AND seal = ?"
        return all(self._all(query, (after.branch, after.seal)) for _, after in batch.heads)

    def _move(self, before: HeadRow | None, after: HeadRow) -> None:
        values = (after.position, after.digest, after.lived, after.target, after.seal, after.branch)
        if before is None:
            self._db.execute(
                "INSERT INTO heads (position, digest, lived, target, seal, branch) VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
            return
        moved = self._db.execute(
            "UPDATE heads SET position = ?, digest = ?, lived = ?, target = ?, seal = ?"
            " WHERE branch = ? AND seal = ?",
            (*values, before.seal),
        )
        if moved.rowcount != 1:
            raise WrongPosition(f"Another writer has moved {self.where}. Read again and decide again.")

    def rows(self, first: int, last: int) -> list[Stored]:
        return self._all(_ROWS, (first, last))

    def find(self, first: int, last: int, wanted: Wanted) -> list[Found]:
        text, values = query(wanted)
        rows = self._looked(text, (first, last, *values))
        asked = {str(cause) for cause in wanted.causes}
        if asked:  # the query lets by whatever has several causes
            rows = [row for row in rows if not asked.isdisjoint(str(row[3]).split(","))]
        return [(row[:6], row[6]) for row in rows]

    def _looked(self, query: str, values: Sequence[object]) -> list[Any]:
        """All rows of a query over what is committed, from any thread: each asks by a connection that
        nobody else uses meanwhile.
        """
        idle = self._lookers
        if idle is None:
            raise sqlite3.ProgrammingError("Cannot operate on a closed database.")
        try:
            looker = idle.pop()
        except IndexError:
            looker = self._connect(self._mode, shared=True)
        try:
            return looker.execute(query, values).fetchall()
        except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
            raise
        except (sqlite3.Error, UnicodeError, OverflowError) as error:
            raise wrong(self.where, error) from None
        finally:
            idle.append(looker)

    def after(self, first: int) -> int | None:
        found: int | None = self._all("SELECT min(id) FROM events WHERE id >= ?", (first,))[0][0]
        return found

    def seal(self, last: int) -> bytes | None:
        found = self._all("SELECT seal FROM seals WHERE id = ?", (last,))
        return found[0][0] if found else None

    def remember(self, snapshots: Sequence[Snapshot]) -> None:
        with self._transaction():
            self._db.executemany("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?, ?)", snapshots)

    def snapshot(self, branch: int, position: int, of: str) -> Snapshot | None:
        found = self._all(
            "SELECT branch, position, made_of, digest, data, seal FROM snapshots"
            " WHERE branch = ? AND made_of = ? AND position <= ? ORDER BY position DESC LIMIT 1",
            (branch, of, position),
        )
        return found[0] if found else None

    def sign(self, branch: int, program: str, model: str) -> None:
        with self._transaction():
            self._db.execute(schema.MAKERS.replace("TABLE", "TABLE IF NOT EXISTS", 1))
            self._db.execute("INSERT OR REPLACE INTO makers VALUES (?, ?, ?)", (branch, program, model))

    def signed(self, branch: int) -> tuple[str, str] | None:
        if not self._all("SELECT 1 FROM sqlite_master WHERE name = 'makers'"):
            return None
        found = self._all("SELECT program, model FROM makers WHERE branch = ?", (branch,))
        return found[0] if found else None

    def attach(self, name: str, text: str) -> None:
        with self._transaction():
            self._db.execute(schema.ATTACHED.replace("TABLE", "TABLE IF NOT EXISTS", 1))
            values = (name, text, sealed(name, text))
            self._db.execute("INSERT OR REPLACE INTO attached VALUES (?, ?, ?)", values)

    def attached(self) -> Mapping[str, str]:
        found = self._attachments()
        for name, text, seal in found:
            if not _attachable(name, text, seal):
                raise Damaged(f"{self.where} is damaged: {_altered(name)}. {RESTORE}")
        return {name: text for name, text, _ in found}

    def _attachments(self) -> list[tuple[str, str, bytes]]:
        if not self._all("SELECT 1 FROM sqlite_master WHERE name = 'attached'"):
            return []
        return self._all("SELECT name, text, seal FROM attached ORDER BY name")

    def forget(self) -> None:
        with self._transaction():
            self._db.execute("DELETE FROM snapshots")

    def check(self) -> tuple[str, ...]:
        what = schema.strange(self._all(schema.ASKED))
        found = self._all("PRAGMA integrity_check")
        lines = () if found == [("ok",)] else tuple(str(line) for (line,) in found)
        altered = (row for row in self._attachments() if not _attachable(*row))
        lines += tuple(_altered(str(row[0])) for row in altered)
        return (what, *lines) if what else lines

    def backup(self, path: Path) -> None:
        try:
            with new_beside(path) as part:
                self._copy(part)
        except sqlite3.Error as error:
            if not full(error):
                raise wrong(self.where, error) from None
            raise unwritable(path, str(error)) from None

    def _copy(self, part: Path) -> None:
        part.touch()
        # A private log is handed on private; the copy of a read-only one is to be written to.
        part.chmod(stat.S_IMODE(self._path.stat().st_mode) | stat.S_IWUSR)
        copy = sqlite3.connect(part)
        try:
            self._db.backup(copy)
            copy.execute(schema.MARKS.replace("TABLE", "TABLE IF NOT EXISTS", 1))
            # A mark of its own: put in the place of the log that it was made of, it has another's journal.
            copy.execute("INSERT OR REPLACE INTO marks VALUES (1, ?, NULL)", (os.urandom(16),))
            copy.commit()
        finally:
            copy.close()

    def close(self) -> None:
        lookers, self._lookers = self._lookers, None
        if self._mark is not None:  # so that the file is whole by itself, though others have it open
            with suppress(sqlite3.Error):
                self._db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        for db in (*(lookers or ()), self._db):
            db.close()
        self._let_go()
        self._lock.drop()
        if lookers is not None:
            self._check_place()  # last, when all that was written is where it will be found


def _attachable(name: object, text: object, seal: bytes) -> bool:
    return isinstance(name, str) and isinstance(text, str) and seal == sealed(name, text)


def _altered(name: str) -> str:
    return f"{name!a}, which is attached to the log, is not as it was written"
