"""Readings at many moments of a long history, from its postings in bulk.

Sums and what was posted last are gathered by span in columns, which is exact. What fades is folded
posting by posting, as `events.books.accounts.Fold` does it and in its order, so that every reading is the
same to the bit as that of the world at that moment (and a test holds it).
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import polars as pl

from events.books.accounts import Fold, Table, faded
from events.event import Event
from narrative.analysis.replay import read_off
from narrative.books.readings import Readings
from narrative.books.table import TABLE
from narrative.engine.world import World

# What readings read. A fold has no other account here, so that one which is missed is not read as nothing.
READ = (
    "value", "post_money", "mark", "floated", "shares", "lasting", "surprise", "cash", "debt", "margin_debt",
    "pledged", "backlog", "announced", "committed", "paid", "delivered", "belief_fast", "belief_slow", "flow",
    "sector_flow", "liquidity", "market_part", "sector_part", "own_part", "diluted", "quoted",
)  # fmt: skip  # one list
PLAIN = Table(
    tuple(account for account in TABLE.accounts if account.name in READ),
    tuple(row for row in TABLE.postings if row.account in READ),
)

Reading = tuple[Any, ...]
Step = tuple[int, ...]  # the number of an account and key, amount, and of what fades the moment
KEY = ("account", "key")
TAKEN = ("moment", *KEY, "fold", "amount")  # columns of postings


BLOCK = 20_000  # readings that are given at once


class Spans:
    """Takes postings in their order, and gives by the block the readings of each moment that they passed.
    `asked` says of whom they are wanted where that is not everybody at every moment.
    """

    def __init__(self, opening: Event, moments: Sequence[int], asked: pl.Expr | None = None) -> None:
        world = World(opening)
        self._actors = [actor.id for actor in world.story.actors]
        self._asked = None if asked is None else _asked(moments, self._actors, asked)
        self._fold = Fold(PLAIN, world.fold.half_lives)
        self._lives = {a.name: world.fold.half_lives[a.half_life] for a in PLAIN.accounts if a.half_life}
        self._readings = Readings(self._fold, world.parameters, world.listed, world.known)
        self._moments = pl.Series("moment", moments, dtype=pl.Int64)
        self._done = 0  # how many of the moments were given

    def rows(self) -> int:
        """How many readings it gives in all."""
        if self._asked is None:
            return len(self._moments) * len(self._actors)
        return sum(map(len, self._asked.values()))

    def take(self, posted: pl.DataFrame) -> Iterator[list[Reading]]:
        """Fold these postings of `PLAIN`, after those before them."""
        yield from batched(self._taken(posted))

    def _taken(self, posted: pl.DataFrame) -> Iterator[Reading]:
        if posted.is_empty():
            return
        seconds = posted["moment"].dt.epoch("s")
        spans = self._moments.search_sorted(seconds, side="left").alias("span")
        placed = posted.select(*KEY, "fold", "amount").with_columns(spans, seconds.alias("at"))
        state, lives = self._fold.state, self._lives
        keys = placed.select(KEY).unique(maintain_order=True).with_row_index("code")
        held = [(state[account], key, lives.get(account, 0.0)) for account, key in keys.drop("code").rows()]
        for span, (summed, last, fading) in _by_span(placed.join(keys, on=KEY, maintain_order="left")):
            if span > self._done:
                yield from self._until(span)
            for code, amount in summed:
                values, key, _ = held[code]
                values[key] = values.get(key, 0) + amount
            for code, amount in last:
                values, key, _ = held[code]
                values[key] = amount
            for code, amount, at in fading:
                values, key, life = held[code]
                value, since = values.get(key, (0.0, at))
                values[key] = (faded(value, since, at, life) + amount, at)

    def rest(self) -> Iterator[list[Reading]]:
        """The readings of all moments that are left."""
        yield from batched(self._until(len(self._moments)))

    def _until(self, span: int) -> Iterator[Reading]:
        for moment in self._moments[self._done : span]:
            for actor in self._actors if self._asked is None else self._asked.get(moment, ()):
                yield moment * 1000, actor, *read_off(self._readings, actor, moment).values()
        self._done = span


def batched(readings: Iterator[Reading]) -> Iterator[list[Reading]]:
    """Yield readings a block at a time."""
    while block := list(islice(readings, BLOCK)):
        yield block


def _asked(moments: Sequence[int], actors: Sequence[str], asked: pl.Expr) -> dict[int, list[str]]:
    """By moment the actors of which `asked`, a condition on moment and actor, holds."""
    found: dict[int, list[str]] = {}
    everybody = pl.DataFrame({"actor": actors}, schema={"actor": pl.String()})
    size = max(BLOCK // max(len(actors), 1), 1)
    for start in range(0, len(moments), size):
        at = pl.Series("at", moments[start : start + size], dtype=pl.Int64)
        pairs = pl.DataFrame([at, (at * 1000).cast(pl.Datetime("ms")).alias("moment")])
        for moment, actor in (
            pairs.join(everybody, how="cross").filter(asked).select("at", "actor").iter_rows()
        ):
            found.setdefault(moment, []).append(actor)
    return found


def _by_span(placed: pl.DataFrame) -> Iterator[tuple[int, tuple[list[Step], list[Step], list[Step]]]]:
    """The steps of a fold in order of span: what sums and what is set last as one step a key, what fades
    as it came.
    """
    by, fold, amount = ("span", "code"), pl.col("fold"), pl.col("amount")
    folds = (
        placed.filter(fold == "sum").group_by(by).agg(amount.sum()),
        placed.filter(fold == "last").group_by(by).agg(amount.last()),
        placed.filter(fold == "fading").select(*by, "amount", "at"),
    )
    steps = [_cut(fold.sort("span", maintain_order=True)) for fold in folds]
    for span in sorted({span for cut in steps for span in cut}):
        yield span, (steps[0].get(span, []), steps[1].get(span, []), steps[2].get(span, []))


def _cut(fold: pl.DataFrame) -> dict[int, list[Step]]:
    steps = list(zip(*(column.to_list() for column in fold.drop("span")), strict=True))
    starts = fold["span"].rle().struct.unnest()
    found, at = {}, 0
    for length, span in starts.iter_rows():
        found[span] = steps[at : at + length]
        at += length
    return found
