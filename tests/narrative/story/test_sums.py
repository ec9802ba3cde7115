"""What a timeline takes back, beside what it told before."""

from pathlib import Path

import pytest
from support.faulty_story import T, line_in, written

from narrative.whatif.check import check_story

MORE = """
[[event]]
id = "{id}"
date = {date}
kind = "{kind}"
actor = "lab"
{fields}
headline = "news"
source = "an example, not a fact"
confidence = "assumption"
"""
# The demo announces 30 with "plan" on 3 February and orders 10 with "chips" on 1 April.
COUNTERPARTY = 'counterparty = "chipmaker"\n'


def more(name: str, kind: str, day: str, fields: str) -> str:
    return MORE.format(id=name, kind=kind, date=day, fields=fields)


def said(folder: Path, *entries: str) -> list[str]:
    story = written(folder)
    path = story / T
    path.write_text(path.read_text() + "".join(entries))
    return [
        f"{fault.line - line_in(story, T, entries[-1]) + 1}: {fault.what}" for fault in check_story(story)
    ]


def retraction(name: str, day: str, ceiling: str, of: str = "plan") -> str:
    return more(name, "Retraction", day, f'of = "{of}"\nceiling = {ceiling}')


def cancellation(name: str, day: str, amount: str) -> str:
    return more(name, "Cancellation", day, f'{COUNTERPARTY}order = "chips"\namount = {amount}')


def test_what_stands_can_be_taken_back_in_parts(tmp_path: Path) -> None:
    assert said(tmp_path, retraction("one", "2025-05-01", "20"), retraction("two", "2025-05-02", "10")) == []


def test_no_more_is_taken_back_than_was_announced(tmp_path: Path) -> None:
    found = said(tmp_path, retraction("one", "2025-05-01", "20"), retraction("two", "2025-05-02", "10.5"))
    assert found == ['8: entry "two" takes back 10.5 of "plan", of which 10 stands']


def test_what_is_taken_back_was_told_before(tmp_path: Path) -> None:
    found = said(tmp_path, retraction("one", "2025-05-01", "1", of="plam"))
    assert found == ['7: entry "one" takes back "plam", which no earlier entry tells']


def test_a_sum_is_taken_back_by_who_announced_it(tmp_path: Path) -> None:
    other = retraction("one", "2025-05-01", "1").replace('actor = "lab"', 'actor = "chipmaker"')
    assert said(tmp_path, other) == ['6: entry "one" is of "chipmaker" and takes back what "lab" announced']


def test_words_without_a_sum_may_be_taken_back_by_another(tmp_path: Path) -> None:
    other = more("one", "Retraction", "2025-05-01", 'of = "plan"').replace('"lab"', '"chipmaker"')
    assert said(tmp_path, other) == []


def test_no_more_is_given_up_of_an_order_than_is_left_of_it(tmp_path: Path) -> None:
    delivered = more("part", "Delivery", "2025-05-01", 'order = "chips"\namount = 4')
    delivered = delivered.replace('actor = "lab"', 'actor = "chipmaker"\ncounterparty = "lab"')
    assert said(tmp_path, delivered, cancellation("up", "2025-05-02", "6")) == []


@pytest.mark.parametrize(("delivered", "left"), [("4", "6"), ("40", "0")])
def test_more_than_is_left_of_an_order_cannot_be_given_up(tmp_path: Path, delivered: str, left: str) -> None:
    part = more("part", "Delivery", "2025-05-01", f'order = "chips"\namount = {delivered}')
    part = part.replace('actor = "lab"', 'actor = "chipmaker"\ncounterparty = "lab"')
    assert said(tmp_path, part, cancellation("up", "2025-05-02", "7")) == [
        f'9: entry "up" takes back 7 of "chips", of which {left} stands'
    ]


def test_what_was_replaced_is_taken_back_already(tmp_path: Path) -> None:
    link = 'replaces = [{ id = "plan", basis = "author", reason = "r" }]'
    new = more("new", "Announcement", "2025-04-15", f"ceiling = 5\n{link}")
    assert said(tmp_path, new, retraction("old", "2025-05-01", "1")) == [
        '8: entry "old" takes back 1 of "plan", of which 0 stands'
    ]


def test_an_order_that_was_replaced_cannot_be_given_up(tmp_path: Path) -> None:
    link = 'replaces = [{ id = "chips", basis = "author", reason = "r" }]'
    new = more("new", "Order", "2025-04-15", f"{COUNTERPARTY}amount = 5\n{link}")
    assert said(tmp_path, new, cancellation("up", "2025-05-02", "1")) == [
        '9: entry "up" takes back 1 of "chips", of which 0 stands'
    ]


def test_an_order_is_given_up_once(tmp_path: Path) -> None:
    found = said(tmp_path, cancellation("up", "2025-05-02", "6"), cancellation("again", "2025-05-03", "5"))
    assert found == ['9: entry "again" takes back 5 of "chips", of which 4 stands']


# --- No more is repaid, met or freed than is owed, called or pledged: a timeline keeps the rule of a what-if.


def loan(amount: str = "10") -> str:
    return more("draw", "Loan", "2025-05-01", f"{COUNTERPARTY}amount = {amount}")


def test_no_more_is_repaid_than_is_owed(tmp_path: Path) -> None:
    back = more("back", "Repayment", "2025-05-02", f'{COUNTERPARTY}loan = "draw"\namount = 10')
    assert said(tmp_path, loan(), back) == []
    again = more("again", "Repayment", "2025-05-03", f'{COUNTERPARTY}loan = "draw"\namount = 0.5')
    other = tmp_path / "other"
    other.mkdir()
    found = said(other, loan(), back, again)
    assert found == ['9: entry "again" takes 0.5 off "draw", of which 0 is owed']


def test_interest_told_is_owed_too(tmp_path: Path) -> None:
    interest = more("grown", "Interest", "2025-05-02", f'{COUNTERPARTY}loan = "draw"\namount = 1')
    back = more("back", "Repayment", "2025-05-03", f'{COUNTERPARTY}loan = "draw"\namount = 11')
    assert said(tmp_path, loan(), interest, back) == []


def test_no_more_is_met_than_was_called(tmp_path: Path) -> None:
    call = more(
        "ask", "MarginCall", "2025-05-02", f'{COUNTERPARTY}loan = "draw"\namount = 2\ndue = 2025-06-01'
    )
    cure = more("met", "Cure", "2025-05-03", f'{COUNTERPARTY}call = "ask"\namount = 7')
    assert said(tmp_path, loan(), call, cure) == ['9: entry "met" takes 7 off "ask", of which 2 is called']


def test_no_more_shares_come_free_than_are_pledged(tmp_path: Path) -> None:
    pledged = more("given", "Pledge", "2025-05-02", f'{COUNTERPARTY}asset = "chipmaker"\nshares = 60')
    freed = more("free", "Release", "2025-05-03", f'{COUNTERPARTY}asset = "chipmaker"\nshares = 100')
    found = said(tmp_path, pledged, freed)
    assert found == ['9: entry "free" takes 100 shares off "lab/chipmaker", of which 60 shares stand pledged']


# --- The same money counts once.


def announced(name: str, day: str, ceiling: str, more_fields: str = "") -> str:
    return more(name, "Announcement", day, f"ceiling = {ceiling}\n{more_fields}")


def link(kind: str, other: str) -> str:
    return f'{kind} = [{{ id = "{other}", basis = "source", reason = "r" }}]'


def test_a_part_and_its_whole_do_not_both_stand_announced(tmp_path: Path) -> None:
    found = said(tmp_path, announced("first", "2025-05-01", "10", link("part_of", "plan")))
    assert found == ['8: entry "first" is part of "plan", and both add to announced of lab']


def test_a_part_whose_sum_is_only_stated_counts_with_its_whole(tmp_path: Path) -> None:
    first = announced("first", "2025-05-01", "10", link("part_of", "plan")).replace("ceiling", "stated")
    assert said(tmp_path, first) == []


def test_a_whole_that_was_mended_to_stand_without_its_part_counts_it_once(tmp_path: Path) -> None:
    whole = announced("rest", "2025-05-01", "20", 'was = { amount = "30", reason = "10 stand in first" }')
    first = announced("first", "2025-05-02", "10", link("part_of", "rest"))
    assert said(tmp_path, whole, first) == []


def test_a_firm_sum_is_not_replaced_since_it_would_stay_in_the_books(tmp_path: Path) -> None:
    raised = more("six", "Funding", "2025-05-01", f"{COUNTERPARTY}amount = 6")
    seven = more("seven", "Funding", "2025-05-02", f"{COUNTERPARTY}amount = 7\n{link('replaces', 'six')}")
    assert said(tmp_path, raised, seven) == [
        '9: entry "seven" replaces "six", whose sum stays in paid of chipmaker'
    ]


def test_a_guarantee_is_not_replaced_since_its_ceiling_is_nothing_announced(tmp_path: Path) -> None:
    one = more("one", "Guarantee", "2025-05-01", f"{COUNTERPARTY}ceiling = 6")
    two = more("two", "Guarantee", "2025-05-02", f"{COUNTERPARTY}ceiling = 7\n{link('replaces', 'one')}")
    assert said(tmp_path, one, two) == ['9: entry "two" replaces "one", whose sum stays in guaranteed of lab']


def test_a_ceiling_and_an_order_are_replaced(tmp_path: Path) -> None:
    ceiling = announced("less", "2025-05-01", "5", link("replaces", "plan"))
    order = more("fewer", "Order", "2025-05-02", f"{COUNTERPARTY}amount = 5\n{link('replaces', 'chips')}")
    assert said(tmp_path, ceiling, order) == []


# --- what is reported -------------------------------------------------------------------------------


def report(of: str, rest: str = "") -> str:
    return more("miss", "Report", "2025-05-01", f'of = "{of}"\nstated = 3\n{rest}')


def test_a_report_is_about_what_was_told(tmp_path: Path) -> None:
    found = said(tmp_path, report("plam"))
    assert found == ['7: entry "miss" is about "plam", which no earlier entry tells']


@pytest.mark.parametrize("status", ["intention", "ceiling"])
def test_what_happened_is_no_plan(tmp_path: Path, status: str) -> None:
    found = said(tmp_path, report("plan", f'status = "{status}"\n'))
    assert found == [f'9: entry "miss" tells what happened, with status {status}']


@pytest.mark.parametrize("status", ["firm", "reported", "denied", "withdrawn"])
def test_what_happened_may_be_firm_or_in_doubt(tmp_path: Path, status: str) -> None:
    assert said(tmp_path, report("plan", f'status = "{status}"\n')) == []


# --- when it became known -----------------------------------------------------------------------------


def test_a_deed_is_known_no_earlier_than_it_was_done(tmp_path: Path) -> None:
    found = said(tmp_path, report("plan", "known = 2025-04-30\n"))
    assert found == ['9: entry "miss" of 2025-05-01 has known 2025-04-30, before it']


def test_a_deed_may_become_known_later(tmp_path: Path) -> None:
    assert said(tmp_path, report("plan", "known = 2025-05-20\n")) == []


# --- plans whose time is over -------------------------------------------------------------------------


def ending(rest: str) -> str:
    return more("year", "Announcement", "2025-04-15", f"ceiling = 5\n{rest}")


def test_a_plan_may_speak_of_a_time(tmp_path: Path) -> None:
    assert said(tmp_path, ending("since = 2025-01-01\nuntil = 2025-04-15\n")) == []


def test_a_plan_is_told_before_its_time_is_over(tmp_path: Path) -> None:
    found = said(tmp_path, ending("until = 2025-04-14\n"))
    assert found == ['8: entry "year" of 2025-04-15 has until 2025-04-14, before it']


def test_a_time_does_not_end_before_it_begins(tmp_path: Path) -> None:
    found = said(tmp_path, ending("since = 2025-06-01\nuntil = 2025-05-01\n"))
    assert found == ['9: entry "year" speaks of a time from 2025-06-01 to 2025-05-01']


def test_what_is_past_cannot_be_taken_back(tmp_path: Path) -> None:
    plan = ending("until = 2025-04-30\n")
    assert said(tmp_path, plan, retraction("one", "2025-05-01", "1", of="year").replace("plan", "year")) == [
        '8: entry "one" takes back 1 of "year", of which 0 stands'
    ]


# --- splits -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("new", "old", "said_"),
    [
        (0, 1, ['7: entry "half": new is 0']),
        (2, -1, ['8: entry "half": old is -1']),
        (3, 3, ['7: entry "half" splits nothing: 3 for 3']),
        (21, 20, []),
    ],
)
def test_a_split_is_of_whole_shares(tmp_path: Path, new: int, old: int, said_: list[str]) -> None:
    assert said(tmp_path, more("half", "Split", "2025-05-01", f"new = {new}\nold = {old}")) == said_


def test_what_a_split_makes_of_counts_is_not_written(tmp_path: Path) -> None:
    found = said(tmp_path, more("half", "Split", "2025-05-01", "new = 2\nold = 1\nfloated = 7"))
    assert [line.partition(" has no field")[0] for line in found] == ['9: entry "half"']


# --- No told step takes a price where it cannot be counted.


def repriced(name: str, day: str, lasting: int) -> str:
    made = more(name, "Repricing", day, f"lasting = {lasting}")
    return made.replace('actor = "lab"', 'actor = "chipmaker"')


def test_a_step_in_the_wrong_unit_is_a_fault(tmp_path: Path) -> None:
    # 800e9 of 1e-9 ln is 800 ln, and exp(800) is no number; the chip maker opens at 5.005e13 cents, which may
    # rise by ln(2**53 / 5.005e13) = 5.19 until it leaves what is counted.
    for i, (lasting, said_) in enumerate(
        ((800 * 10**9, "e^800"), (6 * 10**9, "e^6"), (-31 * 10**9, "e^-31"))
    ):
        folder = tmp_path / str(i)
        folder.mkdir()
        assert said(folder, repriced("step", "2025-05-01", lasting)) == [
            f'7: entry "step" takes the price of chipmaker to {said_} of what it was'
        ]


def test_small_steps_add_up(tmp_path: Path) -> None:
    first, second = (repriced(f"s{day}", f"2025-05-0{day}", 3 * 10**9) for day in (1, 2))
    assert said(tmp_path, first) == []
    other = tmp_path / "other"
    other.mkdir()
    assert said(other, first, second) == ['7: entry "s2" takes the price of chipmaker to e^6 of what it was']


def test_a_surprise_and_an_impulse_in_the_wrong_unit_are_faults(tmp_path: Path) -> None:
    cut = more("cut", "PolicyRate", "2025-05-01", "rate = 25\nsurprise = -3000000")
    assert said(tmp_path, cut) == ['8: entry "cut" has a surprise of -3,000,000 basis points']
    other = tmp_path / "other"
    other.mkdir()
    flood = more("flood", "Liquidity", "2025-05-01", "impulse = 20000000000000")
    assert said(other, flood) == ['7: entry "flood" has an impulse of 20,000 standard deviations']
