import ast
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import narrative


def test_every_verb_is_what_a_type_checker_is_shown() -> None:
    tree = ast.parse(Path(narrative.__file__).read_text(encoding="utf-8"))
    shown = {
        alias.name: node.module
        for guard in tree.body
        if isinstance(guard, ast.If)
        for node in guard.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert shown == {name: getattr(narrative, name).__module__ for name in narrative.__all__}


def test_a_verb_is_never_hidden_by_the_file_behind_it() -> None:
    files = {path.stem for path in Path(narrative.__file__).parent.iterdir()}
    assert not files & set(narrative.__all__)


def test_the_package_lists_its_verbs() -> None:
    assert {"run", "replay", "history", "what_if"} <= set(dir(narrative))


def test_a_foreign_events_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "__init__.py").write_text("class Events: ...\n")
    paths = [str(tmp_path), str(Path(narrative.__file__).parents[1])]
    code = f"import sys; sys.path[:0] = {paths}; import narrative"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "finds another project's package" in done.stderr
    assert "environment of its own" in done.stderr


def test_importing_the_package_is_light() -> None:
    code = "import sys, narrative; print(sorted({'polars', 'simpy', 'rich', 'msgspec'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_package_says_its_version_and_its_error() -> None:
    assert narrative.__version__ == version("narrative-engine")
    assert set(dir(narrative)) == {*narrative.__all__, "Error", "__version__"}
    with pytest.raises(narrative.Error):
        narrative.replay("no such story")


def test_a_schema_is_printed_in_one_order_whatever_the_seed_of_hashing() -> None:
    code = "from narrative.cli import main; main(['schema'])"
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1")
    }
    assert len(printed) == 1
