"""Tells the timeline's entries when their moment comes."""

from bisect import bisect_right
from collections.abc import Mapping

from attrs import evolve

from events.event import Act, Draft
from events.fact import Fact
from events.facts import Cancellation, Delivery, Order, Retraction, Withheld
from narrative.cast import Part
from narrative.scenario import Entry
from narrative.world import World

ACCOUNTS = ("timeline",)


def due(world: World, part: Part, now: int) -> int | None:  # noqa: ARG001  # the timeline has one teller
    """The moment of the next entry after now."""
    entries = world.timeline
    index = bisect_right(entries, now, key=lambda entry: entry.moment)
    return entries[index].moment if index < len(entries) else None


def decide(world: World, part: Part, now: int) -> list[Act]:  # noqa: ARG001  # as above
    """One act: all entries of the moment in the order of the timeline, so that one can name another."""
    entries = world.timeline
    first = bisect_right(entries, now - 1, key=lambda entry: entry.moment)
    last = bisect_right(entries, now, key=lambda entry: entry.moment)
    drafts: list[Draft] = []
    here: dict[str, int] = {}  # entry told in this moment -> offset
    for entry in entries[first:last]:
        drafts += _tell(world, entry, here, len(drafts))
        here[entry.id] = len(drafts) - 1
    return [tuple(drafts)]


def _tell(world: World, entry: Entry, here: Mapping[str, int], offset: int) -> list[Draft]:
    reason = world.withheld.get(entry.id) or _impossible(world, entry)
    if reason:
        return [Draft(entry.actor, Withheld(entry=entry.id, reason=reason), "supposed")]
    origin = "supposed" if entry.id in world.supposed else "recorded"
    undone = [
        Draft(entry.actor, fact, origin, causes=(world.told[link.id],))
        for link in entry.links
        if link.kind == "replaces" and link.id in world.told
        for fact in _undo(world, link.id)
    ]
    linked = {link.id for link in entry.links}
    causes = tuple(sorted({world.told[name] for name in linked if name in world.told}))
    within = {here[name] for name in linked if name in here} | {offset + i for i in range(len(undone))}
    fact = _attributed(world, entry.fact)
    return [*undone, Draft(entry.actor, fact, origin, causes=causes, within=tuple(sorted(within)))]


def _impossible(world: World, entry: Entry) -> str | None:
    """Why an entry of the record cannot happen in this history: its payer or subject has defaulted."""
    first = getattr(entry.fact, entry.fact.parties[0]) if entry.fact.parties else None
    if first is None or world.fold.last("defaulted", first) is None:
        return None
    return f"{first} is in default"


def _undo(world: World, replaced: str) -> list[Fact]:
    """What has to be taken back so that a replaced entry's money is counted once."""
    fact = world.entries[replaced].fact
    found: list[Fact] = []
    ceiling = (getattr(fact, "ceiling", None) or 0) - world.fold.sum("retracted", replaced)
    if ceiling > 0:
        found.append(Retraction(subject=getattr(fact, fact.parties[0]), of=replaced, ceiling=ceiling))
    if isinstance(fact, Order):
        outstanding = world.fold.sum("outstanding", fact.order)
        if outstanding:
            found.append(
                Cancellation(buyer=fact.buyer, seller=fact.seller, order=fact.order, amount=outstanding)
            )
    return found


def _attributed(world: World, fact: Fact) -> Fact:
    """A delivery beyond what is outstanding of its order is unattributed, never a negative backlog."""
    if not isinstance(fact, Delivery) or fact.amount is None:
        return fact
    matched = min(fact.amount, world.fold.sum("outstanding", fact.order) if fact.order else 0)
    rest = fact.amount - matched
    return evolve(fact, amount=matched or None, unattributed=(fact.unattributed or 0) + rest or None)
