"""From what is written to what is meant: one TOML value, and tables of them.

Sums become exact whole smallest units, dates become moments, names are looked up. What does not
fit raises `Unfit`; the table it stands in notes that as a fault with its line.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from narrative.amounts import CONVERT, Ground, described, sample
from narrative.faults import Page, Unfit, did_you_mean, listed
from narrative.lines import Path
from narrative.rules import RULES
from narrative.scenario import Link
from narrative.shape import TELLABLE, Field, Fields, link_fields, names_actors, shape


def take(
    page: Page,
    path: Path,
    table: object,
    fields: Fields,
    ground: Ground,
    label: str,
    elsewhere: Mapping[str, str] = MappingProxyType({}),
) -> tuple[dict[str, Any], bool]:
    """The values of a table by attribute, and whether all of it is good.

    `elsewhere` holds remedies for keys that do not belong here and are better known by another name.
    """
    if not isinstance(table, dict):
        page.fault(path, f"{label} is {described(table)}", "It takes a table: its keys below its name.")
        return {}, False
    before = len(page.faults)
    known = {field.name: field for field in fields}
    for key in table.keys() - known:
        remedy = elsewhere.get(key) or did_you_mean(key, known, f"It takes {listed(known)}.")
        page.fault((*path, key), f'{label} has no field "{key}"', remedy)
    values: dict[str, Any] = {}
    whole = True
    for field in fields:
        if field.name in table:
            values[field.attribute] = _value(
                page, (*path, field.name), table[field.name], field, ground, label
            )
        elif field.needed:
            whole = False
            if not page.is_torn(path):
                page.fault(path, f'{label} lacks "{field.name}"', f"It takes {sample(field)}.")
    return values, whole and len(page.faults) == before


def make(page: Page, path: Path, table: object, cls: type, ground: Ground, label: str) -> Any:
    """A table as a value of a class, or None where it has a fault."""
    values, good = take(page, path, table, shape(cls), ground, label)
    if not good:
        return None
    made = cls(**values)
    broken = list(RULES[cls](made)) if cls in RULES else []
    for key, what, meant in broken:
        page.fault((*path, key), f"{label}: {what}", meant)
    return None if broken else made


def label_of(path: Path, table: object) -> str:
    """What a table is called in a fault: actor "nvidia", opening 2."""
    name = str(path[-1]) if isinstance(path[-1], str) else str(path[-2])
    if not isinstance(path[-1], int):
        return f"[{name}]"
    for key in ("id", "name"):
        if isinstance(table, dict) and isinstance(table.get(key), str):
            return f'{name} "{table[key]}"'
    return f"{name} {path[-1] + 1}"


def _value(page: Page, path: Path, written: object, field: Field, ground: Ground, label: str) -> Any:
    if field.sort == "reads":
        return _reads(page, path, written, label)
    if not field.many:
        return _one(page, path, written, field, ground, label)
    if not isinstance(written, list):
        form = f"[[{field.name}]]" if field.sort == "table" and len(path) == 1 else "a list in [brackets]"
        page.fault(path, f"{label}: {field.name} is {described(written)}", f"It takes {form}.")
        return None
    return tuple(_one(page, (*path, i), part, field, ground, label) for i, part in enumerate(written))


def _one(page: Page, path: Path, written: object, field: Field, ground: Ground, label: str) -> Any:
    if field.sort == "link":
        values, good = take(page, path, written, link_fields(), ground, f"{label}, {field.name}")
        return Link(kind=field.name, **values) if good else None  # type: ignore[arg-type]  # a link's key
    if field.table is not None:
        inner = label_of(path, written)
        return make(page, path, written, field.table, ground, inner if len(path) < 3 else f"{label}, {inner}")
    try:
        return CONVERT[field.sort](written, field, ground)
    except Unfit as unfit:
        page.fault(path, f"{label}: {field.name} {unfit.what}", unfit.meant)
        return None


def _reads(page: Page, path: Path, written: object, label: str) -> dict[str, tuple[str, ...]] | None:
    """Which fields of which kinds a process reads."""
    if not isinstance(written, dict):
        page.fault(
            path,
            f"{label}: reads is {described(written)}",
            'It takes { Order = ["seller"], Fiscal = ["*"] }.',
        )
        return None
    for kind, names in written.items():
        if kind not in TELLABLE:
            page.fault(
                (*path, kind), f'{label} reads "{kind}", which is no kind', did_you_mean(kind, TELLABLE)
            )
            continue
        known = (*names_actors(kind), "*")
        for name in names if isinstance(names, list) else [names]:
            if name not in known:
                remedy = did_you_mean(str(name), known, f"It takes a list of {listed(known)}.")
                page.fault((*path, kind), f'{label} reads "{name}" of {kind}, which names no actor', remedy)
        if not isinstance(names, list):
            page.fault(
                (*path, kind), f"{label}: reads {kind} is no list", f"It takes a list of {listed(known)}."
            )
    return {kind: tuple(names) for kind, names in written.items()}
