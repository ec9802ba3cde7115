"""Circularity of histories: which sums count, on which rung, the rings in them, and chance beside it."""

from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from support.lives import lived, named
from support.tiny import DAY, link, told
from support.tiny import entry as told_at
from support.worlds import began, tale

import narrative
from events.event import Draft, Event
from events.facts import Cancellation, Investment, Order, Payment, Retraction, Trade
from events.fields import Fact
from events.funding_facts import Loan, Repayment
from narrative.analysis.measures.circularity import (
    beyond_chance,
    circularity,
    over_time,
    self_financed,
)
from narrative.analysis.measures.circulation import circulating
from narrative.analysis.measures.deals import Kind, deals, flows, reached
from narrative.analysis.measures.rewiring import by_chance, rewired, scattered
from narrative.analysis.measures.rings import LONGEST, MOST, rings
from narrative.story.model import Actor, Story

BN = 10**11  # cents


def logged(*facts: Fact) -> tuple[Story, list[Event]]:
    """A story of nobody's making, and facts a day apart in its log."""
    story = tale({})
    log, world = began(story)
    position = world.position
    for day, fact in enumerate(facts, 1):
        position = log.append("main", position, day * DAY, [(Draft("test", fact),)])[-1].position
    return story, list(log.read("main"))


def shares(story: Story, events: list[Event]) -> list[tuple[int, int]]:
    return [(level.gross, level.circulating) for level in circularity(story, events)]


def test_the_rungs_are_never_added() -> None:
    """100 said, 60 ordered and 30 paid stand as 100, 60 and 30; a stake that is paid stands on each."""
    found = logged(
        Order(buyer="lab", seller="cloud", order="one", ceiling=100),
        Order(buyer="lab", seller="cloud", order="two", amount=60),
        Payment(payer="lab", payee="cloud", order="two", amount=30, settles=30),
        Investment(investor="cloud", company="lab", amount=40),
    )
    assert shares(*found) == [(140, 80), (100, 80), (70, 60)]


def test_what_is_taken_back_counts_no_more() -> None:
    story, events = logged(
        Investment(investor="chips", company="lab", ceiling=100, told=told("letter")),
        Order(buyer="lab", seller="chips", order="one", amount=60),
        Cancellation(buyer="lab", seller="chips", order="one", amount=50),
        Retraction(subject="chips", of="letter", ceiling=95),
    )
    assert shares(story, events) == [(15, 10), (10, 0), (0, 0)]
    (_, then, *_, now) = over_time(story, events, [0, 2 * DAY, 3 * DAY, 4 * DAY])
    assert (then.circulating["announced"], now.circulating["announced"]) == (120, 10)


def test_loans_of_those_who_trade_count_and_other_money_does_not() -> None:
    bank = Loan(borrower="cloud", lender="founder", loan="a", amount=500)
    vendor = Loan(borrower="cloud", lender="chips", loan="b", amount=50)
    pays = Payment(payer="cloud", payee="chips", amount=80)
    others = (
        Repayment(borrower="cloud", lender="chips", loan="b", amount=20),
        Trade(seller="lab", buyer="cloud", asset="chips", amount=900, shares=1),
        Loan(borrower="lab", lender="outside", loan="c", amount=700),
    )
    story, events = logged(bank, vendor, pays, *others)
    paid = circularity(story, events)[-1]
    assert (paid.gross, paid.circulating) == (130, 100)
    chips = paid.actors[0]
    assert (chips.actor, chips.sales, chips.self_financed) == ("chips", 80, 50)


def test_a_ring_is_found_in_2025_by_itself_and_stands_on_words() -> None:
    """Nvidia's letter of 100, OpenAI's contract of 300, Oracle's chips of 40, all announced."""
    story = named("ai-2025")
    events = list(lived(story, until=story.calendar.at("2025-12-31")).read("main"))
    announced, committed, paid = circularity(story, events)
    ring = next(ring for ring in announced.rings if ring.parties == ("nvidia", "openai", "oracle"))
    assert ring.least == 40 * BN
    assert ring.tied == 0  # no source says that one was for the other
    assert all("oracle" not in ring.parties for ring in (*committed.rings, *paid.rings))
    assert paid.circulating == 0


PLAIN = """\
date,kind,actor,headline,source,amount,counterparty
2025-02-03,Investment,Nvidia,Nvidia puts money into OpenAI,a paper,100bn,OpenAI
2025-03-03,Order,OpenAI,OpenAI orders computing,a paper,300bn,Oracle
2025-04-03,Order,Oracle,Oracle orders chips,a paper,40bn,Nvidia
"""


def test_a_ring_is_found_in_a_table_of_plain_deals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last row of the published table: 120 of 440."""
    monkeypatch.chdir(tmp_path)
    Path("deals.csv").write_text(PLAIN)
    narrative.import_("deals.csv")
    found = narrative.measure("circularity", "deals")
    committed = found.rungs[1]
    assert committed.circulating * 440 == committed.gross * 120
    (ring,) = committed.rings
    assert ring.parties == ["nvidia", "openai", "oracle"]
    assert ring.least * 440 == committed.gross * 40
    assert ring.tied == 0
    assert found.rungs[2].rings == []


def test_joints_are_tied_by_causes_and_by_sources_not_by_authors() -> None:
    order = Order(buyer="lab", seller="cloud", order="one", amount=60, told=told("order"))
    stake = Investment(investor="cloud", company="lab", amount=20, told=told("stake"))
    author = link("follows", "order")
    for basis, tied in (("author", 0), ("source", 2)):
        drawn = type(author)(kind="follows", id="order", basis=basis, reason="for the test")
        story = tale({}, entries=(told_at("order", DAY, order), told_at("stake", 2 * DAY, stake, (drawn,))))
        (ring,) = circularity(story, list(lived(story).read("main")))[1].rings
        assert (ring.parties, ring.least, ring.tied) == (("cloud", "lab"), 20, tied)


def before(of: Event, events: list[Event]) -> set[int]:
    """Positions of all that an event descends from."""
    found, left = set[int](), [*of.causes]
    while left:
        cause = left.pop()
        if cause not in found:
            found.add(cause)
            left += events[cause - 1].causes
    return found


def step(fact: Fact) -> tuple[str, str] | None:
    """(payer, payee) of an order, a stake or a loan."""
    match fact:
        case Order():
            return fact.buyer, fact.seller
        case Investment():
            return fact.investor, fact.company
        case Loan():
            return fact.lender, fact.borrower
    return None


@pytest.mark.parametrize(("seed", "tied"), [(2, 1), (3, 3), (4, 3), (9, 1)])
def test_a_turn_of_loop_is_tied_by_what_its_processes_gave_as_causes(seed: int, tied: int) -> None:
    """Where the cloud ordered its chips of money raised, and the lab orders on its own words, one joint is
    tied: what is paid for chips goes on to the lab. Where the lab orders of what it got, all three are.
    """
    story = named("loop")
    events = list(lived(story, seed=seed).read("main"))
    of = {event.position: step(event.fact) for event in events}
    pairs = {(of[cause], of[event.position]) for event in events for cause in before(event, events)}
    turn = [("chips", "lab"), ("lab", "cloud"), ("cloud", "chips")]
    joints = list(zip(turn, (*turn[1:], turn[0]), strict=True))
    assert sum(joint in pairs or joint[::-1] in pairs for joint in joints) == tied
    for level in circularity(story, events)[:2]:
        assert [(ring.parties, ring.tied) for ring in level.rings] == [(("chips", "lab", "cloud"), tied)]


@pytest.mark.parametrize("seed", range(40))
def test_a_rewiring_keeps_every_total_and_pays_nobody_itself(seed: int) -> None:
    chance = Random(seed)
    names = "abcdef"[: chance.randint(2, 6)]
    sums = {tuple(chance.sample(names, 2)): chance.randint(1, 50) for _ in range(chance.randint(0, 12))}
    for draw in range(5):
        other = rewired(sums, draw)
        assert all(payer != payee and amount > 0 for (payer, payee), amount in other.items())
        for side in (0, 1):
            for name in names:
                before = sum(amount for pair, amount in sums.items() if pair[side] == name)
                assert sum(amount for pair, amount in other.items() if pair[side] == name) == before
        assert rewired(dict(sorted(sums.items())), draw) == other


def test_pairs_planted_among_one_way_payments_are_more_than_chance_and_a_tree_is_not() -> None:
    pairs = {(f"a{i}", f"b{i}"): 10 for i in range(10)} | {(f"b{i}", f"a{i}"): 10 for i in range(10)}
    tree = {(f"c{i}", f"d{i}"): 10 for i in range(10)}
    planted = pairs | tree
    assert circulating(planted) == 200
    assert max(circulating(rewired(planted, draw)) for draw in range(40)) < 200
    assert {circulating(rewired(tree, draw)) for draw in range(40)} == {0}


def test_where_everybody_pays_what_it_gets_all_goes_round_however_it_is_rewired() -> None:
    """The reason why a share beside chance says nothing of a closed ring: totals alone make it go round."""
    ring = {("a", "b"): 7, ("b", "c"): 7, ("c", "d"): 7, ("d", "a"): 7}
    assert {circulating(rewired(ring, draw)) for draw in range(10)} == {28}


def test_the_widest_rings_come_first_however_many_there_are() -> None:
    names = [f"n{i:02}" for i in range(12)]
    sums = {(a, b): 1 for a in names for b in names if a != b} | {("n03", "n07"): 9, ("n07", "n03"): 5}
    found = rings(sums)
    assert (found[0].parties, found[0].least) == (("n03", "n07"), 5)
    assert len(found) == MOST
    assert all(len(set(ring.parties)) == len(ring.parties) <= LONGEST for ring in found)
    assert len({ring.parties for ring in found}) == MOST


@pytest.mark.parametrize(("parties", "found"), [(LONGEST, 1), (LONGEST + 1, 0)])
def test_a_ring_has_no_more_than_so_many_parties(parties: int, found: int) -> None:
    ring = {(f"n{i}", f"n{(i + 1) % parties}"): 3 for i in range(parties)}
    assert len(rings(ring)) == found


def test_deals_keep_to_named_parties() -> None:
    story, events = logged(
        Order(buyer="outside", seller="cloud", order="one", amount=60),
        Order(buyer="cloud", seller="cloud", order="two", amount=60),
        Order(buyer="lab", seller="cloud", order="three", amount=60),
    )
    assert flows(reached(deals(story, events), "committed")) == {("lab", "cloud"): 60}


def paid(*flows_: tuple[str, str]) -> dict[tuple[str, str, Kind], int]:
    return {(payer, payee, "purchase"): 100 for payer, payee in flows_}


def named_of(*actors: str) -> Story:
    return evolve(tale({}), actors=tuple(Actor(id=one, name=one, roles=(), listed=False) for one in actors))


RING = paid(("a", "b"), ("b", "c"), ("c", "a"))


def test_a_closed_ring_goes_round_by_any_rewiring_and_is_held_to_payments_to_anybody() -> None:
    assert by_chance(flows(RING))[0] == 300  # totals alone make it whole, so they are no yardstick
    story = named_of("a", "b", "c", *"defghij")
    found = beyond_chance(story, RING)
    assert found is not None
    # Whole three-rings among ten parties come by chance once in 9 * 9 * 9 / 2 draws or so, pairs of payers
    # that pay each other (two thirds) about once in 27: the 95 % point is nothing.
    assert found == (1.0, 0.0)
    alone = beyond_chance(named_of("a", "b", "c"), RING)
    assert alone == (1.0, 1.0)  # three who pay nobody else cannot but pay each other


def test_what_chance_can_tell_is_held_to_rewirings_with_the_same_totals() -> None:
    star = paid(("a", "b"), ("a", "c"), ("d", "b"), ("b", "a"))
    story = named_of(*"abcd")
    found = beyond_chance(story, star)
    assert found is not None
    assert found[1] == by_chance(flows(star))[189] / 400
    assert beyond_chance(story, {}) is None


def test_scattering_keeps_what_each_pays_and_pays_nobody_itself() -> None:
    for draw in range(20):
        found = scattered(flows(RING), ["a", "b", "c", "d"], draw)
        assert {who: sum(n for (payer, _), n in found.items() if payer == who) for who in "abc"} == {
            "a": 100, "b": 100, "c": 100,
        }  # fmt: skip  # a row
        assert all(payer != payee for payer, payee in found)


def test_the_part_of_sales_that_sellers_could_have_paid_themselves() -> None:
    sums: dict[tuple[str, str, Kind], int] = {
        ("lab", "cloud", "purchase"): 100,
        ("cloud", "lab", "stake"): 40,
        ("lab", "chips", "purchase"): 100,
    }
    assert self_financed(sums) == 40 / 200
    assert self_financed({("a", "b", "stake"): 5}) is None
