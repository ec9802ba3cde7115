"""Where things stand in a file, against files whose lines were numbered by hand."""

import tomllib
import tracemalloc
from typing import Any

import pytest

from narrative.story.catalogue import find_story
from narrative.story.positions import Path, index, line_of

TEXT = """\
# [[event]] in a comment
title = "a # [[event]]"
from.day = 1

[[event]]
id = "one"  # id = "two"
note = \"\"\"
[[event]]
id = "no"
\"\"\"
sum = 6.6
[[event.part]]
a = 1
[[event.part]]
a = 2

[[event]]
id = 'two'
at = 2025-01-01 10:00:00
list = [
  "x", # ] not yet
  [1, 2],

  { k = 1, l = [3,
    4] },
]
follows = [{ id = "a", basis = "x" },
  { id = "b" }]
[[event.part]]
"odd key" = []
[money]
digits = 2
"""
LINES = {
    ("title",): 2,
    ("from",): 3,
    ("from", "day"): 3,
    ("event",): 5,
    ("event", 0): 5,
    ("event", 0, "id"): 6,
    ("event", 0, "note"): 7,
    ("event", 0, "sum"): 11,
    ("event", 0, "part"): 12,
    ("event", 0, "part", 0): 12,
    ("event", 0, "part", 0, "a"): 13,
    ("event", 0, "part", 1): 14,
    ("event", 0, "part", 1, "a"): 15,
    ("event", 1): 17,
    ("event", 1, "id"): 18,
    ("event", 1, "at"): 19,
    ("event", 1, "list"): 20,
    ("event", 1, "list", 0): 21,
    ("event", 1, "list", 1): 22,
    ("event", 1, "list", 1, 0): 22,
    ("event", 1, "list", 1, 1): 22,
    ("event", 1, "list", 2): 24,
    ("event", 1, "list", 2, "k"): 24,
    ("event", 1, "list", 2, "l"): 24,
    ("event", 1, "list", 2, "l", 0): 24,
    ("event", 1, "list", 2, "l", 1): 25,
    ("event", 1, "follows"): 27,
    ("event", 1, "follows", 0): 27,
    ("event", 1, "follows", 0, "id"): 27,
    ("event", 1, "follows", 0, "basis"): 27,
    ("event", 1, "follows", 1): 28,
    ("event", 1, "follows", 1, "id"): 28,
    ("event", 1, "part"): 29,
    ("event", 1, "part", 0): 29,
    ("event", 1, "part", 0, "odd key"): 30,
    ("money",): 31,
    ("money", "digits"): 32,
}


def test_every_table_key_and_element_has_its_line() -> None:
    assert index(TEXT) == LINES


def test_what_has_no_line_has_that_of_what_is_around_it() -> None:
    assert line_of(LINES, ("event", 1, "lost")) == 17
    assert line_of(LINES, ("event", 1, "list", 7, "x")) == 20
    assert line_of(LINES, ("nothing",)) == 1


def paths(value: Any, path: Path = ()) -> list[Path]:
    """The path of every key that a document holds."""
    found = []
    for key, below in value.items() if isinstance(value, dict) else enumerate(value):
        found.append((*path, key))
        if isinstance(below, dict | list):
            found += paths(below, (*path, key))
    return found


@pytest.mark.parametrize("file", ["replay.toml", "timeline.toml"])
def test_every_key_of_the_record_of_2025_stands_on_the_line_found(file: str) -> None:
    text = (find_story("ai-2025") / file).read_text()
    lines, found = text.split("\n"), index(text)
    for path in paths(tomllib.loads(text)):
        line = lines[found[path] - 1]
        word = path[-1] if isinstance(path[-1], str) else ""
        assert word in line, (path, line)


def test_a_long_list_takes_little_memory_and_its_far_end_stands_at_the_list() -> None:
    text = "a = [\n" + "1,\n" * 60_000 + "]\nb = 2\n"
    tracemalloc.start()
    found = index(text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert line_of(found, ("a", 9_999)) == 10_001
    assert line_of(found, ("a", 59_999)) == 1
    assert line_of(found, ("b",)) == 60_003
    assert most < 4_000_000  # a list of its words alone takes some 12 MB
