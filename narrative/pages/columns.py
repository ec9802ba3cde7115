"""Events as columns of small numbers, so that a hundred thousand of them open at once.

Moments are steps from the one before; causes count back from the event that names them; names stand
in one list. A fact's own fields are told beside the columns, for as many events as a page can carry.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from events.codec import encode
from events.event import ORIGINS, Event
from events.facts import KINDS, Note, Retraction
from events.fields import units
from events.market_facts import Repricing, Residual
from events.record_facts import Supposition
from narrative.analysis.compare import match
from narrative.analysis.record import every_close
from narrative.books.flows import ends, flow
from narrative.books.readings import whole_step
from narrative.books.table import RUNGS
from narrative.prose.items import PRICES
from narrative.story.observed import Observed

FIELDS = 5_000  # untold facts whose own fields a branch of a page carries
Key = tuple[int, str, str, bytes]  # of `narrative.analysis.compare.match`
_LEFT = {"Opening": ("text", "told"), "Supposition": ("text", "told")}  # a whole story, as JSON


class Names:
    """Every name in a page once; its number stands in the columns. It grows as names are met."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def of(self, name: str | None) -> int:
        """The number of a name; -1 for none."""
        return -1 if name is None else self.numbers.setdefault(name, len(self.numbers))


def columns(
    events: Iterable[Event], names: Names, promised: Mapping[str, tuple[str, str]] | None = None
) -> dict[str, Any]:
    """The columns of some events. `amount` is money on its rung, a repricing's step or
    what a residual leaves open in 1e-9 ln, or the price of a quote.

    `promised` says between whom an entry promised money: a retraction takes it back between the same.
    """
    found: dict[str, list[Any]] = {
        name: [] for name in ("moment", "kind", "origin", "actor", "from", "to", "rung", "amount", "causes")
    }
    before = 0
    kinds = {kind: number for number, kind in enumerate(KINDS)}
    for event in events:
        moved = flow(event.fact)
        giver, taker = (moved.giver, moved.taker) if moved else ends(event.fact)
        if moved and promised and isinstance(event.fact, Retraction):
            giver, taker = promised.get(event.fact.of or "", (giver, taker))
        row = (
            event.moment - before, kinds[event.kind], ORIGINS.index(event.origin), names.of(event.actor),
            names.of(giver), names.of(taker), RUNGS.index(moved.rung) if moved else -1,
            moved.amount if moved else _plain_amount(event), _back(event),
        )  # fmt: skip  # one row
        before = event.moment
        for column, value in zip(found.values(), row, strict=True):
            column.append(value)
    return found


def _plain_amount(event: Event) -> int | None:
    """The step of a repricing in 1e-9 ln; of another event off the rungs its first known sum, or None."""
    fact = event.fact
    if isinstance(fact, Repricing):
        return whole_step(fact)
    if isinstance(fact, Residual):
        return fact.gap
    sums = (getattr(fact, name) for name, unit in units(type(fact)).items() if unit == "money")
    return next((value for value in sums if value is not None), None)


def _back(event: Event) -> int | list[int]:
    """Causes by how far back they lie: 0 for none, a number for one."""
    steps = [event.position - cause for cause in event.causes]
    return steps if len(steps) > 1 else steps[0] if steps else 0


def facts(
    events: Iterable[Event], words: Names, same: Mapping[Key, int] | None = None
) -> tuple[dict[int, dict[str, Any] | int], int]:
    """The fields of facts by position, and of how many they were left out: told ones are all there, and
    none of quotes and residuals, which stand in columns of their own.

    What was told stands in `words`, once for all branches that tell it. A fact that the main line has
    too (`same`, by key) is the position it has there.
    """
    found: dict[int, dict[str, Any] | int] = {}
    left, room = 0, FIELDS
    for event in events:
        if isinstance(event.fact, PRICES):
            continue
        there = same.get(match(event)) if same else None
        if there is not None:
            found[event.position] = there
            continue
        if event.fact.told is None:
            room -= 1
            if room < 0 and not isinstance(event.fact, Note | Supposition):
                left += 1
                continue
        found[event.position] = _pruned(event, words)
    return found, left


def closes(events: Sequence[Event], after: int, scale: int) -> dict[str, dict[str, list[Any]]]:
    """One column an actor: the positions `after` one at which closes stand, as steps, and what it was worth
    then, in millions to six figures. `events` are a history's from its opening.
    """
    found: dict[str, dict[str, list[Any]]] = {}
    last: dict[str, int] = {}
    for asset, position, value in every_close(events):
        if position > after:
            column = found.setdefault(asset, {"at": [], "is": []})
            column["at"].append(position - last.get(asset, 0))
            column["is"].append(float(f"{value / scale:.6g}"))
            last[asset] = position
    return found


def left_open(events: Iterable[Event]) -> dict[int, list[int]]:
    """The parts of what news leaves open of a price, by position: market, sector and own, in 1e-6 ln."""
    return {
        event.position: [
            round(part / 1000) for part in (event.fact.market, event.fact.sector, event.fact.own)
        ]
        for event in events
        if isinstance(event.fact, Residual)
    }


def _pruned(event: Event, words: Names) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.json.decode(encode(event.fact))
    for name in _LEFT.get(event.kind, ()):
        plain.pop(name, None)
    told: dict[str, Any] | None = plain.pop("told", None)
    plain = {name: value for name, value in plain.items() if value is not None}
    if told is not None:
        kept = {name: value for name, value in told.items() if value not in (None, [])}
        plain["told"] = words.of(json.dumps(kept, ensure_ascii=False))
    return plain


def weighed(
    events: Iterable[Event], entries: Mapping[int, str], observed: Observed
) -> dict[int, tuple[float, int]]:
    """The observed return beside a repricing as a part of one, and as of which moment, by position; `entries`
    are the told ones by position.
    """
    found = {}
    for event in events:
        if not isinstance(event.fact, Repricing) or not event.causes:
            continue
        entry = entries.get(event.causes[0])
        seen = observed.stepped(event.fact.asset, entry) if entry else None
        if seen is not None:
            found[event.position] = seen.value / 100, seen.moment
    return found
