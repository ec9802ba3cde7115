"""Starting: `--help` is quick because nothing heavy is imported for it."""

import subprocess
import sys
import tomllib
from pathlib import Path
from pkgutil import resolve_name
from statistics import median

import pytest

from narrative.__main__ import start
from narrative.cli import main

HEAVY = ("polars", "rich", "simpy", "attrs", "msgspec", "structlog", "tomlkit")


def python(code):
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)


@pytest.mark.parametrize("args", [["--help"], ["replay", "--help"], ["--version"], ["run", "--help"]])
def test_asking_for_help_imports_nothing_heavy(args):
    code = f"""
import sys
from narrative.cli import main
try:
    main({args!r})
except SystemExit as end:
    assert end.code == 0, end.code
print("loaded:", [name for name in {HEAVY!r} if name in sys.modules])
"""
    assert "loaded: []" in python(code).stdout


def test_a_verb_that_folds_event_by_event_needs_no_polars():
    code = """
import sys
from narrative.cli import main
try:
    main(["stories", "--json"])
except SystemExit as end:
    assert end.code == 0, end.code
print("loaded:", [name for name in ("polars",) if name in sys.modules])
"""
    assert "loaded: []" in python(code).stdout


def test_the_package_is_a_command_too():
    run = subprocess.run(
        [sys.executable, "-m", "narrative", "--version"], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout.split(",")[0]) == (0, "narrative")


def test_every_verb_says_in_one_line_what_it_does():
    for name, command in main.commands.items():
        line = command.get_short_help_str(limit=70)
        assert line.endswith("."), name
        assert "..." not in line, name
    assert median(len(command.get_short_help_str(200)) for command in main.commands.values()) < 60


def test_the_verbs_stand_by_family_and_not_by_letter():
    known = [
        "stories", "new", "check", "schema", "run", "resume", "replay", "log", "branches", "verify", "backup",
    ]  # fmt: skip  # one list
    assert [name for name in main.commands if name in known] == known
    assert list(main.commands) == main.list_commands(None)


def test_every_verb_can_print_json_and_keep_a_diary():
    for name, command in main.commands.items():
        options = {flag for param in command.params for flag in param.opts}
        assert {"--json", "--verbose", "-v"} <= options, name


def test_an_interrupt_while_the_command_line_loads_is_one():
    code = """
import sys

class Stops:
    def find_spec(self, name, path=None, target=None):
        if name == "narrative.cli":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Stops())
from narrative.__main__ import start
start()
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (130, "Interrupted: stopped before it began.\n")


def test_the_command_of_that_name_is_that_step():
    made = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]["scripts"]
    assert {name: resolve_name(where) for name, where in made.items()} == {"narrative": start}
