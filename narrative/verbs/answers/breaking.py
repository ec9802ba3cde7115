"""The answer of `fragility`. Moments are ISO texts, parts are of one, sizes in the unit of their shock."""

from narrative.verbs.answers.base import Answer, Number


class Part(Answer, frozen=True):
    """A part of all seeds, or of all sizes, with its 95 % interval."""

    value: float
    low: float
    high: float


class Bounded(Answer, frozen=True):
    """A mean over seeds with its 95 % interval, which a single seed does not have."""

    value: float
    low: float | None
    high: float | None


class SizeAt(Answer, frozen=True):
    """The size at which a `part` of seeds breaks, with its 95 % interval by order statistics; None lies
    beyond the largest size that was tried.
    """

    part: float
    value: Number | None
    low: Number | None
    high: Number | None


class AtSize(Answer, frozen=True):
    """The part of seeds that break at a size or below, with a band that holds at all sizes at once."""

    size: Number
    value: float
    low: float
    high: float


class Way(Answer, frozen=True):
    """The size at which a seed breaks on the way `up`, and that down to which the shock must be taken back
    for all to come back; None where taking it back whole does not do.
    """

    up: Number
    down: Number | None


class Broken(Answer, frozen=True):
    """How much of a kind of shock a history stands, over seeds.

    It was tried up to `most`; up to `plausible` it could well happen, as its story says (`stated`) or as is
    usual. `sizes` are the least ones that break,
    by seed, None where none does and 0 where it breaks by itself; `broke` counts those that do, `by_default`
    where somebody fails, `by_own_size` where at least half of the fall that counts as a collapse is the shock
    itself, of which `own` is the median; `beyond` is the part that breaks otherwise. `curve` is the
    distribution, `at_plausible` its value there; `basin` the part of plausible sizes, all alike likely, that
    break nothing. Of `looked` seeds, `not_monotone` had a larger shock that broke less; of `looked_back`,
    `stayed_broken` after the shock was taken back whole; `ways` has the sizes up and down of each, and `gap`
    is the median of what lies between, at the least that of those that stay broken. `fall` is the median of
    the deepest falls where nothing broke, beside `fall_needed`; `nearest` from whom the shock then took the
    largest part of what it is worth at the end without it, None where from nobody. `metastable` is whether
    hardly any breaks by itself and nearly all do at some size, by more than the shock's own size.
    """

    kind: str
    unit: str
    most: Number
    plausible: Number
    stated: bool
    sizes: list[Number | None]
    broke: int
    by_default: int
    by_own_size: int
    beyond: Part
    own: float | None
    quantiles: list[SizeAt]
    curve: list[AtSize]
    at_plausible: Part
    basin: Part
    looked: int
    not_monotone: int
    looked_back: int
    stayed_broken: int
    ways: list[Way]
    gap: Number | None
    fall: float | None
    fall_needed: float | None
    nearest: str | None
    metastable: bool


class Place(Answer, frozen=True):
    """A cell of the map of dates and shocks: the median of least sizes, None beyond those tried, and the part
    of seeds that break at what is `plausible`. Most that break do so by their `own` size, or not; others fall
    so far (`fall`, the median of the deepest).
    """

    at: str
    kind: str
    unit: str
    plausible: Number
    median: Number | None
    at_plausible: float
    own: bool
    fall: float | None


class LinkCost(Answer, frozen=True):
    """A link broken just after a moment: its `total` cost as a part of what is listed, what `others` than its
    two ends lose of it, and the `excess` of that over falls of those two alone by as much.
    """

    link: str
    total: Bounded
    others: Bounded
    excess: Bounded


class SeedFailed(Answer, frozen=True):
    """A seed of which nothing came at a date (`at`), and why; it counts nowhere."""

    at: str
    seed: int
    error: str


class Fragility(Answer, frozen=True):
    """How large a shock breaks a history at a moment (`at`), by its story's `definition`, over seeds, up to
    `until`: the part that breaks `unshocked`, and each kind of shock. `refused` says of other kinds why the
    story cannot have them; `links` has the costliest first, where they were asked for. `map` has a cell a
    date and shock, of all dates that were asked for but those by which it has collapsed (`fallen`), and
    `failed` their seeds that did not come to an end; `output` is the folder that holds each seed.
    """

    story: str
    branch: str
    at: str
    until: str
    definition: str
    seeds: int
    unshocked: Part
    shocks: list[Broken]
    refused: dict[str, str]
    links: list[LinkCost]
    map: list[Place]
    fallen: list[str]
    failed: list[SeedFailed]
    output: str | None
