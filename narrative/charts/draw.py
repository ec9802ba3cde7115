"""Charts as pictures: lines with their names beside them, drawn by altair without a browser."""

from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any

from attrs import evolve, field, frozen

from events.errors import Wrong
from narrative.charts.moves import Move
from narrative.charts.places import HEIGHT, WIDTH, apart, months, pixel, value
from narrative.charts.window import BadChart
from narrative.story.calendar import Calendar
from narrative.text.numbers import SIGNS
from narrative.text.words import drawable

# Okabe and Ito's colours, which stay apart for the colour-blind; the yellow is too light for a line.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2])
PANEL = 304, 150  # the width and height of one of several panels, which stand two abreast
ROOM = 0.12  # of a panel's height, for a number above its line
LONGEST = 132  # letters in a line of the caption
WIDTHS = PLAIN, BOLD = 2, 2.6  # of lines; what is on record is bold
SHADED = 1  # so many companies have what is explained shaded: more would hide one another
SCALES = ((10**12, "tn"), (10**9, "bn"), (10**6, "m"), (1, ""))
# What moves at every moment; all else stands until the next event.
PRICED = ("valuation", "belief", "belief_share", "collateral", "loan_to_value", "circle")
WHOLE, BROKEN = "every step", "broken off"  # what a turn of the circle may be
FONT = "Liberation Sans, Arial, sans-serif"


DRAWN = (".svg", ".png")


class NoCharts(Wrong):
    """The extra that draws charts is not installed."""


def check_drawn(path: str | Path | None) -> None:
    """Raises BadChart for a file that is to hold a picture and is no .svg or .png."""
    if path is not None and Path(path).suffix.lower() not in DRAWN:
        raise BadChart(f"{path} ends in no format that is drawn; end it in .svg or .png.")


@frozen
class Line:
    """One line: a name, the history it is of (where there are several), what it measures, its points.

    `recorded`: its points are closes on record, and are joined. `closed`: of another, up to which moment it
    goes through closes on record, and is bold too. `explained`: what it would be had prices moved as news
    and policy explain alone.
    """

    name: str
    history: str
    measure: str
    points: tuple[tuple[int, float | None], ...]
    observed: tuple[tuple[int, float], ...] = field(default=())
    marks: tuple[str, ...] = field(default=())
    recorded: bool = field(default=False)
    closed: int | None = field(default=None)
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
    moves: tuple[Move, ...] = field(
        default=()
    )  # named in the caption, in this order, by numbers on the lines
    panels: bool = field(default=False)  # a panel an actor, each with a scale of its own

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what lies between the axes, in pixels."""
        return PANEL if self.panels else (WIDTH, HEIGHT)


def drawn(chart: Chart, suffix: str) -> bytes:
    """The picture's bytes. Raises NoCharts where what draws it is missing."""
    return picture(lambda alt: specification(chart, alt), suffix)


def picture(specified: Callable[[Any], dict[str, Any]], suffix: str) -> bytes:
    """The bytes of a picture that is specified by altair. Raises NoCharts where what draws it is missing."""
    try:
        import altair as alt  # noqa: PLC0415  # half a second, and an extra
        import vl_convert  # noqa: PLC0415  # the same
    except ImportError:
        raise NoCharts(
            "Charts are drawn by altair and vl-convert, which are not installed; "
            "`pip install 'narrative-engine[plot]'` brings both."
        ) from None
    spec = _drawable(specified(alt))
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    if suffix == ".svg":
        return str(vl_convert.vegalite_to_svg(spec, vl_version=version)).encode()
    return bytes(vl_convert.vegalite_to_png(spec, vl_version=version, scale=2))


def _drawable(spec: Any) -> Any:
    """A specification of which every text can be drawn: what draws it ends the whole process at one that is
    no XML.
    """
    if isinstance(spec, dict):
        return {_drawable(name): _drawable(value) for name, value in spec.items()}
    if isinstance(spec, list):
        return [_drawable(value) for value in spec]
    return drawable(spec) if isinstance(spec, str) else spec


def specification(chart: Chart, alt: Any) -> dict[str, Any]:
    """The chart as Vega-Lite has it."""
    return framed(_panels(chart, alt) if chart.panels else _layers(chart, alt), chart.title, alt)


def framed(whole: Any, title: str, alt: Any) -> dict[str, Any]:
    """A picture under its title, in the letters and on the paper of all charts."""
    whole = whole.properties(
        title=alt.Title(title, anchor="start", fontSize=16, offset=26), background="white", padding=14
    )
    made: dict[str, Any] = whole.configure(font=FONT).configure_view(stroke=None).to_dict()
    return made


def _panels(chart: Chart, alt: Any) -> Any:
    """A panel a name, two abreast, and the caption under them."""
    names = list(dict.fromkeys(line.name for line in chart.lines))
    panels = []
    for name in names:
        one = evolve(chart, lines=tuple(line for line in chart.lines if line.name == name))
        unit = scaled(one)[1]
        title = alt.Title(f"{name}, {unit}" if unit else name, anchor="start", fontSize=13, offset=10)
        panels.append(_layers(one, alt).properties(title=title))
    text = alt.Chart(alt.Data(values=[{"text": "\n".join(wrapped(chart.caption))}]))
    foot = text.mark_text(align="left", baseline="top", lineBreak="\n", fontSize=10, color="#555555")
    foot = foot.encode(text="text:N", x=alt.value(0), y=alt.value(0))
    shared = "shared" if len({line.history for line in chart.lines}) > 1 else "independent"
    grid = alt.concat(*panels, columns=2, spacing=30).resolve_scale(
        x="independent", y="independent", color=shared, strokeDash="independent"
    )
    height = 13 * len(wrapped(chart.caption))
    return alt.vconcat(grid, foot.properties(width=2 * PANEL[0], height=height))


def _layers(chart: Chart, alt: Any) -> Any:
    """One picture with its axes: lines, what lies under and between them, their names, and moves."""
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
    high += (high - low) * ROOM if chart.moves and chart.panels and not chart.log else 0
    x = alt.X("x:Q", scale=alt.Scale(domain=list(chart.span), nice=False), axis=_dates(chart, alt))
    heights = alt.Scale(type="log" if chart.log else "linear", domain=[low, high], nice=False)
    y = alt.Y("y:Q", scale=heights, axis=_heights(chart, alt, unit))
    several = len({line.history for line in chart.lines}) > 1
    beside = alt.Legend(orient="top", title=None, symbolType="stroke", symbolOpacity=1)
    legend = beside if chart.panels and several else None
    colour, dash = (
        _scale(alt.Color, "colour", rows, COLOURS, alt, legend),
        _scale(alt.StrokeDash, "dash", rows, DASHES, alt),
    )
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
        layers += _numbers(rows, alt, x, y, colour)
    elif not chart.panels:
        layers.append(_names(rows, alt, heights, (low, high), colour, log=chart.log))
    if seen:
        rings = alt.Chart(alt.Data(values=seen)).mark_point(
            size=45, filled=True, fill="white", strokeWidth=1.5
        )
        layers.append(rings.encode(x=x, y=y, stroke=colour))
    if marks := _placed(chart, scale):
        layers += _numbers(marks, alt, x, y, alt.value("#222222"), lift=14)
    width, height = chart.size
    return alt.layer(*layers).properties(width=width, height=height)


def _numbers(
    rows: Sequence[dict[str, Any]], alt: Any, x: Any, y: Any, colour: Any, lift: int = 0
) -> list[Any]:
    """Numbers in discs, so many pixels above their places."""
    base = alt.Chart(alt.Data(values=rows))
    disc = base.mark_circle(size=190, opacity=1, yOffset=-lift).encode(x=x, y=y, color=colour)
    text = base.mark_text(color="white", fontSize=9, fontWeight="bold", yOffset=-lift)
    return [disc, text.encode(x=x, y=y, text="mark:N")]


def _placed(chart: Chart, scale: float) -> list[dict[str, Any]]:
    """The number of each named move, where its line next has a point after the news."""
    found = []
    for number, move in enumerate(chart.moves, 1):
        for line in chart.lines:
            ahead = (point for point in line.points if point[0] >= move.moment and point[1])
            if line.name == move.name and (point := next(ahead, None)) and point[1]:
                found.append({"x": point[0], "y": point[1] / scale, "mark": f"{number}"})
    return found


def wrapped(caption: Sequence[str]) -> list[str]:
    """The lines of a caption, none wider than a chart."""
    return [line for text in caption for line in wrap(text, LONGEST, subsequent_indent="    ")]


def _rows(chart: Chart, line: Line, scale: float) -> list[dict[str, Any]]:
    colour, dash = colour_of(chart, line), dash_of(chart, line)
    label = ", ".join(part for part in (_called(chart, line), line.history) if part)
    plain = {
        "key": f"{line.name}/{line.history}/{line.measure}",
        "label": label,
        "colour": colour,
        "dash": dash,
    }
    marks = line.marks or ("",) * len(line.points)
    places = [at for at, _ in line.points]
    if line.marks:  # numbers in one place would hide one another
        second = (chart.span[1] - chart.span[0]) / WIDTH
        places = [round(place * second) for place in apart([at / second for at in places])]
    found: list[dict[str, Any]] = [
        {"x": at, "y": value / scale, "mark": mark, "history": line.history, "name": line.name, **plain}
        for at, (_, value), mark in zip(places, line.points, marks, strict=True)
        if value is not None and (value > 0 or not chart.log)
    ]
    if line.closed is None:
        return [row | {"wide": BOLD if line.recorded else PLAIN} for row in found]
    bold = [row | {"wide": BOLD} for row in found if row["x"] <= line.closed]
    rest = [row | {"wide": PLAIN} for row in found if row["x"] > line.closed]
    return [*bold, *(row | {"wide": PLAIN} for row in bold[-1:]), *rest]  # the two meet


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
    return divisor(
        max((value or 0 for line in chart.lines for _, value in line.points), default=0), *chart.money
    )


def divisor(largest: float, currency: str, digits: int) -> tuple[float, str]:
    """The divisor of sums in smallest units up to a largest, and the unit that it brings them to ("$ bn")."""
    largest /= 10**digits
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


def _scale(
    channel: Any,
    name: str,
    rows: Sequence[dict[str, Any]],
    kinds: Sequence[Any],
    alt: Any,
    legend: Any = None,
) -> Any:
    """Colours or dashes in the order of the lines; without a legend where the names stand beside them."""
    domain = list(dict.fromkeys(row[name] for row in rows))
    domain.sort(key=lambda one: one == BROKEN)  # last, so that it has one colour on every chart
    if domain == [BROKEN]:
        domain = [WHOLE, BROKEN]
    return channel(
        f"{name}:N",
        scale=alt.Scale(domain=domain, range=[kinds[i % len(kinds)] for i in range(len(domain))]),
        legend=legend,
    )


def _dates(chart: Chart, alt: Any) -> Any:
    """Dates below, in the story's calendar, and under them the caption."""
    ticks = months(chart.calendar, *chart.span, most=4 if chart.panels else 9)
    labels = ", ".join(f"'{at}': '{label}'" for at, label in ticks.items())
    return alt.Axis(
        values=list(ticks),
        labelExpr=f"({{{labels}}})[datum.value]",
        title=None if chart.panels else wrapped(chart.caption),
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
        title=None if chart.panels else "turn" if chart.what == "circle" else unit or None,
        titleAngle=0,
        titleAlign="right",
        titleX=-8,
        titleY=-12,
        titleFontWeight="normal",
        format=".0%" if chart.unit == "share" else "d" if chart.what == "circle" else ",~f",
        tickCount=4 if chart.panels else 6,
        tickMinStep=1 if chart.what == "circle" else 0,
        domain=False,
        ticks=False,
        labelFontSize=11,
        gridColor="#e3e3e3",
    )


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
