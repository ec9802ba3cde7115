"""Tables of a story's files become values; what does not fit becomes a fault where it stands."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from attrs import evolve, frozen

from events.codec import nearest
from narrative.story.faults import Page, Unfit, did_you_mean, listed
from narrative.story.keys import READABLE, Field, Fields, link_fields, names_actors, shape
from narrative.story.model import Link
from narrative.story.positions import Path
from narrative.story.rules import RULES
from narrative.story.values import CONVERT, Ground, described, sample

_NOWHERE: Mapping[str, str] = MappingProxyType({})


@frozen(kw_only=True)
class Spot:
    """A place in a file that is being read, what it is called in faults, and what it is read against."""

    page: Page
    ground: Ground = Ground()  # noqa: RUF009  # frozen
    path: Path = ()
    label: str = "the story"

    def under(self, *keys: str | int) -> "Spot":
        """The place of a key, or of an element of a list, below this one."""
        return Spot(page=self.page, ground=self.ground, path=(*self.path, *keys), label=self.label)

    def fault(self, what: str, meant: str = "") -> None:
        """Notes a fault here."""
        self.page.fault(self.path, f"{self.label}{what}", meant)


def take(
    spot: Spot, table: object, fields: Fields, elsewhere: Mapping[str, str] = _NOWHERE
) -> tuple[dict[str, Any], bool]:
    """The values of a table by attribute, and whether all of it is good.

    `elsewhere` holds remedies for keys that do not belong here and are better known by another name.
    """
    if not isinstance(table, dict):
        spot.fault(f" is {described(table)}", "It takes a table: its keys below its name.")
        return {}, False
    before = len(spot.page.faults)
    known, needed = _named(fields)
    misspelt = set()
    for key in sorted(table.keys() - known) if not table.keys() <= known.keys() else ():
        misspelt.add(nearest(key, known))
        remedy = elsewhere.get(key) or did_you_mean(key, known, f"It takes {listed(known)}.")
        spot.under(key).fault(f' has no field "{key}"', remedy)
    values: dict[str, Any] = {}
    whole = True
    for name, written in table.items():
        if name in known:
            values[known[name].attribute] = _value(spot, written, known[name])
    for field in needed:
        if field.name not in table:
            whole = False
            if field.name not in misspelt and not spot.page.is_torn(spot.path):
                spot.fault(f' lacks "{field.name}"', f"It takes {sample(field)}.")
    return values, whole and len(spot.page.faults) == before


@lru_cache(maxsize=1024)  # what is read of a class or kind is the same fields again
def _named(fields: Fields) -> tuple[Mapping[str, Field], Fields]:
    """Fields by name, and those that are needed."""
    return {field.name: field for field in fields}, tuple(field for field in fields if field.needed)


def make(spot: Spot, table: object, cls: type) -> Any:
    """A table as a value of a class, or None where it has a fault."""
    values, good = take(spot, table, shape(cls))
    if cls in RULES:
        for key, what, meant in RULES[cls](values):
            good = False
            spot.under(key).fault(f": {what}", meant)
    return cls(**values) if good else None


def label_of(path: Path, table: object) -> str:
    """The name of a table in a fault: actor "nvidia", opening 2, [money]."""
    *_, above, last = "", *path
    if isinstance(last, str):
        return f"[{last}]"
    for key in ("id", "name"):
        if isinstance(table, dict) and isinstance(table.get(key), str):
            return f'{above} "{table[key]}"'
    return f"{above} {last + 1}"


def _value(above: Spot, written: object, field: Field) -> Any:
    if not field.many and field.table is None and field.sort in CONVERT:
        try:  # most are good, and need no place of their own
            return CONVERT[field.sort](written, field, above.ground)
        except Unfit as unfit:
            above.under(field.name).fault(f": {field.name} {unfit.what}", unfit.meant)
            return None
    spot = above.under(field.name)
    if field.sort == "reads":
        return _reads(spot, written)
    if not field.many:
        return _one(spot, written, field)
    if not isinstance(written, list):
        form = f"[[{field.name}]]" if field.sort == "table" else "a list in [brackets]"
        spot.fault(f": {field.name} is {described(written)}", f"It takes {form}.")
        return None
    return tuple(_one(spot.under(i), part, field) for i, part in enumerate(written))


def _one(spot: Spot, written: object, field: Field) -> Any:
    if field.sort == "link":
        values, good = take(evolve(spot, label=f"{spot.label}, {field.name}"), written, link_fields())
        return Link(kind=field.name, **values) if good else None  # type: ignore[arg-type]  # a link's key
    if field.table is not None:
        inner = label_of(spot.path, written)
        nested = len(spot.path) > 2
        return make(evolve(spot, label=f"{spot.label}, {inner}" if nested else inner), written, field.table)
    try:
        return CONVERT[field.sort](written, field, spot.ground)
    except Unfit as unfit:
        spot.fault(f": {field.name} {unfit.what}", unfit.meant)
        return None


def _reads(spot: Spot, written: object) -> dict[str, tuple[str, ...]] | None:
    """The fields that a process reads, by kind, with faults noted; None where they are no table."""
    if not isinstance(written, dict):
        spot.fault(f": reads is {described(written)}", 'It takes { Order = ["seller"], Fiscal = ["*"] }.')
        return None
    for kind, names in written.items():
        place = spot.under(kind)
        if kind not in READABLE:
            place.fault(f' reads "{kind}", which is no kind of fact', did_you_mean(kind, READABLE))
            continue
        known = (*names_actors(kind), "*")
        if not isinstance(names, list):
            place.fault(f": reads {kind} is {described(names)}", f"It takes a list of {listed(known)}.")
            continue
        for name in names:
            if name not in known:
                remedy = did_you_mean(str(name), known, f"It takes a list of {listed(known)}.")
                place.fault(f' reads "{name}" of {kind}, which names no actor', remedy)
    return {kind: tuple(names) for kind, names in written.items() if isinstance(names, list)}
