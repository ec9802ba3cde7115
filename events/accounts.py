"""Accounts, the posting table's language, and the sequential fold that every decision reads.

The table is data. A `Posting` row says: an event of `kind` adds (`sign` +1 or -1) or sets
(`sign` 0) `value` in `account[key]`. `value` is a field of the fact or a whole constant; a missing
value posts nothing. `key` lists fields of the fact, or constants written "=outside"; several are
joined by "/", and a missing key field posts nothing.

Four folds, all associative:

- sum: whole numbers, refused beyond ±2**53. An `open` sum is dropped at zero together with the
  accounts that name it in `within`, so that state grows with what is open, not with history.
- fading: a float that halves every half-life; kept as (value, moment of last posting) and never
  rebased by reading.
- last: what was posted last.
- extreme: the largest value posted.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import frozen

from events.errors import Overflow
from events.event import Event
from events.fact import LIMIT

Value = int | float | tuple[float, int]
State = dict[str, dict[str, Any]]


@frozen
class Account:
    """One named account. `half_life` names the reading parameter (seconds) of a fading one."""

    name: str
    fold: str = "sum"
    half_life: str | None = None
    open: bool = False
    within: str | None = None


@frozen
class Posting:
    """One row of the table. `sign`: 1 adds, -1 takes away, 0 sets (last and extreme)."""

    kind: str
    account: str
    key: tuple[str, ...]
    sign: int
    value: str | int


@frozen
class Table:
    """The accounts and the rows that post to them."""

    accounts: tuple[Account, ...]
    postings: tuple[Posting, ...]

    def account(self, name: str) -> Account:
        """The account of that name. Raises KeyError for none."""
        return next(a for a in self.accounts if a.name == name)

    def touched(self, kind: str) -> frozenset[str]:
        """Names of the accounts that an event of this kind may post to."""
        return frozenset(row.account for row in self.postings if row.kind == kind)
