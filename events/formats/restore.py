"""A log in a new file from what was handed on: there whole, or not at all."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE, S_IWUSR

from events import blocks
from events.branch import first_batch
from events.errors import Unwritable, Wrong
from events.files import new_beside, reading, unwritable
from events.formats.jsonl import Part
from events.formats.jsonl_reader import BadFile, Reader
from events.log import Log, open_log
from events.stores.protocol import BITS, Batch, HeadRow, Name, Stored, address, branch_row, head_row
from events.stores.sqlite import SqliteStore

_TOGETHER = 20_000  # events written at once


def restore(source: Path, target: Path, check: Callable[[Log], object]) -> Reader:
    """Make a log of an exported file. Raises BadFile with every fault, Taken where something stands
    already, Unwritable, and what `check` raises of the log before it is put in its place.
    """
    with new_beside(target) as part:
        if source.is_file():
            part.touch()
            # As private as what it is made of, and to be written to though that is not.
            part.chmod(S_IMODE(source.stat().st_mode) & 0o666 | S_IWUSR)
        try:
            reader = _restored(source, part)
        except OSError as error:
            if error.filename not in {str(source), source}:
                raise
            raise BadFile(f"{source} cannot be read: {error.strerror}. Nothing was written.") from None
        except Unwritable as error:  # which names the part, and not what it was to become
            said = str(error).partition("(")[2].partition(")")[0] or "the disk takes no more"
            raise unwritable(target, said) from None
        if reader.faults:
            raise BadFile(reader.told())
        with open_log(part, create=False, read_only=True) as log:
            check(log)
    return reader


def _restored(source: Path, part: Path) -> Reader:
    reader = Reader(source)
    with reading(source) as file:
        if not reader.begin(file) or reader.header is None:
            return reader
        store = SqliteStore(part, first_batch(), read_only=False)
        try:
            names, writer = blocks.Names(), _Rows(store)
            numbers = {one.name: number for number, one in enumerate(reader.header.branches, 1)}
            for found in reader.events(file):
                position, moment, kind, origin, actor, causes, body, digest = found.row
                if reader.faults:
                    continue  # the rest is read for its own faults
                number = names.numbers.get((kind, origin, actor)) or names.add(kind, origin, actor)
                place = address(numbers[found.branch], position)
                writer.add((place, moment, number, causes, body, digest))
            if not reader.faults:
                writer.send(names=names.fresh)
                _fork(store, reader.header.branches, numbers)
                for name, text in reader.header.beside.items():
                    store.attach(name, text)
        finally:
            with suppress(Wrong):
                store.close()
    return reader


class _Rows:
    """Rows on their way to a store, with the seals of the blocks that they fill."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._rows: list[Stored] = []
        self._begun: dict[int, list[Stored]] = {}  # by branch, of a block that is not full yet

    def add(self, row: Stored) -> None:
        self._rows.append(row)
        if len(self._rows) >= _TOGETHER:
            self.send()

    def send(self, names: Sequence[Name] = ()) -> None:
        for row in self._rows:
            self._begun.setdefault(row[0] >> BITS, []).append(row)
        seals: list[tuple[int, bytes]] = []
        for branch, tail in self._begun.items():
            done, self._begun[branch] = blocks.seals(tail)
            seals += done
        self._store.write(Batch(names=names, events=self._rows, seals=seals))
        self._rows = []


def _fork(store: SqliteStore, parts: tuple[Part, ...], numbers: dict[str, int]) -> None:
    """Write what says which branches there are, and where they end."""
    first = store.state().heads[0]
    heads: list[tuple[HeadRow | None, HeadRow]] = []
    rows = []
    for one in parts:
        number = numbers[one.name]
        head = head_row(number, one.events, bytes.fromhex(one.digest), one.lived, one.target)
        heads.append((first if number == 1 else None, head))
        if number > 1:
            rows.append(
                branch_row(number, one.name, numbers[one.parent or "main"], one.position, one.question)
            )
    store.write(Batch(branches=rows, heads=heads))
