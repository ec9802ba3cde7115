"""Every kind of fact, by family. Data with no behaviour beyond its own rules (see `events.fields`)."""

from typing import ClassVar

from attrs import frozen

from events import fields
from events.fields import Fact
from events.funding_facts import (
    Clearing,
    Cure,
    Default,
    Emergence,
    Filing,
    Funding,
    Guarantee,
    Interest,
    Liquidation,
    Loan,
    MarginCall,
    Pledge,
    Release,
    Repayment,
    ShareLoan,
    ShareReturn,
    Shortfall,
)
from events.market_facts import Fiscal, Liquidity, PolicyRate, Quote, Repricing, Residual, Split
from events.record_facts import (
    Endowment,
    Opening,
    OpenLoan,
    Outcome,
    Refusal,
    Report,
    Result,
    Supposition,
    Withheld,
)

# --- announcement -------------------------------------------------------------------------------


@frozen(kw_only=True)
class Announcement(Fact):
    """Words about the future. Moves no money. `since` and `until` are the first and the last moment of the
    period that a plan speaks of: when it is over, what still stands of its `ceiling` is counted as past.
    """

    parties: ClassVar[tuple[str, ...]] = ("subject", "counterparty")
    subject: str = fields.who()
    counterparty: str | None = fields.who(False)
    project: str | None = fields.name(of="project", needed=False)
    ceiling: int | None = fields.money()
    since: int | None = fields.moment(of_day="start")
    until: int | None = fields.moment(of_day="end")


@frozen(kw_only=True)
class Lapse(Fact):
    """The period that an announcement spoke of is over: `ceiling`, what was not retracted of it, no longer
    stands announced and is counted as past.
    """

    parties: ClassVar[tuple[str, ...]] = ("subject",)
    subject: str = fields.who()
    of: str = fields.name(of="entry")
    ceiling: int = fields.money(True)


@frozen(kw_only=True)
class Retraction(Fact):
    """An announcement taken back or replaced; `ceiling` is what no longer stands."""

    parties: ClassVar[tuple[str, ...]] = ("subject", "counterparty")
    subject: str = fields.who()
    counterparty: str | None = fields.who(False)
    of: str | None = fields.name(of="entry", needed=False)
    ceiling: int | None = fields.money()


@frozen(kw_only=True)
class Delay(Fact):
    """An order or project will come later; `until` is the new due moment when it is known."""

    parties: ClassVar[tuple[str, ...]] = ("subject", "counterparty")
    rests_on: ClassVar[tuple[str, ...]] = ("order",)
    subject: str = fields.who()
    counterparty: str | None = fields.who(False)
    order: str | None = fields.name(of="order", needed=False)
    project: str | None = fields.name(of="project", needed=False)
    until: int | None = fields.moment()


@frozen(kw_only=True)
class Note(Fact):
    """Anyone's annotation; posts nothing."""

    parties: ClassVar[tuple[str, ...]] = ("author",)
    author: str = fields.who()
    text: str


# --- order --------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Order(Fact):
    """A buyer commits to pay a seller."""

    parties: ClassVar[tuple[str, ...]] = ("buyer", "seller")
    opens: ClassVar[str | None] = "order"
    buyer: str = fields.who()
    seller: str = fields.who()
    order: str = fields.name(of="order")
    amount: int | None = fields.money()
    ceiling: int | None = fields.money()
    due: int | None = fields.moment()


@frozen(kw_only=True)
class Delivery(Fact):
    """A seller delivers: `amount` against an open order, `unattributed` against none known."""

    parties: ClassVar[tuple[str, ...]] = ("seller", "buyer")
    rests_on: ClassVar[tuple[str, ...]] = ("order",)
    seller: str = fields.who()
    buyer: str | None = fields.who(False)
    order: str | None = fields.name(of="order", needed=False)
    amount: int | None = fields.money()
    unattributed: int | None = fields.money()


@frozen(kw_only=True)
class Cancellation(Fact):
    """Of what is still outstanding of an order, `amount` is given up: the last of it, or a part of every
    instalment, where `ordered` says as an order of what sum it goes on.
    """

    parties: ClassVar[tuple[str, ...]] = ("buyer", "seller")
    rests_on: ClassVar[tuple[str, ...]] = ("order",)
    buyer: str = fields.who()
    seller: str = fields.who()
    order: str = fields.name(of="order")
    amount: int = fields.money(True)
    ordered: int | None = fields.money()


@frozen(kw_only=True)
class Payment(Fact):
    """Cash for goods or services, from one purse to another; `settles` repeats the part of
    `amount` that pays an order.
    """

    parties: ClassVar[tuple[str, ...]] = ("payer", "payee")
    rests_on: ClassVar[tuple[str, ...]] = ("order",)
    payer: str = fields.who()
    payee: str = fields.who()
    order: str | None = fields.name(of="order", needed=False)
    amount: int = fields.money(True)
    settles: int | None = fields.money()


@frozen(kw_only=True)
class Sale(Fact):
    """Customers outside the story pay a seller for use."""

    parties: ClassVar[tuple[str, ...]] = ("seller",)
    seller: str = fields.who()
    amount: int = fields.money(True)


@frozen(kw_only=True)
class Dividend(Fact):
    """A company pays cash that it need not keep to who holds its shares."""

    parties: ClassVar[tuple[str, ...]] = ("company", "holder")
    company: str = fields.who()
    holder: str = fields.who()
    amount: int = fields.money(True)


# --- investment ---------------------------------------------------------------------------------


@frozen(kw_only=True)
class Investment(Fact):
    """A named investor puts cash into a company, or says that it may (`ceiling`). `part` is what share of
    the company's value the money was when it went in, in 1e-9, where no shares are counted.
    """

    parties: ClassVar[tuple[str, ...]] = ("investor", "company")
    investor: str = fields.who()
    company: str = fields.who()
    amount: int | None = fields.money()
    ceiling: int | None = fields.money()
    shares: int | None = fields.shares()
    post_money: int | None = fields.money()
    part: int | None = fields.part()


@frozen(kw_only=True)
class Issue(Fact):
    """A company gives its own shares or warrants as payment; no cash moves in it. `consideration` says what
    it got for them, if anything: shares of another, cash that another fact moves. Shares given for nothing
    dilute: `diluted` is by how much the log price falls, so that the value stays, and its teller works it
    out.
    """

    parties: ClassVar[tuple[str, ...]] = ("issuer", "holder")
    worked_out: ClassVar[tuple[str, ...]] = ("diluted",)
    issuer: str = fields.who()
    holder: str = fields.who()
    shares: int | None = fields.shares()
    warrants: int | None = fields.shares()
    consideration: str | None = None
    diluted: int | None = fields.log_price()


@frozen(kw_only=True)
class Trade(Fact):
    """Existing shares change hands for cash; `impact` moves the asset's price (1e-9 ln) and fades, `lasting`
    moves it and stays, `spill` moves every price by its sector beta and fades. `post_money` is the value
    of the whole company at which they did, `cost` what the seller had put into them.
    """

    parties: ClassVar[tuple[str, ...]] = ("seller", "buyer")
    seller: str = fields.who()
    buyer: str = fields.who()
    asset: str = fields.who()
    shares: int | None = fields.shares()
    amount: int | None = fields.money()
    post_money: int | None = fields.money()
    impact: int | None = fields.log_price()
    lasting: int | None = fields.log_price()
    spill: int | None = fields.log_price()
    cost: int | None = fields.money()


@frozen(kw_only=True)
class Writedown(Fact):
    """A holder takes a loss in its own books: `amount` on what it invested in `asset`, `credit` on what it
    lent it in `loan`. `forgiven` repeats the part of a credit that is owed no longer, `secured` the part of
    that which shares stood behind.
    """

    parties: ClassVar[tuple[str, ...]] = ("holder", "asset")
    holder: str = fields.who()
    asset: str = fields.who()
    amount: int | None = fields.money()
    ceiling: int | None = fields.money()
    loan: str | None = fields.name(of="loan", needed=False)
    credit: int | None = fields.money()
    forgiven: int | None = fields.money()
    secured: int | None = fields.money()


FAMILIES: dict[str, tuple[type[Fact], ...]] = {
    "announcement": (Announcement, Retraction, Delay, Note, Lapse),
    "order": (Order, Delivery, Cancellation, Payment, Sale),
    "investment": (Investment, Issue, Trade, Writedown, Dividend),
    "funding": (
        Funding, Loan, Pledge, Release, Guarantee, Interest, Repayment, MarginCall, Cure,
        Liquidation, Default, Clearing, Filing, Emergence, Shortfall,
        ShareLoan, ShareReturn,
    ),
    "market": (Repricing, Quote, Residual, Split),
    "policy": (PolicyRate, Liquidity, Fiscal),
    "record": (Opening, Endowment, Supposition, Withheld, Refusal, Outcome, Result, Report, OpenLoan),
}  # fmt: skip  # one family a line
KINDS: dict[str, type[Fact]] = {kind.__name__: kind for kinds in FAMILIES.values() for kind in kinds}
# Kinds that open something, and the field by which they and all that is of it name it.
OPENS: dict[str, str] = {name: kind.opens for name, kind in KINDS.items() if kind.opens is not None}
