"""Answers of `doubt`: what a figure hangs on. Sums are in smallest units, as means are: not whole."""

from narrative.verbs.answers.base import UNSET, Answer, UnsetType


class Doubted(Answer, frozen=True):
    """A parameter between the ends of its declared range. By tornado, the figure `at_low` and `at_high` while
    all else is as it is, the larger of its distances from there (`swing`), and whether its sign `flips`; of
    a claim, the verdicts that its mean leans to there, and whether either `flips` the one as it is. By
    Morris, the mean absolute step (`steps`) with its 95 % reach, and its `spread`. By Sobol, the part of the
    variance that it makes alone (`first`) and with others (`whole`), each with its 95 % reach.
    """

    parameter: str
    low: float
    high: float
    at_low: float | UnsetType = UNSET
    at_high: float | UnsetType = UNSET
    swing: float | UnsetType = UNSET
    flips: bool | UnsetType = UNSET
    verdict_low: str | UnsetType = UNSET
    verdict_high: str | UnsetType = UNSET
    steps: float | UnsetType = UNSET
    steps_reach: float | UnsetType = UNSET
    spread: float | UnsetType = UNSET
    first: float | UnsetType = UNSET
    first_reach: float | UnsetType = UNSET
    whole: float | UnsetType = UNSET
    whole_reach: float | UnsetType = UNSET


class Doubt(Answer, frozen=True):
    """A `measure` at the end of tails from a cut at `at` lived `until` a moment, or, where a `question` is
    asked, the mean effect of what it supposes over so many `seeds`: `central` with the values in force, and
    the `parameters` that move it, most first. Of a claim it is the figure, its `verdict` the one that its
    mean alone leans to, and `question` its words. Where `money` is true it is in `currency` of so many
    `digits`.
    """

    story: str
    branch: str
    at: str
    until: str
    question: str
    measure: str
    money: bool
    method: str
    seeds: int
    central: float
    verdict: str | None
    parameters: list[Doubted]
    currency: str
    digits: int
