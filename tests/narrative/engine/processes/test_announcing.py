"""Announcements that excite announcements, against figures worked out by hand."""

from math import exp, log, sqrt

import pytest
from support.tiny import DAY
from support.worlds import assumed, facts_of, grown, relation, tale

from events.books.accounts import Fold
from events.facts import Announcement, Payment
from events.fields import Fact
from events.funding_facts import Funding, Loan
from events.market_facts import Repricing
from narrative.books.table import TABLE
from narrative.engine.chance import Chance
from narrative.engine.processes.announcing import (
    FAR,
    ambition,
    at_most,
    candidates,
    decide,
    due,
    hawkes,
    intensity,
)
from narrative.engine.setting import half_lives
from narrative.engine.world import World
from narrative.story.cast import Part

RATES = {
    "announce_rate": 0.2,
    "announce_branching": 0.6,
    "announce_ceiling": 4.0,
    "announce_multiple": 10.0,
    "announce_belief": 0.5,
    "announce_headroom": 2.0,
}
LAB = Part("announcing", "lab")
LINKS = (relation("supplies", "cloud", "lab"), relation("supplies", "outside", "lab"))


def quiet(**more: float) -> World:
    return grown(tale(RATES | more, LINKS))


def certain() -> World:
    """Every candidate is taken."""
    return quiet(announce_rate=4.0)


# --- intensity ----------------------------------------------------------------------------------


def test_nothing_said_and_nothing_believed_leaves_the_base_rate() -> None:
    assert intensity(quiet(), "lab", DAY) == 0.2


def test_each_announcement_adds_branching_times_its_decay() -> None:
    world = grown(tale(RATES, LINKS), (DAY, [Announcement(subject="lab"), Announcement(subject="lab")]))
    kappa = log(2) / 10  # half-life ten days
    assert intensity(world, "lab", DAY) == pytest.approx(0.2 + 2 * 0.6 * kappa, rel=1e-12)
    assert intensity(world, "lab", 11 * DAY) == pytest.approx(0.2 + 0.6 * kappa, rel=1e-12)
    assert intensity(world, "cloud", DAY) == 0.2


def test_belief_raises_the_intensity() -> None:
    world = grown(tale(RATES, LINKS), (DAY, [Repricing(asset="lab", fast=300_000_000, slow=100_000_000)]))
    assert intensity(world, "lab", DAY) == pytest.approx(0.2 * (1 + 0.5 * (1 - exp(-0.4))), rel=1e-12)


def test_debt_lowers_the_intensity_and_a_whole_value_owed_silences() -> None:
    owing = Loan(borrower="cloud", lender="outside", loan="bonds", amount=5_000)
    world = grown(tale(RATES), (DAY, [owing]))
    assert intensity(world, "cloud", DAY) == pytest.approx(0.2 * 0.5**2, rel=1e-12)  # half of 10,000
    more = Loan(borrower="cloud", lender="outside", loan="more", amount=6_000)
    assert intensity(grown(tale(RATES), (DAY, [owing, more])), "cloud", DAY) == 0.0


def test_an_actor_without_a_base_rate_says_nothing_however_excited() -> None:
    world = grown(tale(RATES | {"announce_rate": 0.0}, LINKS), (DAY, [Announcement(subject="lab")]))
    assert intensity(world, "lab", DAY) == 0.0
    assert due(world, LAB, DAY) is None
    assert due(quiet(announce_ceiling=0.0), LAB, DAY) is None


# --- candidates ---------------------------------------------------------------------------------


def test_candidates_are_a_poisson_stream() -> None:
    counts = [len(candidates(Chance(1), "lab", 3.0, day)) for day in range(4_000)]
    mean = sum(counts) / 4_000
    variance = sum((count - mean) ** 2 for count in counts) / 3_999
    assert abs(mean - 3.0) < 3 * sqrt(3.0 / 4_000)
    assert abs(variance - 3.0) < 3 * sqrt((3.0 + 2 * 3.0**2) / 4_000)


def test_a_higher_ceiling_keeps_the_lower_ones_candidates() -> None:
    for day in range(200):
        few = set(candidates(Chance(1), "lab", 1.0, day))
        assert few <= set(candidates(Chance(1), "lab", 5.0, day))


def test_candidates_stand_in_the_order_of_time_on_their_day() -> None:
    for day in (-3, 0, 7):
        moments = [moment for moment, _, _ in candidates(Chance(2), "lab", 20.0, day)]
        assert moments == sorted(moments)
        assert all(day * DAY <= moment < (day + 1) * DAY for moment in moments)


def test_due_is_the_next_candidate_that_could_be_taken_strictly_later() -> None:
    world = quiet(announce_rate=1.0)  # 1.5 a day were the whole value belief, of 4 candidates
    stream = [one for day in range(-1, 40) for one in candidates(world.chance, "lab", 4.0, day)]
    now = -1
    possible = [moment for moment, _, mark in stream if moment >= 0 and mark < 1.5 / 4.0]
    assert 30 < len(possible) < 90
    for expected in possible:
        found = due(world, LAB, now)
        assert found == expected
        assert found > now
        now = found


def test_a_rate_of_almost_nothing_is_looked_at_again_and_says_nothing_then() -> None:
    world = quiet(announce_ceiling=1e-9)
    assert due(world, LAB, 5) == FAR * DAY
    assert decide(world, LAB, FAR * DAY) == []


# --- what is said -------------------------------------------------------------------------------


def test_what_is_announced_reaches_a_multiple_of_all_the_money_an_actor_had() -> None:
    raised = Funding(company="lab", investor="outside", amount=700, post_money=5_000)
    paid = Payment(payer="lab", payee="cloud", amount=600, settles=600)
    before = Announcement(subject="lab", ceiling=9_000)
    world = grown(tale(RATES | {"announce_rate": 4.0}, LINKS), (DAY, [raised, paid, before]))
    now = due(world, LAB, DAY)
    assert now is not None
    # it holds 1,000 + 700 - 600 and has paid 600; of two suppliers only the cloud has a name
    said = Announcement(subject="lab", counterparty="cloud", ceiling=10 * 1_700 - 9_000)
    assert facts_of(decide(world, LAB, now)) == [[said]]


def test_an_ambition_that_is_used_up_is_announced_without_a_sum() -> None:
    before = Announcement(subject="lab", ceiling=10_000)
    world = grown(tale(RATES | {"announce_rate": 4.0}, LINKS), (DAY, [before]))
    now = due(world, LAB, DAY)
    assert now is not None
    assert facts_of(decide(world, LAB, now)) == [[Announcement(subject="lab", counterparty="cloud")]]


def test_the_same_plan_told_again_is_no_announcement_where_a_part_of_it_must_be_new() -> None:
    """It may announce ten times the 1,000 it holds. Of 8,000 said before a quarter is 2,000, and so much is
    left, which is not more; of 7,999 it is.
    """
    for before, left in ((8_000, []), (7_999, [2_001])):
        story = tale(RATES | {"announce_rate": 4.0, "announce_least": 0.25}, LINKS)
        world = grown(story, (DAY, [Announcement(subject="lab", ceiling=before)]))
        now = due(world, LAB, DAY)
        assert now is not None
        assert [draft.fact.ceiling for act in decide(world, LAB, now) for draft in act] == left


def test_of_cash_that_nobody_knows_no_multiple_is_announced() -> None:
    """How much cash chips opened with the story does not say, whatever came in since."""
    assert (
        ambition(grown(tale(RATES), (DAY, [Payment(payer="lab", payee="chips", amount=500)])), "chips") == 0
    )


def test_who_holds_nothing_announces_without_a_sum() -> None:
    world = certain()
    founder = Part("announcing", "founder")
    now = due(world, founder, 0)
    assert now is not None
    assert facts_of(decide(world, founder, now)) == [[Announcement(subject="founder")]]


def test_a_partner_is_a_supplier_that_has_a_name() -> None:
    world, partners, now = certain(), [], 0
    while len(partners) < 20:
        found = due(world, LAB, now)
        assert found is not None
        partners += [act[0].fact.counterparty for act in decide(world, LAB, found)]
        now = found
    assert set(partners) == {"cloud"}


def test_the_share_of_candidates_taken_is_intensity_over_ceiling() -> None:
    marks = [mark for day in range(5_000) for _, _, mark in candidates(Chance(5), "lab", 4.0, day)]
    share = sum(mark < 0.3 for mark in marks) / len(marks)
    assert abs(share - 0.3) < 3 * sqrt(0.3 * 0.7 / len(marks))


def test_whatever_happens_short_of_another_word_nobody_speaks_more_often_than_the_bound() -> None:
    role = tale(RATES, LINKS)
    word = Announcement(subject="cloud")
    for fast, owed in ((0, 0), (900_000_000, 0), (9_000_000_000, 100), (-900_000_000, 9_000)):
        before = grown(role, (DAY, [word]))
        news: list[Fact] = [Repricing(asset="cloud", fast=fast)]
        news += [Loan(borrower="cloud", lender="outside", loan="one", amount=owed)] * bool(owed)
        after = grown(role, (DAY, [word]), (2 * DAY, news))
        for days in (2, 3, 9, 400):
            assert intensity(after, "cloud", days * DAY) <= at_most(before, "cloud")(days * DAY)


def test_nothing_is_decided_between_candidates() -> None:
    world = certain()
    now = due(world, LAB, 0)
    assert now is not None
    assert decide(world, LAB, now - 1) == []
    assert len(decide(world, LAB, now)) == 1


# --- the process as a whole ---------------------------------------------------------------------


def test_a_hawkes_process_has_the_rate_and_the_branching_of_theory() -> None:
    """With mu = 1, alpha = 1/2, beta = 1 a day, T = 20,000 days: rate 2, branching 1/2."""
    days, window, ceiling = 20_000, 100, 16.0
    half_life = log(2.0)
    parameters = {p.name: p.value for p in assumed(excitement_half_life=half_life)}
    fold = Fold(TABLE, half_lives(parameters))
    chance = Chance(14)
    word = Announcement(subject="lab")
    counts = [0] * (days // window)
    for day in range(days):
        for moment, _, mark in candidates(chance, "lab", ceiling, day):
            level = hawkes(1.0, 0.5, half_life, fold.fading("excitement", "lab", moment))
            assert level < ceiling
            if mark < level / ceiling:
                fold.post("Announcement", word, moment)
                counts[day // window] += 1
    # counts over T have variance rate * T / (1 - n)**2 = 8 T
    assert abs(sum(counts) / days - 2.0) < 3 * sqrt(8.0 / days)
    mean = sum(counts) / len(counts)
    variance = sum((count - mean) ** 2 for count in counts) / (len(counts) - 1)
    # a variance of N windows has relative error sqrt(2 / N), halved by the root and by sqrt(1/4)
    assert abs(1.0 - sqrt(mean / variance) - 0.5) < 3 * 0.25 * sqrt(2.0 / len(counts))
