"""What must have been opened before, in a timeline that is checked, withheld or moved."""

import pytest
from attrs import fields
from support.tiny import DAY, entry, told

from events.facts import KINDS, Delay, Order
from events.fields import Fact
from narrative.story.entries import Seen
from narrative.story.faults import Page
from narrative.story.keys import TELLABLE, entry_fields
from narrative.story.links import check_names
from narrative.story.supposition import following, moved, postponed

OPENED = {"order": "Order", "loan": "Loan", "call": "MarginCall"}
# Kinds that may not name one that no earlier entry opens, and those that may: a pledge comes before its
# loan, and what is cleared or written off may have been lent before the story began.
BOUND = [
    ("Delay", "order"), ("Delivery", "order"), ("Cancellation", "order"), ("Payment", "order"),
    ("Interest", "loan"), ("Repayment", "loan"), ("MarginCall", "loan"), ("Liquidation", "loan"),
    ("Cure", "call"), ("Liquidation", "call"),
]  # fmt: skip  # one list
LOOSE = [
    ("Pledge", "loan"), ("Release", "loan"), ("Writedown", "loan"), ("Clearing", "loan"),
    ("Repricing", "order"),
]  # fmt: skip  # one list


def said(*seen: Seen) -> list[str]:
    page = Page(file="timeline.toml", text="", data={})
    check_names(page, seen)
    return [fault.what for fault in page.faults]


def made(kind: str, **names: str) -> Fact:
    """A fact of a kind, all its other fields filled."""
    cls = KINDS[kind]
    values: dict[str, object] = {}
    for field in fields(cls):
        if field.name != "told":
            values[field.name] = 5 * DAY if "int" in str(field.type) else "lab"
    return cls(**(values | names), told=told("new"))


def test_the_two_lists_are_all_that_name_something_opened() -> None:
    named = {(kind, name) for kind, cls in KINDS.items() for name in OPENED if hasattr(cls, name)}
    named -= {("Split", "loan")}  # its teller finds those, and no entry names one
    assert named == {*BOUND, *LOOSE, *((kind, name) for name, kind in OPENED.items()), ("OpenLoan", "loan")}


@pytest.mark.parametrize(("kind", "field"), BOUND)
def test_a_timeline_opens_first_what_it_names(kind: str, field: str) -> None:
    one = Seen(path=("event", 1), id="new", kind=kind, names={field: "x"})
    opener = Seen(path=("event", 0), id="x", kind=OPENED[field])
    assert (
        said(one)
        == said(one, opener)
        == [f'entry "new" is of {field} "x", which no earlier {OPENED[field]} opens']
    )
    assert said(opener, one) == []


@pytest.mark.parametrize(("kind", "field"), LOOSE)
def test_a_timeline_may_name_a_loan_from_before_it(kind: str, field: str) -> None:
    assert said(Seen(path=("event", 0), id="new", kind=kind, names={field: "x"})) == []


@pytest.mark.parametrize("kind", OPENED.values())
def test_what_opens_something_may_name_it_or_lend_it_its_own_id(kind: str) -> None:
    field = next(name for name, opener in OPENED.items() if opener == kind)
    bound = next(kind for kind, name in BOUND if name == field)
    opener = Seen(path=("event", 0), id="entry", kind=kind, names={field: "x"})
    assert said(opener, Seen(path=("event", 1), id="new", kind=bound, names={field: "x"})) == []
    assert said(opener, Seen(path=("event", 1), id="new", kind=bound, names={field: "entry"})) != []


def test_a_call_is_of_a_loan_and_opens_a_call() -> None:
    call = Seen(path=("event", 0), id="c", kind="MarginCall", names={"loan": "x"})
    assert said(call, Seen(path=("event", 1), id="new", kind="Cure", names={"call": "c"})) == [
        'entry "c" is of loan "x", which no earlier Loan opens'
    ]


@pytest.mark.parametrize(("kind", "field"), [*BOUND, *LOOSE])
def test_without_what_is_opened_nothing_of_it_is_told(kind: str, field: str) -> None:
    opener = entry("opener", DAY, made(OPENED[field], **{field: "x"}))
    of_it = entry("new", 2 * DAY, made(kind, **{field: "x"}))
    assert following([opener, of_it], ["opener"]) == {"new": f"it is of the {field} that opener opens"}


@pytest.mark.parametrize("kind", TELLABLE)
def test_an_entry_moves_with_every_moment_that_it_holds(kind: str) -> None:
    """Due, delayed until, interest accrued to, defaulted at: each by as much, and no other number."""
    fact = made(kind)
    later = moved(entry("new", DAY, fact), 3 * DAY)
    assert later.moment == 4 * DAY
    for field in fields(KINDS[kind]):
        by = 3 * DAY if field.name in ("due", "since", "until", "accrued", "moment") else 0
        if by or "int" in str(field.type):
            assert getattr(later.fact, field.name) == getattr(fact, field.name) + by, field.name


def test_a_moment_that_is_given_anew_or_unknown_stays() -> None:
    order = Order(buyer="lab", seller="cloud", order="x", due=DAY)
    assert postponed(order, DAY, but={"due"}) == order
    assert postponed(Delay(subject="lab"), DAY) == Delay(subject="lab")


def test_the_sorts_of_fields_are_those_of_what_they_hold() -> None:
    """Every field whose plain annotation says too little, in the words of the files."""
    sorts: dict[str, set[str]] = {}
    for kind in TELLABLE:
        for field in entry_fields(kind):
            if field.attribute not in (*TELLABLE[kind].parties, TELLABLE[kind].opens):
                sorts.setdefault(field.sort, set()).add(field.attribute)
    assert sorts["date"] == {"date", "known", "due", "until", "accrued"}
    assert sorts["start"] == {"since"}
    assert sorts["end"] == {"until"}  # of a plan; a delay's is a date
    assert sorts["count"] == {"shares", "uncounted", "waived", "warrants"}
    assert sorts["reference"] == {"order", "loan", "call"}
    assert sorts["actor"] == {"asset", "debtor"}
    assert sorts["narrative"] == {"narrative"}
    assert sorts["name"] == {"id", "project", "of"}
    assert sorts["money"] == {
        "amount", "called", "ceiling", "cost", "credit", "fee", "forgiven", "margin", "news", "ordered",
        "owed", "post_money", "secured", "settles", "stands", "stated", "unattributed", "value", "worth",
    }  # fmt: skip  # one set
    assert sorts["whole"] == {
        "fast", "slow", "lasting", "attributed", "log_mark", "fatigue", "tired", "impact", "part", "rate",
        "surprise", "impulse", "new", "old", "spill",
    }  # fmt: skip  # one set
    assert sorts["number"] == {"tone", "strength", "quantity"}
