"""Answers of the verbs that look at a history. Money is whole smallest units, moments are ISO texts in the
story's calendar, None is unknown and never zero.
"""

from typing import Any

from narrative.verbs.answers.base import UNSET, Answer, Collapse, Money, Number, UnsetType
from narrative.verbs.answers.ensembles import Chance


class Rungs(Answer, frozen=True):
    """Totals of the four rungs, which are never added to one another."""

    announced: Money
    committed: Money
    paid: Money
    delivered: Money


class PastPlan(Answer, frozen=True):
    """A plan whose time (`since` to `until`, days) is over: the event that says so, its entry, and `ceiling`,
    what stood of it then; `spent`, the capital spending that was reported of so many `quarters` of it
    (`quarters_of`: how many it has), None where that is unknown or the plan is not one of the actor's own.
    """

    position: int
    actor: str
    entry: str
    headline: str
    ceiling: Money
    since: str | None
    until: str
    spent: Money | None
    quarters: int | None
    quarters_of: int | None


class Rise(Answer, frozen=True):
    """Value gained by listed actors since the opening, and how much (`share`: which part) of it is belief."""

    gained: Money
    belief: Money
    share: float | None


class RiseShares(Answer, frozen=True):
    """Into what moves of quoted companies are split, as parts of one that add up; None where none moved.
    `own_with` and `own_against` add up to `own`: of companies that it moved the same way, and the other way.
    """

    told: float | None
    flow: float | None
    policy: float | None
    liquidity: float | None
    market: float | None
    sector: float | None
    own: float | None
    own_with: float | None
    own_against: float | None


class RecordedRise(Answer, frozen=True):
    """The moves of quoted companies since the opening, at constant shares: what the `lifted` ones gained and
    the `lowered` ones lost, and apart from both what shares issued since are worth.
    """

    gained: Money
    lost: Money
    issued: Money
    lifted: int
    lowered: int
    shares: RiseShares
    shares_lost: RiseShares


class ValueParts(Answer, frozen=True):
    """The parts of ln(value) of a quoted company, in whole 1e-9 ln, which add up to it: `told` when it was
    read, of which `faded` has gone (below zero); `market`, `sector` and `own` are what news leaves open.
    """

    opening: int
    told: int
    faded: int
    flow: int
    policy: int
    liquidity: int
    market: int
    sector: int
    own: int
    issued: int


class StepSeen(Answer, frozen=True):
    """A step of the circle with the positions of the events that show it, by origin. `state` is the first
    origin that has any, or missing.
    """

    step: int
    text: str
    state: str
    recorded: list[int]
    modelled: list[int]
    supposed: list[int]


class SpanRead(Answer, frozen=True):
    """The least and the greatest part of a value (1 is the whole) that is belief by one definition, and what
    gives each. Below zero, results outran the price.
    """

    low: float
    high: float
    by: list[str]


class ClaimRead(Answer, frozen=True):
    """The verdict on "expectations rose, and not output" (holds, fails or undecided) at the highest value
    quoted so far (`top`, on `day`): the least and the greatest part of the rise, in ln, that revenue and
    operating income did not make, as reported then and a year later.
    """

    verdict: str
    top: Money
    day: str
    low: float
    high: float


class BeliefSpans(Answer, frozen=True):
    """Belief by its definitions: announced and not yet delivered, above paid results, growth not yet earned;
    and the claim about its rise. Each is None where what it needs is unknown. `break_even`: the rise is
    unsupported by revenue only if more than this part of the growth of revenue is circular; None where
    the price outran it, or it did not grow.
    """

    announced: SpanRead | None
    above_results: SpanRead | None
    growth: SpanRead | None
    claim: ClaimRead | None
    break_even: float | None


class ReportedLast(Answer, frozen=True):
    """The result that a company published last: the end of its quarter, the day, what four quarters add up to
    (None where one is not on file), and the backlog it named.
    """

    period: str
    published: str
    revenue: Money | None
    operating: Money | None
    net: Money | None
    backlog: Money | None
    source: str


class Within(Answer, frozen=True):
    """A span: its least and its greatest, as parts of one."""

    low: float
    high: float


class Backed(Answer, frozen=True):
    """The part of a collateral that rests on belief, by two definitions; None where it is unknown."""

    announced: Within | None
    above_results: Within | None


class ActorRead(Answer, frozen=True):
    """An actor at a moment. Money in smallest units, `belief` in ln, `belief_share` and `loan_to_value` as
    parts of one; `recorded` is the last close on record times the shares then, on the day `recorded_on`, and
    `parts` are those of the value of a quoted company; `observed` is the last market value that was observed,
    on the day `observed_on`, so many whole days before (`observed_age`), and is no record; `valuation_then`
    the first that is known, and `sparkline` the valuation at evenly spaced moments since the opening.
    `belief_spans`: belief by definitions that do not rest on the
    model; `reported`: the last result; `raised` by shares, `invested` in others and `received` in payments.
    """

    name: str
    valuation: Money | None
    belief: float | None
    belief_share: float | None
    collateral: Money | None
    loan_to_value: float | None
    cash: Money | None
    debt: Money | None
    backlog: Money
    announced: Money
    committed: Money
    paid: Money
    delivered: Money
    observed: Money | None
    observed_on: str | None
    observed_age: int | None
    recorded: Money | None
    recorded_on: str | None
    parts: ValueParts | None
    valuation_then: Money | None
    sparkline: list[Money | None]
    belief_spans: BeliefSpans
    reported: ReportedLast | None
    raised: Money
    invested: Money
    received: Money


class Pledge(Answer, frozen=True):
    """The shares an actor has pledged, of which companies, their worth and how much of that is belief
    (`belief_backed` in the model's own terms, `backed` by definitions); the
    loan on them, the loan-to-value at which it is called, and how far the price may fall before it is, in ln.
    Of a loan that nobody knows, on which no call is on record: the `least` that the shares were worth at a
    close, the day, and below what the loan was then if it is called at `called_at`.
    """

    actor: str
    of: list[str]
    collateral: Money
    belief_backed: Money | None
    backed: Backed
    loan_to_value: float | None
    called_at: float | None
    distance: float | None
    least: Money | None
    least_on: str | None
    loan_below: Money | None


class Repriced(Answer, frozen=True):
    """A repricing: its `step`, how far the price on record went from the close before its news to the one
    after, what was observed that day and the error, as parts of one; `fitted` where a parameter was fitted on
    it; the position of its cause and what that said.
    """

    position: int
    moment: str
    asset: str
    step: float
    recorded: float | None
    observed: float | None
    error: float | None
    fitted: bool
    cause: int
    headline: str


class Assumption(Answer, frozen=True):
    """Something weak that figures rest on: a guessed parameter with its range, and how far it moves the value
    at the end where that was doubted (`swing`, in smallest units); or how many balances or facts are weak and
    which.
    """

    what: str
    value: Number | UnsetType = UNSET
    low: Number | UnsetType = UNSET
    high: Number | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    confidence: str | UnsetType = UNSET
    source: str | UnsetType = UNSET
    swing: float | UnsetType | None = UNSET
    count: int | UnsetType = UNSET
    which: list[str] | UnsetType = UNSET


class Seen(Answer, frozen=True):
    """The last observation of a `kind` of an actor: an `amount` in smallest units, or a `value` in the unit
    that its kind says; the day it is of, and its `age` in whole days.
    """

    actor: str
    name: str
    kind: str
    amount: Money | None
    value: Number | None
    on: str
    age: int
    source: str


class Replayed(Answer, frozen=True):
    """A history folded to one moment. `recorded`, `modelled` and `supposed` count its events by origin;
    `observed_until` is the day of the last observed market value, `observed_missing` says that observations
    were not found where they were looked for, and `seen` are the last of those that judge no reading;
    `meant` the moment up to which a run that was cut short was to go, else None; actors stand by id; `end`
    says of a branch of recorded prices which end of what news does not explain it is; `collapse` is None
    where the story does not define it in figures.
    """

    story: str
    title: str
    question: str
    edition: str
    currency: str
    digits: int
    branch: str
    end: str | None
    db: str
    position: int
    moment: str
    digest: str
    events: int
    recorded: int
    modelled: int
    supposed: int
    observed_until: str | None
    observed_missing: str | None
    seen: list[Seen]
    meant: str | None
    rungs: Rungs
    usual: Money
    past: list[PastPlan]
    belief: Rise
    rise: RecordedRise | None
    circle: list[StepSeen]
    actors: dict[str, ActorRead]
    pledged: list[Pledge]
    repricings: list[Repriced]
    assumptions: list[Assumption]
    assumptions_by: str
    collapse: Collapse | None


class LoggedEvent(Answer, frozen=True):
    """An event. `causes` are positions, `fact` is plain data as the `facts` of `narrative schema` say,
    `digest` is hexadecimal, of the history up to this event, `rank` is of its source (filing, company,
    agency, aggregator, memory, other), None where nobody told it.
    """

    position: int
    moment: str
    kind: str
    origin: str
    actor: str
    causes: list[int]
    fact: dict[str, Any]
    digest: str
    rank: str | None


class BranchListed(Answer, frozen=True):
    """A branch: forked off `parent` after `fork_position` (None for main), to ask `question`; how many events
    it holds through its parents, and up to which moment it was lived, or was `meant` to be where its run was
    cut short (else None); which `end` of what news does not explain it is, in words (None where no prices are
    on record).
    """

    branch: str
    parent: str | None
    fork_position: int | None
    question: str
    events: int
    until: str | None
    meant: str | None
    digest: str
    end: str | None


class EventBrief(Answer, frozen=True):
    """An event in a line; `gist` says in words what it is."""

    position: int
    moment: str
    kind: str
    origin: str
    actor: str
    gist: str


class FieldShown(Answer, frozen=True):
    """A field of a fact, or of how it was told: as it is kept, and as it is written for people."""

    field: str
    value: Any
    written: str


class PostingShown(Answer, frozen=True):
    """An amount an event adds to an account, or `sets` it to, in its unit and written for people."""

    account: str
    key: str
    amount: int
    sets: bool
    written: str


class AccountShown(Answer, frozen=True):
    """An account before and after an event, in its unit and written for people. None: nothing was posted."""

    account: str
    key: str
    before: Number | None
    after: Number | None
    written: list[str]


class Shown(Answer, frozen=True):
    """One event whole: its fact field by field, the events it rests on, those that rest on it, and what it
    moved.
    """

    branch: str
    currency: str
    digits: int
    position: int
    moment: str
    kind: str
    origin: str
    actor: str
    causes: list[int]
    fact: dict[str, Any]
    digest: str
    rank: str | None
    gist: str
    fields: list[FieldShown]
    because: list[EventBrief]
    effects: list[EventBrief]
    postings: list[PostingShown]
    accounts: list[AccountShown]


class EventDiffering(Answer, frozen=True):
    """The first event that one history has for itself."""

    position: int
    moment: str
    kind: str
    origin: str
    actor: str
    headline: str | None


class ReadingDiffering(Answer, frozen=True):
    """A reading that two histories do not share, in the unit of `replay`."""

    actor: str
    reading: str
    A: Number | None
    B: Number | None


class Diff(Answer, frozen=True):
    """The differences of two histories: the last position and moment they share (0 and None where they share
    nothing), the first event of each after that, how many events each has alone by kind, and the readings
    that differ `at` their common end. `residuals`: where prices are recorded, how much of what news does not
    explain each keeps.
    """

    A: str
    B: str
    currency: str
    digits: int
    common: int
    moment: str | None
    first: dict[str, EventDiffering | None]
    only: dict[str, dict[str, int]]
    at: str
    readings: list[ReadingDiffering]
    residuals: list[dict[str, float] | None] | UnsetType = UNSET


class Compared(Answer, frozen=True):
    """A reading of an actor in several histories: its value at the end of each, the widest gap to the first
    with its day and as a part of what the first had then (None where that was nothing), the day on which
    they part, and the series at the `moments` of the comparison.
    """

    actor: str
    reading: str
    end: list[Number | None]
    gap: Number | None
    gap_part: float | None
    gap_on: str | None
    parted_on: str
    series: list[list[Number | None]]


class Comparison(Answer, frozen=True):
    """Histories on one time axis, as ``file@branch``; `rows` are the readings that ever differ from the
    first; `collapses`, how each stands to the story's definition of collapse, None where it has none in
    figures. `unmoved` says of each history but the first why it differs from that in nothing, where it
    does. `residuals`: where prices are recorded, how much of what news does not explain each keeps, and
    `recorded`, to which day each goes through closes on record, None of one whose prices are others.
    `chance`: where seeds were asked for, what the second does beside chance.
    """

    currency: str
    digits: int
    branches: list[str]
    common: int
    since: str
    until: str
    moments: list[str]
    rows: list[Compared]
    collapses: list[Collapse | None]
    unmoved: list[str | None]
    residuals: list[dict[str, float] | None] | UnsetType = UNSET
    recorded: list[str | None] | UnsetType = UNSET
    chance: Chance | UnsetType = UNSET
