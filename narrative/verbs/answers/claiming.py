"""The answer of `claims`. Moments are ISO texts; figures are parts of one with 95 % intervals."""

from narrative.verbs.answers.base import Answer


class Figured(Answer, frozen=True):
    """A figure with its interval over chance; of recorded prices it holds both ends of the residual. An end
    is None where nothing bounds it, as of a single seed.
    """

    value: float | None
    low: float | None
    high: float | None


class Judged(Answer, frozen=True):
    """A claim and its `verdict`: holds, fails, undecided (an interval straddles), untested (the history lacks
    what it takes) or refuted as worded (the books settle it). `switch` is the prepared what-if that takes
    away what it is about, None where the measure alone decides; `fails_if` says what would speak against it;
    `said` is one plain sentence, and `command` shows the `figure` or the branch behind it.
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


class Unfinished(Answer, frozen=True):
    """A seed that did not come to an end in some arm or under some shock, and why; it counts nowhere."""

    seed: int
    error: str


class Claims(Answer, frozen=True):
    """Claims about such manias, judged by a history over `seeds`; shocks come at `at`. `cast` is who
    plays in it; `ends` says whether both ends of what news leaves open of recorded prices were lived;
    `failed` are seeds that count nowhere.
    """

    story: str
    branch: str
    cast: str
    seeds: int
    at: str
    ends: bool
    claims: list[Judged]
    failed: list[Unfinished]
