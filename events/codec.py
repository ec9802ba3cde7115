"""Facts to bytes and back, and the digest chain over those bytes.

A digest is taken over the bytes as they were stored, never over a re-encoding: two JSON writers
may spell one number differently. Old shapes are lifted when read and never rewritten.
"""

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from hashlib import sha256
from typing import Any

import msgspec

from events.errors import BadFact, UnknownKind
from events.event import Event, Plain
from events.facts import KINDS
from events.fields import Fact

GENESIS = bytes(32)

# (kind, old version) -> the function that turns that version's fields into the next one's.
Lift = Callable[[dict[str, Any]], dict[str, Any]]


def _as_it_stands(fields: dict[str, Any]) -> dict[str, Any]:
    return fields


# Version 2, that of model 3, has more fields than version 1 had, all of which may be None.
LIFTS: dict[tuple[str, int], Lift] = {(name, 1): _as_it_stands for name in KINDS}

_encoder = msgspec.json.Encoder(order="sorted")
_decoders = {f"{name}@{kind.version}": msgspec.json.Decoder(kind) for name, kind in KINDS.items()}
_stamps = {kind: f"{name}@{kind.version}" for name, kind in KINDS.items()}


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word most like the given one, or None when none is like it: half alike is as good as not at all."""
    found = get_close_matches(word, sorted(words), n=1, cutoff=0.6)
    return found[0] if found else None


def kind_of(fact: Fact) -> str:
    """The stored name of a fact's kind, with the version written today: ``Order@1``."""
    return _stamps[type(fact)]


def is_today(stamp: str) -> bool:
    """Whether a kind@version is one that is written today."""
    return stamp in _decoders


def encode(fact: Fact) -> bytes:
    """Canonical JSON of a fact: sorted keys, whole numbers, no NaN."""
    return _encoder.encode(fact)


def decode(stamp: str, body: bytes) -> Fact:
    """The fact in those bytes, lifted to today's shape.

    Raises UnknownKind for a kind or a version this program does not know, BadFact for bytes that
    are no such fact.
    """
    decoder = _decoders.get(stamp)
    try:
        if decoder is not None:
            return decoder.decode(body)
        return _lifted(stamp, body)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BadFact(f"A stored {stamp} does not read as one: {error}.") from None


def _lifted(stamp: str, body: bytes) -> Fact:
    name, _, number = stamp.partition("@")
    if name not in KINDS:
        near = nearest(name, KINDS)
        hint = f' Did you mean "{near}"?' if near else ""
        raise UnknownKind(f'"{name}" is not a kind of fact.{hint}')
    today = KINDS[name].version
    version = int(number) if re.fullmatch(r"[0-9]{1,9}", number) else 0
    if not 1 <= version <= today:
        raise UnknownKind(
            f"{stamp} was written by another version of this program; this one reads {name} up to "
            f"@{today}. Install the version that wrote it."
        )
    fields = msgspec.json.decode(body)
    for step in range(version, today):
        fields = LIFTS[name, step](fields)
    return msgspec.convert(fields, KINDS[name])


def chain(  # noqa: PLR0917  # one argument a stored column
    previous: bytes, position: int, moment: int, kind: str, origin: str, actor: str, causes: str, body: bytes
) -> bytes:
    """The digest of an event: SHA-256 over the digest before it and all that is stored of it."""
    # No field holds a raw line break (JSON escapes it), so no byte can move from one to the next.
    head = f"{position}\n{moment}\n{kind}\n{origin}\n{actor}\n{causes}\n"
    return sha256(previous + head.encode() + body).digest()


def to_event(row: Plain) -> Event:
    """The event in a stored row. Raises UnknownKind and BadFact, as `decode` does."""
    position, moment, stamp, origin, actor, causes, body, digest = row
    return Event(
        position,
        moment,
        stamp.partition("@")[0],
        origin,
        actor,
        causes_of(position, causes),
        decode(stamp, body),
        digest,
    )


def causes_of(position: int, causes: str) -> tuple[int, ...]:
    """The causes stored of an event. Raises BadFact for any that is no event before it."""
    if not causes:
        return ()
    try:
        found = tuple(map(int, causes.split(",")))
    except ValueError:
        found = (0,)
    if not 0 < min(found) <= max(found) < position:
        raise BadFact(f"The causes stored of event {position} are no events before it.")
    return found


def schema() -> dict[str, Any]:
    """JSON Schema of every kind: an event's `fact` is one of these, told apart by `kind`."""
    schemas, parts = msgspec.json.schema_components(list(KINDS.values()), ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "narrative-engine facts",
        "oneOf": list(schemas),
        "$defs": parts,
    }
