"""A history is lived on by the rule that lived it, or not at all."""

import sys
from pathlib import Path

import pytest

import narrative
from narrative.analysis.history import ChangedModel
from narrative.story.template import starting_files

CLOCK = """
from events.event import Draft
from events.facts import Sale

ACCOUNTS = ()
AMOUNT = 100

def due(world, part, now):
    return world.review(now, 30)

def decide(world, part, now):
    return [(Draft(part.actor, Sale(seller=part.actor, amount=AMOUNT)),)]
"""
ROLE = '[cast]\ndefault = "full"\n\n[[cast.role]]\nprocess = "ticking.clock"\nlatency = 1\nof = ["lab"]\n'


@pytest.fixture
def clock(tmp_path, monkeypatch):
    """The module of a process of one's own, cast in ./mine, of which mine.db is lived for half a year."""
    (tmp_path / "ticking").mkdir()
    (tmp_path / "ticking" / "clock.py").write_text(CLOCK)
    (tmp_path / "mine").mkdir()
    for name, text in starting_files("mine").items():
        head, _, rest = text.partition("[cast]")
        tail = rest[rest.index("\n\n[") :] if rest else ""
        (tmp_path / "mine" / name).write_text(f"{head}{ROLE}{tail}" if rest else text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    narrative.run("mine", until="2025-06-30", trust=True)
    yield sys.modules["ticking.clock"]
    for name in ("ticking", "ticking.clock"):
        sys.modules.pop(name, None)


def test_a_process_of_ones_own_that_was_changed_does_not_live_the_history_on(clock, monkeypatch):
    monkeypatch.setattr(clock, "AMOUNT", 999)
    before = Path("mine.db").read_bytes()
    with pytest.raises(ChangedModel, match=r"ticking\.clock would append another event at main@"):
        narrative.resume("mine.db", until="2025-12-31", trust=True)
    with pytest.raises(ChangedModel):
        narrative.what_if("mine.db", name="w", at="2025-03-01", reseed=2, trust=True)
    assert Path("mine.db").read_bytes() == before


def test_a_process_that_decides_as_before_lives_on_whatever_else_was_changed(clock, monkeypatch):
    monkeypatch.setattr(clock, "__doc__", "Mended: it does what it did.")
    narrative.what_if("mine.db", name="w", at="2025-03-01", reseed=2, trust=True)
    assert narrative.resume("mine.db", until="2025-12-31", trust=True).until.startswith("2025-12-31")
    assert narrative.resume("mine.db@w", until="2025-12-31", trust=True).until.startswith("2025-12-31")
    assert narrative.verify("mine.db", trust=True).verdict == "whole"
