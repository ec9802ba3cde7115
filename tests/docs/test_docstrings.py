"""A docstring is read in a tooltip, alone: it says what it gives, and leans on no neighbour."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path for package in ("narrative", "events") for path in (ROOT / package).rglob("*.py"))
RIDDLES = ("What ", "The same", "Those ", "That ", "Which ", "Who ", "Where ", "Whence ")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def docstrings(source: str) -> list[tuple[int, str]]:
    """The docstrings of a module, its classes and functions, each with the number of its first line."""
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, DOCUMENTED))
    return [(node.body[0].lineno, text) for node in nodes if (text := ast.get_docstring(node))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_docstrings_can_be_read_alone(path):
    found = sorted(docstrings(path.read_text(encoding="utf-8")))
    riddles = [f"line {line}: {text.splitlines()[0]}" for line, text in found if text.startswith(RIDDLES)]
    assert not riddles, "\n".join(riddles)


def test_docstrings_are_found_wherever_they_stand():
    source = '"A."\nclass B:\n "B."\n async def c():\n  "C."\n  def d():\n   "D."\n'
    assert sorted(docstrings(source)) == [(1, "A."), (3, "B."), (5, "C."), (7, "D.")]
