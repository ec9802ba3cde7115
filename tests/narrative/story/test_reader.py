"""Reading good stories: sums exact, dates as moments, parties and defaults in their places."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.facts import Announcement, Order
from events.funding_facts import Default, Funding, Loan
from narrative.story.calendar import Calendar
from narrative.story.faults import StoryFaults, Unfit
from narrative.story.model import Entry, Link, Story, Unit, Was
from narrative.story.reader import read_story
from narrative.story.template import starting_files
from narrative.story.values import whole_units

ENTRY = """
[[event]]
id = "{id}"
date = {date}
kind = "{kind}"
actor = "lab"
counterparty = "chipmaker"
headline = "As told"
source = "a paper"
confidence = "high"
{more}
"""


def written(folder: Path, timeline: str = "", head: tuple[str, str] = ("", "")) -> Path:
    files = starting_files("demo")
    story = folder / "demo"
    story.mkdir()
    (story / "replay.toml").write_text(files["replay.toml"].replace(*head))
    (story / "timeline.toml").write_text(timeline)
    return story


def entry(kind: str, more: str = "", date: str = "2025-05-01") -> str:
    return ENTRY.format(id="one", kind=kind, more=more, date=date)


def only(story: Story) -> Entry:
    (found,) = story.entries
    return found


def test_sums_in_billions_become_exact_cents(tmp_path: Path) -> None:
    story = read_story(written(tmp_path, entry("Funding", "amount = 6.6\npost_money = 157")))
    fact = only(story).fact
    assert isinstance(fact, Funding)
    assert fact.amount == 660_000_000_000
    assert fact.post_money == 15_700_000_000_000


@pytest.mark.parametrize(
    ("dollars", "cents"), [("0.29", 29), ("1.15", 115), ("90071992547409.91", 2**53 - 1)]
)
def test_sums_that_floats_get_wrong_are_exact(tmp_path: Path, dollars: str, cents: int) -> None:
    # in floats 0.29 * 100 is 28.999999999999996
    head = ("written_in = 1_000_000_000", "written_in = 1")
    fact = only(read_story(written(tmp_path, entry("Funding", f"amount = {dollars}"), head))).fact
    assert isinstance(fact, Funding)
    assert fact.amount == cents


@given(st.decimals(min_value=0, max_value=90_000, places=11, allow_nan=False))
def test_whole_units_are_exact_for_any_decimal(amount: Decimal) -> None:
    unit = Unit(currency="USD", digits=2, written_in=10**9)
    assert whole_units(amount, unit) == Fraction(str(amount)) * 10**11


@given(st.integers(0, 9 * 10**13), st.integers(1, 9))
def test_any_fraction_of_the_smallest_unit_is_refused(cents: int, tenths: int) -> None:
    amount = Decimal(f"{cents}.{tenths}").scaleb(-2)
    with pytest.raises(Unfit, match="fraction of the smallest unit"):
        whole_units(amount, Unit(currency="USD"))


def test_two_to_the_53rd_is_the_last_sum_that_fits() -> None:
    unit = Unit(currency="USD", digits=0)
    assert whole_units(2**53, unit) == 2**53
    with pytest.raises(Unfit, match=r"more than 2\*\*53"):
        whole_units(2**53 + 1, unit)


@pytest.mark.parametrize("text", ["1e999999999", "1e-999999999"])
def test_absurd_exponents_are_refused_at_once(text: str) -> None:
    with pytest.raises(Unfit):
        whole_units(Decimal(text), Unit(currency="USD"))


def test_actor_and_counterparty_fill_the_parties_of_the_kind(tmp_path: Path) -> None:
    found = only(read_story(written(tmp_path, entry("Order", "amount = 1\ndue = 2026-05-01"))))
    fact = found.fact
    assert isinstance(fact, Order)
    assert (found.actor, fact.buyer, fact.seller) == ("lab", "lab", "chipmaker")
    assert fact.due == Calendar().moment(2026, 5, 1, 9 * 3600)


def test_orders_and_loans_bear_the_entrys_id_unless_they_say_otherwise(tmp_path: Path) -> None:
    timeline = entry("Order", "amount = 1") + ENTRY.format(
        id="two", kind="Loan", date="2025-05-02", more='amount = 1\nloan = "term-a"'
    )
    first, second = read_story(written(tmp_path, timeline)).entries
    assert isinstance(first.fact, Order)
    assert isinstance(second.fact, Loan)
    assert (first.fact.order, second.fact.loan) == ("one", "term-a")


def test_a_default_repeats_its_moment(tmp_path: Path) -> None:
    found = only(read_story(written(tmp_path, entry("Default"))))
    assert isinstance(found.fact, Default)
    assert found.fact.moment == found.moment == Calendar().moment(2025, 5, 1, 9 * 3600)


def test_what_was_told_stands_in_the_fact(tmp_path: Path) -> None:
    more = (
        'ceiling = 30\nstatus = "reported"\ntone = -0.25\nstrength = 0.5\nnarrative = "scale"\n'
        'stated = 2.5\nquantity = 1.2\nunit = "GW"\nper = "year"\ninstrument = "letter"\n'
        'participants = ["Thrive", "MGX"]\nurl = "https://example.org"\nnote = "n"'
    )
    fact = only(read_story(written(tmp_path, entry("Announcement", more)))).fact
    assert isinstance(fact, Announcement)
    told = fact.told
    assert told is not None
    assert fact.ceiling == 3_000_000_000_000
    assert (told.entry, told.headline, told.source, told.confidence) == ("one", "As told", "a paper", "high")
    assert (told.status, told.tone, told.strength, told.narrative) == ("reported", -0.25, 0.5, "scale")
    assert (told.stated, told.quantity, told.unit, told.per) == (250_000_000_000, 1.2, "GW", "year")
    assert (told.instrument, told.participants) == ("letter", ("Thrive", "MGX"))
    assert (told.url, told.note) == ("https://example.org", "n")


def test_links_and_what_an_entry_was_are_kept_with_it(tmp_path: Path) -> None:
    more = (
        'part_of = [{ id = "one", basis = "source", reason = "the same deal" }]\n'
        'follows = [{ id = "one", basis = "author", reason = "paid from it" }]\n'
        'was = { type = "investment", amount = "1 USD bn", reason = "an order" }'
    )
    timeline = entry("Announcement") + ENTRY.format(
        id="two", kind="Announcement", date="2025-05-02", more=more
    )
    _, found = read_story(written(tmp_path, timeline)).entries
    assert found.links == (
        Link(kind="part_of", id="one", basis="source", reason="the same deal"),
        Link(kind="follows", id="one", basis="author", reason="paid from it"),
    )
    assert found.was == Was(type="investment", amount="1 USD bn", reason="an order")


def test_a_time_in_an_entry_is_taken_as_it_stands(tmp_path: Path) -> None:
    story = read_story(written(tmp_path, entry("Announcement", date="2025-05-01T16:30:05")))
    assert story.calendar.iso(only(story).moment) == "2025-05-01T16:30:05"


def test_the_span_runs_from_the_first_second_to_the_last(tmp_path: Path) -> None:
    story = read_story(written(tmp_path))
    assert story.calendar.iso(story.start) == "2025-01-01T00:00:00"
    assert story.calendar.iso(story.until) == "2025-12-31T23:59:59"


def test_dates_of_a_julian_story_are_old_style(tmp_path: Path) -> None:
    story = written(tmp_path, entry("Announcement", date="1720-09-01"))
    head = (story / "replay.toml").read_text()
    head = head.replace('kind = "gregorian"', 'kind = "julian"')
    head = head.replace("from = 2025-01-01", 'from = "1700-02-29"').replace("until = 2025", "until = 1721")
    (story / "replay.toml").write_text(head.replace("2024-12-31", "1700-02-28"))
    found = read_story(story)
    assert only(found).moment == Calendar().moment(1720, 9, 12, 9 * 3600)
    assert found.start == Calendar().moment(1700, 3, 11)
    assert found.calendar.day(only(found).moment) == "1720-09-01"


def test_the_folder_names_the_story(tmp_path: Path) -> None:
    assert read_story(written(tmp_path)).id == "demo"


def test_an_unknown_balance_is_not_zero(tmp_path: Path) -> None:
    lab = read_story(written(tmp_path)).actors[0]
    posted = {balance.account: balance.posted for balance in lab.opening}
    assert posted == {"value": 2_000_000_000_000, "cash": None}


def test_a_faulty_story_is_one_exception_with_a_line_for_each_fault(tmp_path: Path) -> None:
    story = written(tmp_path, entry("Ordr", 'narative = "scale"'))
    with pytest.raises(StoryFaults) as caught:
        read_story(story)
    assert caught.value.code == 2
    assert str(caught.value).split("\n") == [str(fault) for fault in caught.value.faults]
    assert str(caught.value).startswith(f'{story / "timeline.toml"}:5: entry "one": kind is "Ordr". ')


def test_reading_a_story_twice_gives_the_same_text(tmp_path: Path) -> None:
    story = written(tmp_path, entry("Funding", "amount = 6.6"))
    assert read_story(story).dump() == read_story(story).dump()
