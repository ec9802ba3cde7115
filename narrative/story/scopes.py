"""How far news reaches: the actors it names, those of their sector, or every listed one."""

from collections.abc import Iterable, Sequence

from events.fields import Fact
from narrative.story.entries import Seen
from narrative.story.faults import Page, listed
from narrative.story.model import Actor, Role


def reached(actors: Iterable[Actor], fact: Fact) -> tuple[str, ...]:
    """The listed actors that an entry's scope names beside those that the fact does, by id: of a sector all
    that share a role with somebody it names.
    """
    scope = fact.told.scope if fact.told else None
    if scope not in ("sector", "everyone"):
        return ()
    every = tuple(actors)
    named = {getattr(fact, party) for party in fact.parties}
    roles = {role for actor in every if actor.id in named for role in actor.roles}
    return tuple(
        sorted(a.id for a in every if a.listed and (scope == "everyone" or not roles.isdisjoint(a.roles)))
    )


def check_scopes(page: Page, seen: Sequence[Seen], actors: Sequence[Actor], roles: Sequence[Role]) -> None:
    """Notes a fault for each entry whose scope nothing answers: no market reads its kind, or its sector is
    nobody but those it names.
    """
    reading = {kind for role in roles if role.process == "market" for kind in role.reads}
    for one in seen:
        fact = one.entry.fact if one.entry else None
        if fact is None or fact.told is None or fact.told.scope is None:
            continue
        path = (*one.path, "scope")
        named = sorted({getattr(fact, party) for party in fact.parties} - {None})
        if one.kind not in reading:
            remedy = "Let the market read that kind in replay.toml, or leave scope out."
            page.fault(path, f'entry "{one.id}" has a scope, and no market reads a {one.kind}', remedy)
        elif fact.told.scope == "sector" and not set(reached(actors, fact)) - set(named):
            what = (
                f'entry "{one.id}" reaches a sector, and no other listed actor has a role of {listed(named)}'
            )
            page.fault(path, what, "Give those of the sector a role in common, or write everyone.")
