"""The columnar fold: every posting of a history with the value that its account has after it.

It folds the postings that `events.books.frames` makes of a log. Sums, last and extreme agree with
`events.books.accounts.Fold` exactly at every position; fading to 1e-12 of the fading sum over
absolute amounts. For looking only: decisions read the sequential fold.

A journal has one frame an account: `key`, `position`, `amount` and `value` are 24 bytes a posting;
what fades has its `moment` (seconds) too. The rows of one key are in order of position, and nothing
is promised of the order among keys. Where a key is dropped with the open sum it lies within, a row
without an amount says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from math import log

import polars as pl
from attrs import frozen

from events.books.accounts import Account, State, Table, overflow
from events.errors import Overflow
from events.fields import LIMIT

FOLDED = ("position", "moment", "account", "key", "amount")  # columns of postings that are folded

# Within a block a fading sum is scaled to the block's start: 2**256 is far from overflow, and its
# logarithm is exact enough. What is older than a whole block weighs under 1e-77 and is let go.
BLOCK = 256

PLACES = 2**64  # a place is a whole number without sign


@frozen
class Journal:
    """Every posting of a history, with running values. See the top of this module."""

    table: Table
    accounts: Mapping[str, pl.DataFrame]

    def state(self, position: int) -> State:
        """The accounts as they stood after a position, as `Fold.state` keeps them."""
        return {account.name: self._standing(account, position) for account in self.table.accounts}

    def _standing(self, account: Account, position: int) -> dict[str, object]:
        until = self.accounts[account.name]
        if until.is_empty():  # as most are in a short history
            return {}
        until = until.filter(pl.col("position") <= position)
        last = until.group_by("key", maintain_order=True).last().filter(pl.col("amount").is_not_null())
        if account.open:
            last = last.filter(pl.col("value") != 0)
        values: list[object] = last["value"].to_list()
        if account.fold == "fading":
            values = list(zip(values, last["moment"].to_list(), strict=True))
        return dict(zip(last["key"].cast(pl.String).to_list(), values, strict=True))


def journal(table: Table, posted: pl.DataFrame, half_lives: Mapping[str, float]) -> Journal:
    """The columnar fold of postings (columns `FOLDED`) that stand in the order in which they were made.

    Raises Overflow where the sequential fold does.
    """
    folding = _Folding(table, posted, half_lives)
    folded: dict[str, pl.DataFrame] = {}
    with ThreadPoolExecutor(2) as pool:
        for batches in folding.rounds():
            for found in pool.map(folding.folded, batches):
                folded.update(found)
    return Journal(table, folded)


def gross(table: Table, posted: pl.DataFrame) -> pl.DataFrame:
    """The postings to what fades, without their signs: their fold is what rounding is a part of."""
    fading = [account.name for account in table.accounts if account.fold == "fading"]
    return posted.filter(pl.col("account").is_in(fading)).with_columns(pl.col("amount").abs())


def _depth(table: Table, account: Account) -> int:
    """How many open accounts an account lies within."""
    outer = table.account(account.within) if account.within else account
    return 1 + _depth(table, outer) if outer.open and outer is not account else 0


class _Folding:
    """One run of the fold.

    Accounts are numbered so that those folded together, of one depth and one fold, are neighbours:
    a few operations on many postings cost less than many on a few. A place is one number for the
    account, the key, the row among the postings, and whether that row closes the key (1) or posts
    to it (0): in order of place, what happened to a key stands together.
    """

    def __init__(self, table: Table, posted: pl.DataFrame, half_lives: Mapping[str, float]) -> None:
        alike = [(_depth(table, account), account.fold) for account in table.accounts]
        order = sorted(range(len(alike)), key=alike.__getitem__)
        self._accounts = [table.accounts[place] for place in order]
        self._alike = [alike[place] for place in order]
        self._half_lives = half_lives
        key = posted["key"].cast(pl.Categorical)
        self._posted = pl.DataFrame([key, posted["position"].cast(pl.UInt32), posted["amount"]])
        self._moments = posted["moment"].dt.epoch("s").alias("moment")
        self._keys = key.to_physical().cast(pl.UInt64)
        highest = self._keys.max()
        # A key has `width` places, a power of two because dividing by one is fast; an account has `size`.
        self._width = 2 << posted.height.bit_length()
        self._size = self._width * (1 + (highest if isinstance(highest, int) else 0))
        if self._size * len(order) > PLACES:
            raise Overflow(
                f"The keys, accounts and postings of this history make {self._size * len(order)} places, "
                "more than columns can number; fold it event by event."
            )
        written = posted["account"].cast(pl.Enum([account.name for account in table.accounts])).to_physical()
        numbers = pl.Series([order.index(place) for place in range(len(order))], dtype=pl.UInt64)[written]
        rows = pl.select(pl.int_range(posted.height, dtype=pl.UInt64)).to_series()
        places = numbers * self._size + self._keys * self._width + rows * 2
        self._places = places.sort()
        self._closing: dict[str, pl.Series] = {}  # of open accounts, the rows that closed a key

    def rounds(self) -> Iterable[list[range]]:
        """Numbers of accounts to be folded together, by depth: what is deeper needs what closed above it."""
        rounds: defaultdict[int, list[range]] = defaultdict(list)
        start = 0
        for (depth, _), alike in groupby(self._alike):
            stop = start + len(list(alike))
            rounds[depth].append(range(start, stop))
            start = stop
        return rounds.values()

    def folded(self, numbers: range) -> dict[str, pl.DataFrame]:
        """Accounts of one fold and depth, folded."""
        fold, accounts = self._accounts[numbers.start].fold, self._accounts[numbers.start : numbers.stop]
        places = self._placed(numbers)
        rows, closes = places % self._width // 2, places % 2 == 1
        frame = self._posted[rows]
        stretch = (places // self._width).rle_id()  # a stretch is a run of one key between closings
        if closes.any():
            frame = frame.with_columns(frame["amount"].set(closes, None))
            stretch = (stretch + closes.cum_sum()).rle_id()
        account = (places // self._size - numbers.start).cast(pl.UInt32)
        value = amount = frame["amount"]
        if fold == "extreme":
            value = _largest(amount, stretch)
        elif fold == "sum":
            value = _summed(amount.fill_null(0), stretch)
            _refuse_overflow(accounts, frame["key"], value, account, rows)
        elif fold == "fading":
            lives = pl.Series([self._half_lives[each.half_life or ""] for each in accounts], dtype=pl.Float64)
            frame = frame.with_columns(self._moments[rows])
            value = _fading(amount.fill_null(0), frame["moment"], stretch, lives, account)
        frame = frame.with_columns(value.alias("value"))
        found = {}
        for number, each in zip(numbers, accounts, strict=True):
            here = _between(places, number * self._size, (number + 1) * self._size)
            found[each.name] = frame[here]
            if each.open:
                self._closing[each.name] = rows[here].filter((value[here] == 0) & ~closes[here])
        return found

    def _placed(self, numbers: range) -> pl.Series:
        """The places of some accounts: what was posted to them, and what closed above them."""
        own = _between(self._places, numbers.start * self._size, numbers.stop * self._size)
        parts = [self._places[own]]
        for number in numbers:
            rows = self._closing.get(self._accounts[number].within or "")
            if rows is not None:
                parts.append(number * self._size + self._keys[rows] * self._width + (rows * 2 + 1))
        return parts[0] if len(parts) == 1 else pl.concat(parts).sort()


def _between(places: pl.Series, low: int, high: int) -> slice:
    return slice(places.search_sorted(low), places.search_sorted(high))


# --- the folds that need the postings of a key beside each other ------------------------------------


def _largest(amount: pl.Series, stretch: pl.Series) -> pl.Series:
    runs = pl.DataFrame([amount, stretch.alias("stretch").set_sorted()])
    return runs.select(pl.col("amount").cum_max().over("stretch")).to_series()


def _summed(amount: pl.Series, stretch: pl.Series) -> pl.Series:
    # One running sum over everything, less what it was where the stretch began. It may wrap
    # around; the difference is exact all the same.
    total = amount.cum_sum()
    ends = stretch.rle().struct.field("len").cum_sum() - 1
    return total - total[ends].shift(fill_value=0)[stretch]


def _refuse_overflow(
    accounts: Sequence[Account], key: pl.Series, value: pl.Series, account: pl.Series, rows: pl.Series
) -> None:
    beyond = ((value > LIMIT) | (value < -LIMIT)).arg_true()
    if beyond.len():
        first = beyond[rows[beyond].arg_min() or 0]
        overflow(accounts[account[first]].name, key[first], value[first])


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
