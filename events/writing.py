"""Moments that wait to be written, gathered into batches: a commit each costs six times as much.

A batch that fails is not lost: its rows stay in their tips until the store has them, and go out
again with the next.
"""

from collections.abc import Sequence
from contextlib import suppress
from time import monotonic

from events import blocks
from events.blocks import Names
from events.branch import Tip
from events.codec import chain, encode, kind_of
from events.errors import BadFact, Wrong
from events.event import ORIGINS, Act, Event
from events.fields import LIMIT, Fact
from events.stores.protocol import Batch, Snapshot, Store, Stored, address

MOMENTS = 100  # in a batch at most
SECONDS = 0.2  # that a moment waits for its batch at most


class Writer:
    """Gathers and sends. `names` are the log's; new ones travel with the next batch."""

    def __init__(self, store: Store, names: blocks.Names) -> None:
        self._store = store
        self._names = names
        self._moved: dict[int, Tip] = {}  # tips with something to send
        self._latest: Tip | None = None  # the one that moved last
        self._waiting = 0  # moments and notes among it
        self._since = 0.0  # when the first of them came
        self._begun: dict[int, list[Stored]] = {}  # rows of the last batch's unfinished blocks
        self._snapshots: list[Snapshot] = []

    def begin(self, tip: Tip, rows: list[Stored]) -> None:
        """Send a new branch, and the rows that it begins with, at once."""
        done, begun = blocks.seals(rows)
        self._store.write(
            Batch(
                names=self._names.fresh,
                branches=(tip.row,),
                heads=((None, tip.stored),),
                events=rows,
                seals=done,
            )
        )
        self._names.fresh, self._begun[tip.row.id] = [], begun

    def wait(self, tip: Tip) -> None:
        """Take note that a tip has moved; send a batch if one is full or has waited long enough."""
        now = monotonic()
        if not self._waiting:
            self._since = now
        self._waiting += 1
        if tip is not self._latest:
            self._latest = self._moved[tip.row.id] = tip
        if self._waiting >= MOMENTS or now - self._since >= SECONDS:
            self.flush()

    def keep(self, snapshot: Snapshot) -> None:
        """Write this after the next batch."""
        self._snapshots.append(snapshot)

    def forget(self) -> None:
        """Drop the snapshots that wait."""
        self._snapshots = []

    def flush(self) -> None:
        """Return when all that waits is durable. When that fails it still waits, and none is written."""
        if self._moved:
            self._send(tuple(self._moved.values()))
        if self._snapshots:
            with suppress(Wrong):  # they are memory; a log that cannot keep one has lost nothing
                self._store.remember(self._snapshots)
            self._snapshots = []

    def _send(self, tips: tuple[Tip, ...]) -> None:
        events: list[Stored] = []
        seals: list[tuple[int, bytes]] = []
        begun: dict[int, list[Stored]] = {}
        for tip in tips:
            rows = tip.pending[: tip.position - tip.stored.position]
            events += rows
            done, begun[tip.row.id] = blocks.seals(self._begun_block(tip) + rows)
            seals += done
        heads = tuple((tip.stored, tip.head()) for tip in tips)
        self._store.write(Batch(names=self._names.fresh, heads=heads, events=events, seals=seals))
        for tip, (_, head) in zip(tips, heads, strict=True):
            tip.pending, tip.stored = [], head
        self._names.fresh, self._begun = [], begun
        self._moved, self._latest, self._waiting = {}, None, 0

    def _begun_block(self, tip: Tip) -> list[Stored]:
        """The stored rows of the block that a branch's next event falls in."""
        kept = self._begun.get(tip.row.id)
        if kept is not None:
            return kept
        number, end = tip.row.id, tip.stored.position
        start = blocks.block_start(tip.line[-1].own, end + 1)
        return self._store.rows(address(number, start), address(number, end)) if start <= end else []


# --- Drafts to events and rows: where a moment's facts get their positions, causes and digests.


def place(names: Names, tip: Tip, moment: int, acts: Sequence[Act]) -> tuple[list[Event], list[Stored]]:
    """The events of a moment that is to follow a branch's end, and their rows. Changes neither."""
    position, digest, base = tip.position, tip.digest, address(tip.row.id, 0)
    if not -LIMIT <= moment <= LIMIT:
        raise BadFact(f"{moment} is no moment: it lies further from 1970 than 2**53 seconds.")
    known = names.known
    events: list[Event] = []
    rows: list[Stored] = []
    for act in acts:
        before = position
        for draft in act:
            position += 1
            fact, origin, actor, causes = draft.fact, draft.origin, draft.actor, draft.causes
            number, stamp, kind = known.get((type(fact), origin, actor)) or _name(names, fact, origin, actor)
            if causes or draft.within:
                causes = _causes(tip.position, before, position, causes, draft.within)
            text = ",".join(map(str, causes)) if causes else ""
            body = encode(fact)
            digest = chain(digest, position, moment, stamp, origin, actor, text, body)
            rows.append((base + position, moment, number, text, body, digest))
            events.append(Event(position, moment, kind, origin, actor, causes, fact, digest))
    return events, rows


def _name(names: Names, fact: Fact, origin: str, actor: str) -> tuple[int, str, str]:
    if origin not in ORIGINS:
        raise BadFact(f'"{origin}" is no origin of a fact; it is one of {", ".join(ORIGINS)}.')
    if not actor or not actor.isprintable():
        raise BadFact(f"{actor!r} cannot be the actor of a fact; name one.")
    stamp = kind_of(fact)
    number = names.numbers.get((stamp, origin, actor)) or names.add(stamp, origin, actor)
    names.known[type(fact), origin, actor] = found = (number, stamp, stamp.partition("@")[0])
    return found


def _causes(
    known: int, before: int, position: int, causes: tuple[int, ...], within: tuple[int, ...]
) -> tuple[int, ...]:
    inside = tuple([before + 1 + offset for offset in within])
    earlier = not causes or (min(causes) >= 1 and max(causes) <= known)
    if not earlier or (inside and (min(inside) <= before or max(inside) >= position)):
        raise BadFact(
            f"A fact names causes {causes} and, within its act, {within}; a cause is an event before "
            f"its moment (1 to {known}) or an earlier fact of its own act."
        )
    return causes + inside
