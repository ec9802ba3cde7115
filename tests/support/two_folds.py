"""Both folds of one history, compared after every event."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from math import fsum
from typing import Any

import polars as pl
import pytest

from events.books.accounts import Fold, State, Table
from events.books.frames import postings
from events.books.journal import FOLDED, Journal, journal
from events.codec import encode, kind_of
from events.errors import Overflow
from events.event import Event


def posted(table: Table, events: Sequence[Event]) -> pl.DataFrame:
    """The postings that the columns make of events in memory."""
    stamps = sorted({kind_of(event.fact) for event in events})
    named = {number: (stamp, "modelled", "someone") for number, stamp in enumerate(stamps)}
    numbers = [stamps.index(kind_of(event.fact)) for event in events]
    moments, bodies = [event.moment for event in events], [encode(event.fact) for event in events]
    nothing = [""] * len(events), [b""] * len(events)
    block = (range(1, len(events) + 1), moments, numbers, nothing[0], bodies, nothing[1])
    return postings([(1, block)], named, table, FOLDED)


def rows(books: Journal) -> Iterator[dict[str, Any]]:
    """Every posting of a journal, account after account, those of one key in order of position."""
    for name, frame in books.accounts.items():
        for row in frame.iter_rows(named=True):
            yield {"account": name, **row}


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
            self.state[name][key] = (posting["value"], posting["moment"])
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


def as_of(fold: Fold, standing: Standing, later: int) -> None:
    """A fading sum read some time after the last event is what its postings add up to by then."""
    for name, account in standing.accounts.items():
        if account.fold == "fading":
            for key in [*list(fold.state[name])[:5], "nobody"]:
                life = fold.half_lives[account.half_life or ""]
                exact, allowed = standing.fading(name, key, life, later)
                assert abs(fold.fading(name, key, later) - exact) <= allowed


def agree(table: Table, events: list[Event], half_lives: Mapping[str, float]) -> None:
    """Both folds of a history at every position; or both refuse a sum of it."""
    fold = Fold(table, half_lives)
    try:
        books = journal(table, posted(table, events), half_lives)
    except Overflow:
        with pytest.raises(Overflow):
            fold.steps(events)
        return
    by_position = defaultdict(list)
    for row in rows(books):
        by_position[row["position"]].append(row)
    standing = Standing(table)
    for event in events:
        fold.step(event)
        for row in by_position[event.position]:
            standing.take(row)
        same(fold, standing, {(row["account"], row["key"]) for row in by_position[event.position]})
        if event.position in {1, len(events) // 2}:
            assert books.state(event.position) == standing.state
    assert books.state(len(events)) == standing.state
    as_of(fold, standing, events[-1].moment + 3)
