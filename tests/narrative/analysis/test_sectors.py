"""Matrices of sectors: all sums are nothing, to the unit, and the model SIM comes out of its own payments."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from support.lives import lived, named
from support.tiny import DAY
from support.worlds import began, tale

import narrative
from events.event import Draft, Event
from events.facts import Announcement, Investment, Issue, Payment, Trade
from events.fields import Fact
from events.funding_facts import Interest, Loan, Repayment
from narrative.analysis.history import BadSpan
from narrative.analysis.sectors import Held, Matrices, columns_of, matrices, parted
from narrative.story.model import Story

UNIT = 10**9
FIRMS, HOUSEHOLDS, STATE = "lab", "cloud", "chips"  # of the tiny story, which has four actors


def logged(*days: tuple[Fact, ...]) -> tuple[Story, list[Event]]:
    story = tale({})
    log, world = began(story)
    position = world.position
    for day, facts in enumerate(days, 1):
        drafts = [(Draft("test", fact),) for fact in facts]
        position = log.append("main", position, day * DAY, drafts)[-1].position
    return story, list(log.read("main"))


def opened(events: list[Event]) -> int:
    """The position after the opening balances."""
    return 1 + sum(event.kind in {"Opening", "Endowment"} for event in events)


def whole(story: Story, events: list[Event], by: str = "actor") -> Matrices:
    return matrices(events, opened(events), story.start, events[-1].moment, columns_of(story, by=by))


def held(found: Matrices, claim: str, sector: str) -> Held:
    return next(each for each in found.balances if (each.claim, each.sector) == (claim, sector))


def check(found: Matrices) -> None:
    """Rows and columns sum to nothing, every claim does at both ends; only shares are revalued."""
    columns: dict[str, int] = {}
    for cells in found.transactions.values():
        assert sum(cells.values()) == 0
        for sector, amount in cells.items():
            columns[sector] = columns.get(sector, 0) + amount
    assert not any(columns.values())
    for claim in {each.claim for each in found.balances}:
        rows = [each for each in found.balances if each.claim == claim]
        for name in ("opening", "flows", "revaluation", "closing"):
            assert sum(getattr(each, name) for each in rows) == 0
        if claim not in ("shares", "shares lent"):
            assert not any(each.revaluation for each in rows)


def sim(periods: int) -> tuple[list[Mapping[str, float]], list[tuple[Fact, ...]]]:
    """The model SIM of Godley and Lavoie (G 20, theta 0.2, alpha 0.6 and 0.4), as payments of each period."""
    wealth, solved, days = 0.0, [], []
    for _ in range(periods):
        income = (20 + 0.4 * wealth) / (1 - 0.6 * 0.8)
        taxes, spent = 0.2 * income, 0.6 * 0.8 * income + 0.4 * wealth
        wealth += income - taxes - spent
        solved.append({"Y": income, "T": taxes, "C": spent, "H": wealth})
        days.append(
            tuple(
                Payment(payer=payer, payee=payee, amount=round(amount * UNIT))
                for payer, payee, amount in (
                    (STATE, FIRMS, 20.0),
                    (HOUSEHOLDS, FIRMS, spent),
                    (FIRMS, HOUSEHOLDS, income),
                    (HOUSEHOLDS, STATE, taxes),
                )
            )
        )
    return solved, days


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (1, {"Y": 38.461538, "T": 7.692308, "C": 18.461538, "H": 12.307692}),
        (2, {"Y": 47.928994, "H": 22.721893}),
        (120, {"Y": 100, "T": 20, "C": 80, "H": 80}),
    ],
)
def test_the_model_sim_comes_out_of_its_own_payments(period: int, expected: dict[str, float]) -> None:
    """Wealth of the households is the state's deficit, period by period and in the limit (T1 to T3)."""
    solved, days = sim(period)
    assert {name: solved[-1][name] for name in expected} == pytest.approx(expected, abs=1e-6)
    story, events = logged(*days)
    found = whole(story, events)
    check(found)
    begins = held(found, "cash", HOUSEHOLDS).opening
    assert (held(found, "cash", HOUSEHOLDS).closing - begins) / UNIT == pytest.approx(expected["H"], abs=1e-6)
    columns, before = columns_of(story, by="actor"), events[-5].moment
    last = matrices(events, events[-4].position, before, events[-1].moment, columns)
    check(last)
    saved = (solved[-1]["H"] - (solved[-2]["H"] if period > 1 else 0.0)) * UNIT
    assert last.transactions["goods and services"].get(STATE, 0) == pytest.approx(-saved, abs=2)
    assert last.transactions.get("change in cash", {}).get(HOUSEHOLDS, 0) == pytest.approx(-saved, abs=2)


def test_an_announcement_moves_no_flow() -> None:
    """The story's own market reads it: the shares of who is named are revalued, and nothing else is there."""
    words = Announcement(subject="lab", counterparty="cloud", ceiling=2_500)
    found = whole(*logged((words,)))
    check(found)
    assert found.transactions == {}


def test_each_kind_of_money_stands_where_it_belongs() -> None:
    found = whole(
        *logged(
            (Loan(borrower="cloud", lender="founder", loan="a", amount=500),),
            (Interest(borrower="cloud", lender="founder", loan="a", amount=7),),
            (Repayment(borrower="cloud", lender="founder", loan="a", amount=100),),
            (Investment(investor="chips", company="cloud", amount=200, shares=2),),
            (Trade(seller="chips", buyer="lab", asset="cloud", amount=110, shares=1),),
            (Issue(issuer="cloud", holder="founder", shares=1),),
        )
    )
    check(found)
    assert found.transactions == {
        "interest": {"cloud": -7, "founder": 7},
        "new stakes": {"chips": -200, "cloud": 200},
        "shares traded": {"chips": 110, "lab": -110},
        "change in loans": {"cloud": 407, "founder": -407},
        "change in cash": {"chips": 90, "cloud": -600, "founder": 400, "lab": 110},
    }
    assert held(found, "shares", "lab").flows == 110
    assert held(found, "shares", "cloud").flows == -200


def test_shares_are_worth_the_value_to_the_unit() -> None:
    """Cloud is worth 10,000 in 100 shares: 103 of the day's price, and the founder has 1, chips 2."""
    facts = (
        Investment(investor="chips", company="cloud", amount=200, shares=2),
        Issue(issuer="cloud", holder="founder", shares=1),
    )
    found = whole(*logged(facts))
    assert held(found, "shares", "cloud").closing == -10_300
    assert held(found, "shares", "founder").closing == 100
    assert held(found, "shares", "chips").closing == 200 - 40_000


@pytest.mark.parametrize("by", ["role", "actor"])
@pytest.mark.parametrize(("name", "cast"), [("loop", "full"), ("ai-2025", "market"), ("ai-2025", "full")])
def test_the_stories_add_up_at_every_cut(name: str, cast: str, by: str) -> None:
    story = named(name)
    events = list(lived(story, cast=cast).read("main"))
    first, columns = opened(events), columns_of(story, by=by)
    check(whole(story, events, by))
    middle = events[(first + len(events)) // 2]
    parts = [
        matrices(events[: middle.position], first, story.start, middle.moment, columns),
        matrices(events, middle.position + 1, middle.moment, events[-1].moment, columns),
    ]
    for part in parts:
        check(part)
    before = {(each.claim, each.sector): each.closing for each in parts[0].balances if each.closing}
    after = {(each.claim, each.sector): each.opening for each in parts[1].balances if each.opening}
    assert before == after


@settings(deadline=None)
@given(some.integers(0, 10**15), some.dictionaries(some.text("abc", min_size=1), some.integers(1, 10**9)))
def test_what_is_parted_adds_up(sum_: int, weights: dict[str, int]) -> None:
    found = parted(sum_, weights)
    assert sum(found.values()) == (sum_ if weights else 0)
    total = sum(weights.values())
    assert all(abs(found[name] * total - sum_ * weight) < total for name, weight in weights.items())


def test_a_span_that_ends_before_it_begins_is_refused(here) -> None:
    narrative.run("loop", db="a.db")
    with pytest.raises(BadSpan, match="2025-07-01 lies after 2025-02-01; give the earlier one first"):
        narrative.sectors("a.db", since="2025-07-01", until="2025-02-01")
    with pytest.raises(narrative.Error, match='"company" makes no sectors; it is role or actor'):
        narrative.sectors("a.db", by="company")
    found = narrative.sectors("a.db", since="2025-07-01", until="2025-09-30")
    assert (found.since, found.until) == ("2025-07-01T00:00:00", "2025-09-30T23:59:59")
    assert found.cash_unknown == ["central-bank"]  # of whom the story gives a rate alone
