"""Reading quotes.csv: what markets paid, a session a row, up to the end of the record.

Columns date, actor, close and shares, in any order; source may stand beside them. A close is in the
story's currency (of an index its level), shares are plain counts; an empty cell of shares says
nothing. A price may move by more than half where its row names another source than that before it. A
quote stands two seconds before the market closes, so that whoever reads it does so before the lenders
who look at closes.
"""

import csv
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from math import log, prod
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, TextIO

from events.fields import LIMIT
from events.market_facts import Split
from narrative.story.calendar import DAY, BadDate, Calendar
from narrative.story.faults import Fault, did_you_mean
from narrative.story.model import Actor, Entry, Priced, Record, Unit
from narrative.text.numbers import short

FILE = "quotes.csv"
NEEDED = ("date", "actor", "close", "shares")
KNOWN = (*NEEDED, "source")
BEFORE_CLOSE = 2  # seconds
JUMP = log(1.5)  # a price that moves by more without a word is more often an error than a market
MOST = 200  # faults that are told of one file
WIDTH = 6  # numbers of a row
_LINE = 1 << 20  # letters; the reader of CSV refuses a cell that is as long
LONG = 40  # digits of a number; more is none


def lines_of(file: TextIO) -> Iterator[str]:
    """The lines of a file that is read as it is needed, in pieces where one is longer than any row."""
    return iter(lambda: file.readline(_LINE), "")


class _Enough(Exception):
    """More faults than anybody reads."""


class Cell(NamedTuple):
    """A price as it stands in a file, all of it text."""

    line: int
    date: str
    actor: str
    close: str
    shares: str = ""
    source: str = ""


# By asset: the moment of each split, and how many new shares for how many old.
Splits = Mapping[str, Sequence[tuple[int, int, int]]]


def splits_of(entries: Iterable[Entry | None]) -> Splits:
    """The splits that a timeline tells, as far as it could be read."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    for entry in entries:
        if entry is not None and isinstance(entry.fact, Split):
            found.setdefault(entry.fact.asset, []).append((entry.moment, entry.fact.new, entry.fact.old))
    return found


class Sheet:
    """A file of quotes being read: its rows so far, and every fault with its line.

    A row is six whole numbers, so that a million of them take two hundred megabytes at most.
    """

    def __init__(  # of one story
        self,
        file: str,
        actors: Mapping[str, Actor],
        record: Record,
        calendar: Calendar,
        unit: Unit,
        splits: Splits,
    ) -> None:
        self.file, self.record, self.calendar, self.unit = file, record, calendar, unit
        self.splits = splits
        self.faults: list[Fault] = []
        self.actors = sorted(actors)
        self._places = {actor: place for place, actor in enumerate(self.actors)}
        self._sources = [""]
        self._known = {"": 0}
        self._moments: dict[str, int | None] = {}  # of a date as it is written
        self._rows = array("q")  # moment, actor, close, shares (0: none), source and line of each

    def __len__(self) -> int:
        return len(self._rows) // WIDTH

    def fault(self, line: int, what: str, meant: str) -> None:
        """Note a fault. Raises _Enough."""
        self.faults.append(Fault(self.file, line, what, meant))
        if len(self.faults) >= MOST:
            raise _Enough

    def read(self, cells: Iterable[Cell]) -> None:
        """Take every price, then look at how each stands to those before it. Faults are noted, and no more of
        them than anybody reads.
        """
        try:
            for cell in cells:
                self._take(cell)
            self._look_along()
        except _Enough:
            self.faults.append(Fault(self.file, self.faults[-1].line, "… the rest was not looked at"))
        except UnicodeDecodeError:
            self.faults.append(Fault(self.file, 1, "the file is not UTF-8 text", "Save it as UTF-8."))
        except csv.Error as error:
            self.faults.append(
                Fault(self.file, 1, f"the file does not read as CSV: {error}", "Mend the row.")
            )

    def quotes(self) -> Iterator[tuple[Priced, str]]:
        """The quotes in order of moment and actor, each with its source, which may be empty."""
        moments, actors, closes, shares, sources, _ = self._columns
        for row in self._order:
            actor = self.actors[actors[row]]
            yield Priced(moments[row], actor, closes[row], shares[row] or None), self._sources[sources[row]]

    @cached_property
    def _columns(self) -> list[Sequence[int]]:
        """The rows by column; asked for when all of them are there."""
        return [self._rows[place::WIDTH] for place in range(WIDTH)]

    @cached_property
    def _order(self) -> Sequence[int]:
        """The rows by moment and actor."""
        moments, actors = self._columns[:2]
        keys = [moment * len(self.actors) + actor for moment, actor in zip(moments, actors, strict=True)]
        return array("q", sorted(range(len(keys)), key=keys.__getitem__))

    def _take(self, cell: Cell) -> None:
        line, actor = cell.line, cell.actor.strip()
        moment = self._moment(line, cell.date)
        place = self._places.get(actor)
        if place is None:
            what = f'"{short(actor)}" is no actor of this story'
            self.fault(line, what, did_you_mean(actor, self.actors))
        price, shares = self._price(line, cell.close), self._shares(line, cell.shares)
        if moment is None or price is None or place is None:
            return
        source = cell.source.strip()
        if source not in self._known:
            self._known[source] = len(self._sources)
            self._sources.append(source)
        self._rows.extend((moment, place, price, shares or 0, self._known[source], line))

    def _look_along(self) -> None:
        """Note every second price of a day, and every price that moves by more than half without a word."""
        moments, actors, closes, _, sources, lines = self._columns
        before: dict[int, int] = {}
        for row in self._order:
            actor = actors[row]
            last = before.get(actor)
            before[actor] = row
            if last is None:
                continue
            if moments[last] == moments[row]:
                day = self.calendar.day(moments[row])
                what = f"{self.actors[actor]} has two prices on {day}"
                self.fault(lines[row], what, f"Keep this or line {lines[last]}.")
                continue
            split = self._split(self.actors[actor], moments[last], moments[row])
            moved = closes[row] / closes[last] * split
            if abs(log(moved)) > JUMP and sources[row] in (0, sources[last]):
                what = (
                    f"{self.actors[actor]} moves by {moved - 1:+.0%} from {self.calendar.day(moments[last])}"
                )
                what += " beyond the split in between" if split != 1.0 else ""
                remedy = "Tell a Split before it, or give all prices in shares after it"
                self.fault(lines[row], what, f"{remedy}; where it is true, let its source say so.")

    def _split(self, actor: str, since: int, until: int) -> float:
        """Shares for each share of before, by the splits after one moment and up to another."""
        told = self.splits.get(actor, ())
        return prod(new / old for moment, new, old in told if since < moment <= until)

    def _moment(self, line: int, text: str) -> int | None:
        if text not in self._moments:
            self._moments[text] = self._read_day(line, text.strip())
        elif self._moments[text] is None:
            self.fault(line, f'"{short(text)}" is no day of a quote', "See the line that named it first.")
        return self._moments[text]

    def _read_day(self, line: int, text: str) -> int | None:
        try:
            moment = self.calendar.written(text, self.calendar.close) - BEFORE_CLOSE
        except BadDate as bad:
            self.fault(line, str(bad).rstrip("."), "A quote stands on a day.")
            return None
        if (moment + BEFORE_CLOSE) % DAY != self.calendar.close:
            self.fault(line, f'"{short(text)}" has a time of day', "A quote stands on a day, as 2025-01-31.")
            return None
        if self.calendar.weekday(moment) > 4 and (
            self.calendar.week == 7 or not self.calendar.session(moment)
        ):
            self.fault(
                line, f"{text} is a {DAYS[self.calendar.weekday(moment)]}", "A quote stands on a session."
            )
            return None
        if not self.calendar.session(moment):
            self.fault(line, f"{text} is closed in [calendar]", "A quote stands on a session.")
            return None
        if moment > self.record.until:
            end = self.calendar.day(self.record.until)
            meant = "What came later judges: it belongs into observed.toml, which no process reads."
            self.fault(line, f"{text} lies after {end}, where the record ends", meant)
            return None
        return moment

    def _price(self, line: int, text: str) -> int | None:
        price = _number(text)
        if price is None or price <= 0:
            self.fault(line, f'"{short(text)}" is no close', "A close is a number above zero, as 328.33.")
            return None
        whole = int(price.scaleb(self.unit.digits).to_integral_value())
        if not 0 < whole <= LIMIT:
            self.fault(
                line,
                f'"{short(text)}" is no price that can be kept',
                "It is below the smallest unit or beyond 2**53.",
            )
            return None
        return whole

    def _shares(self, line: int, text: str) -> int | None:
        if not text.strip():
            return None
        count = _number(text)
        if count is None or count <= 0 or count != int(count) or count > LIMIT:
            self.fault(
                line, f'"{short(text)}" is no count of shares', "It is a whole number, or an empty cell."
            )
            return None
        return int(count)


DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@lru_cache(maxsize=1_000)  # counts of shares stand unchanged for months
def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip()) if len(text) <= LONG and "_" not in text else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() and abs(found.adjusted()) <= LONG else None


def read_quotes(
    path: Path, actors: Mapping[str, Actor], record: Record, calendar: Calendar, unit: Unit, splits: Splits
) -> tuple[tuple[Priced, ...], tuple[Fault, ...]]:
    """The quotes in a file in order of moment and actor, and every fault of it with its line."""
    sheet = Sheet(str(path), actors, record, calendar, unit, splits)
    with path.open(encoding="utf-8-sig", newline="") as file:
        sheet.read(_cells(sheet, lines_of(file)))
    return tuple(quote for quote, _ in sheet.quotes()), tuple(sheet.faults)


def _cells(sheet: Sheet, file: Iterable[str]) -> Iterator[Cell]:
    reader = csv.reader(file, strict=True)
    header = [name.strip().lower() for name in next(reader, [])]
    yield from long_cells(sheet, header, reader, NEEDED)


def long_cells(
    sheet: Sheet, header: list[str], rows: Iterable[list[str]], needed: Iterable[str]
) -> Iterator[Cell]:
    """The prices of a file with a price a row, which has the columns needed, each once, and no others but
    source and shares; its faults are noted.
    """
    for name in needed:
        if name not in header:
            sheet.fault(1, f'the column "{name}" is missing', f"A file of quotes has {', '.join(needed)}.")
    for name in dict.fromkeys(header):
        if name not in KNOWN:
            sheet.fault(1, f'there is no column "{short(name)}"', did_you_mean(name, KNOWN))
        elif header.count(name) > 1:
            sheet.fault(1, f'the column "{name}" stands twice', "Keep one.")
    if sheet.faults:
        return
    picked = itemgetter(*(header.index(name) if name in header else -1 for name in KNOWN))
    for line, cells in whole_rows(sheet, rows, len(header)):
        yield Cell(line, *picked([*cells, ""]))  # what has no column is empty


def whole_rows(sheet: Sheet, rows: Iterable[list[str]], width: int) -> Iterator[tuple[int, list[str]]]:
    """The rows below a header with their lines, empty ones left out; one of another width is a fault."""
    line = 1
    try:
        for cells in rows:
            line = rows.line_num  # type: ignore[attr-defined]  # of csv.reader, whose type is private
            if len(cells) == width:
                if any(cells):
                    yield line, cells
            elif cells:
                sheet.fault(line, f"the row has {len(cells)} cells of {width}", "Mend the row.")
    except csv.Error as error:
        long = str(error).startswith("field larger")
        what = (
            "a cell is longer than any price or source" if long else f"the row does not read as CSV: {error}"
        )
        sheet.fault(line + 1, what, "Shorten it." if long else "Close its quotes.")
