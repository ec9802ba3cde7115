"""A folder of somebody else's is stood in, and a story of somebody else's is opened: neither runs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from narrative.story.declared import UnknownProcess, Untrusted, lies, module_of, trusting

ROOT = Path(__file__).parents[3]
COMMAND = Path(sys.executable).with_name("narrative")
# What a library of ours tries to import where it is installed or not, and what a name alone would run.
BAIT = (
    "better_exceptions", "colorama", "altair", "vl_convert", "uplot", "sitecustomize", "usercustomize",
    "rich", "click", "polars", "simpy", "structlog", "msgspec", "numpy", "IPython", "pandas",
)  # fmt: skip  # one list
ROLE = """
[[cast.role]]
process = "{}"
latency = 1
of = ["lab"]
"""
PLAYS = """
import pathlib
pathlib.Path({!r}).write_text("ran")
ACCOUNTS = ()
def due(world, part, now): return None
def decide(world, part, now): return []
"""


def narrative(*args: str, at: Path, module: bool = False) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "narrative"] if module else [str(COMMAND)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*command, *args], cwd=at, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a small history, in which every name that might be imported is a trap."""
    done = narrative("run", "loop", "--until", "2025-02-15", at=tmp_path)
    assert done.returncode == 0, done.stderr
    for name in BAIT:
        trap = f"import pathlib\npathlib.Path({str(tmp_path / 'sprung')!r}).write_text(__name__)\n"
        (tmp_path / f"{name}.py").write_text(trap)
    (tmp_path / "uplot" / "static").mkdir(parents=True)
    (tmp_path / "uplot" / "static" / "uPlot.iife.js").write_text("alert('sprung')")
    (tmp_path / "uplot" / "static" / "uPlot.min.css").write_text("")
    return tmp_path


VERBS = [
    ["stories"], ["check", "loop"], ["schema"], ["run", "loop", "--db", "b.db", "--until", "2025-01-20"],
    ["resume", "loop.db", "--until", "2025-02-20"], ["what-if", "loop.db", "--name", "w", "--reseed", "2"],
    ["replay", "loop.db"], ["log", "loop.db"], ["branches", "loop.db"], ["show", "loop.db", "2"],
    ["why", "loop.db", "cloud", "valuation"], ["query", "loop.db", "select 1"], ["tell", "loop.db"],
    ["loop", "loop.db"], ["page", "loop.db", "-o", "p.html"], ["plot", "loop.db", "rungs", "-o", "p.svg"],
    ["export", "loop.db", "--format", "jsonl", "-o", "e.jsonl"], ["verify", "loop.db"],
    ["backup", "loop.db", "c.db"],
]  # fmt: skip  # one list


@pytest.mark.parametrize("module", [False, True])
def test_no_verb_runs_what_lies_in_the_folder_it_stands_in(folder: Path, module: bool) -> None:
    for verb in VERBS if not module else VERBS[:3]:
        done = narrative(*verb, at=folder, module=module)
        assert done.returncode == 0, (verb, done.stderr)
        assert not (folder / "sprung").exists(), (verb, (folder / "sprung").read_text())
    if not module:
        assert "sprung" not in (folder / "p.html").read_text(encoding="utf-8")


def test_no_worker_does(folder: Path) -> None:
    """A process that is spawned imports Python's own modules first, by a path of its own."""
    for name in ("multiprocessing", "pickle", "signal", "concurrent"):
        (folder / f"{name}.py").write_text((folder / "click.py").read_text())
    for verb in ("ensemble", "fragility"):
        words = (verb, "loop.db", "--at", "2025-02-10", "--seeds", "2", "--workers", "2")
        done = narrative(*words, at=folder)
        assert done.returncode == 0, (verb, done.stderr)
        assert not (folder / "sprung").exists(), (verb, (folder / "sprung").read_text())


# --- a story that casts somebody's own process ---------------------------------------------------------


@pytest.fixture
def cast(tmp_path: Path) -> Path:
    """A folder in which the story `mystory` casts evil.player, which leaves a mark when run."""
    shutil.copytree(ROOT / "replays" / "loop", tmp_path / "mystory")
    with (tmp_path / "mystory" / "replay.toml").open("a", encoding="utf-8") as tale:
        tale.write(ROLE.format("evil.player"))
    (tmp_path / "evil").mkdir()
    (tmp_path / "evil" / "__init__.py").write_text(f"open({str(tmp_path / 'parent')!r}, 'w').close()\n")
    (tmp_path / "evil" / "player.py").write_text(PLAYS.format(str(tmp_path / "ran")))
    return tmp_path


def ran(folder: Path) -> bool:
    return (folder / "ran").exists() or (folder / "parent").exists()


RUN = ("run", "mystory", "--cast", "full", "--until", "2025-01-20")


def test_what_only_reads_a_story_never_imports_what_it_casts(cast: Path) -> None:
    checked = narrative("check", "mystory", at=cast)
    assert checked.returncode == 0, checked.stdout
    assert "It casts evil.player: code of somebody's own" in checked.stdout
    assert json.loads(narrative("check", "mystory", "--json", at=cast).stdout)["code"] == ["evil.player"]
    assert not ran(cast)


def test_it_runs_only_where_it_is_trusted(cast: Path) -> None:
    for verb in (RUN, ("replay", "mystory"), ("verify", "mystory"), ("tell", "mystory")):
        done = narrative(*verb, at=cast)
        assert (done.returncode, done.stdout) == (2, ""), verb
        assert "--trust" in done.stderr
        assert not (cast / "mystory.db").exists()
    assert not ran(cast)
    assert narrative(*RUN, "--trust", at=cast).returncode == 0
    assert ran(cast)


def test_a_database_whose_processes_are_somebodys_own_is_read_without_running_them(cast: Path) -> None:
    assert narrative(*RUN, "--trust", at=cast).returncode == 0
    (cast / "ran").unlink()
    (cast / "parent").unlink()
    for verb in VERBS:
        if "loop.db" in verb:
            given = [*(one.replace("loop.db", "mystory.db") for one in verb)]
            done = narrative(*given, at=cast)
            lives = verb[0] in ("resume", "what-if", "verify")
            assert done.returncode == (2 if lives else 0), (verb, done.stderr)
            assert ("Untrusted: " in done.stderr) == lives, (verb, done.stderr)
    assert not ran(cast)
    listed = json.loads(narrative("branches", "mystory.db", "--json", at=cast).stdout)
    assert [row["branch"] for row in listed] == ["main"]  # a what-if that was refused began none
    said = narrative("verify", "mystory.db", at=cast).stderr
    assert "Every event of mystory.db is as it was appended" in said
    for verb in (["verify", "mystory.db"], ["resume", "mystory.db", "--until", "2025-02-20"]):
        assert narrative(*verb, "--trust", at=cast).returncode == 0
    assert ran(cast)


@pytest.mark.parametrize("process", ["antigravity.x", "this.x", "no.such", "json.nothing"])
def test_a_look_up_imports_no_package_above(process: str) -> None:
    sys.modules.pop("this", None)
    assert not lies(process)
    assert "this" not in sys.modules
    assert "antigravity" not in sys.modules


def test_a_look_up_finds_what_lies_in_packages_with_and_without_a_file_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spaced" / "deep").mkdir(parents=True)
    (tmp_path / "spaced" / "deep" / "player.py").write_text("raise SystemExit('imported')\n")
    assert lies("spaced.deep.player")
    assert lies("json.tool")
    assert not lies("spaced.deep.other")


def test_the_folder_is_on_the_path_only_while_a_trusted_process_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine_to_play.py").write_text("")
    with pytest.raises(Untrusted, match="--trust"):
        module_of("mine_to_play.x")
    before = list(sys.path)
    with trusting(), pytest.raises(UnknownProcess, match="'mine_to_play' is not a package"):
        module_of("mine_to_play.x")
    assert sys.path == before


def test_no_link_in_a_folder_chooses_where_what_nobody_named_is_written(tmp_path: Path) -> None:
    """A page, a database, a story of facts: by its own name it is never written to where a link leads."""
    folder, away = tmp_path / "folder", tmp_path / "away"
    folder.mkdir()
    away.mkdir()
    assert narrative("new", "trial", at=folder).returncode == 0
    (folder / "trial.db").symlink_to(away / "run.db")
    (folder / "trial.html").symlink_to(away / "page.html")
    (folder / "facts").symlink_to(away / "story")
    (folder / "e.db").symlink_to(away / "imported.db")
    (folder / "facts.csv").write_text(
        "date,kind,actor,amount,headline,source\n2001-02-01,Funding,Mill,5m,x,s\n"
    )
    assert narrative("run", "trial", "--db", "own.db", at=folder).returncode == 0
    assert narrative("export", "own.db", "--format", "jsonl", "-o", "e.jsonl", at=folder).returncode == 0
    for words, name in (
        (("run", "trial"), "trial.db"),
        (("page", "own.db"), "trial.html"),
        (("import", "facts.csv"), "facts"),
        (("import", "e.jsonl"), "e.db"),
    ):
        done = narrative(*words, at=folder)
        assert (done.returncode, done.stderr.partition(",")[0]) == (2, f"Unwritable: {name} is a link")
    assert narrative("replay", "trial", at=folder).returncode
    assert not list(away.iterdir())
    assert narrative("page", "own.db", "-o", "trial.html", at=folder).returncode == 0  # which somebody named
    assert [path.name for path in away.iterdir()] == ["page.html"]


def test_no_link_in_a_story_or_beside_a_history_does(tmp_path: Path) -> None:
    """Quotes that are taken in, and the lock of a database: neither goes where a link leads."""
    folder, away = tmp_path / "folder", tmp_path / "away"
    folder.mkdir()
    away.mkdir()
    (away / "precious").write_text("precious")
    assert narrative("new", "trial", at=folder).returncode == 0
    assert narrative("run", "trial", at=folder).returncode == 0
    (folder / "trial.db-lock").symlink_to(away / "lock")
    done = narrative("note", "trial.db", "a note", at=folder)
    assert (done.returncode, "trial.db-lock cannot be made beside it" in done.stderr) == (2, True), (
        done.stderr
    )
    told = folder / "trial" / "replay.toml"
    record = '[record]\nuntil = 2025-06-30\nsource = "s"\nconfidence = "high"\n\n[money]'
    told.write_text(told.read_text(encoding="utf-8").replace("[money]", record, 1), encoding="utf-8")
    (folder / "q.csv").write_text("date,actor,close,shares,source\n2025-02-03,chipmaker,10,,s\n")
    (folder / "trial" / "quotes.csv").symlink_to(away / "precious")
    done = narrative("import", "q.csv", "--quotes", "--story", "trial", at=folder)
    assert (done.returncode, done.stderr.partition(",")[0]) == (
        2,
        "Unwritable: trial/quotes.csv is a link",
    )
    assert [path.name for path in away.iterdir()] == ["precious"]
    assert (away / "precious").read_text() == "precious"
