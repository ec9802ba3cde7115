"""What is handed on is read by programs that know nothing of ours, and taken back digest for digest."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from polars.exceptions import PolarsError
from support.deepening import grow
from support.lives import lived, named

import narrative
from events.errors import NotALog, Unwritable
from events.files import BadFormat, Taken
from events.log import open_log
from narrative.analysis.history import History
from narrative.story.catalogue import list_stories
from narrative.tables import export
from narrative.tables.source import Source
from narrative.tables.sql import answered

CHECK = Path(sys.executable).with_name("bean-check")
QUESTIONS = (
    "SELECT kind, origin, COUNT(*) AS n FROM events GROUP BY kind, origin ORDER BY kind, origin",
    "SELECT account, CAST(SUM(amount) AS BIGINT) AS total FROM postings GROUP BY account ORDER BY account",
    ("SELECT holder, CAST(SUM(amount) AS BIGINT) AS cash FROM postings WHERE account = 'cash' "
    "GROUP BY holder ORDER BY holder"),
    ("SELECT actor, CAST(MAX(valuation) AS BIGINT) AS top, MIN(moment) AS first FROM readings "
    "GROUP BY actor ORDER BY actor"),
    "SELECT position, moment, headline, digest FROM events ORDER BY position",
)  # fmt: skip  # a question a line


@pytest.mark.parametrize("story", list_stories())
def test_duckdb_reads_the_parquet_and_agrees_with_query(story, tmp_path):
    found = History(lived(named(story)), "main", "in memory")
    export.as_tables(found, "parquet", tmp_path / "out")
    with duckdb.connect() as db:
        for name in ("events", "postings", "readings"):
            db.execute(f"CREATE VIEW {name} AS SELECT * FROM '{tmp_path}/out/{name}.parquet'")
        for sql in QUESTIONS:
            ours, theirs = answered(Source(found), sql).rows(), db.execute(sql).fetchall()
            assert ours == theirs
            assert ours


@pytest.mark.parametrize("story", list_stories())
def test_duckdb_reads_the_same_from_csv(story, tmp_path):
    found = History(lived(named(story)), "main", "in memory")
    export.as_tables(found, "csv", tmp_path / "out")
    source = Source(found)
    with duckdb.connect() as db:
        for name in ("events", "postings", "readings"):
            (count,) = db.execute(f"SELECT COUNT(*) FROM read_csv('{tmp_path}/out/{name}.csv')").fetchone()
            assert count == source.frame(name).height
        lines = (tmp_path / "out" / "events.csv").read_text(encoding="utf-8").splitlines()
        assert lines[1].split(",")[1] == source.frame("events")["moment"][0].isoformat()
        postings = f"read_csv('{tmp_path}/out/postings.csv')"
        sums = f"SELECT account, SUM(amount)::BIGINT FROM {postings} GROUP BY 1 ORDER BY 1"
        assert db.execute(sums).fetchall() == answered(source, QUESTIONS[1]).rows()


@pytest.mark.parametrize("story", list_stories())
def test_bean_check_passes_on_every_story_and_fails_on_one_altered_amount(story, tmp_path):
    found = History(lived(named(story)), "main", "in memory")
    books = tmp_path / "books.beancount"
    export.as_beancount(found, books)
    text = books.read_text(encoding="utf-8")
    assert subprocess.run([CHECK, books], capture_output=True, check=False).returncode == 0
    legs = [line for line in text.splitlines() if line.startswith(("  Assets:Cash:", "  Equity:"))]
    assert len(legs) > 20
    for leg in (legs[0], legs[len(legs) // 2], legs[-1]):
        digit = next(place for place in range(len(leg) - 1, 0, -1) if leg[place].isdigit())
        altered = leg[:digit] + str((int(leg[digit]) + 1) % 10) + leg[digit + 1 :]
        books.write_text(text.replace(leg, altered, 1), encoding="utf-8")
        assert subprocess.run([CHECK, books], capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("story", list_stories())
def test_every_story_goes_out_and_comes_back_with_its_digest(story, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = narrative.run(story)
    told = narrative.export(story, format="jsonl", output="out.jsonl")
    assert (told["digest"], told["files"]) == (made["digest"], ["out.jsonl"])
    back = narrative.import_("out.jsonl", db="back.db")
    assert back == {
        "db": "back.db",
        "branches": ["main"],
        "events": made["events"],
        "digests": {"main": made["digest"]},
    }
    assert narrative.verify("back.db")["verdict"] == "whole"
    (one, two) = (narrative.branches(name) for name in (story, "back.db"))
    assert one == two


def test_what_goes_out_and_what_comes_back_are_counted_alike(here):
    narrative.run("mine")
    narrative.what_if("mine", name="calm", without="plan")
    rows = {row["branch"]: row for row in narrative.branches("mine")}
    main, calm, fork = rows["main"]["events"], rows["calm"]["events"], rows["calm"]["fork_position"]
    for history, events, cash in (("mine", main + calm - fork, main), ("mine@calm", calm, calm)):
        made = narrative.export(history, format="jsonl", output="out.jsonl")
        assert len((here / "out.jsonl").read_bytes().splitlines()) == 1 + events
        assert made["events"] == events
        assert narrative.import_("out.jsonl", db=f"{history}.back")["events"] == events
        assert narrative.export(history, format="beancount", output="out")["events"] == cash


def test_a_folder_with_an_at_in_its_name_is_no_branch(here):
    (here / "at@home").mkdir()
    narrative.run("mine", db="at@home/mine.db")
    narrative.what_if("at@home/mine.db", name="calm", without="plan")
    narrative.export("at@home/mine.db", format="jsonl", output="out.jsonl")
    assert narrative.import_("out.jsonl")["branches"] == ["main", "calm"]


def test_branches_of_branches_come_back_with_their_questions_and_targets(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    grow("loop.db")
    narrative.export("loop.db", format="jsonl", output="all.jsonl")
    narrative.import_("all.jsonl", db="back.db")
    assert narrative.branches("back.db") == narrative.branches("loop.db")
    with open_log("loop.db", read_only=True) as log, open_log("back.db", read_only=True) as back:
        assert back.branches() == log.branches()
        assert [back.head(one.name) for one in back.branches()] == [
            log.head(one.name) for one in log.branches()
        ]
    narrative.export("loop.db@b", format="jsonl", output="one.jsonl")
    told = narrative.import_("one.jsonl")  # beside the file, by its name
    assert told["db"] == "one.db"
    assert told["branches"] == ["main", "a", "b"]
    assert (
        told["digests"]["b"] == {row["branch"]: row["digest"] for row in narrative.branches("loop.db")}["b"]
    )
    # What was cut where its child begins can be lived on, and gives what it gave.
    assert narrative.resume("one.db")["digest"] == narrative.branches("loop.db")[0]["digest"]


# --- targets ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["jsonl", "beancount", "parquet", "csv"])
def test_no_form_is_written_where_it_cannot_be(form, here):
    narrative.run("mine")
    with pytest.raises(Unwritable, match="is no directory"):
        narrative.export("mine", format=form, output="none/out")
    with pytest.raises(Unwritable, match="is a database"):
        narrative.export("mine", format=form, output="mine.db")
    narrative.export("mine", format=form, output="out")
    before = sorted(path.name for path in here.rglob("*"))
    narrative.export("mine", format=form, output="out")  # its own is written anew
    assert sorted(path.name for path in here.rglob("*")) == before


DOORS = {
    "tell": lambda output: narrative.tell("mine", format="markdown", output=output),
    "page": lambda output: narrative.page("mine", output=output),
    "export": lambda output: narrative.export("mine", format="jsonl", output=output),
    "import": lambda output: narrative.import_("out.jsonl", db=output),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("output", ["mine.db", "mine.db-wal", "mine.db.kept/main/events.parquet"])
def test_no_door_writes_over_a_history(door, output, here):
    narrative.run("mine")
    narrative.export("mine", format="jsonl", output="out.jsonl")
    (here / "mine.db.kept" / "main").mkdir(parents=True)
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    with pytest.raises(Unwritable):
        DOORS[door](output)
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("form", ["jsonl", "beancount", "parquet", "csv"])
def test_a_full_disk_leaves_nothing_half_written(form, here):
    narrative.run("mine")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, hard))
    try:
        with pytest.raises(Unwritable, match="out could not be written"):
            narrative.export("mine", format=form, output="out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path for path in here.rglob("*") if "out" in path.name] == []


def test_a_folder_that_holds_other_things_is_left_alone(here):
    with pytest.raises(Taken, match="holds other files"):
        narrative.export("mine", format="parquet", output="mine")
    Path("file").write_text("mine")
    with pytest.raises(Taken, match="is a file"):
        narrative.export("mine", format="csv", output="file")
    with pytest.raises(Unwritable, match="is a directory"):
        narrative.export("mine", format="jsonl", output="mine")
    assert Path("file").read_text() == "mine"


def test_forms_that_do_not_fit(here):
    with pytest.raises(BadFormat, match='"xml" is no format'):
        narrative.export("mine", format="xml", output="out")
    Path("facts.csv").write_text("")
    with pytest.raises(BadFormat, match="give --story"):
        narrative.import_("facts.csv", db="a.db")
    with pytest.raises(BadFormat, match="give --db"):
        narrative.import_("log.jsonl", story="a")


def test_rows_are_written_as_the_file_or_the_form_says(here):
    sql = "SELECT kind, COUNT(*) AS n FROM events GROUP BY kind"
    rows = narrative.query("mine", sql)
    for name, form in (("a.csv", None), ("b.JSON", None), ("c.txt", "parquet")):
        assert narrative.query("mine", sql, format=form, output=name) == rows
    lines = [f"{row['kind']},{row['n']}" for row in rows]
    assert Path("a.csv").read_text().splitlines() == ["kind,n", *lines]
    assert json.loads(Path("b.JSON").read_text()) == rows
    with duckdb.connect() as db:
        assert db.execute("SELECT kind, n FROM read_parquet('c.txt')").fetchall() == [
            (row["kind"], row["n"]) for row in rows
        ]
    for form, output, said in (
        ("parquet", None, "Parquet is no text: name a file with -o"),
        (None, "out.txt", "out.txt says no format: add --format csv, json or parquet"),
        ("table", "out.csv", '"table" is no format of rows: add --format csv, json or parquet'),
        ("xml", None, '"xml" is no format of rows: add --format table, csv, json or parquet'),
    ):
        with pytest.raises(BadFormat, match=said):
            narrative.query("mine", sql, format=form, output=output)
    assert not list(here.glob("out.*"))


def test_a_log_without_events_is_not_taken_in(tmp_path):
    with open_log(None) as log:
        export.as_jsonl(History(log, "main", "x"), None, tmp_path / "none.jsonl")
    with pytest.raises(NotALog, match="The file holds no events of main, so no story opens it"):
        narrative.import_(tmp_path / "none.jsonl")
    assert [path.name for path in tmp_path.iterdir()] == ["none.jsonl"]


def test_a_log_that_no_story_opens_is_not_taken_in(tmp_path):
    from support.drafts import fill

    with open_log(tmp_path / "notes.db") as log:
        fill(log, 3)
        log.flush()
        export.as_jsonl(History(log, "main", "x"), None, tmp_path / "notes.jsonl")
    with pytest.raises(Exception, match="begins with an Opening"):
        narrative.import_(tmp_path / "notes.jsonl", db=tmp_path / "back.db")
    assert not (tmp_path / "back.db").exists()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "parquet: File out of specification: underlying IO error: No space left on device (os error 28)",
            "No space left on device",
        ),
        ("File too large (os error 27)", "File too large"),
        ("cannot sink this\n\nmore of it", "cannot sink this"),
    ],
)
def test_what_a_disk_says_through_polars_is_told_in_its_own_words(said, told):
    assert export._said(PolarsError(said)) == told
