"""The tables of one open history by name, each made when it is asked for.

Of a long history the columns of `events`, `postings` and the kinds are kept beside the database
once they were asked for (`events.cache`), so that asking again is quick.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from events.books import frames
from events.books.frames import CAUSES, EVENTS, POSTINGS, Chunk, Made, Schema, Wanted
from events.cache import Kept, Unkept
from events.errors import Wrong
from events.facts import FAMILIES, KINDS
from narrative.analysis.circle import Taken, parties, rung, turns
from narrative.analysis.every import DAILY, Every
from narrative.analysis.history import History, story_of
from narrative.analysis.observing import observed_rows
from narrative.analysis.replay import reading_names
from narrative.books.table import RUNGS, TABLE
from narrative.story.calendar import DAY
from narrative.story.model import Story
from narrative.story.observed import SUMS, Observation
from narrative.tables.daily import PLAIN, TAKEN, Reading, Spans
from narrative.text.numbers import count


class NotFound(UserWarning):
    """Observations are not where they were looked for."""


class TooMany(Wrong):
    """More readings than are read at once."""


READ_AT_ONCE = 5_000_000  # readings: a minute or two of a processor, and up to a gigabyte
LONG = 100_000  # events of a history whose tables are worth keeping

_MOMENT = pl.Datetime("ms")
_TEXT, _WHOLE, _REAL = pl.String(), pl.Int64(), pl.Float64()
_MONEY = ("valuation", "collateral", "cash", "debt", "backlog", *RUNGS)
READINGS: Schema = {
    "moment": _MOMENT,
    "actor": _TEXT,
    **{name: _WHOLE if name in _MONEY else _REAL for name in reading_names()},
}
OBSERVED: Schema = {
    "moment": _MOMENT, "actor": _TEXT, "kind": _TEXT, "amount": _WHOLE, "value": _REAL, "source": _TEXT,
    "entries": _TEXT,
}  # fmt: skip  # one row a part
BRANCHES: Schema = {
    "branch": _TEXT, "parent": _TEXT, "position": _WHOLE, "question": _TEXT, "events": _WHOLE,
    "moment": _MOMENT, "lived": _MOMENT, "digest": _TEXT,
}  # fmt: skip  # one row a part
TURNS: Schema = {
    "turn": _WHOLE, "step": _WHOLE, "text": _TEXT, "bond": _TEXT, "position": _WHOLE, "moment": _MOMENT,
    "kind": _TEXT, "origin": _TEXT, "actor": _TEXT, "counterparty": _TEXT, "rung": _TEXT, "amount": _WHOLE,
    "paid": pl.Boolean(), "headline": _TEXT,
}  # fmt: skip  # one row a part


def schemas() -> dict[str, Schema]:
    """The columns of every table by its name."""
    plain = {
        "events": EVENTS, "postings": POSTINGS, "readings": READINGS, "observed": OBSERVED,
        "branches": BRANCHES, "causes": CAUSES, "turns": TURNS,
    }  # fmt: skip  # one list
    return plain | {kind: frames.kind_schema(kind) for kind in KINDS}


class Source:
    """The tables of one branch, made of its log when asked for; good while its history is open."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.head = history.log.head(history.branch)
        self._made: dict[str, dict[str, pl.Series]] = {}

    @property
    def story(self) -> Story:
        return story_of(self.history)

    def frame(
        self, name: str, columns: Sequence[str] | None = None, asked: pl.Expr | None = None
    ) -> pl.DataFrame:
        """Some columns of a table, or all of them; of the rows at least those of which `asked` holds."""
        wanted = list(schemas()[name] if columns is None else columns)
        if (
            name == "readings"
            and asked is not None
            and {"moment", "actor"}.issuperset(asked.meta.root_names())
        ):
            return self.readings(DAILY, wanted, asked)
        have = self._made.setdefault(name, {})
        missing = [column for column in wanted if column not in have]
        if missing:
            have |= self._columns(name, missing)
        return pl.DataFrame([have[column] for column in wanted])

    def _columns(self, name: str, columns: list[str]) -> dict[str, pl.Series]:
        """Some columns of a table: read from the cache where they are kept, else made and then kept."""
        kept = self._kept(name)
        if kept is None:
            return self._frame(name, columns).to_dict()
        form, found = _form(name), {}
        for column in columns:
            file = kept.find(f"{name}.{column}", form)
            if file is not None:
                with suppress(OSError, PolarsError):  # somebody keeps it anew, or clears it away
                    found[column] = pl.read_parquet(file).to_series()
        missing = [column for column in columns if column not in found]
        if missing:
            found |= self._frame(name, missing).to_dict()
        for column in missing:
            kept.keep(f"{name}.{column}", form, partial(_lay, found[column]))
        return found

    # --- of the log -----------------------------------------------------------------------------

    def _frame(self, name: str, columns: list[str]) -> pl.DataFrame:
        if name == "readings":
            return self.readings(DAILY, columns)
        if name == "observed":
            return self.observed().select(columns)
        if name == "branches":
            return self.branches().select(columns)
        if name == "turns":
            return self.turns().select(columns)
        wanted, part = _made_of(name, columns)
        empty = pl.DataFrame(schema={column: schemas()[name][column] for column in columns})
        return pl.concat([empty, *self.chunks(wanted, part)])

    def chunks(self, wanted: Wanted, make: Callable[[Chunk], Made]) -> Iterator[Made]:
        """Yield what `make` makes of each chunk of the history, taken apart as far as `wanted` says."""
        log, branch = self.history.log, self.history.branch
        return frames.chunks(log.columns(branch, 1, self.head.position), log.named(), wanted, make)

    def _kept(self, name: str) -> Kept | None:
        """The cache of a table's columns; None where the table or the branch is not worth keeping."""
        db = Path(self.history.path)
        if self.head.position < LONG or name not in {"events", "postings", *KINDS} or not db.is_file():
            return None
        return Kept.of(db, self.history.branch, self.head.digest)

    # --- beside the log -------------------------------------------------------------------------

    def spans(self, every: Every, asked: pl.Expr | None = None) -> Spans:
        """A fold of postings into readings: at the end of every step, counted from the midnight before the
        opening, and at the end of what was lived; only those of which `asked`, on moment and actor, holds.
        """
        opening = self.history.log.opening(self.history.branch)
        end = max(m for m in (self.head.lived, self.head.moment) if m is not None)
        ends = every.ends(opening.moment - opening.moment % DAY, end, self.story.calendar)
        return Spans(opening, ends, asked)

    def readings(
        self, every: Every, columns: Sequence[str] = tuple(READINGS), asked: pl.Expr | None = None
    ) -> pl.DataFrame:
        """The readings at the end of every step, a row a moment and actor; money in smallest units. Raises
        TooMany.
        """
        spans = self.spans(every, asked)
        if spans.rows() > READ_AT_ONCE:
            raise TooMany(
                f"Readings at every moment of all who are asked for are {count(spans.rows())} rows, and at "
                f"most {count(READ_AT_ONCE)} are read at once. Ask for some actors or for a shorter span, as "
                f"in WHERE actor = '{self.story.actors[0].id}', or in Python for a longer step (every)."
            )
        wanted = frames.for_postings(PLAIN)
        posted = self.chunks(wanted, lambda chunk: frames.postings_of(chunk, PLAIN, TAKEN))
        blocks = chain(chain.from_iterable(map(spans.take, posted)), spans.rest())
        return pl.concat(
            [readings_of(()).select(columns), *(readings_of(block).select(columns) for block in blocks)]
        )

    def _sightings(self) -> tuple[Observation, ...]:
        """The observations; a warning where they were not found, since no rows would read as none made."""
        observed = observed_rows(self.history)
        if observed.missing is not None:
            warnings.warn(f"{observed.missing}.", NotFound, stacklevel=2)
        return observed.rows

    def observed(self) -> pl.DataFrame:
        """The observations of the story, a row each."""
        rows = [
            (
                row.moment * 1000, row.actor, row.kind,
                round(row.value) if row.kind in SUMS else None,
                None if row.kind in SUMS else row.value,
                row.source, "; ".join(row.entries) or None,
            )
            for row in self._sightings()
        ]  # fmt: skip  # one row a part
        return pl.DataFrame(rows, schema=OBSERVED | {"moment": _WHOLE}, orient="row").cast(
            {"moment": _MOMENT}
        )

    def branches(self) -> pl.DataFrame:
        """Every branch of the database."""
        rows = []
        for branch in self.history.log.branches():
            head = self.history.log.head(branch.name)
            moments = [None if moment is None else moment * 1000 for moment in (head.moment, head.lived)]
            rows.append(
                (
                    branch.name, branch.parent, branch.position if branch.parent else None,
                    branch.question or None, head.position, *moments, head.digest.hex(),
                )
            )  # fmt: skip  # one row a part
        plain = BRANCHES | {"moment": _WHOLE, "lived": _WHOLE}
        return pl.DataFrame(rows, schema=plain, orient="row").cast({"moment": _MOMENT, "lived": _MOMENT})

    def turns(self) -> pl.DataFrame:
        """The turns of the story's circle, a row a step; of a step that nobody took, the words alone."""
        log, story = self.history.log, self.story
        words = {step.step: step.text for step in story.circle}
        rows = [
            row
            for number, turn in enumerate(turns(story, list(log.read(self.history.branch))), 1)
            for row in sorted(
                [
                    *(_step(number, taken, words[taken.step]) for taken in turn.taken),
                    *((number, step, words[step], "missing", *[None] * 10) for step in turn.missing),
                ],
                key=lambda row: row[1],
            )
        ]
        return pl.DataFrame(rows, schema=TURNS | {"moment": _WHOLE}, orient="row").cast({"moment": _MOMENT})


def _step(turn: int, taken: Taken, text: str) -> tuple[Any, ...]:
    event = taken.event
    actor, other, *_ = (*parties(event.fact), None)
    stands, amount = rung(event.fact)
    return (
        turn, taken.step, text, taken.bond, event.position, event.moment * 1000, event.kind, event.origin,
        actor, other, stands, amount, taken.paid, event.fact.told.headline if event.fact.told else None,
    )  # fmt: skip  # one row


def readings_of(rows: Sequence[Reading]) -> pl.DataFrame:
    """Readings as they are given, as a table."""
    return pl.DataFrame(rows, schema=READINGS | {"moment": _WHOLE}, orient="row").cast({"moment": _MOMENT})


def _lay(column: pl.Series, path: Path) -> None:
    try:
        column.to_frame().write_parquet(path, compression="lz4")
    except PolarsError as error:
        raise Unkept(str(error)) from None


def _form(name: str) -> object:
    """Whatever makes a table what it is, beside the log."""
    return (
        frames.FORM,
        str(schemas()[name]),
        TABLE.fingerprint() if name == "postings" else "",
        [(kind, fact.version) for kind, fact in KINDS.items()],
        [(family, [kind.__name__ for kind in kinds]) for family, kinds in FAMILIES.items()],
        pl.__version__,
    )


def _made_of(name: str, columns: list[str]) -> tuple[Wanted, Callable[[Chunk], pl.DataFrame]]:
    """The parts of the log that a table needs, and the function that makes its columns of a chunk."""
    if name == "events":
        return frames.for_events(columns), lambda chunk: frames.events_of(chunk, columns)
    if name == "postings":
        return frames.for_postings(TABLE), lambda chunk: frames.postings_of(chunk, TABLE, columns)
    if name == "causes":
        return frames.CAUSED, lambda chunk: frames.causes_of(chunk).select(columns)
    return frames.for_kind(name, columns), lambda chunk: frames.kind_of(chunk, name, columns)
