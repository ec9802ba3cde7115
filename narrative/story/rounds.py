"""The value of a company by the rounds that a timeline tells, and until when it has no other."""

from collections.abc import Iterable, Mapping, Sequence

from narrative.story.model import Actor, Entry, Story


def priced_since(story: Story) -> Mapping[str, int]:
    """From which moment on a company has a price: its opening where it is listed and its value known, else
    its first quote. Before that, and where it is not named here, its value is a register: the last
    post-money, which no news moves.
    """
    found = {quote.asset: quote.moment for quote in reversed(story.quotes)}
    for actor in story.actors:
        if actor.listed and any(b.account == "value" and b.posted is not None for b in actor.opening):
            found[actor.id] = story.start
    return found


def last_round(entries: Sequence[Entry], actors: Iterable[Actor], company: str, before: int) -> int | None:
    """The value of a company, in the smallest unit, after the last round or trade told before a moment that
    says it; else what it opened with. None where nothing says it.
    """
    for entry in reversed(entries):
        told: int | None = getattr(entry.fact, "post_money", None)
        names = (getattr(entry.fact, name, None) for name in ("company", "asset"))
        if told and entry.moment < before and company in names:
            return told
    opening = {b.account: b.posted for one in actors if one.id == company for b in one.opening}
    return opening.get("post_money") or opening.get("value")
