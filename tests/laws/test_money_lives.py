"""The four roles of money together: the laws of cash, debt and shares, and cuts anywhere."""

from math import exp
from random import Random

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from support.credit import LENDER, OWNER, Life, broken, credit, ups_and_downs
from support.lives import lived
from support.tiny import DAY
from support.worlds import relation

from narrative.engine.world import unfold
from narrative.story.cast import parts
from narrative.story.model import Parameter, Story
from narrative.testing import cut_anywhere

HAPPENED = {
    "Funding", "Loan", "Pledge", "Release", "Interest", "Repayment", "MarginCall", "Cure", "Liquidation",
    "Default", "Trade", "Investment", "Issue", "Writedown", "Repricing",
}  # fmt: skip  # one set


def test_cash_debt_and_shares_are_conserved_at_every_position() -> None:
    log = lived(ups_and_downs())
    assert {event.kind for event in log.read("main")} >= HAPPENED
    for world in unfold(log.read("main")):
        assert broken(world) == [], world.position


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_they_are_conserved_whatever_is_assumed(data: st.DataObject) -> None:
    ranges = {
        "call_ltv": st.floats(0.1, 1.1),
        "pledge_ltv": st.floats(0.0, 0.9),
        "pledge_share": st.floats(0.0, 1.5),
        "pledge_use": st.floats(0.0, 1.0),
        "haircut": st.floats(0.0, 0.9),
        "cure_days": st.integers(0, 5).map(float),
        "impact": st.floats(0.0, 6.0),
        "lending_rate": st.integers(0, 3_000).map(float),
        "invest_share": st.floats(0.0, 1.0),
        "invest_vendor_share": st.floats(0.0, 1.0),
        "fund_round": st.floats(0.0, 0.9),
        "fund_premium": st.floats(0.0, 2.0),
        "debt_share": st.floats(0.0, 1.0),
    }
    chosen = {name: data.draw(values, label=name) for name, values in ranges.items()}
    story = ups_and_downs()
    log = lived(evolve(story, parameters=tuple(_set(p, chosen) for p in story.parameters)))
    for world in unfold(log.read("main")):
        assert broken(world) == [], world.position


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(st.tuples(st.integers(1, 9), st.floats(-0.6, 0.4)), min_size=1, max_size=12),
    call=st.floats(0.25, 0.8),
    haircut=st.floats(0.0, 0.3),
    cure=st.integers(1, 5),
    multiplier=st.floats(0.0, 4.0),
    spend=st.booleans(),
)
def test_cash_debt_shares_and_pledges_are_conserved_whatever_the_price_does(
    steps: list[tuple[int, float]], call: float, haircut: float, cure: int, multiplier: float, spend: bool
) -> None:
    plain = credit(
        (LENDER, OWNER),
        links=(relation("lends", "bank", "founder"), *([relation("invests", "founder", "lab")] * spend)),
        call_ltv=call,
        haircut=haircut,
        cure_days=float(cure),
        impact=multiplier,
        impact_half_life=5.0,
        lending_rate=900.0,
        pledge_ltv=0.8 * call,
        pledge_share=0.7,
        pledge_use=0.6,
    )
    life, now = Life(plain), 0
    for days, step in steps:
        now += days * DAY
        price = life.world.readings.price("cloud", now) or 1.0
        life.lived(now - 1).priced(now, price * exp(step))
    life.lived(now + 40 * DAY)
    for world in unfold(life.log.read("main")):
        assert broken(world) == [], world.position


def _set(parameter: Parameter, chosen: dict[str, float]) -> Parameter:
    return evolve(parameter, value=chosen.get(parameter.name, parameter.value))


def test_their_story_is_the_same_from_every_cut() -> None:
    assert cut_anywhere("lending", ups_and_downs()) > 60  # the story casts all four


def test_the_order_in_which_they_start_does_not_matter() -> None:
    story = ups_and_downs()
    usual = parts(story, "full")
    digests = {lived(story).head("main").digest}
    for seed in range(3):
        shuffled = list(usual)
        Random(seed).shuffle(shuffled)
        digests.add(lived(story, parts=shuffled).head("main").digest)
    assert len(digests) == 1


def set_(**values: float) -> Story:
    story = ups_and_downs()
    return evolve(story, parameters=tuple(_set(p, values) for p in story.parameters))


def kinds(story: Story, actor: str) -> set[str]:
    return {event.kind for event in lived(story).read("main") if event.actor == actor and event.moment > DAY}


def test_each_switch_does_what_it_says() -> None:
    assert {"Investment", "Loan"} <= kinds(set_(), "chips")
    assert not {"Investment", "Loan"} & kinds(set_(invest_share=0.0), "chips")
    assert "Pledge" in kinds(set_(), "founder")
    assert not {"Pledge", "Loan", "Investment"} & kinds(set_(pledge_share=0.0), "founder")
    assert "MarginCall" not in kinds(set_(pledge_share=0.0), "bank")
    flat = [event for event in lived(set_(fund_premium=0.0)).read("main") if event.kind == "Funding"]
    rounds = [event for event in flat if event.fact.company == "lab"]  # one of them told, a down round
    before = [1_000_000_000_000, *(event.fact.post_money for event in rounds)]  # what each is to sell at
    ours = [(e.fact, last) for e, last in zip(rounds, before, strict=False) if e.origin == "modelled"]
    assert ours
    assert all(fact.post_money - fact.amount == last for fact, last in ours)
