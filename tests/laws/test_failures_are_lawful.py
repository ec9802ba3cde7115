"""A story in which two fail at once: conserved at every position, cut anywhere, and two folds of one log."""

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from support.credit import CLOSE, broken, lost
from support.cutting import differing_cuts
from support.failing import failing
from support.lives import lived, moments, named
from support.tiny import DAY
from support.two_folds import agree

from events.log import Log
from narrative.books.table import TABLE
from narrative.engine.run import world_at
from narrative.engine.setting import setting
from narrative.engine.world import unfold

SETTLED = 61 * DAY + CLOSE
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


def acted(log: Log) -> int:
    """How many events the moment of the settlement has."""
    return sum(event.moment == SETTLED for event in log.read("main"))


def test_a_default_never_helps_the_defaulted() -> None:
    """Neither its purse nor what it is worth is more after its settlement than before it."""
    log = lived(failing())
    settled = [end for end, moment in moments(log) if moment == SETTLED]
    before, after = (world_at(log, "main", end) for end in (settled[0] - acted(log), settled[0]))
    for who in ("lab", "cloud"):
        assert after.fold.sum("cash", who) <= before.fold.sum("cash", who)
        was, now = before.readings.value(who, SETTLED), after.readings.value(who, SETTLED)
        assert now < 0.06 * was


def test_loop_without_demand_fails_and_is_cut_anywhere_all_the_same() -> None:
    loop = named("loop")
    none = tuple(evolve(p, value=0.0) if p.name == "demand" else p for p in loop.parameters)
    log = lived(evolve(loop, parameters=none), seed=3, until=loop.calendar.at("2026-06-30"))
    assert {event.kind for event in log.read("main")} >= {"Shortfall", "Default", "Filing", "Cancellation"}
    assert differing_cuts(log, every=3) == []
    assert broken(world_at(log, "main")) == []


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
