"""Drafts to events and rows: where a moment's facts get their positions, causes and digests."""

from collections.abc import Sequence

from events.blocks import Names
from events.branch import Tip
from events.codec import chain, encode, kind_of
from events.errors import BadFact
from events.event import ORIGINS, Act, Event
from events.fact import LIMIT, Fact
from events.stores import Stored, address


def place(names: Names, tip: Tip, moment: int, acts: Sequence[Act]) -> tuple[list[Event], list[Stored]]:
    """The events of a moment that is to follow a branch's end, and their rows. Changes neither."""
    position, digest, base = tip.position, tip.digest, address(tip.row.id, 0)
    if not -LIMIT <= moment <= LIMIT:
        raise BadFact(f"{moment} is no moment: it lies further from 1970 than 2**53 seconds.")
    known = names.known
    events: list[Event] = []
    rows: list[Stored] = []
    for act in acts:
        before = position
        for draft in act:
            position += 1
            fact, origin, actor, causes = draft.fact, draft.origin, draft.actor, draft.causes
            number, stamp, kind = known.get((type(fact), origin, actor)) or _name(names, fact, origin, actor)
            if causes or draft.within:
                causes = _causes(tip.position, before, position, causes, draft.within)
            text = ",".join(map(str, causes)) if causes else ""
            body = encode(fact)
            digest = chain(digest, position, moment, stamp, origin, actor, text, body)
            rows.append((base + position, moment, number, text, body, digest))
            events.append(Event(position, moment, kind, origin, actor, causes, fact, digest))
    return events, rows


def _name(names: Names, fact: Fact, origin: str, actor: str) -> tuple[int, str, str]:
    if origin not in ORIGINS:
        raise BadFact(f'"{origin}" is no origin of a fact; it is one of {", ".join(ORIGINS)}.')
    if not actor or not actor.isprintable():
        raise BadFact(f"{actor!r} cannot be the actor of a fact; name one.")
    stamp = kind_of(fact)
    number = names.numbers.get((stamp, origin, actor)) or names.add(stamp, origin, actor)
    names.known[type(fact), origin, actor] = found = (number, stamp, stamp.partition("@")[0])
    return found


def _causes(
    known: int, before: int, position: int, causes: tuple[int, ...], within: tuple[int, ...]
) -> tuple[int, ...]:
    inside = tuple([before + 1 + offset for offset in within])
    earlier = not causes or (min(causes) >= 1 and max(causes) <= known)
    if not earlier or (inside and (min(inside) <= before or max(inside) >= position)):
        raise BadFact(
            f"A fact names causes {causes} and, within its act, {within}; a cause is an event before "
            f"its moment (1 to {known}) or an earlier fact of its own act."
        )
    return causes + inside
