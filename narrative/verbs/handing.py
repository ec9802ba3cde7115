"""The verbs that hand on: pages, charts, other formats, copies, and whether a history is what it was."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Unpack

from events.errors import Damaged
from events.formats.restore import restore as read_back
from events.log import Log, open_log
from events.restoring import put_back
from narrative.analysis.history import address, begun, check_opened
from narrative.analysis.verify import damage, held_against, other, relived, unreadable
from narrative.charts.plot import plotted, what_named
from narrative.charts.window import Asked, Wishes
from narrative.pages.written import written
from narrative.story.declared import Untrusted, trusting
from narrative.story.from_csv import drafted, plain_facts, target_of
from narrative.story.from_quotes import quoted
from narrative.verbs.answers.base import answered
from narrative.verbs.answers.handing import (
    BackedUp,
    Drafted,
    Exported,
    Page,
    Plotted,
    PutBack,
    Quoted,
    Restored,
    Verified,
)
from narrative.verbs.living import beside, exists, performed, present


def page(history: str, *others: str, output: str | Path | None = None) -> Page:
    """One self-contained HTML file of a history, in which it can be looked at without this program.

    Its other branches come along, at most six of them, unless `others` names which. `output` is
    ``./<story>.html`` if absent. Gives the path, its size in bytes, and the histories on it. Raises
    MissingChart without the extra `page`, TwiceNamed, NotComparable, Unwritable, and what opening a history
    raises (BadAddress, UnknownBranch, NotALog, Damaged).
    """
    with ExitStack() as stack:
        names = (history, *beside(history, others))
        found = [stack.enter_context(performed(name)) for name in names]
        return answered(Page, written(found, names, output))


def plot(
    histories: str | Sequence[str],
    what: str,
    *,
    output: str | Path,
    actors: str | Sequence[str] = (),
    **asked: Unpack[Wishes],
) -> Plotted:
    """One chart of a reading, the rungs or the circle, written to `output` (.svg or .png), which carries
    words for those who cannot see it (`alt`). Several histories of one story stand on one chart.

    `actors` are ids or names, the largest if absent; each has a panel of its own unless `together`.
    `every` is the step between points: 12h, 1d, 2w, or calendar months and quarters, 1mo and 1q; `since` and
    `until` are dates; all lines are 100 at the end of the day `index`; `log` draws equal factors equally
    high. Raises BadChart, BadDate, BadSpan, UnknownName, UnknownReading, TwiceNamed, NotComparable,
    Unwritable, and what opening a history raises.
    """
    names, who = ([one] if isinstance(one, str) else list(one) for one in (histories, actors))
    names[1:] = beside(names[0], names[1:]) if names else []
    name = what_named(what, output)
    with ExitStack() as stack:
        found = [stack.enter_context(performed(history)) for history in names]
        return answered(Plotted, plotted(found, names, name, who, Asked(**asked), Path(output)))


def export(history: str, *, format: str, output: str | Path) -> Exported:  # noqa: A002  # as the flag is named
    """Write a history in another format: `jsonl` (the whole database, or with `@branch` that branch and its
    parents as far as it reads them), `parquet` or `csv` (a folder of events, postings and readings),
    `beancount` (the journal of firm cash).

    Gives the files that were written, how many events (of jsonl those of every branch in the file, else those
    of the branch) and the branch's digest. Raises BadFormat, Unwritable, Taken where a folder holds other
    files, TooFar for a date that Beancount cannot write, and what opening a history raises (BadAddress,
    UnknownBranch, NotALog, Damaged).
    """
    from narrative.tables.export import exported  # noqa: PLC0415  # polars

    with performed(history) as found, found.log.still():
        branch = found.branch if address(history).named else None
        made = exported(found, format, branch, Path(output))
        return answered(Exported, {"history": history, "branch": found.branch, **made})


def import_(
    file: str | Path,
    *,
    db: str | Path | None = None,
    story: str | Path | None = None,
    quotes: bool = False,
) -> Restored | Drafted | Quoted:
    """Take back what was exported as JSON Lines, into a new database; or make a new story of a CSV of plain
    facts, in a new folder; or, with `quotes`, make a CSV of prices the quotes.csv of a story's folder.

    Gives of a database its branches, how many events it holds and their digests; of a story its files and
    entries; of quotes their rows, actors and days. Raises BadFile where the file cannot be read, BadFile or
    StoryFaults with every fault in it, Taken where something stands already, Unwritable, BadFormat where a
    file and its target do not belong together, UnknownStory for quotes of no story, NotALog and BadFact for a
    log that no story opens.
    """
    if quotes:
        return answered(Quoted, quoted(Path(file), db, story))
    path, target = Path(file), target_of(Path(file), db, story)
    if plain_facts(path, story):
        return answered(Drafted, drafted(path, target))
    reader = read_back(path, target, check_opened)
    parts = reader.header.branches if reader.header else ()
    return Restored(
        db=str(target),
        branches=[part.name for part in parts],
        events=sum(part.events - part.position for part in parts),
        digests={part.name: part.digest for part in parts},
    )


def verify(history: str, *, against: str | None = None, trust: bool = False) -> Verified:
    """The verdict on a history: its events are checked, it is lived again, and its accounts are folded twice.

    It is whole, damaged, changed, miscounted or other, with the faults found; a damaged file is an answer,
    and no error. `against` is a digest that was kept elsewhere: without one nothing shows whether the end was
    cut off, or all of it written anew. `trust` is as in `run`: processes of somebody's own that lived it live
    it again only so. Raises BadAddress where there is none, BadDigest, UnknownBranch, NotALog, Untrusted.
    """
    where = present(address(history))
    exists(where)
    try:
        with trusting(trust), open_log(where.path, create=False, read_only=True) as log, log.still():
            found = damage(log)  # nothing is asked of the log before all its bytes were looked at
            if found is None:
                begun(log, where)
                at = None if against is None else held_against(log, where.branch, against)
                found = other(log, where.branch) if at is None and against else _relived(log, where.path)
                found |= {"digest": log.head(where.branch).digest.hex(), "against": at}
    except Damaged as error:
        found = unreadable(error)
    return answered(Verified, found)


def restore(backup: str | Path, db: str | Path) -> PutBack:
    """Put a copy of a backup in the place of the database `db`, whole or not at all. Whatever stands there is
    set aside under a new name, with its journal; nothing is lost.

    Gives the database, and `aside`, the new name of what stood there. Raises NotALog or Damaged for a backup
    that is none or not whole, Locked where another process writes `db`, Unwritable.
    """
    made = put_back(Path(backup), Path(db))
    aside = None if made.aside is None else str(made.aside)
    return PutBack(db=str(db), backup=str(backup), branches=made.branches, aside=aside)


def _relived(log: Log, path: Path) -> dict[str, Any]:
    try:
        return relived(log)
    except Untrusted as error:
        raise Untrusted(
            f"Every event of {path} is as it was appended; whether living it again gives the same is not "
            f"known. {error}"
        ) from None


def backup(history: str, path: str | Path) -> BackedUp:
    """Copy a history's database to the new file `path`, whole even while it is being written.

    Raises Taken where something stands there, Unwritable, and what opening a history raises (BadAddress,
    UnknownBranch, NotALog, Damaged).
    """
    with performed(history) as found, found.log.still():
        found.log.backup(Path(path))
        return BackedUp(db=found.path, backup=str(path), branches=len(found.log.branches()))
