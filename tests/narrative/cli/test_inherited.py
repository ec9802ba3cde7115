"""What a process inherits is heeded: closed streams, ignored signals, pipes, names and modes of files."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import narrative
from events.errors import Unwritable
from events.log import open_log
from events.stores.sqlite import SqliteStore
from narrative.analysis.history import BadAddress
from narrative.cli import main
from narrative.story.faults import StoryFaults
from narrative.verbs.living import Stale

COMMAND = [sys.executable, "-c", "from narrative.cli import main; main(prog_name='narrative')"]


def closed(number, *args):
    """How a command ends that is started with a standard stream closed."""
    return subprocess.run(
        [*COMMAND, *args], preexec_fn=lambda: os.close(number), check=False, capture_output=True
    ).returncode


@pytest.mark.parametrize("number", [1, 2])
def test_a_closed_standard_stream_undoes_no_command(number, here):
    assert closed(number, "run", "mine") == 0
    assert Path("mine.db").read_bytes()[:6] == b"SQLite"
    asked = ("query", "mine.db", "SELECT kind FROM events")
    for args in (("verify", "mine.db"), ("replay", "mine.db", "--json"), asked):
        assert closed(number, *args) == 0


@pytest.mark.parametrize("number", [1, 2])
def test_a_file_to_read_in_the_place_of_a_stream_undoes_no_command(number, here):
    """As a shell leaves it that was started with the stream closed: its script takes the lowest number."""
    ended = subprocess.run(
        [*COMMAND, "run", "mine"],
        preexec_fn=lambda: os.dup2(os.open(os.devnull, os.O_RDONLY), number),
        check=False,
    )
    assert ended.returncode == 0
    assert narrative.verify("mine.db").verdict == "whole"


@pytest.mark.parametrize(("args", "status"), [(("run", "mine"), 0), (("replay", "none.db"), 2)])
def test_what_cannot_be_said_beside_the_answer_changes_no_end(args, status, here):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, *args], stdout=subprocess.DEVNULL, stderr=full, check=False)
    assert done.returncode == status


def test_an_answer_that_cannot_be_written_is_no_success(here):
    narrative.run("mine")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, "log", "mine.db"], stdout=full, check=False, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, b"OSError: No space left on device.\n")


def test_all_standard_streams_may_be_closed(here):
    ended = subprocess.run([*COMMAND, "run", "mine"], preexec_fn=lambda: os.closerange(0, 3), check=False)
    assert ended.returncode == 0
    assert narrative.verify("mine.db").verdict == "whole"  # no stream's number was a database's


def test_a_run_that_was_started_to_ignore_ctrl_c_ignores_it(here):
    code = (
        "import os, signal\nfrom narrative.cli import main\nfrom narrative.cli.watch import Watch\n"
        "plain = Watch.__call__\n"
        "def pressed(self, *args):\n    os.kill(os.getpid(), signal.SIGINT)\n    plain(self, *args)\n"
        "Watch.__call__ = pressed\nmain(['run', 'mine'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Interrupted" in done.stderr) == (0, False)


@pytest.mark.parametrize(
    ("args", "last"),
    [
        (("export", "mine.db", "--format", "jsonl"), "}"),
        (("export", "mine.db", "--format", "beancount"), "USD"),
        (("page", "mine.db"), "</html>"),
        (("tell", "mine.db", "--format", "html"), "</html>"),
        (("plot", "mine.db", "valuation"), "</svg>"),
    ],
)  # fmt: skip  # a command a line
def test_what_goes_into_a_pipe_is_the_file_alone(args, last, lived):
    end = "/dev/stdout" if args[0] != "plot" else "out.svg"
    if args[0] == "plot":
        Path(end).symlink_to("/dev/stdout")
    done = subprocess.run([*COMMAND, *args, "-o", end], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith(last)
    assert end not in done.stdout[-200:]
    assert end in done.stderr


def test_an_at_in_a_name_is_part_of_it_where_such_a_file_is_there(here):
    narrative.run("mine", db="me@home.db")
    narrative.what_if("me@home.db", name="calm", at="2025-02-01", reseed=3)
    for name, branch in (("me@home.db", "main"), ("./me@home.db", "main"), ("me@home.db@calm", "calm")):
        assert narrative.replay(name).branch == branch
    exported = narrative.export("me@home.db", format="jsonl", output="whole.jsonl")
    assert narrative.import_(exported.files[0], db="back.db").branches == ["main", "calm"]
    Path("mine").rename("x@y")
    narrative.run("x@y")
    assert narrative.replay("x@y").db == "x@y.db"


def test_a_name_that_is_no_text_is_refused_in_a_sentence(here):
    strange = os.fsdecode(b"bad\xff")
    with pytest.raises(BadAddress, match="UTF-8"):
        narrative.run("mine", db=f"{strange}.db")
    with pytest.raises(BadAddress, match="UTF-8"):
        narrative.replay(f"{strange}.db")
    Path("mine").rename(strange)
    (fault,) = narrative.check(strange).faults
    assert "is no UTF-8 text. Rename it" in fault
    with pytest.raises(StoryFaults):
        narrative.run(strange)
    said = CliRunner().invoke(main, ["note", "loop", strange])
    assert (said.exit_code, said.stderr.partition(":")[0]) == (2, "BadFact")


def mode(path):
    return stat.S_IMODE(Path(path).stat().st_mode)


def test_what_was_private_stays_private(here):
    former = os.umask(0o022)
    try:
        narrative.run("mine")
        Path("mine.db").chmod(0o600)
        narrative.backup("mine.db", "copy.db")
        Path("keep.html").touch(mode=0o600)
        narrative.page("mine.db", output="keep.html")
        for name in ("tables", "tables/events.csv"):
            Path(name).mkdir(mode=0o700) if name == "tables" else Path(name).touch(mode=0o600)
        narrative.export("mine.db", format="csv", output="tables")
        narrative.export("mine.db", format="jsonl", output="open.jsonl")
        Path("open.jsonl").chmod(0o600)
        narrative.import_("open.jsonl", db="back.db")
    finally:
        os.umask(former)
    found = {name: mode(name) for name in ("copy.db", "keep.html", "tables", "tables/events.csv", "back.db")}
    assert found == {
        "copy.db": 0o600, "keep.html": 0o600, "tables": 0o700, "tables/events.csv": 0o600, "back.db": 0o600
    }  # fmt: skip  # one row
    assert mode("tables/postings.csv") == 0o644  # new


def test_a_reader_who_cannot_write_sees_what_the_owner_appends(here, monkeypatch):
    narrative.run("mine", until="2025-02-03")
    plain = SqliteStore._identity

    def unwritable(store):
        if store._mode == "rw":
            raise Unwritable("no room for the journal's index")
        return plain(store)

    with monkeypatch.context() as patched:
        patched.setattr(SqliteStore, "_identity", unwritable)
        log = open_log("mine.db", create=False, read_only=True)
        before = log.head("main").position
    with log:
        assert log._store._mode == "ro&immutable=1"
        narrative.resume("mine.db", until="2025-12-31")
        assert log.head("main").position > before
        assert [event.position for event in log.read("main")] == list(range(1, log.head("main").position + 1))


def test_a_story_that_changed_since_its_history_is_told(here):
    narrative.run("mine")
    narrative.replay("mine")
    timeline = Path("mine/timeline.toml")
    timeline.write_text(timeline.read_text().replace("amount = 6.6 ", "amount = 6.7 "))
    with pytest.warns(Stale, match="mine has changed since mine.db was performed"):
        narrative.replay("mine")
    said = CliRunner().invoke(main, ["replay", "mine"])
    assert "`narrative run mine --db NEW.db` performs it anew." in said.stderr
    assert "changed since" not in CliRunner().invoke(main, ["replay", "mine.db"]).stderr


def test_a_story_is_performed_beside_its_place_and_whoever_comes_first_is_kept(here, monkeypatch):
    from narrative.verbs import living

    plain = living.run

    def slowly(story, *, db):
        made = plain(story, db=db)
        if not Path("mine.db").exists():
            plain(story, db="mine.db", seed=7)  # another, meanwhile
        return made

    monkeypatch.setattr(living, "run", slowly)
    assert narrative.replay("mine").db == "mine.db"
    assert sorted(path.name for path in Path().glob("*mine.db*")) == ["mine.db"]
    with open_log("mine.db", create=False, read_only=True) as log:
        assert log.opening("main").fact.seed == 7
