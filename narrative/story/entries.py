"""Entries of a timeline: [[event]] tables become facts ready to be told.

What-ifs read the events they inject with the same function.
"""

from collections.abc import Collection, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from attrs import evolve, frozen

from events.errors import BadFact
from events.event import OUTSIDE
from events.facts import OPENS
from events.fields import Told
from narrative.books.table import FIRM, SUMS
from narrative.story.convert import Spot, label_of, take
from narrative.story.faults import Page, listed
from narrative.story.keys import (
    TELLABLE,
    common_fields,
    entry_fields,
    other_fields,
    own_fields,
    told_fields,
)
from narrative.story.model import LINKS, Entry
from narrative.story.positions import Path
from narrative.story.values import Ground, sample

# Sums that repeat a part of the amount.
_PARTS = ("secured", "settles", "called", "forgiven")
# Of what is meant to come: no report is.
PLANNED = ("ceiling", "intention")
_RANGES = {"tone": (-1, 1), "strength": (0, 1)}


@frozen(kw_only=True)
class Seen:
    """An entry as far as it could be read: `entry` is None where it has a fault."""

    path: Path
    id: str | None = None
    moment: int | None = None
    kind: str | None = None
    links: tuple[tuple[Path, str, str], ...] = ()  # where it stands, its kind, whom it names
    names: Mapping[str, str] = MappingProxyType({})
    entry: Entry | None = None


def read_entries(page: Page, ground: Ground) -> tuple[Seen, ...]:
    """The entries of a page in its order, good and bad; the page notes the faults."""
    for key in page.data.keys() - {"event"}:
        page.fault((key,), f'the timeline has no table "{key}"', "Its entries stand under [[event]].")
    tables = page.data.get("event", [])
    if not isinstance(tables, list):
        page.fault(("event",), "the timeline has one table [event]", "Entries stand under [[event]].")
        return ()
    return tuple(_read(page, ("event", i), table, ground) for i, table in enumerate(tables))


def _read(page: Page, path: Path, table: object, ground: Ground) -> Seen:
    if not isinstance(table, dict):
        page.fault(path, "an entry is no table", "Entries stand under [[event]].")
        return Seen(path=path)
    label = label_of(path, table).replace("event", "entry", 1)
    spot = Spot(page=page, ground=ground, path=path, label=label)
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in TELLABLE:
        common = {key: value for key, value in table.items() if key not in other_fields()}
        return _seen(path, table, take(spot, common, common_fields())[0])
    before = len(page.faults)
    values, good = take(spot, table, entry_fields(kind), _elsewhere(kind))
    _check(spot, table, values)
    _check_own(spot, table, values)
    _check_dates(spot, values, values)
    if not good or len(page.faults) > before or ground.unit is None:
        return _seen(path, table, values)
    try:
        return _seen(path, table, values, _entry(values))
    except BadFact as error:  # a rule of the fact that is not among ours
        spot.fault(f": {str(error).rstrip('.')}")
        return _seen(path, table, values)


def _seen(
    path: Path, table: Mapping[str, Any], values: Mapping[str, Any], entry: Entry | None = None
) -> Seen:
    links = []
    for kind in LINKS:
        written = table.get(kind)
        for i, link in enumerate(written if isinstance(written, list) else ()):
            if isinstance(link, dict) and isinstance(link.get("id"), str):
                links.append(((*path, kind, i, "id"), kind, link["id"]))
    return Seen(
        path=path,
        id=values.get("id"),
        moment=values.get("date"),
        kind=values.get("kind"),
        links=tuple(links),
        names={key: values[key] for key in OPENS.values() if values.get(key)},
        entry=entry,
    )


def _entry(values: Mapping[str, Any]) -> Entry:
    """The entry in values that are all good."""
    kind, entry = values["kind"], values["id"]
    cls = TELLABLE[kind]
    told = {f.attribute: values[f.attribute] for f in told_fields() if f.attribute in values}
    own = {f.attribute: values[f.attribute] for f in own_fields(kind) if f.attribute in values}
    own |= {party: values[party] for party in cls.parties if party in values}
    if cls.opens is not None:  # what an entry opens has the entry's own id where it gives no other
        own.setdefault(cls.opens, entry)
    if kind in ("Default", "Filing", "Emergence"):
        own["moment"] = values["date"]
    if kind == "Repricing":
        own.setdefault("attributed", sum(own.get(part, 0) for part in ("fast", "slow", "lasting")))
    return Entry(
        id=entry,
        moment=values["date"],
        kind=kind,
        actor=values[cls.parties[0]],
        fact=cls(told=Told(entry=entry, **told), **own),
        links=tuple(link for kind in LINKS for link in values.get(kind, ())),
        was=values.get("was"),
        needs=values.get("needs"),
    )


def reread(spot: Spot, entry: Entry, written: Mapping[str, Any]) -> Entry | None:
    """An entry with some of its fields written anew, read and checked as the timeline is; the spot's
    page notes what does not fit. A field written empty is taken out.
    """
    before = len(spot.page.faults)
    for key in written.keys() & {"id", "kind"}:
        remedy = "Go without this entry, and inject another." if key == "kind" else ""
        spot.under(key).fault(f": its {key} makes it this entry and no other", remedy)
    fields = tuple(field for field in entry_fields(entry.kind) if field.name not in ("id", "kind"))
    empty = [field for field in fields if written.get(field.name) == ""]
    for field in empty:
        if field.needed:
            spot.under(field.name).fault(
                f': "{field.name}" cannot be taken out', f"It takes {sample(field)}."
            )
    fresh = {key: value for key, value in written.items() if value != "" and key not in ("id", "kind")}
    optional = tuple(evolve(field, needed=False) for field in fields)
    taken, _ = take(spot, fresh, optional, _elsewhere(entry.kind))
    gone = {field.attribute for field in empty}
    values = {key: value for key, value in {**_values(entry), **taken}.items() if key not in gone}
    whole = {f.name: values[f.attribute] for f in fields if f.attribute in values}
    _check(spot, whole, values)
    _check_own(spot, whole, values)
    _check_dates(spot, taken, values)  # dates that are not written anew move along with the entry's own
    if len(spot.page.faults) > before:
        return None
    try:
        return _entry(values)
    except BadFact as error:
        spot.fault(f": {str(error).rstrip('.')}")
        return None


def _values(entry: Entry) -> dict[str, Any]:
    """The values that `_entry` makes this entry of."""
    told, fact = entry.fact.told, entry.fact
    found = {f.attribute: getattr(told, f.attribute) for f in told_fields()}
    found |= {f.attribute: getattr(fact, f.attribute) for f in own_fields(entry.kind)}
    found |= {party: getattr(fact, party) for party in fact.parties}
    for link in entry.links:
        found[link.kind] = (*found.get(link.kind, ()), link)
    found |= {"id": entry.id, "date": entry.moment, "kind": entry.kind, "was": entry.was}
    found |= {"needs": entry.needs}
    return {key: value for key, value in found.items() if value is not None}


@cache
def _elsewhere(kind: str) -> Mapping[str, str]:
    """Remedies for fields of other kinds, and for the names of parties, which actor and counterparty fill."""
    own = listed(field.name for field in own_fields(kind))
    parties = TELLABLE[kind].parties
    remedies = dict.fromkeys(other_fields(), f"{kind} takes {own}." if own else "")
    remedies |= {
        party: f"The {party} of {kind} stands in `{name}`."
        for name, party in zip(("actor", "counterparty"), parties, strict=False)
    }
    if len(parties) == 1:
        remedies["counterparty"] = f"{kind} has one party, its {parties[0]}, in `actor`."
    return remedies


def _check(spot: Spot, table: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """The rules between the fields of one entry."""
    status = values.get("status") or "firm"
    for key in FIRM:
        if key in table and status != "firm":
            remedy = f"Only firm sums post to the books: {_lesser(values['kind'], 'ceiling')}."
            spot.under(key).fault(f" has {key} with status {status}", remedy)
    if "ceiling" in table and status == "withdrawn" and values["kind"] != "Retraction":
        remedy = "Give the sum as `stated`, or tell a Retraction of what had announced it."
        spot.under("ceiling").fault(" is withdrawn and has a ceiling, which would stand announced", remedy)
    for key in SUMS:
        if key in table and "restates" in table:
            remedy = f"The money was told before: {_lesser(values['kind'], 'stated')}."
            spot.under(key).fault(f" restates another and has {key}", remedy)
    payers = [values.get(party) for party in TELLABLE[values["kind"]].parties]
    if "amount" in table and len(payers) > 1 and payers[0] == payers[1] and payers[0] not in (None, OUTSIDE):
        spot.under("counterparty").fault(" pays itself", "Money goes from one purse to another.")
    if "quantity" in table and "unit" not in table:
        spot.under("quantity").fault(" has a quantity without a unit", "Say of what in `unit`.")
    for key, (low, high) in _RANGES.items():
        if values.get(key) is not None and not low <= values[key] <= high:
            spot.under(key).fault(f": {key} is {values[key]:g}", f"It runs from {low} to {high}.")


def _check_own(spot: Spot, table: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """The rules of fields that single kinds have."""
    for key in _PARTS:
        whole = "credit" if values["kind"] == "Writedown" else "amount"
        if key in table and (values.get(key) or 0) > (values.get(whole) or 0):
            spot.under(key).fault(f" has more {key} than {whole}", f"`{key}` repeats a part of `{whole}`.")
    if values["kind"] == "Split":
        _check_ratio(spot, values.get("new"), values.get("old"))
    if values["kind"] == "Report" and values.get("status") in PLANNED:
        what = f" tells what happened, with status {values['status']}"
        spot.under("status").fault(what, "Words about the future are an Announcement.")
    if values["kind"] == "Loan" and (values.get("rate") or 0) < 0:
        spot.under("rate").fault(
            f": rate is {values['rate']}", "A loan bears interest or none, in basis points a year from 0 on."
        )


def _check_ratio(spot: Spot, new: int | None, old: int | None) -> None:
    """The rule of a split: so many whole shares for so many others, 2 `new` for 1 `old`."""
    for key, count in (("new", new), ("old", old)):
        if count is not None and count < 1:
            spot.under(key).fault(f": {key} is {count}", "Of two shares for one, new is 2 and old is 1.")
    if new is not None and new == old:
        spot.under("new").fault(
            f" splits nothing: {new} for {old}", "Of two shares for one, new is 2 and old 1."
        )


def _check_dates(spot: Spot, written: Collection[str], values: Mapping[str, Any]) -> None:
    """Notes a fault for each date to come (a due, a delay, when a deed became known) that lies before the
    entry that says so.
    """
    date = values.get("date")
    for key in ("due", "until", "known"):
        moment = values.get(key) if key in written else None
        if moment is not None and date is not None and moment < date:
            calendar = spot.ground.calendar
            day = calendar.iso if calendar.day(moment) == calendar.day(date) else calendar.day
            spot.under(key).fault(
                f" of {day(date)} has {key} {day(moment)}, before it", "Write a later day, or leave it out."
            )
    since, until = values.get("since"), values.get("until")
    if {"since", "until"} & {*written} and since is not None and until is not None and since > until:
        day = spot.ground.calendar.day
        spot.under("until").fault(
            f" speaks of a time from {day(since)} to {day(until)}", "Put `until` after `since`."
        )


def _lesser(kind: str, wanted: str) -> str:
    """The advice where to put a sum that may not stand in `amount`."""
    own = {field.name: field.needed for field in own_fields(kind)}
    if own.get("amount"):
        return f"a {kind} needs a firm one, so tell an Announcement or a Report with the sum as `stated`"
    return f"write it as `{wanted if wanted in own else 'stated'}`"
