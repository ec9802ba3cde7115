"""Reading results.toml: what companies reported, a quarter a table, up to the end of the record.

Sums of four quarters are added up here, once: they are known where all four follow each other and the
figure stands in each. A quarter that is missing makes them unknown and is no fault. Results that were
known when the story opens are kept beside the rest: later sums and levels start from them.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from attrs import evolve

from events.fields import LIMIT
from narrative.story.calendar import DAY
from narrative.story.convert import Spot, take
from narrative.story.faults import Page
from narrative.story.keys import Quarter, Quarters, shape
from narrative.story.model import Record, Reported
from narrative.story.toml import read_page
from narrative.story.values import Ground

FILE = "results.toml"
YEAR = 4  # quarters
TRAILING = ("revenue", "operating", "net")
# Days between the ends of two quarters that follow each other: nearer they are one, farther one is missing.
NEAREST, FARTHEST = 60, 120


def read_results(path: Path, record: Record, ground: Ground) -> tuple[tuple[Reported, ...], Page]:
    """The results in a file in order of moment, company and period, and its page with every fault."""
    page = read_page(path)
    written = page.data.get("written_in")
    if ground.unit is not None and type(written) is int and written > 0:
        ground = evolve(ground, unit=evolve(ground.unit, written_in=written))
    elif written == 0:
        page.fault(("written_in",), "written_in is 0", "Write 1_000_000 where sums are in millions.")
    values, _ = take(Spot(page=page, ground=ground, label=FILE), page.data, shape(Quarters))
    companies: dict[str, list[tuple[int, Quarter]]] = {}
    for i, quarter in enumerate(values.get("result") or ()):
        if quarter is not None:
            _judge(page, i, quarter, record, ground)
            companies.setdefault(quarter.actor, []).append((i, quarter))
    found: list[Reported] = []
    for rows in companies.values():
        rows.sort(key=lambda row: row[1].period)
        _follow(page, rows)
        quarters = [quarter for _, quarter in rows]
        for end, (i, _) in enumerate(rows, 1):
            one = _reported(quarters[:end])
            found.append(one)
            if any(abs(getattr(one, f"trailing_{name}") or 0) > LIMIT for name in TRAILING):
                page.fault(("result", i), "four quarters add up to more than 2**53", "Check the unit.")
    return tuple(sorted(found, key=lambda one: (one.moment, one.company, one.period))), page


def _judge(page: Page, i: int, quarter: Quarter, record: Record, ground: Ground) -> None:
    """Note a result that the record does not reach."""
    if quarter.published > record.until:
        day = ground.calendar.day
        what = f"published on {day(quarter.published)}, after {day(record.until)}, where the record ends"
        meant = "What came later judges: leave it out, or let [record] end later."
        page.fault(("result", i, "published"), f"a result of {quarter.actor} was {what}", meant)


def _follow(page: Page, rows: Sequence[tuple[int, Quarter]]) -> None:
    """Note what is wrong between the quarters of one company, which stand in order of their ends."""
    for (j, before), (i, quarter) in pairwise(rows):
        days = (quarter.period - before.period) // DAY
        other = f"that of line {page.line(('result', j))}"
        if days < NEAREST:
            what = f"{quarter.actor} reports a quarter that ends {days} days after {other}: it stands twice"
            page.fault(("result", i, "period"), what, "Keep one of the two.")
        elif quarter.published < before.published:
            what = f"{quarter.actor} publishes a quarter before {other}, which it follows"
            page.fault(("result", i, "published"), what, "Give the moment at which each became known.")


def _reported(quarters: Sequence[Quarter]) -> Reported:
    """The last of a company's quarters so far, with the sums of the year that ends with it."""
    last, year = quarters[-1], quarters[-YEAR:]
    whole = len(year) == YEAR and all(b.period - a.period <= FARTHEST * DAY for a, b in pairwise(year))

    def trailing(name: str) -> int | None:
        parts = [getattr(quarter, name) for quarter in year]
        return sum(parts) if whole and None not in parts else None

    return Reported(
        moment=last.published,
        company=last.actor,
        period=last.period,
        revenue=last.revenue,
        operating=last.operating,
        net=last.net,
        trailing_revenue=trailing("revenue"),
        trailing_operating=trailing("operating"),
        trailing_net=trailing("net"),
        capex=last.capex,
        backlog=last.backlog,
        source=last.source,
        confidence=last.confidence,
        url=last.url,
    )
