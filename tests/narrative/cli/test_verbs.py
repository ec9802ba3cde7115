"""Each verb as a command, on the story that `new` writes. What it prints is what the function returns."""

import json
import sqlite3
from functools import wraps
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

import narrative
from events.event import Draft
from events.facts import Note
from events.log import open_log
from narrative.cli import main
from narrative.verbs.answers.base import answered
from narrative.verbs.answers.handing import Verified

BN = 10**11  # a billion dollars in cents


def did(*args, code=0):
    done = CliRunner().invoke(main, [str(arg) for arg in args])
    assert done.exit_code == code, done.output
    return done.stdout


def told(*args, code=0):
    return json.loads(did(*args, "--json", code=code))


def plain(data):
    """As JSON has it."""
    return msgspec.to_builtins(data)


# --- stories ------------------------------------------------------------------------------------


def test_stories_are_listed_with_their_question(here):
    assert told("stories") == narrative.stories()
    assert "ai-2025" in {story["story"] for story in told("stories")}
    assert "ai-2025  " in did("stories")
    assert "?" in did("stories")


def test_a_new_story_is_without_fault(here):
    assert told("new", "yours")["files"] == ["yours/replay.toml", "yours/timeline.toml"]
    assert told("check", "yours") == {"story": "yours", "entries": 3, "faults": [], "code": []}
    assert did("check", "yours") == "yours: no faults, 3 entries\n"


def test_new_never_writes_over_what_is_there(here):
    before = Path("mine/replay.toml").read_bytes()
    assert CliRunner().invoke(main, ["new", "mine"]).exit_code == 2
    assert Path("mine/replay.toml").read_bytes() == before


def test_check_reports_every_fault_with_its_line(here):
    timeline = Path("mine/timeline.toml")
    text = (
        timeline.read_text()
        .replace('kind = "Order"', 'kind = "Ordre"')
        .replace("amount = 6.6", "amount = nan")
    )
    timeline.write_text(text)
    lines = [line for line in did("check", "mine", code=2).splitlines() if line.startswith("mine/")]
    spoilt = [n for n, line in enumerate(text.splitlines(), 1) if "Ordre" in line or "= nan" in line]
    assert [int(line.split(":")[1]) for line in lines] == sorted(spoilt)
    assert any("Order" in line.partition("Ordre")[2] for line in lines)  # the nearest kind
    assert told("check", "mine", code=2)["faults"] == lines


def test_the_schema_is_json_with_every_kind_of_fact(here):
    assert json.loads(did("schema")) == told("schema") == plain(narrative.schema())
    assert "MarginCall" in did("schema")


# --- living -------------------------------------------------------------------------------------


def test_run_carries_what_scripts_rely_on(here):
    lived = told("run", "mine")
    assert {"branch", "events", "moments", "from", "until", "digest", "db"} <= lived.keys()
    assert lived["branch"] == "main"
    assert lived["db"] == "mine.db"
    assert (lived["from"], lived["until"]) == ("2025-01-01T00:00:00", "2025-12-31T23:59:59")
    assert lived["events"] == len(list(narrative.log("mine")))
    assert lived["digest"] == list(narrative.log("mine"))[-1]["digest"]


def test_run_again_elsewhere_gives_the_same_bytes(here):
    assert told("run", "mine", "--db", "a.db")["digest"] == told("run", "mine", "--db", "b.db")["digest"]


def test_a_cast_and_a_seed_can_be_chosen(here):
    told("run", "mine", "--db", "a.db", "--cast", "none", "--seed", "7")
    opening, *rest = narrative.log("a.db")
    assert opening["fact"]["seed"] == 7
    assert opening["fact"]["cast"] == "none"
    assert {event["origin"] for event in rest} == {"recorded"}


def test_a_run_stopped_early_and_resumed_equals_one_never_stopped(here):
    whole = told("run", "mine", "--db", "whole.db")
    early = told("run", "mine", "--db", "early.db", "--until", "2025-02-28")
    assert early["until"] == "2025-02-28T23:59:59"
    assert early["events"] < whole["events"]
    later = told("resume", "early.db", "--until", "2025-12-31")
    assert (later["events"], later["digest"]) == (whole["events"], whole["digest"])


def test_what_run_prints_for_people_names_the_next_command(here):
    done = CliRunner().invoke(main, ["run", "mine"])
    assert done.stdout.startswith("mine.db@main: ")
    assert "narrative replay mine.db" in done.stderr


# --- looking ------------------------------------------------------------------------------------


def test_replay_carries_what_scripts_rely_on(lived):
    seen = told("replay", "mine.db")
    assert {"branch", "position", "moment", "actors"} <= seen.keys()
    assert set(seen["actors"]) == {"lab", "chipmaker"}
    for actor in seen["actors"].values():
        assert {
            "name", "valuation", "observed", "belief", "belief_share", "collateral", "cash", "debt",
            "backlog", "delivered",
        } <= actor.keys()  # fmt: skip  # one list
    assert seen == narrative.replay("mine.db")


def test_replay_shows_the_rungs_as_the_timeline_says(lived):
    # A plan of up to 30, an order of 10, a round of 6.6, no delivery: see the story that `new` writes.
    assert told("replay", "mine.db")["rungs"] == {
        "announced": 30 * BN, "committed": 10 * BN, "paid": 66 * BN // 10, "delivered": 0,
    }  # fmt: skip  # one row


def test_what_nobody_knows_is_null(lived):
    assert told("replay", "mine.db")["actors"]["lab"]["cash"] is None


def test_a_history_can_be_seen_at_a_date_a_time_and_a_position(lived):
    order = next(event for event in narrative.log("mine.db") if event["kind"] == "Order")
    for at in ("2025-04-01T09:00:00", f"#{order['position']}"):
        seen = told("replay", "mine.db", "--at", at)
        assert (seen["position"], seen["moment"]) == (order["position"], "2025-04-01T09:00:00")
    assert (
        told("replay", "mine.db", "--at", "2025-04-01")["moment"] == "2025-04-01T23:59:59"
    )  # a date is its end
    assert told("replay", "mine.db", "--at", "2025-03-31")["rungs"]["committed"] == 0


def test_a_story_is_performed_when_its_name_is_given_and_its_database_is_not_there(here):
    assert told("replay", "mine")["position"] == told("replay", "mine.db")["position"]
    assert Path("mine.db").exists()


def test_the_branch_can_be_named(lived):
    assert told("replay", "mine.db@main") == told("replay", "mine.db")


@pytest.mark.parametrize("columns", ["80", "140"])
def test_the_screen_is_plain_where_nobody_watches(lived, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    text = did("replay", "mine.db")
    assert "\x1b" not in text
    assert "$30 bn stands announced and $10 bn committed, and nothing is delivered" in " ".join(text.split())
    assert all(line == line.rstrip() for line in text.splitlines())


def test_the_log_is_a_line_an_event(lived):
    events = [json.loads(line) for line in did("log", "mine.db", "--json").splitlines()]
    assert events == plain(list(narrative.log("mine.db")))
    for event in events:
        names = ["position", "moment", "kind", "origin", "actor", "causes", "fact", "digest", "rank"]
        assert list(event) == names
        assert (event["rank"] is None) == ("told" not in event["fact"] or event["fact"]["told"] is None)
    assert [event["position"] for event in events] == list(range(1, len(events) + 1))
    lines = did("log", "mine.db").splitlines()
    assert len(lines) == len(events)
    assert "● Announcement  lab: The lab says that it will spend up to 30 billion on chips" in lines[3]
    assert "◆ Repricing     market: chipmaker +" in lines[4]
    assert lines[4].endswith("←#4")


def test_a_part_of_the_log_can_be_asked_for(lived):
    lines = did("log", "mine.db", "--since", "3", "--until", "5").splitlines()
    assert [line.split()[0] for line in lines] == ["#3", "#4", "#5"]


def test_branches_are_listed(lived):
    (row,) = told("branches", "mine.db")
    assert (row["branch"], row["parent"]) == ("main", None)
    assert [row] == narrative.branches("mine.db")
    assert did("branches", "mine.db").startswith(f"main: {row['events']} events")


# --- handing on ---------------------------------------------------------------------------------


def test_a_whole_history_verifies(lived):
    found = told("verify", "mine.db")
    assert (found["verdict"], found["faults"]) == ("whole", [])
    assert found["position"] == len(list(narrative.log("mine.db")))
    assert did("verify", "mine.db").startswith("whole: ")


@pytest.mark.parametrize("verdict", ["damaged", "changed"])
def test_anything_but_whole_is_a_finding(lived, monkeypatch, verdict):
    fault = {"branch": "main", "position": 4, "what": "the stored bytes are others"}
    found = {"verdict": verdict, "position": 4, "branch": "main", "faults": [fault]}
    answer = wraps(narrative.verify)(lambda _history, **_: answered(Verified, found))
    monkeypatch.setattr("narrative.verbs.handing.verify", answer)
    assert told("verify", "mine.db", code=1) == answered(Verified, found).plain()
    assert "main@4: the stored bytes are others" in did("verify", "mine.db", code=1)


def test_a_history_that_is_lived_otherwise_lost_no_byte_and_is_not_said_to(lived):
    """An event that nobody lived is appended in good order: the chain is whole, the processes differ."""
    with open_log(Path("mine.db"), create=False) as log:
        head = log.head("main")
        log.append("main", head.position, head.moment + 1, [(Draft("lab", Note(author="lab", text="x")),)])
    assert told("verify", "mine.db", code=1)["verdict"] == "changed"
    said, event = did("verify", "mine.db", code=1).splitlines(), f"main@{head.position + 1}"
    assert said[0] == "changed: the log is whole, but these processes append something else now"
    assert said[1:] == [f"  {event}: these processes append another event at {event}"]


def test_a_history_of_which_a_byte_is_another_is_not_said_to_be_lived_otherwise(lived):
    stored = sqlite3.connect("mine.db")
    stored.execute("UPDATE events SET fact = fact || x'20' WHERE id = (SELECT max(id) FROM events)")
    stored.commit()
    stored.close()
    said = did("verify", "mine.db", code=1).splitlines()[0]
    assert said == "damaged: bytes in the log are not those that were appended"


def test_a_backup_is_the_same_history(lived):
    made = told("backup", "mine.db", "copy.db")
    assert Path(made["backup"]) == Path("copy.db")
    assert list(narrative.log("copy.db")) == list(narrative.log("mine.db"))


def test_the_diary_goes_to_standard_error_alone(lived, monkeypatch):
    quiet = CliRunner().invoke(main, ["verify", "mine.db", "--json"])
    assert quiet.stderr == ""
    loud = CliRunner().invoke(main, ["verify", "mine.db", "--json", "-v"])
    assert loud.stdout == quiet.stdout
    assert "verb" in loud.stderr
    monkeypatch.setenv("NARRATIVE_DIARY", "json")
    lines = CliRunner().invoke(main, ["verify", "mine.db", "--json"]).stderr.splitlines()
    said = [json.loads(line)["event"] for line in lines]
    assert (said[0], said[-1]) == ("began", "done")
    assert "living" in said  # verify lives the history again
