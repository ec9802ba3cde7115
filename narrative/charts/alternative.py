"""Words that stand for a picture, for whoever cannot see it, and the picture that carries them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from struct import pack
from typing import Any
from xml.sax.saxutils import escape
from zlib import crc32

from events.files import beside
from narrative.charts.draw import Chart, Line, framed, picture
from narrative.text.numbers import count, money, share
from narrative.text.words import drawable, listed

_HEADER = 33  # bytes of a PNG up to the end of its first chunk


def alternative(chart: Chart) -> str:
    """Describe a chart in a few sentences: of each line its first and last value, its highest and its
    lowest, and the told moves that it names.
    """
    since, until = (chart.calendar.long_day(at) for at in chart.span)
    if chart.what == "circle":
        steps = [f"{line.name} {line.measure}, {len(line.points)} steps" for line in chart.lines]
        return f"{chart.title}. Chart from {since} to {until}: {listed(steps)}."
    said = [f"{chart.title}. Line chart from {since} to {until}."]
    said += [_line(chart, line) for line in chart.lines]
    for number, move in enumerate(chart.moves, 1):
        said.append(f"{number}: {move.words(chart.calendar).rstrip('.')}.")
    return " ".join(one for one in said if one)


def _line(chart: Chart, line: Line) -> str:
    known = [(value, at) for at, value in line.points if value is not None]
    if not known:
        return ""
    name = ", ".join(part for part in (line.name, line.history) if part)
    name += f" ({line.measure})" if chart.what == "backlog" else ""
    highest, lowest = max(known, key=lambda one: one[0]), min(known, key=lambda one: one[0])
    first, last = (_height(chart, known[place][0]) for place in (0, -1))
    said = f"{name}: {first} at first, {last} at last"
    for called, (value, at) in (("highest", highest), ("lowest", lowest)):
        if (value, at) not in (known[0], known[-1]):
            said += f", {called} {_height(chart, value)} on {chart.calendar.long_day(at)}"
    explained = [value for _, value in line.explained if value is not None]
    if explained:
        said += f"; with news, policy and new shares alone {_height(chart, explained[-1])} at last"
    return f"{said}."


def _height(chart: Chart, value: float) -> str:
    if chart.unit == "share":
        return share(value)
    if chart.unit == "money":
        currency, digits = chart.money
        return money(value, {"currency": currency, "digits": digits})
    return _plain(value)


def _plain(number: float) -> str:
    """A number in three figures, or whole where it is larger: 0.0123, 4.56, 730, 4,930."""
    return count(round(number)) if abs(number) >= 100 else f"{number:.3g}"


def described(picture: bytes, suffix: str, title: str, words: str) -> bytes:
    """A picture (.svg or .png) that carries words for whoever cannot see it, as its kind has them."""
    title, words = drawable(title), drawable(words)
    if suffix == ".svg":
        head, bracket, rest = picture.decode().partition(">")
        named = f"<title>{escape(title)}</title><desc>{escape(words)}</desc>"
        return f'{head} role="img"{bracket}{named}{rest}'.encode()
    return picture[:_HEADER] + _text_chunk(("Title", title), ("Description", words)) + picture[_HEADER:]


def written(path: Path, title: str, layers: Callable[[Any], Any], words: str) -> None:
    """Write a picture of layers that altair makes under a title, with words for whoever cannot see it. Raises
    NoCharts, Unwritable.
    """
    suffix = path.suffix.lower()
    drawing = picture(lambda alt: framed(layers(alt), title, alt), suffix)
    with beside(path) as part:
        part.write_bytes(described(drawing, suffix, title, words))


def _text_chunk(*pairs: tuple[str, str]) -> bytes:
    """Chunks of a PNG that hold texts in UTF-8 under keywords of the PNG standard."""
    found: Sequence[bytes] = [b"iTXt" + key.encode() + bytes(5) + text.encode() for key, text in pairs]
    return b"".join(pack(">I", len(one) - 4) + one + pack(">I", crc32(one)) for one in found)
