"""A history whose run was cut short says so on every screen, until it is completed."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import narrative
from narrative.cli import main


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


@pytest.fixture
def half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A run of two months that was stopped in the first."""
    monkeypatch.chdir(tmp_path)

    def stop(moment: int, events: int, until: int) -> None:
        if events > 40:
            raise Stopped

    with pytest.raises(Stopped):
        narrative.run("loop", db="a.db", until="2025-06-30", progress=stop)
    return "a.db"


def said(*words: str) -> str:
    done = CliRunner().invoke(main, list(words))
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


def test_every_screen_says_that_it_was_cut_short(half: str) -> None:
    narrative.page(half, output="half.html")
    shown = [said("replay", half), said("tell", half), Path("half.html").read_text(encoding="utf-8")]
    for text in shown:
        assert "cut short of 2025-06-30" in text
    assert "cut short of 2025-06-30T23:59:59" in said("branches", half)
    assert narrative.replay(half).meant == narrative.branches(half)[0].meant == "2025-06-30T23:59:59"
    narrative.resume(half)
    narrative.page(half, output="whole.html")
    shown = [said("replay", half), said("tell", half), said("branches", half)]
    for text in (*shown, Path("whole.html").read_text(encoding="utf-8")):
        assert "cut short of" not in text
    assert narrative.replay(half).meant is None
