"""Closing a moment: who may spend what.

Told acts come first and are never refused. The others follow by (process, actor, index); each may
spend what its purses held when the moment opened, less what was spent before it in this moment,
plus its own inflows. A purse of which the story does not say what it opened with is not spent,
whatever came in since. What is left of an order, a loan or a call is watched as a purse is, and so is
a stake: who sells short borrows the shares first, in the same act or before. An act for more than
there is becomes one Refusal; nothing of it is appended.
"""

from collections.abc import Sequence

from attrs import frozen

from events.books.accounts import posted
from events.event import OUTSIDE, Act, Draft
from events.record_facts import Refusal
from narrative.books.table import TABLE
from narrative.engine.world import World
from narrative.story.cast import Part

# A log price may be below nothing, whether it is open or not.
_WATCHED = {a.name for a in TABLE.accounts if (a.open and a.unit != "ln") or a.spent}
_ROWS = {
    kind: tuple(row for row in TABLE.rows(kind) if row.account in _WATCHED)
    for kind in sorted({row.kind for row in TABLE.postings if row.account in _WATCHED})
}

Moves = dict[tuple[str, str], tuple[int, int]]  # (account, key) -> (out, in)


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
    spent: dict[tuple[str, str], int] = {}
    stand: list[Act] = []
    for noted in [*told, *others]:
        moved = moves(noted.act)
        refusal = None
        if moved and noted.part.process != "telling":
            refusal = _refused(world, noted, moved, spent)
        if refusal is not None:
            stand.append((Draft(noted.part.actor, refusal),))
            continue
        stand.append(noted.act)
        for place, (out, into) in moved.items():
            spent[place] = spent.get(place, 0) + max(out - into, 0)
    return stand


def _refused(world: World, noted: Noted, moved: Moves, spent: dict[tuple[str, str], int]) -> Refusal | None:
    for (account, key), (out, into) in sorted(moved.items()):
        holder = key.partition("/")[0]
        if out <= into or holder == OUTSIDE:
            continue
        known = account != "cash" or (key, "cash") in world.known
        held = world.fold.sum(account, key) - spent.get((account, key), 0) if known else 0
        if out > held + into:
            return Refusal(
                process=noted.part.process,
                kind=type(noted.act[0].fact).__name__,
                purse=holder,
                account=None if account == "cash" else account,
                needed=out - into,
                held=held,
            )
    return None


def moves(act: Act) -> Moves:
    """The sums that an act takes out and puts in, both 0 or more, by watched account and key."""
    found: Moves = {}
    for draft in act:
        for account, key, amount in posted(_ROWS.get(type(draft.fact).__name__, ()), draft.fact):
            out, into = found.get((account, key), (0, 0))
            found[account, key] = (out - amount, into) if amount < 0 else (out, into + amount)
    return found
