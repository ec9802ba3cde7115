"""Answers of `measure`, a type a measure. Money is whole smallest units, shares are parts of one, moments are
ISO texts; None is unknown, or a part of nothing.
"""

from narrative.verbs.answers.base import Answer, Money


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
