"""A history as polars DataFrames, for notebooks and for SQL: ``narrative.history("ai-2025@calm")``.

Each table is in order of position, or of moment and the story's list of actors. Moments are Datetime
in milliseconds, proleptic Gregorian whatever the story writes. Money is whole Int64 in the story's
smallest unit, never a float; null is unknown or does not apply, never zero.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

from events.facts import KINDS
from narrative.analysis.every import every as step_of
from narrative.analysis.history import History, address, place
from narrative.engine.run import world_at
from narrative.prose import notebook
from narrative.prose.notebook import Moment
from narrative.tables.source import Source, schemas
from narrative.tables.sql import answered, no_table
from narrative.verbs.arguments import held
from narrative.verbs.living import performed


def history(name: str) -> "Frames":
    """A history as polars frames: a story's name or a database file, with `@branch`. A story's name is
    performed first where its database is absent.
    """
    with performed(name) as found:
        found.log.head(found.branch)
    return Frames(name)


class Frames:
    """One branch of a history. Every method opens the database, reads, and closes it again; each raises
    BadArgument for a value of another type than it says.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"narrative.history({self.name!r})"

    def _repr_html_(self) -> str:
        with performed(self.name) as found:
            return notebook.of_history(found)

    @contextmanager
    def _source(self) -> Iterator[Source]:
        with performed(self.name) as found:
            yield Source(found)

    @held
    def branch(self, name: str) -> "Frames":
        """Another branch of the same database."""
        where = address(self.name)
        return history(f"{where.story or where.path}@{name}")

    @held
    def events(self, kind: str | None = None) -> pl.DataFrame:
        """Every event, a row each; of one `kind`, with that kind's own fields.

        position Int64, moment Datetime, kind, family, origin (recorded, modelled, supposed), actor,
        counterparty String; amount (firm money), ceiling (less than firm) Int64 in smallest units;
        and where it was told: headline, source, confidence, status, entry, narrative, url String,
        tone (-1 to 1), strength (0 to 1) Float64, stated, news Int64 in smallest units, quantity
        Float64 with unit, per, instrument, participants (joined by "; "), note String, known (where a deed
        became known later) Datetime; digest String (hexadecimal, of the whole history up to the event).

        Of one kind: position, moment, origin, actor, the fields of the fact as `narrative schema`
        names them, then what was told. Fields that hold a moment are Datetime. A field named like a
        column before it stands as ``fact_…`` or ``told_…``.
        """
        if kind is None:
            return self._table("events")
        kinds = {name.lower(): name for name in KINDS}
        if kind.lower() not in kinds:
            raise no_table(kind, KINDS, "kind")
        return self._table(kinds[kind.lower()])

    def postings(self) -> pl.DataFrame:
        """The amounts that events post to accounts, a row a posting.

        position Int64, moment Datetime, account String, fold String (sum: amounts add up; fading:
        they halve every half-life; last: the amount is set, and adds to nothing), key String; holder
        and other String, the first part of a key such as ``nvidia/openai`` and the rest of it (null
        where the key has one part); amount Int64, in smallest units for money, shares for stakes, 1e-9 ln for
        beliefs and prices, seconds since 1970 for moments.
        """
        return self._table("postings")

    @held
    def readings(self, every: str = "1d") -> pl.DataFrame:
        """The worth, debts and belief of every actor: a row a moment and actor.

        Moments are the last second of every span from the opening day on ("12h", "1d", "2w"; "1mo" and "1q"
        end with each month and quarter of the story's calendar), and the end of what was lived; so "1d" reads
        what ``replay --at DATE`` shows. moment Datetime, actor String; valuation, collateral, cash, debt,
        backlog, announced, committed, paid, delivered Int64 in smallest units; belief (ln), belief_share,
        loan_to_value (parts of one) Float64. Null is unknown.
        """
        with self._source() as source:
            return source.readings(step_of(every))

    def observed(self) -> pl.DataFrame:
        """The market data that the model is held against; a warning where it is not where it was looked for.

        moment Datetime, actor, kind String; amount Int64 in smallest units for market_value and
        net_worth, else null; value Float64 for every other kind, in the unit its name says; source
        String; entries String, the timeline entries it belongs to, joined by "; ".
        """
        return self._table("observed")

    def branches(self) -> pl.DataFrame:
        """The branches of the database, a row each.

        branch, parent String; position Int64, after which it was forked; question String; events
        Int64, read through its parents; moment Datetime of the last one; lived Datetime, up to which
        it was lived; digest String.
        """
        return self._table("branches")

    def causes(self) -> pl.DataFrame:
        """The causes of events: position and cause (the position of one), Int64, a row a cause."""
        return self._table("causes")

    def turns(self) -> pl.DataFrame:
        """The turns of the story's circle as its log shows them: a row a turn and step.

        turn, step Int64, text String (the step in words); bond String: start, cause, party, earlier
        (out of order) or missing, where the rest is null; position Int64, moment Datetime, kind,
        origin, actor, counterparty String, rung String (announced, committed, paid or delivered) and
        amount Int64 in smallest units, of the event that took it; paid Boolean, whether its money
        moved or its goods came; headline String.
        """
        return self._table("turns")

    @held
    def query(self, sql: str) -> pl.DataFrame:
        """The rows of a SELECT over a branch's tables; a kind is a table by its own name. Raises BadQuery."""
        with self._source() as source:
            return answered(source, sql)

    @held
    def world(self, at: int | str | None = None) -> Moment:
        """The world at a moment: a date (its end), an ISO time or #position; the end if absent."""
        with performed(self.name) as found:
            return _moment(found, at)

    def _table(self, name: str) -> pl.DataFrame:
        if name not in schemas():
            raise no_table(name)
        with self._source() as source:
            return source.frame(name)


def _moment(found: History, at: int | str | None) -> Moment:
    source = Source(found)
    position, moment = place(found, at, source.story.calendar)
    return Moment(world_at(found.log, found.branch, position), found.branch, moment)
