"""Verdicts kept beside a history: shown while they hold, and never as if they did when they do not."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import narrative
from events.files import LARGEST
from events.log import open_log
from narrative.analysis import verdicts
from narrative.analysis.history import History
from narrative.analysis.verdicts import CLAIMS, DOUBT, judged_of, keep, kept, seal
from narrative.pages.gather import gathered

ANSWER: dict[str, Any] = {
    "seeds": 20, "draws": 8, "ranges": 112, "ends": True, "cast": "full",
    "claims": [
        {"id": "circle", "claim": "Capital goes round", "verdict": "holds", "said": "A <b>third</b> does.",
         "command": "narrative claims a.db --only circle"},
    ],
}  # fmt: skip  # an answer


@pytest.fixture
def db(tmp_path: Path) -> str:
    path = tmp_path / "loop.db"
    narrative.run("loop", db=path, until="2025-01-31")
    return str(path)


@pytest.fixture
def found(db: str) -> Iterator[History]:
    with open_log(Path(db), create=False) as log:
        yield History(log, "main", db)


def test_what_was_never_weighed_names_the_command(found: History) -> None:
    told = judged_of(found)
    assert told["rows"] == []
    assert "`narrative claims loop.db`" in told["said"]


def test_no_place_of_this_machine_is_passed_on(found: History) -> None:
    asked = {**ANSWER["claims"][0], "command": f"narrative claims {found.path} --only circle"}
    for answer in (None, {**ANSWER, "claims": [asked]}):
        if answer is not None:
            keep(found, CLAIMS, answer, seal(found))
        assert str(Path(found.path).parent) not in json.dumps(judged_of(found))


def test_what_is_kept_is_shown_and_covered_by_no_digest(found: History) -> None:
    before = found.log.head("main").digest
    keep(found, CLAIMS, ANSWER, seal(found))
    told = judged_of(found)
    assert [row["verdict"] for row in told["rows"]] == ["holds"]
    assert "20 seeds and 8 draws over 112 ranges" in told["said"]
    assert found.log.head("main").digest == before
    assert narrative.verify(found.path).verdict == "whole"
    assert kept(found, CLAIMS).answer == ANSWER


@pytest.mark.parametrize("name", ["history", "lived", "model", "rules", "what-ifs"])
def test_what_was_weighed_by_anything_else_is_not_shown(found: History, name: str) -> None:
    keep(found, CLAIMS, ANSWER, seal(found) | {name: "another"})
    told = judged_of(found)
    assert told["rows"] == []
    assert "changed" in told["said"] or "went on" in told["said"]
    assert kept(found, CLAIMS).answer is None


def test_a_history_that_goes_on_leaves_its_verdicts_behind(db: str) -> None:
    with open_log(Path(db), create=False) as log:
        history = History(log, "main", db)
        keep(history, CLAIMS, ANSWER, seal(history))
    assert "holds" in narrative.tell(db)["text"]
    narrative.resume(db, until="2025-02-28")
    text = narrative.tell(db)["text"]
    assert "holds" not in text
    assert "judged before this history went on" in text


def test_the_rules_are_the_text_of_the_files_that_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = verdicts.rules()
    monkeypatch.setattr(verdicts, "JUDGING", {"weighing": verdicts.JUDGING["weighing"]})
    assert verdicts.rules() != whole


def test_every_file_that_judges_is_among_the_rules() -> None:
    """Whatever the judges import of the rooms that suppose and weigh, but what only carries members about."""
    house = Path(verdicts.__file__).parents[1]
    carries = {
        "crew",
        "ensemble",
        "fork",
        "fragility",
        "plan",
        "prepared",
        "request",
        "spared",
        "state",
        "tails",
    }
    judging = {name for names in verdicts.JUDGING.values() for name in names}
    for room, names in verdicts.JUDGING.items():
        for name in names:
            text = (house / room / f"{name}.py").read_text(encoding="utf-8")
            pattern = r"^from narrative\.(?:whatif|weighing)\.(\w+) import"
            asked = set(re.findall(pattern, text, re.MULTILINE))
            assert asked <= {*judging, *carries}, name


def test_a_part_of_a_history_is_told_without_the_verdicts_on_all_of_it(db: str) -> None:
    with open_log(Path(db), create=False) as log:
        history = History(log, "main", db)
        keep(history, CLAIMS, ANSWER, seal(history))
    assert narrative.tell(db)["claims"]["rows"][0]["verdict"] == "holds"
    assert "claims" not in narrative.tell(db, at="2025-01-15")


def test_page_and_chronicle_show_text_as_text(db: str, tmp_path: Path) -> None:
    with open_log(Path(db), create=False) as log:
        history = History(log, "main", db)
        keep(history, CLAIMS, ANSWER, seal(history))
        assert gathered([history])["claims"]["rows"] == [
            {name: ANSWER["claims"][0][name] for name in ("id", "claim", "verdict", "said", "command")}
        ]
    html = narrative.tell(db, format="html")["text"]
    assert '<th scope="row">holds</th>' in html
    assert "A &lt;b&gt;third&lt;/b&gt; does." in html
    narrative.page(db, output=tmp_path / "a.html")
    data = (
        (tmp_path / "a.html").read_text(encoding="utf-8").partition('id="data">')[2].partition("</script>")[0]
    )
    assert json.loads(data)["claims"]["rows"][0]["verdict"] == "holds"


def test_verdicts_on_all_claims_are_kept_and_on_some_are_not(db: str) -> None:
    assert not narrative.claims(db, only="circle", seeds=1, draws=0, workers=1)["kept"]
    with open_log(Path(db), create=False, read_only=True) as log:
        assert kept(History(log, "main", db), CLAIMS).answer is None


def test_guesses_are_ranked_by_what_they_do_once_that_is_known(db: str) -> None:
    wide = narrative.replay(db)
    assert wide["assumptions_by"] == "width"
    guessed = [row["what"] for row in wide["assumptions"] if "count" not in row]
    last = guessed[-1]
    with open_log(Path(db), create=False) as log:
        history = History(log, "main", db)
        keep(history, DOUBT, {"parameters": [{"parameter": last, "swing": 5e9}]}, seal(history))
    told = narrative.replay(db)
    assert (told["assumptions_by"], told["assumptions"][0]["what"]) == ("swing", last)
    assert [row["what"] for row in told["assumptions"][1:3]] == guessed[:2]
    assert "ranked by how far each moves the value" in narrative.tell(db)["text"]
    narrative.resume(db, until="2025-02-28")
    assert narrative.replay(db)["assumptions_by"] == "width"


def test_a_plain_doubt_is_kept_and_one_of_some_ranges_is_not(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrative.doubt(db, seeds=1, over="announce_rate", workers=1)
    assert narrative.replay(db)["assumptions_by"] == "width"
    two = {"announce_rate": (0.0, 0.1), "demand": (0.0, 3.0)}
    monkeypatch.setattr("narrative.weighing.doubt.ranged", lambda *_: two)
    found = narrative.doubt(db, seeds=1, workers=1)
    assert {row.parameter for row in found.parameters} == set(two)
    assert narrative.replay(db)["assumptions_by"] == "swing"


FORGED = json.dumps({"seal": {}, "answer": ANSWER})


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "[" * 100_000, FORGED, f"{'0' * 64}\n{FORGED}"])
def test_what_somebody_else_wrote_there_is_neither_shown_nor_read(found: History, text: str) -> None:
    """Whoever hands on a history can write any verdict beside it, with a command to be typed."""
    found.log.attach("claims@main", text)
    found.log.attach("doubt@main", text)
    told = judged_of(found)
    assert told["rows"] == []
    assert "judged by another user, machine or version" in told["said"]
    assert verdicts.swings(found) == {}


def test_a_forged_seal_of_its_own_history_is_not_enough(found: History) -> None:
    keep(found, CLAIMS, ANSWER, seal(found))
    kept_text = found.log.attached("claims@main")
    assert kept_text is not None
    found.log.attach("claims@main", kept_text.replace("holds", "fails"))
    assert judged_of(found)["rows"] == []


def test_a_pipe_among_the_what_ifs_is_not_waited_for(
    found: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of the story's name is somebody's: only files in it are read."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop" / "what-ifs").mkdir(parents=True)
    (tmp_path / "loop" / "replay.toml").write_text("")
    before = seal(found)
    os.mkfifo(tmp_path / "loop" / "what-ifs" / "a.toml")
    (tmp_path / "loop" / "what-ifs" / "b.toml").mkdir()
    assert seal(found) == before


def test_what_ifs_without_end_beside_a_story_fill_no_memory(
    found: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's folder may hold a link to a device that never ends, a pipe, or a file with a hole."""
    monkeypatch.chdir(tmp_path)
    narrative.new("loop")
    prepared = tmp_path / "loop" / "what-ifs"
    prepared.mkdir()
    (prepared / "a.toml").write_text("question = 'what if?'")
    before = seal(found)
    with (prepared / "b.toml").open("wb") as hole:
        hole.truncate(LARGEST + 1)
    (prepared / "c.toml").symlink_to("/dev/zero")
    after = seal(found)
    assert {key for key in after if after[key] != before[key]} == {"what-ifs"}
    assert seal(found) == after
