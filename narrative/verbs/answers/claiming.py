"""The answer of `claims`. Moments are ISO texts; figures are parts of one with 95 % intervals."""

from narrative.verbs.answers.base import Answer
from narrative.verbs.answers.ensembles import MemberFailed


class Bounded(Answer, frozen=True):
    """A figure bounded by one thing. `over` is chance (its mean over `of` seeds with the values in force,
    95 %), ranges (the means of `of` draws over ranges of assumptions, and where 95 % of further ones lie),
    figures (of so many companies, from the least to the most that is on file), deals (as a part of so many)
    or as lived (where nothing is left to chance). `end` is kept or gone, by what news leaves open of recorded
    prices; empty where none are.
    """

    over: str
    end: str
    of: int
    value: float
    low: float | None
    high: float | None


class Figured(Answer, frozen=True):
    """A figure with the interval that holds all its `bounds`. An end is None where nothing bounds it, as of
    a single seed.
    """

    value: float
    low: float | None
    high: float | None
    bounds: list[Bounded]


class Judged(Answer, frozen=True):
    """A claim and its `verdict`: holds, fails, undecided (an interval straddles), untested (the history lacks
    what it takes) or refuted as worded (the books settle it). `switch` is the prepared what-if that takes
    away what it is about, None where the measure alone decides; `fails_if` says what would speak against it;
    `said` is one plain sentence, `command` gives the `figure` again, and `branch` makes one of the branches
    behind it, or shows its parts; None of what is untested.
    """

    id: str
    claim: str
    shown_by: str
    switch: str | None
    fails_if: str
    verdict: str
    figure: Figured | None
    said: str
    command: str
    branch: str | None


class Claims(Answer, frozen=True):
    """Claims about such manias, judged by a history over `seeds` from the `first` on, and over `draws` of
    `ranges` parameters, `each` by so many of the seeds; shocks come at `at`, and all is lived `until` a day.
    `cast` is who plays in it; `ends` says whether both ends of what news leaves open of recorded prices were
    lived; `beside` is the history it was held against; `failed` are members that count nowhere; `kept`
    says whether it stands beside the history now, as that on all claims does.
    """

    story: str
    branch: str
    cast: str
    seeds: int
    first: int
    draws: int
    each: int
    ranges: int
    at: str
    until: str
    ends: bool
    beside: str | None
    claims: list[Judged]
    failed: list[MemberFailed]
    kept: bool
