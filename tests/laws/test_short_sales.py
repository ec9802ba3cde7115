"""Who sells short has borrowed what it sells: in a squeeze, through a split, and however prices walk."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from support.credit import CLOSE, broken
from support.cutting import differing_cuts
from support.lives import lived, moments, named
from support.shorting import CASH, market, squeezed, step
from support.tiny import DAY, entry, told
from support.two_folds import agree

from events.event import OUTSIDE, Draft, Event
from events.fields import Fact
from events.funding_facts import Default
from events.log import Log, open_log
from events.market_facts import Split
from events.record_facts import Supposition
from narrative.analysis.exposure import exposures
from narrative.analysis.sectors import columns_of, matrices
from narrative.books.table import TABLE
from narrative.engine.run import live, world_at
from narrative.engine.setting import setting
from narrative.engine.shorts import shorts
from narrative.engine.world import World, unfold
from narrative.story.model import Story
from narrative.story.supposition import Supposed

LOOP = named("loop")
SHORTS = {"ShareLoan", "ShareReturn"}
# A fund that owes all it may of what falls, and whose trades press prices as hard as single shares are.
PRESSED = {"trading_scale": 0.02, "trading_size": 1.0, "trading_pace": 0.05, "impact": 1.0}


@cache
def squeeze() -> tuple[Log, list[int]]:
    turns: list[int] = []
    return lived(squeezed(**PRESSED), turns=turns), turns


def of(log: Log, *kinds: str) -> list[Event]:
    return [event for event in log.read("main") if event.kind in kinds]


def lawful(world: World) -> None:
    """Nobody holds less than nothing, and who owes shares owes them to who lent them, with a margin."""
    state = world.fold.state
    for account in ("stake", "borrowed", "short_margin"):
        for key, amount in state[account].items():
            opening = world.moment == world.opened and key.startswith(OUTSIDE)  # on its way
            assert amount >= 0 or opening, (world.position, account, key)
    for key, amount in state["cash"].items():
        assert amount >= 0 or key == OUTSIDE
    assert set(state["short_margin"]) <= set(state["borrowed"]) == set(state["borrowed_since"])
    assert broken(world) == []


def net(world: World, holder: str, asset: str) -> int:
    """Shares that somebody has on balance: below zero it is short of so many."""
    owed = shorts(world, holder).get(asset)
    return world.fold.sum("stake", f"{holder}/{asset}") - (owed.shares if owed else 0)


def test_it_sells_short_what_falls_and_buys_it_back_when_it_jumps() -> None:
    log, _ = squeeze()
    jumped = 40 * DAY + 9 * 3_600
    lent, back = of(log, "ShareLoan"), of(log, "ShareReturn")
    assert {event.fact.asset for event in lent} == {"cloud"}
    assert min(event.moment for event in lent) == 3 * DAY + CLOSE
    before = next(w for w in unfold(log.read("main")) if w.moment > 39 * DAY + CLOSE)
    assert net(before, "fund", "cloud") < -1_000_000
    called = [event for event in back if event.fact.called]
    assert called
    assert min(event.moment for event in called) == 40 * DAY + CLOSE
    assert all(event.moment > jumped for event in called)
    assert not world_at(log, "main").fold.state["borrowed"]


def test_a_squeeze_presses_the_price_up() -> None:
    """What is bought back when the margin is called lifts the price by more than half, and lasts for days."""

    def lifted(**terms: float) -> float:
        """The price a week after the jump, over the one before it."""
        log = lived(squeezed(**PRESSED | terms), until=47 * DAY)
        before, after = (
            [w.readings.price("cloud", w.moment) for w in unfold(log.read("main")) if w.moment < day * DAY][
                -1
            ]
            for day in (40, 47)
        )
        return after / before

    assert lifted() > 1.5 * 1.01
    assert lifted(short_size=0.0) == pytest.approx(1.5, abs=0.005)


def test_nobody_owes_a_share_where_the_switch_is_off() -> None:
    off = lived(squeezed(**PRESSED, short_size=0.0))
    assert SHORTS.isdisjoint({event.kind for event in off.read("main")})
    silent = lived(squeezed(**PRESSED | {"trading_size": 0.0}))
    assert {*SHORTS, "Trade"}.isdisjoint({event.kind for event in silent.read("main")})
    plain = squeezed(**PRESSED)
    without = evolve(plain, parameters=tuple(p for p in plain.parameters if not p.name.startswith("short_")))
    assert [e.fact for e in lived(without).read("main")][1:] == [e.fact for e in off.read("main")][1:]


def test_it_holds_at_every_event() -> None:
    log, _ = squeeze()
    for world in unfold(log.read("main")):
        lawful(world)


def test_it_is_cut_anywhere() -> None:
    log, turns = squeeze()
    assert {event.kind for event in log.read("main")} >= SHORTS
    assert differing_cuts(log, turns) == []


def test_both_folds_of_it_agree() -> None:
    log, _ = squeeze()
    agree(TABLE, list(log.read("main")), setting(log.opening().fact.text, "full").half_lives)


def test_killed_at_any_close_and_resumed_it_is_the_same(tmp_path: Path) -> None:
    """Cut off after each of its acts in turn, on disk, and lived on from what is there."""
    log, _ = squeeze()
    owing = [moment for _, moment in moments(log) if moment % DAY == CLOSE][::3]
    path = tmp_path / "short.db"
    story = squeezed(**PRESSED)
    with open_log(path) as first:
        lived(story, log=first, until=owing[0])
    for since, until in pairwise([*owing, story.until]):
        with open_log(path) as again:
            live(again, "main", world_at(again, "main"), until, since=since)
    with open_log(path, read_only=True) as whole:
        assert [e.fact for e in whole.read("main")][1:] == [e.fact for e in log.read("main")][1:]


def test_the_loop_sells_short_and_is_cut_anywhere() -> None:
    turns: list[int] = []
    log = lived(LOOP, turns=turns)
    assert {event.kind for event in log.read("main")} >= SHORTS
    assert differing_cuts(log, turns, every=3) == []


def test_exposure_and_sectors_add_up_with_shares_lent() -> None:
    log, _ = squeeze()
    story = squeezed(**PRESSED)
    events = [event for event in log.read("main") if event.moment <= 30 * DAY]
    world = world_at(log, "main", events[-1].position)
    owed, at = shorts(world, "fund")["cloud"], world.moment
    assert owed.shares > 0
    found = matrices(events, 12, story.start, at, columns_of(story, by="actor"))
    for cells in found.transactions.values():
        assert sum(cells.values()) == 0
    sums: dict[str, int] = {}
    for cells in found.transactions.values():
        for sector, amount in cells.items():
            sums[sector] = sums.get(sector, 0) + amount
    assert not any(sums.values())
    for claim in ("cash", "loans", "shares", "shares lent", "margins"):
        rows = [row for row in found.balances if row.claim == claim]
        assert sum(row.closing for row in rows) == sum(row.flows for row in rows) == 0
    held = {(row.claim, row.sector): row.closing for row in found.balances}
    flows = {(row.claim, row.sector): row.flows for row in found.balances}
    worth = {"ShareLoan": 1, "ShareReturn": -1}
    lent = sum(worth[e.kind] * (e.fact.worth or 0) for e in events if e.kind in worth)
    assert flows["shares lent", OUTSIDE] == lent == -flows["shares lent", "fund"] > 0
    sold = sum(e.fact.amount for e in events if e.kind == "Trade" and e.fact.seller == "fund")
    bought = sum(e.fact.amount for e in events if e.kind == "Trade" and e.fact.buyer == "fund")
    assert flows["shares", "fund"] == lent - sold + bought
    price = world.readings.price("cloud", at)
    assert held["shares lent", "fund"] == -round(owed.shares * price)
    assert held["margins", "fund"] == owed.margin == -held["margins", OUTSIDE]
    (one,) = [one for one in exposures(world, events, at) if one.kind == "share loan"]
    assert (one.debtor, one.holder, one.amount) == (OUTSIDE, "fund", owed.margin - round(owed.shares * price))


def test_a_split_counts_what_is_owed_anew() -> None:
    parted = entry("split", 20 * DAY, Split(asset="cloud", new=3, old=2, told=told("split")))
    log = lived(market(step(3, -0.25), step(8, -0.25), parted))
    before, after = (world_at(log, "main", event.position) for event in _around(log))
    assert shorts(after, "fund")["cloud"].shares == shorts(before, "fund")["cloud"].shares * 3 // 2 > 0
    for world in unfold(log.read("main")):
        if world.moment != 20 * DAY:  # one of whose facts counts the borrowed, another the held
            lawful(world)


def _around(log: Log) -> tuple[Event, Event]:
    events = list(log.read("main"))
    parted = [place for place, event in enumerate(events) if event.kind == "Split"]
    return events[parted[0] - 1], events[parted[-1]]


def test_who_has_nothing_left_defaults_and_its_lender_loses_the_rest() -> None:
    """Times sixty: all its cash does not buy back what it owes."""
    log = lived(squeezed(jump=59.0, **PRESSED))
    waived = [event.fact for event in of(log, "ShareReturn") if event.fact.waived]
    (failed,) = of(log, "Default")
    assert (failed.fact.debtor, failed.fact.creditor) == ("fund", OUTSIDE)
    world = world_at(log, "main")
    assert waived
    assert not world.fold.state["borrowed"]
    assert world.fold.sum("cash", "fund") == 0
    assert not [event for event in of(log, "Trade", "ShareLoan") if event.position > failed.position]
    for each in unfold(log.read("main")):
        lawful(each)


def test_who_is_in_default_or_follows_no_more_buys_back_all_it_owes() -> None:
    log, _ = squeeze()
    events = [event for event in log.read("main") if event.moment <= 30 * DAY]
    until = events[-1].position
    for number, changed in enumerate(({"trading_size": 0.0}, {"short_size": 0.0, "trading_pace": 1.0})):
        world = supposing(log, f"off-{number}", until, changed)
        assert not world.fold.state["borrowed"], changed
    failed = Default(debtor="fund", creditor="bank", amount=1, moment=30 * DAY)
    assert not supposing(log, "failed", until, {}, failed).fold.state["borrowed"]


def supposing(log: Log, branch: str, position: int, changed: dict[str, float], *facts: Fact) -> World:
    """A branch in which parameters are others and more has happened, ten days on."""
    log.fork(branch, "main", position)
    world = world_at(log, branch)
    fact = Supposition(text=Supposed(question="What if?", set=changed).dump())
    acts = [(Draft("test", each),) for each in (fact, *facts)]
    for event in log.append(branch, world.position, world.moment, acts):
        world.step(event)
    live(log, branch, world, world.moment + 10 * DAY)
    return world


RANGES = {
    p.name: (p.low, p.high)
    for p in LOOP.parameters
    if p.name.startswith(("trading_", "short_", "impact", "sector_impact")) and "half" not in p.name
}


@settings(max_examples=25, deadline=None)
@given(
    terms=st.fixed_dictionaries({name: st.floats(*ends) for name, ends in RANGES.items()}),
    walk=st.lists(st.floats(-0.6, 1.0), min_size=3, max_size=12),
    cash=st.sampled_from([0, 1_000_000, 10**9, CASH]),
)
def test_however_parameters_and_prices_walk(terms: dict[str, float], walk: list[float], cash: int) -> None:
    log = lived(walking(terms, walk, cash))
    for world in unfold(log.read("main")):
        lawful(world)


def walking(terms: dict[str, float], walk: list[float], cash: int) -> Story:
    return market(*(step(3 + 9 * day, part) for day, part in enumerate(walk)), cash=cash, **terms)


@pytest.mark.slow
@pytest.mark.parametrize("draw", range(4))
def test_no_refusal_is_of_a_trade_of_its_own(draw: int) -> None:
    log = lived(LOOP, seed=draw, until=LOOP.start + 3 * 365 * DAY)
    assert not [e for e in of(log, "Refusal") if e.fact.process == "trading"]
