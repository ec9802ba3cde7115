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
    reader. The rest are the drivers the step was computed from: `news` (sum in the smallest unit),
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
