"""`what-if` as a command, on the story that `new` writes: a plan in February, a round in March, and
in April an order that follows the round."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import narrative
from narrative.cli import main

KEYS = {
    "branch", "parent", "fork_position", "at", "digest", "events", "recorded", "lived", "withheld",
    "question", "until",
}  # fmt: skip  # what scripts rely on


def did(*args, code=0):
    done = CliRunner().invoke(main, ["what-if", *map(str, args)])
    assert done.exit_code == code, done.output
    return done


def told(*args):
    done = did(*args, "--json")
    assert done.stderr == ""
    return json.loads(done.stdout)


def state():
    """Branches with their digests: what a refusal must leave alone."""
    return [(row["branch"], row["digest"], row["until"]) for row in narrative.branches("mine.db")]


def refused(*args, code=2):
    before = state()
    done = did(*args, code=code)
    assert done.stdout == ""
    assert state() == before
    return done.stderr


def test_it_carries_what_the_function_returns(lived):
    narrative.backup("mine.db", "twin.db")
    found = told("mine.db", "--name", "calm", "--without", "round")
    assert found.keys() >= KEYS
    same = narrative.what_if("twin.db", name="calm", without="round")
    assert {**found, "db": "twin.db"} == same
    assert found["withheld"] == {"round": "the supposition goes without it", "chips": "it follows round"}
    assert (found["parent"], found["at"]) == ("main", "2025-03-10T08:59:59")
    assert found["until"] == "2025-12-31T23:59:59"
    tail = list(narrative.log("mine.db@calm", since=found["fork_position"] + 1))
    assert [event["origin"] for event in tail].count("recorded") == found["recorded"]
    assert [event["origin"] for event in tail].count("modelled") == found["lived"]


def test_it_says_before_what_will_be_done_and_after_what_came_of_it(lived):
    done = did("mine.db", "--name", "calm", "--without", "round", "--question", "And without it?")
    first = done.stderr.splitlines()[0]
    assert first == (
        "calm forks off main at 2025-03-10T08:59:59: it goes without round (The lab raises 6.6 billion at a "
        "value of 60 billion); and withholds chips (it follows round)."
    )
    assert "3 events after the fork" in done.stdout
    assert "0 recorded, 0 lived and 3 supposed" in done.stdout
    assert "And without it?" in CliRunner().invoke(main, ["branches", "mine.db"]).stdout


def test_nothing_supposed_gives_the_parents_digest(lived):
    main_digest = narrative.branches("mine.db")[0]["digest"]
    assert told("mine.db", "--name", "same")["digest"] == main_digest
    assert told("mine.db@same", "--name", "again", "--at", "2025-03-15")["digest"] == main_digest


def test_a_story_that_was_never_run_is_performed_first(here):
    assert told("mine", "--name", "calm", "--without", "chips")["db"] == "mine.db"
    assert [name for name, *_ in state()] == ["main", "calm"]


def test_every_flag_reaches_the_supposition(lived):
    Path("inject.toml").write_text(
        '[[event]]\nid = "more"\ndate = 2025-05-01\nkind = "Funding"\nactor = "lab"\namount = 1.5\n'
        'counterparty = "outside"\nheadline = "more"\nsource = "supposed"\nconfidence = "assumption"\n'
    )
    found = told(
        "mine.db", "--name", "all", "--at", "2025-02-10", "--inject", "inject.toml", "--without", "round",
        "--keep", "chips", "--change", "chips:amount=12.25", "--change", "chips:headline=More chips",
        "--set", "silent_step=0.02", "--reseed", "5", "--until", "2025-06-30", "--question", "All?",
    )  # fmt: skip  # one command
    assert (found["at"], found["until"]) == ("2025-02-10T23:59:59", "2025-06-30T23:59:59")
    events = {event["kind"]: event["fact"] for event in narrative.log("mine.db@all")}
    supposed = json.loads(events["Supposition"]["text"])
    assert supposed["question"] == "All?"
    assert (supposed["reseed"], supposed["set"]) == (5, {"silent_step": 0.02})
    assert supposed["without"].keys() == {"round"}
    assert events["Order"]["amount"] == 1_225_000_000_000
    assert events["Order"]["told"]["headline"] == "More chips"
    assert events["Funding"]["amount"] == 150_000_000_000


def test_several_names_stand_in_one_flag_or_in_several(lived):
    one = told("mine.db", "--name", "one", "--without", "round,plan", "--keep", "chips")
    two = told("mine.db", "--name", "two", "--without", "round", "--without", "plan", "--keep", "chips")
    assert one["digest"] == two["digest"]
    assert one["withheld"].keys() == {"plan", "round"}


def test_three_deep_through_a_file_is_lived_and_verified(lived):
    told("mine.db", "--name", "a", "--set", "silent_step=0.02", "--at", "2025-01-15")
    told("mine.db@a", "--name", "b", "--without", "round", "--keep", "chips")
    deep = told("mine.db@b", "--name", "c", "--change", "chips:amount=1")
    assert deep["parent"] == "b"
    kinds = [event["kind"] for event in narrative.log("mine.db@c")]
    assert kinds.count("Supposition") == 3
    assert kinds.count("Withheld") == 1
    assert narrative.verify("mine.db")["verdict"] == "whole"
    shown = CliRunner().invoke(main, ["branches", "mine.db"]).stdout.splitlines()
    assert [len(line) - len(line.lstrip()) for line in shown if " events" in line] == [0, 2, 4, 6]


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--without", "rond"], '"round"?'),
        (["--without", "round", "--at", "2025-03-10"], "told on 2025-03-10T09:00:00"),
        (["--change", "round:amuont=3"], '"amount"?'),
        (["--change", "round:amount=0.000000000001"], "fraction of the smallest unit"),
        (["--change", "round:actor=lba"], '"lab"?'),
        (["--set", "silent_stp=0.02"], '"silent_step"?'),
        (["--set", "silent_step=7"], "0.006 to 0.1"),
        (["--set", "duration=5"], "by which the history is read"),
        (["--inject", "none.toml"], "none.toml is no file"),
        (["--from", "none.toml"], "none.toml is no file"),
        (["--from", "calm"], "neither a file nor a what-if"),
        (["--at", "yesterday"], "no date"),
        (["--until", "2024-12-31"], "before the fork at 2025-01-01T00:00:00"),
    ],
)  # fmt: skip  # one case a line
def test_what_cannot_be_supposed_ends_with_two_and_leaves_no_branch(lived, args, said):
    stderr = refused("mine.db", "--name", "b", *args)
    assert said in stderr
    assert len(stderr.splitlines()) == 1


def test_a_taken_name_is_a_conflict_before_anything_is_lived(lived):
    narrative.run("mine", db="short.db", until="2025-02-10")
    done = did("short.db", "--name", "main", "--at", "2025-06-01", code=3)
    assert done.stderr.startswith("BranchTaken: ")
    assert narrative.branches("short.db")[0]["until"] == "2025-02-10T23:59:59"
    told("mine.db", "--name", "calm")
    assert "calm" in refused("mine.db", "--name", "calm", "--without", "rond", code=3)


def test_the_name_of_every_first_branch_is_taken_before_a_story_is_performed(here):
    assert did("mine", "--name", "main", code=3).stderr.startswith("BranchTaken: ")
    assert not Path("mine.db").exists()


def test_a_name_that_no_branch_can_have_is_refused_before_a_story_is_performed(here):
    assert '"a@b"' in did("mine", "--name", "a@b", code=2).stderr
    assert not Path("mine.db").exists()


def test_a_history_of_another_model_is_not_lived_on(lived, monkeypatch):
    monkeypatch.setattr("narrative.analysis.history.MODEL", "another")
    assert refused("mine.db", "--name", "calm", code=3).startswith("ChangedModel: ")


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["--name", "b", "--change", "round"],
        ["--name", "b", "--change", "round:amount"],
        ["--name", "b", "--set", "silent_step"],
        ["--name", "b", "--reseed", "x"],
    ],
)
def test_wrong_usage_ends_with_two_and_says_how_to_use_it(lived, args):
    assert "Usage: " in refused("mine.db", *args)


# --- prepared -----------------------------------------------------------------------------------


def test_a_what_if_prepared_in_a_story_is_found_by_its_name(here):
    Path("mine/what-ifs").mkdir()
    Path("mine/what-ifs/poor.toml").write_text('question = "And without the round?"\nwithout = ["round"]\n')
    assert told("mine", "--name", "calm", "--from", "poor")["question"] == "And without the round?"
    assert told("mine.db", "--name", "same", "--from", "poor")["withheld"].keys() == {"round", "chips"}
    assert '"poor"?' in refused("mine.db", "--name", "b", "--from", "por")


def test_check_reads_what_is_prepared(here):
    Path("mine/what-ifs").mkdir()
    Path("mine/what-ifs/poor.toml").write_text('question = "And?"\nwithout = ["round", "rond"]\n')
    found = narrative.check("mine")["faults"]
    assert len(found) == 1
    assert found[0].startswith("mine/what-ifs/poor.toml:2: ")
    assert '"round"?' in found[0]


def test_stories_list_what_is_prepared():
    what_ifs = {story["story"]: story["what_ifs"] for story in narrative.stories()}
    assert what_ifs["ai-2025"]["no-oracle-contract"].endswith("?")
    assert "no-oracle-contract" in CliRunner().invoke(main, ["stories"]).stdout


# --- cut short ----------------------------------------------------------------------------------


def test_ctrl_c_leaves_a_branch_that_resume_completes(lived):
    whole = narrative.what_if("mine.db", name="whole", set={"silent_step": 0.02})

    def stop(moment, events, *more):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        narrative.what_if("mine.db", name="short", set={"silent_step": 0.02}, progress=stop)
    before = {row["branch"]: row for row in narrative.branches("mine.db")}["short"]
    assert before["events"] < whole["events"]
    assert narrative.resume("mine.db@short")["digest"] == whole["digest"]
    assert narrative.verify("mine.db")["verdict"] == "whole"


def test_ctrl_c_before_the_fork_is_reached_leaves_no_branch(here):
    narrative.run("mine", until="2025-02-10")

    def stop(moment, events, *more):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="nothing is supposed yet"):
        narrative.what_if("mine.db", name="late", at="2025-06-30", progress=stop)
    assert [row["branch"] for row in narrative.branches("mine.db")] == ["main"]


def test_another_process_supposes_the_same(lived):
    code = (
        "import narrative; "
        "print(narrative.what_if('mine.db', name='other', without='round', reseed=3)['digest'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (
        done.stdout.strip()
        == told("mine.db", "--name", "here", "--without", "round", "--reseed", 3)["digest"]
    )


def test_what_nobody_in_the_cast_reads_is_said_to_change_nothing(here):
    narrative.run("loop", cast="market", until="2025-01-05")
    vain = did("loop", "--name", "bull", "--from", "bull").stderr
    assert "Nobody who plays in this history reads demand, which changes nothing." in vain
    narrative.run("loop", db="full.db", until="2025-01-05")
    assert "Nobody" not in did("full.db", "--name", "bull", "--from", "bull").stderr
