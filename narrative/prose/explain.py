"""An event whole, a tree of events and a figure taken apart, as plain data."""

from collections.abc import Sequence
from heapq import merge
from operator import itemgetter
from typing import Any

from events.books.accounts import posted
from events.codec import to_event
from events.event import Event
from events.fields import Told, units
from narrative.analysis.attribution import Figure, Part, figure, sought
from narrative.analysis.causes import Trail, tree
from narrative.analysis.filter import plain_event, plain_fact
from narrative.analysis.history import History
from narrative.books.table import TABLE, UNITS, unit_of
from narrative.engine.run import world_at
from narrative.engine.world import World
from narrative.prose.gist import brief
from narrative.prose.sentences import Speech
from narrative.prose.units import written
from narrative.story.model import Story
from narrative.story.observed import observed_beside


def trail(history: History, end: int | None = None) -> Trail:
    """The events of a history up to a position, read as they are asked for."""
    last = history.log.head(history.branch).position if end is None else end
    return Trail(history.log, history.branch, last)


# --- one event ----------------------------------------------------------------------------------


def shown(history: History, position: int, speech: Speech) -> dict[str, Any]:
    """An event with what it rests on, what rests on it, and what it moved in the books."""
    events = trail(history)
    event = events[position]
    effects = events.effects([position])[position]
    return {
        "branch": history.branch,
        **speech.story.money.plain,
        **plain_event(event, speech.story.calendar),
        "gist": brief(event, speech)["gist"],
        "fields": _fields(event, speech),
        "because": [brief(events[cause], speech) for cause in event.causes],
        "effects": [brief(events[effect], speech) for effect in effects],
        "postings": _postings(event, speech),
        "accounts": _accounts(history, event, speech),
    }


def _fields(event: Event, speech: Speech) -> list[dict[str, Any]]:
    """The fields of a fact and of how it was told that are set, each as it is kept and as it is written."""
    plain = plain_fact(event.fact)
    told = plain.pop("told") or {}
    named = [(name, unit_of(event.fact, name), value) for name, value in plain.items()]
    named += [(f"told.{name}", units(Told).get(name), value) for name, value in told.items()]
    return [
        {"field": name, "value": value, "written": _written(unit, value, speech)}
        for name, unit, value in named
        if value is not None and value != []
    ]


def _written(unit: str | None, value: object, speech: Speech) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return written(unit, value, speech.story.money, speech.story.calendar)


def _postings(event: Event, speech: Speech) -> list[dict[str, Any]]:
    sets = {account.name for account in TABLE.accounts if account.fold in ("last", "extreme")}
    return [
        {
            "account": account, "key": key, "amount": amount, "sets": account in sets,
            "written": _written(UNITS[account], amount, speech),
        }
        for account, key, amount in posted(TABLE.rows(event.kind), event.fact)
    ]  # fmt: skip  # one row


def _accounts(history: History, event: Event, speech: Speech) -> list[dict[str, Any]]:
    """Each account that an event touched, before and after it, at its moment."""
    touched = list(dict.fromkeys((p["account"], p["key"]) for p in _postings(event, speech)))
    if not touched:
        return []
    world = world_at(history.log, history.branch, max(event.position - 1, 1))
    before = [_held(world, account, key, event.moment) for account, key in touched]
    if event.position > 1:
        world.step(event)
    after = [_held(world, account, key, event.moment) for account, key in touched]
    return [
        {
            "account": account, "key": key, "before": one, "after": other,
            "written": [_written(UNITS[account], value, speech) for value in (one, other)],
        }
        for (account, key), one, other in zip(touched, before, after, strict=True)
    ]  # fmt: skip  # one row


def _held(world: World, account: str, key: str, at: int) -> float | None:
    fold = TABLE.account(account).fold
    if fold == "fading":
        return world.fold.fading(account, key, at)
    return world.fold.sum(account, key) if fold == "sum" else world.fold.last(account, key)


# --- why something happened ---------------------------------------------------------------------


def traced(
    history: History, position: int, speech: Speech, *, effects: bool, depth: int | None
) -> dict[str, Any]:
    """The tree of an event's causes, or of its effects, a line an event."""
    events = trail(history)
    links = tree(position, events.effects if effects else events.causes, depth)
    return {
        "branch": history.branch,
        "position": position,
        "direction": "effects" if effects else "causes",
        "tree": [
            {"depth": link.depth, "again": link.again, "more": link.more}
            | brief(events[link.position], speech)
            for link in links
        ],
    }


# --- why a figure is what it is -----------------------------------------------------------------


def explained(
    history: History, place: tuple[int, int], actor: str, reading: str, speech: Speech, most: int | None
) -> dict[str, Any]:
    """A reading at a (position, moment): its parts, largest first, each with the fact behind it; of
    more than `most` the others are summed up.
    """
    position, moment = place
    world = world_at(history.log, history.branch, position)
    found = [history.log.find(history.branch, each, 1, position) for each in sought(actor, reading)]
    made = figure(world, merge(*found, key=itemgetter(0)), actor, reading, moment)
    events = trail(history, position)
    listed = made.parts if most is None else made.parts[:most]
    return {
        "branch": history.branch,
        "position": position,
        "moment": speech.story.calendar.iso(moment),
        **speech.story.money.plain,
        "actor": actor,
        "name": next(each.name for each in speech.story.actors if each.id == actor),
        "reading": reading,
        "unit": made.unit,
        "value": made.value,
        "unknown": None if made.value is not None else unknown_because(world, made, moment),
        **_observed(speech.story, actor, reading, moment),
        "over": world.readings.collateral(actor, moment) if reading == "loan_to_value" else None,
        "total": made.total,
        "ln": made.ln,
        "parts": [
            {**_part(part, made, events, speech), "priced": _priced(world, part, moment)} for part in listed
        ],
        "others": _others(made.parts[len(listed) :], made),
        "residual": made.residual,
        "residual_ln": made.residual_ln,
    }


def _observed(story: Story, actor: str, reading: str, at: int) -> dict[str, Any]:
    """The market value that was observed last before a moment, where a value is asked for."""
    last = observed_beside(story).last(actor, at) if reading == "valuation" else None
    return {
        "observed": None if last is None else round(last.value),
        "observed_on": None if last is None else story.calendar.iso(last.moment),
        "observed_source": None if last is None else last.source,
    }


def _share(amount: int, made: Figure) -> float | None:
    return amount / made.total if made.total else None


def _part(part: Part, made: Figure, events: Trail, speech: Speech) -> dict[str, Any]:
    event = to_event(part.row)
    behind = event
    while behind.fact.told is None and behind.causes:  # a repricing stands on the news that it read
        behind = events[behind.causes[0]]
    told = behind.fact.told
    return {
        **brief(event, speech),
        "role": part.role,
        "amount": part.amount,
        "share": _share(part.amount, made),
        "ln": part.ln,
        "postings": [{"account": m.account, "key": m.key, "amount": m.amount} for m in part.moved],
        "behind": {
            **brief(behind, speech),
            "source": told.source if told else None,
            "url": told.url if told else None,
            "confidence": told.confidence if told else None,
        },
    }


def _priced(world: World, part: Part, at: int) -> list[dict[str, Any]]:
    """Of a pledge, the shares and the price that make its worth: the price is a reading of its own."""
    assets = [(m.key.partition("/")[2], m.amount) for m in part.moved if m.account == "pledged"]
    return [
        {"asset": asset, "shares": shares, "price": world.readings.price(asset, at)}
        for asset, shares in assets
    ]


def _others(parts: Sequence[Part], made: Figure) -> dict[str, Any]:
    amount = sum(part.amount for part in parts)
    return {
        "count": len(parts),
        "amount": amount,
        "share": _share(amount, made),
        "ln": None if made.ln is None else sum(part.ln or 0 for part in parts),
    }


def unknown_because(world: World, made: Figure, at: int) -> str:
    """Why nobody knows a reading, in words."""
    actor, reading = made.actor, made.reading
    if reading in ("cash", "debt"):
        moved = "What moved since is listed, and is no total" if made.parts else "Nothing has moved it since"
        return f"{_unopened(world, actor, (reading,))} {moved}."
    if reading in ("valuation", "belief", "belief_share"):
        return f"{_unopened(world, actor, ('value', 'post_money'))} No round has set one by then."
    pledges = world.readings.pledges(actor)
    if not pledges:
        return f"{actor} has pledged nothing that is on record, so there is no collateral."
    unpriced = [asset for asset in pledges if world.readings.price(asset, at) is None]
    if unpriced:
        return f"{actor} has pledged shares of {unpriced[0]}, of which no price a share is known."
    return f"{_unopened(world, actor, ('margin',))} No loan on collateral has been taken since."


def _unopened(world: World, actor: str, accounts: Sequence[str]) -> str:
    """That the story gives no opening balance in any of these accounts, with its own words on it."""
    what = " or ".join(accounts).replace("post_money", "post-money").replace("margin", "debt on collateral")
    opening = next(each.opening for each in world.story.actors if each.id == actor)
    for balance in opening:
        if balance.account in accounts and balance.unknown:
            words = f" ({balance.note.rstrip('.')})" if balance.note else ""
            return f"The opening {what} of {actor} is unknown{words}."
    return f"The story gives no opening {what} of {actor}."
