"""The kinds of the record family: what a history opens with, supposes, leaves out and was told of results.

`events.facts` has every other kind, and lists them all by family.
"""

from typing import ClassVar

from attrs import frozen

from events import fields
from events.fields import Fact


@frozen(kw_only=True)
class Opening(Fact):
    """The first fact of a history: the whole story as it was read, as canonical JSON, with what its
    reference reading leaves open at each quote, where it has quotes.
    """

    story: str = fields.name(of="story")
    edition: str
    model: str
    seed: int = fields.count(True)
    cast: str
    text: str


@frozen(kw_only=True)
class Endowment(Fact):
    """One actor's opening balance in one account, against `outside`. `margin` is the part of its
    debt that pledged collateral stands behind.
    """

    parties: ClassVar[tuple[str, ...]] = ("holder",)
    holder: str = fields.who()
    asset: str | None = fields.who(False)
    cash: int | None = fields.money(signed=True)
    debt: int | None = fields.money()
    margin: int | None = fields.money()
    backlog: int | None = fields.money()
    value: int | None = fields.money()
    post_money: int | None = fields.money()
    rate: int | None = fields.rate()
    shares: int | None = fields.shares()
    pledged: int | None = fields.shares()
    stake: int | None = fields.shares()


@frozen(kw_only=True)
class OpenLoan(Fact):
    """A part of the debt that an actor opens with, as a loan: `rate` in basis points a year, `accrued` the
    moment up to which interest has been paid. The debt itself is the Endowment's, and no cash moves.
    """

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    opens: ClassVar[str | None] = "loan"
    borrower: str = fields.who()
    lender: str = fields.who()
    loan: str = fields.name(of="loan")
    amount: int = fields.money(True)
    rate: int = fields.rate(True)
    due: int = fields.moment(True)
    accrued: int = fields.moment(True)


@frozen(kw_only=True)
class Supposition(Fact):
    """A branch's whole supposition, as canonical JSON."""

    text: str


@frozen(kw_only=True)
class Withheld(Fact):
    """An entry of the timeline that a supposition keeps from being told, at its own moment."""

    entry: str = fields.name(of="entry")
    reason: str


@frozen(kw_only=True)
class Refusal(Fact):
    """An act that its purses could not pay for; where `account` is not cash, one for more than was left
    there of `purse`: an order, a loan, a call, the shares of a holder.
    """

    process: str = fields.name(of="process")
    kind: str = fields.name(of="kind")
    purse: str = fields.who()
    account: str | None = fields.name(of="account", needed=False)
    needed: int = fields.in_account()
    held: int = fields.in_account(signed=True)


@frozen(kw_only=True)
class Outcome(Fact):
    """Something worth recording that no posting or decision needs."""

    parties: ClassVar[tuple[str, ...]] = ("subject", "counterparty")
    subject: str = fields.who()
    counterparty: str | None = fields.who(False)


@frozen(kw_only=True)
class Report(Fact):
    """Something that happened, or is said to, and is no plan: a miss, a fraud found, a level reached.
    `of` is the entry that it is about. It posts nothing; a sum in its words stands in `told.stated`.
    """

    parties: ClassVar[tuple[str, ...]] = ("subject", "counterparty")
    subject: str = fields.who()
    counterparty: str | None = fields.who(False)
    of: str | None = fields.name(of="entry", needed=False)


@frozen(kw_only=True)
class Result(Fact):
    """A company's report of the quarter that ends at the moment `period`: `revenue`, `operating` and `net`
    income and spending on property and equipment (`capex`) in the quarter, `backlog` at its end.
    `trailing_*`: sums of the four quarters that end with it, None unless all four were known by then.
    Any other sum that is None is unknown; none of them moves cash.
    """

    parties: ClassVar[tuple[str, ...]] = ("company",)
    company: str = fields.who()
    period: int = fields.moment(True)
    revenue: int | None = fields.money(signed=True)
    operating: int | None = fields.money(signed=True)
    net: int | None = fields.money(signed=True)
    trailing_revenue: int | None = fields.money(signed=True)
    trailing_operating: int | None = fields.money(signed=True)
    trailing_net: int | None = fields.money(signed=True)
    capex: int | None = fields.money(signed=True)
    backlog: int | None = fields.money()
