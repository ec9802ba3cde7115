"""Readings of the accounts that are costly to make, kept for as long as they would come out the same."""

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import Any, TypeVar

from events.facts import KINDS
from events.fields import Fact
from narrative.books.table import TABLE

# By kind, the open things that it posts to: the account that holds them, and the field with the name.
NAMES = {
    kind: tuple(
        sorted(
            {
                (account.within or account.name, row.key[0])
                for row in TABLE.rows(kind)
                for account in (TABLE.account(row.account),)
                if account.within or account.open
            }
        )
    )
    for kind in KINDS
}

T = TypeVar("T")


class Memo:
    """Kept by the accounts that it was read off, or by the open thing; each post spoils what it touches."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, ...], dict[Hashable, Any]] = {}
        self._spoils: dict[str, list[dict[Hashable, Any]]] = {kind: [] for kind in KINDS}
        self._each: dict[str, dict[str, Any]] = {
            account.name: {} for account in TABLE.accounts if account.open
        }

    def cached(self, reads: tuple[str, ...], key: Hashable, make: Callable[[], T]) -> T:
        """Return `make()`, which reads these accounts and the timeline alone; it is called once for as long
        as none of them is posted to. `key` tells values that read the same accounts apart.
        """
        read = self._read.get(reads)
        if read is None:
            read = self._read[reads] = {}
            for kind in spoiling(reads):
                self._spoils[kind].append(read)
        if key not in read:
            read[key] = make()
        found: T = read[key]
        return found

    def each(self, account: str, names: Iterable[str], make: Callable[[str], T]) -> list[T]:
        """Return `make(name)` for each open thing of an account; it is called once a name for as long as
        nothing is posted to that thing.
        """
        known, found = self._each[account], []
        for name in names:
            one = known.get(name)
            if one is None:
                one = known[name] = make(name)
            found.append(one)
        return found

    def spoil(self, kind: str, fact: Fact) -> None:
        """Forget what is no longer so once a fact of that kind is posted."""
        for read in self._spoils[kind]:
            read.clear()
        for account, field in NAMES[kind]:
            self._each[account].pop(getattr(fact, field), None)

    def forget(self) -> None:
        """Forget everything, as when the timeline or a parameter is another."""
        for read in self._read.values():
            read.clear()
        for known in self._each.values():
            known.clear()

    def copy(self) -> "Memo":
        """A memo of its own that knows what was read off each open thing, and nothing else."""
        other = Memo()
        other._each = {account: dict(known) for account, known in self._each.items()}
        return other


@lru_cache
def spoiling(reads: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds that post to one of these accounts."""
    return tuple(kind for kind in KINDS if not TABLE.touched(kind).isdisjoint(reads))
