"""The kinds of the market and policy families: prices paid, prices read into, rates, money and taxes.

`events.facts` lists every kind by family.
"""

from typing import ClassVar

from attrs import frozen

from events import fields
from events.fields import Fact


@frozen(kw_only=True)
class Repricing(Fact):
    """The market reads news into one asset's price.

    `fast`, `slow`, `lasting`: parts of the log-price step in 1e-9 ln, and `attributed` the whole of it.
    `order`: the order or entry that was read, or is taken back, and `stands` the sum that is left of it.
    `log_mark`: the asset's log price when its mark was set. `fatigue`: 1 where the reading tires the
    reader. `post_money`: what a private company's register is set to where its owners lose. The rest are
    the drivers the step was computed from: `news` (sum in the smallest unit),
    `value` (market value before), `tone` and `strength` (1e-6), `tired` (fatigue before, 1e-6).
    """

    parties: ClassVar[tuple[str, ...]] = ("asset",)
    asset: str = fields.who()
    fast: int | None = fields.log_price()
    slow: int | None = fields.log_price()
    lasting: int | None = fields.log_price()
    attributed: int | None = fields.log_price()
    order: str | None = fields.name(of="order", needed=False)
    stands: int | None = fields.money()
    log_mark: int | None = fields.log_price()
    post_money: int | None = fields.money()
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
class Split(Fact):
    """Each `old` shares of an asset become `new` ones: shares and prices change, values do not. A stock
    dividend is one too: of 5 %, 21 for 20.

    The first fact of an act is told, and has what becomes of the whole count (`shares` more, below zero
    where they are fewer), of the count at the opening (`floated`) and of the last `price`. Each further
    one has what becomes of a `holder`'s `stake`, of what it `pledged` and of its `warrants`, of what it
    `borrowed` from a `lender`, or of the shares `secured` behind a `loan`. The teller works all of them out.
    """

    parties: ClassVar[tuple[str, ...]] = ("asset",)
    worked_out: ClassVar[tuple[str, ...]] = (
        "holder", "lender", "loan", "shares", "floated", "price", "stake", "pledged", "warrants", "borrowed",
        "secured",
    )  # fmt: skip  # one list
    asset: str = fields.who()
    new: int = fields.count(True)
    old: int = fields.count(True)
    holder: str | None = fields.who(False)
    lender: str | None = fields.who(False)
    loan: str | None = fields.name(of="loan", needed=False)
    shares: int | None = fields.shares(signed=True)
    floated: int | None = fields.shares()
    price: int | None = fields.money()
    stake: int | None = fields.shares(signed=True)
    pledged: int | None = fields.shares(signed=True)
    warrants: int | None = fields.shares(signed=True)
    borrowed: int | None = fields.shares(signed=True)
    secured: int | None = fields.shares(signed=True)


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
