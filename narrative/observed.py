"""What markets did, read for screens and charts alone: no run, process or reading may see it."""

import tomllib
from decimal import Decimal
from pathlib import Path

from attrs import frozen

from narrative.calendar import DAY, Calendar
from narrative.scenario import Story

_SCALES = {"": 1, "m": 10**6, "bn": 10**9, "tn": 10**12}
_FRESH = 45 * DAY  # an older market value is no longer shown beside the model's


@frozen
class Observation:
    """One observed figure. `value` is money in smallest units for a market value, else a plain number."""

    moment: int
    actor: str
    kind: str
    value: float
    source: str
    entries: tuple[str, ...]


@frozen
class Observed:
    """The observations of one story, in date order."""

    rows: tuple[Observation, ...]

    def value(self, actor: str, at: int) -> int | None:
        """The last observed market value of an actor at a moment, unless it is too old to show."""
        found = [
            row for row in self.rows if row.actor == actor and row.kind == "market_value" and row.moment <= at
        ]
        return round(found[-1].value) if found and at - found[-1].moment <= _FRESH else None

    def step(self, actor: str, entry: str) -> float | None:
        """The observed return, as a part of one, of an actor on the day of an entry."""
        for row in self.rows:
            if row.actor == actor and row.kind.endswith("return_pct") and entry in row.entries:
                return row.value / 100
        return None


def read_observed(folder: Path, story: Story) -> Observed:
    """The observations beside a story; none where there is no observed.toml."""
    path = folder / "observed.toml"
    if not path.is_file():
        return Observed(())
    plain = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    rows = [_row(row, story.calendar, story.money.digits) for row in plain.get("observation", [])]
    return Observed(tuple(sorted(rows, key=lambda row: (row.moment, row.actor, row.kind))))


def _row(row: dict[str, object], calendar: Calendar, digits: int) -> Observation:
    value = Decimal(str(row["value"]))
    if row["kind"] == "market_value":
        scale = str(row.get("unit", "")).split()[-1:] or [""]
        value *= _SCALES.get(scale[0], 1) * 10**digits
    entries = row.get("event_ids", ())
    return Observation(
        moment=calendar.written(str(row["date"])[:10]) - calendar.hour + calendar.close,
        actor=str(row["actor"]),
        kind=str(row["kind"]),
        value=float(value),
        source=str(row.get("source", "")),
        entries=tuple(str(entry) for entry in entries) if isinstance(entries, (list, tuple)) else (),
    )
