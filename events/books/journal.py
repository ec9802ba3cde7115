"""The columnar fold: every posting of a history with the value that its account has after it.

Compiled from the same table as `events.books.accounts.Fold`, from the frames of `events.books.by_kind`. Sums,
last and extreme agree with it exactly at every position; fading to 1e-12 of the fading sum over
absolute amounts. For looking only: decisions read the sequential fold.

A journal has one frame an account: `key`, `position`, `amount` and `value` are 24 bytes a posting;
moments stand once, by position. The rows of one key are in order of position, and nothing is
promised of the order among keys. Where a key is dropped with the open sum it lies within, a row
without an amount says so.
"""

from collections.abc import Mapping, Sequence
from math import log

import polars as pl
from attrs import frozen

from events.books.accounts import Account, State, Table
from events.books.by_kind import Frames
from events.books.columnar import Columnar, moments_of

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
        return posted.select("position", moments_of(self.moments, posted["position"]), "amount", "value")

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
            values = list(zip(values, moments_of(self.moments, last["position"]).to_list(), strict=True))
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
        return posted.insert_column(1, moments_of(self.moments, posted["position"]))


def journal(table: Table, frames: Frames, half_lives: Mapping[str, float]) -> Journal:
    """The columnar fold of a history. Raises Overflow where the sequential one does."""
    fold = Columnar(table, frames, half_lives)
    return Journal(table, dict(half_lives), fold.moments, fold.accounts())
