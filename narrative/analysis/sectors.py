"""Transactions and balances, sector by sector: matrices that add up to the last unit.

Transactions of a span, a row a kind of them: each row sums to zero, since one gets what another pays, and
with the changes in loans and cash each column does too. Balances before and after, a row a claim: each row
sums to zero, since one owes what another holds; opening + flows + revaluation = closing (Godley and Lavoie
2007). An announcement moves no flow: whatever it does stands in the revaluation of shares.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import takewhile
from typing import Any

from attrs import frozen

from events.books.accounts import Posting, posted
from events.errors import Wrong
from events.event import OUTSIDE, Event
from events.funding_facts import ShareLoan, ShareReturn
from events.record_facts import Endowment
from narrative.analysis.history import BadSpan, History, means_position, place, position_of, story_of
from narrative.books.table import TABLE
from narrative.engine.world import World
from narrative.story.model import INDEX, Story
from narrative.text.numbers import short

# The rows of transactions by the kinds that make them; another kind is a row of its own.
ROWS = {
    "Payment": "goods and services",
    "Sale": "sales outside",
    "Interest": "interest",
    "Dividend": "dividends",
    "Investment": "new stakes",
    "Funding": "new stakes",
    "Trade": "shares traded",
    "ShareLoan": "borrowing fees",
    "ShareReturn": "borrowing fees",
}
STAKES = frozenset({"Investment", "Funding", "Trade"})
BY = ("role", "actor")
LENT = {"ShareLoan": 1, "ShareReturn": -1}  # shares that change hands for no money, to be given back
CHANGES = {"loans": "change in loans", "margins": "change in margins", "cash": "change in cash"}
# The claim that each account is part of; loans are what one lent less what one owes.
_CLAIMS = {"cash": ("cash", 1), "lent": ("loans", 1), "debt": ("loans", -1)}
_BETWEEN = {"short_margin": "margins"}  # of whoever stands first in the key on whoever stands second

Cells = Mapping[str, int]  # by actor or sector, in the smallest unit
Claims = Mapping[str, Cells]


@frozen
class Held:
    """A sector's claims of one kind before and after a span, in the smallest unit; below zero it owes."""

    claim: str
    sector: str
    opening: int
    flows: int
    closing: int

    @property
    def revaluation(self) -> int:
        """The part of the change that no transaction made."""
        return self.closing - self.opening - self.flows


@frozen
class Matrices:
    """The transactions of a span by row and sector, and the balances at its ends."""

    transactions: Mapping[str, Cells]
    balances: tuple[Held, ...]


def matrices(
    events: Sequence[Event], first: int, since: int, until: int, columns: Mapping[str, str]
) -> Matrices:
    """The matrices of the events from position `first` on, of a history whole from its opening. Shares are
    valued at the moments `since` and `until`; `columns` gives each party's sector.
    """
    world = World(events[0])
    for event in events[1 : first - 1]:
        world.step(event)
    opening = claims(world, since)
    rows: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    moved: dict[str, dict[str, int]] = {claim: defaultdict(int) for claim in opening}
    for event in events[max(first - 1, 1) :]:
        world.step(event)
        for claim, party, amount in _posted(event):
            moved[claim][party] += amount
            rows[ROWS.get(event.kind, event.kind.lower())][party] += amount
            if event.kind in STAKES:
                moved["shares"][party] -= amount
        for claim, party, amount in _lent(event):
            moved[claim][party] += amount
    closing = claims(world, until)
    for claim, row in CHANGES.items():  # by the accounts, which the rows above must meet
        for party in {*opening[claim], *closing[claim]}:
            rows[row][party] = opening[claim].get(party, 0) - closing[claim].get(party, 0)
    summed = {row: _summed(rows[row], columns) for row in sorted(rows, key=_order)}
    return Matrices(
        transactions={row: cells for row, cells in summed.items() if cells},
        balances=tuple(_balances(opening, moved, closing, columns)),
    )


def _order(row: str) -> tuple[int, str]:
    """Rows in the order of ROWS, then others by name, then the changes."""
    known = [*dict.fromkeys(ROWS.values())]
    return (known.index(row) if row in known else len(known) + (row in CHANGES.values())), row


def _posted(event: Event) -> Iterable[tuple[str, str, int]]:
    """(claim, party, amount) of each posting of an event that makes a claim grow or shrink."""
    for account, key, amount in posted(_rows(event.kind), event.fact):
        if account in _BETWEEN:
            owner, other, *_ = key.split("/")
            yield from ((_BETWEEN[account], owner, amount), (_BETWEEN[account], other, -amount))
        else:
            claim, sign = _CLAIMS[account]
            yield claim, key, sign * amount


def _lent(event: Event) -> Iterable[tuple[str, str, int]]:
    """(claim, party, amount) of shares that are lent or given back, at their worth then: whoever gets them
    owes as many.
    """
    fact = event.fact
    if isinstance(fact, ShareLoan | ShareReturn) and fact.worth:
        worth = LENT[event.kind] * fact.worth
        for claim, sign in (("shares", 1), ("shares lent", -1)):
            yield from ((claim, fact.borrower, sign * worth), (claim, fact.lender, -sign * worth))


@cache
def _rows(kind: str) -> tuple[Posting, ...]:
    return tuple(row for row in TABLE.rows(kind) if row.account in _CLAIMS or row.account in _BETWEEN)


def claims(world: World, at: int) -> Claims:
    """Cash, loans, shares, shares lent and margins left for them of every party at a moment. Each sums to
    zero: `outside` has the other side of every opening, and a company owes its shares. No goods are in them.
    """
    found: dict[str, dict[str, int]] = {"cash": defaultdict(int), "loans": defaultdict(int)}
    for account, (claim, sign) in _CLAIMS.items():
        for party, amount in world.fold.state[account].items():
            found[claim][party] += sign * amount
    shares: dict[str, int] = defaultdict(int)
    for actor in world.story.actors:
        for holder, worth in holders_of_value(world, actor.id, at).items():
            shares[holder] += worth
            shares[actor.id] -= worth
    lent: dict[str, int] = defaultdict(int)
    for borrower, lender, worth in lent_shares(world, at):
        lent[borrower] -= worth
        lent[lender] += worth
    margins: dict[str, int] = defaultdict(int)
    for account in _BETWEEN:
        for key, amount in world.fold.state[account].items():
            owner, other, *_ = key.split("/")
            margins[owner] += amount
            margins[other] -= amount
    return {**found, "shares": shares, "shares lent": lent, "margins": margins}


def lent_shares(world: World, at: int) -> Iterator[tuple[str, str, int]]:
    """(borrower, lender, worth) of shares lent, at their price at a moment, in the smallest unit."""
    for key in sorted(world.fold.state["borrowed"]):
        borrower, lender, asset = key.split("/")
        price = world.readings.price(asset, at) or 0.0
        yield borrower, lender, round(world.fold.sum("borrowed", key) * price)


def holders_of_value(world: World, company: str, at: int) -> Cells:
    """The worth of each party's shares of a company, which add up to its value: by counted shares where they
    are counted; else by what was put in, at cost or, where the whole is worth less, as a part of that.
    """
    value = world.readings.value(company, at)
    weights = _weights(world, "stake", company)
    if not value or min(weights.values(), default=-1) < 0:
        weights = {}
    if weights:
        return parted(value or 0, weights)
    put_in = {party: sum_ for party, sum_ in _weights(world, "invested", company).items() if sum_ > 0}
    cost = sum(put_in.values())
    if value is not None and value >= cost:
        return {**put_in, OUTSIDE: put_in.get(OUTSIDE, 0) + value - cost}
    return parted(cost if value is None else value, put_in)


def _weights(world: World, account: str, company: str) -> dict[str, int]:
    held = {}
    for key, amount in world.fold.state[account].items():
        party, _, of = key.partition("/")
        if of == company and amount:
            held[party] = amount
    return held


def parted(whole: int, weights: Cells) -> dict[str, int]:
    """A whole parted by weights in whole units that add up to it: of those that rounding down leaves, each of
    the largest remainders gets one, of equal ones the first by name.
    """
    total = sum(weights.values())
    if not total:
        return {}
    found = {party: whole * weight // total for party, weight in weights.items()}
    left = whole - sum(found.values())
    by_remainder = sorted(weights, key=lambda party: (-(whole * weights[party] % total), party))
    for party in by_remainder[:left]:
        found[party] += 1
    return found


def _summed(cells: Cells, columns: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for party, amount in cells.items():
        found[columns.get(party, party)] += amount
    return {sector: found[sector] for sector in sorted(found) if found[sector]}


def _balances(opening: Claims, moved: Claims, closing: Claims, columns: Mapping[str, str]) -> Iterable[Held]:
    for claim in opening:
        before, flows, after = (_summed(each[claim], columns) for each in (opening, moved, closing))
        for sector in sorted({*before, *flows, *after}):
            yield Held(claim, sector, before.get(sector, 0), flows.get(sector, 0), after.get(sector, 0))


def check_by(by: str) -> None:
    """Raises Wrong for sectors that are neither roles nor actors."""
    if by not in BY:
        raise Wrong(f'"{short(by)}" makes no sectors; it is {" or ".join(BY)}.')


def columns_of(story: Story, *, by: str) -> dict[str, str]:
    """The sector of every actor: itself, or its first role; an index is none."""
    return {
        actor.id: actor.roles[0] if by == "role" and actor.roles else actor.id
        for actor in story.actors
        if INDEX not in actor.roles
    }


def sectored(found: History, since: int | str | None, until: int | str | None, *, by: str) -> dict[str, Any]:
    """The matrices of a history between two dates or positions, both included, as plain data; a column a
    `role` or an `actor`. Raises BadSpan, BadDate and BadPosition.
    """
    story = story_of(found)
    position, moment = place(found, until, story.calendar)
    events = list(found.log.read(found.branch, 1, position))
    first, start = _start(found, story, since, events)
    if first > position + 1 or start > moment:
        end = until or "the end of what was lived"
        raise BadSpan(f"{since} lies after {end}; give the earlier one first.")
    columns = columns_of(story, by=by)
    made = matrices(events, first, start, moment, columns)
    known = {e.fact.holder for e in events if isinstance(e.fact, Endowment) and e.fact.cash is not None}
    return {
        "story": story.id,
        "branch": found.branch,
        "since": story.calendar.iso(start + (since is not None)),
        "until": story.calendar.iso(moment),
        **story.money.plain,
        "by": by,
        "sectors": {
            column: sorted(actor for actor, of in columns.items() if of == column)
            for column in sorted(set(columns.values()))
        },
        "transactions": [{"row": row, "cells": cells} for row, cells in made.transactions.items()],
        "balances": [_plain(held) for held in made.balances],
        "cash_unknown": sorted(columns.keys() - known),
    }


def _plain(held: Held) -> dict[str, Any]:
    return {
        "claim": held.claim,
        "sector": held.sector,
        "opening": held.opening,
        "flows": held.flows,
        "revaluation": held.revaluation,
        "closing": held.closing,
    }


def _start(found: History, story: Story, since: int | str | None, events: Sequence[Event]) -> tuple[int, int]:
    """The position with which a span begins, and the last moment before it: opening balances are no flows."""
    opened = 1 + sum(1 for _ in takewhile(lambda event: event.kind == "Endowment", events[1:]))
    if since is None:
        return opened + 1, events[0].moment
    if isinstance(since, int) or means_position(since):
        first = max(position_of(found, since), opened + 1)
        return first, events[min(first - 1, len(events)) - 1].moment
    moment = story.calendar.written(since, 0)
    first = bisect_left(events, moment, key=lambda event: event.moment) + 1
    return (opened + 1, events[0].moment) if first <= opened else (first, moment - 1)
