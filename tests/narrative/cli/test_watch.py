"""Watching a long run: what is told before the first of many members is done."""

import sys

import pytest

from narrative.cli.watch import Watch


@pytest.mark.parametrize(("of", "told"), [("members", True), (None, False)])
def test_that_no_member_is_done_yet_is_told_at_once(
    of: str | None, told: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Watch("a.db", of=of) as watch:
        watch(0, 0, 80)
        assert ("0 of 80 members" in capsys.readouterr().err) == told


def test_a_stop_asked_for_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with Watch("a.db", "Ask again to go on.", of="members") as watch:
        monkeypatch.setattr(watch, "_asked", True)
        with pytest.raises(KeyboardInterrupt, match=r"stopped between two members\. Ask again to go on\."):
            watch.seeds(1, 80)
