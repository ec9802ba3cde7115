"""The short seller of notes/own-process.md is run as it is printed."""

import re
import sys
from pathlib import Path

import pytest
from lives import lived
from tiny import story, ten_days

from narrative.playing import BadProcess
from narrative.scenario import Actor, Cast, Role
from narrative.testing import cut_anywhere

PAGE = Path(__file__).parents[2] / "notes" / "own-process.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture
def shorts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Writes a module into the package `shorts` and gives its dotted path."""
    folder = tmp_path / "shorts"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(name: str, code: str) -> str:
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
        for module in [m for m in sys.modules if m.split(".")[0] == "shorts"]:
            monkeypatch.delitem(sys.modules, module)
        return f"shorts.{name}"

    return write


def hot_story(process: str):
    """The tiny story with a bear in it, whose cloud trades on belief after its second day."""
    tale = ten_days()
    return story(
        tale.entries,
        actors=(*tale.actors, Actor(id="bear", name="Bear")),
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


@pytest.mark.parametrize(
    ("due", "decide", "words"),
    [
        ("return now", "return []", "takes None or a whole moment after now"),
        ("return 'soon'", "return []", "takes None or a whole moment after now"),
        ("return world.review(now, 7)", "return 7", "takes a list of acts"),
        ("return world.review(now, 7)", "return [()]", "takes a list of acts"),
        ("return world.review(now, 7)", "return 1 / 0", "raised ZeroDivisionError"),
        ("return world.nothing", "return []", "raised AttributeError"),
    ],
)
def test_nonsense_is_one_sentence(shorts, due: str, decide: str, words: str) -> None:
    code = (
        f"ACCOUNTS = ()\ndef due(world, part, now):\n    {due}\ndef decide(world, part, now):\n    {decide}\n"
    )
    process = shorts("nonsense", code)
    with pytest.raises(BadProcess, match=words):
        lived(hot_story(process), cast="full")
