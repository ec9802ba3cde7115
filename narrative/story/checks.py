"""Checks of a story's tables against each other: names, order, span."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from events.books.accounts import posted
from events.codec import nearest
from events.event import OUTSIDE
from events.fields import Fact
from events.funding_facts import Pledge
from events.market_facts import Split
from narrative.books.table import TABLE
from narrative.story.calendar import Calendar
from narrative.story.cast import played
from narrative.story.declared import BadProcess, Declared, UnknownProcess, declared
from narrative.story.entries import Seen
from narrative.story.faults import Page, did_you_mean
from narrative.story.keys import TELLABLE
from narrative.story.model import Actor, Parameter, Plausible, Role
from narrative.story.parameters import READING
from narrative.story.positions import Path


def tables_of(data: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The tables of an array, as far as it is one; whatever else stands there counts as empty."""
    written = data.get(name)
    return (
        [table if isinstance(table, dict) else {} for table in written] if isinstance(written, list) else []
    )


def check_head(page: Page) -> None:
    """No two actors, narratives, parameters or steps of one name, nor two openings of one account."""
    for name, key in (("actor", "id"), ("narrative", "id"), ("parameter", "name"), ("circle", "step")):
        names = [table.get(key) for table in tables_of(page.data, name)]
        for second, first in _twice(names):
            what = f"{name} {_quoted(names[second])} stands twice"
            page.fault((name, second), what, _keep_one(page, (name, first)))
    actors = tables_of(page.data, "actor")
    for second, first in _twice([actor.get("name") for actor in actors]):
        if actors[first].get("id") != actors[second].get("id"):
            what = f"two actors are called {_quoted(actors[second].get('name'))}"
            page.fault(("actor", second, "name"), what, _keep_one(page, ("actor", first, "name")))
    for i, actor in enumerate(actors):
        path: Path = ("actor", i, "opening")
        accounts = [(table.get("account"), table.get("asset")) for table in tables_of(actor, "opening")]
        for second, first in _twice(accounts):
            account, asset = accounts[second]
            of = f" of {asset}" if asset else ""
            what = f"actor {_quoted(actor.get('id'))} has two openings of {account}{of}"
            page.fault((*path, second), what, _keep_one(page, (*path, first)))


def check_parameters(page: Page, actors: Collection[str] | None) -> None:
    """Every parameter that the readings and the story's cast ask for, once, of the right sort."""
    given = {str(table.get("name")): i for i, table in enumerate(tables_of(page.data, "parameter"))}
    cast = page.data.get("cast")
    roles = tables_of(cast, "role") if isinstance(cast, dict) else []
    asking = [_declared(str(role.get("process"))) for role in roles]
    acting = {name for one in asking for name in one.parameters}
    reading = (*READING, *sorted({name for one in asking for name in one.reading}))
    for name in (*reading, *sorted(acting)):
        reads = "reading" if name in reading else "acting"
        if name in given:
            i = given[name]
            if page.data["parameter"][i].get("reads") not in (reads, None):
                page.fault(
                    ("parameter", i, "reads"), f'parameter "{name}" is not {reads}', f'It takes "{reads}".'
                )
        elif not page.torn:
            near = nearest(name, given.keys() - {*reading, *acting})
            remedy = f'Did you mean it by "{near}"?' if near else f"Give it in a [[parameter]], as {reads}."
            what = f'the story lacks the parameter "{name}"'
            page.fault(("parameter", given.get(near or "", 0)), what, remedy)
    for name, i in given.items():
        _, dot, actor = name.partition(".")
        if dot and actors is not None and actor not in actors:
            what = f'parameter "{name}" is of "{actor}", which is no actor of this story'
            page.fault(("parameter", i, "name"), what, did_you_mean(actor, actors))


def _declared(process: str) -> Declared:
    """The declarations of a process; empty where it is none, which is a fault of the role that names it."""
    try:
        return declared(process)
    except (UnknownProcess, BadProcess):
        return Declared(accounts=())


def check_cast(
    page: Page, roles: Sequence[Role], actors: Sequence[Actor], seen: Sequence[Seen], calendar: Calendar
) -> None:
    """Notes a fault for each deed of an actor that is told in a span in which a process decides it."""
    for i, role in enumerate(roles):
        told = _deeds_told(_declared(role.process).deeds, seen)
        for actor in played(actors, role):
            both = [one for one in told.get(actor, ()) if _within(role, one.moment)]
            if both:
                _told_and_decided(page, i, role, actor, both[-1], calendar)


def _deeds_told(deeds: Mapping[str, str], seen: Sequence[Seen]) -> dict[str, list[Seen]]:
    """The entries that tell a process's deeds, by who does them."""
    told: dict[str, list[Seen]] = {}
    for one in seen:
        if one.entry is not None and one.entry.kind in deeds:
            told.setdefault(getattr(one.entry.fact, deeds[one.entry.kind]), []).append(one)
    return told


def _within(role: Role, moment: int | None) -> bool:
    start, until = role.from_, role.until
    return moment is not None and (start is None or start <= moment) and (until is None or moment <= until)


def _told_and_decided(page: Page, index: int, role: Role, actor: str, last: Seen, calendar: Calendar) -> None:
    assert last.moment is not None
    since = "the start" if role.from_ is None else calendar.day(role.from_)
    day = calendar.day(last.moment)
    what = (
        f'{role.process} plays "{actor}" from {since}, and entry {_quoted(last.id)} tells a deed of the same '
        f"role on {day}: it is told and decided at once"
    )
    key: Path = ("from",) if role.from_ is not None else ("process",)
    remedy = f"Let it play {actor} `from` a day after {day}, or leave {actor} to the record."
    page.fault(("cast", "role", index, *key), what, remedy)


def check_entries(page: Page, seen: Sequence[Seen], calendar: Calendar, span: tuple[int, int] | None) -> None:
    """Ids once, dates in order and inside the span."""
    for second, first in _twice([entry.id for entry in seen]):
        what = f"two entries have the id {_quoted(seen[second].id)}"
        page.fault((*seen[second].path, "id"), what, _keep_one(page, (*seen[first].path, "id")))
    before: Seen | None = None
    for entry in seen:
        if entry.moment is None:
            continue
        if span is not None:
            _check_span(page, entry, calendar, span)
        if before is not None and before.moment is not None and entry.moment < before.moment:
            what = (
                f"entry {_quoted(entry.id)} of {calendar.day(entry.moment)} stands after "
                f"{_quoted(before.id)} of {calendar.day(before.moment)}"
            )
            page.fault((*entry.path, "date"), what, "Entries stand in the order of their dates.")
        before = entry


def _check_span(page: Page, entry: Seen, calendar: Calendar, span: tuple[int, int]) -> None:
    start, until = span
    assert entry.moment is not None
    day = calendar.day(entry.moment)
    if not start <= entry.moment <= until:
        what = (
            f"entry {_quoted(entry.id)} of {day} is outside the story, which runs from "
            f"{calendar.day(start)} to {calendar.day(until)}"
        )
        page.fault((*entry.path, "date"), what, "Mend the date, or the span in replay.toml.")
    elif entry.moment == start:
        what = f"entry {_quoted(entry.id)} stands at {calendar.iso(start)}, the very moment the story opens"
        page.fault((*entry.path, "date"), what, "Let it happen a second later, or the story begin earlier.")


def _twice(names: Iterable[object]) -> list[tuple[int, int]]:
    """The places that repeat a name, each with the place that had it first."""
    first: dict[object, int] = {}
    found = []
    for i, name in enumerate(names):
        parts = name if isinstance(name, tuple) else (name,)
        if parts[0] is None or not all(isinstance(part, str | int | None) for part in parts):
            continue
        if name in first:
            found.append((i, first[name]))
        else:
            first[name] = i
    return found


def _keep_one(page: Page, path: Path) -> str:
    return f"The other stands in line {page.line(path)}; keep one, or rename it."


def _quoted(name: object) -> str:
    return f'"{name}"' if isinstance(name, str) else str(name)


# --- What actors hold must bear what the story has them do: shares that are pledged, purses that are spent.

_SHARES = {
    kind: tuple(row for row in TABLE.rows(kind) if row.account in ("stake", "pledged")) for kind in TELLABLE
}


def check_pledges(head: Page, page: Page, actors: Sequence[Actor], seen: Sequence[Seen]) -> None:
    """Nobody pledges more shares than it holds, where the story says how many it holds."""
    held, pledged = _opened(actors, "stake"), Counter(_opened(actors, "pledged"))
    for i, actor in enumerate(actors):
        for j, balance in enumerate(actor.opening):
            key = f"{actor.id}/{balance.asset}"
            if balance.account == "pledged" and pledged[key] > held.get(key, pledged[key]):
                _beyond(head, ("actor", i, "opening", j), key, pledged[key], held[key])
    for one in seen:
        fact = one.entry.fact if one.entry is not None else None
        held, pledged = _anew(held, fact), Counter(_anew(pledged, fact))
        for account, key, shares in posted(_SHARES[type(fact).__name__], fact) if fact is not None else ():
            if account == "pledged":
                pledged[key] += shares
            elif key in held:
                held[key] += shares
                _check_sold(page, one, key, shares, held[key])
            if isinstance(fact, Pledge) and pledged[key] > held.get(key, pledged[key]):
                _beyond(page, (*one.path, "shares"), key, pledged[key], held[key])


def _check_sold(page: Page, one: Seen, key: str, moved: int, left: int) -> None:
    if moved < 0 and left < 0:
        holder, _, asset = key.partition("/")
        what = (
            f'entry "{one.id}" takes {-moved:,} shares of {asset} off {holder}, which holds {left - moved:,}'
        )
        page.fault((*one.path, "shares"), what, "Mend it, or the stake that the story opens with.")


def _anew(counts: dict[str, int], fact: Fact | None) -> dict[str, int]:
    """Counts of shares by holder/asset, those of an asset that a fact splits in the shares after it."""
    if not isinstance(fact, Split):
        return counts
    return {
        key: count * fact.new // fact.old if key.partition("/")[2] == fact.asset else count
        for key, count in counts.items()
    }


def _opened(actors: Sequence[Actor], account: str) -> dict[str, int]:
    """The opening balances of an account that are known, by holder/asset."""
    balances = ((actor.id, balance) for actor in actors for balance in actor.opening)
    return {
        f"{holder}/{balance.asset}": balance.posted
        for holder, balance in balances
        if balance.account == account and balance.posted is not None
    }


def _beyond(page: Page, path: Path, key: str, pledged: int, held: int) -> None:
    holder, _, asset = key.partition("/")
    what = f"{holder} has then pledged {pledged:,} shares of {asset}, and holds {held:,}"
    page.fault(path, what, "Mend the pledge, or the stake that the story opens with.")


def check_plausible(page: Page, plausible: Plausible | None, parameters: Sequence[Parameter]) -> None:
    """No size is plausible that its parameter cannot have."""
    for kind, name in (("delay", "delivery_delay"), ("haircut", "haircut")):
        size = None if plausible is None else plausible.of(kind)
        if size is None:
            continue
        most = max((one.high for one in parameters if one.name.partition(".")[0] == name), default=None)
        if most is None:
            what = f"a plausible size of {kind} is said, and the story has no parameter {name}"
            page.fault(("plausible", kind), what, "Give the parameter, or leave the size out.")
        elif size > most:
            what = f"a plausible size of {kind} is {size:g}, and {name} goes up to {most:g}"
            page.fault(("plausible", kind), what, "Stay within the range of the parameter, or widen it.")


def check_purses(
    page: Page, roles: Sequence[Role], actors: Sequence[Actor], parameters: Sequence[Parameter]
) -> None:
    """Nobody is cast to spend what nobody knows it has, or to be held back by what nobody knows it owes:
    that takes an assumption, marked as one.
    """
    known = {
        (actor.id, balance.account)
        for actor in actors
        for balance in actor.opening
        if balance.opened("full") is not None
    }
    values = {parameter.name: parameter.value for parameter in parameters}
    for i, role in enumerate(roles):
        for actor in played(actors, role):
            for account, heeding in _declared(role.process).needs.items():
                heeded = heeding is None or values.get(f"{heeding}.{actor}", values.get(heeding))
                if actor == OUTSIDE or not heeded or (actor, account) in known:
                    continue
                what = f'{role.process} plays "{actor}", whose {account} nobody knows'
                remedy = f"Give its opening of {account} what is `assumed` of it, or leave {actor} out"
                other = f", or give {heeding}.{actor} as 0" if heeding else ""
                page.fault(("cast", "role", i, "process"), what, f"{remedy}{other}.")
