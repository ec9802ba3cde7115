"""What a history looks like at a moment."""

from math import exp, log

import pytest
from attrs import evolve
from support.anchored import anchored
from support.lives import lived
from support.tiny import DAY, ten_days, told
from support.worlds import grown, relation, tale

from events.event import Draft
from events.facts import Issue, Order
from events.funding_facts import Loan
from events.market_facts import Repricing
from narrative.analysis.belief_spans import belief_spans
from narrative.analysis.history import History
from narrative.analysis.overview import belief_of_rise, picture, pledged
from narrative.engine.run import live, world_at


def test_what_is_supposed_is_counted_apart_from_what_a_process_did() -> None:
    story = ten_days()
    log = lived(story)
    at = log.position_at("main", 4 * DAY)
    log.fork("other", "main", at)
    order = Order(buyer="lab", seller="cloud", order="supposed", amount=100)
    log.append("other", at, 4 * DAY, [(Draft("story", order, "supposed"),)])
    live(log, "other", world_at(log, "other"), story.until)
    head = log.head("other")
    seen = picture(History(log, "other", "tiny.db"), list(log.read("other")), story.until)
    before = picture(History(log, "main", "tiny.db"), list(log.read("main", 1, at)), 4 * DAY)["circle"][0]
    assert seen["supposed"] == 1
    assert seen["recorded"] + seen["modelled"] + seen["supposed"] == head.position
    assert seen["circle"][0]["supposed"] == [at + 1]
    assert at + 1 not in seen["circle"][0]["modelled"]
    assert before["supposed"] == []


def test_of_what_is_pledged_the_part_that_is_belief_and_the_way_to_a_call_are_told() -> None:
    # Twenty of a hundred shares of 10,000 doubled by belief alone; a lender calls at 0.6 less a quarter.
    story = tale({"call_ltv": 0.6, "haircut": 0.25}, (relation("lends", "lab", "founder"),))
    risen = Repricing(asset="cloud", slow=round(log(2) * 1e9))
    borrowed = Loan(borrower="founder", lender="lab", loan="l", amount=900, secured=900)
    (row,) = pledged(world := grown(story, (DAY, [risen, borrowed])), DAY, belief_spans(world, [], DAY))
    assert (row["actor"], row["of"]) == ("founder", ["cloud"])
    assert (row["collateral"], row["belief_backed"]) == (4_000, 2_000)
    assert row["loan_to_value"] == pytest.approx(0.225)
    assert row["called_at"] == pytest.approx(0.45)
    assert row["distance"] == pytest.approx(log(2))  # half of the price


def test_nobody_knows_how_near_a_call_is_that_no_parameter_tells_of() -> None:
    (row,) = pledged(world := grown(tale({})), 0, belief_spans(world, [], 0))
    assert row["collateral"] == 2_000
    assert (row["called_at"], row["distance"]) == (None, None)


@pytest.mark.parametrize("fallen", [0, -50_000_000])
def test_of_a_value_that_rose_by_new_shares_alone_nothing_is_belief(fallen: int) -> None:
    facts = [Issue(issuer="cloud", holder="lab", shares=100), Repricing(asset="cloud", slow=fallen)]
    gain = belief_of_rise(grown(tale({}), (DAY, facts)), DAY)
    assert gain["gained"] > 0
    assert (gain["belief"], gain["share"]) == (0, 0.0)


def test_what_readers_make_of_a_company_without_a_price_is_no_repricing_of_it() -> None:
    """The lab has its last post-money alone until it is quoted on the fifth day: the words of the second
    move its next round, those of the seventh its price.
    """
    story = anchored()
    words = next(one for one in story.entries if one.id == "words")
    again = evolve(words.fact, told=told("again", status="intention", tone=1.0, strength=1.0))
    story = evolve(story, entries=(*story.entries, evolve(words, id="again", moment=7 * DAY, fact=again)))
    story = evolve(story, entries=tuple(sorted(story.entries, key=lambda one: one.moment)))
    log_ = lived(story)
    events = list(log_.read("main"))
    read = {(e.fact.asset, e.moment // DAY) for e in events if isinstance(e.fact, Repricing) and e.causes}
    shown = picture(History(log_, "main", "tiny.db"), events, story.until)["repricings"]
    assert read == {("lab", 2), ("cloud", 2), ("lab", 7), ("cloud", 7)}
    assert {(one["asset"], one["moment"][:10]) for one in shown} == {
        ("cloud", "1970-01-03"), ("lab", "1970-01-08"), ("cloud", "1970-01-08"),
    }  # fmt: skip  # one set


def test_a_repricing_stands_beside_the_move_on_record() -> None:
    """Words of the second day: the cloud closes at 1,000 before and 1,100 after."""
    story = anchored()
    log_ = lived(story)
    (row,) = picture(History(log_, "main", "tiny.db"), list(log_.read("main")), story.until)["repricings"]
    assert (row["asset"], row["observed"]) == ("cloud", None)
    assert row["step"] == pytest.approx(exp(0.05) - 1, abs=1e-8)  # 0.5 * 0.01 ** 0.5 ln
    assert row["recorded"] == pytest.approx(0.1)
