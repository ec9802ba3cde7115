"""Charts as pictures: lines with their names beside them, drawn by altair without a browser."""

from collections.abc import Sequence
from math import log10
from typing import Any

from attrs import evolve, field, frozen

from events.errors import Wrong
from narrative.story.calendar import MONTHS, Calendar
from narrative.text.numbers import SIGNS

# Okabe and Ito's colours, which stay apart for the colour-blind; the yellow is too light for a line.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2])
WIDTH, HEIGHT = 720, 400
WIDTHS = PLAIN, BOLD = 2, 2.6  # of lines; what is on record is bold
SHADED = 1  # so many companies have what is explained shaded: more would hide one another
APART = 15  # pixels between two names
SCALES = ((10**12, "tn"), (10**9, "bn"), (10**6, "m"), (1, ""))
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
# What moves at every moment; all else stands until the next event.
PRICED = ("valuation", "belief", "belief_share", "collateral", "loan_to_value", "circle")
WHOLE, BROKEN = "every step", "broken off"  # what a turn of the circle may be
FONT = "Liberation Sans, Arial, sans-serif"


class NoCharts(Wrong):
    """The extra that draws charts is not installed."""


@frozen
class Line:
    """One line: a name, the history it is of (where there are several), what it measures, its points.

    `recorded`: its points are closes on record, and are joined. `explained`: what it would be had prices
    moved as news and policy explain alone.
    """

    name: str
    history: str
    measure: str
    points: tuple[tuple[int, float | None], ...]
    observed: tuple[tuple[int, float], ...] = field(default=())
    marks: tuple[str, ...] = field(default=())
    recorded: bool = field(default=False)
    explained: tuple[tuple[int, float | None], ...] = field(default=())


@frozen(kw_only=True)
class Chart:
    """Everything a picture shows."""

    what: str
    title: str
    lines: tuple[Line, ...]
    unit: str
    money: tuple[str, int]
    calendar: Calendar
    span: tuple[int, int]
    log: bool
    caption: tuple[str, ...]


def drawn(chart: Chart, suffix: str) -> bytes:
    """The picture's bytes. Raises NoCharts where what draws it is missing."""
    try:
        import altair as alt  # noqa: PLC0415  # half a second, and an extra
        import vl_convert  # noqa: PLC0415  # the same
    except ImportError:
        raise NoCharts(
            "Charts are drawn by altair and vl-convert, which are not installed; "
            "`pip install 'narrative-engine[plot]'` brings both."
        ) from None
    spec = specification(chart, alt)
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    if suffix == ".svg":
        return str(vl_convert.vegalite_to_svg(spec, vl_version=version)).encode()
    return bytes(vl_convert.vegalite_to_png(spec, vl_version=version, scale=2))


def specification(chart: Chart, alt: Any) -> dict[str, Any]:
    """The chart as Vega-Lite has it."""
    scale, unit = scaled(chart)
    rows = [row for line in chart.lines for row in _rows(chart, line, scale)]
    seen = [
        {"x": at, "y": value / scale, "colour": colour_of(chart, line)}
        for line in chart.lines
        for at, value in line.observed
    ]
    lower = (evolve(line, points=line.explained, marks=()) for line in chart.lines if line.explained)
    under = [row for line in lower for row in _rows(chart, line, scale)]
    low, high = ends([row["y"] for row in (*rows, *seen, *under)], log=chart.log)
    x = alt.X("x:Q", scale=alt.Scale(domain=list(chart.span), nice=False), axis=_dates(chart, alt))
    heights = alt.Scale(type="log" if chart.log else "linear", domain=[low, high], nice=False)
    y = alt.Y("y:Q", scale=heights, axis=_heights(chart, alt, unit))
    colour, dash = (
        _scale(alt.Color, "colour", rows, COLOURS, alt),
        _scale(alt.StrokeDash, "dash", rows, DASHES, alt),
    )
    base = alt.Chart(alt.Data(values=rows))
    drawing = "linear" if chart.what in PRICED else "step-after"
    layers = _gaps(rows, alt, x, heights, colour) if chart.unit != "plain" else []
    if under:
        layers += _explained(under, alt, x, heights, colour, low)
    for wide in WIDTHS:
        if those := [row for row in rows if row["wide"] == wide]:
            round_ = {"strokeJoin": "round"} if wide == BOLD else {}
            one = alt.Chart(alt.Data(values=those)).mark_line(strokeWidth=wide, interpolate=drawing, **round_)
            layers.append(one.encode(x=x, y=y, color=colour, strokeDash=dash, detail="key:N"))
    if chart.what == "circle":
        layers.append(base.mark_circle(size=190, opacity=1).encode(x=x, y=y, color=colour))
        layers.append(
            base.mark_text(color="white", fontSize=9, fontWeight="bold").encode(x=x, y=y, text="mark:N")
        )
    else:
        layers.append(_names(rows, alt, heights, (low, high), colour, log=chart.log))
    if seen:
        rings = alt.Chart(alt.Data(values=seen)).mark_point(
            size=45, filled=True, fill="white", strokeWidth=1.5
        )
        layers.append(rings.encode(x=x, y=y, stroke=colour))
    whole = alt.layer(*layers).properties(
        width=WIDTH,
        height=HEIGHT,
        title=alt.Title(chart.title, anchor="start", fontSize=16, offset=26),
        background="white",
        padding=14,
    )
    made: dict[str, Any] = whole.configure(font=FONT).configure_view(stroke=None).to_dict()
    return made


def _rows(chart: Chart, line: Line, scale: float) -> list[dict[str, Any]]:
    colour, dash = colour_of(chart, line), dash_of(chart, line)
    label = ", ".join(part for part in (_called(chart, line), line.history) if part)
    plain = {
        "key": f"{line.name}/{line.history}/{line.measure}",
        "label": label,
        "colour": colour,
        "dash": dash,
        "wide": BOLD if line.recorded else PLAIN,
    }
    marks = line.marks or ("",) * len(line.points)
    places = [at for at, _ in line.points]
    if line.marks:  # numbers in one place would hide one another
        second = (chart.span[1] - chart.span[0]) / WIDTH
        places = [round(place * second) for place in apart([at / second for at in places])]
    return [
        {"x": at, "y": value / scale, "mark": mark, "history": line.history, "name": line.name, **plain}
        for at, (_, value), mark in zip(places, line.points, marks, strict=True)
        if value is not None and (value > 0 or not chart.log)
    ]


def _called(chart: Chart, line: Line) -> str:
    return f"{line.name}, {line.measure}" if chart.what == "backlog" else line.name


def colour_of(chart: Chart, line: Line) -> str:
    """The text by which a line is coloured: its name, or its history where all bear one name."""
    if chart.what == "circle":
        return line.measure
    return line.name if len({one.name for one in chart.lines}) > 1 else line.history or line.name


def dash_of(chart: Chart, line: Line) -> str:
    """The text by which a line is dashed: its history, where its colour does not say that."""
    if chart.what == "circle":
        return ""
    history = line.history if colour_of(chart, line) != line.history else ""
    return f"{history}{line.measure if chart.what == 'backlog' else ''}"


def scaled(chart: Chart) -> tuple[float, str]:
    """The divisor of a chart's values, and the unit it brings them to ("$ bn"); 1.0 and "" without money."""
    if chart.unit != "money":
        return 1.0, ""
    currency, digits = chart.money
    largest = max((value or 0 for line in chart.lines for _, value in line.points), default=0) / 10**digits
    size, name = next((pair for pair in SCALES if largest >= pair[0]), SCALES[-1])
    if name == "tn" and largest < 10 * size:
        size, name = SCALES[1]
    return float(size * 10**digits), f"{SIGNS.get(currency, currency)} {name}".strip()


def ends(values: Sequence[float], *, log: bool) -> tuple[float, float]:
    """The lowest and highest value on the axis: from nothing where nothing is below it."""
    low, high = min(values), max(values)
    if log:
        return low / 1.15, high * 1.15
    low = min(low, 0.0)
    return low, high + (high - low) * 0.04 or 1.0


def _scale(channel: Any, name: str, rows: Sequence[dict[str, Any]], kinds: Sequence[Any], alt: Any) -> Any:
    """Colours or dashes in the order of the lines, without a legend: the names stand beside them."""
    domain = list(dict.fromkeys(row[name] for row in rows))
    domain.sort(key=lambda one: one == BROKEN)  # last, so that it has one colour on every chart
    if domain == [BROKEN]:
        domain = [WHOLE, BROKEN]
    return channel(
        f"{name}:N",
        scale=alt.Scale(domain=domain, range=[kinds[i % len(kinds)] for i in range(len(domain))]),
        legend=None,
    )


def _dates(chart: Chart, alt: Any) -> Any:
    """Dates below, in the story's calendar, and under them the caption."""
    ticks = months(chart.calendar, *chart.span)
    labels = ", ".join(f"'{at}': '{label}'" for at, label in ticks.items())
    return alt.Axis(
        values=list(ticks),
        labelExpr=f"({{{labels}}})[datum.value]",
        title=list(chart.caption),
        titleAnchor="start",
        titleAlign="left",
        titleFontSize=10,
        titleFontWeight="normal",
        titleColor="#555555",
        titlePadding=16,
        labelFontSize=11,
        grid=False,
    )


def _heights(chart: Chart, alt: Any, unit: str) -> Any:
    return alt.Axis(
        title="turn" if chart.what == "circle" else unit or None,
        titleAngle=0,
        titleAlign="right",
        titleX=-8,
        titleY=-12,
        titleFontWeight="normal",
        format=".0%" if chart.unit == "share" else "d" if chart.what == "circle" else ",~f",
        tickCount=6,
        tickMinStep=1 if chart.what == "circle" else 0,
        domain=False,
        ticks=False,
        labelFontSize=11,
        gridColor="#e3e3e3",
    )


def months(calendar: Calendar, start: int, until: int) -> dict[int, str]:
    """Firsts of months within a span, at most nine of them, with their names."""
    first, last = (year * 12 + month - 1 for year, month, _ in (calendar.date(start), calendar.date(until)))
    step = next((one for one in _STEPS if (last - first) / one < 9), _STEPS[-1])
    found = {}
    for month in range(first - first % step, last + 1, step):
        year, index = divmod(month, 12)
        moment = calendar.moment(year, index + 1, 1) if year > 0 else start - 1
        if start <= moment <= until:
            found[moment] = str(year) if step >= 12 else f"{MONTHS[index][:3]} {year}"
    return found or {start: calendar.day(start)}


def _gaps(rows: Sequence[dict[str, Any]], alt: Any, x: Any, heights: Any, colour: Any) -> list[Any]:
    """Between the first two histories, the gap of each line, shaded."""
    histories = list(dict.fromkeys(row["history"] for row in rows))
    if len(histories) < 2:
        return []
    second = {
        (row["name"], row["dash"], row["x"]): row["y"] for row in rows if row["history"] == histories[1]
    }
    beside = {(name, at): y for (name, _, at), y in second.items()}
    found = [
        {
            "x": row["x"],
            "low": row["y"],
            "high": beside[row["name"], row["x"]],
            "colour": row["colour"],
            "name": row["name"],
        }
        for row in rows
        if row["history"] == histories[0] and (row["name"], row["x"]) in beside
    ]
    area = alt.Chart(alt.Data(values=found)).mark_area(opacity=0.15)
    return [area.encode(x=x, y=alt.Y("low:Q", scale=heights), y2="high:Q", color=colour, detail="name:N")]


def _explained(
    rows: Sequence[dict[str, Any]], alt: Any, x: Any, heights: Any, colour: Any, foot: float
) -> list[Any]:
    """A thin line a company of what news and policy explain of its value, shaded down to the foot of the
    chart where one alone is drawn.
    """
    base = alt.Chart(alt.Data(values=[row | {"foot": foot} for row in rows]))
    y = alt.Y("y:Q", scale=heights)
    thin = base.mark_line(strokeWidth=1, opacity=0.8).encode(x=x, y=y, color=colour, detail="key:N")
    if len({row["key"] for row in rows}) > SHADED:
        return [thin]
    area = base.mark_area(opacity=0.14).encode(x=x, y=y, y2="foot:Q", color=colour, detail="key:N")
    return [area, thin]


def _names(
    rows: Sequence[dict[str, Any]],
    alt: Any,
    heights: Any,
    span: tuple[float, float],
    colour: Any,
    *,
    log: bool,
) -> Any:
    """The name of each line beside its end, apart from one another."""
    last = {row["key"]: row for row in rows}
    spread = apart([pixel(row["y"], span, log=log) for row in last.values()])
    found = [
        {"label": row["label"], "colour": row["colour"], "y": value(place, span, log=log)}
        for row, place in zip(last.values(), spread, strict=True)
    ]
    text = alt.Chart(alt.Data(values=found)).mark_text(align="left", dx=8, fontSize=12, clip=False)
    return text.encode(x=alt.value(WIDTH), y=alt.Y("y:Q", scale=heights), text="label:N", color=colour)


def pixel(height: float, span: tuple[float, float], *, log: bool) -> float:
    """How many pixels above the foot of the chart a value stands."""
    low, high = (log10(end) for end in span) if log else span
    return HEIGHT * ((log10(height) if log else height) - low) / (high - low)


def value(place: float, span: tuple[float, float], *, log: bool) -> float:
    """The value at so many pixels above the foot of the chart."""
    low, high = (log10(end) for end in span) if log else span
    found = low + (high - low) * place / HEIGHT
    return float(10**found if log else found)


def apart(places: Sequence[float], least: float = APART) -> list[float]:
    """Places moved as little as keeps each so many pixels from the next, in their order."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    groups: list[list[float]] = []  # the middle of each group of touching names, and how many they are
    for i in order:
        groups.append([places[i], 1])
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < least * (groups[-1][1] + groups[-2][1]) / 2:
            middle, many = groups.pop()
            before = groups[-1]
            groups[-1] = [(before[0] * before[1] + middle * many) / (before[1] + many), before[1] + many]
    spread = [g[0] + least * (j - (g[1] - 1) / 2) for g in groups for j in range(int(g[1]))]
    moved = [0.0] * len(places)
    for i, place in zip(order, spread, strict=True):
        moved[i] = place
    return moved
