"""The one way to a terminal: nothing that a story, a file or an argument says gives it orders.

Every command prints through these streams, help and errors too. What a terminal would obey is written as
an escape, but for the colours that the screens here use themselves; those that a text of somebody's own
brings along are taken out where a screen takes its texts, by `shown`.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, TextIO, TypeVar, cast

import click

from narrative.text.words import clean, escaped

T = TypeVar("T")
# Bold, dim and the eight colours, set and taken back: none of them hides, moves or blinks.
_OURS = re.compile("(\x1b\\[(?:0|1|2|22|3[0-79])(?:;(?:0|1|2|22|3[0-79]))*m)")
_LINE = "\r\x1b[K"  # the line of progress anew


class Guarded:
    """A stream that is written to as `guarded` says, and is the stream itself in all else.

    What stands `beside` the answer, on standard error, may be lost where it cannot be written (a full disk, a
    reader that went away): how a verb ends does not hang on it.
    """

    def __init__(self, stream: TextIO, *, beside: bool = False) -> None:
        self._stream = stream
        self._lost = (OSError,) if beside else ()

    def write(self, text: str) -> int:
        """Write a text as a terminal may be given it."""
        self._put(guarded(text))
        return len(text)

    def over(self, text: str) -> None:
        """Write a text in place of the line one is in."""
        self._put(_LINE + guarded(text))
        self.flush()

    def lead(self, stream: TextIO) -> None:
        """Write to another stream from here on."""
        self.flush()
        self._stream = stream

    def flush(self) -> None:
        """Let what was written go out."""
        with suppress(*self._lost):
            self._stream.flush()

    def _put(self, text: str) -> None:
        with suppress(*self._lost):
            self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def guarded(text: str) -> str:
    """A text in which whatever a terminal would obey stands as an escape, but for colours and tabs."""
    if text.replace("\n", "").isprintable():  # which most are, and is told at once
        return text
    parts = _OURS.split(text)
    parts[::2] = ["\t".join(map(escaped, part.split("\t"))) for part in parts[::2]]
    return "".join(parts)


@contextmanager
def guarding() -> Iterator[None]:
    """Guard standard output and standard error within."""
    before = sys.stdout, sys.stderr
    out, err = Guarded(before[0]), Guarded(before[1], beside=True)
    sys.stdout, sys.stderr = cast("TextIO", out), cast("TextIO", err)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def over(text: str) -> None:
    """Write a line of progress over the one before, on standard error."""
    stream = sys.stderr
    if isinstance(stream, Guarded):
        stream.over(text)
    else:  # used as a library
        click.echo(_LINE + guarded(text), nl=False, err=True)


def shown(told: T) -> T:
    """An answer for a screen: each of its texts on one line, without anything that a terminal would obey."""
    return cast("T", _clean(told))


def _clean(told: Any) -> Any:
    if isinstance(told, str):
        return clean(told)
    if isinstance(told, Mapping) and not hasattr(told, "plain"):
        return {_clean(name): _clean(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [_clean(one) for one in told]
    if hasattr(told, "__struct_fields__"):
        return type(told)(**{name: _clean(getattr(told, name)) for name in told.__struct_fields__})
    return told
