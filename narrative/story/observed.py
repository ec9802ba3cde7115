"""Observed figures of markets, read for screens and charts alone: no run, process or reading sees them."""

from collections.abc import Collection
from pathlib import Path

from attrs import evolve, frozen

from events.files import read_whole
from narrative.story.calendar import DAY
from narrative.story.catalogue import UnknownStory, find_story
from narrative.story.convert import Spot, label_of, make
from narrative.story.faults import Fault, Page, StoryFaults
from narrative.story.keys import Sighting
from narrative.story.model import Story
from narrative.story.toml import page_of, read_page
from narrative.story.values import Ground

_SCALES = {"m": 10**6, "bn": 10**9, "tn": 10**12}
NAME = "observed.toml"
SUMS = ("market_value", "net_worth")  # kinds in smallest units
MONEY = (*SUMS, "price")  # kinds that are sums of the story's currency
FRESH = 45 * DAY  # an older market value is no longer shown beside the model's


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
    """The observations of one story, in date order; `missing` says in words that they were not found."""

    rows: tuple[Observation, ...]
    missing: str | None = None

    def last(self, actor: str, at: int) -> Observation | None:
        """The last observation of an actor's market value at a moment; None where missing or too old."""
        found = [
            row for row in self.rows if row.actor == actor and row.kind == "market_value" and row.moment <= at
        ]
        return found[-1] if found and at - found[-1].moment <= FRESH else None

    def others(self, at: int) -> list[Observation]:
        """The last observation of each actor and kind at a moment, however old, that stands beside no
        reading: no return, and no market value that is fresh.
        """
        found = {
            (row.actor, row.kind): row
            for row in self.rows
            if row.moment <= at and not row.kind.endswith("return_pct")
        }
        rows = [found[key] for key in sorted(found)]
        return [row for row in rows if row.kind != "market_value" or at - row.moment > FRESH]

    def until(self) -> int | None:
        """The moment of the last observed market value."""
        return max((row.moment for row in self.rows if row.kind == "market_value"), default=None)

    def step(self, actor: str, entry: str) -> float | None:
        """The observed return, as a part of one, of an actor on the day of an entry."""
        row = self.stepped(actor, entry)
        return None if row is None else row.value / 100

    def stepped(self, actor: str, entry: str) -> Observation | None:
        """The observation of that return, in per cent, with its day."""
        for row in self.rows:
            if row.actor == actor and row.kind.endswith("return_pct") and entry in row.entries:
                return row
        return None


def observed_beside(story: Story) -> Observed:
    """The observations of a story wherever it is found by name; `missing` where it is not here."""
    try:
        folder = find_story(story.id)
    except UnknownStory:
        return Observed((), f"{NAME} not found: there is no story {story.id} here, and none came along")
    return read_observed(folder, story)


def observed_text(folder: Path, story: Story) -> str:
    """The text of a story's observed.toml, to travel with a history; empty where there is none. Raises
    StoryFaults for one that could not be shown.
    """
    read_observed(folder, story)
    path = folder / NAME
    return read_whole(path).decode("utf-8-sig") if path.is_file() else ""


def observed_within(text: str, story: Story) -> Observed:
    """The observations that travelled with a history."""
    return _observed(page_of(NAME, text), story)


def read_observed(folder: Path, story: Story) -> Observed:
    """The observations beside a story; none without an observed.toml. The story may be that of an older
    history: a figure of an actor, an entry or a currency that it does not know is passed over, and so is
    one of its own record. Raises StoryFaults for a file that cannot be read.
    """
    path = folder / NAME
    return _observed(read_page(path), story) if path.is_file() else Observed(())


def _observed(page: Page, story: Story) -> Observed:
    calendar = evolve(story.calendar, hour=story.calendar.close)  # a figure of a day is its close's
    sightings, faults = _sighted(page, Ground(calendar=calendar))
    if faults:
        raise StoryFaults(faults)
    ground = Ground(
        quoted={quote.asset for quote in story.quotes},
        recorded=story.record.until if story.record else None,
        unit=story.money,
    )
    actors, entries = {actor.id for actor in story.actors}, {entry.id for entry in story.entries}
    rows = [
        _row(sighting, story.money.digits, entries)
        for sighting in sightings
        if sighting.actor in actors and not _is_record(sighting, ground) and not _foreign(sighting, ground)
    ]
    return Observed(tuple(sorted(rows, key=lambda row: (row.moment, row.actor, row.kind))))


def sighted(folder: Path, ground: Ground) -> tuple[list[Sighting], list[Fault]]:
    """The sightings in a story's observed.toml, and its faults; none where there is no such file."""
    path = folder / NAME
    return _sighted(read_page(path), ground) if path.is_file() else ([], [])


def _sighted(page: Page, ground: Ground) -> tuple[list[Sighting], list[Fault]]:
    spot = Spot(page=page, ground=ground)
    for key in page.data.keys() - {"observation"}:
        page.fault((key,), f'{NAME} has no table "{key}"', "Its figures stand under [[observation]].")
    found = page.data.get("observation", [])
    tables = found if isinstance(found, list) else [found]
    return [made for i, table in enumerate(tables) if (made := _made(spot, i, table))], page.faults


def _made(spot: Spot, i: int, table: object) -> Sighting | None:
    place = spot.under("observation", i)
    made: Sighting | None = make(evolve(place, label=label_of(place.path, table)), table, Sighting)
    if made is not None and _is_record(made, spot.ground):
        what = f"{made.kind} of {made.actor} stands here and in the record, which its quotes are until then"
        spot.page.fault(place.path, what, "Take it away: no figure is both record and judge.")
    if made is not None and (counts := _foreign(made, spot.ground)):
        what = f'{made.kind} of {made.actor} is in "{made.unit}", and the story counts in {counts}'
        spot.page.fault((*place.path, "unit"), what, f"Give it in {counts}, as of its day.")
    return made


def _foreign(made: Sighting, ground: Ground) -> str | None:
    """The currency of the story where a figure is a sum of another, else None."""
    if made.kind not in MONEY or not made.unit or ground.unit is None:
        return None
    currency, said = ground.unit.currency, made.unit.partition(" ")[0]
    return currency if len(said) == len(currency) and said.isupper() and said != currency else None


def _is_record(made: Sighting, ground: Ground) -> bool:
    """Whether a figure is of a quoted actor's price, and not later than the record."""
    if ground.recorded is None or made.actor not in ground.quoted or made.moment > ground.recorded:
        return False
    return made.kind in ("market_value", "price", "index") or made.kind.endswith("return_pct")


def _row(sighting: Sighting, digits: int, entries: Collection[str]) -> Observation:
    value = sighting.value
    if sighting.kind in SUMS:
        value *= _SCALES.get((sighting.unit or "").rpartition(" ")[2], 1) * 10**digits
    known = tuple(entry for entry in sighting.event_ids if entry in entries)
    return Observation(sighting.moment, sighting.actor, sighting.kind, value, sighting.source, known)
