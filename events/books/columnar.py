"""The columnar fold: every posting of a history, and the value that its account has after it.

Accounts of one fold are folded together, in one long frame: a few operations on many postings cost
less than many on a few. There `code` is one number for the account and the key, and `at` one for
the account, the position, and the place among the postings of an event.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from math import log
from typing import Any

import polars as pl
from attrs import frozen

from events.books.accounts import Account, Posting, Table, overflow
from events.books.by_kind import Frames, column
from events.errors import Overflow
from events.fields import LIMIT

# Within a block a fading sum is scaled to the block's start: 2**256 is far from overflow, and its
# logarithm is exact enough. What is older than a whole block weighs under 1e-77 and is let go.
BLOCK = 256

# Whole numbers, the narrowest and so the fastest first, and where they end.
_WHOLE = ((2**32, pl.UInt32()), (2**63, pl.Int64()))

_AMOUNT = pl.Int64()


def moments(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The position and the moment of every event laid out."""
    parts = [pl.DataFrame(schema={"position": pl.Int64(), "moment": pl.Int64()})]
    parts += [pl.DataFrame([frame["position"], frame["moment"]]) for frame in frames]
    found = _sorted(pl.concat(parts).rechunk(), "position")
    return found.with_columns(found["position"].cast(pl.UInt32))


def moments_of(known: pl.DataFrame, positions: pl.Series) -> pl.Series:
    """The moments of some of those positions."""
    there, moment = known["position"], known["moment"]
    if positions.is_empty():
        return moment.clear()
    first: int = there[0]
    if there[-1] - first == there.len() - 1:
        return moment[positions - first]
    return moment[there.search_sorted(positions)]


def _sorted(frame: pl.DataFrame, by: str) -> pl.DataFrame:
    return frame if frame[by].is_sorted() else frame[frame[by].arg_sort()]


@frozen
class _Batch:
    """Accounts that are folded together: all of one fold, whose keys have at most so many `names`.
    Each has so many `codes` and `places`, those of the first being the lowest.
    """

    accounts: Sequence[Account]
    fold: str
    names: int
    codes: int
    places: int
    code: pl.DataType
    at: pl.DataType


def _inside(account: Account, accounts: Iterable[Account]) -> bool:
    """Whether the account lies within an open one among these."""
    return any(other.open and other.name == account.within and other is not account for other in accounts)


def _whole(end: int) -> pl.DataType:
    for limit, dtype in _WHOLE:
        if end <= limit:
            return dtype
    raise Overflow(
        f"The names and the accounts of this history make {end} keys, more than columns can number; fold "
        "it event by event, or give its accounts keys of fewer parts."
    )


class Columnar:
    """One run of the columnar fold."""

    def __init__(self, table: Table, frames: Frames, half_lives: Mapping[str, float]) -> None:
        self.table = table
        self.frames = {kind: frame for kind, frame in frames.items() if frame.height}
        self.half_lives = half_lives
        self.moments = moments(self.frames.values())
        self._rows: dict[str, list[tuple[int, Posting]]] = {account.name: [] for account in table.accounts}
        for kind in self.frames:
            for place, row in enumerate(table.rows(kind)):
                self._rows[row.account].append((place, row))
        placed = [one for rows in self._rows.values() for one in rows]
        # The digits of a key's number are its names' numbers, plus 1 so that none is 0. Names keep
        # their numbers while they are held.
        self._names = {
            (row.kind, part): _names(self.frames[row.kind], part) for _, row in placed for part in row.key
        }
        self._numbers = {where: names.to_physical() for where, names in self._names.items()}
        self._base = 2 + max((_highest(numbers) for numbers in self._numbers.values()), default=0)
        # Dividing by a power of two is faster.
        self._width = 1 << max((place for place, _ in placed), default=0).bit_length()
        self._places = self._width << _highest(self.moments["position"]).bit_length()
        self._first = {
            kind: frame["position"].cast(_whole(self._places)) * self._width
            for kind, frame in self.frames.items()
        }
        self._closed: dict[str, pl.DataFrame] = {}

    def accounts(self) -> dict[str, pl.DataFrame]:
        """Every account, folded; those that lie within an open one after it."""
        folded: dict[str, pl.DataFrame] = {}
        left = list(self.table.accounts)
        with ThreadPoolExecutor(2) as pool:
            while ready := [account for account in left if not _inside(account, left)]:
                left = [account for account in left if account not in ready]
                for found in pool.map(self._folded, self._batches(ready)):
                    folded.update(found)
        return folded

    def _batches(self, accounts: Sequence[Account]) -> list[_Batch]:
        alike: defaultdict[tuple[str, int], list[Account]] = defaultdict(list)
        for account in accounts:
            rows = (*self._rows[account.name], *self._rows.get(account.within or "", ()))
            alike[account.fold, max((len(row.key) for _, row in rows), default=1)].append(account)
        return [self._batch(some, fold, names) for (fold, names), some in alike.items()]

    def _batch(self, accounts: Sequence[Account], fold: str, names: int) -> _Batch:
        codes, places, size = self._base**names, self._places, len(accounts)
        return _Batch(accounts, fold, names, codes, places, _whole(codes * size), _whole(places * size))

    def _folded(self, batch: _Batch) -> dict[str, pl.DataFrame]:
        own = [self._posted(batch, index, account) for index, account in enumerate(batch.accounts)]
        none = pl.DataFrame(schema={"code": batch.code, "at": batch.at, "amount": pl.Int64()})
        posted = pl.concat([part for parts in own for part in parts] or [none])
        posted = self._beside(batch, _sorted(posted.rechunk(), "at"))
        value = self._values(batch, posted).alias("value")
        at, amount = posted["at"] & (batch.places - 1), posted["amount"]
        position = (at // self._width).cast(pl.UInt32).alias("position")
        folded = pl.DataFrame([posted["key"], position, amount, value])
        found, start = {}, 0
        for account, parts in zip(batch.accounts, own, strict=True):
            here = slice(start, start + sum(part.height for part in parts))
            found[account.name] = folded[here]
            if account.open:
                closing = (value[here] == 0) & amount[here].is_not_null()
                code = posted["code"][here].filter(closing) % batch.codes
                self._closed[account.name] = pl.DataFrame([code, at[here].filter(closing)])
            start = here.stop
        return found

    def _posted(self, batch: _Batch, index: int, account: Account) -> list[pl.DataFrame]:
        """The postings to one account of a batch, and its closings."""
        parts = [self._posting(batch, account, place, row) for place, row in self._rows[account.name]]
        if parts and _inside(account, self.table.accounts):
            key, first = self._closed[account.within or ""]
            parts.append((key, first, pl.repeat(None, key.len(), dtype=pl.Int64, eager=True)))
        return [
            pl.DataFrame(
                [
                    (key.cast(batch.code) + index * batch.codes).alias("code"),
                    (first.cast(batch.at) + index * batch.places).alias("at"),
                    amount.alias("amount"),
                ]
            )
            for key, first, amount in parts
        ]

    def _posting(
        self, batch: _Batch, account: Account, place: int, row: Posting
    ) -> tuple[pl.Series, pl.Series, pl.Series]:
        frame = self.frames[row.kind]
        numbers = [self._numbers[row.kind, part].cast(batch.code) + 1 for part in row.key]
        key = reduce(lambda key, number: key * self._base + number, numbers)
        if isinstance(row.value, int):
            amount = pl.repeat(row.value, frame.height, dtype=pl.Int64, eager=True)
        else:
            amount = frame[column(row.value)]
        if row.sign < 0 and account.fold in {"sum", "fading"}:
            amount = 0 - amount
        first = self._first[row.kind] + place
        if not key.null_count() and not amount.null_count():
            return key, first, amount
        there = key.is_not_null() & amount.is_not_null()
        return key.filter(there), first.filter(there), amount.filter(there)

    def _beside(self, batch: _Batch, posted: pl.DataFrame) -> pl.DataFrame:
        """The postings to a key beside each other, as they happened, and what it is called."""
        if batch.fold == "last":  # needs no more than the order of positions
            return posted.with_columns(self._keys(batch, posted["code"]))
        grouped = posted.group_by("code", maintain_order=True).agg("at", "amount")
        return grouped.with_columns(self._keys(batch, grouped["code"])).explode("at", "amount")

    def _keys(self, batch: _Batch, codes: pl.Series) -> pl.Series:
        keys = codes % batch.codes
        if batch.names == 1:
            return (keys - 1).cast(pl.UInt32).cat.to(pl.Categorical()).alias("key")
        digits = [keys // self._base**place % self._base for place in reversed(range(batch.names))]
        numbers = [(digit.replace(0, None) - 1).cast(pl.UInt32) for digit in digits]
        names = [number.cat.to(pl.Categorical()) for number in numbers]
        joined = pl.concat_str(names, separator="/", ignore_nulls=True)
        return pl.select(key=joined.cast(pl.Categorical)).to_series()

    def _values(self, batch: _Batch, posted: pl.DataFrame) -> pl.Series:
        amount = posted["amount"]
        if batch.fold == "last":
            return amount
        # A stretch is a run of one key between closings.
        stretch = posted["code"].rle_id()
        if amount.null_count():
            stretch = (stretch + amount.is_null().cum_sum()).rle_id()
        if batch.fold == "extreme":
            frame = pl.DataFrame([amount, stretch.alias("stretch").set_sorted()])
            return frame.select(pl.col("amount").cum_max().over("stretch")).to_series()
        if batch.fold == "sum":
            value = _summed(amount.fill_null(0), stretch)
            _refuse_overflow(batch, posted, value)
            return value
        account, place = posted["at"] // batch.places, posted["at"] & (batch.places - 1)
        moment = moments_of(self.moments, place // self._width)
        lives = [self.half_lives[account.half_life or ""] for account in batch.accounts]
        return _fading(amount.fill_null(0), moment, stretch, pl.Series(lives, dtype=pl.Float64), account)


def _highest(numbers: pl.Series) -> int:
    found: Any = numbers.max()
    return found or 0


def _names(frame: pl.DataFrame, part: str) -> pl.Series:
    if part.startswith("="):
        return pl.repeat(part[1:], frame.height, dtype=pl.Categorical(), eager=True)
    return frame[column(part)].cast(pl.Categorical)


# --- the folds that need the postings of a key beside each other ------------------------------------


def _summed(amount: pl.Series, stretch: pl.Series) -> pl.Series:
    # One running sum over everything, less what it was where the stretch began. It may wrap
    # around; the difference is exact all the same.
    total = amount.cum_sum()
    ends = stretch.rle().struct.field("len").cum_sum() - 1
    return total - total[ends].shift(fill_value=0)[stretch]


def _refuse_overflow(batch: _Batch, posted: pl.DataFrame, value: pl.Series) -> None:
    beyond = (value > LIMIT) | (value < -LIMIT)
    if beyond.any():
        found = posted.with_columns(value=value, place=posted["at"] % batch.places).filter(beyond)
        first = found.sort("place").row(0, named=True)
        overflow(batch.accounts[first["at"] // batch.places].name, first["key"], first["value"])


def _fading(
    amount: pl.Series, moment: pl.Series, stretch: pl.Series, lives: pl.Series, account: pl.Series
) -> pl.Series:
    rate = (log(2) / lives)[account]
    span = (BLOCK * lives).round().cast(pl.Int64).clip(1)[account]
    base = moment // span * span
    starts = (stretch != stretch.shift()).fill_null(value=True)
    breaks = starts | (base != base.shift()).fill_null(value=True)
    block = (breaks.cum_sum() - 1).alias("block").set_sorted()
    scale = ((moment - base) * rate).exp()
    scaled = pl.DataFrame([block, (amount * scale).alias("amount")])
    inside = scaled.select(pl.col("amount").cum_sum().over("block")).to_series()
    # What each block takes over from the one before it, on the scale of its own start.
    first = breaks.arg_true()
    start, before = base[first], inside.shift()[first]
    taken = before * ((start.shift() - start) * rate[first]).exp()
    carried = taken.zip_with(~starts[first], pl.Series([0.0]))
    return (inside + carried[block]) / scale
