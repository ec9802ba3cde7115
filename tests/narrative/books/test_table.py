"""Accounts have units, and a row posts a field to an account of the same unit."""

from typing import get_args

import pytest

from events.books.accounts import Account, Posting, Table
from events.facts import KINDS, Order
from events.fields import UnitName, units
from events.record_facts import Endowment, Refusal
from narrative.books.table import ACCOUNTS, HOLDING, TABLE, UNITS, unit_of
from narrative.story.model import MoneyAccount, NumberAccount


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.name)
def test_every_account_has_a_unit(account: Account) -> None:
    assert account.unit in get_args(UnitName)


@pytest.mark.parametrize("row", TABLE.postings, ids=lambda row: f"{row.kind}-{row.account}-{row.value}")
def test_a_row_posts_to_an_account_of_its_own_unit(row: Posting) -> None:
    if isinstance(row.value, int):
        assert row.sign == row.value == 0 or UNITS[row.account] == "count"
    else:
        assert units(KINDS[row.kind])[row.value] == UNITS[row.account]


def test_moments_are_only_ever_set() -> None:
    """Two moments have no sum."""
    for row in TABLE.postings:
        assert (UNITS[row.account] == "moment") <= (row.sign == 0), row


def test_what_actors_open_with_is_money_or_is_not() -> None:
    opens = units(Endowment)
    assert {opens[name] for name in get_args(MoneyAccount)} == {"money"}
    assert "money" not in {opens[name] for name in get_args(NumberAccount) if name in opens}


def test_what_is_open_is_held_in_an_account_of_its_own() -> None:
    assert HOLDING == {"order": "outstanding", "loan": "owed", "call": "called"}


def test_the_accounts_that_acts_may_not_overdraw() -> None:
    held = {account.name for account in ACCOUNTS if account.open or account.spent}
    held -= {"borrowed", "short_margin"}  # of a loan of shares
    assert held == {"cash", "outstanding", "owed", "called", "secured", "pledged", "stake", "pending"}
    assert UNITS["pending"] == "ln"  # which may be below nothing: bad news stands until it is taken back


def test_units_change_no_snapshot() -> None:
    plain = Table((Account("a", open=True),), ())
    assert (
        Table((Account("a", open=True, unit="money", spent=True),), ()).fingerprint() == plain.fingerprint()
    )


@pytest.mark.parametrize(
    ("account", "unit"),
    [
        (None, "money"),
        ("owed", "money"),
        ("secured", "shares"),
        ("stake", "shares"),
        ("of another table", None),
    ],
)
def test_a_refusal_is_counted_as_its_account_is(account: str | None, unit: str | None) -> None:
    refusal = Refusal(process="p", kind="Trade", purse="lab", account=account, needed=2, held=1)
    assert unit_of(refusal, "needed") == unit_of(refusal, "held") == unit


def test_a_text_has_no_unit() -> None:
    assert unit_of(Order(buyer="a", seller="b", order="o"), "buyer") is None
