"""Whose money went, or was to go, to whom: one arrow an event, on the rung where the books hold it."""

from collections.abc import Iterable
from functools import cache

from attrs import frozen

from events.books.accounts import Posting, posted
from events.event import OUTSIDE, Event
from events.facts import KINDS
from events.fields import Fact
from narrative.books.table import RUNGS, SUMS, TABLE

# Whose account grows or shrinks by a firm sum gives that money, or gets it.
_GIVES = {("cash", -1), ("committed", 1), ("committed", -1)}
_GETS = {("cash", 1), ("backlog", 1), ("backlog", -1), ("delivered", 1)}


@frozen
class Flow:
    """Money on a rung between two parties; less than nothing where a promise is taken back."""

    giver: str
    taker: str
    rung: str
    amount: int


def ends(fact: Fact) -> tuple[str | None, str | None]:
    """The giver and taker of a fact's money; in a kind without money the acting party and the other one."""
    kind = type(fact).__name__
    nobody = OUTSIDE if money_rows(kind) else None
    giver, taker = (getattr(fact, name) if name else nobody for name in named(kind))
    return giver, taker


@cache
def named(kind: str) -> tuple[str | None, str | None]:
    """The fields in which `ends` finds the two, by the posting table; None where a kind has no such field."""
    firm = [row for row in TABLE.rows(kind) if row.value == "amount"]
    giver = next((row.key[0] for row in firm if (row.account, row.sign) in _GIVES), None)
    taker = next((row.key[0] for row in firm if (row.account, row.sign) in _GETS), None)
    acting, other, *_ = (*KINDS[kind].parties, None, None)
    if giver is None:  # a delivery moves none of the buyer's accounts, and words nobody's
        giver = other if taker == acting else acting
    if taker is None:
        taker = other if giver == acting else acting
    return None if giver == f"={OUTSIDE}" else giver, taker


def promised(events: Iterable[Event]) -> dict[str, tuple[str, str]]:
    """Giver and taker of what each entry promised or moved."""
    found: dict[str, tuple[str, str]] = {}
    for event in events:
        moved = flow(event.fact) if event.fact.told else None
        if moved and event.fact.told:
            found.setdefault(event.fact.told.entry, (moved.giver, moved.taker))
    return found


def flow(fact: Fact) -> Flow | None:
    """The money of a fact by the posting table, or None. Cash that moves stands on `paid`, loans too."""
    rows = money_rows(type(fact).__name__)
    if not rows:
        return None
    giver, taker = ends(fact)
    sums = {account: amount for account, _, amount in posted(rows, fact)}
    for rung in ("delivered", "paid", "committed", "announced"):
        if sums.get(rung):
            return Flow(giver or OUTSIDE, taker or OUTSIDE, rung, sums[rung])
    moved = abs(sums.get("cash", 0))
    return Flow(giver or OUTSIDE, taker or OUTSIDE, "paid", moved) if moved else None


@cache
def money_rows(kind: str) -> tuple[Posting, ...]:
    """The rows of a kind that move money or promise it; none where it does neither, as an opening balance."""
    held = {*RUNGS, "cash"}
    return tuple(row for row in TABLE.rows(kind) if row.account in held and row.value in SUMS)
