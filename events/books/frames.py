"""The log as tables, for looking at it and for handing it on: events, a table a kind, postings, causes.

Columns are plain: text is String, money whole Int64 in the smallest unit, a moment Datetime in
milliseconds (every moment fits, and 1720 is as good as 2025), proleptic Gregorian whatever the
story writes. A field named like a column that every table has stands as `fact_…` or `told_…`.
Every table is in order of position.

One pass serves any number of tables: rows are read and their digests checked a chunk at a time,
while the chunk before is parsed in bulk, and made into tables, by a thread of its own.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TypeVar, get_args, get_type_hints

import attrs
import polars as pl
from attrs import define, field, frozen

from events.blocks import Columns
from events.books.accounts import Posting, Table
from events.codec import decode, encode, is_today
from events.facts import FAMILIES, KINDS
from events.fields import units
from events.stores.protocol import UNTOLD

Schema = dict[str, pl.DataType]
Made = TypeVar("Made")
Seconds = TypeVar("Seconds", pl.Series, pl.Expr)
Name = tuple[str, str, str]  # kind@version, origin, actor
FORM = 3  # raise it when the same log would give other tables: kept ones are not believed then
CHUNK = 65_536  # rows parsed together
_WIDTH = 256  # more than the rows of a posting table that one event posts by

_MOMENT = pl.Datetime("ms")
_TEXT, _WHOLE, _REAL = pl.String(), pl.Int64(), pl.Float64()
_PLAIN: dict[object, pl.DataType] = {int: _WHOLE, float: _REAL, bool: pl.Boolean()}
_PLACE: Schema = {"position": _WHOLE, "moment": _MOMENT}
_EVERY: Schema = {**_PLACE, "origin": _TEXT, "actor": _TEXT}  # columns that every kind's table begins with
_TOLD: Schema = {
    "headline": _TEXT, "source": _TEXT, "confidence": _TEXT, "status": _TEXT, "entry": _TEXT,
    "narrative": _TEXT, "url": _TEXT, "tone": _REAL, "strength": _REAL, "stated": _WHOLE, "news": _WHOLE,
    "quantity": _REAL, "unit": _TEXT, "per": _TEXT, "instrument": _TEXT, "participants": _TEXT, "note": _TEXT,
    "known": _MOMENT, "scope": _TEXT,
}  # fmt: skip  # what was told, most asked for first
_OWN: Schema = {"counterparty": _TEXT, "amount": _WHOLE, "ceiling": _WHOLE}

EVENTS: Schema = {
    **_PLACE, "kind": _TEXT, "family": _TEXT, "origin": _TEXT, "actor": _TEXT, **_OWN, **_TOLD,
    "digest": _TEXT,
}  # fmt: skip  # one row a part
POSTINGS: Schema = {
    **_PLACE, "account": _TEXT, "fold": _TEXT, "key": _TEXT, "holder": _TEXT, "other": _TEXT,
    "amount": _WHOLE,
}  # fmt: skip  # one row a part
CAUSES: Schema = {"position": _WHOLE, "cause": _WHOLE}

_FAMILY = {kind.__name__: family for family, kinds in FAMILIES.items() for kind in kinds}


@frozen
class Chunk:
    """Some rows of a log taken apart: the envelope of each, and by kind what was wanted of the facts,
    with its row in the envelope as `at`.
    """

    height: int
    envelope: pl.DataFrame
    facts: Mapping[str, pl.DataFrame]


@cache
def kind_schema(kind: str) -> Schema:
    """The columns of the table of one kind: place, who, its own fields, and what was told."""
    cls = KINDS[kind]
    hints = get_type_hints(cls)
    own = {
        _column(f.name): _MOMENT if units(cls).get(f.name) == "moment" else _dtype(hints[f.name])
        for f in attrs.fields(cls)
        if f.name != "told"
    }
    told = {f"told_{name}" if name in own else name: dtype for name, dtype in _TOLD.items()}
    return {**_EVERY, **own, **told}


def _column(field: str) -> str:
    return f"fact_{field}" if field in _EVERY else field


def _dtype(hint: object) -> pl.DataType:
    parts = {part for part in get_args(hint) or (hint,) if part is not type(None)}
    return next((dtype for python, dtype in _PLAIN.items() if parts == {python}), _TEXT)


# --- what is wanted -------------------------------------------------------------------------------


@frozen
class Wanted:
    """Columns of the envelope, and for each kind the columns of its table, that tables are made of."""

    envelope: frozenset[str]
    facts: Mapping[str, frozenset[str]]

    def __or__(self, other: "Wanted") -> "Wanted":
        kinds = {*self.facts, *other.facts}
        none: frozenset[str] = frozenset()
        facts = {kind: self.facts.get(kind, none) | other.facts.get(kind, none) for kind in kinds}
        return Wanted(self.envelope | other.envelope, facts)


def for_events(columns: Collection[str]) -> Wanted:
    """The columns that must be read for some columns of the table `events`."""
    facts = {kind: frozenset(_sources(kind, columns).values()) for kind in KINDS}
    return Wanted(frozenset(columns), {kind: names for kind, names in facts.items() if names})


def for_kind(kind: str, columns: Collection[str]) -> Wanted:
    """The columns that must be read for some columns of a kind's table."""
    return Wanted(frozenset(columns) & _EVERY.keys() | {"kind"}, {kind: frozenset(columns) - _EVERY.keys()})


def for_postings(table: Table) -> Wanted:
    """The columns that must be read for the postings that a posting table makes."""
    facts: defaultdict[str, set[str]] = defaultdict(set)
    for row in table.postings:
        parts = [*(part for part in row.key if not part.startswith("=")), row.value]
        facts[row.kind].update(_column(part) for part in parts if isinstance(part, str))
        facts[row.kind].update(_there(row.kind, name) for name in row.given)
    return Wanted(frozenset(_PLACE), {kind: frozenset(names) for kind, names in facts.items()})


CAUSED = Wanted(frozenset(("position", "causes")), {})


def _sources(kind: str, columns: Collection[str]) -> dict[str, str]:
    """For columns of `events`, the column of a kind's table each is taken from, where it has one."""
    parties, known = KINDS[kind].parties, kind_schema(kind)
    other = "asset" if parties == ("asset",) else (*parties, "", "")[1]  # who is repriced does not act
    found = {"counterparty": _column(other)}
    found |= {name: f"told_{name}" if f"told_{name}" in known else name for name in _TOLD}
    found |= {name: name for name in ("amount", "ceiling")}
    return {name: found[name] for name in columns if name in found and found[name] in known}


# --- rows to chunks -------------------------------------------------------------------------------


def chunks(
    blocks: Iterable[tuple[int, Columns]],
    named: Mapping[int, Name],
    wanted: Wanted,
    make: Callable[[Chunk], Made],
) -> Iterator[Made]:
    """Yield what `make` gives for each chunk of a log's rows (`Log.columns`), in the log's order, with the
    wanted columns taken apart. `named` gives (kind@version, origin, actor) by number (`Log.named`).
    """
    words = _Words.of(named)
    pending: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(1) as parser:
        for rows in _gathered(blocks):
            pending.append(parser.submit(lambda rows: make(_chunk(rows, words, wanted)), rows))
            if len(pending) > 1:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


@define
class _Rows:
    """Rows of some blocks as columns."""

    positions: list[int] = field(factory=list)
    moments: list[int] = field(factory=list)
    names: list[int] = field(factory=list)
    causes: list[str] = field(factory=list)
    bodies: list[bytes] = field(factory=list)
    digests: list[bytes] = field(factory=list)


def _gathered(blocks: Iterable[tuple[int, Columns]]) -> Iterator[_Rows]:
    rows = _Rows()
    for at, (_, moments, names, causes, bodies, digests) in blocks:
        rows.positions += range(at, at + len(moments))
        rows.moments += moments
        rows.names += names
        rows.causes += causes
        rows.bodies += bodies
        rows.digests += digests
        if len(rows.positions) >= CHUNK:
            yield rows
            rows = _Rows()
    if rows.positions:
        yield rows


@frozen
class _Words:
    """The names that rows refer to, to be gathered by number: text columns, and kinds with versions."""

    texts: pl.DataFrame
    stamps: pl.Series  # at each number, the place of its kind@version in `known`
    known: Sequence[str]

    @classmethod
    def of(cls, named: Mapping[int, Name]) -> "_Words":
        known = sorted({stamp for stamp, _, _ in named.values()})
        places = {stamp: place for place, stamp in enumerate(known)}
        rows = [named.get(number) for number in range(max(named, default=0) + 1)]
        texts = [
            (None, None, None, None) if row is None else (kind, _FAMILY.get(kind), row[1], row[2])
            for row in rows
            for kind in ("" if row is None else row[0].partition("@")[0],)
        ]
        schema = dict.fromkeys(("kind", "family", "origin", "actor"), pl.String())
        stamps = pl.Series([None if row is None else places[row[0]] for row in rows], dtype=pl.UInt32)
        return cls(pl.DataFrame(texts, schema=schema, orient="row"), stamps, known)


def _chunk(rows: _Rows, words: _Words, wanted: Wanted) -> Chunk:
    numbers = pl.Series(rows.names, dtype=pl.UInt32)
    texts = [words.texts[name][numbers] for name in words.texts.columns if name in wanted.envelope]
    made: dict[str, Callable[[], pl.Series]] = {
        "position": lambda: pl.Series(rows.positions, dtype=pl.Int64),
        "moment": lambda: _moments(pl.Series(rows.moments, dtype=pl.Int64)),
        "causes": lambda: pl.Series(rows.causes, dtype=pl.String),
        "digest": lambda: pl.Series(rows.digests, dtype=pl.Binary).bin.encode("hex"),
    }
    envelope = pl.DataFrame([*texts, *(make().alias(n) for n, make in made.items() if n in wanted.envelope)])
    stamps = words.stamps[numbers]
    strange = [words.known[place] for place in stamps.unique() if not _known(words.known[place])]
    if strange:
        decode(strange[0], rows.bodies[stamps.to_list().index(words.known.index(strange[0]))])  # raises
    return Chunk(len(rows.names), envelope, _facts(stamps, words.known, rows.bodies, wanted.facts))


def _known(stamp: str) -> bool:
    return stamp.partition("@")[0] in KINDS


def _facts(
    stamps: pl.Series, known: Sequence[str], bodies: Sequence[bytes], wanted: Mapping[str, frozenset[str]]
) -> dict[str, pl.DataFrame]:
    if not wanted:
        return {}
    frames: defaultdict[str, list[pl.DataFrame]] = defaultdict(list)
    places = pl.DataFrame([stamps.alias("stamp")]).with_row_index("at")
    for (place,), group in places.group_by("stamp", maintain_order=True):
        stamp = known[int(str(place))]
        kind = stamp.partition("@")[0]
        if kind in wanted:
            at = group["at"]
            frame = _parsed(stamp, [bodies[row] for row in at.to_list()], wanted[kind])
            frames[kind].append(frame.insert_column(0, at.cast(pl.UInt32)))
    return {
        kind: parts[0] if len(parts) == 1 else pl.concat(parts).sort("at") for kind, parts in frames.items()
    }


def _parsed(stamp: str, bodies: Sequence[bytes], columns: frozenset[str]) -> pl.DataFrame:
    """Bodies of one kind and version as the wanted columns of its table."""
    kind = stamp.partition("@")[0]
    if not is_today(stamp):
        bodies = [encode(decode(stamp, body)) for body in bodies]
    known = kind_schema(kind)
    names = [name for name in known if name in columns]
    if not names:
        return pl.DataFrame(height=len(bodies))
    lines = b"\n".join(bodies)
    own = {_column(f.name) for f in attrs.fields(KINDS[kind])}
    untold = not own.issuperset(names) and lines.count(UNTOLD) == len(bodies)
    fields: dict[str, pl.DataType] = {}
    inner: dict[str, pl.DataType] = {}
    picked = []
    for name in names:
        bare = name.removeprefix("fact_").removeprefix("told_")
        if name in own:
            fields[bare] = _WHOLE if known[name] == _MOMENT else known[name]
            value = pl.col(bare)
            picked.append((_moments(value) if known[name] == _MOMENT else value).alias(name))
        elif untold:
            picked.append(pl.lit(None, dtype=known[name]).alias(name))
        else:
            inner[bare], value = _told(bare, known[name])
            picked.append(value.alias(name))
    if inner:
        fields["told"] = pl.Struct(inner)
    if not fields:
        return pl.DataFrame(
            [pl.repeat(None, len(bodies), dtype=known[n], eager=True).alias(n) for n in names]
        )
    return pl.read_ndjson(lines, schema=fields).select(picked)


def _told(name: str, dtype: pl.DataType) -> tuple[pl.DataType, pl.Expr]:
    """The type in which a field of what was told is read, and what becomes of it."""
    value = pl.col("told").struct.field(name)
    if name == "participants":
        return pl.List(pl.String()), _listed(value)
    return (_WHOLE, _moments(value)) if dtype == _MOMENT else (dtype, value)


def _moments(seconds: Seconds) -> Seconds:
    return (seconds * 1000).cast(_MOMENT)


def _listed(names: pl.Expr) -> pl.Expr:
    return pl.when(names.list.len() > 0).then(names.list.join("; "))


# --- chunks to tables -----------------------------------------------------------------------------


def events_of(chunk: Chunk, columns: Sequence[str]) -> pl.DataFrame:
    """The asked columns of `events`, of one chunk."""
    of_facts = [name for name in columns if name in _OWN or name in _TOLD]
    if not of_facts:
        return chunk.envelope.select(columns)
    parts = [pl.DataFrame(schema={"at": pl.UInt32, **{name: EVENTS[name] for name in of_facts}})]
    for kind, frame in chunk.facts.items():
        sources = _sources(kind, of_facts)
        parts.append(frame.select("at", *(_taken(name, sources) for name in of_facts)))
    found = pl.concat(parts).sort("at")
    if found.height < chunk.height:  # kinds of which nothing was wanted have no rows
        every = pl.DataFrame({"at": pl.Series(range(chunk.height), dtype=pl.UInt32)})
        found = every.join(found, on="at", how="left", maintain_order="left")
    return pl.DataFrame([*chunk.envelope.get_columns(), *found.drop("at").get_columns()]).select(columns)


def _taken(name: str, sources: Mapping[str, str]) -> pl.Expr:
    if name not in sources:
        return pl.lit(None, dtype=EVENTS[name]).alias(name)
    return pl.col(sources[name]).alias(name)


def kind_of(chunk: Chunk, kind: str, columns: Sequence[str]) -> pl.DataFrame:
    """The asked columns of a kind's table, of one chunk."""
    frame = chunk.facts.get(kind)
    if frame is None:
        return pl.DataFrame(schema={name: kind_schema(kind)[name] for name in columns})
    mine = [column[frame["at"]] for column in chunk.envelope.get_columns()]
    return pl.DataFrame([*mine, *frame.drop("at").get_columns()]).select(columns)


def causes_of(chunk: Chunk) -> pl.DataFrame:
    """The causes of one chunk's events, a row each."""
    caused = chunk.envelope.filter(pl.col("causes") != "").select(
        "position", pl.col("causes").str.split(",").alias("cause")
    )
    return caused.explode("cause").with_columns(pl.col("cause").cast(pl.Int64))


def postings_of(chunk: Chunk, table: Table, columns: Sequence[str]) -> pl.DataFrame:
    """The asked columns of `postings`, of one chunk, in the order in which its events post."""
    names = [name for name in POSTINGS if name in columns and name not in _PLACE]
    parts = [pl.DataFrame(schema={"at": pl.UInt32, **{name: POSTINGS[name] for name in names}})]
    folds = {account.name: account.fold for account in table.accounts}
    for kind, frame in chunk.facts.items():
        for index, row in enumerate(table.rows(kind)):
            parts.append(_posted(frame, row, index, folds[row.account]).select("at", *names))
    posted = pl.concat(parts).sort("at")
    rows = posted["at"] // _WIDTH
    placed = [chunk.envelope[name][rows] for name in _PLACE if name in columns]
    return posted.with_columns(placed).select(columns)


def postings(
    blocks: Iterable[tuple[int, Columns]], named: Mapping[int, Name], table: Table, columns: Sequence[str]
) -> pl.DataFrame:
    """The asked columns of the postings of a whole history (`Log.columns`, `Log.named`), in its order."""
    none = pl.DataFrame(schema={name: POSTINGS[name] for name in columns})
    parts = chunks(blocks, named, for_postings(table), lambda chunk: postings_of(chunk, table, columns))
    return pl.concat([none, *parts])


def _there(kind: str, field: str) -> str:
    """The column of a kind's table that is empty where a fact has no such field."""
    if field != "told":
        return _column(field)
    return "told_entry" if "told_entry" in kind_schema(kind) else "entry"


def _joined(parts: Sequence[pl.Expr]) -> pl.Expr:
    return parts[0] if len(parts) == 1 else pl.concat_str(parts, separator="/")


def _posted(frame: pl.DataFrame, row: Posting, index: int, fold: str) -> pl.DataFrame:
    if row.given:
        some = pl.any_horizontal(pl.col(_there(row.kind, name)).is_not_null() for name in row.given)
        frame = frame.filter(~some if row.lacking else some)
    value = pl.lit(row.value, dtype=_WHOLE) if isinstance(row.value, int) else pl.col(_column(row.value))
    if isinstance(row.value, str) and frame.schema[_column(row.value)] == _MOMENT:
        value = value.dt.epoch("s")  # a moment posted is a whole number of seconds
    parts = [pl.lit(p[1:], dtype=_TEXT) if p.startswith("=") else pl.col(_column(p)) for p in row.key]
    return frame.select(
        (pl.col("at") * _WIDTH + index).alias("at"),
        pl.lit(row.account, dtype=_TEXT).alias("account"),
        pl.lit(fold, dtype=_TEXT).alias("fold"),
        _joined(parts).alias("key"),
        parts[0].alias("holder"),
        (_joined(parts[1:]) if len(parts) > 1 else pl.lit(None, dtype=_TEXT)).alias("other"),
        (value * (row.sign or 1)).alias("amount"),
    ).filter(pl.col("amount").is_not_null() & pl.col("key").is_not_null())
