"""Default: who is in it, and whom a record that knows it alive keeps out of it.

An actor is in default from a `Default` of its own until an `Emergence`.
"""

from events.event import OUTSIDE
from events.funding_facts import Default
from narrative.engine.world import World
from narrative.story.keys import names_actors

DEFAULTED = ("defaulted", "emerged")  # the accounts that say who is in default


def in_default(world: World, actor: str) -> bool:
    """Whether an actor is in default as things stand."""
    since = world.fold.last("defaulted", actor)
    if since is None:
        return False
    until = world.fold.last("emerged", actor)
    return until is None or until < since


def in_court(world: World, actor: str) -> bool:
    """Whether an actor is in default, and this history has somebody who settles what it owes."""
    return in_default(world, actor) and has_court(world)


def has_court(world: World) -> bool:
    """Whether this history has somebody who settles what the defaulted owe."""
    return any(part.process == "insolvency" for part in world.parts)


def defaulted(world: World) -> tuple[str, ...]:
    """All who are in default, in the order of the alphabet."""
    return world.cached(DEFAULTED, "defaulted", lambda: _defaulted(world))


def _defaulted(world: World) -> tuple[str, ...]:
    return tuple(sorted(who for who in world.fold.state["defaulted"] if in_default(world, who)))


def spared(world: World, actor: str, now: int) -> bool:
    """Whether the record knows an actor alive later on, and nobody supposed that anything was otherwise:
    then no process finds it in default.
    """
    if world.timeline.suppositions:
        return False
    last = world.cached((), "alive", lambda: _alive(world)).get(actor)
    return last is not None and now < last


def missed(world: World, debtor: str, creditor: str | None, amount: int, now: int) -> Default | None:
    """The default of who cannot pay what is due; None for nothing due, for one who is in default already, or
    whom the record knows alive.
    """
    if amount <= 0 or debtor == OUTSIDE or in_default(world, debtor) or spared(world, debtor, now):
        return None
    return Default(debtor=debtor, creditor=creditor, amount=amount, moment=now)


def _alive(world: World) -> dict[str, int]:
    """The last moment at which the record tells a deed of an actor, a quote or a result of it."""
    last: dict[str, int] = {}
    for entry in world.timeline.entries:
        if not isinstance(entry.fact, Default):
            for name in names_actors(entry.kind):
                actor = getattr(entry.fact, name)
                if actor is not None and actor != OUTSIDE:
                    last[actor] = entry.moment
    for quote in world.story.quotes:
        last[quote.asset] = max(last.get(quote.asset, quote.moment), quote.moment)
    for result in world.story.results:
        last[result.company] = max(last.get(result.company, result.moment), result.moment)
    return last
