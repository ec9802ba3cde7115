"""Reading a story's folder: its files become one Story, or all their faults.

What markets did (observed.toml) is no part of it: `narrative.story.observed` reads that for screens.
"""

from pathlib import Path as FilePath
from typing import Any

from attrs import frozen

from narrative.story.calendar import BadDate, Calendar
from narrative.story.checks import (
    check_cast,
    check_entries,
    check_head,
    check_parameters,
    check_plausible,
    check_pledges,
    check_purses,
    tables_of,
)
from narrative.story.convert import Spot, make, take
from narrative.story.entries import Seen, read_entries
from narrative.story.faults import Fault, Page, StoryFaults, Unfit
from narrative.story.keys import Head, shape
from narrative.story.links import check_links, check_names, check_reports
from narrative.story.model import Priced, Record, Reported, Story, Unit
from narrative.story.quotes import FILE as QUOTES
from narrative.story.quotes import Splits, read_quotes, splits_of
from narrative.story.results import FILE as RESULTS
from narrative.story.results import read_results
from narrative.story.scopes import check_scopes
from narrative.story.sums import check_counted_once, check_held, check_steps, check_taken_back
from narrative.story.toml import read_page
from narrative.story.values import CONVERT, Ground


@frozen
class Files:
    """A story's files as far as they could be read, and every fault in them."""

    head: Head | None
    seen: tuple[Seen, ...]
    ground: Ground
    faults: tuple[Fault, ...]
    quotes: tuple[Priced, ...] = ()
    results: tuple[Reported, ...] = ()


def read_story(folder: FilePath | str) -> Story:
    """The story in a folder. Raises StoryFaults, which lists every fault of its files."""
    return told(folder, read_files(folder))


def told(folder: FilePath | str, files: Files) -> Story:
    """The story that the files of a folder tell. Raises StoryFaults."""
    if files.faults or files.head is None:
        raise StoryFaults(files.faults)
    head = files.head
    return Story(
        id=FilePath(folder).resolve().name,
        title=head.title,
        question=head.question,
        edition=head.edition,
        start=head.from_,
        until=head.until,
        money=head.money,
        calendar=head.calendar,
        narratives=head.narrative,
        actors=head.actor,
        links=head.link,
        circle=head.circle,
        cast=head.cast,
        parameters=head.parameter,
        collapse=head.collapse.text,
        collapses=head.collapse if head.collapse.of else None,
        claims=head.claims,
        plausible=head.plausible,
        entries=tuple(seen.entry for seen in files.seen if seen.entry is not None),
        record=head.record,
        quotes=files.quotes,
        results=files.results,
    )


def read_files(folder: FilePath | str) -> Files:
    """The files of a folder, with all that is wrong in any."""
    path = FilePath(folder)
    return files_of(path, read_page(path / "replay.toml"), read_page(path / "timeline.toml"))


def files_of(folder: FilePath, head_page: Page, page: Page) -> Files:
    """A story whose head and timeline were read as pages, with what stands beside them in its folder and all
    that is wrong in any; the pages note what is wrong with them.
    """
    name = folder.resolve().name
    if any("\ud800" <= letter <= "\udfff" for letter in name):
        what = f"the folder's name, {name!a}, is no UTF-8 text"
        head_page.fault((), what, "Rename it: the story is called by it.")
    ground = _ground(head_page)
    head = None
    if not head_page.unread:
        head = _head(head_page, ground)
        check_head(head_page)
        check_parameters(head_page, ground.actors)
    seen = () if page.unread else read_entries(page, ground)
    span = _span(head_page, ground)
    check_entries(page, seen, ground.calendar, span if span and span[0] < span[1] else None)
    # An actor, role or parameter with a fault of its own stands there as None.
    if head is not None and None not in (*head.actor, *head.cast.role, *head.parameter):
        check_cast(head_page, head.cast.role, head.actor, seen, ground.calendar)
        check_pledges(head_page, page, head.actor, seen)
        check_purses(head_page, head.cast.role, head.actor, head.parameter)
        check_plausible(head_page, head.plausible, head.parameter)
        check_scopes(page, seen, head.actor, head.cast.role)
    check_links(page, seen)
    check_names(page, seen)
    check_taken_back(page, seen, ground.unit)
    if head is not None and None not in head.actor:
        check_held(page, head.actor, seen, ground.unit)
        check_steps(page, head.actor, seen)
    check_counted_once(page, seen)
    check_reports(page, seen)
    splits = splits_of(one.entry for one in seen)
    quotes, wrong = _quotes(folder / QUOTES, head_page, head, ground, splits)
    results, amiss = _results(folder / RESULTS, head_page, head, ground)
    faults = tuple(sorted({*head_page.faults, *page.faults, *wrong, *amiss}))
    return Files(head, seen, ground, faults, quotes, results)


def read_head(folder: FilePath | str) -> tuple[Head, Record, Ground]:
    """A story's replay.toml, its table [record], and the ground of its words. Raises StoryFaults."""
    page = read_page(FilePath(folder) / "replay.toml")
    ground = _ground(page)
    head = None if page.unread else _head(page, ground)
    if head is not None and head.record is None:
        _unrecorded(page, QUOTES)
    if page.faults or head is None or head.record is None:
        raise StoryFaults(page.faults)
    return head, head.record, ground


def _unrecorded(page: Page, name: str) -> None:
    what = f"{name} stands beside it, and nothing says up to when it is the record"
    page.fault((), what, "Give a table [record] with until, source and confidence.")


def _quotes(
    path: FilePath, page: Page, head: Head | None, ground: Ground, splits: Splits
) -> tuple[tuple[Priced, ...], tuple[Fault, ...]]:
    """The quotes beside a story, read where its actors and its record are known."""
    record = _record(path, page, head)
    if head is None or record is None or None in head.actor:
        return (), ()
    return read_quotes(path, {a.id: a for a in head.actor}, record, ground.calendar, head.money, splits)


def _results(
    path: FilePath, page: Page, head: Head | None, ground: Ground
) -> tuple[tuple[Reported, ...], tuple[Fault, ...]]:
    """The results beside a story, read where its record is known."""
    record = _record(path, page, head)
    if record is None:
        return (), ()
    results, own = read_results(path, record, ground)
    return results, tuple(own.faults)


def _record(path: FilePath, page: Page, head: Head | None) -> Record | None:
    """Up to when a file beside a story is its record; None without such a file, or where nothing says."""
    if head is None or not path.is_file():
        return None
    if head.record is None:
        _unrecorded(page, path.name)
    return head.record


def _head(page: Page, ground: Ground) -> Head | None:
    values, good = take(Spot(page=page, ground=ground), page.data, shape(Head))
    if isinstance(calendar := values.get("calendar"), Calendar):
        good = _sits(page, calendar) and good
    span = _span(page, ground)
    if span is not None and span[0] >= span[1]:
        page.fault(("until",), "the story ends before it begins", "Put `until` after `from`.")
        return None
    return Head(**values) if good else None


def _sits(page: Page, calendar: Calendar) -> bool:
    """Whether the days on which markets sit can be told; a fault for each that cannot."""
    known = len(page.faults)
    if not 5 <= calendar.week <= 7:
        page.fault(("calendar", "week"), f"markets sit on {calendar.week} days a week", "It is 5, 6 or 7.")
    for index, day in enumerate(calendar.closed):
        try:
            calendar.written(day)
        except BadDate as bad:
            where = ("calendar", "closed", index)
            page.fault(where, str(bad).rstrip("."), "`closed` lists days on which markets did not sit.")
    return len(page.faults) == known


def _ground(page: Page) -> Ground:
    """The ground that a story's words are read against, as far as its replay.toml can be read.

    An actor with a fault is an actor all the same: it must not make faults of what names it.
    """
    if page.unread:
        return Ground()
    scratch = Spot(page=Page(page.file, "", {}))
    calendar = make(scratch, page.data.get("calendar", {}), Calendar)
    return Ground(
        calendar=calendar or Calendar(),
        unit=make(scratch, page.data.get("money"), Unit),
        actors=_ids(page, "actor"),
        roles={role for actor in tables_of(page.data, "actor") for role in _texts(actor.get("roles"))},
        narratives=_ids(page, "narrative"),
    )


def _ids(page: Page, name: str) -> set[str] | None:
    ids = [table.get("id") for table in tables_of(page.data, name)]
    if page.lost:
        return None
    return {one for one in ids if isinstance(one, str)}


def _texts(written: object) -> list[str]:
    return [one for one in written if isinstance(one, str)] if isinstance(written, list) else []


def _span(page: Page, ground: Ground) -> tuple[int, int] | None:
    fields = {field.name: field for field in shape(Head)}
    ends: list[Any] = []
    for name in ("from", "until"):
        try:
            ends.append(CONVERT[fields[name].sort](page.data.get(name), fields[name], ground))
        except Unfit:
            return None
    return ends[0], ends[1]
