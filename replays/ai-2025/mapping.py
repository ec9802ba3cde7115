"""What became of each entry of the raw record, and how much of the money is told once.

Run it: `python mapping.py`. It reads the story's own timeline.toml beside it and nothing else.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

Entry = dict[str, Any]
Sums = dict[str, Decimal]

RAW = re.compile(r"ai-2025-(\d{3}|m\d\d)")  # an id of the record itself; a letter behind it is a part of ours
AS_TOLD = re.compile(r"(-?[\d.]+) USD bn")
RUNGS = ("announced", "committed", "paid", "borrowed", "traded", "delivered", "guaranteed")
HIGHER = RUNGS[:-1]  # a promise climbs from left to right; a guarantee is paid only if called
RUNG_OF = {
    "Order": "committed",
    "Funding": "paid",
    "Investment": "paid",
    "Payment": "paid",
    "Loan": "borrowed",
    "Trade": "traded",
    "Delivery": "delivered",
}
KIND_OF = {"policy": "PolicyRate"}  # raw types that do not share a kind's name


def entries(folder: Path) -> list[Entry]:
    """The story's entries; sums are exact."""
    with (folder / "timeline.toml").open("rb") as file:
        return list(tomllib.load(file, parse_float=Decimal)["event"])


def what_became(entry: Entry) -> str | None:
    """How an entry differs from the raw record; None where it does not."""
    was = entry.get("was", {})
    raw = was.get("type", "")
    kind = KIND_OF.get(raw, raw.capitalize())
    if entry["kind"] == "Outcome":
        return "left to Outcome"
    if not RAW.fullmatch(entry["id"]):
        return "told apart"
    if "restates" in entry:
        return "merged"
    if kind and kind != entry["kind"]:
        return "retyped"
    return "corrected" if was else None


def money(entry: Entry) -> tuple[str, Decimal] | None:
    """The sum that an entry posts, with its rung."""
    kind = entry["kind"]
    for field in ("amount", "unattributed"):
        if field in entry:
            return RUNG_OF[kind], Decimal(entry[field])
    if "ceiling" in entry:
        return "guaranteed" if kind == "Guarantee" else "announced", Decimal(entry["ceiling"])
    return None


def as_told(entry: Entry) -> tuple[str, Decimal] | None:
    """The sum that one who adds up headlines would take, with the rung its raw type suggests."""
    if not RAW.fullmatch(entry["id"]):
        return None
    was = entry.get("was", {})
    raw = was.get("type", entry["kind"].lower())
    rung = RUNG_OF.get(raw.capitalize(), "borrowed" if raw == "pledge" else "announced")
    if "amount" in was:
        found = AS_TOLD.fullmatch(was["amount"])
        return (rung, Decimal(found[1])) if found else None
    for field in ("amount", "unattributed", "ceiling", "stated"):
        if field in entry:
            return rung, Decimal(entry[field])
    return None


def naive(told: list[Entry]) -> Sums:
    """Every sum in dollars as it was told, added up."""
    return _by_rung([sum_ for entry in told if (sum_ := as_told(entry))])


def once_by_rung(told: list[Entry]) -> Sums:
    """What each rung holds in the end: on one rung no sum stands in two entries."""
    replaced = {link["id"] for entry in told for link in entry.get("replaces", ())}
    return _by_rung([sum_ for entry in told if entry["id"] not in replaced and (sum_ := money(entry))])


def once(told: list[Entry]) -> Sums:
    """Each sum at the highest rung it reached: what was paid of a promise is no longer a promise."""
    replaced = {link["id"] for entry in told for link in entry.get("replaces", ())}
    posted = {entry["id"]: sum_ for entry in told if entry["id"] not in replaced and (sum_ := money(entry))}
    left = {name: sum_ for name, sum_ in posted.items() if sum_[0] in HIGHER}
    for part, whole in _contained(told):
        if part not in left or whole not in left or left[part][0] == left[whole][0]:
            continue
        lower, higher = sorted((part, whole), key=lambda name: HIGHER.index(left[name][0]))
        rung, promised = left[lower]
        left[lower] = rung, max(promised - left[higher][1], Decimal(0))
    return _by_rung(list(left.values()))


def plans(told: list[Entry]) -> Decimal:
    """What stands in announced as a plan of one's own, without a second party: it may hold other entries."""
    replaced = {link["id"] for entry in told for link in entry.get("replaces", ())}
    own = [e for e in told if e["kind"] == "Announcement" and "ceiling" in e and e["id"] not in replaced]
    return sum((Decimal(entry["ceiling"]) for entry in own), Decimal(0))


def _contained(told: list[Entry]) -> Iterator[tuple[str, str]]:
    for entry in told:
        for link in (*entry.get("pays", ()), *entry.get("part_of", ())):
            yield entry["id"], link["id"]


def _by_rung(sums: list[tuple[str, Decimal]]) -> Sums:
    return {rung: sum((s for r, s in sums if r == rung), Decimal(0)) for rung in RUNGS}


def report(told: list[Entry]) -> Iterator[str]:
    """The whole report, line by line."""
    changed = [(became, entry) for entry in told if (became := what_became(entry))]
    for heading in ("left to Outcome", "retyped", "merged", "told apart", "corrected"):
        group = [entry for became, entry in changed if became == heading]
        yield f"{heading}: {len(group)}"
        for entry in group:
            was = entry.get("was") or entry["restates"][0]
            before = ", ".join(was[key] for key in ("type", "amount") if key in was)
            yield f"  {entry['id']} {entry['kind']}" + (f" (was {before})" if before else "")
            yield f"      {was['reason']}"
        yield ""
    yield f"{len(told)} entries, {len(changed)} of them changed or added"
    yield ""
    told_sums, rung_sums, once_sums = naive(told), once_by_rung(told), once(told)
    yield "billions of dollars       as told   on this rung   at its highest rung"
    for rung in RUNGS:
        yield f"  {rung:<20}{told_sums[rung]:>11}{rung_sums[rung]:>15}{once_sums[rung]:>22}"
    own = plans(told)
    total, firm = sum(told_sums.values()), sum(once_sums.values()) - own
    yield f"  added up            {total:>11}{'never added':>15}{sum(once_sums.values()):>22}"
    yield f"  of it plans of one's own, which may hold other entries: {own}"
    yield f"  sums between two parties, each once: {firm}; headlines add up to {total / firm:.1f} times that"


if __name__ == "__main__":
    sys.stdout.write("\n".join(report(entries(Path(__file__).parent))) + "\n")
