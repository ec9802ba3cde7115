"""ai-2025 with the full cast: the record is told as ever, processes act between and beyond it."""

from collections.abc import Iterator

import pytest
from support.credit import stakes
from support.full_cast import END, SEEDS, STORY, history, played_by
from support.lives import lived
from support.worlds import cash_moves

import narrative
from events.event import Event
from events.record_facts import Result
from narrative.engine.world import World, unfold
from narrative.story.calendar import DAY
from narrative.story.declared import declared, ours

LAST = max(entry.moment for entry in STORY.entries)
OPENING = STORY.start


def events(seed: int) -> list[Event]:
    return list(history(seed).read("main"))


def told(found: list[Event]) -> Iterator[Event]:
    """What the record says after the opening."""
    return (event for event in found if event.origin == "recorded" and event.moment > OPENING)


def modelled(found: list[Event]) -> Iterator[Event]:
    return (event for event in found if event.origin == "modelled")


# --- the record ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_every_entry_is_told_in_the_same_words_as_without_processes(seed: int) -> None:
    alone = [(e.moment, e.kind, e.actor, e.fact) for e in told(list(lived(STORY, cast="none").read("main")))]
    told_here = (event for event in told(events(seed)) if event.moment <= STORY.until)  # plans end after it
    among = [(e.moment, e.kind, e.actor, e.fact) for e in told_here]
    assert among == alone
    entries = {fact.told.entry for *_, fact in among if fact.told and not isinstance(fact, Result)}
    assert entries == {entry.id for entry in STORY.entries}
    assert len(STORY.entries) == 192


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_told_is_recorded_and_what_is_decided_is_modelled(seed: int) -> None:
    assert {event.origin for event in events(seed)} == {"recorded", "modelled"}
    assert not [event for event in modelled(events(seed)) if event.fact.told is not None]
    untold = {event.kind for event in told(events(seed)) if event.fact.told is None}
    # Closes are of a file of their own, plans end by what they said; the rest is what an entry takes back
    # before it replaces another.
    assert untold == {"Quote", "Lapse", "Retraction", "Cancellation"}


def test_with_the_market_alone_nothing_is_assumed_of_an_unknown_purse() -> None:
    full, market = World(events(1)[0]), World(next(lived(STORY).read("main")))
    assumed = {("openai", "cash"), ("anthropic", "cash")}
    assert full.known - market.known == assumed
    openings = {event.fact.told.entry: event.fact for event in events(1) if event.kind == "Endowment"}
    for actor, account in assumed:
        assert openings[f"opening:{actor}:{account}"].told.confidence == "assumption"


# --- told or decided, never both ----------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_no_deed_is_both_told_and_decided_for_one_role_and_span(seed: int) -> None:
    found = events(seed)
    for process in ours():
        deeds = declared(process).deeds
        spans = {part.actor: (part.since or OPENING, part.until or END) for part in played_by(process)}
        for event in told(found):
            actor = getattr(event.fact, deeds[event.kind]) if event.kind in deeds else None
            # what an entry takes back when it replaces another is said by the record, and of the record
            if actor in spans and event.fact.told is not None:
                assert not spans[actor][0] <= event.moment <= spans[actor][1], (process, event.position)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_order_is_decided_before_the_record_has_told_its_last(seed: int) -> None:
    orders = [event for event in events(seed) if event.kind == "Order"]
    last = max(event.moment for event in orders if event.origin == "recorded")
    decided = [event for event in orders if event.origin == "modelled"]
    assert decided
    assert min(event.moment for event in decided) > LAST > last


@pytest.mark.parametrize("seed", SEEDS)
def test_a_told_order_waits_for_its_lead_time_and_is_then_delivered(seed: int) -> None:
    lead = round(next(p.value for p in STORY.parameters if p.name == "told_lead")) * DAY
    signed = {e.fact.order: e.moment for e in STORY.entries if e.kind == "Order" and e.fact.amount}
    first: dict[str, int] = {}
    for event in modelled(events(seed)):
        if event.kind == "Delivery" and event.fact.order in signed:
            first.setdefault(event.fact.order, event.moment)
    replaced = {"ai-2025-112"}
    lost = {e.fact.order: e.moment for e in events(seed) if e.kind == "Cancellation"}  # before it was due
    gone = {order for order, moment in lost.items() if order in signed and moment < signed[order] + lead}
    assert first.keys() == signed.keys() - replaced - gone
    assert len(first) > len(gone)
    assert all(lead <= first[order] - signed[order] <= lead + 61 * DAY for order in first)


@pytest.mark.parametrize("seed", SEEDS)
def test_nvidia_delivers_nothing_beside_the_quarters_told(seed: int) -> None:
    sent = [e for e in events(seed) if e.kind == "Delivery" and e.fact.seller == "nvidia"]
    quarters = [e.moment for e in sent if e.origin == "recorded"]
    ours = [e for e in sent if e.origin == "modelled"]
    assert ours
    assert min(e.moment for e in ours) > max(quarters)
    in_record = {entry.id for entry in STORY.entries}
    assert not [e for e in ours if e.fact.order in in_record]


# --- the books ----------------------------------------------------------------------------------


def whole(world: World) -> list[str]:
    """Which laws do not hold after an act; within one, two facts may stand apart."""
    state = world.fold.state
    loans = {name: owed for name, owed in state["owed"].items() if name.startswith("loan:")}
    held = {who: cash for who, cash in state["cash"].items() if (who, "cash") in world.known}
    laws = {
        "cash sums to zero": sum(state["cash"].values()) == 0,
        "no known purse is below zero": all(cash >= 0 for cash in held.values()),
        "debt is what was lent": sum(state["debt"].values()) == sum(state["lent"].values()),
        "nobody paid more than owed": all(owed >= 0 for owed in state["owed"].values()),
        "nobody delivered more than ordered": all(rest >= 0 for rest in state["outstanding"].values()),
        "nobody pledges more than it holds": all(
            0 <= shares <= state["stake"].get(key, 0) for key, shares in state["pledged"].items()
        ),
        "secured loans are margin debt": sum(loans.values())
        == sum(state["margin_debt"].values()) - OPENED_MARGIN,
    }
    return [law for law, holds in laws.items() if not holds]


OPENED_MARGIN = sum(
    balance.posted or 0 for actor in STORY.actors for balance in actor.opening if balance.account == "margin"
)


@pytest.mark.parametrize("seed", SEEDS)
def test_cash_debt_and_orders_are_conserved_at_every_position(seed: int) -> None:
    for world in unfold(history(seed).read("main")):
        if world.moment > OPENING:
            assert whole(world) == [], world.position


@pytest.mark.parametrize("seed", SEEDS)
def test_shares_are_conserved_at_every_position(seed: int) -> None:
    """What nobody on file holds of a company stays as it opened."""
    rest: dict[str, int] = {}
    for world in unfold(history(seed).read("main")):
        held = stakes(world)
        shares = world.fold.state["shares"]
        now = {asset: shares.get(asset, 0) - held.get(asset, 0) for asset in {*shares, *held}}
        if world.moment > OPENING:
            assert {asset: count for asset, count in now.items() if count != rest.get(asset, 0)} == {}
        rest = now


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_modelled_moves_no_money_of_an_unknown_purse_but_what_it_just_got(seed: int) -> None:
    """SoftBank and Larry Ellison spend what they draw, in the act in which they draw it."""
    known = {actor for actor, account in World(events(seed)[0]).known if account == "cash"} | {"outside"}
    spent: dict[tuple[int, str], int] = {}
    for event in modelled(events(seed)):
        for purse, amount in cash_moves(event.fact):
            if purse not in known:
                spent[event.moment, purse] = spent.get((event.moment, purse), 0) + amount
    assert spent
    assert min(spent.values()) >= 0


# --- beyond the record --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_every_role_acts_beyond_the_last_fact(seed: int) -> None:
    beyond = [event for event in modelled(events(seed)) if event.moment > LAST]
    assert max(event.moment for event in beyond) > END - 60 * DAY
    assert {event.kind for event in beyond} >= {
        "Announcement", "Order", "Delivery", "Payment", "Sale", "Investment", "Funding", "Loan", "Pledge",
        "Interest", "Repricing",
    }  # fmt: skip  # one a role and more
    assert STORY.until < END


def test_a_founder_pledges_and_a_lender_is_paid_between_the_facts() -> None:
    between = {event.kind for event in modelled(events(1)) if event.moment < LAST}
    assert between >= {"Loan", "Pledge", "Interest", "Repayment"}


def test_run_and_resume_go_beyond_the_story_and_verify_finds_it_whole(tmp_path) -> None:
    path, once = tmp_path / "twice.db", tmp_path / "once.db"
    narrative.run("ai-2025", db=path, cast="full", until="2026-07-31")
    on = narrative.resume(str(path), until="2026-10-31")
    straight = narrative.run("ai-2025", db=once, cast="full", until="2026-10-31")
    assert on["until"] == "2026-10-31T23:59:59"
    assert on["digest"] == straight["digest"]
    assert narrative.verify(str(once))["verdict"] == "whole"
