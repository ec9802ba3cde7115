"""The verbs that look: a history at a moment, its events and branches, in SQL and in words."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Unpack, overload

from attrs import frozen

from events.errors import Wrong
from events.event import Event
from narrative.analysis.causes import DEPTH
from narrative.analysis.compare import compared, differing
from narrative.analysis.conditions import Conditions
from narrative.analysis.ends import end_shown
from narrative.analysis.every import every as step_of
from narrative.analysis.filter import Filter, pages, plain_event
from narrative.analysis.flags import filtered
from narrative.analysis.history import History, branches_of, place, position_of, story_of
from narrative.analysis.notes import READER, noted, position_about
from narrative.analysis.questions import check_event, check_why
from narrative.analysis.resolve import actor_named, reading_named
from narrative.analysis.unmoved import unmoved
from narrative.engine.run import Progress, world_at
from narrative.prose.explain import explained, shown, traced, worded
from narrative.prose.gist import speech_of
from narrative.story.calendar import Calendar
from narrative.story.declared import trusting
from narrative.story.model import Story
from narrative.verbs.answers.base import answered
from narrative.verbs.answers.looking import BranchListed, Comparison, Diff, LoggedEvent, Replayed, Shown
from narrative.verbs.answers.reasons import Causes, Figure
from narrative.verbs.living import beside, performed
from narrative.weighing.crew import Crew
from narrative.weighing.many import paired

if TYPE_CHECKING:
    from narrative.tables.sql import Rows
    from narrative.verbs.answers.chronicles import Chronicle


def replay(history: str, *, at: int | str | None = None) -> Replayed:
    """A history folded to one moment: what actors were worth, owed and believed then.

    `at` is a date (its end), an ISO time or ``#position``; the end of what was lived if absent. Money is in
    smallest units, shares are parts of one, None is unknown. Raises BadDate, BadPosition, and what
    opening a history raises (BadAddress, UnknownBranch, NotALog, Damaged).
    """
    from narrative.analysis.overview import picture  # noqa: PLC0415  # reads what was observed, to be looked at alone

    with performed(history) as found:
        position, moment = place(found, at, story_of(found).calendar)
        told = picture(found, list(found.log.read(found.branch, 1, position)), moment)
        return answered(Replayed, told | {"repricings": worded(found, told["repricings"], "cause")})


def branches(history: str) -> list[BranchListed]:
    """Every branch of a history's database, the oldest first: where it was forked, its question, how many
    events it holds, its digest, and which end of what news does not explain it is. Raises what opening a
    history raises (BadAddress, UnknownBranch, NotALog, Damaged).
    """
    with performed(history) as found:
        log = found.log
        rows = [
            {**row, "end": row["parent"] and end_shown(row["branch"], world_at(log, row["branch"]))}
            for row in branches_of(found)
        ]
        return answered(list[BranchListed], rows)


def log(history: str, *, follow: bool = False, **conditions: Unpack[Conditions]) -> Iterator[LoggedEvent]:
    """The events of a branch that meet every condition, in order, one at a time.

    Conditions: `since` and `until`, positions or dates, both included; `kind`, `family` (of kinds), `origin`,
    `actor` (who acts), `counterparty` (whom it names besides), `party` (either), `narrative` and
    `confidence`, each one name or several; `least`, a sum as 1bn, or a number of smallest units; `text`,
    which stands in what was told. `follow` waits for more, for ever.

    Raises UnknownName, BadSum, BadDate, BadPosition, BadSpan, and what opening a history raises (BadAddress,
    UnknownBranch, NotALog, Damaged), when the first event is asked for.
    """
    with events(history, follow=follow, **conditions) as found:
        for page in found.pages:
            for event in page:
                yield logged(event, found.story.calendar)


@frozen
class Looked:
    """A history and its story, the filter on its log, and the events that meet it: those of the `count` there
    now, then more.
    """

    history: History
    story: Story
    filter: Filter
    pages: Iterator[Iterator[Event]]
    count: int


@contextmanager
def events(history: str, *, follow: bool = False, **conditions: Unpack[Conditions]) -> Iterator[Looked]:
    """The events that `log` gives, as events of the log, for whoever writes them otherwise."""
    with performed(history) as found:
        wanted, end = filtered(found, ahead=follow, **conditions), found.log.head(found.branch).position
        yield Looked(found, story_of(found), wanted, pages(found, wanted, follow=follow), end)


def logged(event: Event, calendar: Calendar) -> LoggedEvent:
    """An event as `log` gives it."""
    return LoggedEvent(**plain_event(event, calendar))


def show(history: str, position: int | str) -> Shown:
    """One event whole: its fact and source, what it rests on, what rests on it, what it posted, and each
    account that it touched before and after.

    `position` is a number, or text as ``#250``. Amounts are in the unit of their account (smallest units,
    shares, 1e-9 ln), with the words for people beside them. Raises BadPosition, and what opening a history
    raises (BadAddress, UnknownBranch, NotALog, Damaged).
    """
    with performed(history) as found:
        return answered(Shown, shown(found, position_of(found, position), speech_of(found)))


@overload
def why(
    history: str, what: int | str, *, effects: bool = ..., depth: int | None = ..., every: bool = ...
) -> Causes: ...
@overload
def why(
    history: str,
    what: str,
    reading: str,
    *,
    at: int | str | None = ...,
    most: int | None = ...,
    every: bool = ...,
) -> Figure: ...
@overload
def why(
    history: str,
    what: int | str,
    reading: str | None = ...,
    *,
    at: int | str | None = ...,
    effects: bool = ...,
    depth: int | None = ...,
    most: int | None = ...,
    every: bool = ...,
) -> Causes | Figure: ...


def why(
    history: str,
    what: int | str,
    reading: str | None = None,
    *,
    at: int | str | None = None,
    effects: bool = False,
    depth: int | None = None,
    most: int | None = None,
    every: bool = False,
) -> Causes | Figure:
    """Why an event happened (`what` is a position), or why an actor's reading is what it is (`what` is an
    actor).

    Of an event the tree of its causes, or of its effects, 8 steps deep, or `depth`, or `every` one; what a
    process did because of a price, which names nobody, hangs on what moved that price. Of a reading `at` a
    moment the postings that make it up, largest first; their sum and the residual are the total. Beyond
    `most` of them the others are summed up; without it every one is listed.

    Parts are in smallest units, or in 1e-9 where the reading is in ln or a share. Raises Wrong for what does
    not go together, UnknownName, UnknownReading, BadPosition, BadDate, and what opening a history raises.
    """
    check_why(reading, at=at, effects=effects, depth=depth, most=most, every=every)
    with performed(history) as found:
        story, steps = story_of(found), None if every else depth or DEPTH
        if reading is None:
            check_event(what, story)
            position = position_of(found, what)
            return answered(Causes, traced(found, position, speech_of(found), effects=effects, depth=steps))
        actor, named = actor_named(story, str(what)), reading_named(reading)
        where = place(found, at, story.calendar)
        return answered(Figure, explained(found, where, actor, named, speech_of(found), most))


def note(
    history: str,
    text: str,
    *,
    at: int | str | None = None,
    about: int | str | None = None,
    author: str = READER,
) -> LoggedEvent:
    """Append a Note to the end of a branch: about an event, about the history as it stood at a moment, or
    about all of it. It changes nothing else.

    Gives the event as `log` gives it. Raises BadFact for words that no note can bear, BadDate, BadPosition,
    Locked where another process writes, Unwritable, and what opening a history raises (BadAddress,
    UnknownBranch, NotALog, Damaged).
    """
    with performed(history, read_only=False) as found:
        of = position_about(found, at, about)
        return logged(noted(found, text, author=author, about=of), story_of(found).calendar)


def diff(history: str, other: str) -> Diff:
    """The differences of two histories: where they part, what only one has, readings at their common end.
    Of a branch of the first one's database the name alone will do.

    Readings are in the units of `replay`. Raises NotComparable where they tell two stories, and what opening
    a history raises (BadAddress, UnknownBranch, NotALog, Damaged).
    """
    (other,) = beside(history, [other])
    with performed(history) as one, performed(other) as two:
        return answered(Diff, {"A": history, "B": other, **differing(one, two)})


def compare(
    histories: Sequence[str],
    *,
    every: str = "1d",
    seeds: int | None = None,
    trust: bool = False,
    progress: Progress | None = None,
) -> Comparison:
    """Two or more histories on one time axis: the readings that ever differ from the first, with the widest
    gap. Of branches of the first one's database the name alone will do.

    `every` is the step of the axis: 12h, 1d, 2w, or calendar months and quarters, 1mo and 1q. Readings are in
    the units of `replay`. With `seeds` the second of two, a branch of the first, is weighed beside chance:
    both are lived from the fork by seeds 1 to N; `trust` and `progress` are as in `run`. Raises BadSpan,
    NotComparable, BadEnsemble, and what opening a history raises.
    """
    if isinstance(histories, str) or len(histories) < 2:
        raise Wrong("compare takes two histories or more; `narrative branches` lists a file's.")
    names = [histories[0], *beside(histories[0], histories[1:])]
    with ExitStack() as stack:
        stack.enter_context(trusting(trust))
        found = [stack.enter_context(performed(name)) for name in names]
        step, logs = step_of(every), [list(one.log.read(one.branch)) for one in found]
        told = compared(found, logs, every=step)
        pairs = zip(found[1:], logs[1:], strict=True)
        told |= {"unmoved": [unmoved(found[0], other, (logs[0], log)) for other, log in pairs]}
        return answered(Comparison, told | paired(found, seeds, Crew(trust=trust), progress))


def query(
    history: str,
    sql: str,
    *,
    format: str | None = None,  # noqa: A002  # as the flag is named
    output: str | Path | None = None,
    most: int | None = None,
) -> "Rows":
    """The rows that a SELECT over a history's tables gives, each a mapping of its columns: the values of the
    frames that `narrative.history` gives, moments as datetime, None for null (`narrative.verbs.opened` lists
    the tables). A folder that `ensemble` or `fragility` wrote has one table, and is read in parts. `output`
    names a file to write them to as well, in `format` (csv, json or parquet), which its suffix says where it
    is not given. `most` is how many rows there may be. Neither time nor memory has a limit here: the command
    `query` has, in a process of its own.

    Raises BadQuery for SQL that cannot be answered or gives too many rows, Mixed for a folder with parts of
    anything else, BadFormat, Unwritable, and what opening a history raises (BadAddress, UnknownBranch,
    NotALog, Damaged).
    """
    from narrative.analysis.folder import scanned  # noqa: PLC0415  # polars
    from narrative.tables.source import Source  # noqa: PLC0415  # polars
    from narrative.tables.sql import Rows, answered_by, row_format, save  # noqa: PLC0415  # polars
    from narrative.tables.sql import answered as rows_of  # noqa: PLC0415  # polars

    wanted = row_format(format, output)
    many = scanned(Path(history))
    if many is not None:
        rows = Rows(answered_by(*many, sql, most), wanted)
    else:
        with performed(history) as found:
            rows = Rows(rows_of(Source(found), sql, most), wanted)
    if output is not None:
        save(rows.frame, wanted, Path(output))
    return rows


def tell(
    history: str,
    other: str | None = None,
    *,
    at: int | str | None = None,
    format: str | None = None,  # noqa: A002  # as the flag is named
    output: str | Path | None = None,
    whole: bool = False,
) -> "Chronicle":
    """A history in plain words: as data, and written out in `text`. Two are told once up to where they part,
    then side by side. `whole` tells every event singly; `output` names a file to write, whose suffix says the
    format (markdown or html) where `format` does not.

    Raises BadFormat, TwiceNamed, NotComparable, Unwritable, BadDate for an `at` that the history does not
    have, and what opening a history raises (BadAddress, UnknownBranch, NotALog, Damaged).
    """
    from narrative.prose.format import chronicled, format_of, written_out  # noqa: PLC0415  # slow to come
    from narrative.prose.sides import End  # noqa: PLC0415  # slow to come
    from narrative.verbs.answers.chronicles import Chronicle  # noqa: PLC0415  # slow to come

    wanted = format_of(format, output)
    with ExitStack() as stack:
        names = [history] if other is None else [history, *beside(history, [other])]
        found = [stack.enter_context(performed(name)) for name in names]
        ends = [
            End(name, one, *place(one, at, story_of(one).calendar))
            for name, one in zip(names, found, strict=True)
        ]
        told = chronicled(ends, whole=whole)
    return answered(Chronicle, written_out(told, wanted, output))
