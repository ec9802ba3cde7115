"""Bad input: one sentence with a remedy, exit 2 (3 for a conflict), no traceback, nothing lost."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import narrative
from events.log import open_log
from narrative.cli import main

HISTORY_VERBS = ("replay", "log", "branches", "verify", "resume")


NINES = "9" * 5000


def refused(*args, code=2):
    done = CliRunner().invoke(main, [str(arg) for arg in args])
    assert done.exit_code == code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert done.stdout == ""
    name, _, sentence = done.stderr.partition(": ")
    assert name.isidentifier(), done.stderr
    assert sentence.strip().endswith((".", "?")), done.stderr
    return done.stderr


@pytest.mark.parametrize("verb", HISTORY_VERBS)
def test_a_file_that_is_no_database(here, verb):
    Path("letter.db").write_text("Dear reader, " * 500)
    assert refused(verb, "letter.db").startswith("NotALog: letter.db ")
    assert Path("letter.db").read_text() == "Dear reader, " * 500


@pytest.mark.parametrize("verb", HISTORY_VERBS)
def test_a_database_of_another_program(here, verb):
    with sqlite3.connect("theirs.db") as db:
        db.execute("CREATE TABLE letters (text)")
    db.close()
    before = Path("theirs.db").read_bytes()
    assert refused(verb, "theirs.db").startswith("NotALog: theirs.db ")
    assert Path("theirs.db").read_bytes() == before


@pytest.mark.parametrize("verb", HISTORY_VERBS)
def test_a_database_of_a_newer_schema(lived, verb):
    with sqlite3.connect("mine.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    assert refused(verb, "mine.db").startswith("NotALog: mine.db ")


@pytest.mark.parametrize("verb", HISTORY_VERBS)
def test_a_database_that_is_not_there(here, verb):
    assert "nowhere.db" in refused(verb, "nowhere.db")
    assert not Path("nowhere.db").exists()


def test_a_name_that_is_no_story_is_answered_with_the_nearest(here):
    assert "ai-2025" in refused("replay", "ai-2052")
    assert not Path("ai-2052.db").exists()
    assert "ai-2025" in refused("run", "ai-2052")


def test_a_branch_that_is_not_there(lived):
    assert refused("replay", "mine.db@mian").startswith("UnknownBranch: ")


@pytest.mark.parametrize("at", ["2025-13-01", "yesterday", "#0", "#99999", "#x", "2024-01-01", "2025-02-30"])
def test_a_moment_that_is_none_of_this_history(lived, at):
    refused("replay", "mine.db", "--at", at)


def test_a_second_run_into_one_database_is_a_conflict_and_says_what_to_do(lived):
    before = list(narrative.log("mine.db"))
    assert "narrative resume" in refused("run", "mine", code=3)
    assert list(narrative.log("mine.db")) == before


def test_a_story_with_faults_is_not_run(here):
    timeline = Path("mine/timeline.toml")
    text = (
        timeline.read_text()
        .replace('kind = "Order"', 'kind = "Ordre"')
        .replace('id = "plan"\nd', 'id = "round"\nd')
    )
    timeline.write_text(text)
    said = refused("run", "mine")
    assert said.startswith("StoryFaults: ")
    assert said.count("mine/timeline.toml:") >= 2
    assert not Path("mine.db").exists()


def test_a_log_that_another_process_is_writing_is_locked_for_writers_and_open_for_readers(lived):
    # The other process holds the write lock, as a live run does, until its input ends.
    code = """
import sys
from events.log import open_log
with open_log("mine.db") as log:
    log.aim("main", 2_000_000_000)
    print("writing", flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "writing\n"
        assert refused("resume", "mine.db", code=3).startswith("Locked: ")
        assert CliRunner().invoke(main, ["replay", "mine.db"]).exit_code == 0
        other.communicate("")
    assert other.returncode == 0


@pytest.mark.skipif(os.geteuid() != 0 and not os.environ.get("NARRATIVE_REQUIRE_ALL"), reason="see below")
def test_a_database_that_cannot_be_written_can_be_read_and_says_so_when_lived_on(lived):
    for path in (lived, *lived.parents):  # whoever runs this must be able to come here
        if path.stat().st_uid == os.geteuid() and path != Path("/"):
            path.chmod(path.stat().st_mode | 0o055)
    Path("mine.db").chmod(0o444)
    lived.chmod(0o555)
    former = os.geteuid()
    CliRunner().invoke(main, ["replay", "mine.db"])  # import everything while it may be read
    try:
        if former == 0:
            os.seteuid(65534)  # root may write to anything, so be nobody for a while
        assert CliRunner().invoke(main, ["replay", "mine.db", "--json"]).exit_code == 0
        assert "mine.db" in refused("resume", "mine.db", "--until", "2026-12-31")
    finally:
        os.seteuid(former)
        lived.chmod(0o755)


def test_an_edited_row_is_found_with_its_position_and_is_never_shown(lived):
    with open_log("mine.db"):
        pass  # fold the journal into the file
    with sqlite3.connect("mine.db") as db:
        (fact,) = db.execute("SELECT fact FROM events WHERE id & 1099511627775 = 4").fetchone()
        edited = fact.replace(b"3000000000000", b"9000000000000")
        assert edited != fact
        db.execute("UPDATE events SET fact = ? WHERE id & 1099511627775 = 4", (edited,))
    db.close()
    done = CliRunner().invoke(main, ["verify", "mine.db"])
    assert done.exit_code == 1
    assert done.stdout.startswith("damaged: ")
    assert "main@4" in done.stdout
    assert refused("replay", "mine.db").startswith("Damaged: ")


@pytest.mark.parametrize(("part", "verb"), [(0.9, "resume"), (0.4, "run")])
def test_a_run_that_meets_a_full_disk_can_be_completed(here, part, verb):
    whole = narrative.run("ai-2025", db="whole.db")
    limit = int(Path("whole.db").stat().st_size * part)
    # No file of the child may grow beyond this, which SQLite meets as it meets a full disk.
    code = f"""
import resource, signal
from narrative.cli import main
import narrative.verbs.living
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
main(["run", "ai-2025"])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("Unwritable: ")
    assert f"narrative {verb}" in done.stderr or (verb == "run" and "run the story again" in done.stderr)
    assert "Traceback" not in done.stderr
    if verb == "run":  # not even the opening fitted, and `resume` says so
        assert "narrative run" in refused("resume", "ai-2025.db")
    else:
        assert 0 < narrative.branches("ai-2025.db")[0]["events"] < whole["events"]
    assert CliRunner().invoke(main, [verb, "ai-2025"]).exit_code == 0
    assert narrative.branches("ai-2025.db")[0]["digest"] == whole["digest"]


@pytest.mark.parametrize(
    "args",
    [
        ("log", "mine", "--least", NINES), ("log", "mine", "--least", f"x{NINES}"),
        ("log", "mine", "--since", NINES),
        ("log", "mine", "--since", f"#{NINES}"), ("log", "mine", "--until", f"2025-01-01T{NINES}"),
        ("log", "mine", "--kind", NINES), ("log", "mine", "--actor", NINES),
        ("log", "mine", "--origin", NINES),
        ("show", "mine", NINES), ("why", "mine", NINES), ("why", "mine", "lab", NINES),
        ("replay", "mine", "--at", NINES), ("replay", "mine", "--at", f"#{NINES}"), ("query", "mine", NINES),
        ("query", "mine", f"SELECT a FROM x{NINES}"), ("compare", "mine", "mine", "--every", NINES),
    ],
    ids=lambda args: " ".join(args)[:30],
)  # fmt: skip  # one list
def test_thousands_of_letters_are_quoted_in_short(lived, args):
    said = refused(*args)
    assert len(said) < 640  # the names of all tables, of which one sentence tells, take 480
    assert NINES[:41] not in said.replace("#", "9")
