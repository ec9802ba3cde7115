"""`show`: fields and accounts, each as it is kept and as it is written in its own unit."""

from typing import Any

import pytest
from support.lives import lived, named
from support.tiny import DAY, story, told

from events.event import Draft
from events.facts import Investment
from events.fields import Fact
from events.funding_facts import Interest, Loan, Pledge
from events.log import open_log
from events.market_facts import Liquidity
from events.record_facts import Refusal
from narrative.analysis.history import History
from narrative.engine.begin import begin
from narrative.prose.explain import explained, shown, worded
from narrative.prose.sentences import Speech


def show(*facts: Fact) -> dict[str, Any]:
    """The last of some facts, a moment each, as `show` has it."""
    tale, log = story(()), open_log(None)
    world = begin(log, "main", tale, seed=1, cast="market", until=tale.until)
    position = world.position
    for day, fact in enumerate(facts, 1):
        (*_, event) = log.append("main", position, day * DAY, [(Draft("lab", fact),)])
        position = event.position
    return shown(History(log, "main", "a log"), position, Speech(tale))


def fields_of(found: dict[str, Any]) -> dict[str, str]:
    return {field["field"]: field["written"] for field in found["fields"]}


def accounts_of(found: dict[str, Any]) -> dict[str, list[str]]:
    return {account["account"]: account["written"] for account in found["accounts"]}


def test_a_part_of_a_company_is_no_sum() -> None:
    found = show(
        Investment(investor="chips", company="lab", amount=100, part=200_000_000),
        Investment(investor="chips", company="lab", amount=103, part=10_335_373),
    )
    assert fields_of(found)["part"] == "1.03 %"
    assert fields_of(found)["amount"] == "$1.03"
    (posting,) = [posting for posting in found["postings"] if posting["account"] == "part"]
    assert (posting["amount"], posting["written"]) == (10_335_373, "1.03 %")
    assert accounts_of(found)["part"] == ["20.00 %", "21.03 %"]


@pytest.mark.parametrize(
    ("account", "needed", "held"),
    [
        (None, "$50", "−$1"),
        ("outstanding", "$50", "−$1"),
        ("stake", "5,000", "-100"),
        ("pledged", "5,000", "-100"),
        ("secured", "5,000", "-100"),
    ],
)
def test_what_was_refused_is_counted_as_the_account_that_lacked_it(
    account: str | None, needed: str, held: str
) -> None:
    refusal = Refusal(process="lending", kind="Trade", purse="lab", account=account, needed=5_000, held=-100)
    written = fields_of(show(refusal))
    assert (written["needed"], written["held"]) == (needed, held)


def test_what_is_secured_is_money_in_a_loan_and_shares_in_its_account() -> None:
    loan = Loan(borrower="lab", lender="cloud", loan="l", amount=5_000, secured=5_000, accrued=DAY)
    found = show(loan, Pledge(pledger="lab", lender="cloud", asset="chips", shares=5_000, loan="l"))
    assert accounts_of(found) == {"pledged": ["0", "5,000"], "secured": ["0", "5,000"]}
    found = show(loan)
    assert fields_of(found)["secured"] == "$50"
    assert fields_of(found)["accrued"] == "1970-01-02T00:00:00"
    assert accounts_of(found)["margin_debt"] == ["$0", "$50"]
    assert accounts_of(found)["owed_since"] == ["–", "1970-01-02T00:00:00"]
    interest = Interest(borrower="lab", lender="cloud", loan="l", amount=1, accrued=2 * DAY)
    found = show(loan, interest)
    assert fields_of(found)["accrued"] == "1970-01-03T00:00:00"
    assert accounts_of(found)["owed_since"] == ["1970-01-02T00:00:00", "1970-01-03T00:00:00"]


def test_how_it_was_told_is_written_by_its_own_units() -> None:
    found = show(
        Liquidity(
            bank="lab", impulse=500_000_000, told=told("l", tone=0.5, quantity=5.0, unit="GW", stated=-100)
        )
    )
    written = fields_of(found)
    assert (written["told.tone"], written["told.quantity"], written["told.stated"]) == ("0.5", "5.000", "−$1")
    assert written["impulse"] == "0.500000000 standard deviations"
    assert accounts_of(found)["liquidity"] == [
        "0.000000000 standard deviations",
        "0.500000000 standard deviations",
    ]


def test_what_a_process_did_is_told_in_its_words_and_never_as_a_kind() -> None:
    history = History(lived(named("loop"), seed=1), "main", "loop.db")
    orders = [{"cause": event.position} for event in history.log.read("main") if event.kind == "Order"]
    told_ = worded(history, orders, "cause")
    assert told_
    assert all(" orders $" in row["headline"] for row in told_)
    assert [row["cause"] for row in told_] == [row["cause"] for row in orders]


def test_a_part_that_nobody_told_of_stands_on_its_next_cause() -> None:
    """A chain of processes goes back to the first day: its first link explains no step of the last."""
    log = lived(named("loop"), seed=1)
    head = log.head("main")
    place = (head.position, head.lived)
    figure = explained(
        History(log, "main", "loop.db"), place, "cloud", "valuation", Speech(named("loop")), most=None
    )
    events = list(log.read("main"))
    stood = [(events[part["position"] - 1].causes, part["behind"]["position"]) for part in figure["parts"]]
    chained = [(causes, behind) for causes, behind in stood if causes and events[causes[0] - 1].causes]
    assert chained
    assert all(behind == causes[0] for causes, behind in chained)
