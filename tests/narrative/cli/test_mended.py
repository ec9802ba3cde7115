"""What a reader of this program found wrong once, each as it was met: on the command line."""

import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import narrative
from events.log import open_log
from narrative.cli import main
from narrative.story.calendar import count

LOW = (1 << 40) - 1


def ended(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


def refused(*args, code=2):
    done = ended(*args)
    assert done.exit_code == code, done.output
    assert done.stdout == ""
    name, _, sentence = done.stderr.strip().partition(": ")
    assert name.isidentifier()
    assert name != "Wrong"
    assert "\n" not in sentence
    assert sentence.endswith((".", "?"))
    return done.stderr


def change(*statements):
    with open_log("mine.db"):
        pass  # fold the journal into the file
    db = sqlite3.connect("mine.db")
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


# --- verify meets every damage --------------------------------------------------------------------

TRIGGER = "CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM events WHERE id < new.id; END"


@pytest.mark.parametrize(
    ("edit", "position"),
    [
        (f"DELETE FROM events WHERE id & {LOW} = (SELECT max(id) & {LOW} FROM events)", "last"),
        (f"DELETE FROM events WHERE id & {LOW} >= 4", 4),
        ("DELETE FROM events", 1),
        ("UPDATE events SET fact = fact || x'20' WHERE id = (SELECT max(id) FROM events)", "last"),
        ("UPDATE heads SET position = position - 1", 0),
        ("UPDATE heads SET lived = 7", 0),
        ("UPDATE heads SET target = 7", 0),
        ("DELETE FROM heads", 0),
        ("DELETE FROM branches", 0),
        ("INSERT INTO branches SELECT 9, 'x', parent, position, question, seal FROM branches", 0),
        ("DELETE FROM names", 1),
        ("DROP TABLE names", None),
        ("DROP TABLE seals", None),
        ("DROP TABLE events", None),
        (TRIGGER, None),
        ("CREATE VIEW v AS SELECT * FROM events", None),
    ],
)
def test_verify_says_damaged_of_whatever_was_done_to_a_file(lived, edit, position):
    last = narrative.branches("mine.db")[0]["events"]
    change(edit)
    found = narrative.verify("mine.db")
    assert found["verdict"] == "damaged"
    assert found["position"] == (last if position == "last" else position)
    assert found["faults"]
    assert not any("narrative verify" in fault["what"] for fault in found["faults"])
    done = ended("verify", "mine.db")
    assert done.exit_code == 1, done.output
    assert done.stdout.startswith("damaged: ")
    assert "None" not in done.stdout
    assert "@0" not in done.stdout


def test_verify_names_the_first_event_that_is_missing_and_not_the_end(here):
    narrative.run("ai-2025", db="mine.db")
    last = narrative.branches("mine.db")[0]["events"]
    change(f"DELETE FROM events WHERE id & {LOW} BETWEEN 401 AND {last}")
    found = narrative.verify("mine.db")
    assert (found["verdict"], found["branch"], found["position"]) == ("damaged", "main", 401)


def test_a_damaged_file_is_damaged_whichever_branch_was_asked_for(lived):
    change("DELETE FROM heads")
    assert ended("verify", "mine.db@nosuch").exit_code == 1


def test_verify_of_a_branch_that_is_not_there_is_an_error(lived):
    assert "UnknownBranch" in refused("verify", "mine.db@nosuch")


# --- addresses and moments ------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["²", "٣", "", "-1", " 1", "1.0", "9" * 5000])
def test_only_plain_digits_are_a_count(text):
    assert count(text) is None
    assert count("412") == 412


@pytest.mark.parametrize("at", ["#²", "#٣", "#" + "9" * 5000])
def test_a_position_is_written_in_plain_digits(lived, at):
    assert "BadPosition" in refused("replay", "mine.db", "--at", at)
    assert "BadSupposition" in refused("what-if", "mine.db", "--name", "n", "--at", at, "--reseed", "2")


def test_an_address_whose_branch_is_empty_is_none(lived):
    assert "mine.db@main" in refused("replay", "mine.db@")
    assert refused("replay", "mine@").startswith("BadAddress: ")


@pytest.mark.parametrize("more", [(), ("--follow",)])
def test_a_log_from_a_later_to_an_earlier_position_is_refused(lived, more):
    said = refused("log", "mine.db", "--since", "5", "--until", "2", *more)
    assert "5" in said
    assert "2" in said


# --- living ---------------------------------------------------------------------------------------


def test_a_run_until_before_the_opening_writes_nothing(here):
    assert "2025-01-01" in refused("run", "mine", "--until", "2024-06-01")
    assert not list(Path().glob("mine.db*"))


def test_a_history_is_not_lived_on_to_what_it_has_lived_already(here):
    narrative.run("mine", until="2025-03-31")
    before = Path("mine.db").read_bytes()
    assert "2025-03-31T23:59:59" in refused("resume", "mine.db", "--until", "2025-02-28")
    assert Path("mine.db").read_bytes() == before
    assert ended("resume", "mine.db", "--until", "2025-03-31").exit_code == 0
    assert narrative.resume("mine.db", until="2025-04-01")["until"] == "2025-04-01T23:59:59"


@pytest.mark.parametrize("args", [("run", "mine"), ("resume", "mine.db")])
def test_who_lives_beyond_the_end_of_the_story_is_told_that_nothing_is_told_there(here, args):
    if args[0] == "resume":
        narrative.run("mine")
    done = ended(*args, "--until", "2026-06-30", "--json")
    assert done.exit_code == 0
    assert done.stderr.count("Nothing is told after 2025-12-31") == 1


def test_who_lives_within_the_story_is_told_nothing_of_its_end(here):
    assert "Nothing is told" not in ended("run", "mine", "--until", "2025-12-31").stderr


def test_a_seed_too_large_is_refused_as_a_seed_and_leaves_no_file(here):
    said = refused("run", "mine", "--seed", "9" * 23)
    assert said.startswith("BadSeed: ")
    assert "unit" not in said
    assert not list(Path().glob("mine.db*"))


def test_what_cannot_begin_leaves_no_file(here, monkeypatch):
    def broken(*_args, **_named):
        raise ZeroDivisionError

    monkeypatch.setattr("narrative.engine.attempt.begin", broken)
    with pytest.raises(ZeroDivisionError):
        narrative.run("mine")
    assert not list(Path().glob("mine.db*"))


def test_the_counts_of_a_run_agree_with_its_log(here):
    done = narrative.run("mine", until="2025-03-10")
    told = list(narrative.log("mine.db"))
    assert done["events"] == done["appended"] == len(told)
    assert done["moments"] == len({event["moment"] for event in told})
    more = narrative.resume("mine.db", until="2025-12-31")
    late = list(narrative.log("mine.db", since=len(told) + 1))
    assert more["appended"] == len(late)
    assert more["events"] == len(told) + len(late)
    assert more["moments"] == len({event["moment"] for event in late})


def test_a_disk_that_was_full_from_the_start_asks_for_another_run(here):
    code = """
import resource, signal
from narrative.cli import main
import narrative.verbs.living
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
main(["run", "ai-2025"])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "narrative resume" not in done.stderr
    assert "run the story again" in done.stderr
    assert ended("run", "ai-2025").exit_code == 0


# --- supposing and handing on ---------------------------------------------------------------------


def test_what_cannot_be_written_is_not_promised(lived):
    with open_log("mine.db") as other:
        other.hold()
        said = refused("what-if", "mine.db", "--name", "n", "--without", "chips", code=3)
    assert said.startswith("Locked: ")


def test_a_name_that_no_branch_can_have_is_refused_by_name(lived):
    assert refused("what-if", "mine.db", "--name", "a/b", "--without", "chips").startswith("BadName: ")


@pytest.mark.parametrize("target", ["nowhere/copy.db", "mine.db/copy.db"])
def test_a_backup_that_cannot_be_written_blames_its_target(lived, target):
    before = sorted(Path().iterdir())
    said = refused("backup", "mine.db", target)
    assert said.startswith(f"Unwritable: {target} ")
    assert "resume" not in said
    assert sorted(Path().iterdir()) == before


def test_a_backup_onto_a_full_disk_leaves_nothing(lived):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, hard))
    try:
        said = refused("backup", "mine.db", "copy.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert said.startswith("Unwritable: copy.db ")
    assert "resume" not in said
    assert not list(Path().glob("copy*"))


# --- one history is never taken for the journal of another ----------------------------------------

JOURNALS = ("mine.db-journal", "mine.db-wal", "mine.db-shm", "mine.db-lock", "mine.db.kept", "link")


@pytest.mark.parametrize("name", JOURNALS)
def test_no_history_begins_where_another_keeps_its_journal(lived, name):
    Path("link").symlink_to("mine.db-journal")
    before = sorted(Path().iterdir())
    for args in (("run", "mine", "--db", name), ("backup", "mine", name)):
        assert refused(*args) == f"Unwritable: {name} belongs to the database mine.db; name another file.\n"
    assert sorted(Path().iterdir()) == before


@pytest.mark.parametrize("end", ["-journal", "-wal"])
def test_no_history_begins_where_it_would_take_another_for_its_journal(here, end):
    ended("run", "mine", "--db", "other.db")
    ended("run", "mine", "--db", f"mine.db{end}")
    whole = Path(f"mine.db{end}").read_bytes()
    sentence = (
        f"Unwritable: mine.db{end} beside mine.db is a database of its own, under the name of a part of "
        "mine.db: it would be lost. Rename one of the two, or name another file.\n"
    )
    assert refused("run", "mine") == sentence
    assert refused("backup", "other.db", "mine.db") == sentence
    assert ended("export", "other.db", "--format", "jsonl", "-o", "other.jsonl").exit_code == 0
    assert refused("import", "other.jsonl", "--db", "mine.db") == sentence
    assert Path(f"mine.db{end}").read_bytes() == whole
    assert not Path("mine.db").exists()


@pytest.mark.parametrize("end", ["-journal", "-wal", "-shm", "-lock"])
def test_no_look_at_a_history_costs_another_that_came_beside_it(lived, end):
    """SQLite deletes what it takes for the journal of a database, at the first look at it."""
    ended("run", "mine", "--db", "other.db")
    Path("other.db").rename(f"mine.db{end}")
    whole = Path(f"mine.db{end}").read_bytes()
    for args in (
        ("replay", "mine.db"),
        ("note", "mine.db", "a word"),
        ("verify", "mine.db"),
        ("run", "mine"),
    ):
        assert f"mine.db{end} beside mine.db is a database of its own" in refused(*args)
    assert Path(f"mine.db{end}").read_bytes() == whole
    Path(f"mine.db{end}").rename("other.db")
    for name in ("mine.db", "other.db"):
        assert ended("verify", name).exit_code == 0


def test_a_history_that_is_there_already_is_a_conflict_and_no_journal(lived):
    assert refused("run", "mine", code=3).startswith("HistoryTaken: mine.db holds a history already.")
    ended("run", "mine", "--db", "other.db-wal")  # beside nothing, such a name is free
    assert refused("run", "mine", "--db", "other.db-wal", code=3).startswith("HistoryTaken: ")
    assert refused("backup", "mine", "other.db-wal", code=3).startswith("Taken: other.db-wal exists already")
    assert refused("backup", "mine", "/", code=3).startswith("Taken: / exists already")
