"""Every kind of fact, by family. Data with no behaviour beyond its own rules (see `events.fields`)."""

from typing import ClassVar

from attrs import frozen

from events.fields import Fact, money, number, who

# --- announcement -------------------------------------------------------------------------------


@frozen(kw_only=True)
class Announcement(Fact):
    """Words about the future. Moves no money."""

    parties: ClassVar[tuple[str, ...]] = ("subject", "counterparty")
    subject: str = who()
    counterparty: str | None = who(False)
    project: str | None = who(False)
    ceiling: int | None = money()


@frozen(kw_only=True)
class Retraction(Fact):
    """An announcement taken back or replaced; `ceiling` is what no longer stands."""

    parties: ClassVar[tuple[str, ...]] = ("subject", "counterparty")
    subject: str = who()
    counterparty: str | None = who(False)
    of: str | None = who(False)
    ceiling: int | None = money()


@frozen(kw_only=True)
class Delay(Fact):
    """An order or project will come later; `until` is the new due moment when it is known."""

    parties: ClassVar[tuple[str, ...]] = ("subject", "counterparty")
    subject: str = who()
    counterparty: str | None = who(False)
    order: str | None = who(False)
    project: str | None = who(False)
    until: int | None = number()


@frozen(kw_only=True)
class Note(Fact):
    """Anyone's annotation; posts nothing."""

    parties: ClassVar[tuple[str, ...]] = ("author",)
    author: str = who()
    text: str


# --- order --------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Order(Fact):
    """A buyer commits to pay a seller."""

    parties: ClassVar[tuple[str, ...]] = ("buyer", "seller")
    buyer: str = who()
    seller: str = who()
    order: str = who()
    amount: int | None = money()
    ceiling: int | None = money()
    due: int | None = number()


@frozen(kw_only=True)
class Delivery(Fact):
    """A seller delivers: `amount` against an open order, `unattributed` against none known."""

    parties: ClassVar[tuple[str, ...]] = ("seller", "buyer")
    seller: str = who()
    buyer: str | None = who(False)
    order: str | None = who(False)
    amount: int | None = money()
    unattributed: int | None = money()


@frozen(kw_only=True)
class Cancellation(Fact):
    """What was still outstanding of an order is given up."""

    parties: ClassVar[tuple[str, ...]] = ("buyer", "seller")
    buyer: str = who()
    seller: str = who()
    order: str = who()
    amount: int = money(True)


@frozen(kw_only=True)
class Payment(Fact):
    """Cash for goods or services, from one purse to another; `settles` repeats the part of
    `amount` that pays an order.
    """

    parties: ClassVar[tuple[str, ...]] = ("payer", "payee")
    payer: str = who()
    payee: str = who()
    order: str | None = who(False)
    amount: int = money(True)
    settles: int | None = money()


@frozen(kw_only=True)
class Sale(Fact):
    """Customers outside the story pay a seller for use."""

    parties: ClassVar[tuple[str, ...]] = ("seller",)
    seller: str = who()
    amount: int = money(True)


# --- investment ---------------------------------------------------------------------------------


@frozen(kw_only=True)
class Investment(Fact):
    """A named investor puts cash into a company, or says that it may (`ceiling`). `part` is what share of
    the company's value the money was when it went in, in 1e-9, where no shares are counted.
    """

    parties: ClassVar[tuple[str, ...]] = ("investor", "company")
    investor: str = who()
    company: str = who()
    amount: int | None = money()
    ceiling: int | None = money()
    shares: int | None = money()
    post_money: int | None = money()
    part: int | None = number()


@frozen(kw_only=True)
class Issue(Fact):
    """A company gives its own shares or warrants as payment; no cash moves."""

    parties: ClassVar[tuple[str, ...]] = ("issuer", "holder")
    issuer: str = who()
    holder: str = who()
    shares: int | None = money()
    warrants: int | None = money()


@frozen(kw_only=True)
class Trade(Fact):
    """Existing shares change hands for cash; `impact` moves the asset's price (1e-9 ln), `post_money`
    is the value of the whole company at which they did, `cost` what the seller had put into them.
    """

    parties: ClassVar[tuple[str, ...]] = ("seller", "buyer")
    seller: str = who()
    buyer: str = who()
    asset: str = who()
    shares: int | None = money()
    amount: int | None = money()
    post_money: int | None = money()
    impact: int | None = number()
    cost: int | None = money()


@frozen(kw_only=True)
class Writedown(Fact):
    """A holder takes a loss in its own books: `amount` on what it invested in `asset`, `credit` on what it
    lent it in `loan`.
    """

    parties: ClassVar[tuple[str, ...]] = ("holder", "asset")
    holder: str = who()
    asset: str = who()
    amount: int | None = money()
    ceiling: int | None = money()
    loan: str | None = who(False)
    credit: int | None = money()


# --- funding ------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Funding(Fact):
    """A company raises equity. Several investors without a known split stand in
    `told.participants`, and the cash comes from `outside`.
    """

    parties: ClassVar[tuple[str, ...]] = ("company", "investor")
    company: str = who()
    investor: str = who()
    amount: int | None = money()
    ceiling: int | None = money()
    post_money: int | None = money()


@frozen(kw_only=True)
class Loan(Fact):
    """One draw of a loan or one sale of bonds; `rate` in basis points a year. `secured` repeats the
    part of `amount` that pledged collateral stands behind; so in `Interest` and `Repayment`.
    `accrued` is the moment up to which interest has been added.
    """

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    borrower: str = who()
    lender: str = who()
    loan: str = who()
    amount: int | None = money()
    secured: int | None = money()
    ceiling: int | None = money()
    rate: int | None = number()
    due: int | None = number()
    accrued: int | None = number()


@frozen(kw_only=True)
class Pledge(Fact):
    """Shares of `asset` are put up as collateral, for a loan where one is named."""

    parties: ClassVar[tuple[str, ...]] = ("pledger", "lender")
    pledger: str = who()
    lender: str = who()
    asset: str = who()
    shares: int | None = money()
    loan: str | None = who(False)


@frozen(kw_only=True)
class Release(Fact):
    """Pledged shares come free."""

    parties: ClassVar[tuple[str, ...]] = ("pledger", "lender")
    pledger: str = who()
    lender: str = who()
    asset: str = who()
    shares: int = money(True)
    loan: str | None = who(False)


@frozen(kw_only=True)
class Guarantee(Fact):
    """A promise to pay if another does not; contingent, so a ceiling even when signed."""

    parties: ClassVar[tuple[str, ...]] = ("guarantor", "beneficiary")
    guarantor: str = who()
    beneficiary: str = who()
    ceiling: int | None = money()


@frozen(kw_only=True)
class Interest(Fact):
    """Interest to date, added to what is owed."""

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    borrower: str = who()
    lender: str = who()
    loan: str = who()
    amount: int = money(True)
    secured: int | None = money()
    accrued: int | None = number()


@frozen(kw_only=True)
class Repayment(Fact):
    """Cash that lowers what is owed on a loan."""

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    borrower: str = who()
    lender: str = who()
    loan: str = who()
    amount: int = money(True)
    secured: int | None = money()


@frozen(kw_only=True)
class MarginCall(Fact):
    """A lender asks for `amount` by `due`, the value of the collateral having fallen."""

    parties: ClassVar[tuple[str, ...]] = ("lender", "borrower")
    lender: str = who()
    borrower: str = who()
    loan: str = who()
    call: str = who()
    amount: int = money(True)
    due: int = number(True)


@frozen(kw_only=True)
class Cure(Fact):
    """So much of a margin call is met, or no longer needed."""

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    borrower: str = who()
    lender: str = who()
    call: str = who()
    amount: int = money(True)


@frozen(kw_only=True)
class Liquidation(Fact):
    """Collateral is sold for the lender; a `Trade` and a `Repayment` of the same act book it."""

    parties: ClassVar[tuple[str, ...]] = ("lender", "borrower")
    lender: str = who()
    borrower: str = who()
    loan: str = who()
    call: str | None = who(False)
    asset: str = who()
    shares: int = money(True)
    amount: int | None = money()


@frozen(kw_only=True)
class Default(Fact):
    """A debtor cannot pay what is due; `moment` repeats when, so that books can hold it."""

    parties: ClassVar[tuple[str, ...]] = ("debtor", "creditor")
    debtor: str = who()
    creditor: str | None = who(False)
    amount: int | None = money()
    moment: int = number(True)


@frozen(kw_only=True)
class Clearing(Fact):
    """What a creditor gets out of a default."""

    parties: ClassVar[tuple[str, ...]] = ("payer", "payee")
    payer: str = who()
    payee: str = who()
    loan: str | None = who(False)
    amount: int = money(True)


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
    asset: str = who()
    fast: int | None = number()
    slow: int | None = number()
    lasting: int | None = number()
    log_mark: int | None = number()
    fatigue: int | None = number()
    news: int | None = money()
    value: int | None = money()
    tone: int | None = number()
    strength: int | None = number()
    tired: int | None = number()


@frozen(kw_only=True)
class PolicyRate(Fact):
    """A central bank sets its rate; `surprise` is the part nobody expected. Basis points."""

    parties: ClassVar[tuple[str, ...]] = ("bank",)
    bank: str = who()
    rate: int = number(True)
    surprise: int = number(True)


@frozen(kw_only=True)
class Liquidity(Fact):
    """Money is added to or drained from markets; `impulse` in 1e-9 standard deviations."""

    parties: ClassVar[tuple[str, ...]] = ("bank",)
    bank: str = who()
    impulse: int | None = number()
    ceiling: int | None = money()


@frozen(kw_only=True)
class Fiscal(Fact):
    """A government acts: tariffs, licences, spending."""

    parties: ClassVar[tuple[str, ...]] = ("government", "counterparty")
    government: str = who()
    counterparty: str | None = who(False)
    ceiling: int | None = money()


# --- the record ---------------------------------------------------------------------------------


@frozen(kw_only=True)
class Opening(Fact):
    """The first fact of a history: the whole story as it was read, as canonical JSON."""

    story: str = who()
    edition: str
    model: str
    seed: int = number(True)
    cast: str
    text: str


@frozen(kw_only=True)
class Endowment(Fact):
    """One actor's opening balance in one account, against `outside`. `margin` is the part of its
    debt that pledged collateral stands behind.
    """

    parties: ClassVar[tuple[str, ...]] = ("holder",)
    holder: str = who()
    asset: str | None = who(False)
    cash: int | None = number()
    debt: int | None = money()
    margin: int | None = money()
    backlog: int | None = money()
    value: int | None = money()
    post_money: int | None = money()
    rate: int | None = number()
    shares: int | None = money()
    pledged: int | None = money()
    stake: int | None = money()


@frozen(kw_only=True)
class Supposition(Fact):
    """What a branch supposes, whole, as canonical JSON."""

    text: str


@frozen(kw_only=True)
class Withheld(Fact):
    """An entry of the timeline that a supposition keeps from being told, at its own moment."""

    entry: str = who()
    reason: str


@frozen(kw_only=True)
class Refusal(Fact):
    """An act that its purses could not pay for; where `account` is not cash, one for more than was left
    there of `purse`: an order, a loan, a call, the shares of a holder.
    """

    process: str = who()
    kind: str = who()
    purse: str = who()
    account: str | None = who(False)
    needed: int = money(True)
    held: int = number(True)


@frozen(kw_only=True)
class Outcome(Fact):
    """Something worth recording that no posting or decision needs."""

    parties: ClassVar[tuple[str, ...]] = ("subject", "counterparty")
    subject: str = who()
    counterparty: str | None = who(False)


FAMILIES: dict[str, tuple[type[Fact], ...]] = {
    "announcement": (Announcement, Retraction, Delay, Note),
    "order": (Order, Delivery, Cancellation, Payment, Sale),
    "investment": (Investment, Issue, Trade, Writedown),
    "funding": (
        Funding, Loan, Pledge, Release, Guarantee, Interest, Repayment, MarginCall, Cure,
        Liquidation, Default, Clearing,
    ),
    "market": (Repricing,),
    "policy": (PolicyRate, Liquidity, Fiscal),
    "record": (Opening, Endowment, Supposition, Withheld, Refusal, Outcome),
}  # fmt: skip  # one family a line
KINDS: dict[str, type[Fact]] = {kind.__name__: kind for kinds in FAMILIES.values() for kind in kinds}
