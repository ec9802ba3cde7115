"""Money is conserved at every position; words move none."""

import pytest
from support.anchored import anchored
from support.credit import broken, lost, stakes
from support.full_cast import SEEDS, history
from support.lives import AI, lived, named
from support.tiny import ten_days

from events.log import Log
from narrative.analysis.replay import walk
from narrative.books.table import TABLE
from narrative.engine.world import World, unfold

WORDS = {
    "Announcement", "Retraction", "Delay", "Note", "Repricing", "PolicyRate", "Liquidity", "Fiscal", "Order",
    "Delivery", "Cancellation", "Pledge", "Release", "Guarantee", "Outcome", "Opening", "Supposition",
    "Withheld", "Refusal", "MarginCall", "Cure", "Default", "Issue", "Writedown", "Interest", "Liquidation",
    "Report", "Lapse", "Split",
}  # fmt: skip  # kinds that may not touch a purse


def worlds(log: Log) -> "list[World]":
    return unfold(log.read("main"))


def test_cash_sums_to_zero_at_every_position() -> None:
    for story in (ten_days(), anchored(), named(AI)):
        for world in worlds(lived(story)):
            assert sum(world.fold.state["cash"].values()) == 0, world.position


def test_debt_owed_equals_debt_lent_at_every_position() -> None:
    for story in (ten_days(), anchored(), named(AI)):
        for world in worlds(lived(story)):
            debt = sum(world.fold.state["debt"].values())
            assert debt == sum(world.fold.state["lent"].values()), world.position


def test_shares_held_are_shares_outstanding_at_every_position() -> None:
    for story in (ten_days(), anchored(), named(AI)):
        for world in worlds(lived(story)):
            outstanding = {asset: shares for asset, shares in world.fold.state["shares"].items() if shares}
            assert stakes(world) == outstanding, world.position


@pytest.mark.parametrize("tens", range(5))
def test_a_world_whose_processes_turn_keeps_every_law_of_money_debt_and_shares(tens: int) -> None:
    """The loop over fifty seeds, at every position."""
    for seed in range(10 * tens + 1, 10 * tens + 11):
        for world in worlds(lived(named("loop"), seed=seed)):
            assert broken(world) == [], (seed, world.position)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_record_with_everyone_playing_loses_no_money_debt_or_share(seed: int) -> None:
    for world in worlds(history(seed)):
        assert lost(world) == [], world.position


def test_no_known_purse_and_nothing_that_is_open_is_below_zero_at_any_position() -> None:
    for story, cast in ((ten_days(), "market"), (named(AI), "full"), (named("loop"), "full")):
        for world in unfold(lived(story, cast=cast).read("main")):
            state = world.fold.state
            for actor, account in world.known:
                assert account != "cash" or state["cash"].get(actor, 0) >= 0, (world.position, actor)
            for account in ("outstanding", "owed", "called", "secured", "pledged"):
                assert min(state[account].values(), default=0) >= 0, (world.position, account)


def test_an_announcement_moves_no_money() -> None:
    for story in (ten_days(), anchored(), named(AI)):
        events = lived(story).read("main")
        before: dict[str, int] = {}
        first = next(events)
        world = World(first)
        for event in events:
            world.step(event)
            now = dict(world.fold.state["cash"])
            if event.kind in WORDS:
                assert now == before, f"#{event.position} {event.kind}"
            before = now


def test_readings_over_a_span_end_where_the_replay_ends() -> None:
    log = lived(ten_days())
    (_, world) = list(walk(log, "main", [100 * 86_400]))[-1]
    assert world.position == log.head("main").position


MOVED = {"Endowment": ("cash",), "ShareLoan": ("fee", "margin"), "ShareReturn": ("fee", "margin")}


def test_every_row_of_cash_has_its_counterpart_in_the_table() -> None:
    kinds = {row.kind for row in TABLE.postings if row.account == "cash"}
    assert {"Payment", "Trade", "Clearing", "Repayment", "Endowment"} <= kinds
    for kind in kinds:
        signs = sorted((row.value, row.sign) for row in TABLE.rows(kind) if row.account == "cash")
        sums = MOVED.get(kind, ("amount",))
        assert signs == [(value, sign) for value in sums for sign in (-1, 1)], kind
