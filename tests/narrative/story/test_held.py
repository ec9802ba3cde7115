"""A story that somebody else's log brings is held to the rules of `check` before anything rests on it."""

from pathlib import Path

import pytest
from attrs import evolve
from support.lives import named

import narrative
from events.codec import causes_of
from events.errors import BadFact, Damaged, NotALog
from events.formats import jsonl
from events.log import open_log
from events.stores.protocol import branch_row
from narrative.engine.opening import opening_acts
from narrative.story.held import broken, is_plain, lacking, unfit
from narrative.story.model import Collapse, Parameter, Plausible, Story, Thresholds

LOOP = named("loop")
FALL = LOOP.collapses or Collapse(text="", of=("lab",), fall=0.3, within=90)


def with_parameter(name: str, value: float) -> Story:
    parameters = [evolve(p, value=value) if p.name == name else p for p in LOOP.parameters]
    return evolve(LOOP, parameters=tuple(parameters))


UNFIT = {
    "a way out": evolve(LOOP, id="../../traversed"),
    "a place": evolve(LOOP, id="/tmp/there"),
    "a way out on Windows": evolve(LOOP, id="..\\\\there"),
    "nothing": evolve(LOOP, id=""),
    "the folder above": evolve(LOOP, id=".."),
    "orders to a terminal": evolve(LOOP, id="a\x1b[2Jb"),
    "a week of no days": evolve(LOOP, calendar=evolve(LOOP.calendar, week=-(2**62))),
    "a fall within less than a day": evolve(LOOP, collapses=evolve(FALL, within=-1)),
    "nothing that is plausible": evolve(LOOP, plausible=Plausible(source="", market=0.0)),
    "no half-life": with_parameter("belief_half_life_fast", 0.0),
    "a negative half-life": with_parameter("belief_half_life_fast", -1.0),
    "digits below zero": evolve(LOOP, money=evolve(LOOP.money, digits=-1)),
    "too many digits": evolve(LOOP, money=evolve(LOOP.money, digits=400)),
    "an end before the beginning": evolve(LOOP, until=LOOP.start - 1),
    "no half-life at all": evolve(LOOP, parameters=()),
    "a close after the day": evolve(LOOP, calendar=evolve(LOOP.calendar, close=10**12)),
}


def history(story: Story, path: Path) -> Path:
    """A database that a story opens, whatever it is: written past all that this program checks."""
    with open_log(path) as log:
        (opening, *rest), *others = opening_acts(LOOP, seed=1, cast="none")
        forged = opening._replace(fact=evolve(opening.fact, text=story.dump()))
        log.append("main", 0, LOOP.start, [(forged, *rest), *others])
    return path


def test_the_stories_that_ship_keep_every_rule() -> None:
    for name in ("loop", "ai-2025"):
        assert list(broken(named(name))) == []


@pytest.mark.parametrize("story", UNFIT.values(), ids=UNFIT)
def test_what_no_history_could_be_shown_with_opens_none(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert list(unfit(story))
    path = history(story, tmp_path / "x.db")
    with open_log(path) as log, (tmp_path / "x.jsonl").open("wb") as file:
        jsonl.write(log, jsonl.lineage(log, None), file)
    before = sorted(tmp_path.parent.rglob("*"))
    for verb in (narrative.replay, narrative.page, narrative.verify, narrative.branches, narrative.tell):
        with pytest.raises(NotALog, match="breaks the rules that `check` holds a story to"):
            verb(str(path))
    with pytest.raises(NotALog, match="breaks the rules"):
        narrative.import_(tmp_path / "x.jsonl", db=tmp_path / "y.db")
    assert sorted(tmp_path.parent.rglob("*")) == before


def test_an_import_is_held_to_the_rules_of_every_table(tmp_path: Path) -> None:
    twice = Parameter(**{f: getattr(LOOP.parameters[0], f) for f in Parameter.__annotations__})
    story = evolve(
        LOOP,
        actors=(evolve(LOOP.actors[0], id="NO SLUG"), *LOOP.actors[1:]),
        parameters=(*LOOP.parameters, twice),
        claims=Thresholds(sure=1.5),
    )
    assert list(unfit(story)) == []
    with open_log(history(story, tmp_path / "x.db")) as log, (tmp_path / "x.jsonl").open("wb") as file:
        jsonl.write(log, jsonl.lineage(log, None), file)
    with pytest.raises(NotALog) as error:
        narrative.import_(tmp_path / "x.jsonl", db=tmp_path / "y.db")
    assert 'the id "NO SLUG" is no short name' in str(error.value)
    assert "sure is 1.5" in str(error.value)
    assert f"the parameter '{twice.name}' stands twice" in str(error.value)
    assert not (tmp_path / "y.db").exists()


def test_a_forged_name_of_a_branch_leads_nowhere(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "x.db"
    history(LOOP, path)
    row = branch_row(1, "../../there", None, 0, "")
    with sqlite3.connect(path) as db:
        db.execute("UPDATE branches SET name = ?, seal = ?", (row.name, row.seal))
    db.close()
    with pytest.raises(Damaged, match="this cannot name a branch"), open_log(path) as log:
        log.branches()


@pytest.mark.parametrize(
    ("name", "plain"), [("ai-2025", True), ("My story.2", True), ("a/b", False), ("C:x", False)]
)
def test_a_plain_name_leads_to_no_other_place(name: str, plain: bool) -> None:
    assert is_plain(name) == plain


def test_a_cast_that_asks_for_what_a_story_lacks_is_neither_imported_nor_lived_again(tmp_path: Path) -> None:
    """Or living it again would break off where the process looks for it."""
    short = evolve(LOOP, parameters=tuple(p for p in LOOP.parameters if p.name != "silent_step"))
    assert list(lacking(LOOP)) == []
    path = history(short, tmp_path / "x.db")
    found = narrative.verify(str(path))
    what = "it lacks the parameter silent_step, which market asks for"
    assert (found.verdict, found.faults[0].what) == ("changed", f"its story cannot be lived again: {what}")
    narrative.export(str(path), format="jsonl", output=tmp_path / "x.jsonl")
    with pytest.raises(NotALog, match=what):
        narrative.import_(tmp_path / "x.jsonl", db=tmp_path / "y.db")


def test_causes_that_are_no_events_before_it_are_damage_and_not_looked_up(tmp_path: Path) -> None:
    """Somebody may chain whatever he likes into a database; `replay` would look for event 1,000 of ten."""
    for causes in ("1000", "2", "0", "-1", "x", "1,,1"):
        with pytest.raises(BadFact, match="The causes stored of event 2 are no events before it"):
            causes_of(2, causes)
    assert (causes_of(2, ""), causes_of(3, "1,2")) == ((), (1, 2))
