"""The kinds of the funding family: equity, loans and what stands behind them, and what becomes of debts.

`events.facts` lists every kind by family.
"""

from typing import ClassVar

from attrs import frozen

from events import fields
from events.fields import Fact


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
class ShareLoan(Fact):
    """Shares are lent to who sells them on: they change hands, and as many are owed back. `margin` is the
    cash that the borrower leaves with the lender for them, `fee` what it pays for those it had borrowed
    before, up to the moment `accrued`; `worth` the market value of the shares.
    """

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    borrower: str = fields.who()
    lender: str = fields.who()
    asset: str = fields.who()
    shares: int = fields.shares(True)
    margin: int | None = fields.money()
    fee: int | None = fields.money()
    worth: int | None = fields.money()
    accrued: int | None = fields.moment()


@frozen(kw_only=True)
class ShareReturn(Fact):
    """Borrowed shares are given back, and `margin` with them; `fee` and `worth` as in `ShareLoan`. `called`
    is the sum by which the margin fell short of what the lender asks, where that is why; `waived` the
    shares that the borrower owes no longer, having nothing left to buy them with.
    """

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    borrower: str = fields.who()
    lender: str = fields.who()
    asset: str = fields.who()
    shares: int | None = fields.shares()
    margin: int | None = fields.money()
    fee: int | None = fields.money()
    worth: int | None = fields.money()
    accrued: int | None = fields.moment()
    called: int | None = fields.money()
    waived: int | None = fields.shares()


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
    """A lender asks for `amount` by `due`: `owed` is owed on shares `worth` no more than that."""

    parties: ClassVar[tuple[str, ...]] = ("lender", "borrower")
    opens: ClassVar[str | None] = "call"
    rests_on: ClassVar[tuple[str, ...]] = ("loan",)
    lender: str = fields.who()
    borrower: str = fields.who()
    loan: str = fields.name(of="loan")
    call: str = fields.name(of="call")
    amount: int = fields.money(True)
    due: int = fields.moment(True)
    owed: int | None = fields.money()
    worth: int | None = fields.money()


@frozen(kw_only=True)
class Cure(Fact):
    """So much of a margin call is met, or no longer needed; `reason` says by what."""

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    rests_on: ClassVar[tuple[str, ...]] = ("call",)
    borrower: str = fields.who()
    lender: str = fields.who()
    call: str = fields.name(of="call")
    amount: int = fields.money(True)
    reason: str | None = None


@frozen(kw_only=True)
class Liquidation(Fact):
    """Collateral is sold for the lender; a `Trade` and a `Repayment` of the same act book it. `uncounted` are
    the shares that the borrower had pledged, where nobody knew how many it holds: it held those.
    """

    parties: ClassVar[tuple[str, ...]] = ("lender", "borrower")
    rests_on: ClassVar[tuple[str, ...]] = ("loan", "call")
    lender: str = fields.who()
    borrower: str = fields.who()
    loan: str = fields.name(of="loan")
    call: str | None = fields.name(of="call", needed=False)
    asset: str = fields.who()
    shares: int = fields.shares(True)
    amount: int | None = fields.money()
    uncounted: int | None = fields.shares()


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
    """A creditor gets `amount` out of a default. `settles` repeats the part that pays what `debtor` owes,
    `secured` the part of that which shares stood behind, `called` the part that a guarantee is called for.
    """

    parties: ClassVar[tuple[str, ...]] = ("payer", "payee")
    payer: str = fields.who()
    payee: str = fields.who()
    debtor: str | None = fields.who(False)
    loan: str | None = fields.name(of="loan", needed=False)
    amount: int = fields.money(True)
    settles: int | None = fields.money()
    secured: int | None = fields.money()
    called: int | None = fields.money()


@frozen(kw_only=True)
class Filing(Fact):
    """A debtor in default asks a court for protection; `moment` repeats when, so that books can hold it."""

    parties: ClassVar[tuple[str, ...]] = ("debtor",)
    debtor: str = fields.who()
    moment: int = fields.moment(True)


@frozen(kw_only=True)
class Emergence(Fact):
    """A debtor is in default no longer; `moment` repeats when, so that books can hold it."""

    parties: ClassVar[tuple[str, ...]] = ("debtor",)
    debtor: str = fields.who()
    moment: int = fields.moment(True)


@frozen(kw_only=True)
class Shortfall(Fact):
    """An actor has to find more than it can: `needed` beside `room`. Of what falls due later, `needed`
    is what goes beyond its cash.
    """

    parties: ClassVar[tuple[str, ...]] = ("actor",)
    actor: str = fields.who()
    needed: int = fields.money(needed=True)
    room: int = fields.money(needed=True)
