"""The value of a company by the rounds that a timeline tells."""

from collections.abc import Iterable, Sequence

from narrative.story.model import Actor, Entry


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
