"""A small story in which two fail: a lab and a cloud that owe each other, a bank and a maker of chips."""

from attrs import evolve

from events.facts import Announcement, Order, Payment
from events.fields import Fact
from events.funding_facts import Guarantee, Loan
from events.market_facts import Repricing
from narrative.story.model import Entry, Role, Story
from support.credit import EVERYBODY, credit
from support.tiny import DAY, entry, told

UNIT = 1_000_000_000
COURT = Role(process="insolvency", latency=1)
KEPT = Role(process="earning", latency=1, of=("lab", "cloud"))  # what brings them back
DEFAULTS = {
    "default_recovery": 0.4,
    "default_alpha": 0.5,
    "default_beta": 0.7,
    "default_equity": 0.05,
    "default_file_days": 30.0,
    "default_emerge_days": 60.0,
    "earn_review": 30.0,
    "demand": 0.0,
    "demand_limit": 0.0,
    "lasting_conversion": 0.0,
    "core_income": 1e6,
    "trailing_half_life": 365.0,
}


def _told(day: int, name: str, fact: Fact) -> Entry:
    return entry(name, day * DAY + 9 * 3_600, evolve(fact, told=told(name)))


def _lent(day: int, name: str, borrower: str, lender: str, amount: int, due: int) -> Entry:
    loan = Loan(borrower=borrower, lender=lender, loan=name, amount=amount * UNIT, rate=500, due=due * DAY)
    return _told(day, name, loan)


def failing(**terms: float) -> Story:
    """Five loans fall due on day 60, and there is no cash: both are settled the day after, each out of what
    the other pays it too; a guarantee is called; thirty days later they file, and sixty on they come back.
    """
    roles = tuple(role for role in EVERYBODY if role.process != "funding")
    lenders = Role(process="lending", latency=1, of=("bank", "chips", "lab", "cloud", "outside"))
    roles = (*(role for role in roles if role.process != "lending"), lenders, COURT, KEPT)
    entries = (
        _lent(2, "one", "lab", "bank", 200, 60),
        _lent(2, "two", "lab", "cloud", 40, 60),
        _lent(3, "three", "cloud", "lab", 30, 60),
        _lent(3, "four", "cloud", "bank", 700, 60),
        _lent(4, "five", "lab", "outside", 20, 60),
        _told(5, "behind", Guarantee(guarantor="chips", beneficiary="lab", ceiling=50 * UNIT)),
        _told(6, "chips", Order(buyer="lab", seller="chips", order="chips", amount=9 * UNIT, due=200 * DAY)),
        _told(20, "gone", Payment(payer="lab", payee="outside", amount=270 * UNIT)),
        _told(21, "away", Payment(payer="cloud", payee="outside", amount=785 * UNIT)),
        _told(22, "worth", Repricing(asset="lab", post_money=9 * UNIT, log_mark=0)),
        _told(22, "price", Repricing(asset="cloud", lasting=-4_600_000_000)),  # a hundredth
        _told(23, "words", Announcement(subject="chips", ceiling=UNIT)),
    )
    return credit(roles, entries=entries, **(DEFAULTS | terms))
