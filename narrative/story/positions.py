"""Places in a TOML file: the line of every table, key and list element.

The standard reader keeps no positions. This scan runs only when there is a fault to place, over
text that the reader has accepted, so it needs to know no more of TOML than where keys begin.
"""

import re
from collections.abc import Iterator

from attrs import define, field

Path = tuple[str | int, ...]

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
    scan = _Scan(list(_words(text)))
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


@define
class _Scan:
    words: list[tuple[str, int]]
    place: int = 0
    found: dict[Path, int] = field(factory=dict)
    lengths: dict[Path, int] = field(factory=dict)

    def document(self) -> None:
        table: Path = ()
        while self.place < len(self.words):
            word, line = self.words[self.place]
            if word == "\n":
                self.place += 1
            elif word == "[":
                table = self.header(line)
            else:
                self.pair(table)

    def header(self, line: int) -> Path:
        """A [table] or the next of an [[array of tables]]; gives the path its keys stand under."""
        several = self.words[self.place + 1][0] == "["
        self.place += 2 if several else 1
        parts = self.key("]")
        self.place += 2 if several else 1
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
        while (word := self.words[self.place][0]) != end:
            if word != ".":
                parts.append(word.strip("\"'"))
            self.place += 1
        return parts

    def pair(self, table: Path) -> None:
        line = self.words[self.place][1]
        path = table
        for part in self.key("="):
            path += (part,)
            self.found.setdefault(path, line)
        self.place += 1
        self.value(path)

    def value(self, path: Path) -> None:
        word = self.words[self.place][0]
        if word in "[{":
            self.place += 1
            self.elements(path, "]" if word == "[" else "}")
        else:
            while self.place < len(self.words) and self.words[self.place][0] not in "\n,]}":
                self.place += 1

    def elements(self, path: Path, end: str) -> None:
        count = 0
        while (word := self.words[self.place])[0] != end:
            if word[0] in "\n,":
                self.place += 1
            elif end == "}":
                self.pair(path)
            else:
                self.found.setdefault((*path, count), word[1])
                self.value((*path, count))
                count += 1
        self.place += 1
