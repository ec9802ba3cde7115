"""The verbs that look: a history at a moment, its events and branches, in SQL and in words."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from events.errors import Wrong
from events.event import Event
from narrative.analysis.causes import DEPTH
from narrative.analysis.compare import compared, differing
from narrative.analysis.filter import Asked, pages, plain_event
from narrative.analysis.flags import Names, asked
from narrative.analysis.history import History, place, position_of, span, story_of
from narrative.analysis.notes import READER, noted
from narrative.analysis.resolve import UnknownName, actor_named, reading_named
from narrative.prose.explain import explained, shown, traced
from narrative.prose.notebook import Why
from narrative.prose.sentences import Speech
from narrative.story.model import Story
from narrative.verbs.living import performed

if TYPE_CHECKING:
    import polars as pl

from events.files import BadFormat, beside
from narrative.analysis.compare import check_apart
from narrative.prose.chronicle import chronicle
from narrative.prose.html import page
from narrative.prose.markdown import markdown
from narrative.prose.sides import End, side_by_side

ROWS = ("csv", "json", "parquet")  # as what the rows of a query are written
FORMATS = {"markdown": markdown, "html": page}
SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html"}


def replay(history: str, *, at: str | None = None) -> dict[str, Any]:
    """A history folded to one moment: what actors were worth, owed and believed then."""
    from narrative.analysis.overview import picture  # noqa: PLC0415  # reads what was observed, to be looked at alone

    with performed(history) as found:
        calendar = story_of(found).calendar
        position, moment = place(found, at, calendar)
        return picture(found, list(found.log.read(found.branch, 1, position)), moment)


def branches(history: str) -> list[dict[str, Any]]:
    """Every branch of a history's database."""
    with performed(history) as found:
        calendar = story_of(found).calendar
        rows = []
        for branch in found.log.branches():
            head = found.log.head(branch.name)
            rows.append(
                {
                    "branch": branch.name,
                    "parent": branch.parent,
                    "fork_position": branch.position if branch.parent else None,
                    "question": branch.question,
                    "events": head.position,
                    "until": calendar.iso(head.lived) if head.lived is not None else None,
                    "digest": head.digest.hex(),
                }
            )
        return rows


def log(  # noqa: PLR0913  # one argument a flag
    history: str,
    *,
    since: int | str | None = None,
    until: int | str | None = None,
    kind: Names = (),
    family: Names = (),
    origin: Names = (),
    actor: Names = (),
    counterparty: Names = (),
    party: Names = (),
    narrative: Names = (),
    confidence: Names = (),
    least: int | str | None = None,
    text: str = "",
    follow: bool = False,
) -> Iterator[dict[str, Any]]:
    """The events of a branch that meet every condition, each as a line of plain data.

    `since` and `until` are positions or dates, both included; `least` is a sum, as 1bn, or a number
    of smallest units; `text` stands in what was told. `follow` waits for more, for ever.
    """
    given = {
        "since": since, "until": until, "kind": kind, "family": family, "origin": origin, "actor": actor,
        "counterparty": counterparty, "party": party, "narrative": narrative, "confidence": confidence,
        "least": least, "text": text,
    }  # fmt: skip  # one list
    with events(history, follow=follow, **given) as found:
        for page in found.pages:
            for event in page:
                yield plain_event(event, found.story.calendar)


@frozen
class Looked:
    """The story of a history, what is asked of its log, and the events that meet it: those of the
    `count` there now, then more.
    """

    story: Story
    asked: Asked
    pages: Iterator[Iterator[Event]]
    count: int


@contextmanager
def events(history: str, *, follow: bool = False, **given: Any) -> Iterator[Looked]:
    """The events of a branch that meet every condition."""
    with performed(history) as found:
        wanted = asked(found, ahead=follow, **given)
        story, end = story_of(found), found.log.head(found.branch).position
        yield Looked(story, wanted, pages(found, wanted, follow=follow), end)


def show(history: str, position: int | str) -> dict[str, Any]:
    """One event whole: its fact and source, what it rests on, what rests on it, what it posted, and
    each account that it touched before and after.
    """
    with performed(history) as found:
        return shown(found, position_of(found, position), _speech(found))


def why(
    history: str,
    what: int | str,
    reading: str | None = None,
    *,
    at: str | None = None,
    effects: bool = False,
    depth: int | None = None,
    most: int | None = None,
    every: bool = False,
) -> Why:
    """Why an event happened (`what` is a position), or why an actor's reading is what it is.

    Of an event the tree of its causes, or of its effects, 8 steps deep, or `depth`, or `every` one. Of
    a reading the postings that make it up, largest first; their sum and the residual are the total.
    Beyond `most` of them the others are summed up; without it every one is listed.
    """
    if every and (depth, most) != (None, None):
        raise Wrong("Every part, or so many of them: leave --all away, or the number.")
    _fits(reading, at=at, effects=effects, depth=depth, most=most)
    with performed(history) as found:
        speech = _speech(found)
        if reading is None:
            _no_actor(what, speech.story)
            steps = None if every else depth or DEPTH
            return Why(traced(found, position_of(found, what), speech, effects=effects, depth=steps))
        actor, named = actor_named(speech.story, str(what)), reading_named(reading)
        where = place(found, at, speech.story.calendar)
        return Why(explained(found, where, actor, named, speech, None if every else most))


def _fits(
    reading: str | None,
    *,
    at: str | None,
    effects: bool,
    depth: int | None,
    most: int | None,
) -> None:
    """Raises Wrong for what belongs to an event where a reading is asked for, or the other way."""
    if reading is None and (at is not None or most is not None):
        flag, why = ("--at", "its own moment") if at is not None else ("most", "a tree, which --depth cuts")
        raise Wrong(f"{flag} belongs to a reading; an event has {why}.")
    if reading is not None and effects:
        raise Wrong("Only an event has effects; give a position, as in `why HISTORY 250 --effects`.")
    if reading is not None and depth is not None:
        raise Wrong("--depth belongs to an event; leave --depth away; --all lists every part.")
    for name, number in (("depth", depth), ("most", most)):
        if number is not None and number < 1:
            raise Wrong(f"{name} is {number}; ask for 1 at least, or leave it away.")


def note(
    history: str, text: str, *, at: str | None = None, about: int | str | None = None, author: str = READER
) -> dict[str, Any]:
    """Append a Note to the end of a branch: about an event, about the history as it stood at a moment,
    or about all of it. It changes nothing else.

    Gives the event as a line of `log`: position, moment, kind, origin, actor, causes, fact, digest. Raises
    BadFact for words that no note can bear, BadDate, Locked where another process writes, Unwritable.
    """
    with performed(history, read_only=False) as found:
        if at is not None and about is not None:
            raise Wrong("A note is about an event or about a moment; give --about or --at, not both.")
        position = None if about is None else position_of(found, about)
        calendar = story_of(found).calendar
        if at is not None:
            position = place(found, at, calendar)[0]
        return plain_event(noted(found, text, author=author, about=position), calendar)


def _speech(found: History) -> Speech:
    return Speech(story_of(found))


def _no_actor(what: int | str, story: Story) -> None:
    with suppress(UnknownName):
        name = actor_named(story, str(what))
        raise Wrong(f"Which reading of {name}? Add one, as in `why HISTORY {name} valuation`.")


def diff(history: str, other: str) -> dict[str, Any]:
    """Where two histories part, what each has for itself, and the readings that differ."""
    with performed(history) as one, performed(other) as two:
        return {"A": history, "B": other, **differing(one, two)}


def compare(histories: Sequence[str], *, every: str = "1d") -> dict[str, Any]:
    """Two or more histories on one time axis: readings, gaps and the first divergence."""
    if len(histories) < 2:
        raise Wrong("compare takes two histories or more; `narrative branches` lists a file's.")
    with ExitStack() as stack:
        found = [stack.enter_context(performed(history)) for history in histories]
        return compared(found, every=span(every))


def query(
    history: str, sql: str, *, form: str | None = None, output: str | Path | None = None
) -> list[dict[str, Any]]:
    """The rows that a SELECT over a history's tables gives, each a mapping of its columns, moments as
    text (`narrative.verbs.opened` lists the tables, and gives frames instead). `output` names a file to write
    them to as well, in `form` (csv, json or parquet), which its suffix says where it is not given.

    Raises BadQuery for SQL that cannot be answered, BadFormat, Unwritable, and what opening a history
    raises (BadAddress, UnknownBranch, NotALog, Damaged).
    """
    wanted = row_form(form, output)
    from narrative.tables.sql import plain, save  # noqa: PLC0415  # polars

    found = rows(history, sql)
    if output is not None:
        save(found, wanted, Path(output))
    return plain(found)


def rows(history: str, sql: str) -> "pl.DataFrame":
    """The rows that a SELECT over a history's tables gives, as a polars frame. Raises BadQuery."""
    from narrative.tables.source import Source  # noqa: PLC0415  # polars
    from narrative.tables.sql import answered  # noqa: PLC0415  # polars

    with performed(history) as found:
        return answered(Source(found), sql)


def row_form(form: str | None, output: str | Path | None) -> str:
    """In which form rows are given; those for a file by its name where none is said. Raises BadFormat."""
    known = ROWS if output is not None else ("table", *ROWS)
    if output is None and form == "parquet":
        raise BadFormat("Parquet is no text: name a file with -o.")
    found = form or ("table" if output is None else Path(output).suffix.removeprefix(".").lower())
    if found not in known:
        said = f'"{form}" is no form of rows' if form else f"{output} says no form"
        raise BadFormat(f"{said}: add --format {', '.join(known[:-1])} or {known[-1]}.")
    return found


def tell(
    history: str,
    other: str | None = None,
    *,
    at: str | None = None,
    format: str | None = None,  # noqa: A002  # as the flag is named
    output: str | Path | None = None,
    whole: bool = False,
) -> dict[str, Any]:
    """A history in plain words: as data, and written out in `text`. Two are told once up to where they
    part, then side by side. `whole` tells every event singly; `output` names a file to write, whose
    suffix says the format where `format` does not.

    Gives story, edition, title, question, day and digest; finding, circle, cast, chapters, ending and
    notes, of two parted, labels, periods and differs as well; format, text, and file (None where none
    was named). Raises BadFormat, TwiceNamed, Unwritable, BadDate for an `at` that the history does not
    have, and what opening a history raises (BadAddress, UnknownBranch, NotALog, Damaged).
    """
    wanted = _format(format, output)
    with ExitStack() as stack:
        ends = [_end(stack.enter_context(performed(name)), name, at) for name in (history, other) if name]
        check_apart([end.history for end in ends])
        if len(ends) == 2:
            told = side_by_side(*ends, whole=whole)
        else:
            told = chronicle(ends[0].history, ends[0].position, ends[0].moment, whole=whole)
    told |= {"format": wanted, "text": FORMATS[wanted](told), "file": None}
    if output is not None:
        with beside(Path(output)) as part:
            part.write_text(told["text"], encoding="utf-8")
        told["file"] = str(output)
    return told


def _end(found: History, label: str, at: str | None) -> End:
    position, moment = place(found, at, story_of(found).calendar)
    return End(label, found, position, moment)


def _format(wanted: str | None, output: str | Path | None) -> str:
    if wanted is None:
        suffix = Path(output).suffix.lower() if output is not None else ".md"
        if suffix not in SUFFIXES:
            raise BadFormat(f"{output} ends in no format that is told in; end it in .md or .html.")
        return SUFFIXES[suffix]
    if wanted not in FORMATS:
        raise BadFormat(f'"{wanted}" is no format that is told in; choose {" or ".join(FORMATS)}.')
    return wanted
