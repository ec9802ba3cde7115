"""`run --quotes`: a history that is told no quotes, or those up to a date."""

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

import narrative
from events.log import open_log
from events.market_facts import Quote, Residual
from events.record_facts import Opening
from narrative.cli import main
from narrative.engine.attempt import anchored
from narrative.story.calendar import BadDate
from narrative.story.catalogue import find_story
from narrative.story.model import Story
from narrative.story.reader import read_story

DAY = "2025-02-03"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(db: str, *more: str) -> str:
    done = CliRunner().invoke(main, ["run", "ai-2025", "--db", db, "--until", "2025-03-31", *more])
    assert done.exit_code == 0, done.output
    return done.stderr


def facts(db: str) -> list[object]:
    with open_log(Path(db), create=False, read_only=True) as log:
        return [(event.moment, event.fact) for event in log.read("main")]


def quoted(db: str) -> list[int]:
    return [moment for moment, fact in facts(db) if isinstance(fact, Quote)]


def test_without_quotes_nothing_is_anchored(here: Path) -> None:
    said = run("plain.db", "--quotes", "none")
    assert "Prices are the model's alone from the opening on: later quotes of ai-2025 are not told." in said
    told = facts("plain.db")
    assert not [fact for _, fact in told if isinstance(fact, Quote | Residual)]
    opening = told[0][1]
    assert isinstance(opening, Opening)
    story = Story.load(opening.text)
    assert (story.quotes, story.reference) == ((), ())
    assert narrative.verify("plain.db").verdict == "whole"


def test_until_a_date_the_history_is_the_anchored_one(here: Path) -> None:
    calendar = read_story(find_story("ai-2025")).calendar
    said = run("some.db", "--quotes", DAY)
    run("all.db")
    last = max(moment for moment in quoted("all.db") if moment <= calendar.at(DAY))
    assert f"alone after {calendar.day(last)}" in said
    assert quoted("some.db") == [moment for moment in quoted("all.db") if moment <= last]
    some, whole = (facts(db)[1:] for db in ("some.db", "all.db"))
    assert [one for one in some if one[0] <= last + 1] == [one for one in whole if one[0] <= last + 1]
    opening = facts("some.db")[0][1]
    assert isinstance(opening, Opening)
    assert max(quote.moment for quote in Story.load(opening.text).quotes) == last
    assert narrative.verify("some.db").verdict == "whole"


def test_a_branch_of_it_and_its_end_are_told_no_more(here: Path) -> None:
    run("some.db", "--quotes", DAY)
    before = len(quoted("some.db"))
    narrative.resume("some.db", until="2025-04-30")
    narrative.what_if("some.db", name="calm", at="2025-03-01", set={"silent_step": 0.01})
    assert len(quoted("some.db")) == before


def test_every_quote_kept_says_nothing_and_changes_nothing(here: Path) -> None:
    said = run("late.db", "--quotes", "2026-12-31")
    run("all.db")
    assert "Prices" not in said
    assert narrative.replay("late.db").digest == narrative.replay("all.db").digest


def test_what_is_no_date_is_said(here: Path) -> None:
    done = CliRunner().invoke(main, ["run", "ai-2025", "--quotes", "soon"])
    assert done.exit_code == 2
    assert done.stderr.startswith("BadDate: 'soon' is no date")
    assert not list(here.iterdir())


def test_a_story_without_quotes_is_as_it_was() -> None:
    story = read_story(find_story("loop"))
    said: list[str] = []
    assert anchored(story, "none", said.append) == story
    assert anchored(story, None, said.append) is story
    assert not said
    with pytest.raises(BadDate):
        anchored(story, "", said.append)


def test_the_answer_has_the_shape_it_had(here: Path) -> None:
    lived = narrative.run("ai-2025", db="plain.db", quotes="none", until="2025-01-31")
    assert set(msgspec.to_builtins(lived)) == {
        "branch", "events", "appended", "moments", "from", "until", "digest", "db"
    }  # fmt: skip  # one list
