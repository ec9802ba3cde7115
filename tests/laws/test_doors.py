"""Doors are thin: a verb opens, calls and returns; a command calls verbs, and is in one of five files."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "narrative"
FAMILIES = ("stories", "living", "looking", "weighing", "handing")
BESIDE = {
    "__init__", "verb", "watch", "diary_setup", "guard", "screen", "believing", "rows", "lines", "drawn",
    "forked", "measured", "weighed", "accounting", "bounded", "broken", "spread", "seen", "claimed",
    "levered",
}  # fmt: skip  # one set
MOST = 15  # lines in a verb, its signature and docstring aside


@pytest.mark.parametrize("family", FAMILIES)
def test_a_verb_is_no_longer_than_fifteen_lines(family: str) -> None:
    tree = ast.parse((ROOT / "verbs" / f"{family}.py").read_text(encoding="utf-8"))
    for verb in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        body = verb.body[1:] if ast.get_docstring(verb) else verb.body
        if body:
            assert (body[-1].end_lineno or 0) - body[0].lineno < MOST, verb.name


def test_commands_stand_in_the_five_families_and_fit() -> None:
    files = {path.stem: path for path in (ROOT / "cli").glob("*.py")}
    assert set(files) == {*FAMILIES, *BESIDE}
    for name, path in files.items():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, name


@pytest.mark.parametrize("family", FAMILIES)
def test_a_command_opens_nothing_by_itself(family: str) -> None:
    """What makes and opens histories is behind the verbs; of rooms below, a command knows words and types."""
    tree = ast.parse((ROOT / "cli" / f"{family}.py").read_text(encoding="utf-8"))
    shown = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    ]
    types = {inner for guard in shown for inner in ast.walk(guard)}
    rooms = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node not in types and node.module
        for alias in node.names
        if node.module.startswith(("narrative.", "events"))
    }
    known = ("narrative.cli.", "narrative.text.", "narrative.verbs.answers.")
    assert {room for room in rooms if not room.startswith(known)} <= {
        "narrative.analysis.conditions.conditions",
        "narrative.prose.gist.speech_of",
        "narrative.verbs.looking.events",
        "narrative.verbs.looking.logged",
        "events.files.BadFormat",
    }
