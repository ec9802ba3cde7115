"""The journal is checked by Beancount itself, an accountant's program that knows nothing of ours."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from support.drafts import append

from events.books.accounts import Account, Posting, Table
from events.event import Draft
from events.facts import Note, Payment
from events.fields import Told
from events.formats.beancount import TooFar, commodity, lines, money
from events.log import open_log

CHECK = Path(sys.executable).with_name("bean-check")
YEAR_1720 = int((date(1720, 2, 29) - date(1970, 1, 1)).total_seconds())
TABLE = Table(
    (Account("cash"), Account("paid")),
    (
        Posting("Payment", "cash", ("payer",), -1, "amount"),
        Posting("Payment", "cash", ("payee",), 1, "amount"),
        Posting("Payment", "paid", ("payer",), 1, "amount"),
    ),
)


def checked(text: str, where: Path) -> str:
    """What Beancount has to say; nothing of a sound journal."""
    (where / "books.beancount").write_text(text, encoding="utf-8")
    done = subprocess.run([CHECK, where / "books.beancount"], capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == (done.stderr == "")
    return done.stderr


def journal(
    *payments: tuple[str, str, int], moment: int = YEAR_1720, currency: str = "GBP", digits: int = 2
) -> str:
    told = Told(entry="e", headline='Paid "at once" \\ or\nnever', source='The "Mint"', confidence="low")
    with open_log(None) as log:
        append(log, "main", moment - 1, "first")
        for number, (payer, payee, amount) in enumerate(payments):
            fact = Payment(payer=payer, payee=payee, amount=amount, told=told if number % 2 else None)
            log.append("main", number + 1, moment + number, [(Draft(payer, fact, "recorded"),)])
        events = list(log.read("main"))
    return "\n".join(lines(events, TABLE, "cash", title='A "title"', currency=currency, digits=digits))


def test_a_journal_of_1720_is_sound_and_holds_what_was_paid(tmp_path):
    text = journal(("company", "outside", 1_005), ("outside", "company", 7), ("sword-blade", "company", 100))
    assert checked(text, tmp_path) == ""
    # 1005 pence of a hundred go out, 7 and 100 come in: −10.05 + 0.07 + 1.00.
    assert "1720-03-01 balance Assets:Cash:Company  -8.98 ~ 0 GBP" in text
    assert "1720-03-01 balance Equity:Outside  9.98 ~ 0 GBP" in text
    assert "1720-03-01 balance Assets:Cash:Sword-blade  -1.00 ~ 0 GBP" in text
    assert text.index("open Assets:Cash:Company") < text.index("Assets:Cash:Company  -10.05")


@pytest.mark.parametrize("leg", ["Assets:Cash:Company  -10.05", "Equity:Outside  10.05", "both"])
def test_an_amount_altered_by_the_smallest_unit_is_noticed(leg, tmp_path):
    text = journal(("company", "outside", 1_005), ("outside", "company", 7))
    altered = (
        text.replace("10.05", "10.06") if leg == "both" else text.replace(leg, leg.replace(".05", ".06"))
    )
    assert altered != text
    assert "alance" in checked(altered, tmp_path)


def test_whole_units_and_strange_names_are_written_as_beancount_takes_them(tmp_path):
    names = (("Crédit & Cie", "credit-cie", 5), ("3com", "Cr-dit - Cie", 2**53), ("é", "outside", 1))
    text = journal(*names, currency="£", digits=0)
    assert checked(text, tmp_path) == ""
    opened = re.findall(r"open (\S+)", text)
    assert len(opened) == len(set(opened)) == 6


def test_sums_are_exact_decimals():
    assert [money(amount, 2) for amount in (0, 5, -5, 100, -12_345)] == [
        "0.00",
        "0.05",
        "-0.05",
        "1.00",
        "-123.45",
    ]
    assert money(-(2**53), 0) == "-9007199254740992"
    assert money(2**53, 9) == "9007199.254740992"


def test_currencies_become_commodities():
    named = {"USD": "USD", "livres tournois": "LIVRES-TOURNOIS", "£": "XXX", "1st": "X-1ST", "f": "FX"}
    assert {name: commodity(name) for name in named} == named


def test_a_moment_beyond_what_the_format_can_write_is_refused():
    with pytest.raises(TooFar, match="years 1 to 9999"):
        journal(("a", "b", 1), moment=10**12)


def test_the_last_day_of_all_has_no_day_after_it_for_the_assertions():
    last = int((date(9999, 12, 31) - date(1970, 1, 1)).total_seconds())
    with pytest.raises(TooFar, match="years 1 to 9999"):
        journal(("a", "b", 1), moment=last)
    assert "9999-12-31 balance" in journal(("a", "b", 1), moment=last - 86_400)


def test_events_that_move_no_cash_are_left_out():
    with open_log(None) as log:
        log.append("main", 0, 0, [(Draft("a", Note(author="a", text="x")),)])
        assert not re.search(r"Note|open", "\n".join(
            lines(log.read("main"), TABLE, "cash", title="t", currency="USD", digits=2)
        ))  # fmt: skip  # one call
