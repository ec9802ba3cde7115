"""A position is asked for in one way everywhere, and what cannot be asked is said before anything is done."""

from pathlib import Path
from typing import Any

import pytest

import narrative
from narrative.analysis.history import BadPosition
from narrative.engine.attempt import BadCast

POSITIONS: tuple[int | str, ...] = (5, "5", "#5")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("at", POSITIONS)
def test_at_takes_a_position_as_number_or_text(at: int | str) -> None:
    narrative.run("mine")
    assert narrative.replay("mine", at=at).position == 5
    assert narrative.loop("mine", at=at) == narrative.loop("mine", at="#5")
    assert narrative.tell("mine", at=at) == narrative.tell("mine", at="#5")
    assert narrative.why("mine", "lab", "valuation", at=at) == narrative.why(
        "mine", "lab", "valuation", at="#5"
    )
    assert repr(narrative.history("mine").world(at)).startswith("<mine@main #5,")
    assert next(iter(narrative.log("mine", since=at))).position == 5
    assert narrative.note("mine", "words", at=at).causes == [5]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("at", [10, "10", "#10"])
def test_a_fork_takes_a_position_as_number_or_text(at: int | str) -> None:
    narrative.run("mine")
    assert narrative.what_if("mine", name="calm", at=at).fork_position == 10


@pytest.mark.usefixtures("here")
def test_a_year_is_no_position_and_is_told_how_it_is_written() -> None:
    narrative.run("mine")
    with pytest.raises(BadPosition, match=r"A year is written as 2025-01-01\."):
        narrative.replay("mine", at="2025")


def test_an_unknown_cast_is_refused_and_leaves_no_file(here: Path) -> None:
    wrong: Any = "half"
    with pytest.raises(BadCast, match='"half" is no cast; it is one of none, market, full'):
        narrative.run("mine", cast=wrong)
    assert not (here / "mine.db").exists()


@pytest.mark.usefixtures("here")
def test_one_name_is_one_history_and_no_list_of_letters() -> None:
    with pytest.raises(narrative.Error, match="compare takes two histories or more"):
        narrative.compare("mine")
