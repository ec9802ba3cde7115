"""Answers of the verbs that hand on. Paths are as they were given, digests hexadecimal."""

import msgspec

from narrative.verbs.answers.base import Answer


class PageBranch(Answer, frozen=True):
    """A history on a page: its database, how many events it holds, and their digest."""

    branch: str
    db: str
    events: int
    digest: str


class Page(Answer, frozen=True):
    """The HTML file that was written, its size in `bytes`, and the histories on it; `events` and `digest` are
    of the first.
    """

    page: str
    bytes: int
    story: str
    events: int
    digest: str
    branches: list[PageBranch]


class Line(Answer, frozen=True):
    """A line of a chart: whose, of which history (empty where there is one), what, and how many points."""

    name: str
    history: str
    measure: str
    points: int


class Move(Answer, frozen=True):
    """Told news that a chart names: the `step` by which the model read it, and by how much the price moved
    to the next close (parts of one; None where no price is on record).
    """

    asset: str
    moment: str
    step: float
    moved: float | None
    headline: str
    source: str


class Plotted(Answer, frozen=True):
    """The chart that was written to `file`; `observed` counts the points of what markets did, `moves` are the
    told moves that it names, `alt` says what it shows to those who cannot see it.
    """

    what: str
    histories: list[str]
    file: str
    lines: list[Line]
    observed: int
    moves: list[Move]
    caption: str
    alt: str


class Exported(Answer, frozen=True):
    """The files that were written. `events` counts those in the file, `digest` is of the branch."""

    history: str
    branch: str
    format: str
    files: list[str]
    events: int
    digest: str


class Restored(Answer, frozen=True):
    """A database that was restored from JSON Lines, with the digests of its branches by name."""

    db: str
    branches: list[str]
    events: int
    digests: dict[str, str]


class Drafted(Answer, frozen=True):
    """A story that was begun from plain facts: its files and how many entries they have. `repeats` says which
    rows stood there before, every cell alike; all of them are kept.
    """

    story: str
    files: list[str]
    entries: int
    repeats: list[str]


class Quoted(Answer, frozen=True):
    """Prices that became the quotes.csv of a story: how many `rows`, of which `actors`, from and until which
    day. Where one stood there it was `replaced`.
    """

    story: str
    file: str
    rows: int
    actors: list[str]
    from_: str = msgspec.field(name="from")
    until: str
    replaced: bool


class Fault(Answer, frozen=True):
    """A fault at a position of a branch; 0 or None where it is in the branch itself or in the file."""

    branch: str
    position: int | None
    what: str


class Verified(Answer, frozen=True):
    """The `verdict` is whole, damaged, changed (the model appends something else now), miscounted (both folds
    disagree) or other (no event has the digest that it was held against); `position` and `branch` are of the
    first fault, or the end of main where all is whole.

    Of a whole history `events` on so many `branches` were each held to their digests and lived again, and so
    many `snapshots` that this user's programs made compared with what was lived. `digest` is the branch's
    own now, `against` the position of the event that has the digest it was held against; None for none.
    """

    verdict: str
    position: int | None
    branch: str
    faults: list[Fault]
    events: int | None = None
    branches: int | None = None
    snapshots: int | None = None
    digest: str | None = None
    against: int | None = None


class PutBack(Answer, frozen=True):
    """A database in whose place a backup was put; `aside`: the new name of what stood there, or None."""

    db: str
    backup: str
    branches: int
    aside: str | None


class BackedUp(Answer, frozen=True):
    """The copy of a database, and how many branches it has."""

    db: str
    backup: str
    branches: int
