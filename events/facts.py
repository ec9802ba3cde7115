"""Every kind of fact, by family. Data with no behaviour beyond its own rules.

Money (`amount`, `ceiling`, …) is whole units of the story's smallest unit. `amount` is firm and
posts to the books; `ceiling` is anything less than firm and posts to what was announced alone;
`stated` (inside `told`) is a sum as the words of the day gave it, and posts nowhere. `quantity`
with `unit` never posts to money; `per` marks a rate. Log prices are whole 1e-9 of ln.
Classes have validators and no converters: the codec runs the first and not the second.
"""

from collections.abc import Callable
from math import isfinite
from typing import Any, ClassVar, Literal

from attrs import Attribute, field, frozen

from events.errors import BadFact

LIMIT = 2**53
CONFIDENCES = ("high", "medium", "low", "assumption")
STATUSES = ("firm", "ceiling", "intention", "reported", "denied", "withdrawn")
Status = Literal["firm", "ceiling", "intention", "reported", "denied", "withdrawn"]
Confidence = Literal["high", "medium", "low", "assumption"]


def _whole(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    if value is None:
        return
    if type(value) is not int or not -LIMIT <= value <= LIMIT:
        raise BadFact(
            f"{type(instance).__name__}.{attribute.name} is {value!r}; "
            "it takes a whole number within ±2**53 of the smallest unit."
        )


def _sum(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    _whole(instance, attribute, value)
    if value is not None and value < 0:  # type: ignore[operator]  # _whole left an int
        raise BadFact(
            f"{type(instance).__name__}.{attribute.name} is {value}; a sum is never negative: "
            "the kind of fact says which way it goes."
        )


def _name(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    if value is None:
        return
    if type(value) is not str or not value or "/" in value:
        raise BadFact(
            f"{type(instance).__name__}.{attribute.name} is {value!r}; "
            "it takes a name that is not empty and has no '/'."
        )


def _finite(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    if value is None:
        return
    if type(value) not in (int, float) or not isfinite(value):  # type: ignore[arg-type]  # a number here
        raise BadFact(
            f"{type(instance).__name__}.{attribute.name} is {value!r}; it takes a finite number."
        )


def _field(validator: Callable[..., None], *, needed: bool) -> Any:
    if needed:
        return field(validator=validator)
    return field(default=None, validator=validator)


def _who(needed: bool = True) -> Any:
    return _field(_name, needed=needed)


def _money(needed: bool = False) -> Any:
    return _field(_sum, needed=needed)


def _number(needed: bool = False) -> Any:
    return _field(_whole, needed=needed)


@frozen(kw_only=True)
class Told:
    """Where a recorded or supposed fact comes from, and the words it came in."""

    entry: str = field(validator=_name)
    headline: str
    source: str
    confidence: Confidence
    status: Status = "firm"
    url: str | None = None
    narrative: str | None = None
    tone: float | None = field(default=None, validator=_finite)
    strength: float | None = field(default=None, validator=_finite)
    stated: int | None = _number()
    quantity: float | None = field(default=None, validator=_finite)
    unit: str | None = None
    per: Literal["year", "month"] | None = None
    instrument: str | None = None
    participants: tuple[str, ...] = ()
    note: str | None = None


@frozen(kw_only=True)
class Fact:
    """The root of every kind. `parties` names the fields that `actor` and `counterparty` of a
    timeline entry fill; `version` is the shape written today."""

    parties: ClassVar[tuple[str, ...]] = ()
    version: ClassVar[int] = 1

    told: Told | None = None

    def __attrs_post_init__(self) -> None:
        if self.told is None or self.told.status == "firm":
            return
        if getattr(self, "amount", None) is not None:
            raise BadFact(
                f"{type(self).__name__} of entry {self.told.entry} has an amount with status "
                f"{self.told.status}; only firm sums stand in amount, put it in ceiling."
            )


# --- announcement -------------------------------------------------------------------------------


@frozen(kw_only=True)
class Announcement(Fact):
    """Words about the future. Moves no money."""

    parties: ClassVar[tuple[str, ...]] = ("subject", "counterparty")
    subject: str = _who()
    counterparty: str | None = _who(False)
    project: str | None = _who(False)
    ceiling: int | None = _money()


@frozen(kw_only=True)
class Retraction(Fact):
    """An announcement taken back or replaced; `ceiling` is what no longer stands."""

    parties: ClassVar[tuple[str, ...]] = ("subject", "counterparty")
    subject: str = _who()
    counterparty: str | None = _who(False)
    of: str | None = _who(False)
    ceiling: int | None = _money()


@frozen(kw_only=True)
class Delay(Fact):
    """An order or project will come later; `until` is the new due moment when it is known."""

    parties: ClassVar[tuple[str, ...]] = ("subject", "counterparty")
    subject: str = _who()
    counterparty: str | None = _who(False)
    order: str | None = _who(False)
    project: str | None = _who(False)
    until: int | None = _number()


@frozen(kw_only=True)
class Note(Fact):
    """Anyone's annotation; posts nothing."""

    parties: ClassVar[tuple[str, ...]] = ("author",)
    author: str = _who()
    text: str


# --- order --------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Order(Fact):
    """A buyer commits to pay a seller."""

    parties: ClassVar[tuple[str, ...]] = ("buyer", "seller")
    buyer: str = _who()
    seller: str = _who()
    order: str = _who()
    amount: int | None = _money()
    ceiling: int | None = _money()
    due: int | None = _number()


@frozen(kw_only=True)
class Delivery(Fact):
    """A seller delivers: `amount` against an open order, `unattributed` against none known."""

    parties: ClassVar[tuple[str, ...]] = ("seller", "buyer")
    seller: str = _who()
    buyer: str | None = _who(False)
    order: str | None = _who(False)
    amount: int | None = _money()
    unattributed: int | None = _money()


@frozen(kw_only=True)
class Cancellation(Fact):
    """What was still outstanding of an order is given up."""

    parties: ClassVar[tuple[str, ...]] = ("buyer", "seller")
    buyer: str = _who()
    seller: str = _who()
    order: str = _who()
    amount: int = _money(True)


@frozen(kw_only=True)
class Payment(Fact):
    """Cash for goods or services, from one purse to another."""

    parties: ClassVar[tuple[str, ...]] = ("payer", "payee")
    payer: str = _who()
    payee: str = _who()
    order: str | None = _who(False)
    amount: int = _money(True)


@frozen(kw_only=True)
class Sale(Fact):
    """Customers outside the story pay a seller for use."""

    parties: ClassVar[tuple[str, ...]] = ("seller",)
    seller: str = _who()
    amount: int = _money(True)


# --- investment ---------------------------------------------------------------------------------


@frozen(kw_only=True)
class Investment(Fact):
    """A named investor puts cash into a company, or says that it may (`ceiling`)."""

    parties: ClassVar[tuple[str, ...]] = ("investor", "company")
    investor: str = _who()
    company: str = _who()
    amount: int | None = _money()
    ceiling: int | None = _money()
    shares: int | None = _money()
    post_money: int | None = _money()


@frozen(kw_only=True)
class Issue(Fact):
    """A company gives its own shares or warrants as payment; no cash moves."""

    parties: ClassVar[tuple[str, ...]] = ("issuer", "holder")
    issuer: str = _who()
    holder: str = _who()
    shares: int | None = _money()
    warrants: int | None = _money()


@frozen(kw_only=True)
class Trade(Fact):
    """Existing shares change hands for cash; `impact` moves the asset's price (1e-9 ln)."""

    parties: ClassVar[tuple[str, ...]] = ("seller", "buyer")
    seller: str = _who()
    buyer: str = _who()
    asset: str = _who()
    shares: int | None = _money()
    amount: int | None = _money()
    impact: int | None = _number()


@frozen(kw_only=True)
class Writedown(Fact):
    """A holder takes a loss on an investment or a loan in its own books."""

    parties: ClassVar[tuple[str, ...]] = ("holder", "asset")
    holder: str = _who()
    asset: str = _who()
    amount: int | None = _money()
    ceiling: int | None = _money()


# --- funding ------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Funding(Fact):
    """A company raises equity. Several investors without a known split stand in
    `told.participants`, and the cash comes from `outside`."""

    parties: ClassVar[tuple[str, ...]] = ("company", "investor")
    company: str = _who()
    investor: str = _who()
    amount: int | None = _money()
    ceiling: int | None = _money()
    post_money: int | None = _money()


@frozen(kw_only=True)
class Loan(Fact):
    """One draw of a loan or one sale of bonds; `rate` in basis points a year."""

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    borrower: str = _who()
    lender: str = _who()
    loan: str = _who()
    amount: int | None = _money()
    ceiling: int | None = _money()
    rate: int | None = _number()
    due: int | None = _number()


@frozen(kw_only=True)
class Pledge(Fact):
    """Shares of `asset` are put up as collateral, for a loan where one is named."""

    parties: ClassVar[tuple[str, ...]] = ("pledger", "lender")
    pledger: str = _who()
    lender: str = _who()
    asset: str = _who()
    shares: int | None = _money()
    loan: str | None = _who(False)


@frozen(kw_only=True)
class Release(Fact):
    """Pledged shares come free."""

    parties: ClassVar[tuple[str, ...]] = ("pledger", "lender")
    pledger: str = _who()
    lender: str = _who()
    asset: str = _who()
    shares: int = _money(True)
    loan: str | None = _who(False)


@frozen(kw_only=True)
class Guarantee(Fact):
    """A promise to pay if another does not; contingent, so a ceiling even when signed."""

    parties: ClassVar[tuple[str, ...]] = ("guarantor", "beneficiary")
    guarantor: str = _who()
    beneficiary: str = _who()
    ceiling: int | None = _money()


@frozen(kw_only=True)
class Interest(Fact):
    """Interest to date, added to what is owed."""

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    borrower: str = _who()
    lender: str = _who()
    loan: str = _who()
    amount: int = _money(True)


@frozen(kw_only=True)
class Repayment(Fact):
    """Cash that lowers what is owed on a loan."""

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    borrower: str = _who()
    lender: str = _who()
    loan: str = _who()
    amount: int = _money(True)


@frozen(kw_only=True)
class MarginCall(Fact):
    """A lender asks for `amount` by `due`, the value of the collateral having fallen."""

    parties: ClassVar[tuple[str, ...]] = ("lender", "borrower")
    lender: str = _who()
    borrower: str = _who()
    loan: str = _who()
    call: str = _who()
    amount: int = _money(True)
    due: int = _number(True)


@frozen(kw_only=True)
class Cure(Fact):
    """A margin call is met or no longer needed."""

    parties: ClassVar[tuple[str, ...]] = ("borrower", "lender")
    borrower: str = _who()
    lender: str = _who()
    call: str = _who()
    amount: int = _money(True)


@frozen(kw_only=True)
class Liquidation(Fact):
    """Collateral is sold for the lender; a `Trade` and a `Repayment` of the same act book it."""

    parties: ClassVar[tuple[str, ...]] = ("lender", "borrower")
    lender: str = _who()
    borrower: str = _who()
    loan: str = _who()
    call: str | None = _who(False)
    asset: str = _who()
    shares: int = _money(True)
    amount: int | None = _money()


@frozen(kw_only=True)
class Default(Fact):
    """A debtor cannot pay what is due; `moment` repeats when, so that books can hold it."""

    parties: ClassVar[tuple[str, ...]] = ("debtor", "creditor")
    debtor: str = _who()
    creditor: str | None = _who(False)
    amount: int | None = _money()
    moment: int = _number(True)


@frozen(kw_only=True)
class Clearing(Fact):
    """What a creditor gets out of a default."""

    parties: ClassVar[tuple[str, ...]] = ("payer", "payee")
    payer: str = _who()
    payee: str = _who()
    loan: str | None = _who(False)
    amount: int = _money(True)


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
    asset: str = _who()
    fast: int | None = _number()
    slow: int | None = _number()
    lasting: int | None = _number()
    log_mark: int | None = _number()
    fatigue: int | None = _number()
    news: int | None = _money()
    value: int | None = _money()
    tone: int | None = _number()
    strength: int | None = _number()
    tired: int | None = _number()


@frozen(kw_only=True)
class PolicyRate(Fact):
    """A central bank sets its rate; `surprise` is the part nobody expected. Basis points."""

    parties: ClassVar[tuple[str, ...]] = ("bank",)
    bank: str = _who()
    rate: int = _number(True)
    surprise: int = _number(True)


@frozen(kw_only=True)
class Liquidity(Fact):
    """Money is added to or drained from markets; `impulse` in 1e-9 standard deviations."""

    parties: ClassVar[tuple[str, ...]] = ("bank",)
    bank: str = _who()
    impulse: int | None = _number()
    ceiling: int | None = _money()


@frozen(kw_only=True)
class Fiscal(Fact):
    """A government acts: tariffs, licences, spending."""

    parties: ClassVar[tuple[str, ...]] = ("government", "counterparty")
    government: str = _who()
    counterparty: str | None = _who(False)
    ceiling: int | None = _money()


# --- the record ---------------------------------------------------------------------------------


@frozen(kw_only=True)
class Opening(Fact):
    """The first fact of a history: the whole story as it was read, as canonical JSON."""

    story: str = _who()
    edition: str
    model: str
    seed: int = _number(True)
    cast: str
    text: str


@frozen(kw_only=True)
class Endowment(Fact):
    """One actor's opening balance in one account, against `outside`."""

    parties: ClassVar[tuple[str, ...]] = ("holder",)
    holder: str = _who()
    asset: str | None = _who(False)
    cash: int | None = _number()
    debt: int | None = _money()
    value: int | None = _money()
    shares: int | None = _money()
    pledged: int | None = _money()
    stake: int | None = _money()


@frozen(kw_only=True)
class Supposition(Fact):
    """What a branch supposes, whole, as canonical JSON."""

    text: str


@frozen(kw_only=True)
class Withheld(Fact):
    """An entry of the timeline that a supposition keeps from being told, at its own moment."""

    entry: str = _who()
    reason: str


@frozen(kw_only=True)
class Refusal(Fact):
    """An act that its purses could not pay for."""

    process: str = _who()
    kind: str = _who()
    purse: str = _who()
    needed: int = _money(True)
    held: int = _number(True)


@frozen(kw_only=True)
class Outcome(Fact):
    """Something worth recording that no posting or decision needs."""

    parties: ClassVar[tuple[str, ...]] = ("subject", "counterparty")
    subject: str = _who()
    counterparty: str | None = _who(False)


FAMILIES: dict[str, tuple[type[Fact], ...]] = {
    "announcement": (Announcement, Retraction, Delay, Note),
    "order": (Order, Delivery, Cancellation, Payment, Sale),
    "investment": (Investment, Issue, Trade, Writedown),
    "funding": (
        Funding, Loan, Pledge, Release, Guarantee, Interest, Repayment, MarginCall, Cure,
        Liquidation, Default, Clearing,
    ),
    "market, policy": (Repricing, PolicyRate, Liquidity, Fiscal),
    "the record": (Opening, Endowment, Supposition, Withheld, Refusal, Outcome),
}  # fmt: skip  # one family a line
KINDS: dict[str, type[Fact]] = {kind.__name__: kind for kinds in FAMILIES.values() for kind in kinds}
