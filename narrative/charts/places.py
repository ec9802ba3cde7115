"""Places of things on the paper of a chart: heights, dates below, and names kept apart."""

from collections.abc import Sequence
from math import log10

from narrative.story.calendar import MONTHS, Calendar

WIDTH, HEIGHT = 720, 400  # pixels between the axes
APART = 15  # pixels between two names
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)  # months between two dates


def months(calendar: Calendar, start: int, until: int, most: int = 9) -> dict[int, str]:
    """Firsts of months within a span, at most so many of them, with their names."""
    first, last = (year * 12 + month - 1 for year, month, _ in (calendar.date(start), calendar.date(until)))
    step = next((one for one in _STEPS if (last - first) / one < most), _STEPS[-1])
    found = {}
    for month in range(first - first % step, last + 1, step):
        year, index = divmod(month, 12)
        moment = calendar.moment(year, index + 1, 1) if year > 0 else start - 1
        if start <= moment <= until:
            found[moment] = str(year) if step >= 12 else f"{MONTHS[index][:3]} {year}"
    return found or {start: calendar.day(start)}


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
