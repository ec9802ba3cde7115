"""A story in which two fail at once: conserved at every position, cut anywhere, and two folds of one log."""

from hypothesis import given, settings
from hypothesis import strategies as st
from support.credit import broken, lost
from support.cutting import differing_cuts
from support.failing import failing
from support.lives import lived, moments
from support.two_folds import agree

from narrative.books.table import TABLE
from narrative.engine.setting import setting
from narrative.engine.world import unfold

HAPPENED = {"Default", "Clearing", "Writedown", "Filing", "Emergence", "Cancellation", "Payment", "Repricing"}


def test_what_fails_is_settled_files_and_comes_back() -> None:
    log = lived(failing())
    assert {event.kind for event in log.read("main")} >= HAPPENED
    defaults = [event.fact.debtor for event in log.read("main") if event.kind == "Default"]
    assert {*defaults} == {"cloud", "lab"}


def test_cash_debt_and_shares_are_conserved_at_every_position() -> None:
    for world in unfold(lived(failing()).read("main")):
        assert lost(world) == [], world.position
        assert {"cash sums to zero", "debt is what was lent"}.isdisjoint(broken(world))


def test_every_cut_lives_on_alike() -> None:
    turns: list[int] = []
    assert differing_cuts(lived(failing(), turns=turns), turns) == []


def test_both_folds_of_it_agree() -> None:
    log = lived(failing())
    agree(TABLE, list(log.read("main")), setting(log.opening().fact.text, "full").half_lives)


@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_they_are_conserved_whatever_is_assumed(data: st.DataObject) -> None:
    parts = ("default_recovery", "default_alpha", "default_beta")
    chosen = {name: data.draw(st.floats(0.0, 1.0), label=name) for name in parts}
    chosen["default_equity"] = data.draw(st.floats(0.001, 1.0), label="default_equity")
    chosen["default_file_days"] = float(data.draw(st.integers(0, 90), label="file"))
    chosen["default_emerge_days"] = float(data.draw(st.integers(0, 90), label="emerge"))
    log = lived(failing(**chosen))
    ends = {position for position, _ in moments(log)}
    for world in unfold(log.read("main")):
        assert lost(world) == [], world.position
        if world.position in ends:  # in between, who owe each other pay before they are paid
            cash = world.fold.state["cash"]
            assert all(held >= 0 for who, held in cash.items() if who != "outside")
