"""What the README shows is what happens. ``python tests/docs/test_readme.py`` writes its outputs anew."""

import doctest
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from narrative.cli import main

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STANDARD = {"--json", "--verbose", "-v"}


def answered(command, where):
    """What a console line prints in a terminal of 80 columns that nobody watches."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"COLUMNS": "80", "PATH": path}
    done = subprocess.run(
        ["bash", "-c", command], cwd=where, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def block(commands, where):
    return "".join(f"$ {command}\n{answered(command, where)}" for command in commands)


def commands_of(text):
    return [line[2:] for line in text.splitlines() if line.startswith("$ ")]


def written():
    return README.read_text(encoding="utf-8")


def test_console_blocks_show_what_the_commands_print(tmp_path):
    blocks = BLOCK.findall(written())
    assert blocks
    for text in blocks:
        assert block(commands_of(text), tmp_path) == text


def test_python_blocks_show_what_the_lines_answer(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_verb_has_help_and_stands_in_the_readme_with_all_its_options(name):
    command = main.commands[name]
    assert command.help
    rows = [line for line in written().splitlines() if f"| `narrative {name}" in line]
    assert len(rows) == 1
    for param in command.params:
        if param.param_type_name == "argument":
            assert param.human_readable_name.upper() in rows[0]
        elif not STANDARD.intersection(param.opts):
            assert param.help
            assert param.opts[0] in rows[0]


def test_the_script_that_checks_everything_runs_the_readmes_own_commands():
    setup, tests = re.findall(r"^```sh\n(.*?)\n```$", written(), re.MULTILINE | re.DOTALL)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert tests in script
    assert setup.replace("pip install -e", "pip install -q -e") in script


def test_paths_in_the_readme_are_there():
    links = re.findall(r"\]\((?!http)([^)#]+)\)", written())
    listed = re.findall(r"^([\w./]+/[\w/]*) {2,}", written(), re.MULTILINE)
    assert links
    assert len(listed) >= 5
    for path in [*links, *listed]:
        assert (ROOT / path).exists(), path


def test_it_says_that_this_is_no_forecast():
    assert "**It is not a forecast**" in written()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as room:
        anew = BLOCK.sub(lambda m: f"```console\n{block(commands_of(m[1]), room)}```", written())
    README.write_text(anew, encoding="utf-8")
