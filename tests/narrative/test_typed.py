"""A type checker finds a misspelt field of a fact and of an answer in a program that uses the package."""

import re
import subprocess
import sys
from pathlib import Path

import narrative

ROOT = Path(narrative.__file__).parents[1]
PROGRAM = """\
import narrative
from events.facts import Order


def committed(order: Order) -> int | None:
    return order.amuont


told = narrative.replay("loop", at="2025-06-30")
print(told.actors["cloud"].valuation, told.actors["cloud"].valuatoin)
print(narrative.why("loop", 4).tree, narrative.why("loop", "cloud", "valuation").totl)
for event in narrative.log("loop", kind="Order", least="1bn", knd="Loan"):
    print(event.position, event.postion)
try:
    narrative.rpelay("loop")
except narrative.Error as error:
    print(error.code, narrative.__version__.upper())
"""


def test_a_misspelt_field_is_found(tmp_path: Path) -> None:
    for package in ("narrative", "events"):
        assert (ROOT / package / "py.typed").is_file()
        (tmp_path / package).symlink_to(ROOT / package)
    (tmp_path / "program.py").write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", "program.py"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip  # one call
    found = re.findall(r'^program.py:(\d+): error: .*?"(\w+)"', done.stdout, re.MULTILINE)
    lines = PROGRAM.splitlines()
    wrong = ("amuont", "valuatoin", "totl", "knd", "postion", "rpelay")
    expected = {next(i for i, line in enumerate(lines, 1) if word in line) for word in wrong}
    assert {int(line) for line, _ in found} == expected, done.stdout + done.stderr
    assert all(word in done.stdout for word in wrong)
