"""Places in a TOML file: the line of every table, key and list element.

The standard reader keeps no positions. This scan runs only when there is a fault to place, over
text that the reader has accepted, so it needs to know no more of TOML than where keys begin.
"""

import re
from collections.abc import Iterator
from sys import intern

from attrs import define, field

Path = tuple[str | int, ...]
MANY = 10_000  # elements of a list that are placed; those beyond stand where it does

_WORD = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}=,.\n]"
    r"|[^\s\[\]{}=,.\#\"']+",
    re.DOTALL,
)


def index(text: str) -> dict[Path, int]:
    """Line (from 1) of each path: ("event", 3, "amount"), ("event", 3, "follows", 0, "id")."""
    scan = _Scan(_words(text))
    scan.document()
    return scan.found


def line_of(found: dict[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest thing around it that has one."""
    while path not in found and path:
        path = path[:-1]
    return found.get(path, 1)


def _words(text: str) -> Iterator[tuple[str, int]]:
    line, seen = 1, 0
    for match in _WORD.finditer(text):
        line += text.count("\n", seen, match.start())
        seen = match.start()
        if not match[0].startswith("#"):
            yield match[0], line


END = ("", 0)  # stands after the last word


@define
class _Scan:
    """Reads words one by one, with the next at hand: a list of all would take more than what it finds."""

    ahead: Iterator[tuple[str, int]]
    word: str = ""
    line: int = 0
    then: tuple[str, int] = END
    found: dict[Path, int] = field(factory=dict)
    lengths: dict[Path, int] = field(factory=dict)

    def step(self, times: int = 1) -> None:
        """Go on to the next word."""
        for _ in range(times):
            self.word, self.line = self.then
            self.then = next(self.ahead, END)

    def document(self) -> None:
        table: Path = ()
        self.step(2)
        while self.word:
            if self.word == "\n":
                self.step()
            elif self.word == "[":
                table = self.header(self.line)
            else:
                self.pair(table)

    def header(self, line: int) -> Path:
        """A [table] or the next of an [[array of tables]]; gives the path its keys stand under."""
        several = self.then[0] == "["
        self.step(2 if several else 1)
        parts = self.key("]")
        self.step(2 if several else 1)
        path = self.inside(parts[:-1])
        path += (parts[-1],)
        if several:
            count = self.lengths.get(path, 0)
            self.lengths[path] = count + 1
            self.found.setdefault(path, line)
            path += (count,)
        self.found.setdefault(path, line)
        return path

    def inside(self, parts: list[str]) -> Path:
        """The path of a parent table: of an array of tables, its last one."""
        path: Path = ()
        for part in parts:
            path += (part,)
            if path in self.lengths:
                path += (self.lengths[path] - 1,)
        return path

    def key(self, end: str) -> list[str]:
        parts = []
        while self.word != end:
            if self.word != ".":
                parts.append(intern(self.word.strip("\"'")))
            self.step()
        return parts

    def pair(self, table: Path) -> None:
        line = self.line
        path = table
        for part in self.key("="):
            path += (part,)
            self.found.setdefault(path, line)
        self.step()
        self.value(path)

    def value(self, path: Path) -> None:
        if self.word in ("[", "{"):
            end = "]" if self.word == "[" else "}"
            self.step()
            self.elements(path, end)
        else:
            while self.word and self.word not in "\n,]}":
                self.step()

    def elements(self, path: Path, end: str) -> None:
        count = 0
        while self.word != end:
            if self.word[0] in "\n,":
                self.step()
            elif end == "}":
                self.pair(path)
            else:
                if count < MANY:
                    self.found.setdefault((*path, count), self.line)
                self.value((*path, count))
                count += 1
        self.step()
