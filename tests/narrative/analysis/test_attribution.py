"""What a reading is made of adds up, and is the reading that `replay` gives."""

import random
from math import exp, log

import pytest
from support.lives import AI, lived, named
from support.tiny import DAY, PARAMETERS, story, told
from support.tiny import entry as told_entry
from support.worlds import began, grown, tale

from events import codec
from events.codec import to_event
from events.event import Row
from events.facts import Payment, Trade
from events.funding_facts import Funding
from events.market_facts import Liquidity, PolicyRate, Quote, Repricing
from narrative.analysis import attribution
from narrative.analysis.attribution import ACCOUNTS, Moved, figure, once, searches
from narrative.analysis.causes import Trail, tree
from narrative.analysis.replay import reading, reading_names
from narrative.engine.run import world_at

NANO = 10**9


@pytest.fixture(scope="module")
def ai():
    with lived(named(AI)) as log:
        yield log


@pytest.fixture(scope="module")
def loop():
    with lived(named("loop"), seed=3, until=named("loop").start + 200 * DAY) as log:
        yield log


# --- causes -------------------------------------------------------------------------------------


def causes_of(events, position, *, depth=None):
    """The tree of an event of a history in memory, read off its own causes."""
    return tree(position, lambda asked: {each: events[each - 1].causes for each in asked}, depth)


def ancestors(events, position):
    """The oracle: everyone an event rests on, by recursion."""
    found = set()
    for cause in events[position - 1].causes:
        found |= {cause} | ancestors(events, cause)
    return found


def test_every_tree_of_ai_2025_tells_each_ancestor_once_and_causes_come_before(ai):
    events = list(ai.read("main"))
    for event in events:
        links = causes_of(events, event.position)
        told_in_full = [link.position for link in links if not link.again]
        assert links[0].position == event.position
        assert len(told_in_full) == len(set(told_in_full))
        assert set(told_in_full) - {event.position} == ancestors(events, event.position)
        assert not any(link.more for link in links)
        above = {0: event.position}
        for each in links[1:]:
            parent = above[each.depth - 1]
            assert each.position in events[parent - 1].causes
            assert each.position < parent
            above[each.depth] = each.position


def test_every_tree_of_effects_is_the_causes_the_other_way(ai):
    events = list(ai.read("main"))
    of = {event.position: ancestors(events, event.position) for event in events}
    for event in events[::7]:
        trail = Trail(ai, "main", len(events))
        reached = {link.position for link in tree(event.position, trail.effects)} - {event.position}
        assert reached == {position for position, all_of in of.items() if event.position in all_of}


def test_a_shared_cause_is_told_where_the_fewest_steps_lead_to_it(loop):
    class Plain:
        def __init__(self, position, *causes):
            self.position, self.causes = position, causes

    events = [Plain(1), Plain(2, 1), Plain(3, 2), Plain(4, 3, 2)]
    links = [(each.position, each.depth, each.again) for each in causes_of(events, 4)]
    assert links == [(4, 0, False), (3, 1, False), (2, 2, True), (2, 1, False), (1, 2, False)]


def test_a_tree_that_is_cut_says_how_much_hangs_there():
    class Plain:
        def __init__(self, position, *causes):
            self.position, self.causes = position, causes

    events = [Plain(1), Plain(2), Plain(3, 1, 2), Plain(4, 3)]
    links = causes_of(events, 4, depth=1)
    assert [(each.position, each.more) for each in links] == [(4, 0), (3, 2)]


# --- figures ------------------------------------------------------------------------------------


def explained(log_, actor, name, at):
    position = log_.position_at("main", at)
    world = world_at(log_, "main", log_.position_at("main", at))
    found = [
        log_.find("main", each.sought, log_.position_at("main", each.since - 1) + 1, position)
        for each in searches(world, actor, name, at)
    ]
    return world, figure(world, once(found), actor, name, at)


def adds_up(made, value):
    assert made.value == value
    if value is None:
        assert made.total is None
        return
    scale = 1 if made.unit == "money" else NANO
    assert made.total == round(value * scale)
    assert sum(part.amount for part in made.parts) + made.residual == made.total
    if made.reading in ("cash", "debt", "backlog", "announced", "committed", "paid", "delivered", "belief"):
        assert made.residual == 0
    if made.ln is not None:
        assert sum(part.ln for part in made.parts) == made.ln
        assert made.residual_ln == 0
    if made.reading == "valuation" and value:
        assert made.ln == pytest.approx(log(value) * NANO, abs=2)
        assert exp(made.ln / NANO) == pytest.approx(value, rel=3e-9)
        assert abs(made.residual) <= 3e-9 * value + len(made.parts)
    sizes = [abs(part.amount) for part in made.parts]
    assert sizes == sorted(sizes, reverse=True)


def test_what_is_not_felt_any_more_is_not_looked_for_and_does_not_show():
    with lived(named("loop"), seed=3, until=named("loop").start + 800 * DAY) as log_:
        at = log_.head().moment
        world, made = explained(log_, "cloud", "valuation", at)
        pressing = next(
            each for each in searches(world, "cloud", "valuation", at) if each.since > world.opened
        )
        assert pressing.since == at - 100 * 5 * DAY  # a hundred half-lives of five days
        old = log_.find("main", pressing.sought, 1, log_.position_at("main", pressing.since - 1))
        assert any(row.kind == "Trade" and b'"cloud"' not in row.body for row in old)
        assert figure(world, log_.rows("main"), "cloud", "valuation", at) == made


@pytest.mark.parametrize("name", ["ai", "full", "loop"])
def test_parts_add_up_to_the_reading_at_random_moments(name, request):
    log_ = lived(named(AI), cast="full") if name == "full" else request.getfixturevalue(name)
    first, last = next(log_.read("main")), log_.head().moment
    world = world_at(log_, "main", log_.position_at("main", last))
    chance = random.Random(20260731)
    known = 0
    for _ in range(200):
        actor = chance.choice(world.story.actors).id
        which = chance.choice(reading_names())
        at = chance.randint(first.moment, last + 30 * DAY)
        then, made = explained(log_, actor, which, at)
        adds_up(made, reading(then, actor, at)[which])
        known += bool(made.parts)
    assert known > 40


def test_every_reading_of_every_actor_adds_up_at_the_end(loop):
    at = loop.head().moment + DAY
    world = world_at(loop, "main", loop.position_at("main", at))
    for actor in world.story.actors:
        for name in reading_names():
            adds_up(explained(loop, actor.id, name, at)[1], reading(world, actor.id, at)[name])


@pytest.mark.parametrize("name", ["ai", "loop"])
def test_what_the_store_finds_is_enough_and_whole_logs_give_the_same(name, request):
    log_ = request.getfixturevalue(name)
    at = log_.head().moment
    world = world_at(log_, "main", log_.position_at("main", at))
    events = list(log_.read("main"))
    for actor in ("oracle", "openai", "larry-ellison") if name == "ai" else ("lab", "cloud", "founder"):
        for each in reading_names():
            assert figure(world, events, actor, each, at).parts == explained(log_, actor, each, at)[1].parts


# --- by hand ------------------------------------------------------------------------------------


def made_of(world, events, actor, name, at):
    return figure(world, events, actor, name, at)


def posted(*moments):
    """The tiny story after facts posted by hand, and all its events."""
    plain = tale(PARAMETERS)
    world = grown(plain, *moments)
    log_, again = began(plain)
    from events.event import Draft

    for moment, facts in moments:
        for event in log_.append("main", again.position, moment, [(Draft("test", f),) for f in facts]):
            again.step(event)
    return world, list(log_.read("main"))


def test_a_listed_value_by_hand():
    # 10,000 of opening; a step of ln 0.2 that halves in 25 days, a lasting one of 0.1, rates up 100 bp.
    steps = [Repricing(asset="cloud", fast=200_000_000, lasting=100_000_000)]
    world, events = posted((0 + DAY, steps), (2 * DAY, [PolicyRate(bank="fed", rate=500, surprise=100)]))
    made = made_of(world, events, "cloud", "valuation", 26 * DAY)
    by_kind = {to_event(part.row).kind: part for part in made.parts}
    assert by_kind["Endowment"].amount == 10_000
    assert by_kind["Endowment"].ln == round(log(10_000) * NANO)
    assert by_kind["Repricing"].ln == 200_000_000  # half of 0.2, and 0.1
    assert by_kind["PolicyRate"].ln == -50_000_000  # five years of duration
    assert made.value == round(10_000 * exp(0.15))  # 11,618
    rise = made.value - 10_000
    assert by_kind["Repricing"].amount == round(rise * 0.2 / log(made.value / 10_000))
    assert by_kind["PolicyRate"].amount == round(rise * -0.05 / log(made.value / 10_000))


def test_what_touches_every_price_is_found_though_it_names_nobody():
    rates = PolicyRate(bank="fed", rate=500, surprise=100, told=told("rates"))
    with lived(story((told_entry("rates", 2 * DAY, rates),))) as log_:
        _, made = explained(log_, "cloud", "valuation", 3 * DAY)
    assert [(to_event(part.row).kind, part.ln) for part in made.parts][1:] == [("PolicyRate", -50_000_000)]


def test_new_shares_are_a_part_of_a_listed_value():
    from events.facts import Issue

    world, events = posted((DAY, [Issue(issuer="cloud", holder="lab", shares=50)]))
    made = made_of(world, events, "cloud", "valuation", 2 * DAY)
    assert made.value == 15_000  # 150 shares where there were 100
    assert [part.amount for part in made.parts] == [10_000, 5_000]
    assert made.parts[1].ln in {round(log(1.5) * NANO) + d for d in (-1, 0, 1)}


def test_a_private_value_is_its_last_round_and_nothing_else():
    lab = [Funding(company="lab", investor="outside", amount=70, post_money=5_000)]
    news = [Repricing(asset="lab", lasting=100_000_000)]
    world, events = posted((DAY, news), (26 * DAY, lab), (30 * DAY, news))
    made = made_of(world, events, "lab", "valuation", 40 * DAY)
    assert (made.value, made.total, made.residual, made.residual_ln) == (5_000, 5_000, 0, 0)
    assert [(part.role, part.amount, part.ln) for part in made.parts] == [
        ("base", 5_000, round(log(5_000) * NANO))
    ]


def test_once_quoted_it_starts_from_its_last_round_and_what_was_in_its_mark_fades():
    lab = [Funding(company="lab", investor="outside", amount=70, post_money=5_000)]
    world, events = posted(
        (0 + DAY, [Repricing(asset="lab", fast=400_000_000)]),
        (26 * DAY, lab),
        (26 * DAY + 3600, [Repricing(asset="lab", log_mark=199_769_071)]),
        (29 * DAY, [Quote(asset="lab", price=5_000, moment=29 * DAY)]),
        (30 * DAY, [Repricing(asset="lab", lasting=100_000_000)]),
    )
    at = 51 * DAY + 3600
    made = made_of(world, events, "lab", "valuation", at)
    roles = {part.role: part for part in made.parts}
    assert roles["base"].amount == 5_000
    assert to_event(roles["base"].row).kind == "Funding"
    assert roles["step"].ln == 100_000_000
    marked = 400_000_000 * 2 ** (-(25 + 1 / 24) / 25)
    assert roles["faded"].ln == pytest.approx(-marked / 2, abs=1)  # another 25 days halve it
    assert made.value == round(5_000 * exp(0.1 - marked / 2 / NANO))


def test_belief_below_nothing_backs_nothing():
    world, events = posted((DAY, [Repricing(asset="cloud", fast=-200_000_000)]))
    made = made_of(world, events, "cloud", "belief_share", 2 * DAY)
    assert (made.value, made.total) == (0.0, 0)
    assert [part.amount for part in made.parts] == [0]
    assert made.parts[0].ln < 0


def test_a_belief_share_is_split_by_the_logarithm():
    steps = [Repricing(asset="cloud", slow=300_000_000), Repricing(asset="cloud", slow=100_000_000)]
    world, events = posted((DAY, steps))
    made = made_of(world, events, "cloud", "belief_share", DAY)
    assert made.total == round((1 - exp(-0.4)) * NANO)
    assert [part.ln for part in made.parts] == [300_000_000, 100_000_000]
    assert [part.amount for part in made.parts] == [round(made.total * 0.75), round(made.total * 0.25)]


def test_pressure_of_trades_is_in_the_price():
    trade = Trade(seller="lab", buyer="chips", asset="cloud", shares=1, amount=1, impact=-80_000_000)
    world, events = posted((DAY, [trade]))
    made = made_of(world, events, "cloud", "valuation", 6 * DAY)
    assert made.parts[1].ln == -40_000_000  # half is left after five days


def test_cash_is_its_opening_and_every_payment():
    world, events = posted((DAY, [Payment(payer="cloud", payee="chips", amount=120)]))
    made = made_of(world, events, "cloud", "cash", DAY)
    assert [(part.role, part.amount) for part in made.parts] == [("opening", 500), ("step", -120)]
    assert made.total == 380


def test_what_nobody_opened_has_parts_and_no_total():
    world, events = posted((DAY, [Payment(payer="cloud", payee="chips", amount=120)]))
    made = made_of(world, events, "chips", "cash", DAY)  # the tiny story gives chips no cash
    assert made.value is made.total is None
    assert [part.amount for part in made.parts] == [120]


def test_collateral_is_pledged_shares_at_the_price_of_the_moment():
    world, events = posted((DAY, [Repricing(asset="cloud", lasting=round(log(2) * NANO))]))
    made = made_of(world, events, "founder", "collateral", DAY)
    assert made.value == 4_000  # 20 of 100 shares of 20,000
    assert [part.amount for part in made.parts] == [4_000]


def test_every_reading_that_replay_gives_can_be_asked_why():
    assert set(ACCOUNTS) == set(reading_names())


def test_money_added_to_markets_counts_as_much_as_prices_are_sensitive_to_it():
    # an impulse of 0.5 at a sensitivity of 0.02, half gone after 90 days: 0.5 x 0.02 / 2 of ln
    world, events = posted((DAY, [Liquidity(bank="cloud", impulse=NANO // 2)]))
    made = made_of(world, events, "cloud", "valuation", 91 * DAY)
    (step,) = [part for part in made.parts if part.row.kind == "Liquidity"]
    assert step.ln == pytest.approx(5_000_000, abs=1)
    assert made.value == round(10_000 * exp(0.005))


def test_a_fact_of_an_older_shape_is_lifted_before_it_is_read(monkeypatch):
    monkeypatch.setitem(
        codec.LIFTS, ("Payment", 1), lambda old: {"payer": old["by"], "payee": old["to"], "amount": 7}
    )
    row = Row(9, DAY, "Payment@1", "recorded", "lab", "", b'{"by":"lab","to":"cloud"}', b"")
    assert attribution._moves([row], ("cash",), "cloud") == [(row, (Moved("cash", "cloud", 7),))]
    assert attribution._moves([row], ("cash",), "lab") == [(row, (Moved("cash", "lab", -7),))]
