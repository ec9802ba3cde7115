"""How a person writes a value of a field or an account, by the unit in which it is counted."""

from collections.abc import Callable

from narrative.story.calendar import Calendar
from narrative.story.model import Unit
from narrative.text.numbers import MINUS, UNKNOWN, count, money


def written(unit: str | None, value: object, currency: Unit, calendar: Calendar) -> str:
    """A value of a field or an account, counted in that unit, as a person writes it; of none, as it is."""
    if value is None:
        return UNKNOWN
    if unit is None or not isinstance(value, int | float):
        return str(value)
    if unit == "moment":
        return calendar.iso(round(value))
    if unit == "money":
        return money(value, currency.plain)
    return _WRITE[unit](value)


def percent(billionths: float) -> str:
    """A part in 1e-9 of the whole: 10335373 is 1.03 %. Less than a hundredth of a per cent is not nothing."""
    if 0 < billionths < 50_000:
        return "< 0.01 %"
    return f"{billionths / 1e7:.2f} %"


def decimal(number: int, digits: int) -> str:
    """A whole number of 10**-digits, exactly: 1234 with two digits is 12.34."""
    whole, part = divmod(abs(number), 10**digits)
    tail = f".{part:0{digits}d}" if digits else ""
    return f"{MINUS if number < 0 else ''}{whole:,}{tail}"


_WRITE: dict[str, Callable[[float], str]] = {
    "ln": lambda value: f"{decimal(round(value), 9)} ln",
    "deviations": lambda value: f"{decimal(round(value), 9)} standard deviations",
    "millionths": lambda value: decimal(round(value), 6),
    "number": lambda value: f"{value:g}",
    "rate": lambda value: f"{value / 100:.2f} %",
    "part": percent,
    "shares": lambda value: count(round(value)),
    "count": lambda value: count(value) if isinstance(value, int) else f"{value:,.3f}",
}
