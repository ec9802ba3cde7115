"""Trying a supposition on the books before anything is written: the record alone is told under it.

What processes will add is not known yet, so this finds what the record and the supposition break
between them: sums beyond what is exact, and more taken out of an order, a loan or a call than went in.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import inf

from attrs import frozen

from events.errors import Overflow
from events.event import Draft, Event
from events.facts import OPENS, Delivery, Retraction
from events.record_facts import Supposition, Withheld
from narrative.books.table import HOLDING, TABLE, UNITS
from narrative.engine.processes import telling
from narrative.engine.world import World
from narrative.story.cast import Part
from narrative.story.faults import did_you_mean
from narrative.story.model import Entry, Unit
from narrative.story.sums import HELD, counted_twice
from narrative.story.supposition import Supposed

_TELLING = Part("telling", "story")

# Account, key and the sum it would come to, by the entry that takes it there.
Below = dict[tuple[str, str], tuple[str, int]]


@frozen
class Break:
    """An entry that the books cannot take, what is wrong with it, and the remedy."""

    entry: str
    what: str
    meant: str


def breaks(world: World, supposed: Supposed, at: int, plain: World) -> list[Break]:
    """The entries that the books cannot take when the record is told under a supposition, a break each.

    Both worlds are of the history at the fork or, where it was not lived so far, before it; `plain`
    supposes nothing. Both are used up.
    """
    for moment, _, draft in _told(world, until=at):
        _post(world, moment, draft)
    _post(world, at, Draft("story", Supposition(text=supposed.dump()), "supposed"))
    asked = {entry.id for entry in (*supposed.inject, *supposed.change)}
    was = plain.timeline.named
    found: list[Break] = []
    below: Below = {}
    for moment, name, draft in _told(world):
        if name in asked and draft.fact.told is not None:
            entry = world.timeline.named[name]
            found += (
                _unopened(world, entry, moment)
                or _untold(world, entry)
                or _twice(world, entry)
                or _beyond(world, entry, was.get(name))
            )
        try:
            _post(world, moment, draft)
        except Overflow as error:
            what = f" does not fit the books: {str(error).partition(';')[0]}"
            return [*found, Break(name, what, "Lower its sum.")]
        _look(world, name, draft, below)
    if below:
        found += _overdrawn(world.story.money, below, plain)
    return list({one.entry: one for one in reversed(found)}.values())  # of each entry what is said first


def _told(world: World, until: float = inf) -> Iterator[tuple[int, str, Draft]]:
    """The drafts of all that is still to be told, up to `until`, each with its moment and entry. Whoever asks
    posts each draft before asking for the next.
    """
    for moment in sorted({e.moment for e in world.timeline.entries if world.moment < e.moment <= until}):
        for act in telling.decide(world, _TELLING, moment):
            for name, draft in _owned(act):
                yield moment, name, draft


def _owned(act: Sequence[Draft]) -> list[tuple[str, Draft]]:
    """Drafts with the entry each belongs to: what is undone comes before the fact that replaces it."""
    found: list[tuple[str, Draft]] = []
    name = ""
    for draft in reversed(act):
        if draft.fact.told is not None:
            name = draft.fact.told.entry
        elif isinstance(draft.fact, Withheld):
            name = draft.fact.entry
        found.append((name, draft))
    return found[::-1]


def _post(world: World, moment: int, draft: Draft) -> None:
    kind = type(draft.fact).__name__
    world.step(Event(world.position + 1, moment, kind, draft.origin, draft.actor, (), draft.fact, b""))


def _unopened(world: World, entry: Entry, moment: int) -> list[Break]:
    """Orders, loans and calls that an entry is of and that nobody has opened by then."""
    found = []
    for field in entry.fact.rests_on:
        name = getattr(entry.fact, field)
        if name is None:
            continue
        opened = {
            getattr(other.fact, field)
            for other in world.timeline.entries
            if OPENS.get(other.kind) == field
            and other.moment <= moment
            and other.id not in world.timeline.withheld
        }
        opened |= world.fold.state[HOLDING[field]].keys()
        if name not in opened:
            remedy = did_you_mean(name, opened, f"Leave {field} out, or inject what opens it.")
            found.append(Break(entry.id, f' is of {field} "{name}", which nothing opens before', remedy))
    return found


def _untold(world: World, entry: Entry) -> list[Break]:
    """A break where an entry takes back another that has not been told by then; else empty."""
    of = entry.fact.of if isinstance(entry.fact, Retraction) else None
    if of is None or of in world.told:
        return []
    remedy = did_you_mean(of, world.told, "Name an earlier entry by its id, or leave `of` out.")
    return [Break(entry.id, f' takes back "{of}", which nothing tells before', remedy)]


def _twice(world: World, entry: Entry) -> list[Break]:
    """All that would count twice by a link of an entry, a break each."""
    return [Break(entry.id, what, meant) for _, what, meant in counted_twice(entry, world.timeline.named)]


def _beyond(world: World, entry: Entry, before: Entry | None) -> list[Break]:
    """A delivery of more than is outstanding, which the record may tell and a supposition may not ask."""
    fact = entry.fact
    if not isinstance(fact, Delivery) or not fact.amount or not fact.order:
        return []
    known = before.fact if before is not None else None
    if isinstance(known, Delivery) and (known.amount, known.order) == (fact.amount, fact.order):
        return []
    left = world.fold.sum("outstanding", fact.order)
    if fact.amount <= left:
        return []
    unit = world.story.money
    what = (
        f" delivers {_sum(fact.amount, unit)} of order {fact.order}, "
        f"of which {_sum(left, unit)} is outstanding"
    )
    return [Break(entry.id, what, "What goes beyond it stands in `unattributed`.")]


def _look(world: World, name: str, draft: Draft, below: Below) -> None:
    """Note what a draft just posted took below nothing."""
    touched = TABLE.touched(type(draft.fact).__name__)
    for account in filter(touched.__contains__, HELD):
        for key, value in world.fold.state[account].items():
            if value < 0:
                below.setdefault((account, key), (name, value))


def _overdrawn(unit: Unit, below: Below, plain: World) -> list[Break]:
    """A break for each account and key below nothing under the supposition and not without it."""
    before: Below = {(a, key): ("", v) for a in HELD for key, v in plain.fold.state[a].items() if v < 0}
    for moment, name, draft in _told(plain):
        _post(plain, moment, draft)
        _look(plain, name, draft, before)
    return [
        Break(
            name,
            f" would take {account} of {key} to {_left(account, value, unit)}: more goes out than came in",
            "Lower its sum, or go without it too.",
        )
        for (account, key), (name, value) in below.items()
        if (account, key) not in before
    ]


def _left(account: str, value: int, unit: Unit) -> str:
    return f"{value:,} shares" if UNITS[account] == "shares" else _sum(value, unit)


def _sum(value: int, unit: Unit) -> str:
    return f"{Decimal(value).scaleb(-unit.digits):,f} {unit.currency}"
