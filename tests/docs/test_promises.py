"""Each promise of docs/promises.md is held by a test that is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
ROWS = [
    row
    for row in PAGE.splitlines()
    if row.startswith("| ") and not row.startswith(("| promise", "| you are"))
]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


def test_each_promise_names_the_test_that_holds_it() -> None:
    assert len(ROWS) > 25
    for row in ROWS:
        assert re.search(r"\| `tests/[\w/]+\.py::\w+` \|$", row), row


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_that_test_is_there(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
