"""A split leaves every value as it was: shares and prices change, worked out here by hand."""

import pytest
from attrs import evolve
from support.anchored import CLOSE, anchored
from support.asking import ask
from support.lives import lived
from support.tiny import DAY, balance, entry, story, told

from events.facts import Issue, Payment
from events.funding_facts import Loan, Pledge
from events.log import Log
from events.market_facts import Quote, Split
from narrative.analysis.record import closes, every_close, least_pledged
from narrative.analysis.score import cases
from narrative.engine.run import world_at
from narrative.engine.world import World
from narrative.story.model import Actor, Entry, Story
from narrative.whatif.request import BadSupposition

SPLIT = 10 * DAY
READINGS = ("value", "price", "collateral", "believed")


def halves(new: int, old: int) -> tuple[Entry, ...]:
    """A loan on 7 of a founder's pledged shares, a warrant on 9, and a split after that."""
    return (
        entry("given", DAY, Issue(issuer="cloud", holder="lab", shares=5, warrants=None, told=told("given"))),
        entry("right", DAY + 1, Issue(issuer="cloud", holder="lab", warrants=9, told=told("right"))),
        entry("lent", 2 * DAY, Loan(borrower="founder", lender="outside", loan="lent", amount=400,
                                    secured=400, told=told("lent"))),
        entry("behind", 2 * DAY + 1, Pledge(pledger="founder", lender="outside", asset="cloud", shares=7,
                                            loan="lent", told=told("behind"))),
        entry("split", SPLIT, Split(asset="cloud", new=new, old=old, told=told("split"))),
    )  # fmt: skip  # a row an entry


def split_story(new: int, old: int) -> Story:
    """100 shares of the cloud, worth 10,000, of which the founder holds 40 and has pledged 20."""
    plain = story(halves(new, old))
    actors = tuple(
        Actor(id="founder", name="Founder",
              opening=(balance("stake", 40, "cloud"), balance("pledged", 20, "cloud")))
        if actor.id == "founder" else actor
        for actor in plain.actors
    )  # fmt: skip  # one actor
    return evolve(plain, actors=actors)


def around(log: Log, moment: int) -> tuple[World, World]:
    """The world before a moment and after it."""
    return (world_at(log, "main", log.position_at("main", moment - 1)),
            world_at(log, "main", log.position_at("main", moment)))  # fmt: skip  # one pair


def counts(world: World) -> dict[str, int]:
    names = ("shares/cloud", "stake/founder/cloud", "stake/lab/cloud", "stake/outside/cloud",
             "pledged/founder/cloud", "warrants/lab/cloud", "secured/lent")  # fmt: skip  # one list
    return {name: world.fold.sum(*name.split("/", 1)) for name in names}


def test_every_count_of_shares_is_counted_anew() -> None:
    before, after = around(lived(split_story(3, 1)), SPLIT)
    assert counts(before) == {
        "shares/cloud": 105, "stake/founder/cloud": 40, "stake/lab/cloud": 5, "stake/outside/cloud": 60,
        "pledged/founder/cloud": 27, "warrants/lab/cloud": 9, "secured/lent": 7,
    }  # fmt: skip  # one list
    assert counts(after) == {name: 3 * count for name, count in counts(before).items()}
    assert (before.fold.last("floated", "cloud"), after.fold.last("floated", "cloud")) == (100, 300)


def test_parts_of_a_share_go_to_those_outside() -> None:
    """3 for 2 of 105 shares are 157; of 40, 60; of 5, 7; of 27, 40; of 9, 13; of 7, 10."""
    _, after = around(lived(split_story(3, 2)), SPLIT)
    assert counts(after) == {
        "shares/cloud": 157, "stake/founder/cloud": 60, "stake/lab/cloud": 7, "stake/outside/cloud": 90,
        "pledged/founder/cloud": 40, "warrants/lab/cloud": 13, "secured/lent": 10,
    }  # fmt: skip  # one list


@pytest.mark.parametrize(("new", "old"), [(2, 1), (10, 1), (1, 5)])
def test_every_value_is_as_it_was(new: int, old: int) -> None:
    before, after = around(lived(split_story(new, old)), SPLIT)
    for asset in ("cloud", "chips"):
        assert after.readings.value(asset, SPLIT) == before.readings.value(asset, SPLIT)
        assert after.readings.believed(asset, SPLIT) == before.readings.believed(asset, SPLIT)
    price = before.readings.price("cloud", SPLIT)
    assert price is not None
    assert after.readings.price("cloud", SPLIT) == pytest.approx(price * old / new)


def test_collateral_is_worth_what_it_was() -> None:
    before, after = around(lived(split_story(4, 1)), SPLIT)
    assert after.readings.collateral("founder", SPLIT) == before.readings.collateral("founder", SPLIT)
    assert after.readings.loan_to_value("founder", SPLIT) == before.readings.loan_to_value("founder", SPLIT)


def test_it_is_one_act_that_begins_with_what_was_told() -> None:
    facts = [e for e in lived(split_story(2, 1)).read("main") if isinstance(e.fact, Split)]
    assert facts[0].fact == Split(
        asset="cloud", new=2, old=1, shares=105, floated=200, told=told("split")
    )  # the cloud has no price on record
    assert {event.moment for event in facts} == {SPLIT}
    assert {event.causes for event in facts[1:]} == {(facts[0].position,)}
    assert {event.origin for event in facts} == {"recorded"}


def test_shares_given_in_the_same_moment_are_split_too() -> None:
    given = entry("late", SPLIT, Issue(issuer="cloud", holder="lab", shares=1, told=told("late")))
    plain = split_story(2, 1)
    entries = (*plain.entries[:-1], given, plain.entries[-1])
    _, after = around(lived(evolve(plain, entries=entries)), SPLIT)
    assert after.fold.sum("stake", "lab/cloud") == 2 * (5 + 1)


# --- beside quotes ------------------------------------------------------------------------------------


def test_a_recorded_price_is_one_of_the_new_shares() -> None:
    log = lived(anchored())
    split = next(event for event in log.read("main") if isinstance(event.fact, Split))
    before, after = around(log, split.moment)
    assert before.fold.last("quoted", "cloud") == 140_000
    assert after.fold.last("quoted", "cloud") == 70_000
    assert after.readings.quoted("cloud") == before.readings.quoted("cloud") == 140_000 * 10**9
    assert after.readings.value("cloud", split.moment) == before.readings.value("cloud", split.moment)


def test_a_quote_after_it_finds_no_shares_that_nobody_told() -> None:
    log = lived(anchored(), until=10 * DAY)  # before its founder is given some
    world = world_at(log, "main")
    assert world.fold.sum("shares", "cloud") == 2 * 10**9
    assert [value for asset, _, value in every_close(log.read("main")) if asset == "cloud"][-2:] == [
        140_000 * 10**9, 45_000 * 2 * 10**9
    ]  # fmt: skip  # one list


def test_between_split_and_quote_closes_are_what_they_were() -> None:
    log = lived(anchored())
    split = next(event for event in log.read("main") if isinstance(event.fact, Split))
    events = [event for event in log.read("main") if event.moment <= split.moment]
    assert closes(world_at(log, "main", events[-1].position), events)["cloud"].value == 140_000 * 10**9


def test_the_least_that_pledged_shares_were_worth_is_no_matter_of_their_count() -> None:
    """The founder's million shares of the cloud: least on the ninth day, at 90,000 of the old ones."""
    log = lived(anchored())
    assert least_pledged(log.read("main"))["founder"].value == 90_000 * 10**6


def test_a_move_across_a_split_is_one_at_constant_shares() -> None:
    base = anchored()
    read = entry("news", 8 * DAY + 20 * 3600, Payment(payer="outside", payee="cloud", amount=10**12,
                 told=told("news", tone=1.0, strength=1.0)))  # fmt: skip  # one entry
    entries = tuple(sorted((*base.entries, read), key=lambda one: one.moment))
    cast = evolve(base.cast, role=(
        evolve(base.cast.role[0], reads={**base.cast.role[0].reads, "Payment": ("payee",)}),
        *base.cast.role[1:],
    ))  # fmt: skip  # one role
    found = [c for c in cases(lived(evolve(base, entries=entries, cast=cast)).read("main"))
             if c.entries == ("news",)]  # fmt: skip  # one list
    assert [round(case.move, 9) for case in found] == [round(-0.441832752, 9)]  # ln(90 / 140)


def test_a_split_on_the_day_of_a_quote_comes_before_it() -> None:
    log = lived(anchored())
    ninth = [e for e in log.read("main") if e.moment // DAY == 9 and isinstance(e.fact, Split | Quote)]
    assert next(event.kind for event in ninth if event.actor == "cloud") == "Split"
    assert ninth[-1].moment == 9 * DAY + CLOSE


def test_no_branch_leaves_a_split_of_a_quoted_share_untold() -> None:
    log = lived(anchored())
    for asked in ({"without": ("split",)}, {"change": {"split": {"new": 3}}}):
        with pytest.raises(BadSupposition, match="prices on record"):
            ask(log, "never", **asked)


def test_between_split_and_quote_pledged_shares_are_worth_what_they_were() -> None:
    """One for two: the chips' quote of that day comes first, and finds half the shares at twice the price."""
    plain = anchored()
    actors = tuple(
        evolve(actor, opening=(balance("pledged", 10**6, "cloud"), balance("pledged", 10**6, "chips")))
        if actor.id == "founder"
        else actor
        for actor in plain.actors
    )
    entries = tuple(
        evolve(one, fact=evolve(one.fact, new=1, old=2)) if one.id == "split" else one
        for one in plain.entries
    )
    quotes = tuple(
        type(one)(one.moment, one.asset, 180_000, one.shares and one.shares // 4)
        if (one.asset, one.moment // DAY) == ("cloud", 9)
        else one
        for one in plain.quotes
    )
    log = lived(evolve(plain, actors=actors, entries=entries, quotes=quotes))
    # 500,000 at 180,000 and 1,000,000 at 40,000, of the ninth day; at 140,000 the halved count would be less
    assert least_pledged(log.read("main"))["founder"].value == 130_000 * 10**6
