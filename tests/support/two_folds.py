"""Both folds of one history, compared after every event."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from math import fsum
from typing import Any

import pytest

from events.books.accounts import Fold, State, Table
from events.books.by_kind import frames_of, needed
from events.books.journal import Journal, journal
from events.errors import Overflow
from events.event import Event


class Standing:
    """Accounts as a journal's postings leave them, and what each fading sum was made of."""

    def __init__(self, table: Table) -> None:
        self.accounts = {account.name: account for account in table.accounts}
        self.state: State = {name: {} for name in self.accounts}
        self.made: dict[tuple[str, str], list[tuple[int, int]]] = {}

    def take(self, posting: Mapping[str, Any]) -> None:
        name, key = posting["account"], posting["key"]
        account = self.accounts[name]
        if posting["amount"] is None or (account.open and posting["value"] == 0):
            self.state[name].pop(key, None)
            self.made.pop((name, key), None)
        elif account.fold == "fading":
            self.state[name][key] = (posting["fading"], posting["moment"])
            self.made.setdefault((name, key), []).append((posting["amount"], posting["moment"]))
        else:
            self.state[name][key] = posting["value"]

    def fading(self, name: str, key: str, life: float, moment: int) -> tuple[float, float]:
        """A fading sum at a moment, added up posting by posting, and how far off one may be: 1e-12
        of the fading sum of absolute amounts (and 1e-50 for blocks of 256 half-lives let go)."""
        made = [(amount, 2.0 ** ((at - moment) / life)) for amount, at in self.made.get((name, key), ())]
        allowed = 1e-12 * fsum(abs(amount) * weight for amount, weight in made) + 1e-50
        return fsum(amount * weight for amount, weight in made), allowed


def same(fold: Fold, standing: Standing, taken: Collection[tuple[str, str]]) -> None:
    """Whole values are equal; fading ones just posted are near each other and the sum worked out."""
    for name, account in standing.accounts.items():
        if account.fold != "fading":
            assert fold.state[name] == standing.state[name]
            continue
        assert fold.state[name].keys() == standing.state[name].keys()
    for name, key in taken:
        found = standing.state[name].get(key)
        if isinstance(found, tuple):
            life = fold.half_lives[standing.accounts[name].half_life or ""]
            exact, allowed = standing.fading(name, key, life, found[1])
            assert fold.state[name][key][1] == found[1]
            assert abs(fold.state[name][key][0] - found[0]) <= allowed
            assert abs(exact - found[0]) <= allowed


def as_of(books: Journal, fold: Fold, standing: Standing, later: int) -> None:
    """What a reader of the columns sees some time after the last event."""
    for account in books.table.accounts:
        for key in [*list(fold.state[account.name])[:5], "nobody"]:
            read = books.values(account.name, key, [later])[0]
            if account.fold == "fading":
                life = fold.half_lives[account.half_life or ""]
                exact, allowed = standing.fading(account.name, key, life, later)
                assert abs(read - exact) <= allowed
                assert abs(read - fold.fading(account.name, key, later)) <= allowed
            elif account.fold == "sum":
                assert read == fold.sum(account.name, key)
            else:
                assert read == fold.last(account.name, key)


def agree(table: Table, events: list[Event], half_lives: Mapping[str, float]) -> None:
    """Both folds of a history at every position; or both refuse a sum of it."""
    fold = Fold(table, half_lives)
    try:
        books = journal(table, frames_of(events, needed(table)), half_lives)
    except Overflow:
        with pytest.raises(Overflow):
            fold.steps(events)
        return
    postings = defaultdict(list)
    for posting in books.postings().iter_rows(named=True):
        postings[posting["position"]].append(posting)
    standing = Standing(table)
    for event in events:
        fold.step(event)
        for posting in postings[event.position]:
            standing.take(posting)
        same(fold, standing, {(posting["account"], posting["key"]) for posting in postings[event.position]})
        if event.position in {1, len(events) // 2}:
            assert books.state(event.position) == standing.state
    assert books.state(len(events)) == standing.state
    as_of(books, fold, standing, events[-1].moment + 3)
