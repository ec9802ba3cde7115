"""TOML that may be broken: each bad line becomes a fault, and the rest is read all the same.

The standard reader stops at the first error and words it for people who know the grammar.
"""

import errno
import re
import tomllib
from bisect import bisect_left
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

from events.files import read_whole
from narrative.story.calendar import BadDate, Calendar
from narrative.story.faults import MORE, Fault, Page
from narrative.text.numbers import count

_HEADER = re.compile(r"^[ \t]*(\[\[?)[ \t]*([\w.-]+)[ \t]*\]?\]?[ \t]*(#.*)?$", re.MULTILINE)
_KEY = re.compile(r"\s*([\w.-]+)\s*=")
_OPENS = re.compile(r"""=\s*(\[|\{|\"{3}|'{3})""")
_DATE = re.compile(r"=\s*(\d{4})-(\d\d)-(\d\d)")
_TEXTS = re.compile(r""""[^"]*"|'[^']*'""")
DEEP = 100  # parts of a key that are still read; each is a table within another
_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

MOST = 200  # faults of syntax that are told of one file: each costs a reading of all that is before it
MOST_KEYS = 1_400_000  # keys and tables of a file: each takes some 350 bytes of memory and 7 µs
MOST_TABLES = 20  # of them that cost a reading of the whole file

_NO_DATE = "Write a day as 2025-09-10 or a time as 2025-09-10T16:00:00."
_OPEN = ("what opens here never closes", "Close the text, list or table before the next key.")
_WORDS = {
    "Cannot overwrite a value": ("this key stands twice in one table", "Keep one of the two."),
    "Cannot declare": ("this table stands twice", "Keep one, or write [[…]] for one of several."),
    "Illegal character '\\n'": (
        "a text is not closed on its line",
        'Close it with ", or write """ before and after a text of several lines.',
    ),
    "Expected newline or end of document": (
        "something follows the value that does not belong to it",
        "Write one `key = value` a line: texts in quotes, a point before decimals, no commas in numbers.",
    ),
    "Expected '='": ("a key without a value", "Write `key = value`."),
    "Expected ']": ("a table's header is not closed", "Write [table], or [[table]] for one of several."),
    "Nested too deep": ("lists or tables stand in each other too deep to be read", "Write them flat."),
    "Number too long": ("a number here has too many digits", "No number of a story has more than 16."),
    "Invalid value": (
        "what stands here is no value",
        'Texts stand in "quotes"; yes and no are written true and false.',
    ),
    "Invalid date": ("what stands here is no date", _NO_DATE),
}


def read_page(path: FilePath) -> Page:
    """A file as tables, with the faults of its syntax. A file that cannot be read is one fault."""
    file = str(path)
    if path.exists() and not path.is_file() and not path.is_dir():  # a pipe would be waited for
        return _unread(Fault(file, 1, "this is a pipe or a device", "A story's files are files."))
    try:
        raw = read_whole(path)
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")  # the mark before it is no content
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unread(Fault(file, line, "this line is not UTF-8 text", "Save the file as UTF-8."))
    except OSError as error:
        remedy = f"A story's folder holds {path.name}; `narrative new` writes a first one."
        if error.errno == errno.EFBIG:
            remedy = "No story's file is as large."
        return _unread(Fault(file, 1, f"the file cannot be read: {error.strerror}", remedy))
    return page_of(file, text)


def page_of(file: str, text: str) -> Page:
    """The text of a file as tables, with the faults of its syntax."""
    if _keys(text) > MOST_KEYS and _keys(_TEXTS.sub('""', text)) > MOST_KEYS:
        many = f"the file has more than {count(MOST_KEYS)} keys and tables"
        return _unread(Fault(file, 1, many, "Tell less in one story, or in several."))
    deep = [n for n, line in enumerate(text.split("\n"), 1) if line.count(".") > DEEP and _dotted(line)]
    if deep:
        return _unread(Fault(file, deep[0], f"a key here has more than {DEEP} parts", "Shorten it."))
    try:
        return Page(file, text, _loads(text))
    except tomllib.TOMLDecodeError:
        return _salvaged(file, text)


def _keys(text: str) -> int:
    """How many keys and tables a text has at most."""
    return text.count("=") + text.count("[[")


def _dotted(line: str) -> bool:
    """Whether a key within a line has so many parts that reading them would take minutes."""
    return any(part.count(".") > DEEP for part in re.split(r"[^\w.\s-]", _TEXTS.sub('""', line)))


def _unread(fault: Fault) -> Page:
    return Page(fault.file, "", {}, [fault], unread=True)


class _Beyond(tomllib.TOMLDecodeError):
    """TOML that is none to this reader: its words are those of `_WORDS`."""


def _loads(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise _Beyond("Nested too deep") from None
    except (ValueError, ArithmeticError):
        raise _Beyond("Number too long") from None


def _error(lines: list[str]) -> tuple[str, int | None] | None:
    """The reader's message and the line (from 0; None for the end), or None for good text."""
    try:
        _loads("\n".join(lines))
    except _Beyond as error:
        return str(error), bisect_left(range(len(lines)), 1, key=lambda end: _goes_beyond(lines[: end + 1]))
    except tomllib.TOMLDecodeError as error:
        where = _WHERE.search(str(error))
        line = int(where[1]) - 1 if where and where[1] else None
        return _WHERE.sub("", str(error)), line
    return None


def _goes_beyond(lines: list[str]) -> bool:
    try:
        _loads("\n".join(lines))
    except _Beyond:
        return True
    except tomllib.TOMLDecodeError:
        pass
    return False


def _salvaged(file: str, text: str) -> Page:
    """Reads table by table, so that a broken line hides no fault but its own."""
    page = Page(file, text, {})
    starts = [0, *(match.start() for match in _HEADER.finditer(text) if match.start())]
    chunks: list[list[str]] = []
    before = 0
    for start, end in zip(starts, [*starts[1:], len(text) + 1], strict=True):
        chunk = text[start : end - 1].split("\n")
        _mend(page, chunk, before)
        chunks.append(chunk)
        before += len(chunk)
    dropped = 0
    while found := _error(_joined(chunks)):  # tables that are good alone and bad beside the others
        _drop(page, chunks, *found)
        dropped += 1
        if dropped == MOST_TABLES:
            before = 0
            for chunk in chunks:
                _give_up(page, chunk, before)
                before += len(chunk)
    page.text = "\n".join(_joined(chunks))
    page.data = _loads(page.text)
    return page


def _joined(chunks: list[list[str]]) -> list[str]:
    return [line for chunk in chunks for line in chunk]


def _drop(page: Page, chunks: list[list[str]], message: str, at: int | None) -> None:
    """Empties the last table that is not empty yet and begins no later than the error."""
    before, found = 0, (0, chunks[0])
    for chunk in chunks:
        if any(chunk) and (at is None or before <= at):
            found = before, chunk
        before += len(chunk)
    before, chunk = found
    page.faults.append(Fault(page.file, before + 1, *_worded(message, chunk[0])))
    _empty(page, chunk, before, 0, len(chunk))


def _empty(page: Page, lines: list[str], before: int, start: int, end: int) -> None:
    page.torn.update(range(before + start + 1, before + end + 1))
    page.lost |= any(_names(line) for line in lines[start:end])
    lines[start:end] = [""] * (end - start)


def _names(line: str) -> bool:
    found = _KEY.match(line)
    return found is not None and found[1] in ("id", "name")


def _mend(page: Page, lines: list[str], before: int) -> None:
    """Empties the lines of one table that cannot be read, noting a fault for each."""
    while found := _error(lines):
        if len(page.faults) >= MOST:
            return _give_up(page, lines, before)
        message, at = found
        at = len(lines) if at is None else at
        start = min(at, len(lines) - 1)
        while start and (_error(lines[:start]) or not lines[start].strip()):
            start -= 1
        if not _OPENS.search(lines[start]):
            at = start
        opened = at > start and (at >= len(lines) or _KEY.match(lines[at]) is not None)
        what, meant = _OPEN if opened else _worded(message, lines[at])
        end = start + 1
        while at > start and end < len(lines) and not _KEY.match(lines[end]):
            end += 1
        if message.startswith("Cannot overwrite") and _begins(lines, start):
            meant = "Write the header of another table above it, or keep one of the two."
            end = len(lines)
        page.faults.append(Fault(page.file, before + (start if opened else at) + 1, what, meant))
        header = _HEADER.match(lines[start])
        _empty(page, lines, before, start, end)
        if header:  # its keys must not fall to the table above
            lines[start] = f"[[{header[2]}]]" if len(header[1]) == 2 else f"[{header[2]}]"
            if _error([lines[start]]):
                _empty(page, lines, before, start, len(lines))
    return None


def _give_up(page: Page, lines: list[str], before: int) -> None:
    """Empties a whole table of a file that is nothing but faults, and says once that the rest went unread."""
    if not any(fault.what == MORE[0] for fault in page.faults):
        page.faults.append(Fault(page.file, before + 1, *MORE))
    _empty(page, lines, before, 0, len(lines))


def _begins(lines: list[str], at: int) -> bool:
    """Whether a line repeats the key that its table begins with, so that a header is missing above it."""
    keys = [found[1] for line in lines[: at + 1] if (found := _KEY.match(line))]
    return len(keys) > 1 and keys[-1] == keys[0]


def _worded(message: str, line: str) -> tuple[str, str]:
    """The meaning of a syntax error in plain words, and its remedy, empty where none is known."""
    date = _DATE.search(line)
    if date and not message.startswith("Cannot"):
        impossible = _impossible(int(date[1]), int(date[2]), int(date[3]))
        if impossible:
            return impossible
    for start, words in _WORDS.items():
        if message.startswith(start):
            return words
    return f"this is not TOML: {message}", ""


def _impossible(year: int, month: int, day: int) -> tuple[str, str] | None:
    try:
        Calendar().moment(year, month, day)
    except BadDate as error:
        what = str(error).rstrip(".")
    else:
        return None
    try:
        Calendar("julian").moment(year, month, day)
    except BadDate:
        return what, _NO_DATE
    return what, f'In a story of the Julian calendar write it in quotes: "{year:04d}-{month:02d}-{day:02d}".'
