"""What the page's scripts list by name is there, whole, and in the order that the data counts by.

A script is text to everything but a browser: a kind that it misspells or leaves out would be drawn as
another, or not at all.
"""

import re
from pathlib import Path

import pytest

from events.event import ORIGINS
from events.facts import KINDS
from narrative import pages
from narrative.analysis.replay import reading_names
from narrative.books.table import RUNGS

SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in Path(pages.__file__).parent.glob("*.js")}
# Where a script names kinds: in a list, beside an event's, or to look up its number.
NAMES_KINDS = r"(?:kind (?:===|!==) |kinds\.indexOf\()'(\w+)'"


def listed(script: str, name: str) -> list[str]:
    """The words of a constant of a script, as they stand there."""
    (found,) = re.findall(rf"^const {name} = (.*?);", SCRIPTS[script], re.MULTILINE | re.DOTALL)
    return re.findall(r"'([^']+)'", found)


def test_data_counts_rungs_and_origins_as_the_page_does() -> None:
    assert listed("data.js", "RUNGS") == list(RUNGS)
    assert listed("data.js", "ORIGINS") == list(ORIGINS)
    assert re.findall(r"(\w+): '", re.search(r"MARKS = \{(.*)\}", SCRIPTS["data.js"])[1]) == list(ORIGINS)


def test_every_kind_has_its_lane_and_one_only() -> None:
    lanes = listed("strip.js", "LANES")
    names = {"words", "orders", "capital", "debt", "prices"}
    assert sorted(set(lanes) - names) == sorted(KINDS)
    assert len(lanes) == len(KINDS) + len(names)


def test_what_is_charted_is_a_reading() -> None:
    assert {*listed("data.js", "SUMS")} <= {*listed("data.js", "SERIES")} <= {*reading_names()}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_names_no_kind_that_is_none(script: str) -> None:
    named = set(re.findall(NAMES_KINDS, SCRIPTS[script]))
    if script == "play.js":
        named |= {*listed("play.js", "TURNS")}
    assert named <= KINDS.keys()


def test_kinds_are_found_in_scripts() -> None:
    """Or the test above would look at nothing."""
    assert {"Note", "Repricing", "Endowment"} <= {*re.findall(NAMES_KINDS, "".join(SCRIPTS.values()))}
