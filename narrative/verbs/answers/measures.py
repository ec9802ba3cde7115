"""Answers of `measure`, a type a measure. Money is whole smallest units, shares are parts of one, moments are
ISO texts; None is unknown, or a part of nothing.
"""

from narrative.verbs.answers.base import Answer, Money, Number
from narrative.verbs.answers.ensembles import RangeDrawn


class Measured(Answer, frozen=True):
    """A measure of a history at a moment, its definition in words, and its source."""

    measure: str
    definition: str
    source: str
    story: str
    branch: str
    position: int
    moment: str
    currency: str
    digits: int


class ByChance(Answer, frozen=True):
    """The share that goes round in so many random rewirings (`draws`) with the same sums paid and received by
    each party: 5 % of them lie below `low`, 95 % below `high`. `above`: the share itself is beyond that.
    """

    low: float
    middle: float
    high: float
    draws: int
    above: bool


class Turnover(Answer, frozen=True):
    """Sums of one party: what it received and paid; of its receipts, the most that its own outlays could have
    paid (`returned`); its sales, and the most of them that its own stakes and loans could have paid.
    """

    actor: str
    received: Money
    paid: Money
    returned: Money
    sales: Money
    self_financed: Money


class Ring(Answer, frozen=True):
    """Parties of which each pays the next and the last the first: the least sum of it, and how many of its
    joints, one a party, are `tied` by a cause or a source's link; at the others two sums share a party.
    """

    parties: list[str]
    least: Money
    tied: int


class Circulating(Answer, frozen=True):
    """The sums that stand on a rung or further: all of them, the largest part that leaves nobody with more or
    less (`circulating`), and its `share`. `chance` is None where nothing could go round.
    """

    rung: str
    gross: Money
    circulating: Money
    share: float | None
    chance: ByChance | None
    actors: list[Turnover]
    rings: list[Ring]


class Round(Answer, frozen=True):
    """All the sums on a rung or further at a moment, and what goes round of them."""

    gross: Money
    circulating: Money


class RoundThen(Answer, frozen=True):
    """The circulation at a moment by rung."""

    moment: str
    rungs: dict[str, Round]


class Circularity(Measured, frozen=True):
    """The part of what named parties promise, owe or pay each other that goes round among them, on each rung,
    and at the end of each month.
    """

    rungs: list[Circulating]
    over_time: list[RoundThen]


class Span(Answer, frozen=True):
    """A part of one from low to high; None of nothing."""

    low: float | None
    high: float | None


class SalesWindow(Answer, frozen=True):
    """Sales of a span of time; what of them is from outside, circular (at least and at most), and paid but
    not delivered.
    """

    since: str
    until: str
    sales: Money
    outside: Money
    circular_low: Money
    circular_high: Money
    undelivered: Money


class Output(Measured, frozen=True):
    """The rungs, which are never added; what was paid as `usual`, promised by nobody; all that customers
    outside paid for use; revenue of the `companies` that reported both when the story opened and by now; two
    windows of sales, and their growth.
    """

    rungs: dict[str, Money]
    usual: Money
    outside: Money
    reported_then: Money
    reported: Money
    companies: int
    windows: list[SalesWindow]
    gross: Span
    net_of_circular: Span
    net_of_undelivered: Span


class Multiplier(Answer, frozen=True):
    """The multiplier of flows, in ln by part of the value bought, with the ends of its range."""

    value: float
    low: float
    high: float


class Injected(Answer, frozen=True):
    """A company's rises on news: how many, in ln together, in value; the purchases that would have made them;
    all that it raised, and within 60 days of a rise; how many days are within and otherwise.
    """

    asset: str
    rises: int
    risen: float
    gained: Money
    purchases: Money
    purchases_low: Money
    purchases_high: Money
    raised: Money
    raised_after: Money
    days_after: int
    days_otherwise: int
    raised_by_gained: float | None


class Injection(Measured, frozen=True):
    """The purchases for which news stands, by company, under a range of the multiplier."""

    multiplier: Multiplier
    assets: list[Injected]


class Episode(Answer, frozen=True):
    """Weeks in which a price grew faster than nearly all random walks do, or (not `rising`) fell so."""

    since: str
    until: str
    rising: bool


class Exuberant(Answer, frozen=True):
    """The GSADF of so many log prices, with windows of at least so many; 90, 95 and 99 % of random
    walks lie below `critical`, and `by_chance` is how often as much comes of one.
    """

    asset: str
    observations: int
    window: int
    gsadf: float
    critical: tuple[float, float, float]
    by_chance: float
    episodes: list[Episode]


class Exuberance(Measured, frozen=True):
    """The exuberance of every listed price, read each so many `weeks`, of which there are enough; the largest
    first.
    """

    weeks: int
    assets: list[Exuberant]


class Gain(Answer, frozen=True):
    """A loop gain, its bounds as each assumption alone is moved, and the assumption that moves it most."""

    value: float
    low: float
    high: float
    most: str | None


class UpAndDown(Answer, frozen=True):
    """The gains of one actor's loop; None is unknown."""

    up: Gain | None
    down: Gain | None


class PlayerSwitch(Answer, frozen=True):
    """A player, what holds where it is `off`, and whether it has a part in the history at all."""

    player: str
    off: str
    plays: bool


class Estimated(Answer, frozen=True):
    """A figure with its 95 % interval, None where a single seed bounds nothing."""

    value: Number
    low: Number | None
    high: Number | None


class SharePlayed(Answer, frozen=True):
    """The part of a player, or the rest, of what was gained `over` chance, or over ranges too: a sum, and a
    part of one. The `share` is None where the interval of the whole holds nothing.
    """

    over: str
    player: str
    amount: Estimated
    share: Estimated | None


class CompanyParts(Answer, frozen=True):
    """Gains of one company, by player and rest: means over chance, which add up."""

    actor: str
    parts: dict[str, Money]


class PartsThen(Answer, frozen=True):
    """Gains of all listed companies up to a moment, by player and rest: means over chance."""

    moment: str
    parts: dict[str, Money]


class NotCounted(Answer, frozen=True):
    """A seed that did not come to an end in some company, and why; it counts nowhere."""

    seed: int
    error: str


class Simulacrum(Measured, frozen=True):
    """Gains of listed companies from `since` on, where they were together worth `value`, parted among
    narratives, the central bank, algorithms, output and the rest, over so many `seeds` and over ranges.
    `ends`: of recorded prices intervals hold both ends of what news leaves open.
    """

    since: str
    seeds: int
    over: list[RangeDrawn]
    ends: bool
    value: Money
    players: list[PlayerSwitch]
    shares: list[SharePlayed]
    actors: list[CompanyParts]
    over_time: list[PartsThen]
    failed: list[NotCounted]


class LoopGains(Measured, frozen=True):
    """Both loop gains of every actor that has a value."""

    actors: dict[str, UpAndDown]


class Pledged(Answer, frozen=True):
    """Collateral and what is owed on it, its loan-to-value, and leverage: collateral over what of it is not
    owed. `lent_anew` is the loan-to-value at which more would be lent. None is unknown, or nothing left.
    """

    collateral: Money
    owed: Money | None
    lent_anew: float | None
    loan_to_value: float | None
    leverage: float | None
    leverage_anew: float | None


class Pledging(Pledged, frozen=True, kw_only=True):
    """Everything that one actor has pledged."""

    actor: str


class PledgedThen(Answer, frozen=True):
    """All who pledge, at a moment."""

    moment: str
    owners: list[Pledging]


class Fallen(Answer, frozen=True):
    """The deepest fall of an asset while shares of it were pledged, in ln; the part of news that came on the
    way, that of trades, and that which nothing explains of quotes; the fall as a multiple of that of news,
    without the unexplained and with it (None: there is too little news); and all that its owners had pledged
    and owed before it and after.
    """

    asset: str
    since: str
    until: str
    fall: float
    news: float
    trades: float
    unexplained: float
    before: Pledged
    after: Pledged
    amplification: Span | None


class Marginal(Answer, frozen=True):
    """The buyer above whom everybody buys, from 0 to 1, the price, a part of the good payoff, and the
    leverage of buyers: the price over what one puts down of it.
    """

    buyer: float
    price: float
    leverage: float


class LeverageCycle(Answer, frozen=True):
    """The benchmark: two periods `alone` and `leveraged`, and three with a price before bad news and after,
    with what the first marginal buyer takes the asset to be worth. `fall` and `news` are parts that the price
    and that worth lose, `amplification` the one over the other in ln.
    """

    alone: Marginal
    leveraged: Marginal
    before: Marginal
    after: Marginal
    valued_before: float
    valued_after: float
    fall: float
    news: float
    amplification: float


class Leverage(Measured, frozen=True):
    """The leverage of all who pledge at the end of each month, the deepest fall of each pledged asset, and a
    benchmark whose asset pays 1 on good news and `payoff` on bad.
    """

    payoff: float
    benchmark: LeverageCycle
    over_time: list[PledgedThen]
    falls: list[Fallen]
