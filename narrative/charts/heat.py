"""The map of dates and shocks as a picture: a column a date, a row a kind of shock, darker where what is
plausible breaks more.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from narrative.charts.alternative import written
from narrative.charts.draw import wrapped
from narrative.text.numbers import UNKNOWN, plain_date, share
from narrative.text.words import listed

CELL = 82, 34  # pixels
LIGHT, DARK = "#f7f4ee", "#b03a00"
PALE_ON = 0.55  # from so large a part on, letters are white
OWN = "*"


def sized(size: float, unit: str) -> str:
    """A size of a shock in its unit: 35.4 %, 300 bp, 0.3."""
    return f"{size:g}" if unit == "1" else f"{size:g} {unit}".strip()


def cell_text(cell: Mapping[str, Any]) -> str:
    """The least size that breaks half of the seeds, marked where it is a collapse by itself; else how far
    they fall at the most that was tried.
    """
    if cell["median"] is None:
        return UNKNOWN if cell["fall"] is None else f"falls {share(cell['fall'])}"
    return f"{sized(cell['median'], cell['unit']) if cell['unit'] else 'breaks'}{OWN * cell['own']}"


def map_drawn(found: Mapping[str, Any], path: Path) -> None:
    """Draw the map of an answer of `fragility`, as plain data, into a file. Raises NoCharts, Unwritable."""
    title = f"When {found['story']} breaks, by date and shock"
    written(path, title, partial(_grid, found), alternative_of(found))


def alternative_of(found: Mapping[str, Any]) -> str:
    """The map in words, for whoever cannot see it."""
    rows = [
        f"{_row(cells[0])}: "
        + listed(f"{share(one['at_plausible'])} on {plain_date(one['at'])}" for one in cells)
        for cells in _by_kind(found)
    ]
    return f"Parts of {found['seeds']} seeds that what is plausible breaks. {'. '.join(rows)}."


def _by_kind(found: Mapping[str, Any]) -> list[list[Mapping[str, Any]]]:
    kinds = dict.fromkeys(one["kind"] for one in found["map"])
    return [[one for one in found["map"] if one["kind"] == kind] for kind in kinds]


def _row(cell: Mapping[str, Any]) -> str:
    size = sized(cell["plausible"], cell["unit"])
    return f"{cell['kind']}, {size}" if cell["unit"] else f"{cell['kind']} gone"


def _grid(found: Mapping[str, Any], alt: Any) -> Any:
    dates = list(dict.fromkeys([one["at"] for one in found["map"]] + found["fallen"]))
    rows = [_row(cells[0]) for cells in _by_kind(found)]
    cells = [
        {
            "x": plain_date(one["at"]), "y": _row(one), "part": one["at_plausible"],
            "said": cell_text(one),
        }
        for one in found["map"]
    ]  # fmt: skip  # a cell
    gone = [{"x": plain_date(at), "y": row, "said": "fallen"} for at in found["fallen"] for row in rows]
    x = alt.X("x:N", sort=[plain_date(at) for at in sorted(dates)], axis=_axis(alt, wrapped(_caption(found))))
    y = alt.Y("y:N", sort=rows, axis=_axis(alt, None))
    shade = alt.Color(
        "part:Q",
        scale=alt.Scale(domain=[0, 1], range=[LIGHT, DARK]),
        legend=alt.Legend(title="breaks at what is plausible", format=".0%", titleLimit=220),
    )
    base = alt.Chart(alt.Data(values=cells)).encode(x=x, y=y)
    ink = alt.condition(f"datum.part > {PALE_ON}", alt.value("white"), alt.value("#222222"))
    layers = [
        base.mark_rect(stroke="white", strokeWidth=2).encode(color=shade),
        base.mark_text(fontSize=11).encode(text="said:N", color=ink),
    ]
    if gone:
        out = alt.Chart(alt.Data(values=gone)).encode(x=x, y=y)
        layers += [
            out.mark_rect(color="#d9d9d9", stroke="white", strokeWidth=2),
            out.mark_text(fontSize=11, color="#555555").encode(text="said:N"),
        ]
    return alt.layer(*layers).properties(width=CELL[0] * len(dates), height=CELL[1] * len(rows))


def _axis(alt: Any, caption: Sequence[str] | None) -> Any:
    return alt.Axis(
        title=caption, titleAnchor="start", titleAlign="left", titleFontSize=10, titleFontWeight="normal",
        titleColor="#555555", titlePadding=16, labelFontSize=11, labelAngle=0, labelLimit=260, domain=False,
        ticks=False,
    )  # fmt: skip  # as on all charts


def _caption(found: Mapping[str, Any]) -> list[str]:
    """How the map is read, and by what it counts as broken."""
    said = [
        f"In a cell the least size that breaks half of {found['seeds']} seeds, or how far they fall at most.",
        "Beside each row the size that is plausible; a cell is darker the more seeds that size breaks.",
        f"Collapse: {found['definition']}",
    ]
    if any(one["own"] for one in found["map"]):
        said.insert(1, f"{OWN}: at least half of what counts as a collapse is the shock itself.")
    return said + ["Grey: it has collapsed by then without a shock."] * bool(found["fallen"])
