"""Answers of `why`: the tree of an event's causes or effects, or the parts of a figure."""

from narrative.prose import notebook
from narrative.verbs.answers.base import Answer, Money, Number
from narrative.verbs.answers.looking import EventBrief


class Link(Answer, frozen=True):
    """A line of a tree: an event so many steps from the root, `again` where it is told elsewhere in the tree,
    and how many `more` hang on it where the tree was cut. `priced` where a price ties it to the line that it
    hangs on: the one answers the price, and the other moved it.
    """

    depth: int
    again: bool
    more: int
    priced: bool
    position: int
    moment: str
    kind: str
    origin: str
    actor: str
    gist: str


class Causes(Answer, frozen=True):
    """The causes of an event, or its effects, as `direction` says, in the order of a printed tree."""

    branch: str
    position: int
    direction: str
    tree: list[Link]

    def _repr_html_(self) -> str:
        return notebook.of_causes(self.plain())


class Posting(Answer, frozen=True):
    """An amount posted to an account, in the account's unit."""

    account: str
    key: str
    amount: int


class News(EventBrief, frozen=True):
    """The event that a posting goes back to, with where it was told, how sure it is and the rank of its
    source; None where nobody told it.
    """

    source: str | None
    url: str | None
    confidence: str | None
    rank: str | None


class Priced(Answer, frozen=True):
    """Shares pledged, and the price of one in smallest units."""

    asset: str
    shares: int
    price: float | None


class Part(EventBrief, frozen=True):
    """The part of a figure that one event adds. `role` is opening, base, step or faded; `amount` is in
    smallest units, or in 1e-9 where the figure's unit is ln or share; `share` is its part of the total, `ln`
    in 1e-9.
    """

    role: str
    amount: int
    share: float | None
    ln: int | None
    postings: list[Posting]
    behind: News
    priced: list[Priced]


class Others(Answer, frozen=True):
    """Parts that are not listed, summed up."""

    count: int
    amount: int
    share: float | None
    ln: int | None


class NamedPart(Answer, frozen=True):
    """A part of a quoted company's value: its 1e-9 ln, what it adds where parts are taken in the order of
    attribution and where they are taken in `reverse`, and its part of the whole.
    """

    part: str
    ln: int
    amount: Money
    reverse: Money
    share: float | None


class Figure(Answer, frozen=True):
    """A reading and its parts, largest first; parts, others and residual add up to `total`. `unit` is money,
    ln or share; `value` is the reading in the unit of `replay`, and where it is None `unknown` says why.
    `recorded` is the last close on record times the shares then, and `named` are the parts of a value that
    quotes anchor, by name; `observed` is the market value that was observed last, `observed_missing` says
    that observations were not found; `over` the collateral under a loan-to-value.
    """

    branch: str
    position: int
    moment: str
    currency: str
    digits: int
    actor: str
    name: str
    reading: str
    unit: str
    value: Number | None
    unknown: str | None
    recorded: Money | None
    recorded_on: str | None
    named: list[NamedPart]
    observed: Money | None
    observed_on: str | None
    observed_missing: str | None
    observed_source: str | None
    over: Money | None
    total: int | None
    ln: int | None
    parts: list[Part]
    others: Others
    residual: int
    residual_ln: int

    def _repr_html_(self) -> str:
        return notebook.of_figure(self.plain())
