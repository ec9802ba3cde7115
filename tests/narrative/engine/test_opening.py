"""What is owed from before the story: in equal parts, one a year, at the rate that the story gives."""

from attrs import evolve
from support.credit import Life, credit
from support.tiny import DAY, balance

from events.record_facts import OpenLoan
from narrative.engine.loans import loans
from narrative.engine.opening import opening_acts
from narrative.story.model import Role, Story

OUTSIDE = Role(process="lending", latency=1, of=("outside",))
YEAR = 31_557_600  # seconds of 365.25 days


def indebted(debt: int = 10_000_000_001, roles: tuple[Role, ...] = (OUTSIDE,), **more: float) -> Story:
    plain = credit(roles, **({"opening_rate": 365.0, "opening_term": 4.0} | more))
    actors = [
        evolve(a, opening=(*(b for b in a.opening if b.account != "debt"), balance("debt", debt)))
        if a.id == "cloud"
        else a
        for a in plain.actors
    ]
    return evolve(plain, actors=tuple(actors))


def opened(story: Story, cast: str = "full") -> list[OpenLoan]:
    facts = [draft.fact for act in opening_acts(story, seed=1, cast=cast) for draft in act]
    return [fact for fact in facts if isinstance(fact, OpenLoan)]


def test_debt_stands_in_equal_parts_one_due_each_year() -> None:
    found = opened(indebted())
    assert [fact.amount for fact in found] == [2_500_000_001, *[2_500_000_000] * 3]
    assert [fact.due for fact in found] == [YEAR, 2 * YEAR, 3 * YEAR, 4 * YEAR]
    assert {(fact.borrower, fact.lender, fact.rate, fact.accrued) for fact in found} == {
        ("cloud", "outside", 365, 0)
    }


def test_the_books_owe_what_the_endowment_owes_and_no_cash_moved() -> None:
    world = Life(indebted()).world
    assert sum(loan.owed for loan in loans(world, borrower="cloud")) == 10_000_000_001
    assert (world.fold.sum("debt", "cloud"), world.fold.sum("cash", "cloud")) == (
        10_000_000_001,
        100_000_000_000,
    )
    assert all(loan.source for loan in loans(world))  # each can be named as a cause


def test_interest_is_paid_each_quarter_and_the_first_part_at_the_end_of_its_year() -> None:
    """At 3.65 percent 2,500,000,000 bear 250,000 a day: 22,666,667 in the 90 days and 16 hours to the close
    at which it is asked for, on each of the four parts.
    """
    life = Life(evolve(indebted(), until=400 * DAY)).lived(91 * DAY)
    assert [fact.amount for fact in life.facts("Repayment")] == [22_666_667] * 4
    life.lived(366 * DAY)
    due = [event for event in life.events("Repayment") if event.moment >= YEAR]
    assert due[0].fact.amount > 2_500_000_000
    assert [life.events()[place - 1].kind for place in due[0].causes] == ["OpenLoan"]
    assert life.world.fold.sum("debt", "cloud") == 7_500_000_000


def test_nothing_is_made_of_it_where_nobody_collects_or_the_story_does_not_say() -> None:
    assert opened(indebted(roles=())) == []
    assert opened(indebted(), cast="market") == []
    assert opened(credit((OUTSIDE,))) == []
    assert opened(indebted(debt=0)) == []
    own = opened(indebted(opening_rate__cloud=500.0, opening_term__cloud=1.0))
    assert [(fact.rate, fact.amount) for fact in own] == [(500, 10_000_000_001)]
