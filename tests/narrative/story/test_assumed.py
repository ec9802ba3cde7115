"""Stories run by other numbers: in range, said in the opening, and never a surprise afterwards."""

import warnings

import pytest

import narrative
from events.log import open_log
from narrative.analysis.history import History, story_of
from narrative.story.assumed import SET, BadSetting
from narrative.story.catalogue import find_story
from narrative.story.reader import read_story


def parameters(db) -> dict:
    with open_log(db, read_only=True) as log:
        return {one.name: one for one in story_of(History(log, "main", str(db))).parameters}


def test_a_number_is_set_and_says_so_in_the_opening(tmp_path):
    db = tmp_path / "loop.db"
    narrative.run(
        "loop",
        db=db,
        until="2025-01-31",
        set={"announce_rate": "0.05", "duration": 6, "pledge_ltv.cloud": 0.2},
    )
    found = parameters(db)
    was = {one.name: one for one in read_story(find_story("loop")).parameters}
    assert found["announce_rate"].value == 0.05
    assert (found["announce_rate"].source, found["announce_rate"].confidence) == (SET, "assumption")
    assert found["announce_rate"].note == (
        f"it was {was['announce_rate'].value:g} ({was['announce_rate'].source})"
    )
    assert found["duration"].value == 6.0  # by which a history is read: it can be set as it opens
    assert found["pledge_ltv.cloud"].value == 0.2
    assert found["pledge_ltv"] == was["pledge_ltv"]


def test_what_was_set_is_no_change_of_the_story(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    narrative.run("loop", until="2025-01-31", set={"announce_rate": 0.05})
    monkeypatch.setattr("narrative.verbs.living.list_stories", tuple)  # so that its files are read
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        narrative.replay("loop")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"anounce_rate": 0.1}, 'is no parameter of loop. Did you mean "announce_rate"'),
        ({"announce_rate": 90}, "is outside 0 to 0.1"),
        ({"announce_rate": "much"}, "takes a number"),
        ({"announce_rate": float("inf")}, "takes a number"),
        ({"announce_rate.clod": 0.1}, 'is no actor of loop. Did you mean "cloud"'),
    ],
)
def test_what_cannot_be_set_is_refused_in_a_sentence(tmp_path, given, said):
    with pytest.raises(BadSetting) as caught:
        narrative.run("loop", db=tmp_path / "loop.db", set=given)
    assert said in str(caught.value)
    assert not list(tmp_path.iterdir())
