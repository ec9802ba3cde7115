"""The page on Python lists every verb with all that it takes."""

import inspect
import re
from pathlib import Path

import narrative
from narrative.analysis.conditions import Conditions
from narrative.charts.window import Wishes

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")


def test_the_table_lists_every_verb_with_its_arguments():
    rows = dict(re.findall(r"^\| `(\w+)\((.*?)\)` \|", PAGE, re.MULTILINE))
    assert set(rows) == set(narrative.__all__)
    for name, arguments in rows.items():
        taken = inspect.signature(getattr(narrative, name)).parameters
        named = [*taken]
        if any(one.kind is one.VAR_KEYWORD for one in taken.values()):  # spelled once, elsewhere
            named[-1:] = (Wishes if name == "plot" else Conditions).__annotations__
        assert arguments == ", ".join(named), name
