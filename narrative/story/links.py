"""How the entries of a timeline refer to each other, and that they can."""

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from events.facts import OPENS
from events.record_facts import Report
from narrative.story.entries import Seen
from narrative.story.faults import Page, did_you_mean
from narrative.story.keys import TELLABLE
from narrative.story.positions import Path

# Links to what must have happened before.
BACKWARD = ("replaces", "follows")


def check_links(page: Page, seen: Sequence[Seen]) -> None:
    """Links lead to entries, to earlier ones where they must, and never in a ring."""
    places: dict[str, int] = {}
    for i, entry in enumerate(seen):
        if entry.id is not None:
            places.setdefault(entry.id, i)
    graph: dict[int, dict[int, Path]] = {}
    for i, entry in enumerate(seen):
        for path, kind, name in entry.links:
            if name in places:
                graph.setdefault(i, {}).setdefault(places[name], path)
            elif not page.lost:
                what = f'entry "{entry.id}" {_VERBS[kind]} "{name}", which is no entry'
                page.fault(path, what, did_you_mean(name, places, "Name an entry by its id."))
    ringed = _check_rings(page, seen, graph)
    for i, entry in enumerate(seen):
        for path, kind, name in entry.links:
            if kind in BACKWARD and places.get(name, i) > i and path not in ringed:
                what = f'entry "{entry.id}" {_VERBS[kind]} "{name}", which comes later'
                page.fault(path, what, "Let the later one name the earlier, or change their order.")


_VERBS = {
    "restates": "restates",
    "part_of": "is part of",
    "pays": "pays",
    "replaces": "replaces",
    "follows": "follows",
}


def _check_rings(page: Page, seen: Sequence[Seen], graph: dict[int, dict[int, Path]]) -> set[Path]:
    """Notes each ring of links once, at its last link in the file; gives the links in them."""
    ringed: set[Path] = set()
    while found := ring(graph):
        pairs = list(pairwise(found))
        paths = [graph[one][other] for one, other in pairs]
        ringed.update(paths)
        names = " to ".join(f'"{seen[i].id}"' for i in found)
        last = max(paths, key=page.line)
        page.fault(last, f"links run in a ring: {names}", "Take one of them out.")
        one, other = pairs[paths.index(last)]
        del graph[one][other]
    return ringed


def ring(graph: Mapping[int, Iterable[int]]) -> list[int]:
    """One ring, from an entry along its links back to itself; empty when there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[int] = error.args[1]
        return found[::-1]
    return []


def check_names(page: Page, seen: Sequence[Seen]) -> None:
    """Orders, loans and calls are opened by an entry before they are delivered, repaid or met."""
    openers = {field: kind for kind, field in OPENS.items() if kind in TELLABLE}
    opened: dict[str, set[str]] = {field: set() for field in openers}
    if page.lost:
        return
    for entry in seen:
        for field in TELLABLE[entry.kind].rests_on if entry.kind in TELLABLE else ():
            name = entry.names.get(field)
            if name is not None and name not in opened[field]:
                what = f'entry "{entry.id}" is of {field} "{name}", which no earlier {openers[field]} opens'
                remedy = f"Tell the {openers[field]} first, or leave {field} out."
                page.fault((*entry.path, field), what, did_you_mean(name, opened[field], remedy))
        if entry.kind in OPENS:
            field = OPENS[entry.kind]
            opened[field].add(entry.names.get(field) or entry.id or "")


def check_reports(page: Page, seen: Sequence[Seen]) -> None:
    """Reports of an entry are of one that was told before."""
    told: set[str | None] = set()
    for one in seen:
        match one.entry and one.entry.fact:
            case Report(of=str(of)) if of not in told:
                what = f'entry "{one.id}" is about "{of}", which no earlier entry tells'
                names = [name for name in told if name is not None]
                remedy = did_you_mean(of, names, "Name an earlier entry by its id, or leave `of` out.")
                page.fault((*one.path, "of"), what, remedy)
        told.add(one.id)
