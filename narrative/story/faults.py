"""Faults of a story, each with its file, its line, what is wrong and what was meant."""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from attrs import define, field, frozen

from events.codec import nearest
from events.errors import Wrong
from narrative.story.positions import Path, index, line_of


@frozen(order=True)
class Fault:
    """One thing wrong. `what` is a clause with the values; `meant` a sentence with the remedy."""

    file: str
    line: int
    what: str
    meant: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.meant}".rstrip()


class StoryFaults(Wrong):
    """A story that cannot be read; its text has a line for each fault, and `rest` where there may be more."""

    def __init__(self, faults: Iterable[Fault], rest: str = "") -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join([*map(str, self.faults), *([rest] if rest else [])]))


class Unfit(Exception):
    """A written value that does not fit its field; whoever knows the line makes it a Fault."""

    def __init__(self, what: str, meant: str = "") -> None:
        self.what = what
        self.meant = meant
        super().__init__(what)


MOST = 200  # faults that are told of one file, by whoever checks it; syntax has a bound of its own
MORE = ("there are more faults than are told, and the rest was not read", "Mend those above first.")
MANY = 2_000  # words among which likeness is sought; of more, those that begin alike


def did_you_mean(word: str, words: Iterable[str], otherwise: str = "") -> str:
    """The nearest word as a question, or the other remedy when none is near."""
    words = list(words)
    if len(words) > MANY:  # likeness takes long, and so many words are of one make
        words = sorted(words)
        at = bisect_left(words, word)
        words = words[max(at - MANY // 10, 0) : at + MANY // 10]
    near = next((one for one in words if one.casefold() == word.casefold()), None) or nearest(word, words)
    return f'Did you mean "{near}"?' if near else otherwise


def listed(words: Iterable[str]) -> str:
    """Words as they are read aloud: a, b or c."""
    *most, last = [f'"{word}"' for word in words] or [""]
    return f"{', '.join(most)} or {last}" if most else last


@define(slots=False)
class Page:
    """A file being read: what it holds, and the faults found in it so far.

    `torn` are lines that could not be read and were left out of `data`; `lost` says that names
    may be among them, `unread` that nothing of the file could be read.
    """

    file: str
    text: str
    data: dict[str, Any]
    faults: list[Fault] = field(factory=list)
    torn: set[int] = field(factory=set)
    lost: bool = False
    unread: bool = False

    @cached_property
    def lines(self) -> dict[Path, int]:
        """The line of every path, found out when first asked for."""
        return index(self.text)

    def line(self, path: Path) -> int:
        """The line a path stands on."""
        return line_of(self.lines, path)

    def fault(self, path: Path, what: str, meant: str = "") -> None:
        """Notes a fault at a path. Raises StoryFaults with all of them where nobody would read so many."""
        if len(self.faults) >= MOST:
            last = max(fault.line for fault in self.faults)
            raise StoryFaults([*self.faults, Fault(self.file, last, *MORE)])
        self.faults.append(Fault(self.file, self.line(path), what, meant))

    def is_torn(self, path: Path) -> bool:
        """Whether lines of a table could not be read, so that what seems missing may stand in them."""
        if not self.torn:
            return False
        start = self.line(path)
        later = [line for other, line in self.lines.items() if line > start and isinstance(other[-1], int)]
        end = min(later, default=self.text.count("\n") + 2)
        return any(start <= line < end for line in self.torn)
