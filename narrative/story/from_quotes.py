"""Prices brought to a story: a file as data services hand them out becomes its quotes.csv, sorted.

A long file has a price a row, in columns date, actor and close; shares and source may stand beside
them. A wide file has a session a row and a close an actor, in a column of that name; an empty cell is
a session without a price. Commas, semicolons or tabs part the cells. Nothing is written unless every
row is right, and then the whole file at once, in place of what stood there.
"""

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import Any

from events.files import BadFormat, beside, reading, unled
from events.formats.jsonl_reader import BadFile
from narrative.story.catalogue import UnknownStory
from narrative.story.entries import read_entries
from narrative.story.faults import StoryFaults, did_you_mean
from narrative.story.quotes import FILE, KNOWN, Cell, Sheet, lines_of, long_cells, splits_of, whole_rows
from narrative.story.reader import read_head
from narrative.story.toml import read_page
from narrative.text.numbers import short

_NEEDED = ("date", "actor", "close")


def quoted(file: Path, db: str | Path | None, story: str | Path | None) -> dict[str, Any]:
    """Check a file of prices and make it the quotes.csv of a story's folder; what came of it.

    Raises BadFormat where no folder or a database is named, UnknownStory for a folder that is no story,
    BadFile where the file cannot be read, StoryFaults with every fault, Unwritable.
    """
    if db is not None or story is None:
        raise BadFormat(f"{file} holds quotes, which stand beside a story: give --story FOLDER and no --db.")
    folder = Path(story)
    if not (folder / "replay.toml").is_file():
        raise UnknownStory(f"{folder} has no replay.toml, so it is no story's folder to which quotes belong.")
    head, record, ground = read_head(folder)
    calendar = ground.calendar
    actors, timeline = {actor.id: actor for actor in head.actor}, read_page(folder / "timeline.toml")
    seen = () if timeline.unread else read_entries(timeline, ground)
    splits = splits_of(one.entry for one in seen)
    sheet = Sheet(str(file), actors, record, calendar, head.money, splits)
    try:
        with reading(file) as raw, TextIOWrapper(raw, encoding="utf-8-sig", newline="") as lines:
            sheet.read(_cells(sheet, lines_of(lines)))
    except OSError as error:
        raise BadFile(f"{file} cannot be read: {error.strerror}. Nothing was written.") from None
    if not sheet.faults and not len(sheet):
        sheet.fault(1, "there are no prices below the header", "Write a session a row.")
    if sheet.faults:
        raise StoryFaults(sheet.faults)
    path = unled(folder / FILE)
    replaced = path.exists()
    moments, assets = set(), set()
    with beside(path) as part, part.open("w", encoding="utf-8", newline="") as out:
        written = csv.writer(out, lineterminator="\n")
        written.writerow(KNOWN)
        days: dict[int, str] = {}
        for quote, source in sheet.quotes():
            day = days.get(quote.moment) or days.setdefault(quote.moment, calendar.day(quote.moment))
            close = Decimal(quote.price).scaleb(-head.money.digits)
            shares = "" if quote.shares is None else quote.shares
            written.writerow((day, quote.asset, f"{close:f}", shares, source))
            moments.add(quote.moment)
            assets.add(quote.asset)
    return {
        "story": folder.resolve().name,
        "file": str(path),
        "rows": len(sheet),
        "actors": sorted(assets),
        "from": calendar.day(min(moments)),
        "until": calendar.day(max(moments)),
        "replaced": replaced,
    }


def _cells(sheet: Sheet, lines: Iterable[str]) -> Iterator[Cell]:
    rows = iter(lines)
    first = next(rows, "")
    reader = csv.reader(chain([first], rows), strict=True, delimiter=max(",;\t", key=first.count))
    header = [name.strip().lower() for name in next(reader, [])]
    if "actor" in header or "close" in header:
        yield from long_cells(sheet, header, reader, _NEEDED)
    elif _wide_header(sheet, header):
        date = header.index("date")
        for line, cells in whole_rows(sheet, reader, len(header)):
            for name, close in zip(header, cells, strict=True):
                if name != "date" and close.strip():
                    yield Cell(line, cells[date], name, close)


def _wide_header(sheet: Sheet, header: list[str]) -> bool:
    """Whether the header of a wide file (a session a row) is date and actors, each once; notes faults."""
    if "date" not in header:
        what = 'the column "date" is missing'
        sheet.fault(1, what, f"The first line names the columns: {', '.join(_NEEDED)}, or date and actors.")
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            sheet.fault(1, f'the column "{short(name)}" stands twice', "Keep one.")
        elif name != "date" and name not in sheet.actors:
            sheet.fault(
                1,
                f'the column "{short(name)}" names no actor of this story',
                did_you_mean(name, sheet.actors),
            )
    return not sheet.faults
