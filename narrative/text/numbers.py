"""Numbers as people write them: $1.2 tn, 36 %, a bar, a sparkline. Unknown is never 0."""

from collections.abc import Mapping, Sequence
from math import expm1, isfinite

UNKNOWN = "–"
SIGNS = {"USD": "$", "GBP": "£", "EUR": "€"}
SCALES = ((10**12, " tn"), (10**9, " bn"), (10**6, " m"), (10**3, " k"))
STEPS = "▁▂▃▄▅▆▇█"
MARKS = {"recorded": "●", "modelled": "◆", "supposed": "▲", "missing": "○"}  # of each origin, and of none
MINUS = "−"


def money(value: float | None, unit: Mapping[str, object], *, figures: int = 3) -> str:
    """A sum in the smallest unit, to so many figures: 120_000_000_000_000 cents are $1.2 tn."""
    if value is None:
        return UNKNOWN
    currency = str(unit.get("currency", ""))
    sign = SIGNS.get(currency, f"{currency} " if currency else "")
    whole = abs(value) / 10 ** int(str(unit.get("digits", 0)))
    return f"{MINUS if value < 0 else ''}{sign}{_scaled(whole, figures)}"


def _scaled(whole: float, figures: int) -> str:
    for least, name in SCALES:
        # What rounds up to the next scale is written in it: 999.9 bn is 1 tn.
        if whole >= least or _figures(whole * 1000 / least, figures) == "1,000":
            return f"{_figures(whole / least, figures)}{name}"
    return _figures(whole, figures)


def _figures(number: float, figures: int) -> str:
    decimals = max(figures - len(str(int(number))), 0)
    text = f"{number:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


def count(number: int) -> str:
    """A whole number with thin groups: 1,204."""
    return f"{number:,}"


QUOTED = 40  # letters of what somebody wrote


def short(text: str) -> str:
    """A text of somebody's as it is quoted: all of it, or its first QUOTED letters and …"""
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"


def share(value: float | None) -> str:
    """A part of one in per cent: 0.364 is 36 %. Less than half a per cent is not nothing."""
    if value is None or not isfinite(value):
        return UNKNOWN
    if value and abs(value) < 0.005:
        return "< 1 %" if value > 0 else f"> {MINUS}1 %"
    return f"{MINUS if value < 0 else ''}{abs(value) * 100:.0f} %"


def interval(low: str, high: str) -> str:
    """An interval as every screen writes it, of its ends in words: [0 %, 12 %]; an unknown end is a dash."""
    return f"[{low}, {high}]"


def change(value: float | None) -> str:
    """A simple return: 0.359 is +35.9 %."""
    if value is None or not isfinite(value):
        return UNKNOWN
    tenths = round(value * 1000)
    return f"{'+' if tenths > 0 else MINUS if tenths < 0 else '±'}{abs(tenths) / 10:.1f} %"


def points(value: float | None) -> str:
    """A difference of two returns in points: 0.031 is +3.1 points."""
    return UNKNOWN if value is None else f"{change(value).removesuffix(' %')} points"


def simple(log_step: int) -> float:
    """The simple return of a log step in 1e-9."""
    return expm1(log_step / 1e9)


def bar(value: float | None, largest: float, width: int, cell: str = "█") -> str:
    """A bar as long as its part of the largest; anything above nothing shows."""
    if not value or value < 0 or largest <= 0:
        return ""
    cells = round(width * value / largest)
    return cell * min(cells, width) or "▏"


def sparkline(values: Sequence[float | None], width: int) -> str:
    """A line of blocks from the least to the most; unknown points are blank."""
    picked = _picked(values, width)
    known = [value for value in picked if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    scale = (len(STEPS) - 1) / (high - low) if high > low else 0.0
    middle = 0 if scale else len(STEPS) // 2 - 1
    return "".join(" " if v is None else STEPS[middle + round((v - low) * scale)] for v in picked)


def _picked(values: Sequence[float | None], width: int) -> Sequence[float | None]:
    if len(values) <= width or width < 2:
        return values[-width:] if width > 0 else ()
    return [values[i * (len(values) - 1) // (width - 1)] for i in range(width)]


def plain_date(moment: str) -> str:
    """The day of an ISO moment."""
    return moment.partition("T")[0]
