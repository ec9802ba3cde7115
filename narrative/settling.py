"""Closing a moment: who may spend what.

Told acts come first and are never refused. The others follow by (process, actor, index); each may
spend what its purses held when the moment opened, less what was spent before it in this moment,
plus its own inflows. An act that cannot pay becomes one Refusal; nothing of it is appended.
"""

from collections.abc import Sequence

from attrs import frozen

from events.event import Act, Draft
from events.fact import Fact
from events.facts import KINDS, Refusal
from narrative.books import OUTSIDE, TABLE
from narrative.cast import Part
from narrative.world import World

# By class of fact, each purse it touches (a field, or a constant), by which field and which way.
_CASH = {
    KINDS[kind]: tuple(
        (row.key[0], str(row.value), row.sign) for row in TABLE.rows(kind) if row.account == "cash"
    )
    for kind in sorted({row.kind for row in TABLE.postings if row.account == "cash"})
}


@frozen
class Noted:
    """One act as a part noted it."""

    part: Part
    index: int
    act: Act


def settle(world: World, notes: Sequence[Noted]) -> list[Act]:
    """The acts that stand, in the order in which they are appended."""
    told = [noted for noted in notes if noted.part.process == "telling"]
    others = sorted(
        (noted for noted in notes if noted.part.process != "telling"),
        key=lambda noted: (noted.part.process, noted.part.actor, noted.part.name, noted.index),
    )
    spent: dict[str, int] = {}
    stand: list[Act] = []
    for noted in [*told, *others]:
        moved = purses(noted.act)
        refusal = None
        if moved and noted.part.process != "telling":
            refusal = _refused(world, noted, moved, spent)
        if refusal is not None:
            stand.append((Draft(noted.part.actor, refusal),))
            continue
        stand.append(noted.act)
        for purse, (out, into) in moved.items():
            spent[purse] = spent.get(purse, 0) + max(out - into, 0)
    return stand


def _refused(
    world: World, noted: Noted, moved: dict[str, tuple[int, int]], spent: dict[str, int]
) -> Refusal | None:
    for purse, (out, into) in sorted(moved.items()):
        held = world.fold.sum("cash", purse) - spent.get(purse, 0)
        if purse != OUTSIDE and out > into and out > held + into:
            kind = type(noted.act[0].fact).__name__
            return Refusal(process=noted.part.process, kind=kind, purse=purse, needed=out - into, held=held)
    return None


def purses(act: Act) -> dict[str, tuple[int, int]]:
    """Cash out and cash in, by purse, of an act."""
    found: dict[str, tuple[int, int]] = {}
    for draft in act:
        for purse, amount in cash_moves(draft.fact):
            out, into = found.get(purse, (0, 0))
            found[purse] = (out - amount, into) if amount < 0 else (out, into + amount)
    return found


def cash_moves(fact: Fact) -> list[tuple[str, int]]:
    """What a fact adds to which purse, by the posting table."""
    found = []
    for key, field, sign in _CASH.get(type(fact), ()):
        amount = getattr(fact, field)
        purse = key[1:] if key[0] == "=" else getattr(fact, key)
        if amount is not None and purse is not None:
            found.append((purse, sign * amount))
    return found
