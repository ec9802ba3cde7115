"""Every field that holds a number says in what it is counted, and what a kind opens stands in its fields."""

from typing import get_args, get_type_hints

import pytest
from attrs import fields

from events.errors import BadFact
from events.facts import KINDS, OPENS, Investment, Order
from events.fields import OF_ACCOUNT, Fact, Told, UnitName, named, units
from events.funding_facts import Shortfall
from events.market_facts import Split
from events.record_facts import Refusal

CLASSES: tuple[type[Fact | Told], ...] = (*KINDS.values(), Told)

# Said a second time, on purpose: a field of one of these names is counted so wherever it stands.
MEANT = {
    "moment": "due since until known accrued moment period",
    "shares": "borrowed waived shares warrants pledged stake issued floated uncounted",
    "rate": "rate surprise",
    "ln": "fast slow lasting attributed log_mark diluted impact spill market sector own gap beside_news",
    "part": "part",
    "count": "fatigue seed quantity new old",
    "deviations": "impulse",
    "millionths": "tired",
    OF_ACCOUNT: "needed held room",
    "money": "amount ceiling unattributed settles post_money cost credit secured forgiven called "
    "news owed worth value stated cash debt margin backlog price revenue operating net trailing_revenue "
    "trailing_operating trailing_net capex stands ordered fee",
}
UNIT = {name: unit for unit, names in MEANT.items() for name in names.split()}


def numbers(cls: type[Fact | Told]) -> set[str]:
    """The fields of a class that hold a number."""
    hints = get_type_hints(cls)
    return {f.name for f in fields(cls) if {int, float} & {hints[f.name], *get_args(hints[f.name])}}


@pytest.mark.parametrize("cls", CLASSES)
def test_every_number_has_a_unit_and_nothing_else_has(cls: type[Fact | Told]) -> None:
    assert units(cls).keys() == numbers(cls)
    assert set(units(cls).values()) <= {*get_args(UnitName), OF_ACCOUNT}


@pytest.mark.parametrize("cls", CLASSES)
def test_a_field_is_counted_as_its_name_says(cls: type[Fact | Told]) -> None:
    own = dict.fromkeys(("tone", "strength"), "number" if cls is Told else "millionths")
    own |= {"secured": "shares"} if cls is Split else {}  # of a loan's pledged shares, not of its sum
    own |= {"needed": "money", "room": "money"} if cls is Shortfall else {}  # which names no account
    for name, unit in units(cls).items():
        assert unit == (UNIT | own)[name], name


def test_an_actor_stands_in_every_field_of_a_party() -> None:
    for cls in KINDS.values():
        assert {"actor"} >= {named(cls).get(party) for party in cls.parties}, cls


def test_what_opens_orders_loans_and_calls_and_what_rests_on_them() -> None:
    """The relations in full: whoever changes one changes what a timeline may tell."""
    assert OPENS == {"Order": "order", "Loan": "loan", "MarginCall": "call", "OpenLoan": "loan"}
    assert {name: cls.rests_on for name, cls in KINDS.items() if cls.rests_on} == {
        "Delay": ("order",),
        "Delivery": ("order",),
        "Cancellation": ("order",),
        "Payment": ("order",),
        "Interest": ("loan",),
        "Repayment": ("loan",),
        "MarginCall": ("loan",),
        "Cure": ("call",),
        "Liquidation": ("loan", "call"),
    }


def test_a_relation_is_a_field_that_holds_the_name_of_such_a_thing() -> None:
    for cls in KINDS.values():
        for field in (*filter(None, [cls.opens]), *cls.rests_on):
            assert named(cls)[field] == field, cls
    things = {*OPENS.values()}
    for cls in KINDS.values():  # and no such name stands in a field of another name
        assert all(name == of for name, of in named(cls).items() if of in things), cls


def test_rules_come_with_the_units() -> None:
    with pytest.raises(BadFact, match="never negative"):
        Investment(investor="a", company="b", shares=-1)
    with pytest.raises(BadFact, match="whole number"):
        Order(buyer="a", seller="b", order="o", due=0.5)
    with pytest.raises(BadFact, match="no '/'"):
        Order(buyer="a", seller="b", order="o/1")
    short = Refusal(process="p", kind="Payment", purse="a", needed=1, held=-1)
    assert short.held == -1
    with pytest.raises(BadFact, match="never negative"):
        Refusal(process="p", kind="Payment", purse="a", needed=-1, held=0)
