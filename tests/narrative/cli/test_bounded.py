"""A query is answered by a process that can be stopped: by time, rows, memory, Ctrl-C, or its own end."""

import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import polars as pl
import pytest

import narrative
from narrative.analysis.folder import Folder
from narrative.tables.sql import BadQuery

MAIN = "from narrative.cli import main; main(prog_name='narrative')"
COMMAND = [sys.executable, "-c", MAIN, "query", "mine.db"]
ENDLESS = "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT * FROM t"
# Six events six times over: 6**12 rows are more than any memory.
LARGE = "SELECT a.position AS x FROM events a " + " ".join(f"CROSS JOIN events e{n}" for n in range(12))


def asked(*args, **more):
    return subprocess.run([*COMMAND, *args], capture_output=True, text=True, check=False, **more)


def test_a_query_is_answered_as_before(lived):
    done = asked("SELECT position, kind FROM events LIMIT 1", "--json")
    assert (done.returncode, done.stdout, done.stderr) == (0, '[{"position": 1, "kind": "Opening"}]\n', "")
    done = asked("SELECT position FROM events LIMIT 2", "-o", "rows.csv")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "rows.csv: 2 rows\n")
    done = asked("SELECT nothing FROM events")
    assert (done.returncode, done.stderr.partition(":")[0]) == (2, "BadQuery")


def test_a_query_without_end_is_stopped(lived):
    started = monotonic()
    done = asked(ENDLESS, "--seconds", "2")
    assert (done.returncode, done.stderr.partition(",")[0]) == (
        2,
        "TooMuch: The query took more than 2 seconds and was stopped. Ask for less",
    )
    assert monotonic() - started < 20


def test_a_query_that_takes_all_memory_is_stopped(lived):
    done = asked(LARGE, "--memory", "0.5")
    assert (done.returncode, "took more than 0.5 GB of memory" in done.stderr) == (2, True), done.stderr


def test_a_query_that_nests_too_deep_is_a_sentence(lived):
    done = asked(f"SELECT {'+'.join(['1'] * 20_000)} AS x FROM events")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_it_and_leaves_no_process(lived):
    with subprocess.Popen([*COMMAND, ENDLESS], stderr=subprocess.PIPE, text=True) as query:
        sleep(3)
        query.send_signal(signal.SIGINT)
        started = monotonic()
        assert query.stderr.read() == "Interrupted: stopped before it was done.\n"
        assert query.wait() == 130
    assert monotonic() - started < 5
    running = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
    assert not [command for command in running if b"WITH RECURSIVE" in command and b"mine.db" in command]


def test_no_more_rows_than_allowed(lived):
    done = asked("SELECT position FROM events", "--rows", "2")
    assert "BadQuery: The query gives more than 2 rows. Add LIMIT to it" in done.stderr
    assert len(narrative.query("mine.db", "SELECT position FROM events LIMIT 2", most=2)) == 2
    with pytest.raises(BadQuery, match="more than 2 rows"):
        narrative.query("mine.db", "SELECT position FROM events", most=2)


def test_no_file_of_the_folder_one_stands_in_is_run(lived):
    for name in ("polars", "click", "narrative", "better_exceptions"):
        (lived / f"{name}.py").write_text("open('ran', 'w')")
    done = subprocess.run(
        [sys.executable, "-P", *COMMAND[1:], "SELECT position FROM events LIMIT 1"], check=False
    )
    assert (done.returncode, (lived / "ran").exists()) == (0, False)


def test_a_damaged_folder_of_parts_is_a_sentence(tmp_path):
    """What reads Parquet may stumble inside, and writes pages of that past everybody."""
    made = Folder(tmp_path / "parts", "members", "asked")
    made.begin(1)
    rows = pl.DataFrame({"a": list(range(50_000))}, schema={"a": pl.Int64()})
    made.put(0, made.packed(rows))
    file = tmp_path / "parts" / "part-00000.parquet"
    whole = file.read_bytes()
    length = int.from_bytes(whole[-8:-4], "little")
    file.write_bytes(whole[: len(whole) // 4] + whole[-8 - length :])  # half of what its footer tells of
    command = [*COMMAND[:-1], str(tmp_path / "parts"), "SELECT SUM(a) FROM members"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert done.stderr.startswith("BadQuery: ")
