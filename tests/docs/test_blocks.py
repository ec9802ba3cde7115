"""The console and Python blocks of README.md and docs/ show what happens.

``python tests/docs/test_blocks.py`` writes the outputs of every console block anew, or those of the
pages it is given. The blocks of one page are run from top to bottom in one folder.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
}
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DOCTEST = """
import doctest, sys
found = doctest.testfile(sys.argv[1], module_relative=False, encoding="utf-8")
sys.exit(found.failed or not found.attempted)
"""


def answered(line: str, where: Path) -> str:
    """What a line prints on standard output, in a terminal of 80 columns that nobody watches."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"COLUMNS": "80", "PATH": path}
    done = subprocess.run(
        ["bash", "-c", line], cwd=where, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{line}\n{done.stderr}"
    return done.stdout


def run(block: str, where: Path) -> str:
    """The block with the output of each of its lines as it is now."""
    lines = [line for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"{line}\n{answered(line[2:], where)}" for line in lines)


def test_the_pages_that_show_something_are_found():
    assert {"README.md", "docs/tutorial.md", "docs/diary.md"} <= {
        name for name, text in PAGES.items() if CONSOLE.search(text)
    }


@pytest.mark.parametrize("page", [name for name, text in PAGES.items() if "```console" in text])
def test_console_blocks_show_what_the_lines_print(page, tmp_path):
    blocks = CONSOLE.findall(PAGES[page])
    assert len(blocks) == PAGES[page].count("```console")
    for block in blocks:
        assert block.startswith("$ ")
        assert run(block, tmp_path) == block


@pytest.mark.parametrize("page", [name for name, text in PAGES.items() if "```pycon" in text])
def test_python_blocks_show_what_the_lines_answer(page, tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", DOCTEST, str(ROOT / page)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


if __name__ == "__main__":
    for name in sys.argv[1:] or PAGES:
        page = (ROOT / name).resolve()
        with tempfile.TemporaryDirectory() as room:
            anew = CONSOLE.sub(
                lambda found, room=room: f"```console\n{run(found[1], Path(room))}```",
                page.read_text(encoding="utf-8"),
            )
        page.write_text(anew, encoding="utf-8")
