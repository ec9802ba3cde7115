"""docs/commands.md is what ``--help`` prints. ``python tests/docs/test_commands.py`` writes it anew."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from narrative.cli import main

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "commands.md"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
HEAD = """\
# Commands

Written from `--help` by `python tests/docs/test_commands.py`; change the command, not this page.

Every command has `--json`, which prints on standard output what the [Python function](python.md) of the same
name returns; the [diary](diary.md) goes to standard error. The [tutorial](tutorial.md) shows them at work.
"""


def help_of(*command: str) -> str:
    """The help of a command, at a width that every terminal may be given."""
    shown = CliRunner().invoke(main, [*command, "--help"], prog_name="narrative", terminal_width=100)
    assert shown.exit_code == 0, shown.output
    return f"```text\n{shown.output.rstrip()}\n```\n"


def page() -> str:
    """The whole page, with the commands in the order in which ``narrative --help`` lists them."""
    return "\n".join([HEAD, help_of(), *(f"## {name}\n\n{help_of(name)}" for name in main.commands)])


def test_the_page_is_what_help_prints():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python tests/docs/test_commands.py`"


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_and_every_option_has_help(name):
    command = main.commands[name]
    assert command.help
    for param in command.params:
        assert param.param_type_name == "argument" or param.help, param.name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_commands_that_the_pages_name_are_commands(path):
    """Those in the text, which no test runs: the command and each of its options."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for words in re.findall(r"`narrative\s([^`]+)`", text):
        name, *given = words.split()
        if not name.startswith("-") and name != name.upper():
            options = {option for param in main.commands[name].params for option in param.opts}
            assert {word for word in given if re.fullmatch(r"--?[a-z][a-z-]*", word)} <= options, words


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
