"""query on a terminal and in a pipe: everything is there, and nothing in it gives orders to the terminal."""

import fcntl
import json
import os
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from click.testing import CliRunner

import narrative
from narrative.cli import main
from narrative.cli.rows import FEW, MOST

COMMAND = [sys.executable, "-c", "from narrative.cli import main; main(prog_name='narrative')"]
HOSTILE = "a\x1b[31mb\x1b]0;c\x07\x9bd\u202ee\u2028f\x7fg\U000e0001"
ORDERS = {"\x1b", "\x07", "\x9b", "\u202e", "\u2028", "\x7f", "\U000e0001"}


def screen(width, *args, **env):
    """What a command shows on a terminal of so many columns."""
    shown, behind = os.openpty()
    fcntl.ioctl(behind, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    left = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    with subprocess.Popen(
        [*COMMAND, *args], stdin=behind, stdout=behind, stderr=behind, env=left | {"TERM": "xterm"} | env
    ):
        os.close(behind)
        drawn = b""
        while True:
            try:
                drawn += os.read(shown, 65536)
            except OSError:
                break
    os.close(shown)
    return drawn.decode().replace("\r\n", "\n")


def test_every_column_is_on_a_narrow_terminal(lived):
    sql = "SELECT position, moment, kind, headline FROM events WHERE kind='Order'"
    text = screen(80, "query", "mine", sql)
    assert text == (
        "\x1b[1mposition  moment               kind   headline\x1b[0m\n"
        "       9  2025-04-01 09:00:00  Order  The lab orders chips for 10 billion\n"
    )
    whole = screen(80, "query", "mine", "SELECT * FROM events", NO_COLOR="1")
    names = {line.partition(" ")[0] for line in whole.splitlines()}
    assert set(narrative.history("mine").events().columns) <= names
    assert max(map(len, whole.splitlines())) <= 80
    assert "\x1b" not in whole


@pytest.mark.parametrize(("columns", "most"), [("a.position", MOST), ("a.*, b.digest AS two", FEW)])
def test_a_terminal_shows_the_first_rows_and_says_how_many_are_left(columns, most, lived):
    sql = f"SELECT {columns} FROM events a CROSS JOIN events b CROSS JOIN events c"
    text = screen(80, "query", "mine", sql)
    rows = narrative.branches("mine")[0]["events"] ** 3
    assert text.splitlines()[-1] == f"… and {rows - most:,} more rows; --format csv gives all of them."
    assert (f"row {most}" in text, f"row {most + 1}" in text) == (most == FEW, False)


def test_a_pipe_is_given_every_row(lived):
    sql = "SELECT a.position FROM events a CROSS JOIN events b CROSS JOIN events c"
    done = CliRunner().invoke(main, ["query", "mine", sql])
    assert len(done.stdout.splitlines()) == narrative.branches("mine")[0]["events"] ** 3 + 1
    assert done.stderr == ""


def test_a_text_gives_the_terminal_no_orders(lived):
    sql = f"SELECT '{HOSTILE}' AS text FROM events LIMIT 1"
    for how in ([], ["--json"], ["--format", "json"]):
        shown = CliRunner().invoke(main, ["query", "mine", sql, *how]).stdout
        assert not ORDERS.intersection(shown)
        assert shown.count("\n") == (1 if how else 2)
    assert json.loads(shown) == [{"text": HOSTILE}]
    CliRunner().invoke(main, ["query", "mine", sql, "-o", "out.json"])
    assert not ORDERS.intersection(Path("out.json").read_text())


def test_csv_is_whole_in_a_pipe_and_escaped_where_a_terminal_would_obey_it(lived):
    sql = f"SELECT '{HOSTILE}' AS text FROM events LIMIT 1"
    piped = CliRunner().invoke(main, ["query", "mine", sql, "--format", "csv"]).stdout_bytes.decode()
    assert HOSTILE in piped
    shown = screen(200, "query", "mine", sql, "--format", "csv")
    assert not ORDERS.intersection(shown)
    assert shown.startswith("text\n")
    assert json.dumps(HOSTILE)[1:-1] in shown


def test_faults_name_a_hostile_text_and_do_not_obey_it(here):
    head = "date,kind,actor,amount,headline,source\n"
    Path("facts.csv").write_text(f"{head}2025-01-01,Order,a,{HOSTILE},x,y\n")
    said = CliRunner().invoke(main, ["import", "facts.csv"]).stderr
    Path("mine/timeline.toml").write_text(
        Path("mine/timeline.toml")
        .read_text()
        .replace('"Order"', json.dumps(HOSTILE).replace("\\udb40\\udc01", ""))
    )
    checked = CliRunner().invoke(main, ["check", "mine"]).stdout
    for text in (said, checked):
        assert not ORDERS.intersection(text)
        assert r"a\u001b[31mb\u001b]0;c\u0007\u009bd\u202ee" in text


def test_the_json_of_every_verb_gives_the_terminal_no_orders(here):
    timeline = Path("mine/timeline.toml")
    timeline.write_text(
        timeline.read_text().replace(
            'headline = "The lab orders', r'headline = "\u009b31m\u202e\u001b[1mThe lab orders'
        )
    )
    narrative.run("mine")
    for args in (["log", "mine"], ["show", "mine", "#9"]):
        shown = CliRunner().invoke(main, [*args, "--json"])
        assert shown.exit_code == 0
        assert r"\u009b31m\u202e\u001b[1mThe lab" in shown.stdout
        assert not ORDERS.intersection(shown.stdout)


@pytest.mark.parametrize("where", [[], ["-o", "out.csv"]])
def test_what_csv_has_no_form_for_is_refused_by_the_name_of_its_column(where, lived):
    sql = "SELECT position, moment - moment AS gap FROM events"
    done = CliRunner().invoke(main, ["query", "mine", sql, "--format", "csv", *where])
    assert (done.exit_code, done.stdout, Path("out.csv").exists()) == (2, "", False)
    assert done.stderr == (
        'BadQuery: The column "gap" is of Duration, which CSV has no form for. '
        "Leave it out, CAST it, or give --format json.\n"
    )


def test_an_answer_without_columns_or_rows_is_none(lived):
    for sql, shown in (
        ("SELECT * EXCLUDE (position, cause) FROM causes", ""),
        ("SELECT kind FROM events WHERE 1 = 0", "kind\n"),
    ):
        done = CliRunner().invoke(main, ["query", "mine", sql])
        assert (done.exit_code, done.stdout) == (0, shown)


@pytest.mark.parametrize(("form", "wrote"), [([], "csv"), (["--format", "json"], "json")])
def test_json_is_printed_and_a_file_written_in_its_own_form_as_well(form, wrote, lived):
    sql = "SELECT position, kind FROM events WHERE kind = 'Order'"
    done = CliRunner().invoke(main, ["query", "mine", sql, "--json", "-o", "j.csv", *form])
    assert json.loads(done.stdout) == [{"position": 9, "kind": "Order"}]
    files = {"csv": "position,kind\n9,Order\n", "json": '[{"position": 9, "kind": "Order"}]\n'}
    assert Path("j.csv").read_text() == files[wrote]


@pytest.mark.parametrize("form", ["csv", "parquet", "table"])
def test_what_is_printed_has_one_form(form, lived):
    done = CliRunner().invoke(main, ["query", "mine", "SELECT kind FROM events", "--json", "--format", form])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        f"BadFormat: --json prints JSON: leave --format {form} away, or name a file for it with -o.\n"
    )
