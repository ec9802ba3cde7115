"""query, export and import as commands: what they print, and how they end."""

import json
import os
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

import narrative
from narrative.cli import main

SQL = (
    "SELECT kind, COUNT(*) AS n, MIN(moment) AS first FROM events GROUP BY kind ORDER BY n DESC, kind LIMIT 2"
)


def did(*args, code=0):
    done = CliRunner().invoke(main, [str(arg) for arg in args])
    assert done.exit_code == code, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done


def test_a_query_is_a_table_or_csv_or_json(lived):
    assert did("query", "mine", SQL).stdout == (
        "kind       n  first\n"
        "Repricing  4  2025-02-03 10:00:00\n"
        "Endowment  2  2025-01-01 00:00:00\n"
    )  # fmt: skip  # as it looks
    assert did("query", "mine", SQL, "--format", "csv").stdout == (
        "kind,n,first\nRepricing,4,2025-02-03T10:00:00\nEndowment,2,2025-01-01T00:00:00\n"
    )
    rows = [
        {"kind": "Repricing", "n": 4, "first": "2025-02-03T10:00:00"},
        {"kind": "Endowment", "n": 2, "first": "2025-01-01T00:00:00"},
    ]
    assert json.loads(did("query", "mine", SQL, "--json").stdout) == rows
    assert json.loads(did("query", "mine", SQL, "--format", "json").stdout) == rows
    assert narrative.query("mine", SQL).plain() == rows


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_a_query_goes_into_a_file_by_its_name(form, lived):
    assert did("query", "mine", SQL, "-o", f"out.{form}").stderr == f"out.{form}: 2 rows\n"
    read = {"csv": pl.read_csv, "json": pl.read_json, "parquet": pl.read_parquet}[form]
    assert read(f"out.{form}")["n"].to_list() == [4, 2]
    assert did("query", "mine", SQL, "-o", "any", "--format", form).stderr == "any: 2 rows\n"


def test_texts_of_a_timeline_are_no_markup(lived):
    assert "[red]x[/red]" in did("query", "mine", "SELECT '[red]x[/red]' AS text FROM events LIMIT 1").stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["mine", "SELECT * FROM evnts"], 'BadQuery: There is no table "evnts". Did you mean "events"?'),
        (["mine", "SELECT 1", "-o", "none/out.csv"], "Unwritable: none/out.csv cannot be written: "),
        (
            ["mine", "SELECT 1", "-o", "mine.db", "--format", "csv"],
            "Unwritable: mine.db is a database",
        ),
        (["mine", "SELECT 1", "-o", "mine", "--format", "csv"], "Unwritable: mine is a directory"),
        (
            ["mine", "SELECT 1", "-o", "out.txt"],
            "BadFormat: out.txt says no format: add --format csv, json or parquet.",
        ),
        (["mine", "SELECT 1", "--format", "parquet"], "BadFormat: Parquet is no text: name a file with -o."),
        (["mine@calm", "SELECT 1"], 'UnknownBranch: There is no branch "calm".'),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(args, said, lived):
    before = sorted(lived.iterdir())
    done = did("query", *args, code=2)
    assert said in done.stderr
    assert done.stdout == ""
    assert sorted(lived.iterdir()) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_may_not_be_written(lived):
    Path("closed").mkdir(mode=0o500)
    assert "could not be written" in did("query", "mine", SQL, "-o", "closed/out.csv", code=2).stderr


def test_a_history_goes_out_and_comes_back(lived):
    assert did("export", "mine", "--format", "jsonl", "-o", "out.jsonl").stdout == "out.jsonl\n"
    told = json.loads(did("export", "mine", "--format", "parquet", "-o", "out", "--json").stdout)
    assert told["files"] == ["out/events.parquet", "out/postings.parquet", "out/readings.parquet"]
    events = narrative.branches("mine")[0]["events"]
    assert did("import", "out.jsonl", "--db", "back.db").stdout == f"back.db: {events} events, main\n"
    assert did("import", "out.jsonl", "--db", "back.db", code=3).stderr.startswith(
        "Taken: back.db exists already"
    )
    assert narrative.branches("back.db") == narrative.branches("mine")


def test_a_bad_file_lists_every_fault_and_leaves_nothing(lived):
    did("export", "mine", "--format", "jsonl", "-o", "out.jsonl")
    lines = Path("out.jsonl").read_text().splitlines(keepends=True)
    Path("out.jsonl").write_text("".join([*lines[:4], lines[3], *lines[4:-1]]))
    before = sorted(lived.iterdir())
    said = did("import", "out.jsonl", "--db", "back.db", code=2).stderr
    assert said.startswith("BadFile: out.jsonl:5: main@3 stands here, after main@3")
    assert "the file ends with main@" in said
    assert sorted(lived.iterdir()) == before
    assert did("import", "none.jsonl", code=2).stderr.startswith(
        "BadFile: none.jsonl cannot be read: No such file"
    )


def test_plain_facts_become_a_story(lived):
    Path("facts.csv").write_text("date,kind,actor,headline,source\n2025-01-02,Outcome,lab,It ends,A paper\n")
    done = did("import", "facts.csv")
    assert done.stdout == "facts/replay.toml\nfacts/timeline.toml\n"
    assert done.stderr == "\nNext: narrative check facts\n"
    assert did("check", "facts").stdout == "facts: no faults, 1 entry\n"
    assert did("import", "facts.csv", code=3).stderr.startswith(
        "Taken: facts exists and is not an empty folder"
    )
    assert did("import", "none.csv", "--story", "x", code=2).stderr.startswith(
        "BadFile: none.csv cannot be read: "
    )
