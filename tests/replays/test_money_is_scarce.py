"""Promises need money: the record of 2025 with everyone playing, with customers and without any."""

from collections import Counter
from functools import cache

import pytest
from attrs import evolve
from support.full_cast import END, SEEDS, STORY, history
from support.lives import lived

from events.event import Event
from narrative.engine.run import world_at
from narrative.engine.world import World

RECORDED = STORY.calendar.at("2026-07-01")  # the last day that the record tells
DEBTORS = {
    actor.id
    for actor in STORY.actors
    if any(b.account == "debt" and (b.opened("full") or 0) > 0 for b in actor.opening)
}


def events(seed: int) -> list[Event]:
    return list(history(seed).read("main"))


@cache
def unpaid_for() -> tuple[World, list[Event]]:
    """Nobody outside pays for any use, from the first day on."""
    without = tuple(evolve(p, value=0.0) if p.name == "demand" else p for p in STORY.parameters)
    log = lived(evolve(STORY, parameters=without), cast="full", until=END)
    return world_at(log, "main"), list(log.read("main"))


def test_a_lab_without_customers_burns_what_it_has_and_raises_nothing_more() -> None:
    world, told = unpaid_for()
    assert world.fold.sum("revenue", "openai") == 0
    opened = next(
        b.assumed for a in STORY.actors if a.id == "openai" for b in a.opening if b.account == "cash"
    )
    assert 0 <= world.fold.sum("cash", "openai") < (opened or 0)
    modelled = [e for e in told if e.origin == "modelled" and e.kind == "Funding"]
    assert "openai" not in {e.fact.company for e in modelled}
    assert "openai" in {e.fact.actor for e in told if e.kind == "Shortfall"}


def test_a_private_mark_stands_where_the_last_round_left_it_until_it_fails() -> None:
    """Owners are then left a twentieth, since what it takes does not cover its costs."""
    world, told = unpaid_for()
    rounds = [e.fact.post_money for e in told if e.kind == "Funding" and e.fact.company == "openai"]
    marks = [
        (e.moment, e.fact.post_money)
        for e in told
        if e.kind == "Repricing" and e.fact.asset == "openai" and e.fact.post_money
    ]
    (filed,) = [e.moment for e in told if e.kind == "Filing" and e.fact.debtor == "openai"]
    last = [post for post in rounds if post][-1]
    assert [mark for moment, mark in marks if moment < filed][-1:] in ([], [last])
    assert world.fold.last("post_money", "openai") == pytest.approx(0.05 * last, rel=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_over_the_record_nobody_wants_for_money_whom_it_knows_alive(seed: int) -> None:
    early = [event for event in events(seed) if event.moment <= RECORDED]
    assert not {"Default", "Shortfall"} & {event.kind for event in early}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_debtor_pays_interest_and_a_part_of_its_debt_each_year(seed: int) -> None:
    made = [e for e in events(seed) if e.kind in ("Interest", "Repayment") and e.moment <= RECORDED]
    paying = {(e.kind, e.fact.borrower) for e in made if e.fact.loan.startswith("bond:")}
    assert paying >= {(kind, debtor) for kind in ("Interest", "Repayment") for debtor in DEBTORS}


@pytest.mark.parametrize("seed", SEEDS)
def test_boards_do_not_all_order_in_one_moment_when_the_record_hands_over(seed: int) -> None:
    """Seventeen orders fell in one second when nine boards met; now a day may be that of two of them, and
    each may order from all its suppliers.
    """
    made = [e for e in events(seed) if e.kind == "Order" and e.origin == "modelled"]
    boards = Counter(moment for moment, _ in {(e.moment, e.actor) for e in made})
    assert made
    assert max(boards.values()) <= 2
    assert max(Counter(e.moment for e in made).values()) < 9
