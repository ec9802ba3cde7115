"""Answers of the verbs that weigh. Money is whole smallest units, moments are ISO texts."""

from narrative.verbs.answers.base import Answer, Money


class Step(Answer, frozen=True):
    """A step of the story's circle, in words."""

    step: int
    text: str


class Booked(Answer, frozen=True):
    """What an event added to an account: smallest units, or shares of stake, warrants and pledged."""

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
    headline: str | None
    books: list[Booked]


class Turned(Answer, frozen=True):
    """One turn of the circle, whole where nothing is `missing`."""

    turn: int
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
