"""Reading quotes.csv: what markets paid, a session a row, up to the end of the record.

Columns date, actor, close and shares, in any order; source may stand beside them. A close is in the
story's currency (of an index its level), shares are plain counts; an empty cell of shares says
nothing. A row that names a source of its own may move by more than half. A quote stands two seconds
before the market closes, so that whoever reads it does so before the lenders who look at closes.
"""

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from math import log
from pathlib import Path

from events.fields import LIMIT
from narrative.story.calendar import BadDate, Calendar
from narrative.story.faults import Fault, did_you_mean
from narrative.story.model import Actor, Priced, Record, Unit
from narrative.text.numbers import short

FILE = "quotes.csv"
NEEDED = ("date", "actor", "close", "shares")
KNOWN = (*NEEDED, "source")
BEFORE_CLOSE = 2  # seconds
JUMP = log(1.5)  # a price that moves by more without a word is more often an error than a market
MOST = 200  # faults that are told of one file
LONG = 40  # digits of a number; more is none


class _Enough(Exception):
    """More faults than anybody reads."""


class Sheet:
    """A file of quotes being read: its rows so far, and every fault with its line."""

    def __init__(
        self, file: str, actors: Mapping[str, Actor], record: Record, calendar: Calendar, unit: Unit
    ) -> None:
        self.file, self.actors, self.record, self.calendar, self.unit = file, actors, record, calendar, unit
        self.faults: list[Fault] = []
        self.rows: dict[tuple[int, str], Priced] = {}
        self._lines: dict[tuple[int, str], int] = {}
        self._sourced: set[tuple[int, str]] = set()
        self._moments: dict[str, int | None] = {}  # of a date as it is written

    def fault(self, line: int, what: str, meant: str) -> None:
        """Note a fault. Raises _Enough."""
        self.faults.append(Fault(self.file, line, what, meant))
        if len(self.faults) >= MOST:
            raise _Enough

    def take(self, line: int, row: Mapping[str, str]) -> None:
        """Read one row."""
        moment, actor = self._moment(line, row["date"]), row["actor"].strip()
        if actor not in self.actors:
            self.fault(line, f'"{short(actor)}" is no actor of this story', did_you_mean(actor, self.actors))
            return
        price, shares = self._price(line, row["close"]), self._shares(line, row["shares"])
        if moment is None or price is None:
            return
        key = (moment, actor)
        if key in self.rows:
            self.fault(
                line, f"{actor} has two prices on {row['date']}", f"Keep this or line {self._lines[key]}."
            )
            return
        self.rows[key], self._lines[key] = Priced(moment, actor, price, shares), line
        if row.get("source", "").strip():
            self._sourced.add(key)

    def jumps(self) -> None:
        """Note every price that moved by more than half from one row to the next."""
        before: dict[str, Priced] = {}
        for key in sorted(self.rows):
            row = self.rows[key]
            last = before.get(row.asset)
            jumps = last is not None and abs(log(row.price / last.price)) > JUMP
            if last is not None and jumps and key not in self._sourced:
                moved, since = row.price / last.price - 1, self.calendar.day(last.moment)
                what = f"{row.asset} moves by {moved:+.0%} from {since}"
                remedy = "Give prices as they stand after a split; where it is true, name the row's source."
                self.fault(self._lines[key], what, remedy)
            before[row.asset] = row

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
        if self.calendar.weekday(moment) > 4:
            self.fault(
                line, f"{text} is a {DAYS[self.calendar.weekday(moment)]}", "A quote stands on a session."
            )
            return None
        if moment > self.record.until:
            end = self.calendar.day(self.record.until)
            meant = "What came later judges: it belongs into observed.toml, which no process reads."
            self.fault(line, f"{text} lies after {end}, where the record ends", meant)
            return None
        return moment

    def _price(self, line: int, text: str) -> int | None:
        price = _number(text)
        if price is None or price <= 0 or not price.is_finite():
            self.fault(line, f'"{short(text)}" is no close', "A close is a number above zero, as 328.33.")
            return None
        whole = int((price * 10**self.unit.digits).to_integral_value())
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


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip()) if len(text) <= LONG and "_" not in text else None
    except InvalidOperation:
        return None


def read_quotes(
    path: Path, actors: Mapping[str, Actor], record: Record, calendar: Calendar, unit: Unit
) -> tuple[tuple[Priced, ...], tuple[Fault, ...]]:
    """The quotes in a file in order of moment and actor, and every fault of it with its line."""
    sheet = Sheet(str(path), actors, record, calendar, unit)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line, row in _rows(sheet, file):
                sheet.take(line, row)
        sheet.jumps()
    except _Enough:
        sheet.faults.append(Fault(sheet.file, sheet.faults[-1].line, "… the rest was not looked at"))
    except UnicodeDecodeError:
        sheet.faults.append(Fault(sheet.file, 1, "the file is not UTF-8 text", "Save it as UTF-8."))
    except csv.Error as error:
        sheet.faults.append(Fault(sheet.file, 1, f"the file does not read as CSV: {error}", "Mend the row."))
    return tuple(sheet.rows[key] for key in sorted(sheet.rows)), tuple(sheet.faults)


def _rows(sheet: Sheet, file: "Iterator[str]") -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(file, strict=True)
    header = [name.strip().lower() for name in next(reader, [])]
    for name in NEEDED:
        if name not in header:
            sheet.fault(1, f'the column "{name}" is missing', f"A file of quotes has {', '.join(NEEDED)}.")
    for name in header:
        if name not in KNOWN:
            sheet.fault(1, f'there is no column "{short(name)}"', did_you_mean(name, KNOWN))
    if sheet.faults:
        return
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(header):
            sheet.fault(reader.line_num, f"the row has {len(cells)} cells of {len(header)}", "Mend the row.")
            continue
        yield reader.line_num, dict(zip(header, cells, strict=True))
