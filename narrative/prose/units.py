"""In what a field of a fact or an account is counted, and how a person writes it."""

from collections.abc import Callable

from narrative.story.calendar import Calendar
from narrative.story.model import Unit
from narrative.text.numbers import MINUS, UNKNOWN, count, money

MILLIONTHS = ("tone", "strength", "tired")
LOGS = ("fast", "slow", "lasting", "log_mark", "impact", "belief_fast", "belief_slow", "flow", "mark")
RATES = ("rate", "owed_rate", "surprise")
MOMENTS = (
    "due", "until", "accrued", "moment", "promised", "owed_due", "owed_since", "call_due", "defaulted",
)  # fmt: skip  # one list
COUNTS = (
    "shares", "floated", "stake", "warrants", "pledged", "seed", "fatigue", "excitement",
    "impulse", "liquidity", "quantity",
)  # fmt: skip  # one list
OF: dict[str, str] = {
    **dict.fromkeys(MILLIONTHS, "millionths"),
    **dict.fromkeys(LOGS, "ln"),
    **dict.fromkeys(RATES, "rate"),
    **dict.fromkeys(MOMENTS, "moment"),
    **dict.fromkeys(COUNTS, "count"),
}  # a whole number of any other name is money


def written(name: str, value: object, unit: Unit, calendar: Calendar) -> str:
    """The value of that field or account as a person writes it."""
    if value is None or isinstance(value, bool) or not isinstance(value, int | float):
        return UNKNOWN if value is None else str(value)
    write = _WRITE.get(OF.get(name, ""))
    if write is not None:
        return write(value)
    if OF.get(name) == "moment":
        return calendar.iso(round(value))
    return money(value, {"currency": unit.currency, "digits": unit.digits})


def decimal(number: int, digits: int) -> str:
    """A whole number of 10**-digits, exactly: 1234 with two digits is 12.34."""
    whole, part = divmod(abs(number), 10**digits)
    tail = f".{part:0{digits}d}" if digits else ""
    return f"{MINUS if number < 0 else ''}{whole:,}{tail}"


_WRITE: dict[str, Callable[[float], str]] = {
    "ln": lambda value: f"{decimal(round(value), 9)} ln",
    "millionths": lambda value: decimal(round(value), 6) if isinstance(value, int) else f"{value:g}",
    "rate": lambda value: f"{value / 100:.2f} %",
    "count": lambda value: count(value) if isinstance(value, int) else f"{value:,.3f}",
}
