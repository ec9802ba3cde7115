"""Answers of ensembles: what many seeds say. Sums are in smallest units, as means are: not whole."""

from narrative.verbs.answers.base import Answer


class ArmLived(Answer, frozen=True):
    """One way in which every member was lived: its name, and the question of what it supposes."""

    arm: str
    question: str


class RangeDrawn(Answer, frozen=True):
    """A parameter that was drawn between two values."""

    parameter: str
    low: float
    high: float


class Level(Answer, frozen=True):
    """The mean of a `measure` (`of` an actor, where it is of one) over the members of an arm, with its 95 %
    interval `low` to `high`, None for one member, and the values `least` to `most` between which 95 % of them
    lie. `over` is "chance" (seeds alone) or "ranges" (seeds, and draws of parameters).
    """

    arm: str
    over: str
    measure: str
    of: str | None
    mean: float
    low: float | None
    high: float | None
    least: float
    most: float
    members: int


class EffectOf(Answer, frozen=True):
    """The mean `difference` that an arm makes to a `measure`, over pairs that share their chance, with its
    95 % interval `low` to `high`; 95 % of the pairs lie between `least` and `most`, and `same` of them do not
    differ at all. `base` is the mean without. `inside` says that the interval holds zero: inside chance.
    """

    arm: str
    over: str
    measure: str
    of: str | None
    base: float
    difference: float
    low: float | None
    high: float | None
    least: float
    most: float
    pairs: int
    same: int
    inside: bool


class MemberFailed(Answer, frozen=True):
    """A member that did not come to its end in an arm, and why; it counts nowhere."""

    seed: int
    draw: int
    arm: str
    error: str


class Chance(Answer, frozen=True):
    """Effects of a branch beside chance, over so many paired `seeds` lived `until` a moment: its effects, and
    the members that failed. `money` names the measures that are sums, in `currency` of so many `digits`;
    `private` the actors that stood at their last round when it was cut.
    """

    seeds: int
    until: str
    money: list[str]
    private: list[str]
    currency: str
    digits: int
    effects: list[EffectOf]
    failed: list[MemberFailed]


class Ensemble(Answer, frozen=True):
    """Many tails of a history from one cut: after its `position`, at the moment `at`, each lived `until` that
    moment. There are so many `members`, each lived in every arm; `events` counts those of all. `money`
    names the measures that are sums, in `currency` of so many `digits`; `private` the actors that stood at
    their last round at the cut, which only another round moves; `output` is the folder of Parquet files,
    `kept` the branch that a member was made.
    """

    story: str
    branch: str
    position: int
    at: str
    until: str
    seeds: int
    members: int
    events: int
    arms: list[ArmLived]
    over: list[RangeDrawn]
    money: list[str]
    private: list[str]
    levels: list[Level]
    effects: list[EffectOf]
    failed: list[MemberFailed]
    output: str | None
    kept: str | None
    currency: str
    digits: int
