"""The verb: one history or two, as data, as text, as a file."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import narrative
from events.errors import Wrong
from narrative.analysis.compare import TwiceNamed
from narrative.cli import main
from narrative.prose.finding import finding
from narrative.story.calendar import BadDate, Calendar


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    room = tmp_path_factory.mktemp("told")
    narrative.run("ai-2025", db=room / "ai.db")
    narrative.what_if(str(room / "ai.db"), name="calm", from_="no-oracle-contract")
    narrative.run("loop", db=room / "loop.db", until="2025-03-01")
    return room


def test_the_command_prints_what_the_function_returns(here, monkeypatch):
    monkeypatch.chdir(here)
    told = narrative.tell("ai.db", at="2025-06-30")
    printed = CliRunner().invoke(main, ["tell", "ai.db", "--at", "2025-06-30", "--json"])
    assert json.loads(printed.stdout) == told
    assert CliRunner().invoke(main, ["tell", "ai.db", "--at", "2025-06-30"]).stdout == told["text"]


def singly(told):
    """The positions that have a sentence to themselves, of those that stand in chapters."""
    sentences = [s for c in told["chapters"] for p in c["paragraphs"] for s in p["sentences"]]
    return {s["positions"][0] for s in sentences if len(s["positions"]) == 1}, len(sentences)


def test_the_whole_of_it_sums_up_less(here, monkeypatch):
    monkeypatch.chdir(here)
    short, whole = narrative.tell("ai.db"), narrative.tell("ai.db", whole=True)
    (some, few), (more, many) = singly(short), singly(whole)
    assert len(some) < len(more)
    assert few < many
    assert CliRunner().invoke(main, ["tell", "ai.db", "--whole"]).stdout == whole["text"]
    assert len(narrative.tell("ai.db", "ai.db@calm", whole=True)["text"]) > len(
        narrative.tell("ai.db", "ai.db@calm")["text"]
    )


def test_the_finding_is_the_one_that_replay_says(here):
    db = str(here / "ai.db")
    assert narrative.tell(db)["finding"][0] == finding(narrative.replay(db))


def test_one_history_is_not_told_beside_itself(here, monkeypatch):
    monkeypatch.chdir(here)
    for same in ("loop.db", "loop.db@main", f"{here}/loop.db"):
        with pytest.raises(TwiceNamed, match=r"loop\.db@main is named twice; name each history once"):
            narrative.tell("loop.db", same)


def test_a_file_says_its_format_by_its_name(here):
    for name, start in (("t.md", "# "), ("t.html", "<!doctype html>"), ("T.HTM", "<!doctype html>")):
        told = narrative.tell(str(here / "loop.db"), output=here / name)
        assert (here / name).read_text(encoding="utf-8") == told["text"]
        assert told["text"].startswith(start)
        assert told["file"] == str(here / name)
    assert narrative.tell(str(here / "loop.db"), format="html", output=here / "x.txt")["format"] == "html"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"format": "pdf"}, "choose markdown or html"),
        ({"output": "t.pdf"}, "end it in .md or .html"),
        ({"output": "nowhere/t.md"}, "nowhere"),
        ({"output": "."}, "end it in .md or .html"),
        ({"at": "2031-01-01"}, "lies after"),
    ],
)
def test_what_cannot_be_told_is_one_sentence_and_leaves_nothing(here, monkeypatch, options, said):
    monkeypatch.chdir(here)
    before = sorted(here.iterdir())
    with pytest.raises((Wrong, BadDate), match=said):
        narrative.tell("loop.db", **options)
    assert sorted(here.iterdir()) == before


def test_the_command_ends_with_2_and_a_sentence(here, monkeypatch):
    monkeypatch.chdir(here)
    done = CliRunner().invoke(main, ["tell", "loop.db", "-o", "t.pdf"])
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert not Path("t.pdf").exists()


# --- two histories --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pair(here):
    db = str(here / "ai.db")
    return narrative.tell(db, f"{db}@calm")


def test_two_are_told_once_up_to_where_they_part(pair, here):
    parted = narrative.diff(str(here / "ai.db"), str(here / "ai.db@calm"))
    positions = [
        p
        for c in pair["chapters"]
        for one in c["paragraphs"]
        for s in one["sentences"]
        for p in s["positions"]
    ]
    assert max(positions) == parted["common"]
    (last,) = narrative.log(str(here / "ai.db"), since=parted["common"], until=parted["common"])
    day = Calendar().long_day(Calendar().written(last["moment"]))
    assert f" up to {day}." in pair["parted"]
    assert len(positions) == len(set(positions))


def test_after_that_each_event_is_told_or_counted_on_its_side(pair, here):
    for label, side in ((0, "main"), (1, "calm")):
        history = str(here / "ai.db") + ("" if side == "main" else "@calm")
        common = narrative.diff(str(here / "ai.db"), str(here / "ai.db@calm"))["common"]
        events = {e["position"]: e for e in narrative.log(history, since=common + 1)}
        own = [
            p
            for q in pair["periods"]
            for one in q["sides"][label]
            for s in one["sentences"]
            for p in s["positions"]
        ]
        assert len(own) == len(set(own))
        assert set(own) <= set(events)
        if label == 0:  # what both tell alike bears the first's positions
            both = [
                p
                for q in pair["periods"]
                for one in q["both"]
                for s in one["sentences"]
                for p in s["positions"]
            ]
            assert sorted(own + both) == sorted(events)


def test_what_one_alone_has_is_told_of_it_alone(pair):
    words = [
        " ".join(s["text"] for q in pair["periods"] for one in q["sides"][i] for s in one["sentences"])
        for i in (0, 1)
    ]
    assert "OpenAI reported to have signed 300 billion" in words[0]
    assert "Left untold: OpenAI reported to have signed 300 billion" in words[1]
    assert "Supposed in place of what is on record: Oracle reports a backlog of 155 billion" in words[1]
    assert "Here another course is supposed." in words[1]
    assert "Supposed" not in words[0]


def test_what_an_entry_is_supposed_to_say_is_told_without_the_source_that_says_otherwise(pair, here):
    alone = narrative.tell(str(here / "ai.db@calm"))
    for spans in (alone["chapters"], [{"paragraphs": q["sides"][1]} for q in pair["periods"]]):
        said = [s for c in spans for p in c["paragraphs"] for s in p["sentences"]]
        (supposed,) = [s for s in said if "Supposed in place of what is on record" in s["text"]]
        assert "a backlog of 155 billion" in supposed["text"]
        assert supposed["notes"] == []
        assert not any("Also supposed" in s["text"] for s in said)


def test_what_differs_at_the_end_agrees_with_diff(pair, here):
    found = narrative.diff(str(here / "ai.db"), str(here / "ai.db@calm"))["readings"]
    debts = {row["actor"]: (row["A"], row["B"]) for row in found if row["reading"] == "debt"}
    assert debts["oracle"][0] - debts["oracle"][1] == 43 * 10**11  # the bonds of September and February
    rows = {(row["name"], row["what"]): row["values"] for row in pair["differences"]}
    assert rows["Oracle", "debt"] == ["$132 bn", "$88.6 bn"]


def test_two_stand_in_two_columns_and_under_two_names(pair, here):
    db = str(here / "ai.db")
    html = narrative.tell(db, f"{db}@calm", format="html")["text"]
    assert html.count('<div class="sides">') == sum(any(q["sides"]) for q in pair["periods"])
    assert pair["text"].count("#### In both") == sum(bool(q["both"]) for q in pair["periods"])
    assert "▲" in pair["text"]


def test_notes_are_numbered_as_they_are_met_and_lead_to_their_sources(pair, here):
    alone = narrative.tell(str(here / "ai.db"))
    for told in (pair, alone):
        met = list(dict.fromkeys(map(int, re.findall(r"\[\^(\d+)\](?!:)", told["text"]))))
        assert met == list(range(1, len(told["notes"]) + 1)) == [note["number"] for note in told["notes"]]
    for told in (pair, alone):
        (line,) = re.findall(r"^.*Microsoft commits 17.4 billion to Nebius.*$", told["text"], re.MULTILINE)
        number = re.search(r"Committed: \$17.4 bn\.\[\^(\d+)\]", line)[1]
        assert f"[^{number}]: Nebius Form 6-K, 2025-09-08" in told["text"]


def test_a_branch_that_supposes_nothing_has_not_parted(here):
    db = str(here / "loop.db")
    narrative.what_if(db, name="same", at="2025-02-01")
    told = narrative.tell(db, f"{db}@same")
    assert told["parted"] == "The two have not parted yet."
    assert told["periods"] == []
    assert "Nothing differs." in told["text"]


def test_a_history_keeps_its_name_in_what_is_told_of_it(here, monkeypatch):
    (here / "within").mkdir(exist_ok=True)
    monkeypatch.chdir(here / "within")
    told = narrative.tell("../ai.db", "../ai.db@calm")
    assert [text.partition(": ")[0] for text in told["finding"]] == ["../ai.db", "../ai.db@calm"]
    assert not any(".." in text.removeprefix("..") for text in told["finding"])


def test_two_stories_are_not_told_as_one(here):
    with pytest.raises(Wrong, match="only histories of one story"):
        narrative.tell(str(here / "ai.db"), str(here / "loop.db"))


def test_two_seeds_of_one_story_share_nothing(here):
    narrative.run("loop", db=here / "other.db", seed=7, until="2025-03-01")
    told = narrative.tell(str(here / "loop.db"), str(here / "other.db"))
    assert told["chapters"] == []
    assert "share nothing" in told["parted"]
    assert told["periods"]
