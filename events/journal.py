"""The columnar fold: every posting of a history with the value that its account has after it.

Compiled from the same table as `events.accounts.Fold`, from the frames of `events.columns`. Sums,
last and extreme agree with it exactly at every position; fading to 1e-12 of the fading sum over
absolute amounts. For looking only: decisions read the sequential fold.

A journal has one frame an account: `key`, `position`, `amount` and `value` are 24 bytes a posting;
moments stand once, by position. The rows of one key are in order of position, and nothing is
promised of the order among keys. Where a key is dropped with the open sum it lies within, a row
without an amount says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from math import log

import polars as pl
from attrs import frozen

from events.accounts import Account, Posting, State, Table, overflow
from events.columns import Frames, column
from events.fact import LIMIT

# Within a block a fading sum is scaled to the block's start: 2**256 is far from overflow, and its
# logarithm is exact enough. What is older than a whole block weighs under 1e-77 and is let go.
BLOCK = 256

_RUNNING = {"sum": pl.col("amount").cum_sum(), "extreme": pl.col("amount").cum_max()}
_FEW = 16  # with fewer keys than one in so many postings, grouping is faster than sorting by key

_code = pl.col("key").to_physical()
_dropped = pl.col("amount").is_null()


@frozen
class Journal:
    """Every posting of a history, with running values. See the top of this module.

    `moments` holds the position and moment of every event laid out.
    """

    table: Table
    half_lives: Mapping[str, float]
    moments: pl.DataFrame
    accounts: Mapping[str, pl.DataFrame]

    def of(self, account: str, key: str) -> pl.DataFrame:
        """The postings to one key of an account, in order, with the value after each."""
        posted = self.accounts[account].filter(pl.col("key") == key)
        return posted.select("position", _moments_of(self.moments, posted["position"]), "amount", "value")

    def state(self, position: int) -> State:
        """The accounts as they stood after a position, as `Fold.state` keeps them."""
        return {account.name: self._standing(account, position) for account in self.table.accounts}

    def _standing(self, account: Account, position: int) -> dict[str, object]:
        until = self.accounts[account.name].filter(pl.col("position") <= position)
        last = until.group_by("key", maintain_order=True).last().filter(~_dropped)
        if account.open:
            last = last.filter(pl.col("value") != 0)
        values: list[object] = last["value"].to_list()
        if account.fold == "fading":
            values = list(zip(values, _moments_of(self.moments, last["position"]).to_list(), strict=True))
        return dict(zip(last["key"].cast(pl.String).to_list(), values, strict=True))

    def position_at(self, moment: int) -> int:
        """The last position laid out whose moment is not after the given one; 0 for none."""
        index = self.moments["moment"].search_sorted(moment, side="right")
        return int(self.moments["position"][index - 1]) if index else 0

    def values(self, account: str, key: str, moments: Sequence[int]) -> pl.Series:
        """One key's value at each of those moments: where nothing stands, 0 for sums, else null."""
        posted = self.of(account, key)
        asked = pl.Series("moment", moments, dtype=pl.Int64)
        index = posted["moment"].search_sorted(asked, side="right").cast(pl.Int64) - 1
        found = posted.select(pl.col("moment", "value").gather(index.replace(-1, None)))
        fold = self.table.account(account)
        if fold.fold == "fading":
            faded = (pl.col("moment") - asked) * (log(2) / self.half_lives[fold.half_life or ""])
            found = found.with_columns(value=pl.col("value") * faded.exp())
        return found["value"].fill_null(0) if fold.fold in {"sum", "fading"} else found["value"]

    def postings(self) -> pl.DataFrame:
        """Every posting in order of position; `value` of whole accounts, `fading` of fading ones."""
        names = pl.Enum([account.name for account in self.table.accounts])
        parts = [
            self.accounts[account.name].select(
                "position",
                pl.lit(account.name, dtype=names).alias("account"),
                "key",
                "amount",
                (pl.lit(None) if account.fold == "fading" else pl.col("value")).cast(pl.Int64).alias("value"),
                (pl.col("value") if account.fold == "fading" else pl.lit(None))
                .cast(pl.Float64)
                .alias("fading"),
            )
            for account in self.table.accounts
        ]
        posted = pl.concat(parts).sort("position", "account", "key", maintain_order=True)
        return posted.insert_column(1, _moments_of(self.moments, posted["position"]))


def journal(table: Table, frames: Frames, half_lives: Mapping[str, float]) -> Journal:
    """The columnar fold of a history. Raises Overflow where the sequential one does."""
    fold = _Columnar(table, frames, half_lives, _moments(frames))
    roots = [account for account in table.accounts if not fold.parents(account)]
    with ThreadPoolExecutor(2) as pool:
        families = pool.map(lambda root: list(fold.family(root, None)), roots)
        accounts = dict(found for family in families for found in family)
    return Journal(table, dict(half_lives), fold.moments, accounts)


def _moments(frames: Frames) -> pl.DataFrame:
    position = pl.col("position").cast(pl.UInt32)
    parts = [pl.DataFrame(schema={"position": pl.UInt32, "moment": pl.Int64})]
    parts += [frame.select(position, "moment") for frame in frames.values()]
    return pl.concat(parts).rechunk().sort("position")


def _moments_of(moments: pl.DataFrame, positions: pl.Series) -> pl.Series:
    known, when = moments["position"], moments["moment"]
    if positions.is_empty():
        return when.clear()
    if known[-1] - known[0] == known.len() - 1:
        return when.gather(positions - known[0])
    return when.gather(known.search_sorted(positions))


@frozen
class _Columnar:
    """One run of the columnar fold."""

    table: Table
    frames: Frames
    half_lives: Mapping[str, float]
    moments: pl.DataFrame

    def parents(self, account: Account) -> list[Account]:
        """The open sum with which keys of this account are dropped, if any."""
        return [a for a in self.table.accounts if a.open and a.name == account.within and a is not account]

    def family(self, account: Account, closings: pl.DataFrame | None) -> Iterator[tuple[str, pl.DataFrame]]:
        """An account, folded; then those that lie within it, and within those."""
        folded = self._folded(account, self._posted(account, closings))
        position = (pl.col("at") // self._width()).cast(pl.UInt32).alias("position")
        yield account.name, folded.select("key", position, "amount", "value")
        inner = [a for a in self.table.accounts if account in self.parents(a)]
        if inner:
            closed = folded.filter((pl.col("value") == 0) & ~_dropped)
            del folded
            closings = closed.select("key", "at", pl.lit(None, dtype=pl.Int64).alias("amount"))
            for child in inner:
                yield from self.family(child, closings)

    def _width(self) -> int:
        """More than the places that postings of one event can have."""
        kinds = [row.kind for row in self.table.postings]
        return max(map(kinds.count, kinds), default=1)

    def _posted(self, account: Account, closings: pl.DataFrame | None) -> pl.DataFrame:
        """All postings to an account, and its closings, in the order in which they happened.

        `at` is one number for the position and the place among the postings of an event.
        """
        width = self._width()
        parts = [pl.DataFrame(schema={"key": pl.Categorical, "at": pl.Int64, "amount": pl.Int64})]
        for kind, frame in self.frames.items():
            for place, row in enumerate(self.table.rows(kind)):
                if row.account == account.name and frame.height:
                    parts.append(_posting(frame, row, pl.col("position") * width + place, account))
        if closings is not None and len(parts) > 1:
            parts.append(closings)
        posted = pl.concat(parts).rechunk()
        return posted if posted["at"].is_sorted() else posted.sort("at")

    def _folded(self, account: Account, posted: pl.DataFrame) -> pl.DataFrame:
        """Add `value` to the postings."""
        if account.fold == "last" or posted.is_empty():
            return posted.with_columns(value=pl.col("amount"))
        if account.fold in _RUNNING and not account.within and _few_keys(posted):
            folded = posted.with_columns(value=_RUNNING[account.fold].over(_code))
        else:
            folded = self._folded_by_key(account, _by_key(posted))
        if account.fold == "sum":
            _refuse_overflow(account, folded)
        return folded

    def _folded_by_key(self, account: Account, posted: pl.DataFrame) -> pl.DataFrame:
        # A stretch is a run of one key between closings.
        starts = posted.select((_code != _code.shift()).fill_null(value=True) | _dropped).to_series()
        if account.fold == "fading":
            moments = _moments_of(self.moments, posted["at"] // self._width())
            value = _fading(posted["amount"], moments, starts, self.half_lives[account.half_life or ""])
        elif account.fold == "extreme":
            value = posted.select(_RUNNING["extreme"].over(starts.cum_sum().set_sorted())).to_series()
        else:
            value = _summed(posted["amount"].fill_null(0), starts)
        return posted.with_columns(value.alias("value"))


def _posting(frame: pl.DataFrame, row: Posting, at: pl.Expr, account: Account) -> pl.DataFrame:
    value = pl.lit(row.value, dtype=pl.Int64) if isinstance(row.value, int) else pl.col(column(row.value))
    amount = -value if row.sign < 0 and account.fold in {"sum", "fading"} else value
    key = reduce(_pair, (_names(frame, part) for part in row.key))
    return frame.select(key.alias("key"), at.alias("at"), amount.alias("amount")).drop_nulls()


def _names(frame: pl.DataFrame, part: str) -> pl.Series:
    if part.startswith("="):
        return pl.repeat(part[1:], frame.height, dtype=pl.Categorical(), eager=True)
    return frame[column(part)].cast(pl.Categorical)


def _pair(left: pl.Series, right: pl.Series) -> pl.Series:
    """Two names as one, "left/right". Text is made once for every pair that occurs."""
    code = (left.to_physical().cast(pl.Int64) * 2**32 + right.to_physical()).alias("code")
    halves = [pl.col("code") // 2**32, pl.col("code") % 2**32]
    texts = [half.cast(pl.UInt32).cat.to(pl.Categorical) for half in halves]
    named = (
        code.unique().to_frame().with_columns(key=pl.concat_str(texts, separator="/").cast(pl.Categorical))
    )
    return code.to_frame().join(named, on="code", how="left", maintain_order="left")["key"]


def _few_keys(posted: pl.DataFrame) -> bool:
    sample = posted["key"].gather_every(posted.height // 4096 + 1)
    return sample.n_unique() * _FEW < sample.len()


def _by_key(posted: pl.DataFrame) -> pl.DataFrame:
    """The postings of a key beside each other, as they happened."""
    if _few_keys(posted):
        others = [name for name in posted.columns if name != "key"]
        return posted.group_by("key", maintain_order=True).agg(others).explode(others)
    span = posted["at"][-1] + 1
    return posted[posted.select((_code.cast(pl.Int64) * span + pl.col("at")).arg_sort()).to_series()]


# --- the folds that need the postings of a key beside each other ------------------------------------


def _summed(amount: pl.Series, starts: pl.Series) -> pl.Series:
    # One running sum over everything, less what it was where the stretch began. It may wrap
    # around; the difference is exact all the same.
    total = amount.cum_sum()
    first = starts.arg_true()
    return total - (total[first] - amount[first])[starts.cum_sum() - 1]


def _refuse_overflow(account: Account, folded: pl.DataFrame) -> None:
    value = pl.col("value")
    low, high = folded.select(value.min().alias("low"), value.max().alias("high")).row(0)
    if high is not None and not -LIMIT <= low <= high <= LIMIT:
        first = folded.filter((value > LIMIT) | (value < -LIMIT)).sort("at").row(0, named=True)
        overflow(account.name, first["key"], first["value"])


def _fading(amount: pl.Series, moment: pl.Series, starts: pl.Series, life: float) -> pl.Series:
    rate = log(2) / life
    span = max(1, round(BLOCK * life))
    base = moment // span * span
    breaks = starts | (base != base.shift()).fill_null(value=True)
    block = (breaks.cum_sum() - 1).alias("block").set_sorted()
    scale = ((moment - base) * rate).exp()
    scaled = pl.DataFrame({"block": block, "amount": amount.fill_null(0) * scale})
    inside = scaled.select(_RUNNING["sum"].over("block")).to_series()
    return (inside + _carried(inside, base, starts, breaks, rate)[block]) / scale


def _carried(
    inside: pl.Series, base: pl.Series, starts: pl.Series, breaks: pl.Series, rate: float
) -> pl.Series:
    """What each block takes over from the one before it, on the scale of its own start."""
    first = breaks.arg_true()
    start, before = base[first], inside.shift()[first]
    taken = pl.DataFrame({"fresh": starts[first], "before": before * ((start.shift() - start) * rate).exp()})
    return taken.select(pl.when("fresh").then(0.0).otherwise("before")).to_series()
