"""An event, a tree of events and a figure taken apart, as the plain data that `show` and `why` answer:
what `narrative.analysis.detail` gathers, with the words for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from events.event import Event
from events.fields import Told, units
from narrative.analysis import detail
from narrative.analysis.attribution import Figure, Part
from narrative.analysis.filter import plain_event, plain_fact, rank_of
from narrative.analysis.history import History
from narrative.books.table import UNITS, unit_of
from narrative.engine.world import World
from narrative.prose.gist import brief, gist, speech_of
from narrative.prose.sentences import Speech
from narrative.prose.units import written
from narrative.text.numbers import MINUS, count, money, plain_date, share

ROLES = {"opening": "opening: ", "base": "starts from: ", "faded": "faded since it was marked: ", "step": ""}
MODELLED = ("valuation", "belief", "belief_share", "collateral", "loan_to_value")  # the others add sums up


def shown(history: History, position: int, speech: Speech) -> dict[str, Any]:
    """An event with what it rests on, what rests on it, and what it moved in the books."""
    events = detail.trail(history)
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
        "postings": [
            {**one._asdict(), "written": _written(UNITS[one.account], one.amount, speech)}
            for one in detail.postings(event)
        ],
        "accounts": [
            {
                **one._asdict(),
                "written": [_written(UNITS[one.account], each, speech) for each in (one.before, one.after)],
            }
            for one in detail.touched(history, event)
        ],
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


def traced(
    history: History, position: int, speech: Speech, *, effects: bool, depth: int | None
) -> dict[str, Any]:
    """The tree of an event's causes, or of its effects, a line an event."""
    found = detail.traced(history, position, effects=effects, depth=depth)
    return {
        "branch": history.branch,
        "position": position,
        "direction": "effects" if effects else "causes",
        "tree": [
            {"depth": link.depth, "again": link.again, "more": link.more, "priced": priced}
            | brief(event, speech)
            for link, event, priced in found
        ],
    }


def briefed(losses: Sequence[Mapping[str, Any]], speech: Speech) -> list[dict[str, Any]]:
    """Losses with the events of each `way`, and the one `missed`, told in a line."""

    def told(loss: Mapping[str, Any]) -> dict[str, Any]:
        missed = loss["missed"] and brief(loss["missed"], speech)
        return {**loss, "way": [brief(event, speech) for event in loss["way"]], "missed": missed}

    return [told(loss) for loss in losses]


def worded(history: History, rows: Sequence[Mapping[str, Any]], of: str) -> list[dict[str, Any]]:
    """Rows with the event whose position each has under `of` told in a line, as its `headline`: a process
    tells what it does in no words of its own.
    """
    events, speech = detail.trail(history), speech_of(history)
    return [{**row, "headline": gist(events[row[of]], speech)} for row in rows]


def explained(
    history: History, place: tuple[int, int], actor: str, reading: str, speech: Speech, most: int | None
) -> dict[str, Any]:
    """A reading at a (position, moment): its parts, largest first, each with the fact behind it; of
    more than `most` the others are summed up.
    """
    found = detail.explained(history, place, actor, reading)
    made, moment, calendar = found.figure, found.moment, speech.story.calendar
    listed = made.parts if most is None else made.parts[:most]
    seen, closed = found.observed, found.closed
    return {
        "branch": history.branch,
        "position": place[0],
        "moment": calendar.iso(moment),
        **speech.story.money.plain,
        "actor": actor,
        "name": next(each.name for each in speech.story.actors if each.id == actor),
        "reading": reading,
        "unit": made.unit,
        "value": made.value,
        "unknown": None if made.value is not None else unknown_because(found.world, made, moment),
        "recorded": closed.value if closed else None,
        "recorded_on": calendar.day(closed.moment) if closed else None,
        "named": [{**part._asdict(), "share": _share(part.amount, made)} for part in found.named],
        "observed": None if seen is None else round(seen.value),
        "observed_on": None if seen is None else calendar.iso(seen.moment),
        "observed_missing": found.missing,
        "observed_source": None if seen is None else seen.source,
        "over": found.world.readings.collateral(actor, moment) if reading == "loan_to_value" else None,
        "total": made.total,
        "ln": made.ln,
        "parts": [_part(found, part, speech) for part in listed],
        "others": _others(made.parts[len(listed) :], made),
        "residual": made.residual,
        "residual_ln": made.residual_ln,
    }


def _share(amount: int, made: Figure) -> float | None:
    return amount / made.total if made.total else None


def _part(found: detail.Explained, part: Part, speech: Speech) -> dict[str, Any]:
    event, behind = found.behind(part)
    told = behind.fact.told
    return {
        **brief(event, speech),
        "role": part.role,
        "amount": part.amount,
        "share": _share(part.amount, found.figure),
        "ln": part.ln,
        "postings": [moved._asdict() for moved in part.moved],
        "behind": {
            **brief(behind, speech),
            "source": told.source if told else None,
            "url": told.url if told else None,
            "confidence": told.confidence if told else None,
            "rank": rank_of(behind),
        },
        "priced": [priced._asdict() for priced in found.priced(part)],
    }


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
    """A sentence: an actor's opening balance in `accounts` is unknown, with the story's note on it."""
    what = " or ".join(accounts).replace("post_money", "post-money").replace("margin", "debt on collateral")
    opening = next(each.opening for each in world.story.actors if each.id == actor)
    for balance in opening:
        if balance.account in accounts and balance.unknown:
            words = f" ({balance.note.rstrip('.')})" if balance.note else ""
            return f"The opening {what} of {actor} is unknown{words}."
    return f"The story gives no opening {what} of {actor}."


# --- in words, for a terminal and a notebook ----------------------------------------------------


class FigureRow(NamedTuple):
    """A row of a figure taken apart: one of its `parts`, or, in `words`, what stands for several."""

    amount: int | None
    share: float | None
    ln: int | None
    part: Mapping[str, Any] | None = None
    words: str = ""


def figure_rows(told: Mapping[str, Any], hint: str = "") -> Iterator[FigureRow]:
    """The rows of what `explained` gives: its parts, those summed up, what rounding leaves, and the total.
    `hint` says how to see those that are summed up.
    """
    for part in told["parts"]:
        yield FigureRow(part["amount"], part["share"], part["ln"], part)
    others = told["others"]
    if others["count"]:
        words = f"{count(others['count'])} smaller{hint}"
        yield FigureRow(others["amount"], others["share"], others["ln"], words=words)
    if told["residual"] or told["residual_ln"]:
        yield FigureRow(told["residual"], None, told["residual_ln"], words="what rounding leaves")
    yield FigureRow(told["total"], None, told["ln"], words="in all")


def named_rows(told: Mapping[str, Any]) -> Iterator[tuple[int, int, float | None, int, str]]:
    """The parts of a value by name that are not nothing: what each adds in the order of attribution and in
    reverse, its part of the whole, its ln, and what it is called.
    """
    for each in told["named"]:
        if each["ln"]:
            yield each["amount"], each["reverse"], each["share"], each["ln"], _CALLED[each["part"]]


_CALLED = {
    "told": "told, when it was read", "faded": "faded of that so far", "flow": "trades still in the price",
    "policy": "surprises of the central bank", "liquidity": "money added to markets",
    "market": "beyond the news: the market's", "sector": "beyond the news: the sector's",
    "own": "beyond the news: its own", "issued": "shares issued or bought back",
}  # fmt: skip  # one table


def headed(told: Mapping[str, Any]) -> str:
    """The headline of a figure: actor, reading, moment, value, and what was observed if the model made it."""
    what, value = told["reading"].replace("_", " "), told["value"]
    if value is None:
        figure = "unknown"
    elif told["unit"] == "money":
        figure = money(value, told)
    else:
        figure = share(value) if told["unit"] == "share" else f"{value:+.6f} ln".replace("-", MINUS)
    return f"{told['name']}: {what} at {told['moment']}, {figure}{_beside(told)}"


def _beside(told: Mapping[str, Any]) -> str:
    if told["reading"] not in MODELLED:
        return ""
    if told["recorded"] is not None:
        return f"; last close on record {money(told['recorded'], told)} on {told['recorded_on']}"
    if told["observed"] is None:
        return f" in the model; {told.get('observed_missing') or 'no observation'}"
    return f" in the model; observed {money(told['observed'], told)} on {plain_date(told['observed_on'])}"


def priced(told: Mapping[str, Any], part: Mapping[str, Any]) -> list[str]:
    """Of each pledge, how many shares at what price, in words."""
    return [
        f"{money(each['shares'], {})} shares of {each['asset']} at {money(each['price'], told)} a share"
        for each in part["priced"]
    ]
