"""Answers of the verbs that weigh. Money is whole smallest units, moments are ISO texts."""

from narrative.verbs.answers.base import UNSET, Answer, Money, UnsetType
from narrative.verbs.answers.looking import EventBrief


class Step(Answer, frozen=True):
    """A step of the story's circle, in words: events are matched with it by kind and parties, and what its
    words say of values is not tested.
    """

    step: int
    text: str


class Booked(Answer, frozen=True):
    """An amount an event added to an account: smallest units, or shares of stake, warrants and pledged."""

    account: str
    key: str
    amount: int


class StepTaken(Answer, frozen=True):
    """A step of a turn, and the event that took it. `bond` is start, cause, party or earlier (out of order);
    `rung` is announced, committed, paid or delivered, and None with `amount` where no sum of money moved;
    `paid` says whether its money moved or its goods came.
    """

    step: int
    text: str
    bond: str
    position: int
    moment: str
    kind: str
    origin: str
    actor: str
    parties: list[str]
    rung: str | None
    amount: Money | None
    paid: bool
    headline: str
    books: list[Booked]


class Turned(Answer, frozen=True):
    """One turn of the circle: `whole` where nothing is `missing` and each step is tied to one before it, by a
    cause or by a link that a source draws; `in_order` where each only came after the one before.
    """

    turn: int
    whole: bool
    in_order: bool
    in_cash: bool
    missing: list[Step]
    steps: list[StepTaken]


class Gains(Answer, frozen=True):
    """Loop gains of an actor: `up`, in announced dollars that an announced dollar brings (`gained` of value,
    times `financed`, times `committed`); `down`, the part of a small fall that forced sales bring back,
    with `pledged` the part of all shares that is pledged. `amplification` is how often a fall is felt in the
    end, None where it is without bound (`runaway`). None is unknown.
    """

    gained: float | None
    financed: float | None
    committed: float | None
    up: float | None
    pledged: float | None
    down: float | None
    amplification: float | None
    runaway: bool


class Loop(Answer, frozen=True):
    """The turns of a story's circle up to a position: how many are `whole`, `in_order` and `in_cash`; and the
    loop gains by actor.
    """

    story: str
    branch: str
    position: int
    moment: str
    currency: str
    digits: int
    circle: list[Step]
    turns: list[Turned]
    gains: dict[str, Gains]
    whole: int
    in_order: int
    in_cash: int


class Transactions(Answer, frozen=True):
    """A row of transactions: what each sector got, below zero what it gave. Those of which nothing is to be
    said are left out; the cells sum to zero.
    """

    row: str
    cells: dict[str, Money]


class Balance(Answer, frozen=True):
    """A sector's `cash`, `loans` or `shares` before and after a span, below zero where it owes them: the
    opening, what transactions and what revaluation added, and the closing. Each claim sums to zero.
    """

    claim: str
    sector: str
    opening: Money
    flows: Money
    revaluation: Money
    closing: Money


class Sectors(Answer, frozen=True):
    """The transactions of a span and the balances at its ends; `sectors` gives the actors of each. Cash of
    those in `cash_unknown` is what the log moved, their opening balance being unknown.
    """

    story: str
    branch: str
    since: str
    until: str
    currency: str
    digits: int
    by: str
    sectors: dict[str, list[str]]
    transactions: list[Transactions]
    balances: list[Balance]
    cash_unknown: list[str]


class Exposure(Answer, frozen=True):
    """A sum that a holder loses at most if a debtor fails: a `loan` or a `stake` at the day's value (paid),
    an `order` that the debtor is to pay (committed), a `promise` or a `guarantee` (announced).
    """

    debtor: str
    holder: str
    kind: str
    rung: str
    amount: Money


class LossOf(Answer, frozen=True):
    """A holder's loss if an actor fails, and the way by which most of it comes: by loans and stakes alone
    (`low`), and with open orders too (`high`).
    """

    actor: str
    low: Money
    high: Money
    path: list[str]


class Failing(Answer, frozen=True):
    """An actor taken to fail alone: the part of everybody's buffers that others lose (DebtRank), by loans and
    stakes alone (`low`), and with open orders too (`high`); and whose.
    """

    actor: str
    low: float
    high: float
    losses: list[LossOf]


class LossTaken(Answer, frozen=True):
    """A loss that a holder has taken on another, and the positions of the events that brought it about."""

    actor: str
    of: str
    amount: Money
    path: list[int]


class Pair(Answer, frozen=True):
    """An exposure, as in Exposure, at the cut (`before`), and later `without` the shock and `after` it."""

    debtor: str
    holder: str
    kind: str
    rung: str
    before: Money
    without: Money
    after: Money


class Hurt(Answer, frozen=True):
    """An actor's worth at the cut (`before`), and later `without` the shock and `after` it: its value, or of
    one without a value what it holds less what it owes, None where that is unknown. `lost` is what it is
    worth less by the shock, below zero where it gained; `way` leads from the shock to the gravest thing that
    befell it, and is empty where no single event did. Where no cause leads there from the shock (`tied`), it
    has that thing alone; where nothing came, `missed` is the round, of the life without, that is not made.
    """

    actor: str
    before: Money | None
    without: Money | None
    after: Money | None
    lost: Money
    way: list[EventBrief]
    tied: bool
    missed: EventBrief | None


class Shaken(Answer, frozen=True):
    """A history cut at a position and lived on to `until` with a shock and without, on the same chance: the
    exposures, and who lost most. Positions after the cut are those of the life with the shock.
    """

    question: str
    at: str
    position: int
    until: str
    pairs: list[Pair]
    losses: list[Hurt]


class Exposed(Answer, frozen=True):
    """Exposures at a moment. `buffers`: what each actor can lose before it fails, its market value or its
    claims less its debts. `counted_twice` is the part of all companies' `value` that is their stakes in each
    other. `shaken` is there where a shock was asked for, and the moment is then that of the cut.
    """

    story: str
    branch: str
    position: int
    moment: str
    currency: str
    digits: int
    exposures: list[Exposure]
    buffers: dict[str, Money]
    failing: list[Failing]
    value: Money
    counted_twice: Money
    written_down: list[LossTaken]
    shaken: Shaken | UnsetType = UNSET


class Estimate(Answer, frozen=True):
    """A figure, and the middle 95 % of what it is where days are drawn anew. None is too little to say."""

    value: float | None
    low: float | None
    high: float | None


class Measures(Answer, frozen=True):
    """Steps beside moves: `sign`, the part that goes the same way; `rank`, Spearman's correlation; `error`,
    the mean absolute error in ln, and that of `no_reaction`, of a `constant` step by sign as large as the
    model's are on average, and of the `amount` over the value. `over_none`, `over_constant` and
    `over_amount`: by how much the model's error is less than theirs.
    """

    sign: Estimate
    rank: Estimate
    error: Estimate
    no_reaction: Estimate
    constant: Estimate
    amount: Estimate
    over_none: Estimate
    over_constant: Estimate
    over_amount: Estimate


class Reaction(Answer, frozen=True):
    """The news of an asset between the quotes at `since` and `moment`, in ln: the model's `step`, the
    `move` of the price, the `market` part of it, and the step by `amount` over value. `miss` is what the
    step leaves of the move beyond the market; `headline` is of the entry with the largest step.
    """

    asset: str
    entries: list[str]
    headline: str
    since: str
    moment: str
    step: float
    move: float
    market: float
    amount: float
    miss: float


class Scored(Answer, frozen=True):
    """Told steps beside moves as they are (`raw`): so many `cases` of `assets`, by `entries` on `days`. So
    many more were left out, since parameters were `fitted` on their entries; `reactions` has every case,
    largest miss first.
    """

    cases: int
    fitted: int
    entries: int
    assets: int
    days: int
    raw: Measures
    reactions: list[Reaction]


class Score(Scored, frozen=True):
    """How well what is told in a story foretells its recorded prices up to `until`, where the record ends;
    null, and no cases, where nothing is quoted. `adjusted` is less the market's part of moves. `observed` is
    the same beside what was observed of markets and is no record, if anything was, where no such part is
    known. Intervals come of so many `draws`.
    """

    story: str
    until: str | None
    draws: int
    adjusted: Measures
    observed: Scored | None


class FitPart(Answer, frozen=True):
    """A part of a record: spans between two quotes of an asset, how many of them have told news in them, and
    the weeks and assets they are of.
    """

    spans: int
    told: int
    weeks: int
    assets: int


class FittedNumber(Answer, frozen=True):
    """A parameter as the story has it and as it was fitted, with the middle 95 % of what it is where weeks
    are drawn anew, and its declared range. `at_end`: that range cut it off. "told steps" is no parameter: all
    of them are taken times so much.
    """

    parameter: str
    written: float
    fitted: float
    low: float | None
    high: float | None
    least: float | None
    most: float | None
    at_end: bool


class FitErrors(Answer, frozen=True):
    """Mean absolute errors of moves in ln: of the fit, of the story's own values (`written`), of the fit
    without any reaction to news, and of prices that stand still; and by how much that of the fit is less.
    """

    fitted: Estimate
    written: Estimate
    no_reaction: Estimate
    still: Estimate
    over_written: Estimate
    over_none: Estimate
    over_still: Estimate


class Fit(Answer, frozen=True):
    """Reading parameters of a story by a `method`, estimated on its record up to `until` (`training`), and
    how they do on the `rest`: over `all` its spans, and over those with told news in them. `better` says
    whether there the fit errs surely less, or surely more, than no reaction to news; null if neither.
    """

    story: str
    method: str
    source: str
    until: str
    record: str
    training: FitPart
    rest: FitPart
    refits: int
    draws: int
    parameters: list[FittedNumber]
    all: FitErrors
    told: FitErrors
    better: bool | None
