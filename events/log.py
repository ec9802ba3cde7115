"""The log: the only truth, and the only way to write it.

A moment is appended whole, to a branch whose end is where the writer thought it was, or not at
all. Moments are buffered and committed in batches; what a reader of the same log sees is always
complete, because reading commits first.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from events import blocks, integrity, snapshot
from events.blocks import Columns
from events.branch import MAIN, Branch, Head, Tip, check_words, first_batch, line, tips, unknown
from events.codec import GENESIS, to_event
from events.errors import RESTORE, Damaged, NotBetweenMoments, Wrong, WrongPosition
from events.event import Act, Event, Plain, Row
from events.facts import Note
from events.search import Sought, found
from events.stores.memory import MemoryStore
from events.stores.protocol import POSITIONS, Store, branch_row, head_row
from events.stores.sqlite import SqliteStore
from events.writing import Writer, place


def open_log(path: str | Path | None, *, create: bool = True, read_only: bool = False) -> "Log":
    """The log in that file, or one in memory for None.

    Raises NotALog for a file that is none (or, without `create`, is not there), Unwritable for a
    place where none can be made.
    """
    if path is None:
        return Log(MemoryStore(first_batch()))
    first = first_batch() if create and not read_only else None
    return Log(SqliteStore(Path(path), first, read_only=read_only))


class Log:
    """Branches of events in one store. Use it in a `with` statement, or close it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._writing = False
        self._tips: dict[str, Tip] = {}
        self._faults: list[tuple[str, int, str]] = []
        self._newest = 0  # number of the newest branch
        self._names = blocks.Names()
        self._writer = Writer(store, self._names)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            with suppress(Wrong):  # the error under way says more than that its last batch is lost
                self.close()

    def close(self) -> None:
        """Commit what waits, and let go of the file and the lock."""
        try:
            self.flush()
        finally:
            self._store.close()

    @contextmanager
    def still(self) -> Iterator[None]:
        """Within, the log is read as of one instant, however it is written meanwhile by somebody else."""
        self.flush()
        with self._store.still():
            yield

    # --- what is there --------------------------------------------------------------------------

    def branches(self) -> tuple[Branch, ...]:
        """Every branch, oldest first."""
        self._look()
        names = {tip.row.id: name for name, tip in self._tips.items()}
        return tuple(
            Branch(name, names.get(tip.row.parent or 0), tip.row.position, tip.row.question)
            for name, tip in self._tips.items()
        )

    def head(self, branch: str = MAIN) -> Head:
        """The head of a branch: where it ends, and up to when it has been, and is meant to be, lived."""
        tip = self._tip(branch)
        moment, lived = self._moment(tip), tip.lived
        if lived is not None and moment is not None:  # logs of before noted it one moment behind
            lived = max(lived, moment)
        return Head(tip.position, moment, tip.digest, lived, tip.target)

    def event(self, branch: str, position: int) -> Event:
        """The event at a position of a branch. Raises WrongPosition where there is none, Damaged."""
        end = self._tip(branch).position
        if not 1 <= position <= end:
            raise WrongPosition(f"There is no {branch}@{position}: {branch} ends at {end}.")
        return to_event(self._row(branch, position))

    def opening(self, branch: str = MAIN) -> Event:
        """The first event of a branch, with which its history opens. Raises WrongPosition, Damaged."""
        return self.event(branch, 1)

    def rows(self, branch: str = MAIN, start: int = 1, stop: int | None = None) -> Iterator[Row]:
        """Yield the branch's rows one by one, each checked.

        They are read through the branch's parents, from position `start` to `stop` (both included; the
        end of the branch by default). Raises Damaged at a row that is not what was appended.
        """
        for block in self.plain(branch, start, stop):
            yield from map(Row._make, block)

    def read(self, branch: str = MAIN, start: int = 1, stop: int | None = None) -> Iterator[Event]:
        """Yield the branch's events one by one, each checked, as `rows` does.

        Raises Damaged, and UnknownKind for a fact that a later version of this program wrote.
        """
        for block in self.plain(branch, start, stop):
            yield from map(to_event, block)

    def plain(self, branch: str = MAIN, start: int = 1, stop: int | None = None) -> Iterator[list[Plain]]:
        """Yield the branch's rows block by block as tuples of the fields of a Row, each checked as in `rows`.

        For whoever takes every field of every row: naming them costs as much as reading. Raises Damaged.
        """
        tip, end = self._flushed(branch, stop)
        last = None
        for block in blocks.blocks(self._store, self._names, tip.line, max(start, 1), end):
            last = block[-1]
            yield block
        if last and last[0] == tip.position and last[7] != tip.digest:
            raise blocks.damaged(self._store, last[0])

    def columns(
        self, branch: str = MAIN, start: int = 1, stop: int | None = None
    ) -> Iterator[tuple[int, Columns]]:
        """Yield the first position and the columns of each block of the branch's rows, checked as in `rows`.

        Kind, origin and actor stand in them as one number, which `named` resolves. Raises Damaged.
        """
        tip, end = self._flushed(branch, stop)
        for at, block in blocks.columns(self._store, self._names, tip.line, max(start, 1), end):
            yield at, block
            if at + len(block[0]) - 1 == tip.position and block[5][-1] != tip.digest:
                raise blocks.damaged(self._store, tip.position)

    def named(self) -> Mapping[int, tuple[str, str, str]]:
        """Map each number of a name to its (kind@version, origin, actor)."""
        self._look()
        return self._names.of

    def _flushed(self, branch: str, stop: int | None) -> tuple[Tip, int]:
        """A branch of which all is in the store, and the last position to be read of it."""
        tip = self._tip(branch)
        if tip.pending:
            self.flush()
        return tip, tip.position if stop is None else min(stop, tip.position)

    def find(
        self, branch: str, sought: Sought, start: int = 1, stop: int | None = None, *, passed: bool = False
    ) -> Iterator[Row]:
        """Yield the branch's rows that may be those sought, each checked; the others are not read, or with
        `passed` checked too, since a damage may have made one look like nothing sought.

        A superset: test the decoded event. Raises Damaged; for what was passed over, at the end.
        """
        tip, end = self._flushed(branch, stop)
        check = partial(self.check, branch) if passed else None
        return found(self._store, self._names, tip.line, (max(start, 1), end), sought, check)

    def check(self, branch: str, start: int = 1, stop: int | None = None) -> None:
        """Read a branch's rows and keep none. Raises Damaged where one is not what was appended."""
        for _ in self.columns(branch, start, stop):
            pass

    def met(self) -> frozenset[tuple[str, str, str]]:
        """Every (kind, origin, actor) that any branch has."""
        self._look()
        names = self._names.of.values()
        return frozenset((stamp.partition("@")[0], origin, actor) for stamp, origin, actor in names)

    def position_at(self, branch: str, moment: int) -> int:
        """The last position whose moment is not after that one; 0 if there is none."""
        tip = self._tip(branch)
        low, high = 0, tip.position
        if high and moment >= (self._moment(tip) or 0):
            return high
        while low < high:
            middle = (low + high + 1) // 2
            if self._row(branch, middle).moment <= moment:
                low = middle
            else:
                high = middle - 1
        return low

    def verify(self) -> tuple[integrity.Fault, ...]:
        """Every fault in the whole file, on any branch. Empty when all is as it was appended."""
        self.flush()
        return integrity.verify(self._store)

    # --- writing --------------------------------------------------------------------------------

    def hold(self) -> None:
        """Become the one writer until closed, as the first write would. Raises Locked or Unwritable."""
        if not self._writing:
            self._store.hold()
            self._load()
            self._writing = True

    def append(
        self, branch: str, expected: int, moment: int, acts: Sequence[Act], *, lived: bool = False
    ) -> tuple[Event, ...]:
        """Append one whole moment after position `expected`, and return its events. That the branch was
        `lived` up to it goes to disk with them.

        Raises WrongPosition when the branch ends elsewhere, or has reached that moment already. Two
        things may share the last moment: a new branch's supposition, and a reader's note.
        """
        tip = self._tips.get(branch) if self._writing else None
        if tip is None or not tip.looked:
            tip = self._writable(branch)
            self._moment(tip)
        if expected != tip.position:
            raise WrongPosition(
                f"tried to append after {branch}@{expected}, but {branch} is at {tip.position}. "
                f"Read from {min(expected, tip.position)} and decide again."
            )
        if tip.moment is not None and moment <= tip.moment and not _may_share(tip, moment, acts):
            raise WrongPosition(
                f"tried to append moment {moment} to {branch}, which has reached moment {tip.moment}. "
                "A moment is appended once and whole; append a later one."
            )
        events, rows = place(self._names, tip, moment, acts)
        if events:
            if len(tip.pending) != tip.position - tip.stored.position:
                # The rows past the position are of an append that was interrupted below.
                del tip.pending[tip.position - tip.stored.position :]
            tip.pending += rows
            tip.moment, tip.position, tip.digest = moment, events[-1].position, events[-1].digest
            tip.lived = moment if lived else tip.lived
            self._writer.wait(tip)
        return tuple(events)

    def fork(
        self,
        name: str,
        parent: str,
        position: int,
        question: str = "",
        *,
        first: tuple[int, Sequence[Act]] = (0, ()),
        target: int | None = None,
    ) -> Branch:
        """A new branch off `parent` after `position`, at once durable, with its `first` moment and
        acts (what it supposes) and its target, or not at all. Raises BranchTaken, UnknownBranch, and
        NotBetweenMoments for a position inside a moment or beyond the end.
        """
        check_words(name, question)
        tip = self._writable(parent)
        self.flush()
        digest = self._between(parent, tip, position)
        row = branch_row(self._newest + 1, name, tip.row.id, position, question)
        head = head_row(row.id, position, digest, None, target)
        branch = Tip(row, head, line(tip.line, row), position, digest, None, target)
        _, rows = place(self._names, branch, *first)
        if rows:
            if position and first[0] < self._row(parent, position).moment:
                raise WrongPosition(f"{name} cannot begin at moment {first[0]}, before {parent}@{position}.")
            branch.position, branch.digest = rows[-1][0] & POSITIONS, rows[-1][5]
            branch.stored = branch.head()
        self._writer.begin(branch, rows)
        self._newest = row.id
        self._tips[name] = branch
        return Branch(name, parent, position, question)

    def _between(self, branch: str, tip: Tip, position: int) -> bytes:
        if not 0 <= position <= tip.position:
            raise NotBetweenMoments(
                f"There is no {branch}@{position} to fork after: {branch} ends at {tip.position}. "
                "Live it further, or fork earlier."
            )
        if position == 0:
            return GENESIS
        if position == tip.position:
            return tip.digest
        rows = list(self.rows(branch, position, position + 1))
        moment = rows[0].moment
        if rows[1].moment == moment:
            raise NotBetweenMoments(
                f"{branch}@{position} lies inside a moment, which is one and whole. Fork after "
                f"{branch}@{self.position_at(branch, moment - 1)} or "
                f"{branch}@{self.position_at(branch, moment)}."
            )
        return rows[0].digest

    def lived(self, branch: str, moment: int) -> None:
        """Note that the branch has been lived up to that moment; written with the next batch."""
        tip = self._writable(branch)
        tip.lived = moment
        self._writer.wait(tip)

    def aim(self, branch: str, target: int) -> None:
        """Note up to which moment the branch is meant to be lived; written with the next batch."""
        tip = self._writable(branch)
        tip.target = target
        self._writer.wait(tip)

    def sign(self, branch: str, program: str, model: str) -> None:
        """Keep which version of a program, and of its model, began a branch. It is no part of the history: no
        digest covers it, and files of before have none.
        """
        self._store.sign(self._writable(branch).row.id, program, model)

    def signed(self, branch: str) -> tuple[str, str] | None:
        """The (program, model) that began a branch, where that was kept."""
        return self._store.signed(self._tip(branch).row.id)

    def attach(self, name: str, text: str) -> None:
        """Keep a text beside the history, in place of one of that name. It is no part of it: no digest covers
        it, no decision sees it, and files of before have none. It goes along with a backup and an export.
        """
        self.hold()
        self._store.attach(name, text)

    def attached(self, name: str) -> str | None:
        """The text of that name that was kept beside the history; None where none was. Raises Damaged."""
        return self.texts().get(name)

    def texts(self) -> Mapping[str, str]:
        """Every text that was kept beside the history, by name. Raises Damaged."""
        return self._store.attached()

    def flush(self) -> None:
        """Commit what waits; it is durable on return. Where that raises, nothing of it was written, and it
        waits still.
        """
        self._writer.flush()

    # --- snapshots ------------------------------------------------------------------------------

    def remember(self, branch: str, position: int, data: bytes, of: str) -> None:
        """Keep a fold of the branch up to a position, made by `of`; written with the next batch."""
        tip = self._writable(branch)
        if not 1 <= position <= tip.position:
            raise WrongPosition(f"There is no {branch}@{position} to remember: it ends at {tip.position}.")
        owner = next(span.id for span in tip.line if span.first <= position <= span.last)
        digest = tip.digest if position == tip.position else self._row(branch, position).digest
        self._writer.keep(snapshot.snapshot(owner, position, of, digest, data))

    def recall(self, branch: str, position: int, of: str) -> tuple[int, bytes] | None:
        """The latest fold that `of` made of this history, at or before a position: (its position, data), or
        None where there is none.
        """
        tip = self._tip(branch)
        self.flush()
        end = min(position, tip.position)
        return snapshot.latest(self._store, tip.line, end, of, lambda at: self._row(branch, at).digest)

    def forget(self) -> None:
        """Drop every snapshot. Nothing is lost but time."""
        self.hold()
        self._writer.forget()
        self._store.forget()

    def backup(self, path: str | Path) -> None:
        """Copy the whole log to a new file, which appears there complete or not at all."""
        self.flush()
        self._store.backup(Path(path))

    # --- the open log ---------------------------------------------------------------------------

    def _load(self) -> None:
        state = self._store.state()
        self._names = blocks.Names(state.names)
        self._writer = Writer(self._store, self._names)
        self._tips, self._faults = tips(state)
        self._newest = max((tip.row.id for tip in self._tips.values()), default=0)

    def _look(self) -> None:
        if not self._writing and self._store.changed():
            self._load()
        if self._faults:
            branch, _, what = self._faults[0]
            where = f" ({branch})" if branch else ""
            raise Damaged(f"{self._store.where} is damaged: {what}{where}. {RESTORE}")

    def _tip(self, branch: str) -> Tip:
        self._look()
        tip = self._tips.get(branch)
        if tip is None:
            raise unknown(branch, list(self._tips))
        return tip

    def _writable(self, branch: str) -> Tip:
        self.hold()
        return self._tip(branch)

    def _row(self, branch: str, position: int) -> Row:
        return next(self.rows(branch, position, position))

    def _moment(self, tip: Tip) -> int | None:
        if not tip.looked:
            tip.moment = self._row(tip.row.name, tip.position).moment if tip.position else None
            tip.looked = True
        return tip.moment


def _may_share(tip: Tip, moment: int, acts: Sequence[Act]) -> bool:
    """Whether acts may join a branch's last moment: a new branch's supposition, or notes of readers."""
    noted = all(type(draft.fact) is Note and draft.origin == "supposed" for act in acts for draft in act)
    return moment == tip.moment and (tip.new() or noted)
