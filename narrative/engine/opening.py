"""The opening moment: the whole story, then one Endowment an actor and opening account."""

from attrs import fields

from events.event import Act, Draft
from events.fields import Told
from events.record_facts import Endowment, Opening
from narrative.story.model import Balance, Story

MODEL = "3"  # of the processes: a history lived by another model says so when it is lived on


def opening_acts(story: Story, *, seed: int, cast: str) -> list[Act]:
    """The acts of a history's first moment."""
    opening = Opening(
        story=story.id, edition=story.edition, model=MODEL, seed=seed, cast=cast, text=story.dump()
    )
    endowments = [
        Draft(actor.id, _endowment(actor.id, balance, opened), "recorded")
        for actor in story.actors
        for balance in actor.opening
        if (opened := balance.opened(cast)) is not None and balance.account in ENDOWED
    ]
    return [(Draft("story", opening, "recorded"),), *((draft,) for draft in endowments)]


ENDOWED = frozenset(a.name for a in fields(Endowment)) - {"told", "holder", "asset"}


def _endowment(holder: str, balance: Balance, opened: int) -> Endowment:
    told = Told(
        entry=f"opening:{holder}:{balance.account}",
        headline=f"{holder} opens with {balance.account}",
        source="assumed: unknown to the record" if balance.unknown else balance.source,
        confidence="assumption" if balance.unknown else balance.confidence,
        url=balance.url,
        note=balance.note,
    )
    return Endowment(told=told, holder=holder, asset=balance.asset, **{balance.account: opened})
