"""The diary bears on every line where it is, and a library nobody configured says nothing."""

import json
import os
import subprocess
import sys

import pytest
from structlog.testing import capture_logs

import narrative


def python(code, where, **env):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=where,
        env=os.environ | env,
        capture_output=True,
        text=True,
        check=True,
    )


def test_a_library_nobody_configured_says_nothing(tmp_path):
    code = """
import structlog  # loaded, and not configured: it would print on standard output
import narrative
narrative.run("loop", db="loop.db", until="2025-02-10")
narrative.what_if("loop.db", name="calm", from_=None, set={"call_ltv": 0.5}, at="2025-02-01")
"""
    done = python(code, tmp_path, NARRATIVE_DIARY="debug")
    assert (done.stdout, done.stderr) == ("", "")


@pytest.fixture
def configured():
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("debug"))
    yield
    structlog.reset_defaults()


def test_every_line_bears_story_branch_and_moment(tmp_path, configured):
    db = tmp_path / "loop.db"
    with capture_logs() as lines:
        lived = narrative.run("loop", db=db, until="2025-02-10")
        narrative.what_if(str(db), name="calm", set={"call_ltv": 0.5}, at="2025-02-01", until="2025-02-10")
    assert {(line["story"], line["branch"]) for line in lines} == {("loop", "main"), ("loop", "calm")}
    assert all("2025-01-01T00:00:00" <= line["moment"] <= "2025-02-10T23:59:59" for line in lines)
    own = [line for line in lines if line["branch"] == "main"]
    opening = 39
    assert sum(line["events"] for line in own if line["event"] == "moment") == lived["events"] - opening
    assert [line["event"] for line in lines if line["event"] != "moment"] == [
        "living", "lived", "forked", "living", "lived",
    ]  # fmt: skip  # one list


def test_a_history_is_the_same_whether_or_not_it_is_watched(tmp_path, configured):
    with capture_logs():
        loud = narrative.run("loop", db=tmp_path / "loud.db", until="2025-02-10")
    import structlog

    structlog.reset_defaults()
    assert narrative.run("loop", db=tmp_path / "quiet.db", until="2025-02-10")["digest"] == loud["digest"]


@pytest.mark.parametrize(("form", "first"), [("json", "{"), ("console", "")])
def test_lines_are_for_programs_or_for_people(tmp_path, form, first):
    code = 'from narrative.cli import main; main(["stories", "--json", "-v"])'
    done = python(
        f"try:\n    {code}\nexcept SystemExit as e: assert not e.code", tmp_path, NARRATIVE_DIARY_FORMAT=form
    )
    assert json.loads(done.stdout)
    lines = done.stderr.splitlines()
    assert lines
    for line in lines:
        assert line.startswith(first)
        assert (form == "json") == (line[:1] == "{")
