"""Every kind of fact, by family. Data with no behaviour beyond its own rules (see `events.fields`)."""

from typing import ClassVar

from attrs import frozen

from events import fields
from events.fields import Fact
from events.record_facts import Endowment, Opening, Outcome, Refusal, Result, Supposition, Withheld

# --- announcement -------------------------------------------------------------------------------


@frozen(kw_only=True)
class Announcement(Fact):
    """Words about the future. Moves no money."""

    parties: ClassVar[tuple[str, ...]] = ("subject", "counterparty")
    subject: str = fields.who()
    counterparty: str | None = fields.who(False)
    project: str | None = fields.name(of="project", needed=False)
    ceiling: int | None = fields.money()


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
    """The part of an order that is still outstanding, `amount`, is given up."""

    parties: ClassVar[tuple[str, ...]] = ("buyer", "seller")
    rests_on: ClassVar[tuple[str, ...]] = ("order",)
    buyer: str = fields.who()
    seller: str = fields.who()
    order: str = fields.name(of="order")
    amount: int = fields.money(True)


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
    """A company gives its own shares or warrants as payment; no cash moves."""

    parties: ClassVar[tuple[str, ...]] = ("issuer", "holder")
    issuer: str = fields.who()
    holder: str = fields.who()
    shares: int | None = fields.shares()
    warrants: int | None = fields.shares()


@frozen(kw_only=True)
class Trade(Fact):
    """Existing shares change hands for cash; `impact` moves the asset's price (1e-9 ln), `post_money`
    is the value of the whole company at which they did, `cost` what the seller had put into them.
    """

    parties: ClassVar[tuple[str, ...]] = ("seller", "buyer")
    seller: str = fields.who()
    buyer: str = fields.who()
    asset: str = fields.who()
    shares: int | None = fields.shares()
    amount: int | None = fields.money()
    post_money: int | None = fields.money()
    impact: int | None = fields.log_price()
    cost: int | None = fields.money()


@frozen(kw_only=True)
class Writedown(Fact):
    """A holder takes a loss in its own books: `amount` on what it invested in `asset`, `credit` on what it
    lent it in `loan`.
    """

    parties: ClassVar[tuple[str, ...]] = ("holder", "asset")
    holder: str = fields.who()
    asset: str = fields.who()
    amount: int | None = fields.money()
    ceiling: int | None = fields.money()
    loan: str | None = fields.name(of="loan", needed=False)
    credit: int | None = fields.money()


# --- funding ------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Funding(Fact):
    """A company raises equity. Several investors without a known split stand in
    `told.participants`, and the cash comes from `outside`.
    """

    parties: ClassVar[tuple[str, ...]] = ("company", "investor")
    company: str = fields.who()
    investor: str = fields.who()
    amount: int | None = fields.money()
    ceiling: int | None = fields.money()
    post_money: int | None = fields.money()


@frozen(kw_only=True)
class Loan(Fact):
    """One draw of a loan or one sale of bonds; `rate` in basis points a year. `secured` repeats the
    part of `amount` that pledged collateral stands behind; so in `Interest` and `Repayment`.
    `accrued` is the moment up to which interest has been added.
    """

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    opens: ClassVar[str | None] = "loan"
    borrower: str = fields.who()
    lender: str = fields.who()
    loan: str = fields.name(of="loan")
    amount: int | None = fields.money()
    secured: int | None = fields.money()
    ceiling: int | None = fields.money()
    rate: int | None = fields.rate()
    due: int | None = fields.moment()
    accrued: int | None = fields.moment()


@frozen(kw_only=True)
class Pledge(Fact):
    """Shares of `asset` are put up as collateral, for a loan where one is named."""

    parties: ClassVar[tuple[str, ...]] = ("pledger", "lender")
    pledger: str = fields.who()
    lender: str = fields.who()
    asset: str = fields.who()
    shares: int | None = fields.shares()
    loan: str | None = fields.name(of="loan", needed=False)


@frozen(kw_only=True)
class Release(Fact):
    """Pledged shares come free."""

    parties: ClassVar[tuple[str, ...]] = ("pledger", "lender")
    pledger: str = fields.who()
    lender: str = fields.who()
    asset: str = fields.who()
    shares: int = fields.shares(True)
    loan: str | None = fields.name(of="loan", needed=False)


@frozen(kw_only=True)
class Guarantee(Fact):
    """A promise to pay if another does not; contingent, so a ceiling even when signed."""

    parties: ClassVar[tuple[str, ...]] = ("guarantor", "beneficiary")
    guarantor: str = fields.who()
    beneficiary: str = fields.who()
    ceiling: int | None = fields.money()


@frozen(kw_only=True)
class Interest(Fact):
    """Interest to date, added to what is owed."""

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    rests_on: ClassVar[tuple[str, ...]] = ("loan",)
    borrower: str = fields.who()
    lender: str = fields.who()
    loan: str = fields.name(of="loan")
    amount: int = fields.money(True)
    secured: int | None = fields.money()
    accrued: int | None = fields.moment()


@frozen(kw_only=True)
class Repayment(Fact):
    """Cash that lowers what is owed on a loan."""

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    rests_on: ClassVar[tuple[str, ...]] = ("loan",)
    borrower: str = fields.who()
    lender: str = fields.who()
    loan: str = fields.name(of="loan")
    amount: int = fields.money(True)
    secured: int | None = fields.money()


@frozen(kw_only=True)
class MarginCall(Fact):
    """A lender asks for `amount` by `due`, the value of the collateral having fallen."""

    parties: ClassVar[tuple[str, ...]] = ("lender", "borrower")
    opens: ClassVar[str | None] = "call"
    rests_on: ClassVar[tuple[str, ...]] = ("loan",)
    lender: str = fields.who()
    borrower: str = fields.who()
    loan: str = fields.name(of="loan")
    call: str = fields.name(of="call")
    amount: int = fields.money(True)
    due: int = fields.moment(True)


@frozen(kw_only=True)
class Cure(Fact):
    """So much of a margin call is met, or no longer needed."""

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    rests_on: ClassVar[tuple[str, ...]] = ("call",)
    borrower: str = fields.who()
    lender: str = fields.who()
    call: str = fields.name(of="call")
    amount: int = fields.money(True)


@frozen(kw_only=True)
class Liquidation(Fact):
    """Collateral is sold for the lender; a `Trade` and a `Repayment` of the same act book it."""

    parties: ClassVar[tuple[str, ...]] = ("lender", "borrower")
    rests_on: ClassVar[tuple[str, ...]] = ("loan", "call")
    lender: str = fields.who()
    borrower: str = fields.who()
    loan: str = fields.name(of="loan")
    call: str | None = fields.name(of="call", needed=False)
    asset: str = fields.who()
    shares: int = fields.shares(True)
    amount: int | None = fields.money()


@frozen(kw_only=True)
class Default(Fact):
    """A debtor cannot pay what is due; `moment` repeats when, so that books can hold it."""

    parties: ClassVar[tuple[str, ...]] = ("debtor", "creditor")
    debtor: str = fields.who()
    creditor: str | None = fields.who(False)
    amount: int | None = fields.money()
    moment: int = fields.moment(True)


@frozen(kw_only=True)
class Clearing(Fact):
    """A creditor gets `amount` out of a default."""

    parties: ClassVar[tuple[str, ...]] = ("payer", "payee")
    payer: str = fields.who()
    payee: str = fields.who()
    loan: str | None = fields.name(of="loan", needed=False)
    amount: int = fields.money(True)


# --- market and policy --------------------------------------------------------------------------


@frozen(kw_only=True)
class Repricing(Fact):
    """The market reads news into one asset's price.

    `fast`, `slow`, `lasting`: parts of the log-price step in 1e-9 ln. `log_mark`: the asset's log
    price when its mark was set. `fatigue`: 1 where the reading tires the reader. The rest are the
    drivers the step was computed from: `news` (sum in the smallest unit), `value` (market value
    before), `tone` and `strength` (1e-6), `tired` (fatigue before, 1e-6).
    """

    parties: ClassVar[tuple[str, ...]] = ("asset",)
    asset: str = fields.who()
    fast: int | None = fields.log_price()
    slow: int | None = fields.log_price()
    lasting: int | None = fields.log_price()
    log_mark: int | None = fields.log_price()
    fatigue: int | None = fields.count()
    news: int | None = fields.money()
    value: int | None = fields.money()
    tone: int | None = fields.millionths()
    strength: int | None = fields.millionths()
    tired: int | None = fields.millionths()


@frozen(kw_only=True)
class Quote(Fact):
    """A price that a market paid: `price` of a share in the smallest unit, or an index's level times 100, and
    how many `shares` its source says are outstanding (None: it does not say). `moment` repeats when,
    so that books can hold it.
    """

    parties: ClassVar[tuple[str, ...]] = ("asset",)
    asset: str = fields.who()
    price: int = fields.money(True)
    shares: int | None = fields.shares()
    moment: int = fields.moment(True)


@frozen(kw_only=True)
class Residual(Fact):
    """The part of a quoted price that the news does not explain, equations (16) and (17), in 1e-9 ln.

    `market`, `sector`, `own`: the parts that are posted. `issued`: shares that the quote's source
    counts and no told fact explains, below zero where they went. `beside_news`: `own` where told news
    of this asset was read since the quote before the last; a memo. The rest are the drivers: `gap`,
    the whole that the reference reading left open, and `value`, the market value before.
    """

    parties: ClassVar[tuple[str, ...]] = ("asset",)
    asset: str = fields.who()
    market: int = fields.log_price(True)
    sector: int = fields.log_price(True)
    own: int = fields.log_price(True)
    issued: int | None = fields.shares(signed=True)
    beside_news: int | None = fields.log_price()
    gap: int = fields.log_price(True)
    value: int | None = fields.money()


@frozen(kw_only=True)
class PolicyRate(Fact):
    """A central bank sets its rate; `surprise` is the part nobody expected. Basis points."""

    parties: ClassVar[tuple[str, ...]] = ("bank",)
    bank: str = fields.who()
    rate: int = fields.rate(True)
    surprise: int = fields.rate(True)


@frozen(kw_only=True)
class Liquidity(Fact):
    """Money is added to or drained from markets; `impulse` in 1e-9 standard deviations."""

    parties: ClassVar[tuple[str, ...]] = ("bank",)
    bank: str = fields.who()
    impulse: int | None = fields.deviations()
    ceiling: int | None = fields.money()


@frozen(kw_only=True)
class Fiscal(Fact):
    """A government acts: tariffs, licences, spending."""

    parties: ClassVar[tuple[str, ...]] = ("government", "counterparty")
    government: str = fields.who()
    counterparty: str | None = fields.who(False)
    ceiling: int | None = fields.money()


FAMILIES: dict[str, tuple[type[Fact], ...]] = {
    "announcement": (Announcement, Retraction, Delay, Note),
    "order": (Order, Delivery, Cancellation, Payment, Sale),
    "investment": (Investment, Issue, Trade, Writedown),
    "funding": (
        Funding, Loan, Pledge, Release, Guarantee, Interest, Repayment, MarginCall, Cure,
        Liquidation, Default, Clearing,
    ),
    "market": (Repricing, Quote, Residual),
    "policy": (PolicyRate, Liquidity, Fiscal),
    "record": (Opening, Endowment, Supposition, Withheld, Refusal, Outcome, Result),
}  # fmt: skip  # one family a line
KINDS: dict[str, type[Fact]] = {kind.__name__: kind for kinds in FAMILIES.values() for kind in kinds}
# Kinds that open something, and the field by which they and all that is of it name it.
OPENS: dict[str, str] = {name: kind.opens for name, kind in KINDS.items() if kind.opens is not None}
