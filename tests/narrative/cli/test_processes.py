"""What only a process shows: signals, pipes, and another process that writes."""

import json
import os
import signal
import subprocess
import sys
from time import monotonic, sleep

import narrative

COMMAND = [sys.executable, "-c", "from narrative.cli import main; main(prog_name='narrative')"]


def started(*args, **more):
    return subprocess.Popen(
        [*COMMAND, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more
    )


def test_a_reader_who_goes_away_early_is_no_error(lived):
    with started("log", "mine.db", "--json") as log:
        log.stdout.close()
        error = log.stderr.read()
    assert error == ""
    assert log.returncode == 141


def test_ctrl_c_stops_a_run_between_two_moments_and_resume_completes_it(here):
    # The run presses Ctrl-C itself, in its third moment; what comes after it depends on no clock.
    code = """
import os, signal
from narrative.cli import main
from narrative.cli.watch import Watch
plain, calls = Watch.__call__, []
def watched(self, *args):
    calls.append(args)
    if len(calls) == 3:
        os.kill(os.getpid(), signal.SIGINT)
    plain(self, *args)
Watch.__call__ = watched
main(["run", "mine"])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 130
    assert done.stdout == ""
    assert done.stderr == (
        "Interrupted: stopped between two moments. The log is whole; go on with: narrative resume mine\n"
    )
    assert narrative.verify("mine.db")["verdict"] == "whole"
    whole = narrative.run("mine", db="whole.db")
    assert 0 < narrative.branches("mine.db")[0]["events"] < whole["events"]
    assert narrative.resume("mine")["digest"] == whole["digest"]


def test_following_a_log_shows_what_another_process_appends_and_ends_with_ctrl_c(here):
    narrative.run("mine", until="2025-02-28")
    known = len(list(narrative.log("mine.db")))
    with started("log", "mine.db", "--follow", "--json") as log:
        seen = [json.loads(log.stdout.readline())["position"] for _ in range(known)]
        resumed = subprocess.run([*COMMAND, "resume", "mine.db", "--until", "2025-12-31", "--json"],
                                 capture_output=True, text=True, check=True)  # fmt: skip  # one call
        events = json.loads(resumed.stdout)["events"]
        assert events > known
        seen += [json.loads(log.stdout.readline())["position"] for _ in range(events - known)]
        log.send_signal(signal.SIGINT)
        rest, error = log.communicate(timeout=20)
    assert seen == list(range(1, events + 1))
    assert (log.returncode, rest, error) == (0, "", "")


def test_progress_is_drawn_on_a_terminal_and_wiped(here):
    # A terminal of its own, so that standard error is one; a run slow enough to be watched.
    code = """
import time
from narrative.cli import main
from narrative.cli.watch import Watch
plain = Watch.__call__
def slow(self, *args):
    time.sleep(0.4)
    plain(self, *args)
Watch.__call__ = slow
main(["run", "mine", "--json"])
"""
    shown, behind = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=behind, text=True
    ) as run:
        answer = run.stdout.read()
    os.close(behind)
    drawn = b""
    while True:
        try:
            drawn += os.read(shown, 4096)
        except OSError:
            break
    os.close(shown)
    assert json.loads(answer)["branch"] == "main"
    assert b" events, " in drawn
    assert drawn.endswith(b"\r\x1b[K")


def test_no_progress_is_drawn_where_nobody_watches(here):
    done = subprocess.run([*COMMAND, "run", "mine", "--json"], capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_output_that_cannot_be_written_in_the_terminals_letters_is_no_error(lived):
    with started("replay", "mine.db", env=os.environ | {"PYTHONIOENCODING": "latin-1"}) as replay:
        text, error = replay.communicate()
    assert (replay.returncode, error) == (0, "")
    assert "$30 bn" in text


def test_a_second_ctrl_c_stops_at_once(here):
    code = """
import functools, os, signal, time
from narrative.cli import main
import narrative.verbs.living
@functools.wraps(narrative.verbs.living.run)  # whose signature its arguments are held to
def endless(*args, **named):
    os.kill(os.getpid(), signal.SIGINT)
    print("asked", flush=True)
    time.sleep(30)
narrative.verbs.living.run = endless
main(["run", "mine"])
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout.readline() == "asked\n"
        begun = monotonic()
        sleep(0.1)
        run.send_signal(signal.SIGINT)
        _, error = run.communicate(timeout=20)
    assert monotonic() - begun < 10
    assert run.returncode == 130
    assert "stopped at once" in error
