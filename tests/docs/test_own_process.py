"""The processes of docs/processes.md are run as they are printed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.lives import lived
from support.tiny import balance, story, ten_days

from narrative.story.declared import BadProcess, UnknownProcess, trusting
from narrative.story.model import Actor, Cast, Role
from narrative.testing import cut_anywhere

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "processes.md"
TOML = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture
def shorts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Writes a module into the package `shorts`, which is trusted meanwhile, and gives its dotted path."""
    folder = tmp_path / "shorts"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(name: str, code: str) -> str:
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
        for module in [m for m in sys.modules if m.split(".")[0] == "shorts"]:
            monkeypatch.delitem(sys.modules, module)
        return f"shorts.{name}"

    with trusting():
        yield write


BEAR = Actor(id="bear", name="Bear", opening=(balance("cash", 1),))


def hot_story(process: str):
    """The tiny story with a bear in it, whose cloud trades on belief after its second day."""
    tale = ten_days()
    return story(
        tale.entries,
        actors=(*tale.actors, BEAR),
        cast=Cast(default="full", role=(*tale.cast.role, Role(process=process, latency=1, of=("bear",)))),
    )


def test_the_short_seller_is_twenty_lines_or_little_more() -> None:
    lines = [line for line in BLOCKS[0].splitlines() if line.strip() and not line.strip().startswith("#")]
    assert len(lines) <= 24


def test_it_sells_what_trades_on_belief_and_buys_back(shorts) -> None:
    tale = hot_story(shorts("short_seller", BLOCKS[0]))
    trades = [event.fact for event in lived(tale, cast="full").read("main") if event.kind == "Trade"]
    assert [(t.seller, t.buyer, t.asset) for t in trades] == [
        ("bear", "outside", "cloud"),
        ("outside", "bear", "cloud"),
    ]
    assert trades[0].shares == trades[1].shares == 1_000_000


def test_it_can_be_cut_anywhere(shorts) -> None:
    process = shorts("short_seller", BLOCKS[0])
    assert cut_anywhere(process, hot_story(process)) > 5


def test_the_one_that_looks_writes_into_the_diary(shorts) -> None:
    import structlog
    from structlog.testing import capture_logs

    tale = hot_story(shorts("looks", BLOCKS[2]))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("info"))
    try:
        with capture_logs() as lines:
            lived(tale, cast="full")
    finally:
        structlog.reset_defaults()
    looked = [line for line in lines if line["event"] == "looked"]
    assert len(looked) == 2 * len({line["moment"] for line in looked}) > 0  # asked twice at each moment
    assert {(line["story"], line["cash"]) for line in looked} == {(tale.id, 1)}


def narrative(*args: str, at: Path) -> subprocess.CompletedProcess[str]:
    """The installed command, which has no folder of its own on its path."""
    command = Path(sys.executable).with_name("narrative")
    return subprocess.run([command, *args], cwd=at, capture_output=True, text=True, check=False)


def test_the_command_finds_it_in_the_folder_one_is_in(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "replays" / "loop", tmp_path / "mystory")
    with (tmp_path / "mystory" / "replay.toml").open("a", encoding="utf-8") as tale:
        tale.write(TOML[0])
    missing = narrative("check", "mystory", at=tmp_path)
    assert missing.returncode == 2
    assert '"shorts.short_seller" cannot play' in missing.stdout
    assert narrative("run", "mystory", "--cast", "full", at=tmp_path).returncode == 2
    assert not (tmp_path / "mystory.db").exists()
    (tmp_path / "shorts").mkdir()
    (tmp_path / "shorts" / "short_seller.py").write_text(BLOCKS[0], encoding="utf-8")
    checked = narrative("check", "mystory", at=tmp_path)
    assert checked.returncode == 0
    assert "It casts shorts.short_seller" in checked.stdout
    play = ("run", "mystory", "--cast", "full", "--until", "2025-03-31")
    refused = narrative(*play, at=tmp_path)
    assert refused.returncode == 2
    assert refused.stderr.startswith("Untrusted: shorts.short_seller")
    assert "--trust" in refused.stderr
    assert not (tmp_path / "mystory.db").exists()
    done = narrative(*play, "--trust", at=tmp_path)
    assert (done.returncode, done.stdout.count("events")) == (0, 1), done.stderr
    assert "bear" in narrative("log", "mystory", "--json", at=tmp_path).stdout


REMEMBERS = """
from events.event import Draft
from events.facts import Note
ACCOUNTS = ()
seen = []
def due(world, part, now):
    return world.review(now, 7)
def decide(world, part, now):
    if now not in seen:
        seen.append(now)
    return [(Draft(part.actor, Note(author=part.actor, text=str(len(seen)))),)]
"""


def test_a_process_that_remembers_is_caught(shorts) -> None:
    process = shorts("remembers", REMEMBERS)
    with pytest.raises(BadProcess, match="something is kept that cannot be read off the world"):
        cut_anywhere(process, hot_story(process))


def test_a_process_that_remembers_from_call_to_call_is_caught_at_once(shorts) -> None:
    process = shorts("counts", REMEMBERS.replace("if now not in seen:", "if True:"))
    with pytest.raises(BadProcess, match="gave two answers to one world"):
        lived(hot_story(process), cast="full")


SOON = "return world.review(now, 7)"
NOTE = "Note(author='bear', text='')"


def says(fact: str, actor: str = "bear", origin: str = "modelled") -> str:
    return f"return [(Draft('{actor}', {fact}, '{origin}'),)]"


HEAD = """
from events.event import Draft
from events.facts import *
class Odd(Note):
    pass
"""


@pytest.mark.parametrize(
    ("due", "decide", "words"),
    [
        ("return now", "return []", "takes None or a whole moment after now"),
        ("return 'soon'", "return []", "takes None or a whole moment after now"),
        ("return world.review(now, 7)", "return 7", "takes a list of acts"),
        ("return world.review(now, 7)", "return [()]", "takes a list of acts"),
        ("return world.review(now, 7)", "yield 1", "takes a list of acts"),
        ("return world.review(now, 7)", "raise SystemExit", "raised SystemExit"),
        (SOON, "world.parameters['silent_step'] = 9.0; return []", "changed the world"),
        (SOON, "world.fold.state['cash']['bear'] = 10**9; return []", "changed the world"),
        (SOON, says("Supposition(text='')"), "only the engine itself writes Supposition"),
        (SOON, says("Endowment(holder='bear', cash=9)"), "only the engine itself writes Endowment"),
        (SOON, says("Odd(author='bear', text='')"), "Odd is no kind of fact"),
        (SOON, says(NOTE, origin="recorded"), 'and no "recorded" fact'),
        (SOON, says(NOTE, actor="lab"), 'plays "bear", and acts in no other'),
        ("return world.review(now, 7)", "return 1 / 0", "raised ZeroDivisionError"),
        ("return world.nothing", "return []", "raised AttributeError"),
    ],
)
def test_nonsense_is_one_sentence(shorts, due: str, decide: str, words: str) -> None:
    code = HEAD + (
        f"ACCOUNTS = ()\ndef due(world, part, now):\n    {due}\ndef decide(world, part, now):\n    {decide}\n"
    )
    process = shorts("nonsense", code)
    with pytest.raises(BadProcess, match=words):
        lived(hot_story(process), cast="full")


@pytest.mark.parametrize("accounts", ["5", '"cash"', '("cahs",)', "(7,)"])
def test_accounts_that_are_none_are_said_before_anything_is_appended(shorts, accounts: str) -> None:
    code = f"ACCOUNTS = {accounts}\ndef due(world, part, now): return None\ndef decide(*_): return []\n"
    process = shorts("misread", code)
    with pytest.raises(BadProcess, match="it takes a tuple of accounts of the posting table"):
        lived(hot_story(process), cast="full")


@pytest.mark.parametrize(
    "code", ["def due(:", "raise RuntimeError('no')", "import sys; sys.exit(0)", "due = 1"]
)
def test_a_module_that_cannot_be_imported_is_one_sentence(shorts, code: str) -> None:
    process = shorts("broken", code)
    with pytest.raises(UnknownProcess, match=r"shorts\.broken"):
        lived(hot_story(process), cast="full")
