"""The campaign's payloads are noticed where nothing guards a terminal: each of them, so that none is idle."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRIED = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
import narrative.cli.guard as guard
import payloads
tried = payloads.Payloads(Path({folder!r}), 1)
{off}
tried.run(len(payloads.ORDERS))
ordered = {{story.partition(":")[0] for kind, story in tried.tally.faults if kind == "order"}}
print(len(ordered), len(payloads.ORDERS), [story for kind, story in tried.tally.faults if kind != "order"])
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("off", "all_noticed"),
    [
        ("", False),
        ("guard.guarded = guard._clean = lambda told: told", True),  # neither the stream nor the screens
    ],
)
def test_each_order_to_a_terminal_is_noticed_where_nothing_guards_it(off, all_noticed, tmp_path):
    code = TRIED.format(here=str(ROOT / "tests/campaign"), folder=str(tmp_path), off=off)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        check=True,
    )
    ordered, orders, others = done.stdout.split(maxsplit=2)
    assert others.strip() == "[]"
    assert int(ordered) == (int(orders) if all_noticed else 0)
