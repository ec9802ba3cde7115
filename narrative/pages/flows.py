"""Whose money went, or was to go, to whom: one arrow an event, on the rung where the books hold it."""

from collections.abc import Iterable

from attrs import frozen

from events.books.accounts import posted
from events.event import OUTSIDE, Event
from events.fields import Fact
from narrative.analysis.circle import parties
from narrative.analysis.replay import RUNGS
from narrative.books.table import TABLE

# The fields that name who gives money and who gets it. Kinds that are not here move and promise none.
_WAYS = {
    "Announcement": ("subject", "counterparty"),
    "Retraction": ("subject", "counterparty"),
    "Order": ("buyer", "seller"),
    "Cancellation": ("buyer", "seller"),
    "Delivery": ("buyer", "seller"),
    "Payment": ("payer", "payee"),
    "Sale": (None, "seller"),
    "Investment": ("investor", "company"),
    "Trade": ("buyer", "seller"),
    "Funding": ("investor", "company"),
    "Loan": ("lender", "borrower"),
    "Repayment": ("borrower", "lender"),
    "Clearing": ("payer", "payee"),
}


@frozen
class Flow:
    """Money on a rung between two parties; less than nothing where a promise is taken back."""

    giver: str
    taker: str
    rung: str
    amount: int


def ends(fact: Fact) -> tuple[str | None, str | None]:
    """Who gives money and who gets it; in a kind without money the acting party and the other one."""
    if type(fact).__name__ not in _WAYS:
        acting, other, *_ = (*parties(fact), None, None)
        return acting, other
    giver, taker = (getattr(fact, name) if name else OUTSIDE for name in _WAYS[type(fact).__name__])
    return giver, taker


def named(kind: type[Fact]) -> tuple[str | None, str | None]:
    """The fields in which `ends` finds the two; None where a kind has no such field."""
    acting, other, *_ = (*kind.parties, None, None)
    return _WAYS.get(kind.__name__, (acting, other))


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
    kind = type(fact).__name__
    if kind not in _WAYS:
        return None
    giver, taker = ends(fact)
    sums = {account: amount for account, _, amount in posted(_ROWS[kind], fact)}
    for rung in ("delivered", "paid", "committed", "announced"):
        if sums.get(rung):
            return Flow(giver or OUTSIDE, taker or OUTSIDE, rung, sums[rung])
    moved = abs(sums.get("cash", 0))
    return Flow(giver or OUTSIDE, taker or OUTSIDE, "paid", moved) if moved else None


_ROWS = {
    kind: tuple(row for row in TABLE.rows(kind) if row.account in {*RUNGS, "cash"} and row.sign)
    for kind in _WAYS
}
