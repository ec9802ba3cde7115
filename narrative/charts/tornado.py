"""A tornado as a picture: two bars a parameter, to the figure at either end of its range, the parameter that
moves it most first.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from narrative.charts.alternative import written
from narrative.charts.draw import COLOURS, SCALES, divisor, wrapped
from narrative.text.numbers import money, plain_date

BARS = 15  # of those that move it most
WIDTH, BAR = 560, 26  # pixels
LOW, HIGH = "at the least of its range", "at the most of its range"


def tornado_drawn(found: Mapping[str, Any], path: Path) -> None:
    """Draw the bars of an answer of `doubt` by tornado, as plain data, into a file. Raises NoCharts,
    Unwritable.
    """
    of = (
        f"the effect on the measure {found['measure']}"
        if found["question"]
        else f"the measure {found['measure']}"
    )
    title = f"{found['story']}: what moves {of}"
    written(path, title, partial(_layers, found), alternative_of(found))


def alternative_of(found: Mapping[str, Any]) -> str:
    """The bars in words, for whoever cannot see them."""
    bars = [
        f"{_named(one)}: {_said(one['at_low'], found)} to {_said(one['at_high'], found)}"
        for one in _shown(found)
    ]
    return f"{_said(found['central'], found)} as it is. By parameter, at both ends: {'; '.join(bars)}."


def _shown(found: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The parameters that have a bar: those that move the figure at all."""
    return [one for one in found["parameters"] if one["swing"]][:BARS]


def _said(value: float, found: Mapping[str, Any]) -> str:
    return money(value, found) if found["money"] else f"{value:z,.3g}"


def bars(found: Mapping[str, Any]) -> tuple[list[dict[str, Any]], float, str]:
    """Two bars a parameter as rows: from where (`x`) to where (`to`), beside which name (`y`), at which `end`
    of its range; where they begin, and the unit they are in.
    """
    rows, scale, unit = _shown(found), 1.0, ""
    if found["money"]:
        ends = [row[end] for row in rows for end in ("at_low", "at_high")]
        scale, unit = divisor(max(map(abs, [found["central"], *ends])), found["currency"], found["digits"])
    central = found["central"] / scale
    drawn = [
        {"y": _named(row), "x": central, "to": row[key] / scale, "end": end}
        for row in rows
        for key, end in (("at_low", LOW), ("at_high", HIGH))
    ]
    return drawn, central, unit


def _layers(found: Mapping[str, Any], alt: Any) -> Any:
    rows, central, unit = bars(found)
    order = list(dict.fromkeys(row["y"] for row in rows))
    x = alt.X("x:Q", scale=alt.Scale(zero=False), axis=_axis(alt, [unit, ""] * bool(unit) + _caption(found)))
    names = alt.Axis(title=None, labelFontSize=11, labelLimit=320, domain=False, ticks=False)
    y = alt.Y("y:N", sort=order, axis=names, scale=alt.Scale(paddingInner=0.3))
    colour = alt.Color(
        "end:N",
        scale=alt.Scale(domain=[LOW, HIGH], range=list(COLOURS[:2])),
        legend=alt.Legend(title=None, orient="top", labelFontSize=11),
    )
    halves = alt.YOffset("end:N", sort=[LOW, HIGH])  # one above the other: both may lie on one side
    drawn = alt.Chart(alt.Data(values=rows)).mark_bar()
    layers = [drawn.encode(x=x, x2="to:Q", y=y, yOffset=halves, color=colour), _line(central, alt)]
    if found["question"]:
        layers.append(_line(0.0, alt, [3, 3]))
    return alt.layer(*layers).properties(width=WIDTH, height=BAR * max(len(order), 1))


def _named(row: Mapping[str, Any]) -> str:
    return f"{row['parameter']}, {_short(row['low'])} to {_short(row['high'])}"


def _short(value: float) -> str:
    """A parameter's value: 0.35, 25 bn."""
    size, name = next((pair for pair in SCALES if abs(value) >= pair[0]), SCALES[-1])
    return f"{value / size:g} {name}".strip() if size > 1 else f"{value:g}"


def _line(at: float, alt: Any, dash: Sequence[int] = (1, 0)) -> Any:
    rule = alt.Chart(alt.Data(values=[{"x": at}])).mark_rule(color="#222222", strokeDash=list(dash))
    return rule.encode(x="x:Q")


def _axis(alt: Any, caption: Sequence[str]) -> Any:
    return alt.Axis(
        title=wrapped(caption), titleAnchor="start", titleAlign="left", titleFontSize=10, tickCount=6,
        titleFontWeight="normal", titleColor="#555555", titlePadding=12, labelFontSize=11, format=",~f",
        gridColor="#e3e3e3", domain=False,
    )  # fmt: skip  # as on all charts


def _caption(found: Mapping[str, Any]) -> list[str]:
    """How the bars are read, and over what."""
    cut, until = plain_date(found["at"]), plain_date(found["until"])
    said = [
        f"Line: {_said(found['central'], found)} as it is, of {found['seeds']} seeds from {cut} to {until}.",
        "A bar ends at the figure with that one parameter at an end of its declared range, beside its name.",
    ]
    left = len(found["parameters"]) - len(_shown(found))
    said += [f"{left} more move it less, or not at all."] * bool(left)
    return said + [f"It is the effect of: {found['question']} Dashed: no effect."] * bool(found["question"])
