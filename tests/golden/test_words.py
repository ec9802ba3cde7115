"""Every table of words and every number that a file of the program holds constant is one that somebody read.

A wrong word in a list computes nothing wrong, so that no law sees it. ``python tests/golden/test_words.py``
writes the file anew.
"""

import ast
import re
from collections.abc import Iterator
from difflib import unified_diff
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE = Path(__file__).parent / "words.txt"
SAID = """Constants are not those that were read:
{difference}
Read each line that is new: is every word at its key, and is nobody missing? A number that decides what a
history holds raises MODEL (docs/decisions/0009-model-numbers.md). If all are right,
`python tests/golden/test_words.py` writes them down; if not, undo."""
NOT_IMPORTED = ("narrative/__main__.py",)  # it runs the command line when it is imported


def test_every_table_of_words_is_one_that_was_read() -> None:
    was, now = FILE.read_text(encoding="utf-8").splitlines(), "\n".join(lines()).splitlines()
    if was != now:
        difference = "\n".join(unified_diff(was, now, "read", "now", lineterm="", n=0))
        pytest.fail(SAID.format(difference=difference), pytrace=False)


def lines() -> Iterator[str]:
    """The file: the constants of each Python file, a mapping a line a member; then those of the scripts."""
    for path in sorted((ROOT / "narrative").rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        if file not in NOT_IMPORTED:
            yield from _of_module(file, path)
    for path in sorted((ROOT / "narrative/pages").glob("*.js")):
        for name, value in re.findall(
            r"^const ([A-Z_]+) = (.*?);", path.read_text(), re.MULTILINE | re.DOTALL
        ):
            if re.match(r"[\[{\d]|new Set", value) and "=>" not in value:
                yield f"narrative/pages/{path.name} {name} = {' '.join(value.split())}"


def _of_module(file: str, path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    given = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    names = [
        target.id
        for node in given
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id.isupper() and _is_said(node.value)
    ]
    module = import_module(file.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    for name in names:
        value = getattr(module, name)
        if _plain(value) and not isinstance(value, str | bool | None):
            yield f"{file} {name}{_written(value)}"


def _is_said(value: ast.expr | None) -> bool:
    """True of what stands in the file as it is, and is not worked out of other tables."""
    if isinstance(value, ast.Call):
        return ast.unparse(value.func) == "frozenset" and len(value.args) == 1 and _is_said(value.args[0])
    return isinstance(value, ast.Dict | ast.Tuple | ast.Set | ast.List | ast.Constant | ast.BinOp)


def _plain(value: object) -> bool:
    if isinstance(value, dict):
        return _plain(tuple(value)) and _plain(tuple(value.values()))
    if isinstance(value, tuple | list | set | frozenset):
        return bool(value) and all(map(_plain, value))
    return value is None or isinstance(value, str | int | float)


def _written(value: object) -> str:
    if isinstance(value, dict):
        return ":" + "".join(f"\n    {key!r}: {one!r}" for key, one in value.items())
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    return f" = {value!r}"


if __name__ == "__main__":
    FILE.write_text("\n".join(lines()) + "\n", encoding="utf-8")
